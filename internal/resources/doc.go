// Package resources holds the managed resources: one file of behaviour and one of conversion each.
//
// Once a submission may have been sent no outcome of Create is an error, since an error taints, and
// the next apply would pay again. The package knows no data source; what both need is in packages
// facts and tf.
package resources
