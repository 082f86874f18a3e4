package evidence

import (
	"regexp"
	"strings"
	"sync"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// userInfo matches the user info of a URL, and of one within its path.
var userInfo = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`//[^/\\]*@`) })

// PlainURL returns a URL of the service without user info, query and fragment, which may hold a password
// or a signature that somebody submitted. What is null stays null. It takes whatever stands where a URL
// should: what [net/url] refuses to parse can hide as much.
func PlainURL(text tencentcloud.Text) tencentcloud.Text {
	if text.State() != field.Known {
		return text
	}
	plain := text.String()
	if end := strings.IndexAny(plain, "?#"); end >= 0 {
		plain = plain[:end]
	}
	return tencentcloud.TextOf(userInfo().ReplaceAllString(plain, "//"))
}
