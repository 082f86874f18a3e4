package facts

import (
	"strings"
	"time"
)

// serviceZone is the zone of times that the services give without one: UTC+8 (design "Findings, gate,
// verdict").
var serviceZone = time.FixedZone("UTC+8", 8*60*60)

// Time reads a time of the cwp and tcss services; nil where the text is none.
func Time(text string) *time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, text, serviceZone); err == nil && at.Year() > 1970 {
			at = at.UTC()
			return &at
		}
	}
	return nil
}
