package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// host is a machine of the account, or a number of like ones.
type host struct {
	// Name, or Prefix with Count: then a number of four digits or more follows it.
	Name   string `json:"name"`
	Prefix string `json:"prefix"`
	Count  int    `json:"count"`
	// Quuid and Uuid are made from the name where they are absent.
	Quuid   *string `json:"quuid"`
	UUID    *string `json:"uuid"`
	IP      string  `json:"ip"`
	OSName  string  `json:"os_name"`
	FirstID int64   `json:"first_id"`
	// Edition is the licence; hosts of the Basic edition are not scanned.
	Edition string `json:"edition"`
	// FailType is how every scan fails: 3 offline, 4 timed out, 5 failed, 8 old agent; 0 is not.
	FailType int `json:"fail_type"`
	// Row are fields that beat the computed ones among the machines of a task.
	Row map[string]any `json:"row"`
}

// editions in the order of HostVersion.
var editions = []string{"BASIC_VERSION", "PRO_VERSION", "Flagship", "GENERAL_DISCOUNT"}

// affected is a host that has a finding.
type affected struct {
	// Host is its name; "*" is every host.
	Host   string         `json:"host"`
	Status *int           `json:"status"`
	Row    map[string]any `json:"row"`
}

// UnmarshalJSON reads the host's name alone, too.
func (a *affected) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte(`"`)) {
		return json.Unmarshal(text, &a.Host)
	}
	type plain affected
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	return decoder.Decode((*plain)(a))
}

// finding is what the findings of all modules have alike.
type finding struct {
	Level  int         `json:"level"`
	Status int         `json:"status"`
	Hosts  []*affected `json:"hosts"`
	// AfterScan: it is known of a host only once a task of the module has scanned that.
	AfterScan bool `json:"after_scan"`
	// Count makes so many of it, whose ids count on.
	Count int            `json:"count"`
	Row   map[string]any `json:"row"`
}

// hostVul is a vulnerability of hosts.
type hostVul struct {
	finding
	VulID       int64   `json:"vul_id"`
	Name        string  `json:"name"`
	CVEID       string  `json:"cve_id"`
	Category    int     `json:"category"`
	KBNumber    string  `json:"kb_number"`
	Description string  `json:"description"`
	CVSSScore   float64 `json:"cvss_score"`
	// HostCount beats the number of hosts.
	HostCount *int `json:"host_count"`
}

// malware is a malicious file on hosts.
type malware struct {
	finding
	Path          string `json:"path"`
	VirusName     string `json:"virus_name"`
	MD5           string `json:"md5"`
	ProcessExists bool   `json:"process_exists"`
	FileExists    bool   `json:"file_exists"`
}

// baselineItem is an item of a baseline that hosts pass or not.
type baselineItem struct {
	finding
	ItemID   int64  `json:"item_id"`
	ItemName string `json:"item_name"`
	PolicyID int64  `json:"policy_id"`
	RuleID   int64  `json:"rule_id"`
	RuleName string `json:"rule_name"`
}

func (h *host) check() error {
	if (h.Name == "") == (h.Prefix == "") || (h.Prefix == "") != (h.Count == 0) {
		return fmt.Errorf("it needs a name, or a prefix and a count")
	}
	if h.Count < 0 || h.Count > maxMachines {
		return fmt.Errorf("a group of %d hosts", h.Count)
	}
	if h.Count > 0 && (h.Quuid != nil || h.UUID != nil || h.IP != "") {
		return fmt.Errorf("hosts of a group have no quuid, uuid or ip of their own")
	}
	if !slices.Contains([]int{0, 3, 4, 5, 8}, h.FailType) {
		return fmt.Errorf("fail_type %d is none of 0, 3, 4, 5 and 8", h.FailType)
	}
	return checkWord("edition", &h.Edition, "PRO_VERSION", "BASIC_VERSION", "Flagship", "GENERAL_DISCOUNT")
}

// maxPairs bounds the rows of findings: findings times their hosts.
const maxPairs = 1000000

// check checks a finding and spells out "*"; it returns how many rows it makes.
func (f *finding) check(names []string, statuses ...int) (int, error) {
	if f.Level < 0 || f.Level > len(severities) {
		return 0, fmt.Errorf("the level %d is not within 0 and %d", f.Level, len(severities))
	}
	if f.Count < 0 || f.Count > maxMachines {
		return 0, fmt.Errorf("a count of %d", f.Count)
	}
	f.Count = max(1, f.Count)
	var hosts []*affected
	for _, one := range f.Hosts {
		if one == nil {
			return 0, fmt.Errorf("a host is null")
		}
		if one.Status == nil {
			one.Status = &f.Status
		}
		if !slices.Contains(statuses, *one.Status) {
			return 0, fmt.Errorf("the status %d is none of %v", *one.Status, statuses)
		}
		switch {
		case one.Host == "*":
			for _, name := range names {
				hosts = append(hosts, &affected{Host: name, Status: one.Status, Row: one.Row})
			}
		case slices.Contains(names, one.Host):
			hosts = append(hosts, one)
		default:
			return 0, fmt.Errorf("there is no host %q", one.Host)
		}
	}
	f.Hosts = hosts
	return f.Count * len(hosts), nil
}

func (v *hostVul) check(names []string) (int, error) {
	if v.Category == 0 {
		v.Category = 4
	}
	return v.finding.check(names, 0, 1, 3, 5, 6, 7, 8)
}

func (m *malware) check(names []string) (int, error) {
	if m.Status == 0 {
		m.Status = 4
	}
	return m.finding.check(names, 4, 5, 6, 8, 10, 11, 13, 14)
}

func (b *baselineItem) check(names []string) (int, error) {
	return b.finding.check(names, 0, 1, 3, 5)
}
