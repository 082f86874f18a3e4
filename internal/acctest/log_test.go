package acctest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// entry is a line of the log by its fields, "message" and "level" among them.
type entry map[string]string

var (
	logLine  = regexp.MustCompile(`^\S+Z \[(TRACE|DEBUG|INFO|WARN|ERROR)\]\s+provider\.\S+: (.*?): (.*)$`)
	logField = regexp.MustCompile(`(\S+?)=("(?:[^"\\]|\\.)*"|\S*)`)
)

// own are fields of each line that are not the provider's doing.
var own = []string{"@caller", "@module", "timestamp", "tf_req_id", "tf_rpc", "tf_provider_addr", "tf_resource_type", "tf_data_source_type"}

// subsystem returns the lines that the provider wrote, in their order.
func subsystem(t *testing.T, log string) []entry {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, "@module=ms.ms") {
			continue
		}
		parts := logLine.FindStringSubmatch(strings.TrimSpace(line))
		if parts == nil {
			t.Fatalf("a line of another form: %s", line)
		}
		e := entry{"level": parts[1], "message": parts[2]}
		for _, field := range logField.FindAllStringSubmatch(parts[3], -1) {
			value := field[2]
			if strings.HasPrefix(value, `"`) {
				if err := json.Unmarshal([]byte(value), &value); err != nil {
					t.Fatalf("%s: %v", value, err)
				}
			}
			if !slices.Contains(own, field[1]) {
				e[field[1]] = value
			}
		}
		entries = append(entries, e)
	}
	return entries
}

// logging is a workspace with the provider's binary and the log of its runs.
func logging(t *testing.T, env ...string) (w *acctest.Workspace, log string) {
	t.Helper()
	log = filepath.Join(t.TempDir(), "run.log")
	return acctest.NewWithBinary(t, append(env, "TF_LOG_PATH="+log)...), log
}

// varies stands for a value that differs from run to run; it must be there, and not be empty.
const varies = "*"

// expectEntries fails the test unless the entries are those wanted: the same fields, neither more nor
// less, with the same values.
func expectEntries(t *testing.T, got, want []entry) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d:\n%s", len(got), len(want), show(got))
	}
	for i, w := range want {
		g := maps.Clone(got[i])
		for field, value := range w {
			if value == varies && g[field] != "" {
				g[field] = varies
			}
		}
		if !maps.Equal(g, w) {
			t.Errorf("entry %d is\n%v, want\n%v", i, got[i], w)
		}
	}
}

func show(entries []entry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintln(&b, map[string]string(e))
	}
	return b.String()
}

func gatedScan(cloud *acctest.Cloud, name string) string {
	return cloud.Provider() + fmt.Sprintf(`
resource "ms_scan_instance" "app" {
  app_infos     = [%s]
  poll_interval = "20ms"
}
data "ms_scan_results" "app" {
  item_id = ms_scan_instance.app.item_id
  gate {
    required_md5s = [%q]
    enforcement = "advisory"
    }
}
`, cloud.App(name), cloud.MD5(name))
}

func TestAccLog_infoTellsOfSubmissionWaitAndVerdict(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	cloud := acctest.NewCloud(t, emulator.WithScanPolls(2), emulator.WithQuota(7))
	w, log := logging(t, "TF_LOG=INFO")
	w.Write(gatedScan(cloud, "insecure.apk"))
	w.Apply().Succeeds().Says("Security gate")
	item, _ := w.State("ms_scan_instance.app")["item_id"].(string)
	verdict, _ := w.State("data.ms_scan_results.app")["verdict"].(map[string]any)
	policy, _ := verdict["policy_sha256"].(string)
	object := "item " + item
	expectEntries(t, subsystem(t, log), []entry{
		{
			"level": "INFO", "message": "Submitted a scan", "object": "apps with MD5 " + cloud.MD5("insecure.apk"), "apps": "1", "accepted": "1",
			"item_id": item, "limit_count": "6", "request_id": cloud.Ledger().Of("CreateScanInstances")[0].RequestID,
		},
		{
			"level": "INFO", "message": "Waiting for a scan", "object": object, "waited": varies, "next_poll_in": "20ms",
			"status": "processing: 0 of 1 apps done, 0 rejected or failed",
		},
		{
			"level": "INFO", "message": "Waited for a scan", "object": object, "waited": varies,
			"status": "completed: 1 of 1 apps done, 0 rejected or failed",
		},
		{"level": "INFO", "message": "Waited for a scan", "object": object, "waited": varies, "status": "completed, 1 row"},
		{
			"level": "INFO", "message": "Judged a scan", "object": object, "outcome": "fail", "policy_sha256": policy, "enforcement": "advisory",
			"violations": "1", "excepted": "0", "baselined": "0", "reasons": "",
		},
	})
}

func TestAccLog_debugTellsOfEachAttempt(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	cloud := acctest.NewCloud(t)
	w, log := logging(t, "TF_LOG_PROVIDER=DEBUG")
	w.Write(cloud.Provider() + fmt.Sprintf("resource \"ms_scan_instance\" \"app\" {\n  app_infos = [%s]\n  wait_for_completion = false\n}\n", cloud.App("clean.apk")))
	cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultError, Code: "RequestLimitExceeded", Message: "slow down", Times: 1})
	w.Apply().Succeeds()
	cloud.Fault(emulator.Fault{Action: "DescribeScanResults", Kind: emulator.FaultHTTP, Status: 503, Times: 1})
	w.Plan().NoChanges()

	calls := cloud.Ledger().Calls
	success := entry{
		"level": "DEBUG", "message": "Called the API", "attempt": "2", "duration": varies, "queued": varies, "http_status": "200", "bytes": varies,
	}
	with := func(e entry, more entry) entry {
		e = maps.Clone(e)
		maps.Copy(e, more)
		return e
	}
	failure := entry{"level": "DEBUG", "message": "A call of the API failed", "attempt": "1", "duration": varies, "queued": varies, "bytes": varies, "again_in": varies}
	var attempts []entry
	for _, e := range subsystem(t, log) {
		if e["level"] == "DEBUG" {
			attempts = append(attempts, e)
		}
	}
	expectEntries(t, attempts, []entry{
		with(failure, entry{"action": "CreateScanInstances", "http_status": "200", "error": "throttled", "code": "RequestLimitExceeded", "request_id": calls[0].RequestID}),
		with(success, entry{"action": "CreateScanInstances", "request_id": calls[1].RequestID}),
		with(failure, entry{"action": "DescribeScanResults", "http_status": "503", "error": "service failed", "cause": "HTTP status 503", "request_id": ""}),
		with(success, entry{"action": "DescribeScanResults", "request_id": calls[3].RequestID}),
	})
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"slow down", cloud.SecretKey(), "sign=first", "AppMd5"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

func TestAccLog_tellsOfSubmissionsThatEndOtherwise(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	tests := map[string]struct {
		fault emulator.Fault
		want  entry
	}{
		"refused": {
			emulator.Fault{Kind: emulator.FaultError, Code: "LimitExceeded", Message: "none left"},
			entry{
				"message": "A submission was refused or not sent, nothing is submitted", "error": "quota used up", "code": "LimitExceeded", "request_id": varies,
			},
		},
		"answer lost": {
			emulator.Fault{Kind: emulator.FaultHTTP, Status: 502, After: true},
			entry{"message": "Submitted a scan, but no answer tells its id", "error": "service failed", "cause": "HTTP status 502", "request_id": ""},
		},
		"a code for the terminal": {
			emulator.Fault{Kind: emulator.FaultError, Code: "LimitExceeded.\n::error::\x1b[2J##[group]"},
			entry{
				"message": "A submission was refused or not sent, nothing is submitted", "error": "quota used up",
				"code": "LimitExceeded.???error????2J???group?", "request_id": varies,
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			tt.fault.Action, tt.fault.Times = "CreateScanInstances", 1
			cloud.Fault(tt.fault)
			w, log := logging(t, "TF_LOG_PROVIDER=INFO")
			w.Write(gatedScan(cloud, "clean.apk"))
			w.Apply("-target=ms_scan_instance.app")
			maps.Copy(tt.want, entry{"level": "INFO", "object": "apps with MD5 " + cloud.MD5("clean.apk"), "apps": "1", "action": "CreateScanInstances"})
			expectEntries(t, subsystem(t, log), []entry{tt.want})
		})
	}
}

func TestAccLog_warnsOfAFailedPoll(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	cloud := acctest.NewCloud(t)
	w, log := logging(t, "TF_LOG=INFO")
	w.Write(strings.Replace(gatedScan(cloud, "clean.apk"), `provider "ms" {`, "provider \"ms\" {\n  max_retries = 0", 1))
	cloud.Fault(emulator.Fault{Action: "DescribeScanResults", Kind: emulator.FaultError, Code: "InternalError", Message: "secret", Times: 1})
	w.Apply().Succeeds()
	item, _ := w.State("ms_scan_instance.app")["item_id"].(string)
	entries := subsystem(t, log)
	if len(entries) < 2 {
		t.Fatalf("%d entries", len(entries))
	}
	expectEntries(t, entries[1:2], []entry{{
		"level": "WARN", "message": "A poll failed, waiting on", "object": "item " + item, "failed_in_a_row": "1", "waited": varies, "next_poll_in": "20ms",
		"action": "DescribeScanResults", "error": "service failed", "code": "InternalError", "request_id": varies,
	}})
}

func TestAccLog_levelsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	acctest.CLI(t)
	tests := map[string]struct {
		env  []string
		want []string // levels of the provider's own lines
	}{
		"INFO of everything":              {[]string{"TF_LOG=INFO"}, []string{"INFO"}},
		"INFO of providers":               {[]string{"TF_LOG_PROVIDER=INFO"}, []string{"INFO"}},
		"DEBUG of providers":              {[]string{"TF_LOG_PROVIDER=DEBUG", "TF_LOG_SDK=OFF"}, []string{"DEBUG", "INFO"}},
		"this provider alone is narrowed": {[]string{"TF_LOG_PROVIDER=DEBUG", "TF_LOG_PROVIDER_MS=INFO"}, []string{"INFO"}},
		"this provider is silenced":       {[]string{"TF_LOG=DEBUG", "TF_LOG_PROVIDER_MS=WARN"}, nil},
		"by itself it opens nothing":      {[]string{"TF_LOG_PROVIDER_MS=DEBUG"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w, log := logging(t, tt.env...)
			if err := os.WriteFile(log, nil, 0o600); err != nil { // the CLI makes none where it logs nothing
				t.Fatal(err)
			}
			w.Write(gatedScan(cloud, "clean.apk"))
			w.Apply().Succeeds()
			var levels []string
			for _, e := range subsystem(t, log) {
				levels = append(levels, e["level"])
			}
			slices.Sort(levels)
			if levels = slices.Compact(levels); !slices.Equal(levels, tt.want) {
				t.Errorf("levels %q, want %q", levels, tt.want)
			}
		})
	}
}
