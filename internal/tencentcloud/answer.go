package tencentcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// answer is what every typed answer embeds.
type answer struct {
	// Error is set where the service refused.
	Error *struct {
		Code    string
		Message string
	}
	// RequestID identifies the call at the service's side.
	RequestID string `json:"RequestId"`

	at time.Time
}

func (a *answer) head() *answer { return a }

// answered is a pointer to a typed answer of type T.
type answered[T any] interface {
	*T
	head() *answer
}

// RequestID returns the id of the call that an answer came from; empty for no answer.
func RequestID[T any, P answered[T]](response P) string {
	if response == nil {
		return ""
	}
	return response.head().RequestID
}

// AnsweredAt returns when an answer was given, by the service's own clock; zero where the answer does not say.
func AnsweredAt[T any, P answered[T]](response P) time.Time {
	if response == nil {
		return time.Time{}
	}
	return response.head().at
}

// decode reads an answer. It returns the kind and the cause of a failure, or nil and nil. The answer
// is never nil, and holds what could be read beside a failure.
func decode[T any, P answered[T]](x *exchange) (P, error, error) {
	var body struct{ Response P }
	malformed, unreadable := readJSON(x.body, &body)
	known := body.Response != nil
	if !known {
		body.Response = new(T)
	}
	body.Response.head().at = x.date
	kind, cause := transportFailure(x)
	switch refusal := body.Response.head().Error; {
	case refusal != nil: // whatever the HTTP status, the service's own word counts
		return body.Response, kindOf(refusal.Code), nil
	case kind != nil:
		return body.Response, kind, cause
	case malformed != nil:
		return body.Response, ErrMalformed, malformed
	case !known:
		return body.Response, ErrMalformed, errors.New("the answer has no Response")
	case unreadable != nil:
		return body.Response, ErrUnreadable, unreadable
	}
	return body.Response, nil, nil
}

// transportFailure tells what is wrong with an exchange apart from its body.
func transportFailure(x *exchange) (kind, cause error) {
	status := fmt.Errorf("HTTP status %d", x.status)
	switch {
	case errors.Is(x.err, ErrTooLarge):
		return ErrTooLarge, fmt.Errorf("more than %d bytes or %d values", MaxBody, x.maxValues)
	case errors.Is(x.err, errHeader):
		return ErrCredentials, x.err
	case x.err != nil:
		return ErrTransport, x.err
	case x.status >= 300 && x.status < 400:
		return ErrRedirected, status
	case x.status >= 500:
		return ErrServer, status
	case x.status != http.StatusOK:
		return ErrOther, status
	}
	return nil, nil
}

// readJSON reads a body. It returns what is wrong with it, without its content: that it is no JSON answer,
// or that it is one which cannot be relied on.
func readJSON(body []byte, into any) (malformed, unreadable error) {
	err := json.Unmarshal(body, into)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType) && (wrongType.Field == "" || wrongType.Field == "Response"):
		return errors.New("the answer is no object with a Response"), nil
	case errors.As(err, &wrongType):
		return nil, fmt.Errorf("the field %s is not of the documented type", wrongType.Field)
	case err != nil:
		return fmt.Errorf("a body of %d bytes is not valid JSON", len(body)), nil
	}
	return nil, refuseDoubleKeys(body)
}
