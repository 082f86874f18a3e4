// Package evidence turns answers of the cloud into the inputs that package gate judges, and into
// what they say about progress. Each conversion happens here once, for resources and data sources
// alike, so that a summary and a verdict never count differently.
//
// It carries what cannot be read over as such: it never asks a field of an answer for a pointer, in which
// "unreadable" and "absent" would be the same (a test holds that).
//
// It imports tencentcloud and gate, which do not know each other, and nothing of Terraform.
package evidence
