package tencentcloud

import (
	"crypto/sha256"
	"encoding/hex"
)

// Owner identifies whose credentials are in use, the same in every run; empty where that is not known,
// as of a temporary key that was given as one. It gives no secret away, and no id of a key.
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
