package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// submitClean submits as many variants of the clean package and returns the answer and the MD5s.
func (c *client) submitClean(n int) (map[string]any, []string) {
	c.t.Helper()
	files, md5s := map[string][]byte{}, []string{}
	for i := range n {
		data := packages.Variant(packages.Clean(), c.t.Name()+string(rune('a'+i)))
		files[packages.MD5(data)] = data
		md5s = append(md5s, packages.MD5(data))
	}
	base := serve(c.t, files)
	var apps []map[string]any
	for _, md5 := range md5s {
		apps = append(apps, app(base+md5, md5))
	}
	return c.call("CreateScanInstances", submission([]string{"VULSCAN", "VIRUSSCAN"}, apps...)), md5s
}

func (c *client) results(itemID any) map[string]any {
	c.t.Helper()
	return c.call("DescribeScanResults", show(map[string]any{"ItemId": itemID}))
}

// statuses are the TaskStatus of all rows.
func statuses(results map[string]any) string {
	var list []string
	rows, _ := results["ScanSet"].([]any)
	for _, row := range rows {
		list = append(list, show(at(row, "TaskStatus"))+"/"+show(at(row, "StatusCode")))
	}
	return strings.Join(list, " ")
}

func TestSubmit_takesEachAcceptedAppFromTheQuota(t *testing.T) {
	t.Parallel()
	end := time.Unix(1900000000, 0)
	c := start(t, emulator.WithQuota(3), emulator.WithLimitTime(end))
	answer, md5s := c.submitClean(2)
	if show(answer["LimitCount"]) != "1" || show(answer["LimitTime"]) != "1900000000" || show(answer["AppMd5s"]) != show(md5s) {
		t.Errorf("answer %s", show(answer))
	}
	answer, _ = c.submitClean(2)
	if errorCode(answer) != "LimitExceeded" {
		t.Errorf("two apps with one scan left: %s", show(answer))
	}
	c.submitClean(1)
	answer, _ = c.submitClean(1)
	if errorCode(answer) != "LimitExceeded" {
		t.Errorf("with none left: %s", show(answer))
	}
	if c.server.Submissions() != 2 || c.server.Calls("CreateScanInstances") != 4 {
		t.Errorf("%d submissions, %d calls", c.server.Submissions(), c.server.Calls("CreateScanInstances"))
	}
	c.server.SetQuota(5)
	if answer, _ = c.submitClean(1); show(answer["LimitCount"]) != "4" {
		t.Errorf("after new quota: %s", show(answer))
	}
}

func TestSubmit_leavesRejectedAppsOut(t *testing.T) {
	t.Parallel()
	good, bad := packages.MD5(packages.Clean()), packages.MD5(packages.Ads())
	base := serve(t, map[string][]byte{"clean": packages.Clean(), "ads": packages.Ads()})
	c := start(t, emulator.WithRejected(strings.ToUpper(bad)), emulator.WithQuota(1))
	answer := c.call("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", strings.ToUpper(good)), app(base+"ads", bad)))
	if show(answer["AppMd5s"]) != show([]string{strings.ToUpper(good)}) {
		t.Errorf("accepted %s", show(answer))
	}
	if results := c.results(answer["ItemId"]); show(results["TotalCount"]) != "1" {
		t.Errorf("results %s", show(results))
	}
	book := c.server.Ledger()
	if len(book.Submissions) != 1 || !slices.Equal(book.Submissions[0].RejectedMD5s, []string{bad}) || c.server.SubmissionsOf(good) != 1 || c.server.SubmissionsOf(bad) != 0 {
		t.Errorf("ledger %+v", book.Submissions)
	}
}

func TestSubmit_acceptingNothingStillMakesAnItem(t *testing.T) {
	t.Parallel()
	bad := packages.MD5(packages.Ads())
	c := start(t, emulator.WithRejected(bad))
	answer := c.call("CreateScanInstances", submission([]string{"VULSCAN"}, app("http://127.0.0.1:1/", bad)))
	results := c.results(answer["ItemId"])
	if show(answer["AppMd5s"]) != "[]" || show(results["ScanSet"]) != "[]" || show(results["TotalCount"]) != "0" {
		t.Errorf("%s, then %s", show(answer), show(results))
	}
}

func TestResults_stayInProcessingForTheScanDuration(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScanDuration(time.Minute))
	answer, md5s := c.submitClean(2)
	if got := statuses(c.results(answer["ItemId"])); got != "2/0 2/0" {
		t.Errorf("at once: %s", got)
	}
	c.server.Advance(59 * time.Second)
	if got := statuses(c.results(answer["ItemId"])); got != "2/0 2/0" {
		t.Errorf("after 59s: %s", got)
	}
	c.server.Advance(2 * time.Second)
	results := c.results(answer["ItemId"])
	if got := statuses(results); got != "1/0 1/0" {
		t.Errorf("after 61s: %s", got)
	}
	one := c.call("DescribeScanResults", show(map[string]any{"ItemId": answer["ItemId"], "AppMd5s": []string{strings.ToUpper(md5s[1])}}))
	if show(one["TotalCount"]) != "1" || at(one, "ScanSet", 0, "AppDetailInfo", "AppMd5") != md5s[1] {
		t.Errorf("filtered: %s", show(one))
	}
}

func TestResults_stayInProcessingForSoManyPollsAndWhileHeld(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithScanPolls(2))
	release := c.server.HoldScans()
	answer, _ := c.submitClean(1)
	var seen []string
	for range 4 {
		seen = append(seen, statuses(c.results(answer["ItemId"])))
	}
	release()
	release()
	seen = append(seen, statuses(c.results(answer["ItemId"])))
	defer c.server.HoldScans()()
	seen = append(seen, statuses(c.results(answer["ItemId"])))
	if want := []string{"2/0", "2/0", "2/0", "2/0", "1/0", "1/0"}; !slices.Equal(seen, want) {
		t.Errorf("saw %v, want %v", seen, want)
	}
}

func TestResults_tellWhyAnAppFailed(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base := serve(t, map[string][]byte{"clean": clean, "junk": []byte("no package"), "empty": {}})
	md5 := packages.MD5(clean)
	tests := map[string]struct {
		app  map[string]any
		want string
	}{
		"another MD5":  {app(base+"clean", strings.Repeat("0", 32)), "3/1001"},
		"another size": {map[string]any{"AppUrl": base + "clean", "AppMd5": md5, "AppSize": len(clean) + 1}, "3/1001"},
		"right size":   {map[string]any{"AppUrl": base + "clean", "AppMd5": md5, "AppSize": len(clean)}, "1/0"},
		"not found":    {app(base+"none", md5), "3/1000"},
		"no loopback":  {app("http://192.0.2.1/clean", md5), "3/1000"},
		"a name":       {app("http://packages.example/clean", md5), "3/1000"},
		"localhost":    {app(strings.Replace(base, "127.0.0.1", "files.localhost", 1)+"clean", md5), "1/0"},
		"redirect out": {app(redirect(t, "http://192.0.2.1/clean"), md5), "3/1000"},
		"redirect":     {app(redirect(t, base+"clean"), md5), "1/0"},
		"no package":   {app(base+"junk", packages.MD5([]byte("no package"))), "3/3"},
		"empty":        {app(base+"empty", packages.MD5(nil)), "3/5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			answer := c.call("CreateScanInstances", submission([]string{"VULSCAN"}, test.app))
			results := c.results(answer["ItemId"])
			if got := statuses(results); got != test.want {
				t.Errorf("got %s, want %s: %s", got, test.want, show(results))
			}
			if _, found := at(results, "ScanSet", 0).(map[string]any)["VulInfo"]; found != (test.want == "1/0") {
				t.Errorf("a failed app has findings, or a good one has none: %s", show(results))
			}
		})
	}
}

// redirect is a link that redirects.
func redirect(t *testing.T, location string) string {
	t.Helper()
	server := httptest.NewServer(http.RedirectHandler(location, http.StatusFound))
	t.Cleanup(server.Close)
	return server.URL
}

func TestResults_boundTheDownloadAndTheAnalysis(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base := serve(t, map[string][]byte{"clean": clean})
	c := start(t, emulator.WithPackageBounds(100, time.Minute))
	answer := c.call("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", packages.MD5(clean))))
	if got := statuses(c.results(answer["ItemId"])); got != "3/1000" {
		t.Errorf("a package above the bound: %s", got)
	}
	c = start(t, emulator.WithPackageBounds(1<<20, time.Nanosecond))
	answer = c.call("CreateScanInstances", submission([]string{"VULSCAN"}, app(base+"clean", packages.MD5(clean))))
	if got := statuses(c.results(answer["ItemId"])); got != "3/1000" {
		t.Errorf("a download above its time: %s", got)
	}
}

func TestResults_ofAnotherAccountDoNotExist(t *testing.T) {
	t.Parallel()
	c := start(t, emulator.WithCredential(emulator.Credential{SecretID: "other", SecretKey: "k", Account: "2"}))
	answer, _ := c.submitClean(1)
	other := c.with(func(c *client) { c.secretID, c.secretKey = "other", "k" })
	if got := errorCode(other.results(answer["ItemId"])); got != passed {
		t.Errorf("got %q", got)
	}
	if !c.server.Forget(answer["ItemId"].(string)) || c.server.Forget(answer["ItemId"].(string)) {
		t.Error("forgetting does not tell whether the item was there")
	}
	if got := errorCode(c.results(answer["ItemId"])); got != passed {
		t.Errorf("after forgetting: %q", got)
	}
}

func TestCallback_comesOnceForEachApp(t *testing.T) {
	t.Parallel()
	posts := make(chan string, 10)
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		posts <- r.Method + " " + r.Header.Get("Content-Type")
	}))
	t.Cleanup(listener.Close)
	clean, ads := packages.Clean(), packages.Ads()
	base := serve(t, map[string][]byte{"clean": clean, "ads": ads})
	c := start(t)
	c.call("CreateScanInstances", show(map[string]any{
		"AppInfos": []any{app(base+"clean", packages.MD5(clean)), app(base+"ads", packages.MD5(ads))},
		"ScanInfo": map[string]any{"ScanTypes": []string{"VULSCAN"}, "CallbackUrl": listener.URL},
	}))
	for range 2 {
		if got := <-posts; got != "POST application/json" {
			t.Errorf("callback %s", got)
		}
	}
	c.server.Close()
	if len(posts) != 0 {
		t.Error("a callback came twice")
	}
}
