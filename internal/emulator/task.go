package emulator

import (
	"context"
	"sync"
	"time"
)

// Codes of a scanned app, StatusCode of the scan results and Errno of the APK detection (api.md).
const (
	codeOK              = 0
	codeNotAnalysable   = 3
	codeNoCertificate   = 4
	codeEmpty           = 5
	codeDownloadFailed  = 1000
	codeMD5Differs      = 1001
	statusDone          = 1
	statusProcessing    = 2
	statusError         = 3
	statusTimedOut      = 4
	concurrentAnalyses  = 2
	callbackCheckPeriod = 20 * time.Millisecond
)

// task is one package on its way through the analysis.
type task struct {
	url       string
	md5       string // lower case
	size      int64  // as submitted; 0 if it was not
	submitted time.Time
	done      chan struct{} // closed when result is there
	result    analysis

	mu       sync.Mutex
	polls    int
	finished time.Time // zero while in processing
}

// analysis is what a package turned out to be.
type analysis struct {
	// code is 0, or one of the codes above; reason explains it.
	code     int
	reason   string
	timedOut bool
	found    *found
}

// startTask begins to download and analyse a package, in the background.
func (s *Server) startTask(url, md5 string, size int64) *task {
	t := &task{url: url, md5: md5, size: size, submitted: s.now(), done: make(chan struct{})}
	s.running.Go(func() {
		defer close(t.done)
		select {
		case s.ms.slots <- struct{}{}:
			defer func() { <-s.ms.slots }()
		case <-s.ctx.Done():
			t.result = analysis{code: codeDownloadFailed, reason: "The emulator was closed."}
			return
		}
		t.result = s.analyse(s.ctx, t)
	})
	return t
}

// settle tells whether a task is done by now: no hold, the scan duration over, polls enough before this
// one, and analysed, which is waited for once the rest is true. A task that was done stays done.
func (s *Server) settle(ctx context.Context, t *task, poll bool) bool {
	held, now := s.control.holdsScans(), s.now()
	t.mu.Lock()
	before := t.polls
	if poll {
		t.polls++
	}
	wasFinished := !t.finished.IsZero()
	due := t.submitted.Add(s.settings.scanDuration)
	ready := !held && !now.Before(due) && before >= s.settings.scanPolls
	t.mu.Unlock()
	if wasFinished {
		return true
	}
	if !ready {
		return false
	}
	select {
	case <-t.done:
	case <-ctx.Done():
		return false
	case <-s.ctx.Done():
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.finished.IsZero() {
		t.finished = due
	}
	return true
}
