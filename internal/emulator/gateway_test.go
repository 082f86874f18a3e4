package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// passed is the code of a call that passes the gateway and is then refused for its ItemId.
const passed = "ResourceNotFound.ItemIdNotFound"

const anyItem = `{"ItemId":"none"}`

func TestGateway_refusesWhoItCannotTrust(t *testing.T) {
	t.Parallel()
	now := time.Now()
	base := start(t, emulator.WithClock(func() time.Time { return now }),
		emulator.WithCredential(emulator.Credential{SecretID: "temporary", SecretKey: "k", Token: "good"}),
		emulator.WithCredential(emulator.Credential{SecretID: "old", SecretKey: "k", Token: "good", Expires: now.Add(-time.Second)}))
	tests := map[string]struct {
		change func(*client)
		want   string
	}{
		"good":                  {func(*client) {}, passed},
		"host without its port": {func(c *client) { c.hostWithoutPort = true }, passed},
		"first label as scope":  {func(c *client) { c.service, c.version = "127", "2018-04-08" }, passed},
		"localhost as scope":    {func(c *client) { c.service, c.version = "localhost:8080", "2018-04-08" }, passed},
		"token":                 {func(c *client) { c.secretID, c.secretKey, c.token = "temporary", "k", "good" }, passed},
		"no authorization":      {func(c *client) { c.authorization = "SKIP" }, "AuthFailure.InvalidAuthorization"},
		"unknown key":           {func(c *client) { c.secretID = "AKIDother" }, "AuthFailure.SecretIdNotFound"},
		"wrong key":             {func(c *client) { c.secretKey = "x" }, "AuthFailure.SignatureFailure"},
		"clock behind":          {func(c *client) { c.at = now.Add(-5*time.Minute - 5*time.Second) }, "AuthFailure.SignatureExpire"},
		"clock ahead":           {func(c *client) { c.at = now.Add(5*time.Minute + 5*time.Second) }, "AuthFailure.SignatureExpire"},
		"clock a little behind": {func(c *client) { c.at = now.Add(-4*time.Minute - 30*time.Second) }, passed},
		"wrong token":           {func(c *client) { c.secretID, c.secretKey, c.token = "temporary", "k", "bad" }, "AuthFailure.TokenFailure"},
		"no token":              {func(c *client) { c.secretID, c.secretKey = "temporary", "k" }, "AuthFailure.TokenFailure"},
		"token for a plain key": {func(c *client) { c.token = "good" }, "AuthFailure.TokenFailure"},
		"expired token":         {func(c *client) { c.secretID, c.secretKey, c.token = "old", "k", "good" }, "AuthFailure.TokenFailure"},
		"unknown product":       {func(c *client) { c.service, c.version = "cvm", "2018-04-08" }, "NoSuchProduct"},
		"product of another":    {func(c *client) { c.service = "cwp" }, "InvalidAction"},
		"old version":           {func(c *client) { c.version = "2017-04-08" }, "NoSuchVersion"},
		"no date as version":    {func(c *client) { c.version = "v3" }, "NoSuchVersion"},
		"malformed region":      {func(c *client) { c.region = "Guangzhou" }, "UnsupportedRegion"},
		"no region":             {func(c *client) { c.region = "" }, passed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := base.with(test.change).code("DescribeScanResults", anyItem); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestGateway_checksParametersAtAnyDepth(t *testing.T) {
	t.Parallel()
	c := start(t)
	md5 := strings.Repeat("a", 32)
	const ok = `{"AppUrl":"http://127.0.0.1/a","AppMd5":"`
	many := `{"AppInfos":[` + strings.TrimSuffix(strings.Repeat(`{"AppUrl":"http://h/","AppMd5":"`+md5+`"},`, 21), ",") + `],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`
	tests := map[string][3]string{ // action, body, code
		"unknown action":            {"DescribeNothing", `{}`, "InvalidAction"},
		"no JSON":                   {"DescribeScanResults", `{`, "InvalidParameter"},
		"no object":                 {"DescribeScanResults", `[]`, "InvalidParameter"},
		"null":                      {"DescribeScanResults", `null`, "InvalidParameter"},
		"more than an object":       {"DescribeScanResults", anyItem + "x", "InvalidParameter"},
		"unknown":                   {"DescribeScanResults", `{"ItemId":"a","Limit":1}`, "UnknownParameter"},
		"unknown within":            {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `","AppUrls":1}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "UnknownParameter"},
		"wrong type":                {"DescribeScanResults", `{"ItemId":1}`, "InvalidParameter"},
		"wrong type within":         {"DescribeScanResults", `{"ItemId":"a","AppMd5s":["a",1]}`, "InvalidParameter"},
		"null within a list":        {"DescribeScanResults", `{"ItemId":"a","AppMd5s":[null]}`, "InvalidParameter"},
		"fraction":                  {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `","AppSize":1.5}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "InvalidParameter"},
		"number as text":            {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `","AppSize":"1"}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "InvalidParameter"},
		"no item":                   {"DescribeScanResults", `{}`, "MissingParameter.MissingItemId"},
		"empty item":                {"DescribeScanResults", `{"ItemId":""}`, "MissingParameter.MissingItemId"},
		"no apps":                   {"CreateScanInstances", `{"AppInfos":[],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "MissingParameter.MissingAppInfo"},
		"no URL":                    {"CreateScanInstances", `{"AppInfos":[{"AppMd5":"` + md5 + `"}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "MissingParameter.MissingAppInfo"},
		"no scan info":              {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `"}]}`, "MissingParameter"},
		"no scan types":             {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `"}],"ScanInfo":{}}`, "MissingParameter"},
		"21 apps":                   {"CreateScanInstances", many, "InvalidParameterValue"},
		"no MD5":                    {"CreateScanInstances", `{"AppInfos":[` + ok + `xyz"}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "InvalidParameterValue"},
		"MD5 twice in another case": {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `"},` + ok + strings.ToUpper(md5) + `"}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "InvalidParameterValue"},
		"no web URL":                {"CreateScanInstances", `{"AppInfos":[{"AppUrl":"file:///etc/passwd","AppMd5":"` + md5 + `"}],"ScanInfo":{"ScanTypes":["VULSCAN"]}}`, "InvalidParameterValue"},
		"no scan type":              {"CreateScanInstances", `{"AppInfos":[` + ok + md5 + `"}],"ScanInfo":{"ScanTypes":["EVERYTHING"]}}`, "InvalidParameterValue"},
		"item of nobody":            {"DescribeScanResults", anyItem, passed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.code(test[0], test[1]); got != test[2] {
				t.Errorf("got %q, want %q", got, test[2])
			}
		})
	}
	t.Cleanup(func() {
		if c.server.Submissions() != 0 {
			t.Error("something was submitted")
		}
	})
}

func TestGateway_readsAFlattenedQuery(t *testing.T) {
	t.Parallel()
	get := start(t).with(func(c *client) { c.method = http.MethodGet })
	tests := map[string][2]string{
		"good":                {query("ItemId", "none", "AppMd5s.0", "a", "AppMd5s.1", "b"), passed},
		"unknown":             {query("ItemId", "none", "Extra", "1"), "UnknownParameter"},
		"unknown within":      {query("ItemId", "none", "AppMd5s.0.X", "1"), "InvalidParameter"},
		"gap":                 {query("ItemId", "none", "AppMd5s.1", "a"), "InvalidParameter"},
		"index of two forms":  {query("ItemId", "none", "AppMd5s.00", "a"), "InvalidParameter"},
		"list as a value":     {query("ItemId", "none", "AppMd5s", "a"), "InvalidParameter"},
		"contradiction":       {query("ItemId", "none", "AppMd5s", "a", "AppMd5s.0", "a"), "InvalidParameter"},
		"twice":               {query("ItemId", "none", "ItemId", "none"), "InvalidParameter"},
		"missing":             {query("AppMd5s.0", "a"), "MissingParameter.MissingItemId"},
		"absurdly deep":       {query("ItemId", "none", strings.Repeat("a.", 50)+"a", "1"), "InvalidParameter"},
		"broken percent sign": {"ItemId=%zz", "InvalidParameter"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := get.code("DescribeScanResults", test[0]); got != test[1] {
				t.Errorf("got %q, want %q", got, test[1])
			}
		})
	}
	cwp := get.cwp()
	answer := cwp.call("DescribeScanTaskDetails", query("ModuleType", "Vul", "TaskId", "1", "Limit", "2",
		"Filters.0.Name", "HostName", "Filters.0.Values.0", "db-", "Filters.0.ExactMatch", "false"))
	if rows, _ := answer["ScanTaskDetailList"].([]any); len(rows) != 2 || show(answer["TotalCount"]) != "3" {
		t.Errorf("numbers and booleans of a query: %s", show(answer))
	}
	if code := cwp.code("DescribeScanTaskDetails", query("ModuleType", "Vul", "TaskId", "one")); code != "InvalidParameter" {
		t.Errorf("a number that is none: %q", code)
	}
}

func TestGateway_refusesOtherMethodsPathsAndTypes(t *testing.T) {
	t.Parallel()
	c := start(t)
	for want, change := range map[string]func(*http.Request){
		"UnsupportedProtocol": func(r *http.Request) { r.Method = http.MethodPut },
		"InvalidRequest":      func(r *http.Request) { r.URL.Path = "/v2/" },
		"InvalidParameter":    func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"MissingParameter":    func(r *http.Request) { r.Header.Del("X-TC-Timestamp") },
	} {
		r := c.request("DescribeScanResults", anyItem)
		change(r)
		_, body, err := c.send(r)
		if err != nil || !strings.Contains(string(body), `"`+want+`"`) {
			t.Errorf("want %s, got %s, %v", want, body, err)
		}
	}
	_, body, err := c.send(c.request("DescribeScanResults", `{"ItemId":"`+strings.Repeat("x", 11<<20)+`"}`))
	if err == nil && !strings.Contains(string(body), "RequestSizeLimitExceeded") {
		t.Errorf("a body of 11 MiB: %.200s", body)
	}
}

func TestGateway_needsTheRegionForDetection(t *testing.T) {
	t.Parallel()
	c := start(t).with(func(c *client) { c.region = "" })
	if got := c.code("DescribeApkDetectionResult", `{"ApkUrl":"http://127.0.0.1/","ApkMd5":"`+strings.Repeat("a", 32)+`"}`); got != "MissingParameter" {
		t.Errorf("got %q", got)
	}
}

func TestGateway_limitsEachActionOfEachAccount(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	c := start(t, emulator.WithRequestsPerSecond(2), emulator.WithClock(func() time.Time { return now }),
		emulator.WithCredential(emulator.Credential{SecretID: "other", SecretKey: "k", Account: "2"}))
	for i, want := range []string{passed, passed, "RequestLimitExceeded", "RequestLimitExceeded"} {
		if got := c.code("DescribeScanResults", anyItem); got != want {
			t.Errorf("call %d: got %q, want %q", i, got, want)
		}
	}
	other := c.with(func(c *client) { c.secretID, c.secretKey = "other", "k" })
	if got := other.code("DescribeScanResults", anyItem); got != passed {
		t.Errorf("another account: %q", got)
	}
	if got := c.tcss().code("DescribeVulScanInfo", `{}`); got != "" {
		t.Errorf("another action: %q", got)
	}
	c.server.Advance(time.Second)
	if got := c.code("DescribeScanResults", anyItem); got != passed {
		t.Errorf("the next second: %q", got)
	}
	throttled := 0
	for _, call := range c.server.Ledger().Rejections() {
		if call.Code == "RequestLimitExceeded" {
			throttled++
		}
	}
	if throttled != 2 {
		t.Errorf("%d throttled calls are in the ledger", throttled)
	}
}

func TestGateway_answersEachCallWithItsOwnRequestID(t *testing.T) {
	t.Parallel()
	c := start(t)
	one, two := c.call("DescribeScanResults", anyItem), c.tcss().call("DescribeVulScanInfo", `{}`)
	id, _ := one["RequestId"].(string)
	if len(id) != 36 || one["RequestId"] == two["RequestId"] {
		t.Errorf("RequestIds %v and %v", one["RequestId"], two["RequestId"])
	}
	if ledger := c.server.Ledger(); ledger.Calls[0].RequestID != id || ledger.Calls[0].Code != passed || !ledger.Calls[0].Processed {
		t.Errorf("the ledger has %+v", ledger.Calls[0])
	}
}

func TestNew_refusesWhatIsNotLoopback(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example", "127.0.0.1"} {
		server, err := emulator.New(emulator.WithListen(address))
		if err == nil {
			server.Close()
			t.Errorf("listens on %s", address)
		}
	}
}

func TestNew_refusesOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]emulator.Option{
		"clock": emulator.WithClock(nil), "duration": emulator.WithScanDuration(-1), "quota": emulator.WithQuota(-1),
		"polls": emulator.WithScanPolls(-1), "rate": emulator.WithRequestsPerSecond(-1), "key": emulator.WithCredentials("a", ""),
		"second key": emulator.WithCredential(emulator.Credential{SecretID: "a"}), "region": emulator.WithRegion("Nowhere"),
		"bounds": emulator.WithPackageBounds(0, 0), "scenario": emulator.WithScenario([]byte(`{"unknown":1}`)),
	} {
		server, err := emulator.New(option)
		if err == nil {
			server.Close()
			t.Errorf("%s was accepted", name)
		}
	}
}
