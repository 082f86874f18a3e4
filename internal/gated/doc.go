// Package gated is what all data sources with a gate have in common, written once: configuration → validate →
// wait → answer → evidence → verdict → state. A data source is a [Kind]: its schema, its request, and what its
// answer says.
//
// It imports gate, policyfile, protocol, tencentcloud, tf and wait.
package gated
