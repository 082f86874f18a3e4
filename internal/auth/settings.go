package auth

import (
	"os"
	"path/filepath"
	"strings"
)

// Settings are what the provider's configuration says about credentials. An empty text, a nil block and a
// nil list are not set.
type Settings struct {
	SecretID, SecretKey, SecurityToken string
	Profile, SharedCredentialsDir      string
	CAMRoleName                        string
	AssumeRole                         *AssumeRole
	WebIdentity                        *WebIdentity
	AllowedAccountIDs                  []string
}

// Session is what both ways of assuming a role have in common.
type Session struct {
	RoleARN, Name string
	Duration      *int64 // in seconds; 0 is the service's default, nil is not set
}

// AssumeRole is the block assume_role.
type AssumeRole struct {
	Session
	Policy, ExternalID string
}

// WebIdentity is the block assume_role_with_web_identity.
type WebIdentity struct {
	Session
	ProviderID, TokenFile string
}

// Home returns the home directory of the user.
type Home func() (string, error)

// Expand replaces a leading "~" by the home directory: no shell has done so in a configuration.
func (h Home) Expand(path string) string {
	rest, found := strings.CutPrefix(path, "~")
	if !found || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home, err := h()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
