// Package facts turns answers of the cloud into the plain facts that package gate judges, and into
// what they say about progress. Each conversion happens here once, for resources and data sources
// alike, so that a summary and a verdict never count differently.
//
// It imports tencentcloud and gate, which do not know each other, and nothing of Terraform.
package facts
