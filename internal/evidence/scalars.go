package evidence

import (
	"strconv"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// span is the time of a scan that tells begin and end.
func span(begin, end tencentcloud.Time) gate.Span { return gate.Span{Begin: begin.At(), End: end.At()} }

// unixTime reads seconds since 1970. 0 is how the service writes that there is no time.
func unixTime(seconds tencentcloud.Int) field.Value[time.Time] {
	switch n, state := seconds.Get(); {
	case state == field.Unreadable, n < 0, n > maxUnix:
		return field.Broken[time.Time]()
	case n == 0:
		return field.Value[time.Time]{}
	default:
		return field.Of(time.Unix(n, 0).UTC())
	}
}

// maxUnix is the end of the year 9999, the last that RFC 3339 can write.
const maxUnix = 253402300799

// Flag reads a flag: 1 is true, 0 false, and any other value, as -1 for "uncertain", unreadable.
func Flag(value tencentcloud.Int) field.Value[bool] {
	switch n, state := value.Get(); {
	case state == field.Absent:
		return field.Value[bool]{}
	case state == field.Known && n == 1:
		return field.Of(true)
	case state == field.Known && n == 0:
		return field.Of(false)
	}
	return field.Broken[bool]()
}

// idText is an id that the service gives as a number.
func idText(id tencentcloud.Int) field.Value[string] {
	switch n, state := id.Get(); state {
	case field.Absent:
		return field.Value[string]{}
	case field.Known:
		return field.Of(strconv.FormatInt(n, 10))
	case field.Unreadable:
	}
	return field.Broken[string]()
}

// worst is the state of a part that consists of several: unreadable if one of them is, else known if one is.
func worst(states ...field.State) field.State {
	result := field.Absent
	for _, state := range states {
		if state == field.Unreadable {
			return state
		}
		result = max(result, state)
	}
	return result
}

func trimmed(text tencentcloud.Text) string { return strings.TrimSpace(text.String()) }

// PlainURL returns a URL of the service without what may be secret in it, since somebody submitted it; see
// [sanitize.URL]. What is null stays null.
func PlainURL(text tencentcloud.Text) tencentcloud.Text {
	if url, state := text.Get(); state == field.Known {
		return tencentcloud.TextOf(sanitize.URL(url))
	}
	return text
}
