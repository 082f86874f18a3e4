package facts

import (
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// PlainURL returns a URL of the service without user info, query and fragment, which may hold a password
// or a signature that somebody submitted. What is null stays null. It takes whatever stands where a URL
// should: what [net/url] refuses to parse can hide as much.
func PlainURL(text tencentcloud.Text) tencentcloud.Text {
	if text.Ptr() == nil {
		return text
	}
	plain := text.String()
	if end := strings.IndexAny(plain, "?#"); end >= 0 {
		plain = plain[:end]
	}
	if scheme, rest, found := strings.Cut(plain, "//"); found {
		authority := rest
		if end := strings.IndexAny(rest, `/\`); end >= 0 {
			authority = rest[:end]
		}
		plain = scheme + "//" + rest[strings.LastIndexByte(authority, '@')+1:]
	}
	return tencentcloud.TextOf(plain)
}
