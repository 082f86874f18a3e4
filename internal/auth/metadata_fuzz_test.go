package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func FuzzDecodeRoleCredentials(f *testing.F) {
	for _, seed := range []string{
		`{"TmpSecretId":"i","TmpSecretKey":"k","Token":"t","ExpiredTime":1700000000,"Expiration":"2023-11-14T22:13:20Z","Code":"Success"}`,
		`{"TmpSecretId":"i","TmpSecretKey":"k","Token":"t","ExpiredTime":"1700000000","Code":"success"}`,
		`{"TmpSecretId":"i","TmpSecretKey":"k","Token":"t","Code":"Success"}`, `{"Code":"Failed"}`, `{"Code":{}}`, `<html>`, `[]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		key, err := decodeRoleCredentials(body)
		if err != nil {
			if key != (tencentcloud.TemporaryCredentials{}) {
				t.Fatal("a key beside an error")
			}
			if len(body) > 40 && strings.Contains(err.Error(), string(body)) {
				t.Fatalf("the error repeats the body: %v", err)
			}
			return
		}
		refreshing := NewRefreshingCredential("x", nil)
		refreshing.now = func() time.Time { return time.Unix(0, 0) }
		kept, err := refreshing.keep(key)
		if err == nil && (kept.GetSecretId() == "" || kept.GetSecretKey() == "" || kept.GetToken() == "") {
			t.Fatalf("half a key is kept: %q", body)
		}
	})
}
