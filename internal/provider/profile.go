package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

const (
	// maxProfile bounds the file of a profile in bytes; real ones have some hundred.
	maxProfile = 64 << 10
	// profileReadAgain is for how long the temporary keys of a profile are used before its file is read
	// again: tccli and others put new ones there before the old ones end.
	profileReadAgain = time.Minute
)

// profile finds the keys of a tccli profile. One that nobody asked for need not be there: errNoCredentials.
//
// The SDK's TccliProfileProvider is not used: it knows no folder but ~/.tccli, and does not keep apart
// a profile that is not there from one that is broken. Its DefaultProfileProvider, which is not of this
// provider's precedence either, panics on a file without a section [default].
func (p *msProvider) profile(m model) (common.CredentialIface, error) {
	name := p.environment.or(m.Profile, envProfile, defaultProfile)
	dir := p.environment.or(m.SharedCredentialsDir, envSharedDir, "")
	asked := dir != "" || name != defaultProfile || !m.Profile.IsNull()
	if dir == "" {
		dir = filepath.Join("~", ".tccli")
	}
	source := fmt.Sprintf("the tccli profile %q", name)
	read := func() (common.CredentialIface, error) {
		data, err := readBounded(filepath.Join(p.expandHome(dir), name+".credential"), maxProfile)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", source, err)
		}
		return decodeProfile(data, source)
	}
	keys, err := read()
	switch {
	case !asked && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)):
		return nil, errNoCredentials
	case err != nil:
		return nil, err
	case keys.GetToken() == "":
		return keys, nil
	}
	return &rotating{read: read, now: time.Now, CredentialIface: keys, readAt: time.Now()}, nil
}

func decodeProfile(data []byte, source string) (common.CredentialIface, error) {
	var stored struct {
		SecretID  string `json:"secretId"`
		SecretKey string `json:"secretKey"`
		Token     string `json:"token"`
	}
	if json.Unmarshal(data, &stored) != nil {
		return nil, fmt.Errorf("%s is not valid JSON", source)
	}
	return pair(stored.SecretID, stored.SecretKey, stored.Token, source)
}

// rotating are temporary keys that somebody else renews in a file.
type rotating struct {
	read func() (common.CredentialIface, error)
	now  func() time.Time

	common.CredentialIface // the first keys

	mu     sync.Mutex
	latest common.CredentialIface
	readAt time.Time
}

// Fresh returns the keys that the file holds now. A file that cannot be read leaves the keys as they are:
// it may be about to be written.
func (r *rotating) Fresh(context.Context) (common.CredentialIface, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.latest == nil {
		r.latest = r.CredentialIface
	}
	if r.now().Sub(r.readAt) < profileReadAgain {
		return r.latest, nil
	}
	r.readAt = r.now()
	if keys, err := r.read(); err == nil {
		r.latest = keys
	}
	return r.latest, nil
}

// readBounded reads a regular file of at most limit bytes: a pipe would block, a device might not end.
func readBounded(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, limit)
	}
	return content, nil
}
