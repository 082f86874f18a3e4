//go:build !unix

package journal

import "os"

// noFollow has no counterpart here; entries are regular files by their directory listing.
const noFollow = 0

// private trusts the user's own cache directory, whose access lists keep others out.
func private(os.FileInfo) bool { return true }

// syncDir does nothing: folders cannot be synced here.
func syncDir(string) error { return nil }
