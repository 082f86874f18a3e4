package journal

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) *Journal {
	t.Helper()
	j, err := Open(filepath.Join(t.TempDir(), "cache", "journal"))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func begin(t *testing.T, j *Journal, key Key) *Entry {
	t.Helper()
	e, err := j.Begin(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func orphans(t *testing.T, j *Journal, key Key) []*Entry {
	t.Helper()
	found, err := j.Orphans(key)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func files(t *testing.T, j *Journal) []string {
	t.Helper()
	list, err := os.ReadDir(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range list {
		names = append(names, f.Name())
	}
	return names
}

func content(md5s, types []string) map[string][]string {
	return map[string][]string{"app_md5s": md5s, "scan_types": types}
}

var someKey = Key{
	Kind: "scan", Endpoint: "tencentcloudapi.com", Content: content([]string{"aa", "bb"}, []string{"VULSCAN", "ADSCAN"}),
	Triggers: map[string]string{"week": "47", "team": "a"},
}

func TestKey_isContentWhateverTheOrder(t *testing.T) {
	t.Parallel()
	same := Key{
		Kind: "scan", Endpoint: "tencentcloudapi.com", Content: content([]string{"bb", "aa", "aa"}, []string{"ADSCAN", "VULSCAN"}),
		Triggers: map[string]string{"team": "a", "week": "47"},
	}
	if same.digest() != someKey.digest() {
		t.Error("equal content, other digest")
	}
	for name, change := range map[string]func(*Key){
		"endpoint": func(k *Key) { k.Endpoint = "x" },
		"kind":     func(k *Key) { k.Kind = "another" },
		"MD5s":     func(k *Key) { k.Content = content([]string{"aa"}, k.Content["scan_types"]) },
		"types":    func(k *Key) { k.Content = content(k.Content["app_md5s"], []string{"VULSCAN"}) },
		"sets":     func(k *Key) { k.Content = map[string][]string{"app_md5s": {"aa", "bb", "VULSCAN", "ADSCAN"}} },
		"triggers": func(k *Key) { k.Triggers = map[string]string{"week": "48", "team": "a"} },
		"none":     func(k *Key) { k.Triggers = nil },
	} {
		other := someKey
		change(&other)
		if other.digest() == someKey.digest() {
			t.Errorf("other %s, equal digest", name)
		}
	}
}

func TestJournal_ownerAliveIsNeverAnOrphan(t *testing.T) {
	t.Parallel()
	j := open(t)
	e := begin(t, j, someKey)
	if found := orphans(t, j, someKey); len(found) != 0 {
		t.Fatalf("%d orphans while the owner lives", len(found))
	}
	again, err := Open(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	if found := orphans(t, again, someKey); len(found) != 0 {
		t.Fatalf("%d orphans for a second journal of the same process", len(found))
	}
	e.Release() // as the end of the process does
	found := orphans(t, again, someKey)
	if len(found) != 1 || found[0].Answer != nil || !slices.Equal(found[0].Content["app_md5s"], []string{"aa", "bb"}) || found[0].Name() != e.Name() {
		t.Fatalf("orphans %+v", found)
	}
	if more := orphans(t, j, someKey); len(more) != 0 {
		t.Error("an orphan was handed out twice")
	}
}

func TestJournal_answerSurvivesAndIsForgottenByItsID(t *testing.T) {
	t.Parallel()
	j := open(t)
	e := begin(t, j, someKey)
	if err := e.Answered(Answer{ID: "item-1", Owner: "somebody"}, map[string]int{"left": 7}); err != nil {
		t.Fatal(err)
	}
	e.Release()
	found := orphans(t, j, someKey)
	if len(found) != 1 || found[0].Answer == nil || found[0].Answer.ID != "item-1" || found[0].Answer.Owner != "somebody" ||
		string(found[0].Receipt) != `{"left":7}` {
		t.Fatalf("orphans %+v", found)
	}
	j.Forget("item-2", "another.mark")
	if len(files(t, j)) == 0 {
		t.Fatal("another id removed the entry")
	}
	j.Forget("item-1", "")
	if left := files(t, j); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

// TestJournal_receiptIsThereBeforeTheAnswer reads what a kind knew before it submitted.
func TestJournal_receiptIsThereBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	j := open(t)
	e, err := j.Begin(someKey, map[string]int{"last": 17})
	if err != nil {
		t.Fatal(err)
	}
	e.Release()
	if found := orphans(t, j, someKey); len(found) != 1 || found[0].Answer != nil || string(found[0].Receipt) != `{"last":17}` {
		t.Errorf("orphans %+v", found)
	}
	if _, err := j.Begin(someKey, func() {}); err == nil {
		t.Error("a receipt that is no JSON was begun")
	}
}

func TestJournal_otherKeysAndOldEntries(t *testing.T) {
	t.Parallel()
	j := open(t)
	begin(t, j, someKey).Release()
	other := someKey
	other.Endpoint = "elsewhere"
	if found := orphans(t, j, other); len(found) != 0 {
		t.Errorf("%d orphans of another key", len(found))
	}
	j.now = func() time.Time { return time.Now().Add(MaxAge + time.Hour) }
	if found := orphans(t, j, someKey); len(found) != 0 || len(files(t, j)) != 0 {
		t.Errorf("%d orphans, left %v", len(found), files(t, j))
	}
}

func TestJournal_forgetsAnIntentByItsMark(t *testing.T) {
	t.Parallel()
	j := open(t)
	e, other := begin(t, j, someKey), begin(t, j, someKey)
	mark := e.Mark()
	e.Release()
	j.Forget("", mark)
	other.Release()
	if found := orphans(t, j, someKey); len(found) != 1 || found[0].Name() != other.Name() {
		t.Errorf("orphans %+v", found)
	}
}

// TestJournal_crashBetweenAnswerAndIntent leaves the bare intent beside the answer, as a kill within
// Answered does.
func TestJournal_crashBetweenAnswerAndIntent(t *testing.T) {
	t.Parallel()
	j := open(t)
	e := begin(t, j, someKey)
	intent, err := os.ReadFile(e.path + suffix)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Answered(Answer{ID: "item-1"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(j.dir, e.Mark()+suffix), intent, 0o600); err != nil {
		t.Fatal(err)
	}
	e.Release()
	found := orphans(t, j, someKey)
	if len(found) != 1 || found[0].Answer == nil {
		t.Fatalf("orphans %+v", found)
	}
	found[0].Release()
	j.Forget("item-1", "")
	if left := files(t, j); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestJournal_lockThatCannotBeHadIsNoLivingOwner(t *testing.T) {
	t.Parallel()
	j := open(t)
	e := begin(t, j, someKey)
	e.Release()
	if err := errors.Join(os.Remove(e.lockPath()), os.Mkdir(e.lockPath(), 0o700)); err != nil {
		t.Fatal(err)
	}
	if found, err := j.Orphans(someKey); err == nil || !strings.Contains(err.Error(), e.Name()) {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestJournal_lockIsForOneAtATime(t *testing.T) {
	t.Parallel()
	j := open(t)
	unlock, err := j.Lock(t.Context(), someKey)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := j.Lock(ctx, someKey); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second lock: %v", err)
	}
	unlock()
	again, err := j.Lock(t.Context(), someKey)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestOpen_sweepsWhatACrashLeftLongAgo(t *testing.T) {
	t.Parallel()
	j := open(t)
	old, recent := filepath.Join(j.dir, unfinished+"1"), filepath.Join(j.dir, unfinished+"2")
	then := time.Now().Add(-MaxAge - time.Hour)
	if err := errors.Join(os.WriteFile(old, nil, 0o600), os.Chtimes(old, then, then), os.WriteFile(recent, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	if left := files(t, again); !slices.Equal(left, []string{filepath.Base(recent)}) {
		t.Errorf("left %v", left)
	}
}

func TestJournal_removeLeavesNothing(t *testing.T) {
	t.Parallel()
	j := open(t)
	begin(t, j, someKey).Remove()
	if left := files(t, j); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestJournal_brokenEntryIsAnErrorAndStays(t *testing.T) {
	t.Parallel()
	j := open(t)
	e := begin(t, j, someKey)
	e.Release()
	for _, text := range []string{"", "{", "null", "{}", `{"answer":{"id":"item-1"}}`} {
		if err := os.WriteFile(e.path+suffix, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Orphans(someKey); err == nil || !strings.Contains(err.Error(), e.Name()) {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if len(files(t, j)) == 0 {
		t.Error("the broken entry is gone")
	}
}

func TestJournal_holdsNoSecret(t *testing.T) {
	t.Parallel()
	j := open(t)
	key := someKey
	key.Triggers = map[string]string{"secret": "hunter2"}
	e := begin(t, j, key)
	text, err := os.ReadFile(e.path + suffix)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "hunter2") {
		t.Errorf("entry %s", text)
	}
	info, err := os.Stat(e.path + suffix)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestOpen_refusesFoldersThatAreNotPrivate(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	public, private, link := filepath.Join(base, "public"), filepath.Join(base, "private"), filepath.Join(base, "link")
	if err := errors.Join(os.Mkdir(public, 0o700), os.Chmod(public, 0o755), os.Mkdir(private, 0o700), os.Symlink(private, link),
		os.WriteFile(filepath.Join(base, "file"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{public, link, filepath.Join(base, "file")} {
		if _, err := Open(dir); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v", filepath.Base(dir), err)
		}
	}
	if _, err := Open(private); err != nil {
		t.Errorf("private: %v", err)
	}
	if _, err := Open(filepath.Join(base, "file", "below")); err == nil {
		t.Error("a folder below a file was opened")
	}
}

func TestJournal_linksAreNotFollowed(t *testing.T) {
	t.Parallel()
	j := open(t)
	target := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(target, []byte(`{"answer":{"id":"x"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, filepath.Join(j.dir, someKey.digest()+".abc"+suffix)); err != nil {
		t.Fatal(err)
	}
	if found := orphans(t, j, someKey); len(found) != 0 {
		t.Errorf("orphans %+v", found)
	}
}

func TestJournal_turnedOff(t *testing.T) {
	t.Parallel()
	var j *Journal
	e, err := j.Begin(someKey, nil)
	if err != nil || e != nil || e.Name() != "" {
		t.Errorf("got %v, %v", e, err)
	}
	if err := e.Answered(Answer{ID: "i"}, nil); err != nil {
		t.Error(err)
	}
	e.Remove()
	e.Release()
	unlock, err := j.Lock(t.Context(), someKey)
	if err != nil || e.Mark() != "" {
		t.Errorf("got %v, %q", err, e.Mark())
	}
	unlock()
	j.Forget("i", "m")
	if found, err := j.Orphans(someKey); found != nil || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
}

// TestJournal_killedOwnerLeavesAnOrphan runs this test's binary as a process that is killed while it
// owns an entry.
func TestJournal_killedOwnerLeavesAnOrphan(t *testing.T) {
	const variable = "JOURNAL_TEST_DIR"
	if dir := os.Getenv(variable); dir != "" {
		j, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		begin(t, j, someKey)
		_, _ = os.Stdout.WriteString("begun\n")
		select {}
	}
	t.Parallel()
	j := open(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestJournal_killedOwnerLeavesAnOrphan$")
	cmd.Env = append(os.Environ(), variable+"="+j.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	if found := orphans(t, j, someKey); len(found) != 0 {
		t.Errorf("%d orphans while the owner lives", len(found))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if found := orphans(t, j, someKey); len(found) != 1 {
		t.Errorf("%d orphans of a killed owner", len(found))
	}
}
