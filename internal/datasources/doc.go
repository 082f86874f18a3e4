// Package datasources holds the data sources: one file of behaviour and one of conversion each, and
// what their gates have in common.
package datasources
