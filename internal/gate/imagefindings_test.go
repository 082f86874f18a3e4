package gate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// TestImage_fingerprintsAreFrozen holds what users have in their baselines: repository and component without
// version.
func TestImage_fingerprintsAreFrozen(t *testing.T) {
	t.Parallel()
	image := func(version string) Image {
		return Image{
			Repository: "ccr.ccs.tencentyun.com/acme/api", Subject: "ccr.ccs.tencentyun.com/acme/api",
			Rows: []ImageRow{{
				State: RowDone, VulCnt: field.Of[int64](1), VirusCnt: field.Of[int64](0), CriticalCnt: field.Of[int64](0), HighCnt: field.Of[int64](1), MediumCnt: field.Of[int64](0), LowCnt: field.Of[int64](0),
				Vuls: []ImageVul{{CVEID: field.Of("CVE-2026-1"), Component: "openssl", Version: version, Level: field.Of("3")}},
			}},
		}
	}
	one, other := image("1.1.1k").Findings()[0], image("3.0.0").Findings()[0]
	const frozen = "c5dec63c416f725406f57912dad2c2d7"
	if one.Fingerprint != frozen || other.Fingerprint != frozen {
		t.Errorf("fingerprints %s and %s, want %s", one.Fingerprint, other.Fingerprint, frozen)
	}
	if one.Location != "openssl@1.1.1k" || one.Severity != High {
		t.Errorf("finding %+v", one)
	}
}

func TestImage_levelsAreBelievedWhereTheCountersProveThem(t *testing.T) {
	t.Parallel()
	row := func(counts [4]int64, levels ...string) ImageRow {
		r := ImageRow{CriticalCnt: field.Of(counts[0]), HighCnt: field.Of(counts[1]), MediumCnt: field.Of(counts[2]), LowCnt: field.Of(counts[3])}
		for _, level := range levels {
			vul := ImageVul{CVEID: field.Of("CVE-" + level)}
			if level != "" {
				vul.Level = field.Of(level)
			}
			r.Vuls = append(r.Vuls, vul)
		}
		return r
	}
	for name, test := range map[string]struct {
		row  ImageRow
		want []Severity
	}{
		"numbers":             {row([4]int64{1, 0, 0, 2}, "4", "1", "1"), []Severity{Critical, Low, Low}},
		"reversed":            {row([4]int64{1, 0, 0, 2}, "1", "4", "4"), []Severity{Critical, Low, Low}},
		"both":                {row([4]int64{1, 0, 0, 1}, "4", "1"), []Severity{Critical, Critical}},
		"neither":             {row([4]int64{0, 0, 0, 1}, "4", "1"), []Severity{Unknown, Unknown}},
		"one without a level": {row([4]int64{0, 1, 0, 0}, "3", ""), []Severity{High, Unknown}},
		"words":               {row([4]int64{1, 1, 2, 1}, "CRITICAL", "high", "MIDDLE", "Medium", "LOW"), []Severity{Critical, High, Medium, Medium, Low}},
		"out of range":        {row([4]int64{1, 0, 0, 0}, "4", "9"), []Severity{Critical, Unknown}},
	} {
		got := test.row.severities(nil)
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: %v, want %v", name, got, test.want)
				break
			}
		}
	}
}

// TestImage_timesThatTellWhichScanItIsMustBeTrue reads a scan by its id, without max_age.
func TestImage_timesThatTellWhichScanItIsMustBeTrue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) field.Value[time.Time] { return field.Of(now.Add(d)) }
	zero := field.Of[int64](0)
	for name, test := range map[string]struct {
		begin, end, row field.Value[time.Time]
		code            ReasonCode // empty for a pass
	}{
		"of the scan":            {at(-time.Hour), at(-time.Minute), at(-2 * time.Minute), ""},
		"end not told":           {begin: at(-time.Hour), row: at(-2 * time.Minute)},
		"of an earlier scan":     {at(-time.Hour), at(-time.Minute), at(-2 * time.Hour), ImageNotInScan},
		"row in the future":      {at(-time.Hour), at(-time.Minute), at(time.Second), ScanTimeInFuture},
		"scan in the future":     {at(time.Hour), at(2 * time.Hour), at(time.Hour), ScanTimeInFuture},
		"end before begin":       {at(-time.Hour), at(-2 * time.Hour), at(-time.Minute), ScanTimeContradictory},
		"end that is unreadable": {at(-time.Hour), field.Broken[time.Time](), at(-time.Minute), ScanTimeMissing},
		"row without a time":     {begin: at(-time.Hour), end: at(-time.Minute), code: ScanTimeMissing},
	} {
		image := Image{
			Task:   &ImageTask{Status: "SCANNED", Scanned: Span{Begin: test.begin, End: test.end}},
			Listed: field.Known, TotalCount: field.Of[int64](1), ListedRows: 1, IgnoredList: field.Known, IgnoredTotal: zero,
			Rows: []ImageRow{{State: RowDone, ScannedAt: test.row, VulCnt: zero, VirusCnt: zero, CriticalCnt: zero, HighCnt: zero, MediumCnt: zero, LowCnt: zero, VulsTotal: zero}},
		}
		policy := Policy{Source: SourceImage}
		v := Evaluate(image.Evidence(policy), policy, now)
		told := false
		for _, reason := range v.Reasons {
			told = told || reason.Code == test.code
		}
		if v.Passed() != (test.code == "") || !v.Passed() && !told {
			t.Errorf("%s: %s %v", name, v.Outcome, v.Reasons)
		}
	}
}

// TestImage_aRowIsToldOnce has every pair of rows, with and without a scan. A row that has no result is the whole
// cause: it says itself what to do, and what follows from it would only name other remedies.
func TestImage_aRowIsToldOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)
	zero := field.Of[int64](0)
	of := func(state RowState, age time.Duration) ImageRow {
		return ImageRow{Name: "row", State: state, ScannedAt: field.Of(now.Add(-age)), VulCnt: zero, VirusCnt: zero, CriticalCnt: zero, HighCnt: zero, MediumCnt: zero, LowCnt: zero, VulsTotal: zero}
	}
	never := ImageRow{Name: "row", State: RowFailed, NeverScanned: true}
	rows := map[string]ImageRow{
		"done": of(RowDone, time.Minute), "old": of(RowDone, 2*time.Hour), "never": never,
		"running": of(RowRunning, 0), "failed": of(RowFailed, 0), "unknown": of(RowUnknown, 0),
	}
	codes := map[string]ReasonCode{"running": NotFinished, "failed": ImageFailed, "unknown": StatusUnknown}
	for first := range rows {
		for second := range rows {
			for _, named := range []bool{true, false} {
				image := Image{Listed: field.Known, TotalCount: field.Of[int64](2), ListedRows: 2, IgnoredList: field.Known, IgnoredTotal: zero, Rows: []ImageRow{rows[first], rows[second]}}
				policy := Policy{Source: SourceImage, MaxAge: 24 * time.Hour}
				if named {
					image.Task = &ImageTask{Status: "SCANNED", Scanned: Span{Begin: field.Of(now.Add(-time.Hour)), End: field.Of(now)}}
				}
				states := []string{first, second}
				var want []string
				for _, state := range states {
					if code, unfinished := codes[state]; unfinished {
						want = append(want, string(code))
					}
				}
				switch has := func(state string) bool { return slices.Contains(states, state) }; {
				case len(want) > 0:
				case has("done"), has("old") && !named:
				case named && has("old"):
					want = []string{string(ImageNotInScan)}
				case named:
					want = []string{string(ImageNotInScan), string(NotScanned)}
				default:
					want = []string{string(NotScanned)}
				}
				var got []string
				v := Evaluate(image.Evidence(policy), policy, now)
				for _, reason := range v.Reasons {
					if reason.Code != ScanTimeMissing { // which follows from max_age
						got = append(got, string(reason.Code))
					}
				}
				slices.Sort(got)
				slices.Sort(want)
				if name := fmt.Sprint(states, " named ", named); strings.Join(slices.Compact(got), " ") != strings.Join(slices.Compact(want), " ") || v.Passed() != (len(want) == 0) {
					t.Errorf("%s: %s for %v, want %v", name, v.Outcome, got, want)
				}
			}
		}
	}
}
