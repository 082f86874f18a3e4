//go:build race

package tencentcloud_test

// slowness is how much slower the race detector makes a test.
const slowness = 3
