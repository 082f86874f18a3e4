//go:build !race

package tencentcloud_test

// slowness is how much slower a test is than it could be.
const slowness = 1
