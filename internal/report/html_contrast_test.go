package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var cssVariable = regexp.MustCompile(`--([a-z]+): (#[0-9a-f]{6});`)

// luminance returns the relative luminance of a colour as WCAG 2 defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var channels [3]float64
	for i := range channels {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		channels[i] = float64(n) / 255
		if channels[i] <= 0.04045 {
			channels[i] /= 12.92
		} else {
			channels[i] = math.Pow((channels[i]+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*channels[0] + 0.7152*channels[1] + 0.0722*channels[2]
}

// TestHTML_contrastIsEnough holds the colours of each scheme against level AA: 4.5 for texts, 3 for what
// is only drawn.
func TestHTML_contrastIsEnough(t *testing.T) {
	t.Parallel()
	schemes := strings.Split(pageStyle, ":root {")[1:]
	if len(schemes) != 3 {
		t.Fatalf("%d schemes, want light, dark and print", len(schemes))
	}
	for _, scheme := range schemes {
		rules, _, _ := strings.Cut(scheme, "}")
		colours := map[string]string{}
		for _, match := range cssVariable.FindAllStringSubmatch(rules, -1) {
			colours[match[1]] = match[2]
		}
		check := func(least float64, front, back string) {
			if colours[front] == "" { // print has no links to follow
				return
			}
			a, b := luminance(t, colours[front]), luminance(t, colours[back])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < least {
				t.Errorf("%s %s on %s %s: %.2f, want %.1f", front, colours[front], back, colours[back], ratio, least)
			}
		}
		for _, text := range []string{"text", "muted", "link"} {
			check(4.5, text, "ground")
			check(4.5, text, "card")
		}
		for _, outcome := range []string{"pass", "fail", "incomplete", "none"} {
			check(4.5, "on", outcome)
			check(3, outcome, "card")
		}
		for _, severity := range []string{"critical", "unknown", "high", "medium", "low", "info"} {
			check(3, severity, "ground")
		}
		if len(colours) < 16 {
			t.Errorf("only %d colours were found", len(colours))
		}
	}
}
