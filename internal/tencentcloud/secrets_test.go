package tencentcloud

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// byteByByte is takenOutOf in the plainest way: it tries each place.
func byteByByte(f *secrets, s string) string {
	var without strings.Builder
	for len(s) >= f.least {
		if n := f.match(s); n > 0 {
			without.WriteString(sanitize.Redacted)
			s = s[n:]
			continue
		}
		without.WriteByte(s[0])
		s = s[1:]
	}
	return without.String() + s
}

// TestSecrets_areFoundWhereverTheyAre: at either end, directly after another, within what began as one.
func TestSecrets_areFoundWhereverTheyAre(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func(length int) string {
		letters := make([]byte, length)
		for i := range letters {
			letters[i] = "ab "[random.IntN(3)]
		}
		return string(letters)
	}
	found := 0
	for range 100_000 {
		f := newSecrets(2 + random.IntN(4))
		for range 1 + random.IntN(3) {
			f.add(text(1+random.IntN(7)), random.IntN(2) == 0)
		}
		s := text(random.IntN(20))
		got, want := f.takenOutOf(s), byteByByte(f, s)
		if got != want {
			t.Fatalf("%q becomes %q, want %q; secrets %v", s, got, want, f.forms)
		}
		if got != s {
			found++
		}
	}
	if found < 10_000 {
		t.Errorf("something was found in %d texts only", found)
	}
}
