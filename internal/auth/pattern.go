package auth

import (
	"fmt"
	"regexp"
	"sync"
)

// Patterns of what names a role, a session or an account (API manual of AssumeRole).
var (
	RoleARN     = newPattern(`^qcs::cam::uin/[0-9]+:(role|roleName)/[\w+=,.@/-]+$`, "must be the ARN of a role, as in qcs::cam::uin/100000000001:roleName/scanner")
	SessionName = newPattern(`^[\w+=,.@-]{2,128}$`, "must be 2 to 128 letters, digits and characters of _+=,.@-")
	ExternalID  = newPattern(`^[\w+=,.@:/-]{2,128}$`, "must be 2 to 128 letters, digits and characters of _+=,.@:/-")
	CAMRoleName = newPattern(`^[\w+=,.@-]{1,128}$`, "must be the name of a role, 1 to 128 letters, digits and characters of _+=,.@-")
	AccountID   = newPattern(`^[0-9]+$`, "must be the number of an account (its Uin), as in 100000000001")
)

// Pattern is what a text must look like. It is compiled on first use: compiling all of them took a quarter
// of the provider's start.
type Pattern struct {
	// Message completes a sentence that begins with the name of the text.
	Message string

	compiled func() *regexp.Regexp
}

func newPattern(pattern, message string) Pattern {
	return Pattern{Message: message, compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })}
}

// Check returns an error that names the text unless value matches.
func (p Pattern) Check(name, value string) error {
	if !p.compiled().MatchString(value) {
		return fmt.Errorf("%s %s", name, p.Message)
	}
	return nil
}
