package resources

import (
	"slices"
	"strings"
	"testing"
)

func TestFailures_areLinesWithOneFullStop(t *testing.T) {
	t.Parallel()
	code := int64(1000)
	m := &scanInstanceModel{Failures: failuresValue([]failure{
		{md5: "aa", code: &code, desc: "The download failed: refused.", hint: "Check the URL."},
		{md5: "bb", desc: "gone"},
	})}
	want := []string{"MD5 aa: code 1000, The download failed: refused. Check the URL.", "MD5 bb: gone"}
	if got := (scanInstance{}).Failures(m); !slices.Equal(got, want) {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
}
