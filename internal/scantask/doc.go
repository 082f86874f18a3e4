// Package scantask is what every resource that submits a scan does alike: it submits once, keeps the
// journal, adopts what a run that died left behind, waits, imports, and forgets.
//
// A scan is paid for, cannot be taken back, and is not idempotent. So only this package calls a kind's
// Submit, and only an error of which [tencentcloud.HadNoEffect] says that nothing was done frees a
// journal entry or ends Create with an error: an error of Create taints, and the next apply would pay
// again. Whatever else happens after sending is a warning and a status.
//
// What differs between scans is a [Kind]: schema, key, calls, conversion, words.
package scantask
