package sanitize

import (
	"strings"
	"testing"
)

// secretURLs are texts with what they become, as URLs in a text and as a URL; "" where the text is no single URL.
var secretURLs = map[string]struct{ inText, whole string }{
	"https://cdn.example.com/@scope/i.png":             {"https://cdn.example.com/@scope/i.png", "https://cdn.example.com/@scope/i.png"},
	"https://u:p@cdn.example.com/i.png?sign=s#f":       {"https://cdn.example.com/i.png", "https://cdn.example.com/i.png"},
	"https://u:p@w@cdn.example.com":                    {"https://cdn.example.com", "https://cdn.example.com"},
	"https://u:p@cdn.example.com\\i.png":               {"https://cdn.example.com\\i.png", "https://cdn.example.com\\i.png"},
	"//u:p@cdn.example.com/i.png#sign=s?x":             {"//cdn.example.com/i.png", "//cdn.example.com/i.png"},
	"/i.png?sign=s":                                    {"/i.png", "/i.png"},
	"https://u:p%zz@cdn.example.com:x/i.png?sign=%zz":  {"https://cdn.example.com:x/i.png", "https://cdn.example.com:x/i.png"},
	"https://cdn.example.com/https://u:p@h/i.png?x":    {"https://cdn.example.com/https://h/i.png", "https://cdn.example.com/https://h/i.png"},
	"https://cdn.example.com?redirect=https://u:p@h/x": {"https://cdn.example.com", "https://cdn.example.com"},
	"https://u:p w@cdn.example.com/i.png":              {"https://u:p w@cdn.example.com/i.png", "https://cdn.example.com/i.png"},
	`https:\/\/u:p@h.example\/a?x=1`:                   {`https:\/\/h.example\/a`, `https:\/\/h.example\/a`},
	`http://me\u0000:pw@h/a`:                           {"http://h/a", `http://me\u0000:pw@h/a`},

	"GET /a.apk?sign=abc123 failed":                            {"GET /a.apk failed", ""},
	"GET /b?x=y&z=%20 failed":                                  {"GET /b failed", ""},
	"no //alice:secret@h.example/a?x=1 here":                   {"no //h.example/a here", ""},
	"no access to https://u:p@h.example/a?x-sign=1#f, it says": {"no access to https://h.example/a it says", ""},
	`no access to https:\/\/u:p@h.example\/a?x=1`:              {`no access to https:\/\/h.example\/a`, ""},
	"mirror https://h.example/https://u:p@h2.example/a?x=1":    {"mirror https://h.example/https://h2.example/a", ""},
	"get HTTPS://me:pw@example.com/a.apk?sign=x#f failed":      {"get HTTPS://example.com/a.apk failed", ""},
	"is it there? yes=no":                                      {"is it there? yes=no", ""},
	"界://me:pw@h/a?sign=x":                                     {"界://h/a", ""},
	"":                                                         {"", ""},
}

func TestURLs_takesOutWhatMayBeSecret(t *testing.T) {
	t.Parallel()
	for text, want := range secretURLs {
		if got := URLs(text); got != want.inText {
			t.Errorf("URLs(%q) = %q, want %q", text, got, want.inText)
		}
		if want.whole == "" {
			continue
		}
		if got := URL(text); got != want.whole && !strings.Contains(text, `\u`) {
			t.Errorf("URL(%q) = %q, want %q", text, got, want.whole)
		}
		if got := Line(text); strings.Contains(text, ":p") && strings.Contains(got, "p@") || strings.Contains(got, "sign=") {
			t.Errorf("Line(%q) = %q", text, got)
		}
	}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"TC3-HMAC-SHA256 Credential=a/b, Signature=12": Redacted,
		"with q-signature=12ab&x=1":                    "with " + Redacted + "&x=1",
		"the signature is wrong: see above":            "the signature is wrong: see above",
	} {
		if got := Signatures(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func FuzzURLs(f *testing.F) {
	for text := range secretURLs {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if once := URLs(text); len(once) > len(text) {
			t.Fatalf("URLs(%q) = %q", text, once)
		}
		if got := URL(text); strings.ContainsAny(got, "?#") {
			t.Fatalf("URL(%q) = %q", text, got)
		}
	})
}
