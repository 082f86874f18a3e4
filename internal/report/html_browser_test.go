package report

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// chromium returns the path of a Chromium to test with. Where there is none the test is skipped, unless
// MS_TEST_CHROMIUM demands it: its value is the path, or 1 for one in PATH.
func chromium(t *testing.T) string {
	t.Helper()
	wanted := os.Getenv("MS_TEST_CHROMIUM")
	if wanted != "" && wanted != "1" {
		return wanted
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if wanted != "" {
		t.Fatal("no Chromium in PATH")
	}
	t.Skip("no Chromium in PATH: make test-html says how the page is tested")
	return ""
}

// site serves pages on loopback and notes everything that is asked of it.
type site struct {
	*httptest.Server

	mutex    sync.Mutex
	requests []string
}

func newSite(t *testing.T, pages map[string]string) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.String())
		s.mutex.Unlock()
		page, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(s.Close)
	return s
}

// asked returns what was asked of the site.
func (s *site) asked() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]string(nil), s.requests...)
}

// browse loads a page in a headless Chromium and returns its DOM and what the console said. Every host
// but loopback is not found, so that a request to one is an error that the console tells.
func browse(t *testing.T, url string, flags ...string) (dom, console string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	log := filepath.Join(t.TempDir(), "console.log")
	arguments := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage",
		"--user-data-dir=" + filepath.Join(t.TempDir(), "profile"), "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
		"--enable-logging=stderr", "--log-level=0", "--virtual-time-budget=60000",
	}, flags...)
	errors, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(ctx, chromium(t), append(arguments, "--dump-dom", url)...)
	command.Env = append(os.Environ(), "HOME="+t.TempDir())
	command.Stderr = errors
	output, err := command.Output()
	_ = errors.Close()
	text, _ := os.ReadFile(log)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var said []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, ":CONSOLE") {
			said = append(said, line)
		}
	}
	return string(output), strings.Join(said, "")
}

// probe is a script that uses the page as a user does and writes down what it saw. It stands beside the
// page, whose policy lets no other script run, and reaches into a frame.
func probe(page string) string {
	return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><iframe id="f" src="` + page + `" width="1200" height="900"></iframe><pre id="seen"></pre><script>
document.getElementById("f").addEventListener("load", function () {
  var page = document.getElementById("f").contentDocument, seen = [];
  function say(name, value) { seen.push(name + "=" + value); }
  function rows() { return Array.prototype.filter.call(page.getElementById("rows").rows, function (row) { return row.offsetHeight > 0; }); }
  function look(name) { say(name, rows().length + " | " + page.getElementById("shown").textContent); }
  function set(id, value) {
    var field = page.getElementById(id); field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function sorted(column) {
    var head = page.querySelectorAll("thead th")[column];
    head.querySelector("button").click();
    say("sorted by " + column, head.getAttribute("aria-sort") + " " + rows()[0].cells[column].textContent.trim());
  }
  var steps = [
    function () { say("form", page.getElementById("filter").offsetHeight > 0); look("all"); },
    function () { set("filter-text", "  EXPORTED "); }, function () { look("text"); },
    function () { set("filter-text", "nothing has this"); }, function () { look("none"); },
    function () { set("filter-text", ""); set("filter-severity", "high"); }, function () { look("severity"); },
    function () { set("filter-status", "excepted"); }, function () { look("severity and status"); },
    function () { page.querySelector("#filter button").click(); }, function () { look("reset"); },
    function () { set("filter-category", "permission"); }, function () { look("category"); },
    function () { page.querySelector("#filter button").click(); if (page.getElementById("filter-scan")) { set("filter-scan", "2"); } }, function () { look("scan"); },
    function () { page.querySelector("#filter button").click(); }, function () { sorted(0); sorted(0); sorted(0); sorted(1); look("sorted"); },
    function () { set("filter-severity", "medium"); }, function () { look("filtered after sorting"); },
    function () { page.querySelector("#filter button").click(); document.getElementById("f").style.height = "300px"; },
    function () {
      page.defaultView.scrollTo(0, page.getElementById("table").getBoundingClientRect().top + page.defaultView.scrollY + 200);
      say("head stays", Math.round(page.querySelector("thead th").getBoundingClientRect().top));
    },
    function () {
      page.querySelector("a.skip").focus(); say("skip", page.activeElement.className + " " + (page.activeElement.getBoundingClientRect().left >= 0));
      say("injected", page.querySelectorAll("img, object, embed, iframe, base, main a, main script").length + " " + (window.hit || page.defaultView.hit));
      document.getElementById("seen").textContent = seen.join("\n");
    }
  ];
  (function next() { steps.shift()(); if (steps.length) setTimeout(next, 400); })();
});
</script>`
}

var preText = regexp.MustCompile(`(?s)<pre id="seen">(.*?)</pre>`)

func TestHTML_worksInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	r := mixed(t)
	site := newSite(t, map[string]string{"/report": render(t, "html", r), "/probe": probe("/report")})
	dom, console := browse(t, site.URL+"/probe")
	if console != "" {
		t.Errorf("the console says:\n%s", console)
	}
	for _, request := range site.asked() {
		if request != "GET /probe" && request != "GET /report" {
			t.Errorf("the page asked for %s", request)
		}
	}
	all := len(r.items())
	shown := func(n int) string { return fmt.Sprintf("%d | %d of %d listed findings are shown.", n, n, all) }
	want := strings.Join([]string{
		"form=true",
		fmt.Sprintf("all=%d | %d findings are listed.", all, all),
		"text=" + shown(2), "none=" + shown(0), "severity=" + shown(3), "severity and status=" + shown(1),
		fmt.Sprintf("reset=%d | %d findings are listed.", all, all),
		"category=" + shown(2), "scan=" + shown(1),
		"sorted by 0=ascending Critical", "sorted by 0=descending Info", "sorted by 0=null Critical", "sorted by 1=ascending 7 vulnerabilities in local images, 0 allowedVulnerability",
		fmt.Sprintf("sorted=%d | %d findings are listed.", all, all), "filtered after sorting=" + shown(3), "head stays=0",
		"skip=skip true",
		"injected=0 undefined",
	}, "\n")
	match := preText.FindStringSubmatch(dom)
	if len(match) < 2 || match[1] != want {
		t.Errorf("the browser saw\n%s\nwant\n%s", match, want)
	}
}

// TestHTML_canBeReadWithoutScript: all rows are there, and no controls that would do nothing. A frame
// in a sandbox runs no script; Chromium says so on the console.
func TestHTML_canBeReadWithoutScript(t *testing.T) {
	t.Parallel()
	chromium(t)
	r := mixed(t)
	outside := `<!doctype html><link rel="icon" href="data:,"><iframe id="f" sandbox="allow-same-origin" src="/report" width="1200" height="900"></iframe><pre id="seen"></pre><script>
document.getElementById("f").addEventListener("load", function () {
  var page = document.getElementById("f").contentDocument;
  var rows = Array.prototype.filter.call(page.getElementById("rows").rows, function (row) { return row.offsetHeight > 0; });
  document.getElementById("seen").textContent = rows.length + " rows, form " + page.getElementById("filter").offsetHeight + ", " + page.getElementById("shown").textContent;
});
</script>`
	site := newSite(t, map[string]string{"/report": render(t, "html", r), "/outside": outside})
	dom, _ := browse(t, site.URL+"/outside")
	n := len(r.items())
	want := fmt.Sprintf("%d rows, form 0, %d findings are listed.", n, n)
	if match := preText.FindStringSubmatch(dom); len(match) < 2 || match[1] != want {
		t.Errorf("the browser saw %q, want %q", match, want)
	}
}

// TestHTML_hostileTextsDoNothingInABrowser loads the page that the injection test reads.
func TestHTML_hostileTextsDoNothingInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	site := newSite(t, map[string]string{"/report": render(t, "html", hostileReport(t)), "/probe": probe("/report")})
	dom, console := browse(t, site.URL+"/probe")
	if console != "" {
		t.Errorf("the console says:\n%s", console)
	}
	for _, request := range site.asked() {
		if request != "GET /probe" && request != "GET /report" {
			t.Errorf("the page asked for %s", request)
		}
	}
	if !strings.Contains(dom, "injected=0 undefined") {
		t.Errorf("a text became markup:\n%s", preText.FindString(dom))
	}
}

// TestHTML_fitsNarrowAndWide: nothing is wider than the page, in either scheme.
func TestHTML_fitsNarrowAndWide(t *testing.T) {
	t.Parallel()
	chromium(t)
	measure := `<!doctype html><link rel="icon" href="data:,"><body></body><pre id="seen"></pre><script>
var seen = [], widths = [390, 1280];
(function next() {
  if (!widths.length) { document.getElementById("seen").textContent = seen.join("\n"); return; }
  var width = widths.shift(), frame = document.createElement("iframe");
  frame.style.width = width + "px"; frame.style.height = "800px"; frame.style.border = "0"; frame.src = "/report";
  frame.addEventListener("load", function () {
    seen.push(width + "=" + frame.contentDocument.documentElement.scrollWidth);
    frame.remove(); next();
  });
  document.body.appendChild(frame);
})();
</script>`
	site := newSite(t, map[string]string{"/report": render(t, "html", hostileReport(t)), "/measure": measure})
	dom, _ := browse(t, site.URL+"/measure")
	match := preText.FindStringSubmatch(dom)
	if len(match) < 2 || len(strings.Fields(match[1])) != 2 {
		t.Fatalf("not measured:\n%s", dom)
	}
	for _, line := range strings.Fields(match[1]) {
		want, got, _ := strings.Cut(line, "=")
		limit, _ := strconv.Atoi(want)
		if width, err := strconv.Atoi(got); err != nil || width > limit {
			t.Errorf("on a screen of %s the page is %s wide", want, got)
		}
	}
}
