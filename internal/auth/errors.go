package auth

import (
	"errors"
	"fmt"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// What can be wrong with a source of credentials.
var (
	ErrNoCredentials = errors.New("none in the provider configuration, in the environment or in a tccli profile, and no role is named")
	ErrHalfPair      = errors.New("only one of secret_id and secret_key is given")
	ErrLoneToken     = errors.New("a security token is given without secret_id and secret_key")
	ErrBadKey        = errors.New("a blank, a line break or another character that is in no key")
	ErrIncomplete    = errors.New("the role is incomplete")
	ErrProfileField  = errors.New("a field that decides who calls cannot be followed")
	ErrExpired       = errors.New("the temporary credentials have expired")
)

// Error is what is wrong with one source of credentials.
type Error struct {
	err    error
	advice string
}

func (e *Error) Error() string { return e.err.Error() }
func (e *Error) Unwrap() error { return e.err }

// Advice says in one sentence or two what to do about the source.
func (e *Error) Advice() string { return e.advice }

// advise adds advice to an error, which may be nil, unless it has some already.
func advise(err error, advice string) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &Error{err: err, advice: advice}
}

// explain puts what was attempted before an error.
func explain(what string, err error) error {
	var call *tencentcloud.Error
	if errors.As(err, &call) && call.Code != "" {
		return &refusal{what: what, err: err}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// refusal is an attempt that the service refused. Its text leaves out why, since a diagnostic shows the
// service's code, message and RequestId in lines of their own.
type refusal struct {
	what string
	err  error
}

func (r *refusal) Error() string { return r.what }
func (r *refusal) Unwrap() error { return r.err }
