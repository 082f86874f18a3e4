package tencentcloud

import (
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

func TestTime(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"2024-08-27 11:40:28":           "2024-08-27T03:40:28Z", // without a zone: UTC+8
		"2024-08-27T11:40:28":           "2024-08-27T03:40:28Z",
		" 2024-08-27 07:59:59\n":        "2024-08-26T23:59:59Z",
		"2024-08-27T11:40:28Z":          "2024-08-27T11:40:28Z",
		"2024-08-27T11:40:28+02:00":     "2024-08-27T09:40:28Z",
		"2024-08-27 11:40:28.5":         "2024-08-27T03:40:28.5Z",
		"1971-01-01 00:00:00":           "1970-12-31T16:00:00Z",
		"":                              "",
		"0000-00-00 00:00:00":           "",
		"0001-01-01 00:00:00":           "",
		"0001-01-01T00:00:00Z":          "",
		"1970-01-01 00:00:00":           "",
		"1970-01-01 08:00:00":           "",
		"1970-01-01T00:00:00Z":          "",
		"2024-02-30 00:00:00":           "",
		"2024-08-27":                    "",
		"27/08/2024 11:40":              "",
		"1724730028":                    "",
		"xx":                            "",
		"-":                             "",
		"2024-08-27 11:40:28 +0800 CST": "",
	}
	for text, want := range tests {
		got := ""
		if at, state := TimeOf(text).At().Get(); state == field.Known {
			got = at.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2024-08-27 11:40:28", "2024-08-27T11:40:28+02:00", " 2024-08-27 07:59:59.5\n", "0000-00-00 00:00:00", "9999-12-31T23:59:59-23:59", "1971-01-01 00:00:00", "", "2024-02-30 00:00:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, state := TimeOf(text).At().Get()
		if state != field.Known {
			return
		}
		if at.Location() != time.UTC || at.Year() < 1970 {
			t.Fatalf("%q was read as %v", text, at)
		}
		if again, state := TimeOf(at.Format(time.RFC3339Nano)).At().Get(); at.Year() <= 9999 && at.Year() > 1970 && (state != field.Known || !again.Equal(at)) {
			t.Fatalf("%q was read as %v, and that as %v", text, at, again)
		}
	})
}
