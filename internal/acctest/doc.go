// Package acctest is what acceptance tests share: the real CLI in a folder of its own, this provider
// within the test's process, the emulator as the cloud, and the sample packages on loopback.
//
// It imports the provider and the emulator, and is imported by tests only.
package acctest
