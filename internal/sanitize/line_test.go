package sanitize

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                        "",
		"plain words":             "plain words",
		"  trimmed\n":             "trimmed",
		"病毒名称 café":               "病毒名称 café",
		"two\nlines\r\nand\ttab":  `two\nlines\r\nand\ttab`,
		"\x1b[31mred\x07":         `\u001b[31mred\u0007`,
		"\u202egnp.exe":           `\u202egnp.exe`,
		"a\u200bb\ufeffc\u00add":  `a\u200bb\ufeffc\u00add`,
		"a\u2028b\u2029c\u0085d":  `a\u2028b\u2029c\u0085d`,
		"filler\u3164\u115f.":     `filler\u3164\u115f.`,
		"variation\ufe0f.":        `variation\ufe0f.`,
		"tag\U000e0041.":          `tag\U000e0041.`,
		"bad\xff\xfeutf8":         `bad\xff\xfeutf8`,
		"half\xe7\x97":            `half\xe7\x97`,
		"real \ufffd replacement": "real \ufffd replacement",
		"::set-output name=x::y":  ": :set-output name=x: :y",
		"##vso[task.setvariable]": "# #vso[task.setvariable]",
		":::::":                   ": : : : :",
		":#:#":                    ":#:#",
		"https://example.com/a?b": "https://example.com/a",
		"get HTTPS://me:pw@example.com/a.apk?sign=x#f failed": "get HTTPS://example.com/a.apk failed",
		"(http://example.com?q=\"x\") and https://b/?c":       "(http://example.com\"x\") and https://b/",
		"a?b://c?d=e":                       "a?b://c",
		"http://h/http://me:pw@h2/a?sign=x": "http://h/http://h2/a",
		"::_://:://:@":                      ": :_://: ://",
		"界://me:pw@h/a?sign=x":              "界://h/a",
		"http://h/a\n?sign=x":               `http://h/a\n`,
		"http://me\x00:pw@h/a":              "http://h/a",
		":\n:":                              `:\n:`,
		strings.Repeat("a", 200):            strings.Repeat("a", 200),
		strings.Repeat("a", 201):            strings.Repeat("a", 199) + "…",
		strings.Repeat("界", 1000):           strings.Repeat("界", 199) + "…",
		strings.Repeat(":", 100):            strings.TrimSuffix(strings.Repeat(": ", 100), " "),
		strings.Repeat(":", 200):            strings.TrimSuffix(strings.Repeat(": ", 100), " ") + "…",
		strings.Repeat("\x00", 99):          strings.Repeat(`\u0000`, 33) + "…",
	}
	for text, want := range tests {
		if got := Line(text); got != want {
			t.Errorf("Line(%q) = %q, want %q", text, got, want)
		}
	}
}

// lineFault says what is wrong with a text that should be a line of at most limit runes.
func lineFault(line string, limit int) string {
	switch {
	case !utf8.ValidString(line):
		return "is no UTF-8"
	case utf8.RuneCountInString(line) > limit:
		return "is too long"
	case strings.Contains(line, "::") || strings.Contains(line, "##"):
		return "holds a log command"
	}
	for _, r := range line {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Cf, unicode.Bidi_Control, unicode.Variation_Selector) {
			return "holds a character that cannot be seen"
		}
	}
	return ""
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", ":::::", "##vso[", "\u202e\x1b[0m", "\xff\xfe", strings.Repeat("::", 150), "a\nb", strings.Repeat("a", 199) + "\u200b", "…:…:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := Line(text)
		if fault := lineFault(line, MaxLine); fault != "" {
			t.Fatalf("Line(%q) = %q %s", text, line, fault)
		}
		if again := Line(line); again != line {
			t.Fatalf("Line(%q) = %q, once more %q", text, line, again)
		}
	})
}

// TestLine_plainTextIsAsItWouldBeAnyway holds the short cut for plain text against the long way, which
// any text with a character beyond ASCII takes.
func TestLine_plainTextIsAsItWouldBeAnyway(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "a", " a", "a ", "a b", "a::b", "a:b:c", "##", "#1", "x://u:p@h/p?q#f", "a/:b", "a:/b", "a\tb", "a\x7fb", "~", "a\nb",
		strings.Repeat("x", MaxLine), strings.Repeat("x", MaxLine+1),
	} {
		long := strings.TrimSuffix(LineUpTo(text+"\u00e9", MaxLine+1), "\u00e9")
		if len(text) > MaxLine {
			long = strings.Repeat("x", MaxLine-1) + "\u2026"
		}
		if got, want := Line(text), strings.TrimRight(long, " "); got != want {
			t.Errorf("Line(%q) = %q, the long way %q", text, got, want)
		}
	}
}
