package emulator

import (
	"strings"
	"sync"
	"time"
)

// Call is one request that reached the server, whatever became of it.
type Call struct {
	// Time is the server's clock when the request had been read.
	Time time.Time `json:"time"`
	// Service is from the credential scope, Action, Version and Region from the headers; empty where
	// the request has none.
	Service string `json:"service"`
	Action  string `json:"action"`
	Version string `json:"version"`
	Region  string `json:"region"`
	Method  string `json:"method"`
	// SecretID is the access key id that the request claims; HasToken tells of a security token.
	SecretID string `json:"secret_id"`
	HasToken bool   `json:"has_token"`
	Language string `json:"language"`
	// RequestClient is how the client names itself.
	RequestClient string `json:"request_client"`
	// Parameters are as sent, numbers as json.Number; nil if they could not be read.
	Parameters map[string]any `json:"parameters"`
	// Code is the error code that was answered; empty for success, and for answers that a fault
	// replaced before the service saw the request.
	Code string `json:"code"`
	// Fault is the kind of the fault that met the call, if any.
	Fault FaultKind `json:"fault,omitempty"`
	// Processed tells that the service took the call up, and did it or refused it by Code, whether or
	// not the answer arrived.
	Processed bool   `json:"processed"`
	RequestID string `json:"request_id"`
}

// Submission is one call that the service accepted and that starts a scan, even if it accepted none of
// its apps, and even if the answer was lost: CreateScanInstances, CreateVulScanTask, ScanVul or
// CreateScanMalwareSetting.
type Submission struct {
	Time     time.Time `json:"time"`
	Action   string    `json:"action"`
	SecretID string    `json:"secret_id"`

	// Of CreateScanInstances: AppMD5s are the accepted apps, RejectedMD5s the others, all in lower case.
	ItemID       string   `json:"item_id,omitempty"`
	AppMD5s      []string `json:"app_md5s,omitempty"`
	RejectedMD5s []string `json:"rejected_md5s,omitempty"`
	ScanTypes    []string `json:"scan_types,omitempty"`

	// Of CreateVulScanTask: the ids of the tasks, 0 where a side has none, and the images that they scan:
	// ids of local images, ids of the rows of registry images, and the digests of these rows.
	LocalTaskID      int64    `json:"local_task_id,omitempty"`
	RegistryTaskID   int64    `json:"registry_task_id,omitempty"`
	LocalImageIDs    []string `json:"local_image_ids,omitempty"`
	RegistryImageIDs []int64  `json:"registry_image_ids,omitempty"`
	RegistryDigests  []string `json:"registry_digests,omitempty"`

	// Of ScanVul and CreateScanMalwareSetting: the task and the Quuids of its hosts.
	TaskID int64    `json:"task_id,omitempty"`
	Quuids []string `json:"quuids,omitempty"`

	RequestID string `json:"request_id"`
}

// Ledger is what happened since the server started, or since [Server.Reset], in order of arrival.
type Ledger struct {
	Calls       []Call       `json:"calls"`
	Submissions []Submission `json:"submissions"`
	// MD5Counts is how often each MD5 (lower case) was accepted for a scan.
	MD5Counts map[string]int `json:"md5_counts"`
	// ImageCounts is how often each image was taken up in a scan: a local image by its id, one of a
	// registry by its digest, whichever row of it was scanned.
	ImageCounts map[string]int `json:"image_counts"`
	// HostCounts is how often each host was taken up in a scan, by Quuid.
	HostCounts map[string]int `json:"host_counts"`
}

// By are the submissions of an action, in order.
func (l Ledger) By(action string) []Submission {
	var submissions []Submission
	for _, submission := range l.Submissions {
		if submission.Action == action {
			submissions = append(submissions, submission)
		}
	}
	return submissions
}

// Count is how many calls named the action; an empty action counts all.
func (l Ledger) Count(action string) int {
	n := 0
	for _, call := range l.Calls {
		if action == "" || call.Action == action {
			n++
		}
	}
	return n
}

// Rejections are the calls that were answered by an error code, in order of arrival.
func (l Ledger) Rejections() []Call {
	var rejected []Call
	for _, call := range l.Calls {
		if call.Code != "" {
			rejected = append(rejected, call)
		}
	}
	return rejected
}

// Of are the calls that named the action, in order of arrival.
func (l Ledger) Of(action string) []Call {
	var calls []Call
	for _, call := range l.Calls {
		if call.Action == action {
			calls = append(calls, call)
		}
	}
	return calls
}

// ledger is the live log behind Ledger.
type ledger struct {
	mu          sync.Mutex
	calls       []*Call
	submissions []Submission
}

// enter notes a call and returns a function that changes the entry under the lock.
func (l *ledger) enter(call Call) func(func(*Call)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := &call
	l.calls = append(l.calls, entry)
	return func(change func(*Call)) {
		l.mu.Lock()
		defer l.mu.Unlock()
		change(entry)
	}
}

func (l *ledger) submit(s Submission) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.submissions = append(l.submissions, s)
}

func (l *ledger) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls, l.submissions = nil, nil
}

func (l *ledger) snapshot() Ledger {
	l.mu.Lock()
	defer l.mu.Unlock()
	copied := Ledger{
		Calls:       make([]Call, 0, len(l.calls)),
		Submissions: append([]Submission{}, l.submissions...),
		MD5Counts:   make(map[string]int), ImageCounts: make(map[string]int), HostCounts: make(map[string]int),
	}
	for _, call := range l.calls {
		copied.Calls = append(copied.Calls, *call)
	}
	for _, s := range copied.Submissions {
		tally(copied.MD5Counts, s.AppMD5s)
		tally(copied.ImageCounts, s.LocalImageIDs)
		tally(copied.ImageCounts, s.RegistryDigests)
		tally(copied.HostCounts, s.Quuids)
	}
	return copied
}

func tally(counts map[string]int, names []string) {
	for _, name := range names {
		counts[name]++
	}
}

// Ledger is a copy of the log.
func (s *Server) Ledger() Ledger { return s.callLog.snapshot() }

// Calls is how many calls named the action; an empty action counts all.
func (s *Server) Calls(action string) int { return s.callLog.snapshot().Count(action) }

// Submissions is how many calls that start a scan were accepted, of whatever kind.
func (s *Server) Submissions() int { return len(s.callLog.snapshot().Submissions) }

// SubmissionsOf is how often the MD5 (any case) was accepted for a scan.
func (s *Server) SubmissionsOf(md5 string) int {
	return s.callLog.snapshot().MD5Counts[strings.ToLower(md5)]
}

// ScansOfImage is how often an image, a local one by its id or one of a registry by its digest, was taken
// up in a scan.
func (s *Server) ScansOfImage(idOrDigest string) int {
	return s.callLog.snapshot().ImageCounts[idOrDigest]
}

// ScansOfHost is how often the host with the Quuid was taken up in a scan.
func (s *Server) ScansOfHost(quuid string) int { return s.callLog.snapshot().HostCounts[quuid] }

// Rejections is how many calls were answered by an error code.
func (s *Server) Rejections() int { return len(s.callLog.snapshot().Rejections()) }
