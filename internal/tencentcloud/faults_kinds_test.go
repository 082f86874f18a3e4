package tencentcloud_test

import (
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// faultCase is one way in which the cloud or the way to it breaks.
type faultCase struct {
	name  string
	fault emulator.Fault
	// network is a fault of the way: refused or dns. The emulator is not asked then.
	network string
	// retried says that a read that meets it once gets its answer all the same; harmless, that a
	// submission does too, since nothing was done.
	retried, harmless bool
	// heavy marks an answer of a GiB: one at a time, with more time.
	heavy bool
}

// requestTimeout bounds one attempt, far below how slow the slow faults are.
const requestTimeout = slowness * 400 * time.Millisecond

// time is the time-out of a call that meets the fault.
func (f faultCase) time() time.Duration {
	if f.heavy {
		return 20 * time.Second
	}
	return budget
}

func (f faultCase) requestTimeout() time.Duration {
	if f.heavy {
		return 20 * time.Second
	}
	return requestTimeout
}

func answering(code string, retried, harmless bool) faultCase {
	return faultCase{name: code, fault: emulator.Fault{Kind: emulator.FaultError, Code: code}, retried: retried, harmless: harmless}
}

const tenMinutes = emulator.Duration(10 * time.Minute)

var faultCases = []faultCase{
	answering("RequestLimitExceeded", true, true),
	answering("RequestLimitExceeded.UinLimitExceeded", true, true),
	answering("LimitExceeded.RateLimitExceeded", true, true),
	answering("InternalError", true, false),
	answering("InternalError.DbError", true, false),
	{name: "InternalError after the work", fault: emulator.Fault{Kind: emulator.FaultError, After: true}, retried: true},
	{name: "HTTP 500 with HTML", fault: emulator.Fault{Kind: emulator.FaultHTTP, Status: 500}, retried: true},
	{name: "HTTP 502 with HTML", fault: emulator.Fault{Kind: emulator.FaultHTTP, Status: 502}, retried: true},
	{name: "HTTP 503 with HTML", fault: emulator.Fault{Kind: emulator.FaultHTTP, Status: 503}, retried: true},
	{name: "HTTP 502 after the work", fault: emulator.Fault{Kind: emulator.FaultHTTP, After: true}, retried: true},
	{name: "connection refused", network: "refused", retried: true, harmless: true},
	{name: "DNS failure", network: "dns", retried: true, harmless: true},
	{name: "reset before the work", fault: emulator.Fault{Kind: emulator.FaultReset}, retried: true},
	{name: "closed before the work", fault: emulator.Fault{Kind: emulator.FaultClose}, retried: true},
	{name: "reset after the work", fault: emulator.Fault{Kind: emulator.FaultLost}, retried: true},
	{name: "truncated body", fault: emulator.Fault{Kind: emulator.FaultTruncate}, retried: true},
	{name: "text, no JSON", fault: emulator.Fault{Kind: emulator.FaultText}, retried: true},
	{name: "empty body", fault: emulator.Fault{Kind: emulator.FaultEmpty}, retried: true},
	{name: "body of 1 GiB", fault: emulator.Fault{Kind: emulator.FaultHuge}, heavy: true},
	{name: "slow header", fault: emulator.Fault{Kind: emulator.FaultSlowHeader, Delay: emulator.Duration(budget)}, retried: true},
	{name: "slow body", fault: emulator.Fault{Kind: emulator.FaultSlowBody, Delay: emulator.Duration(budget)}, retried: true},
	{name: "wrong types", fault: emulator.Fault{Kind: emulator.FaultTypes}},
	{name: "missing fields", fault: emulator.Fault{Kind: emulator.FaultMissing}},
	{name: "clock ten minutes behind", fault: emulator.Fault{Kind: emulator.FaultClock, Offset: tenMinutes}},
	{name: "clock ten minutes ahead", fault: emulator.Fault{Kind: emulator.FaultClock, Offset: -tenMinutes}},
	{name: "expired token", fault: emulator.Fault{Kind: emulator.FaultError, Code: "AuthFailure.TokenFailure"}},
	{name: "307 to another host", fault: emulator.Fault{Kind: emulator.FaultRedirect}},
}
