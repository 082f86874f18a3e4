package evidence

import (
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func TestPlainURL_leavesOutWhatMayBeSecret(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://cdn.example.com/@scope/i.png":             "https://cdn.example.com/@scope/i.png",
		"https://u:p@cdn.example.com/i.png?sign=s#f":       "https://cdn.example.com/i.png",
		"https://u:p@w@cdn.example.com":                    "https://cdn.example.com",
		"https://u:p@cdn.example.com\\i.png":               "https://cdn.example.com\\i.png",
		"//u:p@cdn.example.com/i.png#sign=s?x":             "//cdn.example.com/i.png",
		"/i.png?sign=s":                                    "/i.png",
		"https://u:p%zz@cdn.example.com:x/i.png?sign=%zz":  "https://cdn.example.com:x/i.png",
		"https://cdn.example.com/https://u:p@h/i.png?x":    "https://cdn.example.com/https://h/i.png",
		"https://cdn.example.com?redirect=https://u:p@h/x": "https://cdn.example.com",
		"": "",
	} {
		if got := PlainURL(tencentcloud.TextOf(text)); got.Ptr() == nil || got.String() != want {
			t.Errorf("%s became %s", text, got.String())
		}
	}
	if PlainURL(tencentcloud.Text{}).Ptr() != nil {
		t.Error("null became a text")
	}
}
