// Package journal remembers on disk the submissions that are not yet known to be in a state.
//
// A Create that waits hands its state to the CLI only when it returns. If the provider is killed
// before, a scan that was paid for would be lost, and the next apply would pay again. So an entry is
// written before a submission (the intent), completed by the service's answer, and removed when a
// later operation meets the submission in a state.
//
// Each entry belongs to the process that wrote it for as long as that lives: it holds a lock on it,
// which the operating system releases whatever way the process ends. Entries hold neither URLs nor
// secrets.
//
// It imports no other package of the provider. Package scantask uses it, and the provider opens it.
package journal
