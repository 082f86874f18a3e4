package sanitize

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// MaxLine is the most runes that [Line] returns.
const MaxLine = 200

// Line makes text from the service, or from anyone else, fit to be printed: one line of at most
// [MaxLine] runes, a cut marked with an ellipsis. Control, escape, zero-width and bidirectional
// characters and bytes that are no UTF-8 appear as `\u202e` or `\xff`. Neither `::` nor `##` is in
// the result, so that no log command of a CI system comes through, and URLs are without what may be
// secret in them, as [URLs] takes it out.
func Line(s string) string { return LineUpTo(s, MaxLine) }

// LineUpTo is [Line] with another bound, in runes.
func LineUpTo(s string, limit int) string {
	s = strings.TrimSpace(s)
	if len(s) <= limit && isPlain(s) {
		return s
	}
	// Secrets go after escaping: a control character within a URL does not end it then. A blank may have
	// stood before what went.
	s = strings.TrimSpace(URLs(escaped(s)))
	var line strings.Builder
	runes, cut := 0, 0 // cut: the bytes that still leave room for the ellipsis
	var last rune
	for _, r := range s {
		if isCommandMark(r) && r == last {
			line.WriteByte(' ')
			runes++
		}
		if runes++; runes > limit {
			return halfEscape().ReplaceAllString(line.String()[:cut], "") + "…"
		}
		line.WriteRune(r)
		if runes < limit {
			cut = line.Len()
		}
		last = r
	}
	return line.String()
}

// halfEscape matches what a cut leaves of an escape.
var halfEscape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\(x[0-9a-f]?|u[0-9a-f]{0,3}|U[0-9a-f]{0,7})?$`)
})

// escaped makes every rune of a text visible.
func escaped(s string) string {
	var text strings.Builder
	text.Grow(len(s))
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		text.WriteString(visible(r, s[:size]))
		s = s[size:]
	}
	return text.String()
}

// isPlain reports whether a text is printable ASCII in which nothing needs a closer look, as most are: a
// report makes lines of some hundred thousand.
func isPlain(s string) bool {
	var last byte
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == last && (isCommandMark(rune(c)) || c == '/') || c == '?' || c == '\\' {
			return false
		}
		last = c
	}
	return true
}

// visible returns the rune as it may be printed; raw is the bytes that it was decoded from.
func visible(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case unicode.IsGraphic(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return raw
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// isCommandMark reports whether two of r in a row start a log command: `::set-output` of GitHub,
// `##vso[` of Azure, `##teamcity[`.
func isCommandMark(r rune) bool { return r == ':' || r == '#' }

// Quote puts a value into quotes, so that an empty or blank one is seen, and makes it a [Line].
func Quote(s string) string { return Line(strconv.Quote(s)) }

// BreakCommands puts a space into every `::` and `##` of a composed text and keeps its line breaks.
func BreakCommands(text string) string {
	var broken strings.Builder
	broken.Grow(len(text))
	var last rune
	for _, r := range text {
		if isCommandMark(r) && r == last {
			broken.WriteByte(' ')
		}
		broken.WriteRune(r)
		last = r
	}
	return broken.String()
}
