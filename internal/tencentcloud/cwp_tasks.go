package tencentcloud

import (
	"context"
	"errors"
)

const cwpVersion = "2018-02-28"

var (
	scanVul                  = operation{service: "cwp", version: cwpVersion, action: "ScanVul", maxValues: fewValues}
	createScanMalwareSetting = operation{service: "cwp", version: cwpVersion, action: "CreateScanMalwareSetting", maxValues: fewValues}
	// Despite its name it stops a task. It names the task, so that a second one does nothing more.
	deleteScanTask = operation{service: "cwp", version: cwpVersion, action: "DeleteScanTask", repeatable: true, maxValues: fewValues}

	describeScanState = operation{service: "cwp", version: cwpVersion, action: "DescribeScanState", repeatable: true, maxValues: manyValues}
)

// The modules that scan hosts.
const (
	ModuleVul      = "Vul"
	ModuleMalware  = "Malware"
	ModuleBaseline = "Baseline"
)

// Hosts are the hosts to scan: exactly one of the two.
type Hosts struct {
	AllProtected bool
	Quuids       []string
}

// hostFields are how a submission names hosts.
type hostFields struct {
	HostType  int64    // 1 all that are protected, 2 those of QuuidList
	QuuidList []string `json:",omitempty"`
}

func (h Hosts) fields() (hostFields, error) {
	switch {
	case h.AllProtected && len(h.Quuids) == 0:
		return hostFields{HostType: 1}, nil
	case !h.AllProtected && len(h.Quuids) > 0:
		return hostFields{HostType: 2, QuuidList: h.Quuids}, nil
	}
	return hostFields{}, errors.New("neither all hosts nor a list of hosts")
}

// The values of ScanMethod.
const (
	ScanByVersion = 0
	ScanByPOC     = 2 // versions, and proofs of concept
)

// All levels and categories, always: no answer tells later what a task was narrowed to. The separator is that of
// the published samples; the parameter's text names another.
const (
	allVulLevels     = "1,2,3,4"
	allVulCategories = "1,2,4,5"
)

// ScanVulRequest asks to scan hosts for vulnerabilities.
type ScanVulRequest struct {
	Hosts         Hosts
	ScanMethod    int64
	TimeoutPeriod int64 // seconds; 0 for the service's default
}

type scanVulFields struct {
	VulLevels     string
	VulCategories string
	hostFields
	ScanMethod    int64
	TimeoutPeriod int64 `json:",omitempty"`
}

// ScanVulResponse names the task, and counts the hosts.
type ScanVulResponse struct {
	answer
	TaskID            Int `json:"TaskId"`
	SuccessCount      Int // on how many hosts the scan was started
	BasicVersionCount Int // how many have no licence for it
}

func (r *ScanVulResponse) made() bool { return r.TaskID.orZero() > 0 }

// ScanVul submits hosts for a scan for vulnerabilities. It is repeated only after an answer that proves that
// nothing was done; [HadNoEffect] tells of an error whether that is so. The response is never nil, and holds beside
// an error what could be read of the answer.
func (c *Client) ScanVul(ctx context.Context, request ScanVulRequest) (*ScanVulResponse, error) {
	hosts, err := request.Hosts.fields()
	if err != nil {
		return new(ScanVulResponse), unsendable(scanVul, err)
	}
	return call[ScanVulResponse](ctx, c, scanVul, scanVulFields{
		VulLevels: allVulLevels, VulCategories: allVulCategories, hostFields: hosts,
		ScanMethod: request.ScanMethod, TimeoutPeriod: request.TimeoutPeriod,
	})
}

// The values of ScanPattern.
const (
	ScanWholeDisk = 0
	ScanQuickly   = 1
)

// CreateScanMalwareSettingRequest asks to scan hosts for malware.
type CreateScanMalwareSettingRequest struct {
	Hosts         Hosts
	ScanPattern   int64
	EngineType    int64 // 1 reports critical and high, 2 medium too, 3 all; 0 for the service's default
	TimeoutPeriod int64 // seconds; 0 for the service's default
}

type createScanMalwareSettingFields struct {
	ScanPattern int64
	hostFields
	EngineType    int64 `json:",omitempty"`
	TimeoutPeriod int64 `json:",omitempty"`
}

// CreateScanMalwareSettingResponse names the task.
type CreateScanMalwareSettingResponse struct {
	answer
	TaskID Int `json:"TaskId"`
}

func (r *CreateScanMalwareSettingResponse) made() bool { return r.TaskID.orZero() > 0 }

// CreateScanMalwareSetting submits hosts for a scan for malware, despite its name; see [Client.ScanVul].
func (c *Client) CreateScanMalwareSetting(ctx context.Context, request CreateScanMalwareSettingRequest) (*CreateScanMalwareSettingResponse, error) {
	hosts, err := request.Hosts.fields()
	if err != nil {
		return new(CreateScanMalwareSettingResponse), unsendable(createScanMalwareSetting, err)
	}
	return call[CreateScanMalwareSettingResponse](ctx, c, createScanMalwareSetting, createScanMalwareSettingFields{
		ScanPattern: request.ScanPattern, hostFields: hosts, EngineType: request.EngineType, TimeoutPeriod: request.TimeoutPeriod,
	})
}

// StopHostScanRequest names the task to stop.
type StopHostScanRequest struct {
	ModuleType string
	TaskID     int64 `json:"TaskId"`
}

// StopHostScan stops a task, by DeleteScanTask.
func (c *Client) StopHostScan(ctx context.Context, request StopHostScanRequest) (*Acknowledgement, error) {
	if request.TaskID <= 0 {
		return nil, unsendable(deleteScanTask, errors.New("no task to stop"))
	}
	return call[Acknowledgement](ctx, c, deleteScanTask, request)
}

// DescribeScanStateRequest asks for the last task of a module. Filters is for the StrategyId of Baseline alone.
type DescribeScanStateRequest struct {
	ModuleType string
	Filters    []Filter `json:",omitempty"`
}

// The values of ScanState.
const (
	HostsNeverScanned = 0
	HostsScanning     = 1
	HostsScanned      = 2
	HostsStopping     = 3
	HostsStopped      = 4
)

// DescribeScanStateResponse describes the last task of a module.
type DescribeScanStateResponse struct {
	answer
	TaskID                     Int `json:"TaskId"`
	ScanState                  Int
	Schedule                   Int        // per cent
	Type                       Int        // 0 started by somebody, 1 by a schedule
	VulID                      List[Int]  `json:"VulId"`    // what the scan was narrowed to
	KBNumber                   List[Text] `json:"KBNumber"` // likewise
	ScanBeginTime, ScanEndTime Time
	RiskEventCount             Int
}

// Narrowed tells whether the task looked only for single vulnerabilities or patches. What cannot be read counts
// as a yes.
func (r *DescribeScanStateResponse) Narrowed() bool {
	return len(r.VulID.Items) > 0 || len(r.KBNumber.Items) > 0 || !r.VulID.readable() || !r.KBNumber.readable()
}

// DescribeScanState describes the last task of a module. Identical requests under way are one call.
func (c *Client) DescribeScanState(ctx context.Context, request DescribeScanStateRequest) (*DescribeScanStateResponse, error) {
	return read(ctx, c, describeScanState, request, neverFinal[*DescribeScanStateResponse])
}
