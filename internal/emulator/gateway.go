package emulator

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator/tc3"
)

const (
	// clockWindow is how far a signature's time may be off.
	clockWindow = 5 * time.Minute
	// maxBody and maxQuery bound a request, in bytes, as the public manual states.
	maxBody  = 10 << 20
	maxQuery = 32 << 10
)

// apiRequest is one call on its way through the server.
type apiRequest struct {
	server    *Server
	w         http.ResponseWriter
	r         *http.Request
	body      []byte
	requestID string
	action    string
	fault     Fault
	note      func(func(*Call))
}

// handler serves the API at "/", the metadata service of a machine below "/latest/", the emulator's own
// pages below "/_emulator/", and package files below "/packages/".
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	s.addPages(mux)
	s.addMetadata(mux)
	s.addPackages(mux)
	mux.HandleFunc("/", s.serveAPI)
	return mux
}

// serveAPI takes a call through faults, blocks, the checks of the gateway and the action, and sends
// its answer.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	// The clock that tasks are timed by, not that of the HTTP server, so that the two can be compared.
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	q := &apiRequest{server: s, w: w, r: r, requestID: randomUUID(), action: r.Header.Get("X-TC-Action")}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return // the client went away while sending
	}
	q.body = body

	authorization, authorizationErr := tc3.Parse(r.Header.Get("Authorization"))
	values, readFailure := q.readParameters()
	q.note = s.callLog.enter(Call{
		Time: s.now(), Service: authorization.Service, Action: q.action, Version: r.Header.Get("X-TC-Version"),
		Region: r.Header.Get("X-TC-Region"), Method: r.Method, SecretID: authorization.SecretID,
		HasToken: r.Header.Get("X-TC-Token") != "", Language: r.Header.Get("X-TC-Language"),
		RequestClient: r.Header.Get("X-TC-RequestClient"), Parameters: values, RequestID: q.requestID,
	})

	met := false
	if q.fault, met = s.faults.meet(q.action); met {
		q.note(func(c *Call) { c.Fault = q.fault.Kind })
		if q.breakBefore() {
			return
		}
	}
	if !s.control.pass(r.Context(), q.action, false) {
		return
	}

	var response map[string]any
	f := q.tooLarge(tooLarge)
	if f == nil {
		response, f = q.process(authorization, authorizationErr, values, readFailure)
	}
	if f != nil {
		response = map[string]any{"Error": map[string]any{"Code": f.Code, "Message": f.Message}}
	}
	q.note(func(c *Call) {
		c.Processed = true
		if f != nil {
			c.Code = f.Code
		}
	})
	q.log(f)
	if !s.control.pass(r.Context(), q.action, true) {
		return
	}
	q.send(values, response)
}

// log writes the line of a call: no key, no URL, no value of a parameter.
func (q *apiRequest) log(f *failure) {
	if q.server.settings.log == nil {
		return
	}
	code := "ok"
	if f != nil {
		code = f.Code
	}
	_, _ = fmt.Fprintf(q.server.settings.log, "%s %q %s %s\n",
		q.server.now().UTC().Format(time.RFC3339), clip(q.action), code, q.requestID)
}

// readParameters reads the parameters of POST and GET, before anything about the caller is known,
// since the ledger keeps them for refused calls too.
func (q *apiRequest) readParameters() (map[string]any, *failure) {
	if q.r.Method == http.MethodGet {
		return actions[q.action].inputs.unflatten(q.r.URL.RawQuery)
	}
	return decodeParameters(q.body)
}

func (q *apiRequest) tooLarge(tooLarge *http.MaxBytesError) *failure {
	if tooLarge != nil || len(q.r.URL.RawQuery) > maxQuery {
		return fail("RequestSizeLimitExceeded", "The request is larger than the limit.")
	}
	return nil
}

// process is what the service does with a call: who, what, how often, with which parameters.
func (q *apiRequest) process(authorization tc3.Authorization, authorizationErr error, values map[string]any, readFailure *failure) (map[string]any, *failure) {
	if f := q.checkEnvelope(); f != nil {
		return nil, f
	}
	var account string
	if service, skips := q.skipsSignature(); skips {
		authorization.Service = service
	} else {
		var f *failure
		if account, f = q.authenticate(authorization, authorizationErr); f != nil {
			return nil, f
		}
	}
	region := q.r.Header.Get("X-TC-Region")
	known, f := find(authorization.Service, q.action, q.r.Header.Get("X-TC-Version"), region)
	if f != nil {
		return nil, f
	}
	if !q.server.throttles.allow(account, q.action, q.server.now(), q.server.settings.requestsPerSecond) {
		return nil, fail("RequestLimitExceeded",
			"Your current request times equals to `%d` in a second, which exceeds the frequency limit `%d` for a second. Please reduce the frequency of calls.",
			q.server.settings.requestsPerSecond+1, q.server.settings.requestsPerSecond)
	}
	if readFailure != nil {
		return nil, readFailure
	}
	if f := known.inputs.check(values); f != nil {
		return nil, f
	}
	answer, f := known.answer(q.server, &request{
		ctx: q.r.Context(), action: q.action, account: account, secretID: authorization.SecretID,
		region: region, requestID: q.requestID, parameters: values,
	})
	if f != nil {
		return nil, f
	}
	return q.server.answers.beat(q.action, answer), nil
}

// checkEnvelope checks the method, the path and the headers that every call needs.
func (q *apiRequest) checkEnvelope() *failure {
	if q.r.URL.Path != "/" {
		return fail("InvalidRequest", "The path of the request is not `/`.")
	}
	contentType, _, err := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	switch q.r.Method {
	case http.MethodPost:
		if err != nil || contentType != "application/json" {
			return fail("InvalidParameter", "The Content-Type of a POST request is not `application/json`.")
		}
	case http.MethodGet:
		if err != nil || contentType != "application/x-www-form-urlencoded" {
			return fail("InvalidParameter", "The Content-Type of a GET request is not `application/x-www-form-urlencoded`.")
		}
	default:
		return fail("UnsupportedProtocol", "Only GET and POST requests are supported.")
	}
	for _, name := range []string{"Action", "Version", "Timestamp"} {
		if q.r.Header.Get("X-TC-"+name) == "" {
			return fail("MissingParameter", "The request is missing a required parameter `%s`.", name)
		}
	}
	return nil
}

// authenticate checks who calls and returns the account.
func (q *apiRequest) authenticate(authorization tc3.Authorization, parseErr error) (string, *failure) {
	if parseErr != nil {
		return "", fail("AuthFailure.InvalidAuthorization", "Authorization in the request header is invalid.")
	}
	timestamp, err := strconv.ParseInt(q.r.Header.Get("X-TC-Timestamp"), 10, 64)
	if err != nil {
		return "", fail("InvalidParameter", "The Timestamp is not a number of seconds.")
	}
	now := q.server.settings.clock()
	if q.fault.Kind == FaultClock {
		now = now.Add(time.Duration(q.fault.Offset))
	}
	if off := now.Sub(time.Unix(timestamp, 0)); off > clockWindow || off < -clockWindow {
		return "", fail("AuthFailure.SignatureExpire",
			"The provided credentials expired: the Timestamp and the server's time differ by more than five minutes.")
	}
	key, known := q.server.key(authorization.SecretID)
	if !known {
		return "", fail("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct.")
	}
	if authorization.Verify(q.r, q.body, timestamp, key.SecretKey) != nil {
		return "", fail("AuthFailure.SignatureFailure", "The provided credentials could not be validated. Please check your signature is correct.")
	}
	expired := !key.Expires.IsZero() && !q.server.now().Before(key.Expires)
	if q.r.Header.Get("X-TC-Token") != key.Token || expired {
		return "", fail("AuthFailure.TokenFailure", "The token is invalid or has expired.")
	}
	return key.Account, nil
}
