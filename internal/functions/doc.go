// Package functions holds the provider-defined functions, called as provider::ms::<name>.
//
// A function is pure and offline: it reads its arguments, and the file that a path names, and nothing
// else. It needs no configured provider and sends nothing. Terraform 1.8 and OpenTofu 1.7 are the
// first that call them; resources and data sources do not depend on any.
//
// Errors are argument errors, so that the CLI points at the argument that is wrong.
package functions
