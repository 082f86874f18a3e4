package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// FaultKind names what goes wrong with a call.
type FaultKind string

// The kinds of faults. Those marked (answer) break the answer of a call that was processed; the
// others meet the call before it is processed, unless [Fault.After] says otherwise.
const (
	// FaultError answers the error Code with Message.
	FaultError FaultKind = "error"
	// FaultHTTP answers Status (default 502) with Body, by default an HTML page.
	FaultHTTP FaultKind = "http"
	// FaultReset resets the TCP connection without an answer.
	FaultReset FaultKind = "reset"
	// FaultClose closes the connection in good order without an answer.
	FaultClose FaultKind = "close"
	// FaultLost processes the call and then resets the connection: FaultReset with After.
	FaultLost FaultKind = "lost"
	// FaultRedirect answers Status (default 307) with Location.
	FaultRedirect FaultKind = "redirect"
	// FaultClock judges the signature by a clock that is Offset ahead (behind, if negative).
	FaultClock FaultKind = "clock"
	// FaultTruncate announces the whole answer and sends the first half of it (answer).
	FaultTruncate FaultKind = "truncate"
	// FaultText answers 200 with Body, by default text that is no JSON (answer).
	FaultText FaultKind = "text"
	// FaultEmpty answers 200 with nothing (answer).
	FaultEmpty FaultKind = "empty"
	// FaultHuge puts Size bytes (default 1 GiB) of padding into the answer, streamed (answer).
	FaultHuge FaultKind = "huge"
	// FaultSlowHeader sends the answer's header only after Delay (answer).
	FaultSlowHeader FaultKind = "slow-header"
	// FaultSlowBody sends the header at once and the body in pieces spread over Delay (answer).
	FaultSlowBody FaultKind = "slow-body"
	// FaultTypes gives every value of the answer another JSON type, or only Fields (answer).
	FaultTypes FaultKind = "types"
	// FaultMissing leaves every field but RequestId out of the answer, or only Fields (answer).
	FaultMissing FaultKind = "missing"
	// FaultValue gives Fields of the answer, at any depth, the JSON in Value: the id of another task, 0, null
	// (answer).
	FaultValue FaultKind = "value"
)

// Fault breaks calls. Its JSON names are the keys of the command's --fault.
type Fault struct {
	// Action is the action to break; empty is every one.
	Action string `json:"action,omitempty"`
	// Kind is required.
	Kind FaultKind `json:"kind"`
	// Skip lets so many matching calls pass first.
	Skip int `json:"skip,omitempty"`
	// Times ends the fault after so many calls broken; 0 is never.
	Times int `json:"times,omitempty"`
	// Every breaks only each so-many-th matching call; 0 is each one.
	Every int `json:"every,omitempty"`
	// Probability, 0 to 1, breaks a matching call by chance; 0 is always.
	Probability float64 `json:"probability,omitempty"`
	// After processes the call before it is broken, so that a submission is accepted and its answer
	// lost. The kinds that break an answer do so anyway.
	After bool `json:"after,omitempty"`
	// Delay is how slow slow-header and slow-body are (default 30 seconds), and how long any other
	// kind waits first.
	Delay Duration `json:"delay,omitempty"`
	// Code and Message are those of kind error; the default Code is InternalError.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Status is that of kinds http and redirect.
	Status int `json:"status,omitempty"`
	// Body is that of kinds http and text.
	Body string `json:"body,omitempty"`
	// Location is that of kind redirect.
	Location string `json:"location,omitempty"`
	// Size is that of kind huge, in bytes.
	Size int64 `json:"size,omitempty"`
	// Offset is that of kind clock.
	Offset Duration `json:"offset,omitempty"`
	// Fields are the names that kinds types, missing and value touch, at any depth; none is all, but for value.
	Fields []string `json:"fields,omitempty"`
	// Value is that of kind value, JSON.
	Value json.RawMessage `json:"value,omitempty"`
}

// Duration is a time.Duration that reads and writes as in "90s".
type Duration time.Duration

// UnmarshalText reads a Go duration string.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// MarshalText writes a Go duration string.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// breaksAnswer tells the kinds that need a processed call.
func (k FaultKind) breaksAnswer() bool {
	switch k {
	case FaultLost, FaultTruncate, FaultText, FaultEmpty, FaultHuge,
		FaultSlowHeader, FaultSlowBody, FaultTypes, FaultMissing, FaultValue:
		return true
	default:
		return false
	}
}

func (k FaultKind) known() bool {
	switch k {
	case FaultError, FaultHTTP, FaultReset, FaultClose, FaultRedirect, FaultClock:
		return true
	default:
		return k.breaksAnswer()
	}
}

// check refuses a fault that could never do what it says.
func (f Fault) check() error {
	switch {
	case f.Kind == "":
		return errors.New("emulator: fault: kind is missing")
	case !f.Kind.known():
		return fmt.Errorf("emulator: %q is no kind of fault", f.Kind)
	case f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("emulator: the probability %v of a fault is not within 0 and 1", f.Probability)
	case f.Skip < 0 || f.Times < 0 || f.Every < 0 || f.Size < 0 || f.Delay < 0:
		return fmt.Errorf("emulator: a number of the %s fault is negative", f.Kind)
	case f.Kind == FaultRedirect && f.Location == "":
		return fmt.Errorf("emulator: a redirect fault needs a location")
	case f.Kind == FaultClock && f.Offset == 0:
		return fmt.Errorf("emulator: a clock fault needs an offset")
	case f.Kind == FaultValue && (len(f.Fields) == 0 || !json.Valid(f.Value)):
		return fmt.Errorf("emulator: a value fault needs fields, and a value that is JSON")
	}
	return nil
}

// faults are the faults in force.
type faults struct {
	mu     sync.Mutex
	random *rand.Rand
	list   []*faultState
}

type faultState struct {
	Fault
	seen, broken int
}

// add puts a fault in force and returns what lifts it.
func (l *faults) add(f Fault) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	state := &faultState{Fault: f}
	l.list = append(l.list, state)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for i, other := range l.list {
			if other == state {
				l.list = append(l.list[:i:i], l.list[i+1:]...)
				return
			}
		}
	}
}

func (l *faults) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// meet picks the first fault in force that breaks a call of the action.
func (l *faults) meet(action string) (Fault, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.list {
		if f.Action != "" && f.Action != action {
			continue
		}
		if f.Times > 0 && f.broken >= f.Times {
			continue
		}
		f.seen++
		if f.seen <= f.Skip {
			continue
		}
		if f.Every > 1 && (f.seen-f.Skip)%f.Every != 0 {
			continue
		}
		if f.Probability > 0 && l.random.Float64() >= f.Probability {
			continue
		}
		f.broken++
		return f.Fault, true
	}
	return Fault{}, false
}

// Fault puts a fault in force and returns what lifts it. Faults are tried in the order in which they
// were added; the first that matches breaks the call. It panics on a fault that makes no sense.
func (s *Server) Fault(f Fault) (lift func()) {
	if err := f.check(); err != nil {
		panic(err)
	}
	return s.faults.add(f)
}

// ClearFaults lifts all faults.
func (s *Server) ClearFaults() { s.faults.clear() }
