package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// HostFindings is what was read about hosts beside their task: the list of the module, and in module Vul the hosts of
// each vulnerability that was not left out.
type HostFindings struct {
	Vuls *tencentcloud.DescribeVulListResponse
	// VulHosts are the hosts of the vulnerabilities, by their place in the list; nil for one that was left out.
	VulHosts []*tencentcloud.DescribeVulEffectHostListResponse
	Malware  *tencentcloud.DescribeMalWareListResponse
	Baseline *BaselineItems
}

// Readable returns an error that wraps [tencentcloud.ErrUnreadable] where one of the lists is there and is none.
func (f *HostFindings) Readable() error {
	if f == nil {
		return nil
	}
	states := []field.State{}
	if f.Vuls != nil {
		states = append(states, f.Vuls.VulInfoList.State())
	}
	for _, hosts := range f.VulHosts {
		if hosts != nil {
			states = append(states, hosts.VulEffectHostList.State())
		}
	}
	if f.Malware != nil {
		states = append(states, f.Malware.MalWareList.State())
	}
	if f.Baseline != nil {
		states = append(states, f.Baseline.Total.State())
	}
	if slices.Contains(states, field.Unreadable) {
		return fmt.Errorf("a list of findings cannot be read: %w", tencentcloud.ErrUnreadable)
	}
	return nil
}

// BaselineItems are the checks that were kept of the list.
type BaselineItems struct {
	Items  []tencentcloud.BaselineItem
	Listed int
	Total  tencentcloud.Int
}

// Take drops the checks that were kept, and returns what keeps those of a page that may be of one of the hosts.
func (b *BaselineItems) Take(hosts HostFilter) func([]tencentcloud.BaselineItem) {
	b.Items = nil
	return func(page []tencentcloud.BaselineItem) {
		for _, item := range page {
			if hosts.Keeps(item.HostID.String(), item.UUID.String()) {
				b.Items = append(b.Items, item)
			}
		}
	}
}

// Hosts returns the input of the gate for what hosts have, beside that of the task.
func Hosts(object string, hosts []string, task gate.HostScan, found *HostFindings) gate.HostFindings {
	input := gate.HostFindings{Object: object, Task: task, Hosts: hosts}
	switch {
	case found == nil:
	case found.Vuls != nil:
		hostVuls(&input, found)
	case found.Malware != nil:
		rows := found.Malware.MalWareList
		input.Listed, input.TotalCount, input.ListedRows = rows.State(), found.Malware.TotalCount.Value, len(rows.Items)
		for _, row := range rows.Items {
			input.Rows = append(input.Rows, MalwareRow(row))
		}
	case found.Baseline != nil:
		input.Listed, input.TotalCount, input.ListedRows = field.Known, found.Baseline.Total.Value, found.Baseline.Listed
		for _, item := range found.Baseline.Items {
			input.Rows = append(input.Rows, BaselineRow(item))
		}
	}
	return input
}

func hostVuls(input *gate.HostFindings, found *HostFindings) {
	list := found.Vuls.VulInfoList
	input.Listed, input.TotalCount, input.ListedRows = list.State(), found.Vuls.TotalCount.Value, len(list.Items)
	for i, vul := range list.Items {
		if i >= len(found.VulHosts) || found.VulHosts[i] == nil {
			input.Partial = true
			continue
		}
		rows := found.VulHosts[i].VulEffectHostList
		input.Vuls = append(input.Vuls, gate.VulHosts{
			Name: vulName(vul), Listed: rows.State(), TotalCount: found.VulHosts[i].TotalCount.Value, ListedRows: len(rows.Items), HostCount: vul.HostCount.Value,
		})
		for _, host := range rows.Items {
			input.Rows = append(input.Rows, VulRow(vul, host))
		}
	}
}

// vulName names a vulnerability in messages.
func vulName(vul tencentcloud.HostVul) string {
	if name := trimmed(vul.CveID); name != "" {
		return name
	}
	if id, state := idText(vul.VulID).Get(); state == field.Known {
		return "vulnerability " + id
	}
	return "a vulnerability without an id"
}

// VulRow returns a host of a vulnerability as a row of the gate's input.
func VulRow(vul tencentcloud.HostVul, host tencentcloud.VulEffectHost) gate.HostRow {
	return gate.HostRow{
		Quuid: host.Quuid.String(), UUID: host.UUID.String(), HostName: host.AliasName.String(),
		IDs:  []field.Value[string]{vul.CveID.Value, idText(vul.VulID)},
		Name: vul.Name.String(), Levels: []field.Value[int64]{vul.Level.Value, host.Level.Value}, Status: host.Status.Value,
	}
}

// MalwareRow returns a file as a row of the gate's input.
func MalwareRow(row tencentcloud.HostMalware) gate.HostRow {
	return gate.HostRow{
		Quuid: row.Quuid.String(), UUID: row.UUID.String(), HostName: row.Alias.String(),
		IDs: []field.Value[string]{row.VirusName.Value}, Place: row.FilePath.String(),
		Levels: []field.Value[int64]{row.Level.Value}, Status: row.Status.Value,
		ProcessExists: row.ProcessExists.Value, FileExists: row.FileExists.Value,
	}
}

// BaselineRow returns a check as a row of the gate's input.
func BaselineRow(item tencentcloud.BaselineItem) gate.HostRow {
	return gate.HostRow{
		Quuid: item.HostID.String(), UUID: item.UUID.String(), HostName: item.HostName.String(),
		IDs: []field.Value[string]{idText(item.ItemID)}, Name: item.ItemName.String(),
		Levels: []field.Value[int64]{item.Level.Value}, Status: item.DetectStatus.Value,
	}
}

// HostFilter tells which rows are of the hosts that were asked for, by Quuid or agent.
type HostFilter map[string]bool

// NewHostFilter returns the filter for hosts, whose agents the task names.
func NewHostFilter(quuids []string, task *tencentcloud.DescribeScanTaskDetailsResponse) HostFilter {
	filter := HostFilter{}
	for _, quuid := range quuids {
		filter[caseless(quuid)] = true
	}
	if task == nil {
		return filter
	}
	for _, machine := range task.ScanTaskDetailList.Items {
		if filter[caseless(machine.Quuid.String())] {
			filter[caseless(machine.UUID.String())] = true
		}
	}
	delete(filter, "")
	return filter
}

// Names tells whether an id is one of the hosts.
func (f HostFilter) Names(id string) bool { return f[caseless(id)] }

// Keeps tells whether a row may be of one of the hosts: it is, or it names no host.
func (f HostFilter) Keeps(ids ...string) bool {
	named := false
	for _, id := range ids {
		if f.Names(id) {
			return true
		}
		named = named || caseless(id) != ""
	}
	return !named
}

func caseless(id string) string { return strings.ToLower(strings.TrimSpace(id)) }
