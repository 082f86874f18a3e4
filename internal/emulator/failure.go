package emulator

import "fmt"

// failure is an error code with its message, as in Response.Error.
type failure struct {
	Code    string
	Message string
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

// fail makes a failure; the message is for people and goes into the answer.
func fail(code, format string, args ...any) *failure {
	return &failure{Code: code, Message: fmt.Sprintf(format, args...)}
}
