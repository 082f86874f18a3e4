// Package examples holds the tests of what a user copies and reads: every folder of examples/ is
// applied against the emulator by the real CLI, every statement of a guide about what the CLI does
// has a test, and the pages in docs/ and templates/ are checked for what would be missing or wrong.
package examples
