package tencentcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// Credentials finds the credentials of a run. It is asked at the first call, so that a configuration
// without any can be validated; what it returns is kept, and may
// refresh itself: see [retriever].
type Credentials func(context.Context) (common.CredentialIface, error)

// retriever is a credential that is asked for its current keys before each call.
type retriever interface {
	// Retrieve returns keys that are valid now.
	Retrieve(context.Context) (common.CredentialIface, error)
}

// Config is everything that a [Client] needs to know.
type Config struct {
	Credentials Credentials
	Endpoint    Endpoint
	// Region is sent with the actions that need one, as in ap-guangzhou.
	Region string
	// Language of the service's messages: zh-CN or en-US.
	Language string
	// RequestsPerSecond bounds each action.
	RequestsPerSecond float64
	// MaxRetries bounds how often a failed attempt is repeated where that is safe.
	MaxRetries int
	// RequestTimeout bounds one attempt.
	RequestTimeout time.Duration
	// Agent names the caller in the request client header, as in `terraform-provider-ms 1.0.0`.
	Agent string
}

// Client calls the three services. It is safe for concurrent use; one is shared by a whole provider
// process, since the rate limits, the calls under way and the final answers are.
type Client struct {
	config     Config
	transport  http.RoundTripper
	shared     *sharedCalls
	backoff    func(attempts int) time.Duration
	patience   time.Duration // with throttling answers
	throttling throttling

	registryImages registryImages

	limitersMu sync.Mutex
	limiters   map[string]*limiter

	credentialMu sync.Mutex
	credential   common.CredentialIface
}

// New returns a client. Nothing is sent, and no credentials are looked for, before the first call.
func New(config Config) *Client {
	return &Client{
		config:     config,
		transport:  newBoundedTransport(MaxBody),
		shared:     newSharedCalls(),
		backoff:    backoff,
		patience:   throttlePatience,
		throttling: defaultThrottling,
		limiters:   map[string]*limiter{},
	}
}

// Endpoint names who answers this client's calls.
func (c *Client) Endpoint() Endpoint { return c.config.Endpoint }

// Account describes whose credentials are in use, for messages; it gives no secret away.
func (c *Client) Account() string {
	c.credentialMu.Lock()
	defer c.credentialMu.Unlock()
	if c.credential == nil {
		return "none known yet"
	}
	if known, ok := c.credential.(owned); ok {
		return known.Account()
	}
	id := c.credential.GetSecretId()
	if len(id) < 12 {
		return "the account of the configured secret_id"
	}
	return "the account whose secret_id ends in " + id[len(id)-4:]
}

// operation is one API action.
type operation struct {
	service, version, action string
	// regional actions are sent with the region.
	regional bool
	// repeatable actions may be carried out more than once without harm: they change nothing, or to what it
	// already is. The others are submissions.
	repeatable bool
	// unsigned actions are sent without credentials.
	unsigned bool
	// maxValues bounds an answer, by [tooManyValues].
	maxValues int
	// secret, if not empty, is sent in a field, and is taken out of the answer.
	secret string
}

// call carries out one operation: limit → sign and send → bound the body → decode → typed error, and
// again where that is safe. It returns an [*Error], or the context's error wrapped in one.
//
// The answer may be partly filled beside an error: a submission's id that could be read is not lost
// to a field that could not.
func call[T any, P answered[T]](ctx context.Context, c *Client, op operation, request any) (P, error) {
	payload, err := json.Marshal(request)
	if err != nil {
		return nil, &Error{Action: op.action, kind: ErrInvalid, cause: err}
	}
	var spent retries
	for number := 1; ; number++ {
		record := &attempt{number: number}
		response, failure := try[T, P](ctx, c, op, payload, record)
		if failure == nil {
			wait.Answered(ctx)
			record.log(ctx, op, response.head().RequestID, nil)
			return response, nil
		}
		failure.Attempts = max(number, failure.Attempts) // of the call for credentials, if that is what failed
		over := ctx.Err() != nil
		leftOut := errors.Is(failure, wait.ErrLeftOut)
		if !over && !leftOut && op.retryable(failure) && spent.allow(c, failure) {
			record.repeated, record.pause = true, spent.pause(c)
		}
		record.log(ctx, op, failure.RequestID, failure)
		switch {
		case over:
			return response, spent.lastAnswered(op, failure)
		case !record.repeated || sleep(ctx, record.pause) != nil:
			return response, failure
		}
	}
}

// try makes one attempt.
func try[T any, P answered[T]](ctx context.Context, c *Client, op operation, payload []byte, record *attempt) (P, *Error) {
	started := time.Now()
	fail := func(kind, cause error) *Error { return &Error{Action: op.action, kind: kind, cause: cause} }
	var empty P = new(T)

	// Found before the wait, so that no place in the queue is held for as long as that takes, and asked
	// for again behind it, since the queue may be longer than temporary credentials live.
	if _, err := c.signer(ctx, op); err != nil {
		return empty, op.unusable(err)
	}
	limit := c.limiter(op)
	if err := limit.wait(ctx); err != nil {
		return empty, fail(ErrTransport, err)
	}
	credential, err := c.signer(ctx, op)
	if err != nil {
		limit.unsent()
		return empty, op.unusable(err)
	}
	answered, sent := limit.sent(), time.Now()
	x := c.send(ctx, op, payload, credential)
	answered()
	record.queued, record.took, record.status, record.bytes = sent.Sub(started), time.Since(sent), x.status, len(x.body)
	done, err := decoding(ctx, len(x.body))
	if err != nil {
		x.body, x.err = nil, err
	}
	response, kind, cause := decode[T, P](x)
	newRedactor(credential, x.authorization, payload, op.secret).answer(response)
	done()
	if kind == nil {
		limit.succeeded()
		return response, nil
	}
	failure := fail(kind, cause)
	failure.Sent, failure.status = x.sent.Load(), x.status
	if credential != nil {
		failure.Source = c.source()
	}
	if made, ok := any(response).(interface{ made() bool }); ok {
		failure.made = made.made()
	}
	failure.RequestID = response.head().RequestID
	if refusal := response.head().Error; refusal != nil {
		failure.Code, failure.Message = refusal.Code, refusal.Message
	}
	switch {
	case errors.Is(kind, ErrThrottled):
		crowded := limit.throttled(sent)
		if op.repeatable && wait.MayLeaveOut(ctx) {
			failure.cause = wait.ErrLeftOut
			if crowded {
				failure.cause = wait.ErrCrowded
			}
		}
	case failure.RequestID != "": // refused for another reason: not for the rate
		limit.succeeded()
	}
	return response, failure
}

// send signs and sends a request and returns what came of it.
func (c *Client) send(ctx context.Context, op operation, payload []byte, credential common.CredentialIface) *exchange {
	x := &exchange{alone: !op.repeatable, maxValues: op.maxValues}
	if !op.repeatable {
		extended, stop := extend(ctx, submitGrace)
		defer stop()
		ctx = extended
	}
	ctx, cancel := context.WithTimeout(withExchange(ctx, x), c.config.RequestTimeout)
	defer cancel()
	base := new(tchttp.BaseRequest).Init().WithApiInfo(op.service, op.version, op.action)
	request := &signedRequest{BaseRequest: base, payload: payload}
	request.SetContext(ctx)
	request.SetSkipSign(op.unsigned)
	err := c.sdk(op, credential).Send(request, &tchttp.BaseResponse{})
	if x.status == 0 && x.err == nil {
		x.err = err // failed before the transport was reached
	}
	return x
}

// signedRequest carries a payload that is already JSON through the SDK.
type signedRequest struct {
	*tchttp.BaseRequest
	payload json.RawMessage
}

// MarshalJSON returns the payload, so that what is signed is what is sent.
func (r *signedRequest) MarshalJSON() ([]byte, error) { return r.payload, nil }

func (c *Client) sdk(op operation, credential common.CredentialIface) *common.Client {
	p := profile.NewClientProfile()
	p.Language = c.config.Language
	p.HttpProfile.ReqTimeout = 0 // the context bounds the request
	p.HttpProfile.RootDomain = c.config.Endpoint.root()
	if e := c.config.Endpoint; e.host != "" {
		p.HttpProfile.Scheme, p.HttpProfile.Endpoint = e.scheme, e.host
	}
	region := ""
	if op.regional {
		region = c.config.Region
	}
	return common.NewCommonClient(credential, region, p).
		WithHttpTransport(c.transport).
		WithRequestClient(c.config.Agent)
}

// signer returns what to sign a request with now, nil for an operation that is not signed.
func (c *Client) signer(ctx context.Context, op operation) (common.CredentialIface, error) {
	if op.unsigned {
		return nil, nil
	}
	return c.credentials(ctx)
}

// credentials returns what to sign with now. Finding it may take calls of its own: they are made once
// for all callers, and none of them waits longer than its context allows.
func (c *Client) credentials(ctx context.Context) (common.CredentialIface, error) {
	c.credentialMu.Lock()
	credential := c.credential
	c.credentialMu.Unlock()
	if credential == nil {
		found, err := c.shared.do(ctx, "credentials", c.findCredentials)
		if err != nil {
			return nil, err
		}
		credential, _ = found.(common.CredentialIface)
	}
	if temporary, ok := credential.(retriever); ok {
		return temporary.Retrieve(ctx)
	}
	return credential, nil
}

func (c *Client) findCredentials(ctx context.Context) (any, bool, error) {
	c.credentialMu.Lock()
	known := c.credential
	c.credentialMu.Unlock()
	if known != nil { // found since the caller looked
		return known, false, nil
	}
	if c.config.Credentials == nil {
		return nil, false, errNoCredential
	}
	credential, err := c.config.Credentials(ctx)
	if err != nil {
		return nil, false, err
	}
	if credential == nil {
		return nil, false, errNoCredential
	}
	c.credentialMu.Lock()
	defer c.credentialMu.Unlock()
	c.credential = credential
	return credential, false, nil
}

var errNoCredential = errors.New("none were given")

func (c *Client) limiter(op operation) *limiter {
	c.limitersMu.Lock()
	defer c.limitersMu.Unlock()
	l, ok := c.limiters[op.action]
	if !ok {
		l = newLimiter(c.config.RequestsPerSecond, c.throttling)
		c.limiters[op.action] = l
	}
	return l
}

// read carries out an operation that changes nothing: identical requests under way are one call, and
// an answer that is final is remembered.
func read[T any, P answered[T]](ctx context.Context, c *Client, op operation, request any, final func(P) bool) (P, error) {
	key, err := json.Marshal(request)
	if err != nil {
		return nil, &Error{Action: op.action, kind: ErrInvalid, cause: err}
	}
	c.shared.review(op.action+string(key), func(v any) bool {
		response, ok := v.(P)
		return ok && final(response)
	})
	value, err := c.shared.do(ctx, op.action+string(key), func(ctx context.Context) (any, bool, error) {
		response, err := call[T, P](ctx, c, op, request)
		if err != nil {
			return nil, false, err
		}
		return response, final(response), nil
	})
	if err != nil {
		return nil, asError(op, err)
	}
	response, ok := value.(P)
	if !ok {
		return nil, &Error{Action: op.action, kind: ErrMalformed, cause: fmt.Errorf("an answer of type %T", value)}
	}
	return response, nil
}

// asError makes an [*Error] of what ended a shared call, which may be the context's own error.
func asError(op operation, err error) error {
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	return &Error{Action: op.action, kind: ErrTransport, cause: err}
}
