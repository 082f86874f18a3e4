package tencentcloud

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// Owner identifies whose credentials are in use, the same in every run; empty where that is not known,
// as of temporary credentials that were given as such. It gives no secret away, and no id of a key.
func (c *Client) Owner() string {
	c.credentialMu.Lock()
	defer c.credentialMu.Unlock()
	if c.credential == nil {
		return ""
	}
	name := c.credential.GetSecretId()
	if known, ok := c.credential.(owned); ok {
		name = known.Account()
	} else if c.credential.GetToken() != "" {
		return ""
	}
	sum := sha256.Sum256([]byte("owner " + name))
	return hex.EncodeToString(sum[:16])
}

// owned is a credential that knows whose it is, as in "the role NAME"; no secret.
type owned interface{ Account() string }

// sourced is a credential that knows where it comes from, as in "the environment"; no secret.
type sourced interface{ Source() string }

// source returns where the credentials in use come from, "" if that is not known.
func (c *Client) source() string {
	c.credentialMu.Lock()
	defer c.credentialMu.Unlock()
	return sourceOf(c.credential)
}

func sourceOf(credential common.CredentialIface) string {
	if known, ok := credential.(sourced); ok {
		return known.Source()
	}
	return ""
}

// OfAccount returns a credential that is known to belong to an account, for messages. One that knows
// its owner already is returned as it is.
func OfAccount(credential common.CredentialIface, id string) common.CredentialIface {
	if _, ok := credential.(owned); ok {
		return credential
	}
	return ofAccount{CredentialIface: credential, id: id}
}

type ofAccount struct {
	common.CredentialIface
	id string
}

var (
	_ owned   = ofAccount{}
	_ sourced = ofAccount{}
)

// Account names the account.
func (c ofAccount) Account() string { return "the account " + c.id }

// Source is that of the credential.
func (c ofAccount) Source() string { return sourceOf(c.CredentialIface) }
