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

// visit is one call on its way through the server.
type visit struct {
	server    *Server
	w         http.ResponseWriter
	r         *http.Request
	body      []byte
	requestID string
	action    string
	fault     Fault
	note      func(func(*Call))
}

// handler serves the API at "/", the metadata service of a machine below "/latest/", and the emulator's own
// pages below "/_emulator/".
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	s.addPages(mux)
	s.addMetadata(mux)
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
	v := &visit{server: s, w: w, r: r, requestID: randomUUID(), action: r.Header.Get("X-TC-Action")}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return // the client went away while sending
	}
	v.body = body

	authorization, authorizationErr := tc3.Parse(r.Header.Get("Authorization"))
	values, readFailure := v.readParameters()
	v.note = s.book.enter(Call{
		Time: s.now(), Service: authorization.Service, Action: v.action, Version: r.Header.Get("X-TC-Version"),
		Region: r.Header.Get("X-TC-Region"), Method: r.Method, SecretID: authorization.SecretID,
		HasToken: r.Header.Get("X-TC-Token") != "", Language: r.Header.Get("X-TC-Language"),
		RequestClient: r.Header.Get("X-TC-RequestClient"), Parameters: values, RequestID: v.requestID,
	})

	met := false
	if v.fault, met = s.faults.meet(v.action); met {
		v.note(func(c *Call) { c.Fault = v.fault.Kind })
		if v.breakBefore() {
			return
		}
	}
	if !s.control.pass(r.Context(), v.action, false) {
		return
	}

	var response map[string]any
	f := v.tooLarge(tooLarge)
	if f == nil {
		response, f = v.process(authorization, authorizationErr, values, readFailure)
	}
	if f != nil {
		response = map[string]any{"Error": map[string]any{"Code": f.Code, "Message": f.Message}}
	}
	v.note(func(c *Call) {
		c.Processed = true
		if f != nil {
			c.Code = f.Code
		}
	})
	v.log(f)
	if !s.control.pass(r.Context(), v.action, true) {
		return
	}
	v.send(values, response)
}

// log writes the line of a call: no key, no URL, no value of a parameter.
func (v *visit) log(f *failure) {
	if v.server.settings.log == nil {
		return
	}
	code := "ok"
	if f != nil {
		code = f.Code
	}
	_, _ = fmt.Fprintf(v.server.settings.log, "%s %q %s %s\n",
		v.server.now().UTC().Format(time.RFC3339), clip(v.action), code, v.requestID)
}

// readParameters reads the parameters of POST and GET, before anything about the caller is known,
// since the ledger keeps them for refused calls too.
func (v *visit) readParameters() (map[string]any, *failure) {
	if v.r.Method == http.MethodGet {
		return actions[v.action].inputs.unflatten(v.r.URL.RawQuery)
	}
	return decodeParameters(v.body)
}

func (v *visit) tooLarge(tooLarge *http.MaxBytesError) *failure {
	if tooLarge != nil || len(v.r.URL.RawQuery) > maxQuery {
		return fail("RequestSizeLimitExceeded", "The request is larger than the limit.")
	}
	return nil
}

// process is what the service does with a call: who, what, how often, with which parameters.
func (v *visit) process(authorization tc3.Authorization, authorizationErr error, values map[string]any, readFailure *failure) (map[string]any, *failure) {
	if f := v.checkEnvelope(); f != nil {
		return nil, f
	}
	var account string
	if service, skips := v.skipsSignature(); skips {
		authorization.Service = service
	} else {
		var f *failure
		if account, f = v.authenticate(authorization, authorizationErr); f != nil {
			return nil, f
		}
	}
	region := v.r.Header.Get("X-TC-Region")
	known, f := find(authorization.Service, v.action, v.r.Header.Get("X-TC-Version"), region)
	if f != nil {
		return nil, f
	}
	if !v.server.throttles.allow(account, v.action, v.server.now(), v.server.settings.requestsPerSecond) {
		return nil, fail("RequestLimitExceeded",
			"Your current request times equals to `%d` in a second, which exceeds the frequency limit `%d` for a second. Please reduce the frequency of calls.",
			v.server.settings.requestsPerSecond+1, v.server.settings.requestsPerSecond)
	}
	if readFailure != nil {
		return nil, readFailure
	}
	if f := known.inputs.check(values); f != nil {
		return nil, f
	}
	answer, f := known.answer(v.server, &request{
		ctx: v.r.Context(), action: v.action, account: account, secretID: authorization.SecretID,
		region: region, requestID: v.requestID, parameters: values,
	})
	if f != nil {
		return nil, f
	}
	return v.server.answers.beat(v.action, answer), nil
}

// checkEnvelope checks the method, the path and the headers that every call needs.
func (v *visit) checkEnvelope() *failure {
	if v.r.URL.Path != "/" {
		return fail("InvalidRequest", "The path of the request is not `/`.")
	}
	contentType, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	switch v.r.Method {
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
		if v.r.Header.Get("X-TC-"+name) == "" {
			return fail("MissingParameter", "The request is missing a required parameter `%s`.", name)
		}
	}
	return nil
}

// authenticate checks who calls and returns the account.
func (v *visit) authenticate(authorization tc3.Authorization, parseErr error) (string, *failure) {
	if parseErr != nil {
		return "", fail("AuthFailure.InvalidAuthorization", "Authorization in the request header is invalid.")
	}
	timestamp, err := strconv.ParseInt(v.r.Header.Get("X-TC-Timestamp"), 10, 64)
	if err != nil {
		return "", fail("InvalidParameter", "The Timestamp is not a number of seconds.")
	}
	now := v.server.settings.clock()
	if v.fault.Kind == FaultClock {
		now = now.Add(time.Duration(v.fault.Offset))
	}
	if off := now.Sub(time.Unix(timestamp, 0)); off > clockWindow || off < -clockWindow {
		return "", fail("AuthFailure.SignatureExpire",
			"The provided credentials expired: the Timestamp and the server's time differ by more than five minutes.")
	}
	key, known := v.server.key(authorization.SecretID)
	if !known {
		return "", fail("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct.")
	}
	if authorization.Verify(v.r, v.body, timestamp, key.SecretKey) != nil {
		return "", fail("AuthFailure.SignatureFailure", "The provided credentials could not be validated. Please check your signature is correct.")
	}
	expired := !key.Expires.IsZero() && !v.server.now().Before(key.Expires)
	if v.r.Header.Get("X-TC-Token") != key.Token || expired {
		return "", fail("AuthFailure.TokenFailure", "The token is invalid or has expired.")
	}
	return key.Account, nil
}
