package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/tc3"
)

// apiVersions are the versions of the documents, stated again here.
var apiVersions = map[string]string{"ms": "2018-04-08", "cwp": "2018-02-28", "tcss": "2020-11-01", "sts": "2018-08-13"}

// client signs calls to a server under test.
type client struct {
	t      *testing.T
	server *emulator.Server

	method, service, version, region, token string
	secretID, secretKey                     string
	at                                      time.Time
	hostWithoutPort                         bool
	authorization                           string // instead of a signature
}

func start(t *testing.T, options ...emulator.Option) *client {
	t.Helper()
	server, err := emulator.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return &client{
		t: t, server: server, method: http.MethodPost, service: "ms",
		secretID: server.SecretID(), secretKey: server.SecretKey(), region: server.Region(),
	}
}

// startFrozen is start with a clock that only [emulator.Server.Advance] moves.
func startFrozen(t *testing.T, options ...emulator.Option) *client {
	t.Helper()
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	c := start(t, append(options, emulator.WithClock(func() time.Time { return at }))...)
	c.at = at
	return c
}

// with is a copy of the client that was changed.
func (c *client) with(change func(*client)) *client {
	other := *c
	change(&other)
	return &other
}

func (c *client) cwp() *client  { return c.with(func(c *client) { c.service = "cwp" }) }
func (c *client) tcss() *client { return c.with(func(c *client) { c.service = "tcss" }) }

// request is a signed request for an action; body is JSON, or for GET the query.
func (c *client) request(action, body string) *http.Request {
	c.t.Helper()
	query, contentType := "", "application/json"
	if c.method == http.MethodGet {
		query, body, contentType = body, "", "application/x-www-form-urlencoded"
	}
	r, err := http.NewRequestWithContext(c.t.Context(), c.method, c.server.URL()+"/?"+query, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	at, version := c.at, c.version
	if at.IsZero() {
		at = time.Now()
	}
	if version == "" {
		version = apiVersions[c.service]
	}
	host := r.URL.Host
	if c.hostWithoutPort {
		host = r.URL.Hostname()
	}
	message := tc3.Message{
		Method: c.method, Path: "/", Query: query, PayloadHash: tc3.HashPayload([]byte(body)),
		Headers:   [][2]string{{"content-type", contentType}, {"host", host}},
		Timestamp: at.Unix(), Service: c.service,
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-TC-Action", action)
	r.Header.Set("X-TC-Version", version)
	r.Header.Set("X-TC-Timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("Authorization", message.Authorization(c.secretID, c.secretKey))
	for name, value := range map[string]string{"X-TC-Region": c.region, "X-TC-Token": c.token, "Authorization": c.authorization} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

// send performs a call and returns its status and body.
func (c *client) send(r *http.Request) (int, []byte, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := (&http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}).Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// call performs a call and returns its Response object, numbers as json.Number.
func (c *client) call(action, body string) map[string]any {
	c.t.Helper()
	status, text, err := c.send(c.request(action, body))
	if err != nil {
		c.t.Fatalf("%s: %v", action, err)
	}
	if status != http.StatusOK {
		c.t.Fatalf("%s: status %d", action, status)
	}
	var answer struct{ Response map[string]any }
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		c.t.Fatalf("%s: %v in %s", action, err, text)
	}
	return answer.Response
}

// code is the error code of a call, "" for success.
func (c *client) code(action, body string) string {
	c.t.Helper()
	return errorCode(c.call(action, body))
}

func errorCode(response map[string]any) string {
	failure, _ := response["Error"].(map[string]any)
	code, _ := failure["Code"].(string)
	return code
}

// at walks into a value by keys and indices.
func at(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			elements, _ := value.([]any)
			if step >= len(elements) {
				return nil
			}
			value = elements[step]
		}
	}
	return value
}

// show is a value as JSON, to compare and to print.
func show(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

// serve serves packages on loopback and returns the base URL.
func serve(t *testing.T, files map[string][]byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, found := files[strings.TrimPrefix(r.URL.Path, "/")]
		if !found {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// app is one AppInfo.
func app(address, md5 string) map[string]any {
	return map[string]any{"AppUrl": address, "AppMd5": md5}
}

// submission is the body of CreateScanInstances.
func submission(scanTypes []string, apps ...map[string]any) string {
	return show(map[string]any{"AppInfos": apps, "ScanInfo": map[string]any{"ScanTypes": scanTypes}})
}

var allTypes = []string{"VULSCAN", "VIRUSSCAN", "ADSCAN", "PLUGINSCAN", "PERMISSION", "SENSITIVE"}

// scan submits one package, polls once, and returns its row.
func (c *client) scan(data []byte, scanTypes ...string) map[string]any {
	c.t.Helper()
	if scanTypes == nil {
		scanTypes = allTypes
	}
	base := serve(c.t, map[string][]byte{"app.apk": data})
	submitted := c.call("CreateScanInstances", submission(scanTypes, app(base+"app.apk", packages.MD5(data))))
	results := c.call("DescribeScanResults", show(map[string]any{"ItemId": submitted["ItemId"]}))
	row, _ := at(results, "ScanSet", 0).(map[string]any)
	if row == nil {
		c.t.Fatalf("no row in %s", show(results))
	}
	return row
}

func query(pairs ...string) string {
	var parts []string
	for i := 0; i < len(pairs); i += 2 {
		parts = append(parts, url.QueryEscape(pairs[i])+"="+url.QueryEscape(pairs[i+1]))
	}
	return strings.Join(parts, "&")
}
