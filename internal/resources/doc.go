// Package resources holds the managed resources: one file of behaviour and one of conversion each.
package resources
