package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Defaults of a server that is given no options.
const (
	// DefaultRegion is the region that [Server.Region] names.
	DefaultRegion = "ap-guangzhou"
	// DefaultQuota is how many apps an account may still have scanned.
	DefaultQuota = 10000
	// DefaultPackageBytes bounds one download.
	DefaultPackageBytes = 256 << 20
	// DefaultAnalysisTime bounds the download and the analysis of one package, each.
	DefaultAnalysisTime = 30 * time.Second
	// ServiceRequestsPerSecond is the limit that the documents state for each action. The in-process
	// default is no limit; the command starts with this one.
	ServiceRequestsPerSecond = 20
)

// Credential is a key that the server knows.
type Credential struct {
	SecretID  string
	SecretKey string
	// Token is the security token that must accompany a temporary key; empty for a permanent one.
	Token string
	// Expires ends a temporary key (AuthFailure.TokenFailure after it); zero is never.
	Expires time.Time
	// Account owns scans, quota and rate limit. Empty is the account of the server's first key.
	Account string
}

// settings are what the options build.
type settings struct {
	listen            string
	clock             func() time.Time
	region            string
	secretID          string
	secretKey         string
	credentials       []Credential
	roles             []Role
	scanDuration      time.Duration
	scanPolls         int
	quota             int64
	limitTime         int64
	requestsPerSecond int
	sdkNames          bool
	sdkTypes          bool
	rejected          map[string]bool
	scenario          *Scenario
	packages          string
	packageBytes      int64
	analysisTime      time.Duration
	seed              uint64
	log               io.Writer
}

// Option changes one setting of a server that [New] starts.
type Option func(*settings) error

// WithListen sets the address, host:port, to listen on. New refuses any that is not loopback.
// The default is 127.0.0.1:0, a free port.
func WithListen(address string) Option {
	return func(s *settings) error { s.listen = address; return nil }
}

// WithClock sets the clock that signatures, scans, quotas and the ledger are timed by.
// The default is time.Now. See also [Server.Advance], which moves scans but not signatures.
func WithClock(now func() time.Time) Option {
	return func(s *settings) error {
		if now == nil {
			return errors.New("emulator: the clock is nil")
		}
		s.clock = now
		return nil
	}
}

// WithRegion sets the region that [Server.Region] names. Every well-formed region is served.
func WithRegion(region string) Option {
	return func(s *settings) error {
		if !regionFormat.MatchString(region) {
			return fmt.Errorf("emulator: %q is no region", region)
		}
		s.region = region
		return nil
	}
}

// WithCredentials sets the server's first key, which is random otherwise.
func WithCredentials(secretID, secretKey string) Option {
	return func(s *settings) error {
		if secretID == "" || secretKey == "" {
			return errors.New("emulator: both halves of the key are needed")
		}
		s.secretID, s.secretKey = secretID, secretKey
		return nil
	}
}

// WithCredential adds a further key: a second account, or a temporary key with its token.
func WithCredential(c Credential) Option {
	return func(s *settings) error {
		if c.SecretID == "" || c.SecretKey == "" {
			return errors.New("emulator: both halves of the key are needed")
		}
		s.credentials = append(s.credentials, c)
		return nil
	}
}

// WithScanDuration sets how long a scan or an APK detection stays in processing after it was
// submitted. Zero, the default, is done on the first poll, which then waits for the analysis.
func WithScanDuration(d time.Duration) Option {
	return func(s *settings) error {
		if d < 0 {
			return errors.New("emulator: the scan duration is negative")
		}
		s.scanDuration = d
		return nil
	}
}

// WithScanPolls sets how many answers say that an app is still in processing before one says that it
// is done, counted for each app. It adds to [WithScanDuration]; the default is 0.
func WithScanPolls(n int) Option {
	return func(s *settings) error {
		if n < 0 {
			return errors.New("emulator: the number of polls is negative")
		}
		s.scanPolls = n
		return nil
	}
}

// WithQuota sets how many apps each account may still have scanned (LimitCount). The default is
// [DefaultQuota].
func WithQuota(n int) Option {
	return func(s *settings) error {
		if n < 0 {
			return errors.New("emulator: the quota is negative")
		}
		s.quota = int64(n)
		return nil
	}
}

// WithLimitTime sets when the quota ends (LimitTime). The zero time, the default, is never.
func WithLimitTime(t time.Time) Option {
	return func(s *settings) error {
		s.limitTime = 0
		if !t.IsZero() {
			s.limitTime = t.Unix()
		}
		return nil
	}
}

// WithRequestsPerSecond sets the hard limit of each action of each account. Zero, the default, is
// none; the service's own is [ServiceRequestsPerSecond].
func WithRequestsPerSecond(n int) Option {
	return func(s *settings) error {
		if n < 0 {
			return errors.New("emulator: the rate limit is negative")
		}
		s.requestsPerSecond = n
		return nil
	}
}

// WithSDKSpelling answers as the official SDK's types say, not as the documents do: both
// [WithSDKNames] and [WithSDKTypes].
func WithSDKSpelling() Option {
	return func(s *settings) error { s.sdkNames, s.sdkTypes = true, true; return nil }
}

// WithSDKNames spells the ad lists Spots, BoutiqueRecommands, FloatWindowses, Banners,
// IntegralWalls and NotifyBars, and adds ErrNo beside Errno (api.md, "Fields beyond the documents").
func WithSDKNames() Option {
	return func(s *settings) error { s.sdkNames = true; return nil }
}

// WithSDKTypes gives VulFileScore, RiskLevel, VulSrcType, SafeType and PluginType of the scan
// results as integers instead of strings.
func WithSDKTypes() Option {
	return func(s *settings) error { s.sdkTypes = true; return nil }
}

// WithRejected names MD5s (any case) that the service does not accept: they are absent from AppMd5s
// of the answer to CreateScanInstances and have no row in the results.
func WithRejected(md5s ...string) Option {
	return func(s *settings) error {
		for _, md5 := range md5s {
			s.rejected[strings.ToLower(md5)] = true
		}
		return nil
	}
}

// WithScenario sets the tasks of cwp and tcss from JSON; see [ScenarioFormat].
func WithScenario(document []byte) Option {
	return func(s *settings) error {
		scenario, err := ParseScenario(document)
		if err != nil {
			return err
		}
		s.scenario = scenario
		return nil
	}
}

// WithScenarioValue is [WithScenario] for a value that marshals to the same JSON.
func WithScenarioValue(v any) Option {
	document, err := json.Marshal(v)
	if err != nil {
		return func(*settings) error { return fmt.Errorf("emulator: scenario: %w", err) }
	}
	return WithScenario(document)
}

// WithPackageBounds sets the largest download in bytes and the longest time of a download and of an
// analysis, each.
func WithPackageBounds(bytes int64, each time.Duration) Option {
	return func(s *settings) error {
		if bytes <= 0 || each <= 0 {
			return errors.New("emulator: a bound of packages is not positive")
		}
		s.packageBytes, s.analysisTime = bytes, each
		return nil
	}
}

// WithSeed makes the random choices of faults repeatable.
func WithSeed(seed uint64) Option {
	return func(s *settings) error { s.seed = seed; return nil }
}

// WithLog writes a line for each call to w: action, error code, RequestId. Never a key or a URL.
func WithLog(w io.Writer) Option {
	return func(s *settings) error { s.log = w; return nil }
}
