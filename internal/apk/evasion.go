package apk

import "fmt"

// evasion is an error that wraps ErrEvasion: the format and its arguments name what was found.
func evasion(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrEvasion, fmt.Sprintf(format, args...))
}
