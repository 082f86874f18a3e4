package tencentcloud

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// minSecret is the least length in bytes of a secret, or of the beginning of one, that is looked for in
// a text: shorter ones would be found where they are not. The service's own ids, keys and signatures are
// longer.
const minSecret = 12

// secrets finds secrets in texts, in one pass over each text however many there are.
type secrets struct {
	begin [1 << 16 / 64]uint64    // a bit for each first two bytes of a secret: few places get past it
	least int                     // the least length of a secret in bytes
	forms map[string][]secretForm // by their first least bytes
}

// secretForm is one way in which a secret is written.
type secretForm struct {
	text string
	// prefix tells whether its beginning counts as well, since services shorten what they repeat.
	prefix bool
}

// newSecrets returns a finder of secrets of at least so many bytes, two or more.
func newSecrets(least int) *secrets {
	return &secrets{least: least, forms: map[string][]secretForm{}}
}

// add has a text be found, unless it is too short.
func (f *secrets) add(text string, prefix bool) {
	if len(text) < f.least {
		return
	}
	two := firstTwo(text)
	f.begin[two/64] |= 1 << (two % 64)
	key := text[:f.least]
	f.forms[key] = append(f.forms[key], secretForm{text, prefix})
}

func firstTwo(s string) uint { return uint(s[0])<<8 | uint(s[1]) }

// next returns where in a text the first place is, from one place on, that begins as a secret does; the
// length of the text if there is none.
func (f *secrets) next(s string, from int) int {
	if len(s)-from < f.least {
		return len(s)
	}
	two := uint(s[from])
	for i := from + 1; i < len(s); i++ {
		two = (two<<8 | uint(s[i])) & (1<<16 - 1)
		if f.begin[two/64]&(1<<(two%64)) != 0 {
			return i - 1
		}
	}
	return len(s)
}

// takenOutOf returns a text with each secret replaced. Of one that is there by its beginning, what
// follows up to a blank or a quote is taken out as well: it may be the rest, written in another way.
func (f *secrets) takenOutOf(s string) string {
	var without strings.Builder
	kept := 0
	for i := f.next(s, 0); i+f.least <= len(s); {
		n := f.match(s[i:])
		if n == 0 {
			i = f.next(s, i+1)
			continue
		}
		without.WriteString(s[kept:i])
		without.WriteString(sanitize.Redacted)
		kept = i + n
		i = f.next(s, kept)
	}
	if kept == 0 {
		return s
	}
	without.WriteString(s[kept:])
	return without.String()
}

// match returns how many bytes at the beginning of a text are to be taken out.
func (f *secrets) match(s string) int {
	whole, begun := 0, 0
	for _, form := range f.forms[s[:f.least]] {
		switch n := commonPrefix(form.text, s); {
		case n == len(form.text):
			whole = max(whole, n)
		case form.prefix:
			begun = max(begun, n)
		}
	}
	if begun <= whole {
		return whole
	}
	if end := strings.IndexAny(s[begun:], " \t\r\n\"'<>"); end >= 0 {
		return begun + end
	}
	return len(s)
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// formsOf returns the ways in which a service may write a secret, which may itself be part of a URL: as
// it is, or decoded, and in JSON, in a URL, in base64 or in hexadecimal digits.
func formsOf(secret string) []string {
	plain := []string{secret}
	if decoded, err := url.QueryUnescape(secret); err == nil && decoded != secret {
		plain = append(plain, decoded)
	}
	seen := map[string]bool{}
	var forms []string
	for _, text := range plain {
		query, path, digits := url.QueryEscape(text), url.PathEscape(text), hex.EncodeToString([]byte(text))
		all := []string{text, query, path, lowerEscapes(query), lowerEscapes(path), digits, strings.ToUpper(digits), strings.ReplaceAll(text, "/", `\/`)}
		if quoted, err := json.Marshal(text); err == nil {
			all = append(all, string(quoted[1:len(quoted)-1]))
		}
		for _, form := range append(all, base64Forms(text)...) {
			if !seen[form] {
				seen[form] = true
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// base64Forms returns what a text becomes in base64, by what stands before it: without the characters
// that depend on that, and on what follows.
func base64Forms(text string) []string {
	forms := make([]string, 0, 6)
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			form := encoding.EncodeToString([]byte(strings.Repeat("x", before) + text))
			if (before+len(text))%3 != 0 {
				form = form[:len(form)-1]
			}
			forms = append(forms, form[min(len(form), (before*8+5)/6):])
		}
	}
	return forms
}

// lowerEscapes writes the percent-encoding of a text in lower case.
func lowerEscapes(escaped string) string {
	text := []byte(escaped)
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '%' {
			copy(text[i+1:], strings.ToLower(string(text[i+1:i+3])))
		}
	}
	return string(text)
}
