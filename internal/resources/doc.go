// Package resources holds the managed resources. Each is a kind of scan for package scantask, which
// submits, waits and recovers: here is what differs.
//
// It imports no data source; what both need is in packages facts and tf.
package resources
