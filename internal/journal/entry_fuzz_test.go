package journal

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzEntry reads an entry that somebody edited or a disk damaged: it is read or refused, never both,
// and what is found is never another key's.
func FuzzEntry(f *testing.F) {
	for _, text := range []string{
		`{"kind":"scan","endpoint":"tencentcloudapi.com","content":{"app_md5s":["aa","bb"]},"begun_at":"2026-11-22T05:00:00Z","receipt":{"last":1}}`,
		`{"begun_at":"2026-11-22T05:00:00Z","receipt":{"limit_count":7},"answer":{"id":"item-1","owner":"ab"}}`,
		`{"begun_at":"9999-12-31T23:59:59Z","answer":{}}`, `{"begun_at":1}`, `{"answer":[]}`, `null`, `{`, ``, `[]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		j, err := Open(filepath.Join(t.TempDir(), "journal"))
		if err != nil {
			t.Fatal(err)
		}
		name := someKey.digest() + ".abc" + suffix
		if err := os.WriteFile(filepath.Join(j.dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := j.Orphans(someKey)
		switch {
		case err != nil && len(found) > 0:
			t.Errorf("both %v and an error: %v", found, err)
		case err != nil:
			if _, statErr := os.Stat(filepath.Join(j.dir, name)); statErr != nil {
				t.Error("an entry that cannot be read is gone")
			}
		case len(found) == 1 && found[0].Name() != name:
			t.Errorf("found %s", found[0].Name())
		}
		for _, e := range found {
			e.Remove()
		}
		if other, err := j.Orphans(Key{Endpoint: "other"}); len(other) > 0 || err != nil {
			t.Errorf("of another key: %v, %v", other, err)
		}
	})
}
