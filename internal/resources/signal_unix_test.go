//go:build unix

package resources_test

import "syscall"

var terminate = syscall.SIGTERM
