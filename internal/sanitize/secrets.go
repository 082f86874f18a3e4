package sanitize

import (
	"regexp"
	"strings"
	"sync"
)

// The patterns for what is secret in a URL. Slashes may be escaped, as JSON does it, and the scheme may be missing.
var (
	// userInfo is user name and password, also of a URL within the path of another.
	userInfo = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(//|\\/\\/)(?:[^\s/\\?#"'<>]|\\[^/\s?#"'<>])*@`)
	})
	// query is what comes after the path.
	query = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`((?://|\\/\\/)[^\s?#"'<>]*)[?#][^\s"'<>]*`)
	})
	// relativeQuery is the query of a URL of which only the path is there.
	relativeQuery = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`([\w.~%/-])\?[\w.~%-]+=[^\s"'<>]*`)
	})
	// wholeUserInfo is the user info of a text that is a URL as a whole.
	wholeUserInfo = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`//[^/\\]*@`) })
	// signature is what a TC3 signature looks like, also that of a signed URL.
	signature = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(TC3-HMAC-SHA256\b[^"\n]*|\b[a-z-]*signature["']?\s*[=:]\s*["']?[^\s,;&"']+)`)
	})
)

// URLs takes user info, query and fragment out of everything in a text that looks like a URL: they hold passwords and
// signatures.
func URLs(text string) string {
	if strings.Contains(text, "//") || strings.Contains(text, `\/\/`) {
		text = query().ReplaceAllString(userInfo().ReplaceAllString(text, "$1"), "$1")
	}
	if strings.Contains(text, "?") {
		text = relativeQuery().ReplaceAllString(text, "$1")
	}
	return text
}

// URL returns a text that is a URL without user info, query and fragment. It takes whatever stands where a URL should:
// what [net/url] refuses to parse can hide as much.
func URL(text string) string {
	if end := strings.IndexAny(text, "?#"); end >= 0 {
		text = text[:end]
	}
	return URLs(wholeUserInfo().ReplaceAllString(text, "//"))
}

// Signatures replaces what looks like a signature by [Redacted]. It is for a service's explanation of a refusal: in
// other texts, as in the name of a finding, the word stands for something else.
func Signatures(text string) string {
	if lower := strings.ToLower(text); strings.Contains(lower, "signature") || strings.Contains(lower, "tc3-hmac") {
		return signature().ReplaceAllString(text, Redacted)
	}
	return text
}
