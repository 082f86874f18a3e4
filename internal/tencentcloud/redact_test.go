package tencentcloud

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

func TestRedactor_takesOutWhatWasSent(t *testing.T) {
	t.Parallel()
	credential := common.NewTokenCredential("AKID0123456789abcdef", `key/with"<quotes>`, "token+with/signs==")
	payload := []byte(`{"AppInfos":[{"AppUrl":"https://user:pass%40word123@example.com/a.apk?sign=abc%2Bdefghijkl&t=1#fragment-of-it","AppMd5":"0123456789abcdef"}]}`)
	r := newRedactor(credential, "TC3-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0123456789abcdef0123", payload)
	quoted, _ := json.Marshal(`key/with"<quotes>`)
	for _, text := range []string{
		"AKID0123456789abcdef", `key/with"<quotes>`, strings.Trim(string(quoted), `"`), "token+with/signs==", "token%2Bwith%2Fsigns%3D%3D",
		"sign=abc%2Bdefghijkl&t=1", "abc%2Bdefghijkl", "abc+defghijkl", "pass@word123", "pass%40word123", "fragment-of-it", "0123456789abcdef0123",
	} {
		if got := r.text("say " + text + " again"); got != "say "+notShown+" again" {
			t.Errorf("%s: %s", text, got)
		}
	}
	const fact = "the app 0123456789abcdef of https://example.com/a.apk?id=7"
	if got := r.text(fact); got != fact {
		t.Errorf("a fact became %s", got)
	}
}

func TestRedactor_takesOutOfProseWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	r := newRedactor(nil, "", nil)
	for text, want := range map[string]string{
		"no access to https://u:p@h.example/a?x-sign=1#f, it says": "no access to https://h.example/a it says",
		`no access to https:\/\/u:p@h.example\/a?x=1`:              `no access to https:\/\/h.example\/a`,
		"TC3-HMAC-SHA256 Credential=a/b, Signature=12":             notShown,
		"with q-signature=12ab&x=1":                                "with " + notShown + "&x=1",
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
	row := results.ScanSet[0]
	for _, text := range []string{
		results.RequestID, results.Error.Code, results.Error.Message, row.AppDetailInfo.AppName.String(), row.VulInfo.VulList[0].VulDesc.String(),
		row.AdInfo.Spots[0].PluginName.String(), row.SensitiveInfo.SensitiveList[0].WordList[0], strings.TrimSuffix(row.StatusDesc.String(), " https://h/"),
	} {
		if text != notShown {
			t.Errorf("%q", text)
		}
	}
	if row.AppDetailInfo.AppIconURL.String() != "https://h/?q=1" {
		t.Error("a fact was changed")
	}
}
