package tencentcloud_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// subject is an action under test.
type subject interface {
	action() string
	// prepare makes what is read later, while nothing is broken yet.
	prepare(*testing.T, *bench)
	// try makes the n-th call of a cell.
	try(ctx context.Context, client closingClient, b *bench, n int) (outcome, error)
	// getsOver tells whether a fault that strikes once is not to be noticed.
	getsOver(faultCase) bool
	// unsigned tells whether the service takes the call without a signature.
	unsigned() bool
}

// outcome is what a call came to.
type outcome struct {
	right     bool
	violation string // of a promise
}

var subjects = []subject{
	submitting{},
	reading{"DescribeScanResults", scanResults},
	reading{"DescribeApkDetectionResult", apkDetection},
	reading{"DescribeScanTaskDetails", hostScan},
	reading{"DescribeVulScanInfo", imageScan},
	assuming{"AssumeRole", assumeRole, false},
	assuming{"AssumeRoleWithWebIdentity", assumeRoleWithWebIdentity, true},
	identifying{},
}

// submitting is CreateScanInstances.
type submitting struct{}

func (submitting) action() string             { return "CreateScanInstances" }
func (submitting) prepare(*testing.T, *bench) {}
func (submitting) getsOver(f faultCase) bool  { return f.harmless }
func (submitting) unsigned() bool             { return false }
func (submitting) try(ctx context.Context, client closingClient, b *bench, n int) (outcome, error) {
	md5 := fmt.Sprintf("%032x", n+1)
	answer, err := client.CreateScanInstances(ctx, tencentcloud.CreateScanInstancesRequest{
		AppInfos: []tencentcloud.AppInfo{{AppURL: b.world.files.URL + "/none.apk", AppMD5: md5}},
		ScanInfo: tencentcloud.ScanInfo{ScanTypes: []string{"VULSCAN"}},
	})
	made := b.server.SubmissionsOf(md5)
	id := answer.ItemID.String()
	switch {
	case made > 1:
		return outcome{violation: fmt.Sprintf("%d submissions", made)}, err
	case err != nil && tencentcloud.HadNoEffect(err) && made != 0:
		return outcome{violation: "undone, but it was submitted"}, err
	case err == nil && made != 1:
		return outcome{violation: "no error, but nothing was submitted"}, err
	case err == nil && id != "" && id != b.itemOf(md5):
		return outcome{violation: "the id of another submission"}, err
	}
	return outcome{right: err == nil && id != ""}, err
}

func (b *bench) itemOf(md5 string) string {
	for _, s := range b.server.Ledger().Submissions {
		for _, accepted := range s.AppMD5s {
			if accepted == md5 {
				return s.ItemID
			}
		}
	}
	return ""
}

// reading is one of the actions that read, judged through facts and gate.
type reading struct {
	name string
	make func(b *bench, bad bool) read
}

// read polls once. It returns the facts, whether they are final, and the verdict about them.
type read func(ctx context.Context, client *tencentcloud.Client) (facts any, final bool, verdict gate.Verdict, err error)

// target is what is read: one that a gate passes, and one that it stops.
type target struct {
	read  read
	truth any
}

func (r reading) action() string            { return r.name }
func (r reading) getsOver(f faultCase) bool { return f.retried }
func (r reading) unsigned() bool            { return false }

// The targets of a bench.
const (
	bad = iota
	good
)

func (r reading) prepare(t *testing.T, b *bench) {
	t.Helper()
	client := b.client(t, faultCase{heavy: true})
	defer client.closeIdle()
	ctx := context.Background()
	for i := range b.targets {
		read := r.make(b, i == bad)
		truth, verdict, err := read.toItsEnd(ctx, client.Client)
		if err != nil || verdict.Passed() != (i == good) {
			t.Errorf("%s: without a fault: %v, %s", r.name, err, verdict.Message)
		}
		b.targets[i] = target{read: read, truth: truth}
	}
	b.server.Reset()
	b.dialer.dialed.Store(0)
}

func (r reading) try(ctx context.Context, client closingClient, b *bench, n int) (outcome, error) {
	which := n % 2
	target := b.targets[which]
	got, verdict, err := target.read.toItsEnd(ctx, client.Client)
	if err != nil {
		return outcome{}, err
	}
	right := reflect.DeepEqual(got, target.truth)
	switch {
	case verdict.Passed() && which == bad:
		return outcome{violation: "a false pass"}, nil
	case verdict.Passed() && !right:
		return outcome{violation: fmt.Sprintf("a pass on %+v", got)}, nil
	case right && verdict.Passed() != (which == good):
		return outcome{violation: "the true data were judged wrongly: " + verdict.Message}, nil
	}
	return outcome{right: right}, nil
}

// toItsEnd waits as the data sources do.
func (r read) toItsEnd(ctx context.Context, client *tencentcloud.Client) (any, gate.Verdict, error) {
	type judged struct {
		facts   any
		verdict gate.Verdict
	}
	value, err := wait.For(ctx, func(ctx context.Context) (wait.Observation[judged], error) {
		facts, final, verdict, err := r(ctx, client)
		seen := wait.Observation[judged]{Value: judged{facts, verdict}, Status: "as told"}
		if final {
			seen.State = wait.Final
		}
		return seen, err
	}, wait.Options{Interval: wait.Fixed(20 * time.Millisecond), Tolerance: 2, Permanent: tencentcloud.Permanent})
	return value.facts, value.verdict, err
}

func scanResults(b *bench, bad bool) read {
	name, apk := "clean.apk", packages.Clean()
	if bad {
		name, apk = "insecure.apk", packages.Insecure()
	}
	md5 := packages.MD5(apk)
	item := ""
	policy := gate.Policy{Source: gate.SourceScanResults, RequiredMD5s: []string{md5}}
	return func(ctx context.Context, client *tencentcloud.Client) (any, bool, gate.Verdict, error) {
		if item == "" { // while nothing is broken
			made, err := client.CreateScanInstances(ctx, tencentcloud.CreateScanInstancesRequest{
				AppInfos: []tencentcloud.AppInfo{{AppURL: b.world.files.URL + "/" + name, AppMD5: md5}},
				ScanInfo: tencentcloud.ScanInfo{ScanTypes: []string{"VULSCAN", "VIRUSSCAN", "ADSCAN", "PERMISSION", "SENSITIVE"}},
			})
			if err != nil {
				return nil, false, gate.Verdict{}, err
			}
			item = made.ItemID.String()
		}
		answer, err := client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: item})
		if err != nil {
			return nil, false, gate.Verdict{}, err
		}
		results := evidence.ScanResults("item", nil, answer)
		final := len(results.Rows) > 0
		for _, row := range results.Rows {
			final = final && row.State != gate.RowRunning && row.State != gate.RowUnknown
		}
		return results, final, gate.Evaluate(results.Evidence(policy), policy, time.Now()), nil
	}
}

func apkDetection(b *bench, bad bool) read {
	name, apk := "clean.apk", packages.Clean()
	if bad {
		name, apk = "infected.apk", packages.Infect(packages.Clean())
	}
	request := tencentcloud.DescribeApkDetectionResultRequest{ApkURL: b.world.files.URL + "/" + name, ApkMD5: packages.MD5(apk)}
	policy := gate.Policy{Source: gate.SourceAPKDetection}
	return func(ctx context.Context, client *tencentcloud.Client) (any, bool, gate.Verdict, error) {
		answer, err := client.DescribeApkDetectionResult(ctx, request)
		if err == nil {
			err = answer.Check(request.ApkMD5)
		}
		if err != nil {
			return nil, false, gate.Verdict{}, err
		}
		detection := evidence.APKDetection("package", request.ApkMD5, "", answer)
		return detection, answer.OK(), gate.Evaluate(detection.Evidence(policy), policy, time.Now()), nil
	}
}

// scenario has for each side a task that a gate stops and one that it passes; the machines take two
// pages.
const scenario = `{
  "cwp": {"tasks": [
    {"task_id": 1, "module_type": "Vul", "machine_groups": [{"count": 101, "prefix": "web-", "first_id": 1}],
     "vulnerabilities": [{"VulId": 1, "Level": 4, "Name": "A sample", "CveId": "CVE-2021-44228"}]},
    {"task_id": 3, "module_type": "Malware", "machine_groups": [{"count": 101, "prefix": "web-", "first_id": 1}]}]},
  "tcss": {"local": [
    {"task_id": 2, "images": 12, "risk_images": 2, "vulnerabilities": 7},
    {"task_id": 1, "images": 12}]}
}`

func hostScan(_ *bench, bad bool) read {
	request := tencentcloud.DescribeScanTaskDetailsRequest{ModuleType: "Malware", TaskID: 3}
	if bad {
		request = tencentcloud.DescribeScanTaskDetailsRequest{ModuleType: "Vul", TaskID: 1}
	}
	policy := gate.Policy{Source: gate.SourceHostScan}
	return func(ctx context.Context, client *tencentcloud.Client) (any, bool, gate.Verdict, error) {
		answer, err := client.DescribeWholeScanTask(ctx, request, false)
		if err != nil {
			return nil, false, gate.Verdict{}, err
		}
		scan := evidence.HostScan("task", request.ModuleType, answer)
		return scan, answer.Done() || answer.Stopped(), gate.Evaluate(scan.Evidence(policy), policy, time.Now()), nil
	}
}

func imageScan(_ *bench, bad bool) read {
	task := int64(1)
	if bad {
		task = 2
	}
	request := tencentcloud.DescribeVulScanInfoRequest{LocalTaskID: &task}
	return func(ctx context.Context, client *tencentcloud.Client) (any, bool, gate.Verdict, error) {
		answer, err := client.DescribeVulScanInfo(ctx, request)
		if err == nil {
			err = answer.Check(request)
		}
		if err != nil {
			return nil, false, gate.Verdict{}, err
		}
		scan := evidence.ImageScan("task", request, answer)
		policy := gate.Policy{Source: gate.SourceImageScan}
		return scan, answer.Scanned(), gate.Evaluate(scan.Evidence(policy), policy, time.Now()), nil
	}
}
