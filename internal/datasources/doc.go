// Package datasources holds the data sources: one file of behaviour and one of conversion each, and
// what their gates have in common.
//
// A data source asks the client, waits until the answer is final, and has it judged. It submits
// nothing that is paid for, so it knows no journal; nor does it know the resources. What both need is
// in packages facts and tf.
package datasources
