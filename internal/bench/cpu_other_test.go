//go:build !unix

package bench_test

import (
	"testing"
	"time"
)

// ownCPU is not measured here: make bench runs on Unix alone.
func ownCPU(*testing.T) time.Duration { return 0 }
