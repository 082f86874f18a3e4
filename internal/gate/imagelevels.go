package gate

import (
	"strconv"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// What the levels 1 to 4 of images mean is not documented. They are believed where they prove themselves: where
// the histogram of the list equals the counters of the image, which are named.

// levelReading says what a level means; Unknown for one that it does not know.
type levelReading func(level string) Severity

var levelNumbers = map[float64]Severity{4: Critical, 3: High, 2: Medium, 1: Low}

var reversedNumbers = map[float64]Severity{1: Critical, 2: High, 3: Medium, 4: Low}

// levelWords are words of other lists of the service, which mean the same in every reading.
var levelWords = map[string]Severity{"CRITICAL": Critical, "HIGH": High, "MIDDLE": Medium, "MEDIUM": Medium, "LOW": Low}

func numericLevel(level string) Severity { return readLevel(levelNumbers, level) }

func reversedLevel(level string) Severity { return readLevel(reversedNumbers, level) }

func readLevel(numbers map[float64]Severity, level string) Severity {
	level = strings.ToUpper(strings.TrimSpace(level))
	if severity, ok := levelWords[level]; ok {
		return severity
	}
	if number, err := strconv.ParseFloat(level, 64); err == nil && numbers[number] != "" {
		return numbers[number]
	}
	return Unknown
}

func (v ImageVul) level() string {
	level, _ := v.Level.Get()
	return level
}

// histogram counts vulnerabilities by severity.
type histogram map[Severity]int64

func (h histogram) total() (n int64) {
	for _, count := range h {
		n += count
	}
	return n
}

type counter struct {
	name     string
	severity Severity
	count    Count
}

func (r ImageRow) counters() []counter {
	return []counter{
		{"CriticalLevelVulCnt", Critical, r.CriticalCnt}, {"HighLevelVulCnt", High, r.HighCnt},
		{"MediumLevelVulCnt", Medium, r.MediumCnt}, {"LowLevelVulCnt", Low, r.LowCnt},
	}
}

// equals tells whether a histogram is what the counters say. What has no level is in none of them.
func (r ImageRow) equals(h histogram) bool {
	for _, counter := range r.counters() {
		if count, state := counter.count.Get(); state != field.Known || count != h[counter.severity] {
			return false
		}
	}
	return true
}

// histograms returns the ways in which the service may count the list: its rows or its distinct CVEs, with or
// without what is ignored.
func (r ImageRow) histograms(ignored map[string]bool, read levelReading) []histogram {
	ways := make([]histogram, 4)
	for i := range ways {
		ways[i] = histogram{}
	}
	worst := map[string]Severity{} // of each CVE
	hides := map[string]bool{}
	for _, vul := range r.Vuls {
		severity, hidden := read(vul.level()), vul.in(ignored)
		ways[0][severity]++
		if !hidden {
			ways[1][severity]++
		}
		cve, _ := vul.CVEID.Get()
		if cve = caseless(cve); cve == "" {
			ways[2][severity]++
			if !hidden {
				ways[3][severity]++
			}
			continue
		}
		if known, ok := worst[cve]; !ok || severity.rank() < known.rank() {
			worst[cve] = severity
		}
		hides[cve] = hidden
	}
	for cve, severity := range worst {
		ways[2][severity]++
		if !hides[cve] {
			ways[3][severity]++
		}
	}
	return ways
}

// severities returns what each vulnerability of the row counts as: what the reading says that the counters prove,
// the worse one where both directions fit, and unknown where none does.
func (r ImageRow) severities(ignored map[string]bool) []Severity {
	var proven []levelReading
	for _, read := range []levelReading{numericLevel, reversedLevel} {
		for _, h := range r.histograms(ignored, read) {
			if r.equals(h) {
				proven = append(proven, read)
				break
			}
		}
	}
	severities := make([]Severity, len(r.Vuls))
	for i, vul := range r.Vuls {
		severities[i] = Unknown
		for n, read := range proven {
			if severity := read(vul.level()); n == 0 || severity.rank() < severities[i].rank() {
				severities[i] = severity
			}
		}
	}
	return severities
}

// CleanByCounters tells whether the counters of a row alone decide: each of them is readable, they add up to VulCnt,
// and nothing that they count could violate the policy, so that the list would change nothing. ignores tells whether
// anything is set to be ignored.
func (r ImageRow) CleanByCounters(p Policy, gated, ignores bool) bool {
	vuls, state := r.VulCnt.Get()
	if state != field.Known || vuls < 0 || !r.VirusCnt.Is(0) || ignores {
		return false
	}
	var sum int64
	for _, counter := range r.counters() {
		count, state := counter.count.Get()
		if state != field.Known || count < 0 {
			return false
		}
		sum = saturatingAdd(sum, count)
		if _, bounded := p.MaxFindings[counter.severity]; gated && count > 0 && (bounded || counter.severity.failsAt(p.failOn())) {
			return false
		}
	}
	return sum == vuls && (!gated || vuls == 0 || !p.denies(Vulnerability) && !p.RecordFingerprints)
}
