package gate

import (
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// vulnerableImage is an image of the repository that has the vulnerabilities, all of severity high.
func vulnerableImage(repository string, vuls ...ImageVul) Image {
	for i := range vuls {
		vuls[i].Level = field.Of("3")
	}
	count := num(int64(len(vuls)))
	return Image{
		Object: "image " + repository, Repository: repository, Subject: repository, Listed: field.Known, TotalCount: num(1), ListedRows: 1,
		IgnoredList: field.Known, IgnoredTotal: num(0),
		Rows: []ImageRow{{
			Name: "row 1", State: RowDone, ScannedAt: hoursAgo(1).End, VulCnt: count, VulsTotal: count, VirusCnt: num(0),
			CriticalCnt: num(0), HighCnt: count, MediumCnt: num(0), LowCnt: num(0), Vuls: vuls,
		}},
	}
}

// hostsWith are the two clean hosts with what is listed of them.
func hostsWith(module string, rows ...HostRow) HostFindings {
	task := cleanHosts(module)
	for _, row := range rows {
		for i := range task.Machines {
			if task.Machines[i].Quuid == row.Quuid {
				risks, _ := task.Machines[i].RiskNum.Get()
				task.Machines[i].RiskNum = num(risks + 1)
			}
		}
	}
	return HostFindings{
		Object: "task 7", Task: task, Hosts: []string{"quuid-1", "quuid-2"}, Listed: field.Known, TotalCount: num(int64(len(rows))), ListedRows: len(rows), Rows: rows,
	}
}

// onHost is an open finding of severity high on a host.
func onHost(quuid, id string) HostRow {
	return HostRow{Quuid: quuid, HostName: "name of " + quuid, IDs: []field.Value[string]{text(id)}, Levels: []field.Value[int64]{num(3)}, Status: num(0)}
}

// TestHosts_fingerprintsAreFrozen holds what users have in their baselines: the host by Quuid and name, and the
// path of a file. The digests were made as those of TestFingerprint_isFrozen.
func TestHosts_fingerprintsAreFrozen(t *testing.T) {
	t.Parallel()
	malware := onHost("quuid-1", "Linux.Miner")
	malware.Place = "/tmp/x"
	for module, test := range map[string]struct {
		row  HostRow
		want string
	}{
		"Vul":      {onHost("quuid-1", "CVE-2026-1"), "e37d09ec6f28b0623f512581faa3b9f1"},
		"Baseline": {onHost("quuid-1", "501"), "852659545494e94145feb3e517c18244"},
		"Malware":  {malware, "9aa189e870aecf945ab69d73af6ea5d6"},
	} {
		findings := hostsWith(module, test.row).Evidence(Policy{Source: SourceHosts}).Findings
		if len(findings) != 1 || findings[0].Fingerprint != test.want {
			t.Errorf("%s: %+v, want %s", module, findings, test.want)
		}
	}
}

// A baseline of what an image or a host has leaves that out in the next build or scan, and nothing else.
func TestBaseline_ofImagesAndHosts(t *testing.T) {
	t.Parallel()
	known := ImageVul{CVEID: text("CVE-2026-1"), Component: "openssl", Version: "1.1.1"}
	rebuilt, other := known, known
	rebuilt.Version, other.Component = "1.1.2", "libssl"
	type input interface{ Evidence(p Policy) Evidence }
	for name, test := range map[string]struct {
		policy  Policy
		before  input
		after   map[string]input
		outcome map[string]string // with the rules and ids of violations, by the name of what is after
	}{
		"image": {
			policy: Policy{Source: SourceImage, MaxAge: 24 * time.Hour},
			before: vulnerableImage("r/api", known),
			after: map[string]input{
				"the same": vulnerableImage("r/api", known), "another version": vulnerableImage("r/api", rebuilt),
				"another component": vulnerableImage("r/api", known, other), "another repository": vulnerableImage("r/web", known),
				"a new one": vulnerableImage("r/api", known, ImageVul{CVEID: text("CVE-2026-2")}),
			},
			outcome: map[string]string{
				"the same": "pass ", "another version": "pass ", "another component": "fail fail_on:CVE-2026-1", "another repository": "fail fail_on:CVE-2026-1", "a new one": "fail fail_on:CVE-2026-2",
			},
		},
		"hosts": {
			policy: Policy{Source: SourceHosts},
			before: hostsWith("Vul", onHost("quuid-1", "CVE-2026-1")),
			after: map[string]input{
				"the same": hostsWith("Vul", onHost("quuid-1", "CVE-2026-1")), "another host": hostsWith("Vul", onHost("quuid-1", "CVE-2026-1"), onHost("quuid-2", "CVE-2026-1")),
				"a new one": hostsWith("Vul", onHost("quuid-1", "CVE-2026-2")),
			},
			outcome: map[string]string{"the same": "pass ", "another host": "fail fail_on:CVE-2026-1", "a new one": "fail fail_on:CVE-2026-2"},
		},
		"checks": {
			policy:  Policy{Source: SourceHosts},
			before:  hostsWith("Baseline", onHost("quuid-1", "501")),
			after:   map[string]input{"the same": hostsWith("Baseline", onHost("quuid-1", "501")), "a new one": hostsWith("Baseline", onHost("quuid-1", "502"))},
			outcome: map[string]string{"the same": "pass ", "a new one": "fail fail_on:502"},
		},
		"malware is never in it": {
			policy:  Policy{Source: SourceHosts},
			before:  hostsWith("Malware", onHost("quuid-1", "Linux.Miner")),
			after:   map[string]input{"the same": hostsWith("Malware", onHost("quuid-1", "Linux.Miner"))},
			outcome: map[string]string{"the same": "fail fail_on:Linux.Miner"},
		},
	} {
		recording := test.policy
		recording.RecordFingerprints = true
		policy := test.policy
		policy.Baseline = judge(test.before, recording).Fingerprints
		if before := judge(test.before, test.policy); before.Outcome != Fail {
			t.Errorf("%s: without a baseline %s: %s", name, before.Outcome, before.Message)
		}
		for what, after := range test.after {
			v := judge(after, policy)
			if got := string(v.Outcome) + " " + rulesOf(v); got != test.outcome[what] || len(v.Reasons) > 0 {
				t.Errorf("%s, %s: %q, want %q: %v", name, what, got, test.outcome[what], v.Reasons)
			}
		}
	}
}

// The repository that an exception names is the configured one: a local image has none.
func TestExceptions_ofARepositoryNeverApplyToALocalImage(t *testing.T) {
	t.Parallel()
	policy := Policy{Source: SourceImage, MaxAge: 24 * time.Hour, Exceptions: []Exception{{Category: Vulnerability, ID: "CVE-2026-1", Reason: "r", ExpiresAt: "2099-01-01", Image: ptr("r/api")}}}
	image := vulnerableImage("r/api", ImageVul{CVEID: text("CVE-2026-1")})
	expectOutcome(t, judge(image, policy), Pass)
	image.Local, image.Repository = true, "" // its Subject is the name that the service tells
	expectOutcome(t, judge(image, policy), Fail)
}
