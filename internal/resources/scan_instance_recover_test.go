//go:build unix

package resources_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// answeredEntries are the journal's entries with an answer.
func answeredEntries(cloud *acctest.Cloud) []string {
	entries, _ := filepath.Glob(filepath.Join(cloud.JournalDir, "*.*.*.json"))
	return entries
}

// killWhilePolling applies, and kills the provider once so many scans are submitted and noted.
func killWhilePolling(t *testing.T, cloud *acctest.Cloud, w *acctest.Workspace, scans int) {
	t.Helper()
	_, release := cloud.Block("DescribeScanResults")
	defer release()
	r := start(t, w)
	acctest.Until(t, func() bool { return len(answeredEntries(cloud)) >= scans })
	provider := r.provider()
	if err := syscall.Kill(provider, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	r.end()
	gone(t, provider)
	_ = os.Remove(filepath.Join(w.Dir, ".terraform.tfstate.lock.info"))
}

// editEntry changes the only answered entry of the journal.
func editEntry(t *testing.T, cloud *acctest.Cloud, edit func(record, answer map[string]any)) {
	t.Helper()
	path := answeredEntries(cloud)[0]
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var record map[string]any
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	answer, _ := record["answer"].(map[string]any)
	edit(record, answer)
	text, err = json.Marshal(record)
	if err = errors.Join(err, os.WriteFile(path, text, 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestAccScanInstance_equalScansAreEachRecoveredOnce(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	w.Write(strings.Replace(scan(cloud, cloud.App("clean.apk")), "app_infos ", "count     = 4\n  app_infos ", 1))
	killWhilePolling(t, cloud, w, 4)
	result := w.Apply().Succeeds()
	if cloud.Submissions() != 4 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
	ids := map[any]bool{}
	for n := range 4 {
		ids[w.State(fmt.Sprintf("%s[%d]", app, n))["item_id"]] = true
	}
	if len(ids) != 4 {
		t.Errorf("ids %v\n%s", ids, result.Output)
	}
	w.Plan().NoChanges()
}

// The journal knows users and contents, not projects: until a project's state is known to be kept, each of them takes
// over the scan of the run that was killed, and the next one submits its own.
func TestAccScanInstance_projectsOfOneUserShareAScanUntilAStateHasIt(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	first, second, third := acctest.NewWithBinary(t), acctest.NewWithBinary(t), acctest.NewWithBinary(t)
	for _, project := range []*acctest.Workspace{first, second, third} {
		project.Write(scan(cloud, cloud.App("clean.apk")))
	}
	killWhilePolling(t, cloud, first, 1)
	second.Apply().Succeeds().Says("Scan Adopted From Journal")
	first.Apply().Succeeds().Says("Scan Adopted From Journal")
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions, want 1", cloud.Submissions())
	}
	second.Plan().NoChanges() // finds the scan in its state, and takes the entry away
	third.Apply().Succeeds().DoesNotSay("Adopted")
	if cloud.Submissions() != 2 {
		t.Errorf("%d submissions, want 2", cloud.Submissions())
	}
}

func TestAccScanInstance_lostStateOfAnUncertainOutcomeIsRecovered(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	lift := cloud.Fault(emulator.Fault{Action: "CreateScanInstances", Kind: emulator.FaultLost})
	w.Write(scan(cloud, cloud.App("clean.apk")))
	w.Apply().Succeeds().Says("Unable to Confirm Submission of Scan")
	lift()
	// As if the CLI had died before it wrote the state that Create returned.
	if err := os.Remove(filepath.Join(w.Dir, "terraform.tfstate")); err != nil {
		t.Fatal(err)
	}
	w.Apply().Succeeds().Says("Unable to Confirm Submission of Scan", "journal entry")
	if cloud.Calls("CreateScanInstances") != 1 || w.State(app)["status"] != "uncertain" {
		t.Errorf("%d calls, state %v", cloud.Calls("CreateScanInstances"), w.State(app))
	}
	// Met in a state it is of no more use: the user may scan again at once.
	w.Apply("-refresh=false", "-replace="+app).Succeeds()
	if cloud.Calls("CreateScanInstances") != 2 || w.State(app)["status"] != "completed" {
		t.Errorf("%d calls, state %v", cloud.Calls("CreateScanInstances"), w.State(app))
	}
}

// otherAccount is a second account on the same machine.
var otherAccount = emulator.Credential{SecretID: "AKIDotherotherother", SecretKey: "otherkeyotherkey", Account: "100000000099"}

func asOtherAccount(cloud *acctest.Cloud, hcl string) string {
	return strings.NewReplacer(strconv.Quote(cloud.SecretID()), strconv.Quote(otherAccount.SecretID),
		strconv.Quote(cloud.SecretKey()), strconv.Quote(otherAccount.SecretKey)).Replace(hcl)
}

func TestAccScanInstance_accountsOnOneMachineLeaveEachOtherAlone(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]time.Duration{"submitted just now": 0, "submitted a while ago": 11 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, emulator.WithCredential(otherAccount))
			mine, theirs := acctest.NewWithBinary(t), acctest.NewWithBinary(t)
			mine.Write(scan(cloud, cloud.App("clean.apk")))
			killWhilePolling(t, cloud, mine, 1)
			editEntry(t, cloud, func(record, _ map[string]any) { record["begun_at"] = time.Now().Add(-age).UTC() })

			theirs.Write(asOtherAccount(cloud, scan(cloud, cloud.App("clean.apk"))))
			theirs.Apply().Succeeds().DoesNotSay("Adopted")
			mine.Apply().Succeeds().Says("Scan Adopted From Journal")
			if cloud.Submissions() != 2 {
				t.Errorf("%d submissions, one for each account expected", cloud.Submissions())
			}
			theirs.Plan().NoChanges()
			mine.Plan().NoChanges()
		})
	}
}

func TestAccScanInstance_partlyFailedScanIsAdoptedToo(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	missing := fmt.Sprintf(`{ app_url = %q, app_md5 = %q }`, cloud.AppURL("nosuch.apk", "x"), strings.Repeat("ab", 16))
	w.Write(scan(cloud, cloud.App("clean.apk")+", "+missing))
	killWhilePolling(t, cloud, w, 1)
	w.Apply().Succeeds().Says("Scan Adopted From Journal", "Some apps were not scanned")
	if cloud.Submissions() != 1 || w.State(app)["status"] != "failed" {
		t.Errorf("%d submissions, state %v", cloud.Submissions(), w.State(app))
	}
}

func TestAccScanInstance_adoptionOfAHostileItemID(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	cloud.OnAnswer("CreateScanInstances", func(_, response map[string]any) map[string]any {
		response["ItemId"] = "x\n::error::pwned\n##vso[task]\x1b[2J"
		return response
	})
	cloud.OnAnswer("DescribeScanResults", func(_, _ map[string]any) map[string]any {
		return map[string]any{"RequestId": "r", "TotalCount": 1, "ScanSet": []any{map[string]any{
			"TaskStatus": 1, "AppDetailInfo": map[string]any{"AppMd5": cloud.MD5("clean.apk")}, "VirusInfo": map[string]any{"SafeType": 1},
		}}}
	})
	w := acctest.NewWithBinary(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	killWhilePolling(t, cloud, w, 1)
	w.Apply().Succeeds().Says("Scan Adopted From Journal").DoesNotSay("::error", "##vso", "\x1b[2J")
}

func TestAccScanInstance_entryThatCannotBeLockedSubmitsNothing(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t)
	w.Write(scan(cloud, cloud.App("clean.apk")))
	killWhilePolling(t, cloud, w, 1)
	locks, _ := filepath.Glob(filepath.Join(cloud.JournalDir, "*.lock"))
	for _, lock := range locks {
		if err := errors.Join(os.Remove(lock), os.Mkdir(lock, 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	w.Apply().Fails().Says("Unable to Read Journal", filepath.Base(answeredEntries(cloud)[0]), "Nothing was submitted")
	if cloud.Submissions() != 1 {
		t.Errorf("%d submissions", cloud.Submissions())
	}
}

func TestAccScanInstance_entryOfATaskThatIsNotThere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		begun time.Duration // from now
		waits bool
	}{
		"it may not be known yet":    {0, true},
		"it should be known":         {-11 * time.Minute, false},
		"a clock was off by a year":  {365 * 24 * time.Hour, false},
		"a clock was off by minutes": {5 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.NewWithBinary(t)
			w.Write(scan(cloud, cloud.App("clean.apk")))
			killWhilePolling(t, cloud, w, 1)
			editEntry(t, cloud, func(record, answer map[string]any) {
				record["begun_at"] = time.Now().Add(test.begun).UTC()
				answer["id"] = "gone"
			})
			if test.waits {
				w.Apply().Fails().Says("Unable to Check Earlier Submission", filepath.Base(answeredEntries(cloud)[0]))
			} else {
				w.Apply().Succeeds()
			}
			if want := map[bool]int{true: 1, false: 2}[test.waits]; cloud.Submissions() != want {
				t.Errorf("%d submissions, want %d", cloud.Submissions(), want)
			}
		})
	}
}
