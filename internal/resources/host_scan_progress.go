package resources

import (
	"fmt"
	"slices"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// hostProgress is what a scan of hosts has come to.
type hostProgress struct {
	status   string
	failed   []failedMachine
	failures []hostFailure
	// summary is nil while the task is processing, for vulnerabilities, and where nothing was scanned.
	summary *gate.Summary
	detail  string
}

// failedMachine is a machine of the task that was not scanned to its end.
type failedMachine struct {
	gate.Machine
	failType *int64
}

// hostFailure is a host that was not scanned; machine is empty where the service only counts.
type hostFailure struct {
	machine, desc, hint string
	code                *int64
}

// hostTask is what a task is compared with.
type hostTask struct {
	module string
	// asked are the hosts as they are compared; nil for all protected ones, of which none is compared.
	asked                []string
	accepted, unlicensed *int64
	// young tells that the service may not know all of the task yet.
	young bool
	// canceled tells that the task was stopped.
	canceled bool
}

const scanAgainHost = "Then scan again with -replace or a new value in triggers."

// hostHints tell what to do about a FailType.
var hostHints = map[int64]string{
	3: "Bring the host's agent online.",
	4: "Set a longer scan_timeout.",
	8: "Update the host's agent.",
}

// evaluateHosts classifies a task: completed when the task has ended, its list of machines is whole, and every
// host that was asked for is among them with status Ok; failed when it has ended otherwise; else processing.
func evaluateHosts(task hostTask, answer *tencentcloud.DescribeScanTaskDetailsResponse) hostProgress {
	scan := evidence.HostScan("", task.module, answer)
	p := hostProgress{status: scantask.StatusProcessing}
	ok := 0
	for i, machine := range scan.Machines {
		if machine.Status == machineOK {
			ok++
			continue
		}
		p.failed = append(p.failed, failedMachine{machine, answer.ScanTaskDetailList.Items[i].FailType.Ptr()})
	}
	p.detail = fmt.Sprintf("%d of %d hosts scanned", ok, len(scan.Machines))
	whole := scan.TotalCount.Is(int64(len(scan.Machines))) && len(scan.Machines) > 0
	switch {
	case task.canceled:
		p.status = scantask.StatusCanceled
		return p
	case !answer.Done(), !whole && task.young:
		p.failed = nil
		return p
	}
	p.failures = task.failures(scan.Machines, p.failed, whole)
	p.status = scantask.StatusCompleted
	if len(p.failures) > 0 {
		p.status = scantask.StatusFailed
	}
	if task.module == tencentcloud.ModuleMalware && ok > 0 {
		summary := gate.Summarize(scan.Findings())
		p.summary = &summary
	}
	return p
}

// machineOK is the status of a machine that was scanned to its end.
const machineOK = "Ok"

// failures are the hosts that were not scanned, of a task that has ended.
func (t hostTask) failures(machines []gate.Machine, failed []failedMachine, whole bool) []hostFailure {
	var failures []hostFailure
	if !whole {
		failures = append(failures, hostFailure{
			desc: fmt.Sprintf("the service's list of the task's hosts is not whole: %d are listed", len(machines)),
			hint: "Look the task up in the console. " + scanAgainHost,
		})
	}
	for _, machine := range failed {
		if t.asked != nil && !slices.Contains(t.asked, normalQuuid(machine.Quuid)) {
			continue // none of those that were asked for; one without a Quuid is missing below
		}
		failures = append(failures, machine.failure())
	}
	return append(failures, t.missing(machines)...)
}

func (m failedMachine) failure() hostFailure {
	f := hostFailure{machine: m.Quuid, code: m.failType, desc: sanitize.Line(m.Problem), hint: scanAgainHost}
	if f.desc == "" {
		f.desc = "the machine has the status " + sanitize.Line(m.Status)
	}
	if f.code != nil && hostHints[*f.code] != "" {
		f.hint = hostHints[*f.code] + " " + scanAgainHost
	}
	return f
}

// missing are the hosts that the service did not take up: those that are not among the machines of the task, and
// where its counts tell of more, a line for these.
func (t hostTask) missing(machines []gate.Machine) []hostFailure {
	if t.asked == nil {
		return nil
	}
	listed := map[string]bool{}
	for _, machine := range machines {
		listed[normalQuuid(machine.Quuid)] = true
	}
	missing := slices.DeleteFunc(slices.Clone(t.asked), func(quuid string) bool { return listed[quuid] })
	left := t.leftOut()
	desc, hint := "the service did not take up this host", "Check the Quuid, and that the host has a license and its agent is online. "+scanAgainHost
	if unlicensed := valueOf(t.unlicensed); unlicensed > 0 && unlicensed == int64(len(missing)) {
		desc, hint = "the host has no license for this scan", "Bind a license of the Professional edition or above to it. "+scanAgainHost
	} else if unlicensed > 0 {
		desc += fmt.Sprintf("; of the chosen hosts, %d without a license", unlicensed)
	}
	var failures []hostFailure
	for _, quuid := range missing {
		failures = append(failures, hostFailure{machine: quuid, desc: desc, hint: hint})
	}
	if more := left - int64(len(missing)); more > 0 {
		failures = append(failures, hostFailure{
			desc: fmt.Sprintf("the service says that it left out %d of the %d chosen hosts, %d more than its list of machines shows", left, len(t.asked), more),
			hint: "Check the licenses of the hosts. " + scanAgainHost,
		})
	}
	return failures
}

// leftOut is how many of the hosts the counts of the submission say were not taken up; what is not told is 0.
func (t hostTask) leftOut() int64 {
	left := max(0, valueOf(t.unlicensed))
	if t.accepted != nil {
		left = max(left, int64(len(t.asked))-*t.accepted)
	}
	return left
}

func valueOf(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// isExactly tells whether the whole list of a task's machines is there, and is the hosts asked for, each once.
func isExactly(asked []string, answer *tencentcloud.DescribeScanTaskDetailsResponse) bool {
	rows := answer.ScanTaskDetailList
	if rows.State() != field.Known || !answer.TotalCount.Is(int64(len(rows.Items))) {
		return false
	}
	listed := make([]string, 0, len(rows.Items))
	for _, row := range rows.Items {
		listed = append(listed, normalQuuid(row.Quuid.String()))
	}
	slices.Sort(listed)
	return slices.Equal(listed, asked)
}
