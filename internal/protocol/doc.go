// Package protocol leads large values past terraform-plugin-framework, in the encoding that the plugin
// protocol has for them.
//
// The framework makes a value of its own of each attribute of each object, copies it, walks it, compares
// it with itself and encodes it: for the details of a large scan that took most of a read, and for the
// argument of a report most of a function call (dev-docs/performance.md). So a data source encodes its
// state itself, by [SetState], and a function reads its argument as it came, by [Argument]. What goes on
// between them and the framework is the task of [Server]; without it, both still work, more slowly.
package protocol
