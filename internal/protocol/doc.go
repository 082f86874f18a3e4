// Package protocol encodes the state of a data source as the plugin protocol has it, bypassing
// terraform-plugin-framework: [SetState].
//
// The framework makes a value of its own of each attribute of each object, copies it, walks it, compares
// it with itself and encodes it: for the details of a large scan that took most of a read
// (dev-docs/measurements.md). It is the only place where the provider does without the framework. The build
// tag "frameworkstate" removes it: SetState is then the framework's own State.Set, and everything must work
// as before, more slowly.
package protocol
