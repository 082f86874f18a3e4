package tencentcloud

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

func TestRedactor_takesOutWhatWasSent(t *testing.T) {
	t.Parallel()
	credential := common.NewTokenCredential("AKID0123456789abcdef", `key/with"<quotes>`, "token+with/signs==")
	payload := []byte(`{"AppInfos":[{"AppUrl":"https://user:pass%40word123@example.com/a.apk?sign=abc%2Bdefghijkl&t=1#fragment-of-it","AppMd5":"0123456789abcdef"}]}`)
	r := newRedactor(credential, "TC3-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=fedcba98765432100123", payload)
	quoted, _ := json.Marshal(`key/with"<quotes>`)
	for _, text := range []string{
		"AKID0123456789abcdef", `key/with"<quotes>`, strings.Trim(string(quoted), `"`), "token+with/signs==", "token%2Bwith%2Fsigns%3D%3D",
		"sign=abc%2Bdefghijkl&t=1", "abc%2Bdefghijkl", "abc+defghijkl", "pass@word123", "pass%40word123", "fragment-of-it", "fedcba98765432100123",
	} {
		if got := r.text("say " + text + " again"); got != "say "+sanitize.Redacted+" again" {
			t.Errorf("%s: %s", text, got)
		}
	}
	const fact = "the app 0123456789abcdef of https://example.com/a.apk?id=7"
	if got := r.text(fact); got != fact {
		t.Errorf("a fact became %s", got)
	}
}

// TestRedactor_takesOutHoweverItIsWritten has a service shorten and encode what it repeats.
func TestRedactor_takesOutHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const (
		token = "TokenAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLL"
		key   = "Gu5t9xGARNpq86cd98joQYCN3/+key=="
		web   = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2NpIn0.c2lnbmF0dXJlX29mX2l0"
	)
	payload := []byte(`{"AppInfos":[{"AppUrl":"https://bob:hunter2@host.example/a.apk?sign=abc123&t=a%2Fb%2Bc%2Fdddddddd","AppMd5":"44d88612fea8a8f36de82e1278abb02f"}]}`)
	r := newRedactor(common.NewTokenCredential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3", key, token), "", payload, web)
	for name, tt := range map[string]struct{ said, want string }{
		"shortened":                    {"the token '" + token[:40] + "...' is invalid", "the token '" + sanitize.Redacted + "' is invalid"},
		"shortened to the least":       {"token " + token[:minSecret], "token " + sanitize.Redacted},
		"shortened, in base64":         {"token " + base64.StdEncoding.EncodeToString([]byte(token[:30])), "token " + sanitize.Redacted},
		"in base64":                    {"key " + base64.StdEncoding.EncodeToString([]byte(key)) + " is wrong", "key " + sanitize.Redacted + "0= is wrong"},
		"within base64":                {"sent " + base64.RawURLEncoding.EncodeToString([]byte("a:"+key)), "sent YTp" + sanitize.Redacted + "Q"},
		"in hexadecimal digits":        {"key " + hex.EncodeToString([]byte(key)), "key " + sanitize.Redacted},
		"in lower-case escapes":        {"key Gu5t9xGARNpq86cd98joQYCN3%2f%2bkey%3d%3d", "key " + sanitize.Redacted},
		"a URL's value in lower case":  {"of t: a%2fb%2bc%2fdddddddd", "of t: " + sanitize.Redacted},
		"a URL's value, shortened":     {"of t: a/b+c/dddddd", "of t: " + sanitize.Redacted},
		"a web identity token":         {"token " + web, "token " + sanitize.Redacted},
		"a web identity token, its id": {"token " + web[:20] + "***", "token " + sanitize.Redacted},
		"a short pair of a query":      {"bad parameter sign=abc123", "bad parameter " + sanitize.Redacted},
		"a short password":             {"password hunter2 is wrong", "password " + sanitize.Redacted + " is wrong"},
		"a relative URL":               {"GET /a.apk?sign=abc123 failed", "GET /a.apk failed"},
		"a relative URL of another":    {"GET /b?x=y&z=%20 failed", "GET /b failed"},
		"a URL without a scheme":       {"no //alice:secret@h.example/a?x=1 here", "no //h.example/a here"},
		"a question":                   {"is it there? yes=no", "is it there? yes=no"},
		"what the request says openly": {"no app 44d88612fea8a8f36de82e1278abb02f", "no app 44d88612fea8a8f36de82e1278abb02f"},
	} {
		if got := r.prose(tt.said); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestRedactor_leavesFactsAlone has a query name the file by what the answer is about.
func TestRedactor_leavesFactsAlone(t *testing.T) {
	t.Parallel()
	const md5 = "44d88612fea8a8f36de82e1278abb02f"
	r := newRedactor(nil, "", []byte(`{"ApkUrl":"https://h.example/a?md5=`+strings.ToUpper(md5)+`&file=com.example.app.apk&sign=0123456789abcdef","ApkMd5":"`+md5+`"}`))
	for _, fact := range []string{md5, strings.ToUpper(md5), "com.example.app", "https://h.example/a?id=7"} {
		if got := r.text(fact); got != fact {
			t.Errorf("%s became %s", fact, got)
		}
	}
	if got := r.text("0123456789abcdef"); got != sanitize.Redacted {
		t.Errorf("a signature became %s", got)
	}
}

// TestRedactor_takesLinearTime feeds as much as an answer can hold, of what comes close to secrets. What takes
// more than linear time never ends with 16 MiB: the time-out of go test is the bound.
func TestRedactor_takesLinearTime(t *testing.T) { //nolint:paralleltest // takes a core for seconds
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var apps []string
	for i := range 20 {
		apps = append(apps, fmt.Sprintf(`{"AppUrl":"https://user%d:password%d@host.example/a.apk?q-sign-algorithm=sha1&q-ak=AKID%d&q-signature=%040d"}`, i, i, i, i))
	}
	r := newRedactor(common.NewTokenCredential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3", strings.Repeat("a", 2000)+"b", strings.Repeat("token", 400)), "",
		[]byte(`{"AppInfos":[`+strings.Join(apps, ",")+`]}`))
	for name, unit := range map[string]string{
		"words": "A component can be started by any app. ", "beginnings": "q-sign-algorAKIDz8krbsJ5yKtokentokento", "repetition": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa ", "URLs": "https://a:b@c/d?e=f ",
	} {
		t.Log(name)
		r.prose(strings.Repeat(unit, 16<<20/len(unit)))
	}
}

func TestRedactor_takesOutOfProseWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	r := newRedactor(nil, "", nil)
	for text, want := range map[string]string{
		"no access to https://u:p@h.example/a?x-sign=1#f, it says": "no access to https://h.example/a it says",
		`no access to https:\/\/u:p@h.example\/a?x=1`:              `no access to https:\/\/h.example\/a`,
		"mirror https://h.example/https://u:p@h2.example/a?x=1":    "mirror https://h.example/https://h2.example/a",
		"TC3-HMAC-SHA256 Credential=a/b, Signature=12":             sanitize.Redacted,
		"with q-signature=12ab&x=1":                                "with " + sanitize.Redacted + "&x=1",
		"the signature is wrong: see above":                        "the signature is wrong: see above",
	} {
		if got := r.prose(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestRedactor_reachesEveryTextOfAnAnswer(t *testing.T) {
	t.Parallel()
	r := newRedactor(common.NewCredential("AKID0123456789abcdef", "0123456789abcdef"), "", nil)
	const secret = "AKID0123456789abcdef"
	var results DescribeScanResultsResponse
	if err := json.Unmarshal([]byte(`{"RequestId":"`+secret+`","Error":{"Code":"`+secret+`","Message":"`+secret+`"},"ScanSet":[{"StatusDesc":"`+secret+` https://h/?q=1",
	  "AppDetailInfo":{"AppName":"`+secret+`","AppIconUrl":"https://h/?q=1"},"VulInfo":{"VulList":[{"VulDesc":"`+secret+`"}]},"AdInfo":{"Spot":[{"PluginName":"`+secret+`"}]},
	  "SensitiveInfo":{"SensitiveList":[{"WordList":["`+secret+`"]}]}}]}`), &results); err != nil {
		t.Fatal(err)
	}
	r.answer(&results)
	row := results.ScanSet.Items[0]
	for _, text := range []string{
		results.RequestID, results.Error.Code, results.Error.Message, row.AppDetailInfo.Get().AppName.String(), row.VulInfo.Get().VulList.Items[0].VulDesc.String(),
		row.AdInfo.Get().Spots.Items[0].PluginName.String(), row.SensitiveInfo.Get().SensitiveList.Items[0].WordList[0], strings.TrimSuffix(row.StatusDesc.String(), " https://h/"),
	} {
		if text != sanitize.Redacted {
			t.Errorf("%q", text)
		}
	}
	if row.AppDetailInfo.Get().AppIconURL.String() != "https://h/?q=1" {
		t.Error("a fact was changed")
	}
}
