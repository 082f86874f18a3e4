// Package wait polls until something is final.
//
// [For] is the one poller of this provider. The deadline comes from the context alone; the clock and
// the interval are given, so that tests neither sleep nor depend on luck. What it returns when a wait
// does not end well is typed: [TimeoutError], [CanceledError], [UnknownStateError], [PollError].
//
// It imports nothing of this project.
package wait
