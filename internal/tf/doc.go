// Package tf is what the provider, its resources and its data sources say in Terraform's terms:
// validators, durations, the summary object, and the wording of diagnostics.
//
// It imports gate, tencentcloud and wait, whose results it words, so that none of them has to know
// Terraform.
package tf
