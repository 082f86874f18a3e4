package acctest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// A canary is a secret made of one mark, repeated: a piece of it that is worth anything holds the
// whole mark. The marks have characters that JSON and URLs write in other ways.
const (
	keyMark      = `kY5"<w&Zq`
	wrongKeyMark = `wR7"<n&Kj`
	tokenMark    = `tK8/x+Pd=`
	querySign    = `sG4%2Bk9Wv`
	apkSign      = `aP3%2Bh6Tn`
	callbackSign = `cB9%2Bj2Lr`
	iconSign     = `iC5%2Bs8Xf`
	userMark     = `uI6%40pQ3z`

	canaryID = "AKIDc4n4ryQ7xZp2vR9mT4wY8bN3c"
)

var (
	canaryKey   = strings.Repeat(keyMark, 4)
	wrongKey    = strings.Repeat(wrongKeyMark, 4)
	canaryToken = strings.Repeat(tokenMark, 4)

	// marks are what must not be found anywhere; the id of a key counts whole, since messages name
	// an account by its last characters.
	marks = []string{canaryID, keyMark, wrongKeyMark, tokenMark, querySign, apkSign, callbackSign, iconSign, userMark}
)

// forms are the ways in which a mark may be written.
var forms = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, mark := range marks {
		plain := []string{mark}
		if decoded, err := url.QueryUnescape(mark); err == nil && decoded != mark {
			plain = append(plain, decoded)
		}
		for _, text := range plain {
			quoted, _ := json.Marshal(text)
			twice, _ := json.Marshal(string(quoted))
			for _, form := range []string{
				text, inner(string(quoted)), strings.Trim(string(twice), `\"`), inner(strconv.Quote(text)), inner(strconv.QuoteToASCII(text)),
				url.QueryEscape(text), url.PathEscape(text), strings.ToLower(url.QueryEscape(text)), lowerEscapes(url.QueryEscape(text)), hex.EncodeToString([]byte(text)),
			} {
				all[form] = mark
			}
			for shift := range 3 {
				for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
					// Without the characters that depend on what stands before and after.
					encoded := encoding.EncodeToString([]byte(strings.Repeat("x", shift) + text))
					encoded = encoded[(shift*8+5)/6:]
					if bits := (shift + len(text)) * 8 % 6; bits != 0 {
						encoded = encoded[:len(encoded)-1]
					}
					all[encoded] = mark
				}
			}
		}
	}
	return all
})

var escape = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(text string) string { return escape.ReplaceAllStringFunc(text, strings.ToLower) }

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// tap passes connections on to a cloud and keeps the signatures that go by.
type tap struct {
	url string

	mu         sync.Mutex
	signatures []string
}

var signature = regexp.MustCompile(`Signature=([0-9a-f]{64})`)

func newTap(t *testing.T, cloud *acctest.Cloud) *tap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	tp := &tap{url: "http://" + listener.Addr().String()}
	upstream := strings.TrimPrefix(cloud.URL(), "http://")
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go tp.pass(connection, upstream)
		}
	}()
	return tp
}

// pass copies both ways; what breaks on one side is reset on the other.
func (tp *tap) pass(client net.Conn, upstream string) {
	server, err := net.Dial("tcp", upstream)
	if err != nil {
		_ = client.Close()
		return
	}
	go func() {
		_, _ = io.Copy(server, io.TeeReader(client, tp))
		_ = server.Close()
	}()
	if _, err := io.Copy(client, server); err != nil {
		if tcp, ok := client.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
	_ = client.Close()
}

// Write notes the signatures of a request.
func (tp *tap) Write(p []byte) (int, error) {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	for _, match := range signature.FindAllSubmatch(p, -1) {
		tp.signatures = append(tp.signatures, string(match[1]))
	}
	return len(p), nil
}

func (tp *tap) seen() []string {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	return slices.Clone(tp.signatures)
}

// cage is a workspace in which nothing may hold a canary but the URLs where the user wrote them.
type cage struct {
	*acctest.Workspace

	t     *testing.T
	cloud *acctest.Cloud
	tap   *tap
	log   string
	env   []string
	urls  []string // as in the configuration
}

// newCage returns a cage around a cloud of its own; scenario is that of cwp and tcss.
func newCage(t *testing.T, inProcess bool, env ...string) *cage {
	t.Helper()
	cloud := acctest.NewCloud(t, emulator.WithCredentials("AKIDbystander", "bystander"),
		emulator.WithCredential(emulator.Credential{SecretID: canaryID, SecretKey: canaryKey, Token: canaryToken}))
	c := &cage{t: t, cloud: cloud, tap: newTap(t, cloud), log: filepath.Join(t.TempDir(), "trace.log")}
	c.env = []string{"TF_LOG=TRACE", "TF_LOG_PATH=" + c.log}
	if inProcess {
		t.Setenv("TF_ACC_LOG_PATH", c.log) // where the provider's own log goes, at TRACE
		for _, variable := range append(credentialEnv(), env...) {
			name, value, _ := strings.Cut(variable, "=")
			t.Setenv(name, value)
		}
		c.Workspace = acctest.New(t)
	} else {
		c.Workspace = acctest.NewWithBinary(t, append(credentialEnv(), env...)...)
	}
	return c
}

func credentialEnv() []string {
	return []string{"TENCENTCLOUD_SECRET_ID=" + canaryID, "TENCENTCLOUD_SECRET_KEY=" + canaryKey, "TENCENTCLOUD_SECURITY_TOKEN=" + canaryToken}
}

// signed is the URL of a package with user info and a signature.
func (c *cage) signed(name, sign string) string {
	user := strings.Repeat(userMark, 3)
	u := strings.Replace(c.cloud.AppURL(name, strings.Repeat(sign, 4)), "http://", "http://"+user+":"+user+"@", 1)
	c.urls = append(c.urls, u)
	return u
}

func (c *cage) provider(more ...string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    ms = { source = "tencentscan/ms" }
  }
}
provider "ms" {
  endpoint_url    = %q
  journal_dir     = %q
  max_retries     = 1
  request_timeout = "2s"
  %s
}
`, c.tap.url, c.cloud.JournalDir, strings.Join(more, "\n  "))
}

// everything is a configuration with each object that handles a secret or text of the service.
func (c *cage) everything(more ...string) string {
	callback := "http://" + strings.Repeat(userMark, 3) + "@127.0.0.1:1/done?sign=" + strings.Repeat(callbackSign, 4)
	c.urls = append(c.urls, callback)
	return c.provider(more...) + fmt.Sprintf(`
resource "ms_scan_instance" "app" {
  app_infos     = [{ app_url = %q, app_md5 = %q, app_icon_url = %[5]q }]
  scan_info { callback_url = %[3]q }
  poll_interval = "20ms"
  timeouts { create = "10s" }
}
data "ms_scan_results" "app" {
  item_id       = ms_scan_instance.app.item_id
  poll_interval = "20ms"
  gate {
    required_md5s = [%[2]q]
    enforcement = "advisory"
    }
  timeouts { read = "5s" }
}
output "icon" {
  value = data.ms_scan_results.app.scan_set == null ? null : data.ms_scan_results.app.scan_set[*].app_detail_info.app_icon_url
}
data "ms_apk_detection" "app" {
  apk_url       = %[4]q
  apk_md5       = %[2]q
  poll_interval = "1s"
  gate { enforcement = "advisory" }
  timeouts { read = "5s" }
}
`, c.signed("insecure.apk", querySign), c.cloud.MD5("insecure.apk"), callback, c.signed("insecure.apk", apkSign), c.signed("icon.png", iconSign))
}

var sourceLine = regexp.MustCompile(`(?m)^[│\s]*[0-9]+: .*$`)

// do runs the CLI and checks what it printed.
func (c *cage) do(args ...string) string {
	c.t.Helper()
	var output bytes.Buffer
	cmd := c.Command(args...)
	cmd.Env = append(cmd.Env, c.env...)
	cmd.Stdout, cmd.Stderr = &output, &output
	_ = cmd.Run()
	// The CLI quotes the line of the configuration that a diagnostic is about, whoever wrote what there.
	c.check("the output of "+args[0], sourceLine.ReplaceAllString(output.String(), ""))
	return output.String()
}

// document runs the CLI for JSON, and checks every text in it but the user's own URLs.
func (c *cage) document(args ...string) {
	c.t.Helper()
	cmd := c.Command(args...)
	cmd.Env = append(cmd.Env, c.env...)
	text, err := cmd.Output()
	if err != nil {
		c.t.Errorf("%v: %v", args, err)
	}
	c.checkJSON(strings.Join(args, " "), text)
}

func (c *cage) check(where, text string) {
	c.t.Helper()
	for form, mark := range forms() {
		if at := strings.Index(text, form); at >= 0 {
			c.t.Errorf("%s has the canary %s as %s:\n%s", where, mark, form, text[max(0, at-300):min(len(text), at+200)])
		}
	}
	for _, sign := range c.tap.seen() {
		if strings.Contains(text, sign[:20]) || strings.Contains(text, sign[44:]) {
			c.t.Errorf("%s has a signature", where)
		}
	}
	if strings.Contains(text, "TC3-HMAC-SHA256") || signature.MatchString(text) {
		c.t.Errorf("%s has an Authorization header", where)
	}
}

// checkJSON looks at every text of a document. A URL may stand, whole, where the user wrote it.
func (c *cage) checkJSON(where string, text []byte) {
	c.t.Helper()
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		c.t.Errorf("%s: %v", where, err)
	}
	var walk func(at, name string, value any)
	walk = func(at, name string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for key, inside := range v {
				c.check(where+" "+at, key)
				walk(at+"."+key, key, inside)
			}
		case []any:
			for _, inside := range v {
				walk(at+"[]", name, inside)
			}
		case string:
			own := slices.Contains([]string{"app_url", "apk_url", "app_icon_url", "callback_url", "constant_value"}, name) &&
				slices.Contains(c.urls, v) && !strings.Contains(at, "scan_set")
			if !own {
				c.check(where+" "+at, v)
			}
		}
	}
	walk("", "", document)
}

// end checks what is left behind: the log, the state, the journal.
func (c *cage) end() {
	c.t.Helper()
	log, err := os.ReadFile(c.log)
	if err != nil || !bytes.Contains(log, []byte("[TRACE]")) {
		c.t.Fatalf("no log at TRACE: %v", err)
	}
	if calls := c.cloud.Calls(""); calls > 0 && !bytes.Contains(log, []byte("the API")) {
		c.t.Errorf("the log has no call of the provider, although there were %d", calls)
	}
	c.check("the log", string(log))
	for _, pattern := range []string{filepath.Join(c.Dir, "*.tfstate*"), filepath.Join(c.cloud.JournalDir, "*.json")} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				c.t.Error(err)
			}
			if len(text) > 0 {
				c.checkJSON(filepath.Base(file), text)
			}
		}
	}
}

// echo is the worst that a service can say: all that it was sent.
func (c *cage) echo(request map[string]any) string {
	sent, _ := json.Marshal(request)
	return fmt.Sprintf("cannot use %s or %s with key %s, token %s, Signature=%s, from %s or %v", c.disguised(strings.ReplaceAll(string(sent), `\u0026`, "&")),
		canaryID, canaryKey, canaryToken, strings.Join(c.tap.seen(), " Signature="), strings.Join(c.urls, " or "), string(sent))
}

// disguised are the secrets as a service may write them: shortened, encoded, or as a part of a URL. What
// is no URL any more can be known only where the request had it.
func (c *cage) disguised(sent string) string {
	var said []string
	for _, secret := range []string{canaryKey, canaryToken} {
		said = append(said, secret[:3*len(secret)/4]+"...", base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte("x:"+secret)),
			hex.EncodeToString([]byte(secret)), lowerEscapes(url.QueryEscape(secret)))
	}
	for _, text := range c.urls {
		_, query, _ := strings.Cut(text, "?")
		_, rest, _ := strings.Cut(text, "//")
		said = append(said, "GET /a.apk?"+query, "//"+rest, "https://mirror.example/"+text)
		if strings.Contains(sent, text) {
			decoded, _ := url.QueryUnescape(query)
			said = append(said, query, decoded[:3*len(decoded)/4]+"...", lowerEscapes(query), base64.StdEncoding.EncodeToString([]byte(query)))
		}
	}
	return strings.Join(said, " or ")
}

// echoes puts an echo into the texts by which the service explains itself, in failed rows.
func (c *cage) echoes(request, response map[string]any) map[string]any {
	if rows, ok := response["ScanSet"].([]any); ok {
		for _, row := range rows {
			if row, ok := row.(map[string]any); ok {
				row["TaskStatus"], row["StatusCode"], row["StatusDesc"], row["StatusRef"] = 3, 1000, c.echo(request), c.echo(request)
			}
		}
	}
	if _, ok := response["Result"]; ok {
		response["Result"], response["Reason"] = "error", c.echo(request)
		response["ResultList"] = []any{map[string]any{"Errno": "1000", "ErrMsg": c.echo(request)}}
	}
	return response
}

// life is a plan, an apply, a refresh with URLs signed anew, and an import.
func (c *cage) life() {
	c.t.Helper()
	c.Write(c.everything())
	c.do("plan", "-out=plan.out")
	c.document("show", "-json", "plan.out")
	c.do("apply", "-no-color", "plan.out")
	c.document("show", "-json")
	item, _ := c.State("ms_scan_instance.app")["item_id"].(string)
	c.Write(strings.ReplaceAll(c.everything(), "?sign=", "?later=1&sign="))
	for i, u := range c.urls {
		c.urls[i] = u
		c.urls = append(c.urls, strings.ReplaceAll(u, "?sign=", "?later=1&sign="))
	}
	c.do("plan", "-no-color")
	c.do("state", "rm", "ms_scan_instance.app")
	c.do("import", "-no-color", "ms_scan_instance.app", item)
	c.do("import", "-no-color", "ms_scan_instance.app", "no-such-item")
	c.do("apply", "-auto-approve", "-no-color")
	c.document("show", "-json")
	c.cloud.OnAnswer("", c.echoes)
	c.do("plan", "-no-color")
	c.end()
}
