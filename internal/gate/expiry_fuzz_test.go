package gate

import (
	"strings"
	"testing"
)

func FuzzParseExpiry(f *testing.F) {
	for _, seed := range []string{"2026-03-10", "2026-03-10T12:00:00Z", "2026-03-10T12:00:00.5+08:00", "9999-12-31", "0000-01-01", "", "2026-02-30", "2026-03-10T24:00:00Z", "9999-12-31T23:59:59.9Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end, err := ParseExpiry(text)
		if err != nil {
			if !end.IsZero() || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "::") {
				t.Fatalf("%q: %v, %q", text, end, err)
			}
			return
		}
		again, err := ParseExpiry(end.Format("2006-01-02T15:04:05.999999999Z07:00"))
		if err != nil || !again.Equal(end) {
			t.Fatalf("%q ends at %v, which reads as %v, %v", text, end, again, err)
		}
	})
}
