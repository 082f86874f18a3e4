package emulator_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// packageFolder is a folder of packages beside a file that is not to be served.
func packageFolder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	folder := filepath.Join(root, "packages")
	err := errors.Join(
		os.MkdirAll(filepath.Join(folder, "below"), 0o700),
		os.WriteFile(filepath.Join(folder, "clean.apk"), packages.Clean(), 0o600),
		os.WriteFile(filepath.Join(folder, "below", "a b.apk"), packages.Ads(), 0o600),
		os.WriteFile(filepath.Join(folder, "index.html"), []byte("an index"), 0o600),
		os.WriteFile(filepath.Join(root, "secret"), []byte("secret"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// get sends a request whose path goes out as it is: a client of net/http would clean it.
func get(t *testing.T, server *emulator.Server, method, path string) (int, string) {
	t.Helper()
	address := strings.TrimPrefix(server.URL(), "http://")
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if _, err := io.WriteString(connection, method+" "+path+" HTTP/1.0\r\nHost: "+address+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil && method != http.MethodHead {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestPackages_areServedAndScanned(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithPackages(packageFolder(t)))
	for path, want := range map[string][]byte{"/clean.apk": packages.Clean(), "/clean.apk?sign=a": packages.Clean(), "/below/a%20b.apk": packages.Ads()} {
		if code, body := get(t, c.server, http.MethodGet, "/packages"+path); code != http.StatusOK || body != string(want) {
			t.Errorf("%s: status %d, %d bytes, want %d", path, code, len(body), len(want))
		}
	}
	if c.server.Calls("") != 0 {
		t.Error("reading a package is in the ledger of calls")
	}
	clean := packages.Clean()
	answer := c.call("CreateScanInstances", submission([]string{"VULSCAN"}, app(c.server.PackagesURL()+"/clean.apk", packages.MD5(clean))))
	if got := statuses(c.results(answer["ItemId"])); got != "1/0" {
		t.Errorf("its own package, scanned: %s", got)
	}
}

func TestPackages_nothingElseIsServed(t *testing.T) {
	t.Parallel()
	folder := packageFolder(t)
	links := map[string]string{"out": filepath.Join("..", "secret"), "far": filepath.Join(filepath.Dir(folder), "secret"), "up": "..", "loop": "loop"}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Skipf("no links here: %v", err)
		}
	}
	server := start(t, emulator.WithPackages(folder)).server
	for _, path := range []string{
		"/", "", "/below", "/below/", "/none.apk", "/clean.apk/", "/clean.apk/x", "/out", "/far", "/up/secret", "/loop", "/x%00y",
		"/../secret", "/%2e%2e/secret", "/..%2fsecret", "/below/../../secret", "/below%2f..%2f..%2fsecret", "//" + folder + "/../secret", `/..\secret`, "/..%5csecret",
	} {
		// A path that is not clean is redirected, or belongs to the API, which answers any path.
		code, body := get(t, server, http.MethodGet, "/packages"+path)
		if code == http.StatusOK && !strings.HasPrefix(body, `{"Response":`) || body == "secret" || strings.Contains(body, "a b.apk") {
			t.Errorf("%s: status %d, %.80q", path, code, body)
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodPost, http.MethodDelete} {
		if code, _ := get(t, server, method, "/packages/clean.apk"); code != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, code)
		}
	}
	if code, body := get(t, server, http.MethodHead, "/packages/clean.apk"); code != http.StatusOK || body != "" {
		t.Errorf("HEAD: status %d, %q", code, body)
	}
}

// A web page reaches this machine under a name that it controls.
func TestPackages_areForThisMachineOnly(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithPackages(packageFolder(t)))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.server.PackagesURL()+"/clean.apk", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "example.com"
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestPackages_withoutAFolderThereAreNone(t *testing.T) {
	t.Parallel()
	server := start(t).server
	if url := server.PackagesURL(); url != "" {
		t.Errorf("the URL is %q", url)
	}
	file := filepath.Join(packageFolder(t), "clean.apk")
	for _, folder := range []string{"", file, file + ".none"} {
		if server, err := emulator.New(emulator.WithPackages(folder)); err == nil {
			server.Close()
			t.Errorf("%q was taken", folder)
		}
	}
}
