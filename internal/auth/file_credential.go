package auth

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// profileReadAgain is for how long temporary credentials of a profile are used before its file is read
// again: tccli and others replace them there before they expire.
const profileReadAgain = time.Minute

// fileCredential gives temporary credentials that somebody else refreshes in a file.
type fileCredential struct {
	*Credential // the first ones

	file profileFile
	now  func() time.Time

	mu     sync.Mutex
	latest storedProfile
	readAt time.Time
}

func newFileCredential(file profileFile, first storedProfile, now func() time.Time) *fileCredential {
	return &fileCredential{Credential: first.credential, file: file, now: now, latest: first, readAt: now()}
}

// Retrieve returns the credentials that the file holds now. A file that cannot be read, or that names
// another role, leaves them as they are: it may be about to be written.
func (f *fileCredential) Retrieve(context.Context) (common.CredentialIface, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); f.latest.hasExpired(now) || now.Sub(f.readAt) >= profileReadAgain {
		f.readAt = now
		if stored, err := f.file.read(); err == nil && stored.sameCaller(f.latest) {
			f.latest = stored
		}
	}
	if f.latest.hasExpired(f.now()) {
		return nil, advise(fmt.Errorf("%s: %w", f.file.source(), ErrExpired), fmt.Sprintf(
			"Run a tccli command with the profile %s, which refreshes them, or sign in again by `tccli auth login` or `tccli sso login`.", f.file.name))
	}
	return f.latest.credential, nil
}

func (s storedProfile) hasExpired(now time.Time) bool {
	return !s.expires.IsZero() && !now.Before(s.expires)
}
