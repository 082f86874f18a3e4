// Package tf is what the provider, its resources and its data sources say in Terraform's terms:
// validators, durations, the summary object, and the wording of diagnostics.
package tf
