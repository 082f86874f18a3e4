package auth

import (
	"fmt"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// Credential is a key, temporary or not, and where it comes from.
type Credential struct {
	common.CredentialIface
	source string
}

// Source says where the key comes from, as in "the environment".
func (c *Credential) Source() string { return c.source }

// newCredential returns the key of a source, which is taken whole or not at all.
func newCredential(id, key, token, source string) (*Credential, error) {
	switch {
	case id == "" && key == "" && token != "":
		return nil, fmt.Errorf("%w in %s", ErrLoneToken, source)
	case id == "" || key == "":
		return nil, fmt.Errorf("%w in %s", ErrHalfPair, source)
	}
	for _, part := range []struct{ name, value string }{{"secret_id", id}, {"secret_key", key}, {"security_token", token}} {
		if strings.ContainsFunc(part.value, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return nil, fmt.Errorf("the %s in %s holds %w", part.name, source, ErrBadKey)
		}
	}
	return &Credential{CredentialIface: common.NewTokenCredential(id, key, token), source: source}, nil
}
