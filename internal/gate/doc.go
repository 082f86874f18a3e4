// Package gate decides whether what a scan found is good enough to release.
//
// It is made of pure functions over plain values: the fields of an answer become an [Evidence]
// (findings, and reasons why the answer proves nothing yet), and [Evaluate] judges an Evidence by a
// [Policy] into a [Verdict]. No Terraform type, no HTTP and no clock of its own is known here; the
// time is an argument, used for the ends of exceptions and the age of scans alone.
//
// The rule above all others: a pass needs positive evidence. Whatever is missing, unreadable,
// unfinished or unexplained makes a verdict incomplete, never a pass.
//
// It imports package field and nothing else of this project.
package gate
