package gate

import (
	"cmp"
	"slices"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// maxDetail bounds the detail of a reason in runes: it is composed of several lines of the service.
const maxDetail = 600

// ReasonCode names why a verdict is incomplete, one code for each distinct cause. The codes are part
// of the schema of `verdict.reasons`: they may grow, but none may change its meaning.
type ReasonCode string

// Reasons that any source can have.
const (
	// NothingScanned: the answer lists no app, machine or image at all.
	NothingScanned ReasonCode = "nothing_scanned"
	// NotFinished: a row or the whole task is still being scanned.
	NotFinished ReasonCode = "not_finished"
	// StatusUnknown: a state that the documents do not define, so nobody can say that it means done.
	StatusUnknown ReasonCode = "unknown_status"
	// CountMismatch: the service counts other than what it lists, or gives no total to compare with.
	CountMismatch ReasonCode = "count_mismatch"
	// CountMissing: a count that decides is null, unreadable or negative.
	CountMissing ReasonCode = "count_missing"
	// UnexplainedCount: the service counts more risks than it lists findings for.
	UnexplainedCount ReasonCode = "unexplained_count"
	// MissingEvidence: a section or field that decides is missing or unreadable.
	MissingEvidence ReasonCode = "missing_evidence"
	// WaitTimedOut: the data source stopped waiting before the scan was final. It is given by the
	// data sources, not by this package.
	WaitTimedOut ReasonCode = "wait_timed_out"
	// UnreadableAnswer: an answer came that cannot be judged at all: it contradicts itself, is about
	// another object, or changed each time while it was read. It is given by the data sources.
	UnreadableAnswer ReasonCode = "unreadable_answer"
	// ScanStopped: the task is being, or was, stopped before its end.
	ScanStopped ReasonCode = "scan_stopped"
)

// Reasons about apps (documents 000 and 002).
const (
	// AppFailed: the scan of an app ended in an error.
	AppFailed ReasonCode = "app_failed"
	// AppTimedOut: the service gave up the scan of an app.
	AppTimedOut ReasonCode = "app_timed_out"
	// MissingMD5: an app that was required or asked for is not among the results.
	MissingMD5 ReasonCode = "missing_md5"
	// RowWithoutMD5: a result that names no MD5, so that it proves nothing about any file.
	RowWithoutMD5 ReasonCode = "row_without_md5"
	// UnexpectedMD5: a result for an app that was not asked for.
	UnexpectedMD5 ReasonCode = "unexpected_md5"
)

// Reasons about machines (document 003).
const (
	// MachineMissing: a required machine is not among those of the task.
	MachineMissing ReasonCode = "machine_missing"
	// MachineNotOK: a required machine was not scanned to the end.
	MachineNotOK ReasonCode = "machine_not_ok"
	// TooManyFailedMachines: more machines than max_failed_machines are not Ok.
	TooManyFailedMachines ReasonCode = "too_many_failed_machines"
	// NoMachineOK: not one machine was scanned to the end.
	NoMachineOK ReasonCode = "no_machine_ok"
	// DuplicateMachine: one Quuid stands in the list twice, so the list shifted or is wrong.
	DuplicateMachine ReasonCode = "duplicate_machine"
	// MachineWithoutID: a machine without a Quuid.
	MachineWithoutID ReasonCode = "machine_without_id"
	// NarrowedScan: the task looked only for single vulnerabilities or patches.
	NarrowedScan ReasonCode = "narrowed_scan"
	// UnknownModule: a module type whose risks this package cannot derive.
	UnknownModule ReasonCode = "unknown_module"
)

// Reasons about images (document 004).
const (
	// NotScanned: Status NOT_SCAN, where zero vulnerabilities mean nothing.
	NotScanned ReasonCode = "not_scanned"
	// Canceled: Status CANCELED.
	Canceled ReasonCode = "canceled"
	// MaxAgeRequired: no task id and no max_age, so the answer may be of any earlier scan.
	MaxAgeRequired ReasonCode = "max_age_required"
)

// Reasons about one image and its vulnerabilities.
const (
	// UnboundedAge: neither a scan nor max_age is given, so the results may be of any earlier scan.
	UnboundedAge ReasonCode = "unbounded_age"
	// ImageFailed: the scan of the image ended in an error.
	ImageFailed ReasonCode = "image_failed"
	// ImageNotInScan: the scan that was named is not of the image, or older results are all there is.
	ImageNotInScan ReasonCode = "image_not_in_scan"
	// ChangedWhileRead: the image was scanned again while its vulnerabilities were read.
	ChangedWhileRead ReasonCode = "changed_while_read"
	// IgnoredByService: the service is set to ignore a vulnerability, so that nobody can tell whether it is there.
	IgnoredByService ReasonCode = "ignored_by_service"
)

// Reasons about the time of a scan, given only where the policy bounds its age.
const (
	// ScanTimeMissing: a scan gives no time, or one that cannot be read.
	ScanTimeMissing ReasonCode = "scan_time_missing"
	// ScanTimeContradictory: a scan ended before it began.
	ScanTimeContradictory ReasonCode = "scan_time_contradictory"
	// ScanTimeInFuture: a scan claims to be later than now.
	ScanTimeInFuture ReasonCode = "scan_time_in_future"
	// ScanTooOld: the oldest scan is as old as max_age or older.
	ScanTooOld ReasonCode = "scan_too_old"
)

// Reasons about the gate itself. The data sources refuse such a gate before they ask the service;
// these are a second check.
const (
	// InvalidPolicy: [Policy.Validate] refuses the policy, or it belongs to another source.
	InvalidPolicy ReasonCode = "invalid_policy"
	// EvidenceMismatch: the evidence was gathered for other demands than those of the policy.
	EvidenceMismatch ReasonCode = "evidence_mismatch"
)

// remedies tells for each code what would make a verdict pass. Several codes share one sentence, so
// that a message says it once.
var remedies = map[ReasonCode]string{
	NothingScanned:        "check that the id is right and that something was submitted under it",
	NotFinished:           "plan again to keep waiting",
	StatusUnknown:         "look the task up in the console; plan again when it is done",
	CountMismatch:         "plan again; if the counts still differ, ask Tencent Cloud's support with the RequestId",
	CountMissing:          "plan again; if the count is still missing, ask Tencent Cloud's support with the RequestId",
	UnexplainedCount:      "look up in the console what the service counted but did not list",
	MissingEvidence:       "scan again, with every required scan type, so that the missing part is there",
	WaitTimedOut:          "plan again to keep waiting, or raise timeouts.read",
	UnreadableAnswer:      "plan again; if the answer stays unreadable, ask Tencent Cloud's support with the RequestId",
	ScanStopped:           "start a new scan and let it finish",
	AppFailed:             "fix what the service reports about the app, and scan it again",
	AppTimedOut:           "scan the app again",
	MissingMD5:            "scan exactly the files that are required",
	RowWithoutMD5:         "plan again; if the MD5 is still missing, scan again",
	UnexpectedMD5:         "plan again; if the foreign result stays, ask Tencent Cloud's support with the RequestId",
	MachineMissing:        "scan the missing machines in the same task",
	MachineNotOK:          "bring the machines' agents online and scan again",
	TooManyFailedMachines: "bring the machines' agents online and scan again",
	NoMachineOK:           "bring the machines' agents online and scan again",
	DuplicateMachine:      "plan again, so that the list is read again",
	MachineWithoutID:      "plan again, so that the list is read again",
	UnknownModule:         "use a module type of Malware, Vul or Baseline",
	NarrowedScan:          "scan for everything, or set allow_narrowed",
	NotScanned:            "start the image scan",
	Canceled:              "start a new scan and let it finish",
	MaxAgeRequired:        "give a task id, or set max_age",
	UnboundedAge:          "give scan_id, or set max_age",
	ImageFailed:           "fix what the service reports about the image, and scan it again",
	ImageNotInScan:        "scan this image, and give the id of that scan",
	ChangedWhileRead:      "plan again when the image is not being scanned",
	IgnoredByService:      "end the setting at the service, name the id in an exception, or set accept_service_ignores",
	ScanTimeMissing:       "scan again, or leave max_age out",
	ScanTimeContradictory: "scan again, or leave max_age out",
	ScanTimeInFuture:      "set this machine's clock right, or scan again",
	ScanTooOld:            "scan again, or raise max_age",
	InvalidPolicy:         "correct the gate",
	EvidenceMismatch:      "report this as a bug of the provider",
}

// orderReasons returns the distinct reasons by code and detail, so that a verdict does not depend on
// the order of an answer's rows, each fit to be printed.
func orderReasons(reasons []Reason) []Reason {
	ordered := slices.Clone(reasons)
	for i := range ordered {
		ordered[i].Detail = sanitize.LineUpTo(ordered[i].Detail, maxDetail)
	}
	slices.SortFunc(ordered, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Detail, b.Detail))
	})
	return slices.Compact(ordered)
}
