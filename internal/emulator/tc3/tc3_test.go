package tc3_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/tc3"
)

// The published worked example (api.md).
const (
	exampleID   = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
	exampleKey  = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
	exampleTime = 1551113065
	exampleBody = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	exampleHash = "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
	exampleSign = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
)

func exampleMessage() tc3.Message {
	return tc3.Message{
		Method: http.MethodPost, Path: "/",
		Headers:     [][2]string{{"content-type", "application/json; charset=utf-8"}, {"host", "cvm.tencentcloudapi.com"}},
		PayloadHash: tc3.HashPayload([]byte(exampleBody)),
		Timestamp:   exampleTime, Service: "cvm",
	}
}

func exampleRequest(body, host string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://"+host+"/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	return r
}

func TestSignature_isThatOfThePublishedExample(t *testing.T) {
	t.Parallel()
	message := exampleMessage()
	if got := tc3.HashPayload([]byte(message.CanonicalRequest())); got != exampleHash {
		t.Errorf("hash of the canonical request: got %s, want %s", got, exampleHash)
	}
	if got := message.Signature(exampleKey); got != exampleSign {
		t.Errorf("signature: got %s, want %s", got, exampleSign)
	}
	want := "TC3-HMAC-SHA256 Credential=" + exampleID + "/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=" + exampleSign
	if got := message.Authorization(exampleID, exampleKey); got != want {
		t.Errorf("header: got %q, want %q", got, want)
	}
}

func TestVerify_acceptsThePublishedExample(t *testing.T) {
	t.Parallel()
	authorization, err := tc3.Parse(exampleMessage().Authorization(exampleID, exampleKey))
	if err != nil {
		t.Fatal(err)
	}
	if authorization.SecretID != exampleID || authorization.Service != "cvm" || authorization.Date != "2019-02-25" {
		t.Errorf("parsed: %+v", authorization)
	}
	for _, host := range []string{"cvm.tencentcloudapi.com", "cvm.tencentcloudapi.com:8443"} {
		if err := authorization.Verify(exampleRequest(exampleBody, host), []byte(exampleBody), exampleTime, exampleKey); err != nil {
			t.Errorf("host %s: %v", host, err)
		}
	}
}

func TestVerify_rejectsWhatWasChanged(t *testing.T) {
	t.Parallel()
	good, err := tc3.Parse(exampleMessage().Authorization(exampleID, exampleKey))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(a *tc3.Authorization, r **http.Request, body, key *string, timestamp *int64){
		"key":       func(_ *tc3.Authorization, _ **http.Request, _, key *string, _ *int64) { *key += "x" },
		"body":      func(_ *tc3.Authorization, _ **http.Request, body, _ *string, _ *int64) { *body += " " },
		"timestamp": func(_ *tc3.Authorization, _ **http.Request, _, _ *string, at *int64) { *at++ },
		"day":       func(_ *tc3.Authorization, _ **http.Request, _, _ *string, at *int64) { *at += 86400 },
		"service":   func(a *tc3.Authorization, _ **http.Request, _, _ *string, _ *int64) { a.Service = "ms" },
		"date":      func(a *tc3.Authorization, _ **http.Request, _, _ *string, _ *int64) { a.Date = "2019-02-26" },
		"signature": func(a *tc3.Authorization, _ **http.Request, _, _ *string, _ *int64) {
			a.Signature = strings.Repeat("0", 64)
		},
		"host": func(_ *tc3.Authorization, r **http.Request, _, _ *string, _ *int64) {
			*r = exampleRequest(exampleBody, "ms.tencentcloudapi.com")
		},
		"content type": func(_ *tc3.Authorization, r **http.Request, _, _ *string, _ *int64) {
			(*r).Header.Set("Content-Type", "application/json")
		},
		"method": func(_ *tc3.Authorization, r **http.Request, _, _ *string, _ *int64) { (*r).Method = http.MethodGet },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			authorization, request := good, exampleRequest(exampleBody, "cvm.tencentcloudapi.com")
			body, key, timestamp := exampleBody, exampleKey, int64(exampleTime)
			change(&authorization, &request, &body, &key, &timestamp)
			err := authorization.Verify(request, []byte(body), timestamp, key)
			if !errors.Is(err, tc3.ErrMismatch) {
				t.Errorf("got %v, want ErrMismatch", err)
			}
		})
	}
}

func TestVerify_coversTheQueryOfGET(t *testing.T) {
	t.Parallel()
	message := tc3.Message{
		Method: http.MethodGet, Path: "/", Query: "ItemId=a%20b&AppMd5s.0=c",
		Headers:     [][2]string{{"content-type", "application/x-www-form-urlencoded"}, {"host", "127.0.0.1"}},
		PayloadHash: tc3.HashPayload(nil), Timestamp: exampleTime, Service: "ms",
	}
	authorization, err := tc3.Parse(message.Authorization(exampleID, exampleKey))
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]error{message.Query: nil, "ItemId=other": tc3.ErrMismatch} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/?"+query, nil)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if err := authorization.Verify(r, nil, exampleTime, exampleKey); !errors.Is(err, want) {
			t.Errorf("query %s: got %v, want %v", query, err, want)
		}
	}
}

func TestParse_rejectsWhatIsNotOfTheForm(t *testing.T) {
	t.Parallel()
	good := exampleMessage().Authorization(exampleID, exampleKey)
	for name, header := range map[string]string{
		"empty":               "",
		"skip":                "SKIP",
		"other algorithm":     strings.Replace(good, "TC3-HMAC-SHA256", "AWS4-HMAC-SHA256", 1),
		"no scope end":        strings.Replace(good, "tc3_request", "aws4_request", 1),
		"no date":             strings.Replace(good, "2019-02-25", "today", 1),
		"host not signed":     strings.Replace(good, "content-type;host", "content-type", 1),
		"headers unsorted":    strings.Replace(good, "content-type;host", "host;content-type", 1),
		"header twice":        strings.Replace(good, "content-type;host", "content-type;content-type;host", 1),
		"short signature":     strings.TrimSuffix(good, "8"),
		"upper-case digits":   strings.Replace(good, exampleSign, strings.ToUpper(exampleSign), 1),
		"field twice":         good + ", Signature=" + exampleSign,
		"further field":       good + ", Extra=1",
		"no end":              good + strings.Repeat(" ", 5000),
		"credential missing":  "TC3-HMAC-SHA256 SignedHeaders=content-type;host, Signature=" + exampleSign,
		"empty id":            strings.Replace(good, exampleID, "", 1),
		"slash within the id": strings.Replace(good, exampleID, "a/b", 1),
	} {
		if _, err := tc3.Parse(header); !errors.Is(err, tc3.ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(exampleMessage().Authorization(exampleID, exampleKey))
	f.Add("TC3-HMAC-SHA256 Credential=/2019-02-25/ms/tc3_request, SignedHeaders=host, Signature=")
	f.Add("SKIP")
	f.Fuzz(func(t *testing.T, header string) {
		authorization, err := tc3.Parse(header)
		if err != nil {
			if !errors.Is(err, tc3.ErrMalformed) {
				t.Errorf("error of another kind: %v", err)
			}
			return
		}
		// Whatever parses must neither panic nor be accepted for a key it was not made with.
		if authorization.Verify(exampleRequest("{}", "h"), []byte("{}"), exampleTime, "another key") == nil {
			t.Error("accepted")
		}
	})
}
