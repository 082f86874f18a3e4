//go:build unix

package resources_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

func TestAccImageScan_killedRunLosesNoIDAndPaysOnce(t *testing.T) {
	t.Parallel()
	type stage struct {
		images string
		arrive func(*acctest.Cloud) (<-chan struct{}, func())
		status string
		id     any
	}
	before := func(action string) func(*acctest.Cloud) (<-chan struct{}, func()) {
		return func(c *acctest.Cloud) (<-chan struct{}, func()) { return c.Block(action) }
	}
	accepted := func(c *acctest.Cloud) (<-chan struct{}, func()) { return c.BlockAnswer("CreateVulScanTask") }
	for name, s := range map[string]stage{
		"while finding the image":   {of("a"), before("DescribeAssetImageRegistryList"), "completed", "registry/17"},
		"while asking for quota":    {of("a"), before("DescribeImageAuthorizedInfo"), "completed", "registry/17"},
		"submit in flight":          {of("a"), before("CreateVulScanTask"), "uncertain", nil},
		"accepted":                  {of("a"), accepted, "uncertain", nil},
		"accepted, of local images": {local("1"), accepted, "completed", "local/17"}, // which is proven
		"while polling":             {of("a"), pollOf, "completed", "registry/17"},
		"while polling local ones":  {local("1"), pollOf, "completed", "local/17"},
	} {
		for victimName, victim := range map[string]func(*run) int{
			"provider": (*run).provider,
			"CLI":      func(r *run) int { return r.cmd.Process.Pid },
		} {
			t.Run(victimName+", "+name, func(t *testing.T) {
				t.Parallel()
				cloud := acctest.NewCloud(t, images(""))
				w := acctest.NewWithBinary(t)
				w.Write(scanOf(cloud, s.images))
				arrived, release := s.arrive(cloud)
				r := start(t, w)
				<-arrived
				provider := r.provider()
				if err := syscall.Kill(victim(r), syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				r.end()
				gone(t, provider)
				release()
				w.Apply().Succeeds()
				holds(t, w, map[string]any{"status": s.status, "id": s.id})
				w.Plan().NoChanges()
				if cloud.Submissions() > 1 || cloud.Calls("CreateVulScanTask") != 1 {
					t.Errorf("%d submissions, %d calls", cloud.Submissions(), cloud.Calls("CreateVulScanTask"))
				}
				if left, _ := filepath.Glob(filepath.Join(cloud.JournalDir, "*.json")); len(left) != 0 {
					t.Errorf("left in the journal: %v", left)
				}
			})
		}
	}
}

// pollOf blocks the first poll of a task that was submitted: the calls before it name no task.
func pollOf(c *acctest.Cloud) (<-chan struct{}, func()) {
	arrived, release := make(chan struct{}), func() {}
	submitted, resume := c.BlockAnswer("CreateVulScanTask")
	go func() {
		<-submitted
		polled, lift := c.Block("DescribeVulScanInfo")
		release = lift
		resume()
		<-polled
		close(arrived)
	}()
	return arrived, func() { release() }
}

func TestAccImageScan_twoRunsAtOncePayOnceEach(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	release := cloud.HoldScans()
	first, second := acctest.NewWithBinary(t), acctest.NewWithBinary(t)
	first.Write(scanOf(cloud, of("a")))
	second.Write(scanOf(cloud, of("a")))
	one := start(t, first)
	acctest.Until(t, func() bool { return cloud.Submissions() == 1 })
	two := start(t, second)
	acctest.Until(t, func() bool { return cloud.Calls("CreateVulScanTask") > 1 }) // refused: the account runs one at a time
	release()
	one.end()
	two.end()
	// The second scans by itself, or takes the scan that the first has left in the journal: none is paid for without
	// being in a state.
	holds(t, first, map[string]any{"status": "completed", "id": "registry/17"})
	holds(t, second, map[string]any{"status": "completed"})
	if want := map[any]int{"registry/17": 1, "registry/18": 2}[second.State(img)["id"]]; cloud.Submissions() != want {
		t.Errorf("%d submissions, the second has %v", cloud.Submissions(), second.State(img)["id"])
	}
}

func TestAccImageScan_interruptedWaitKeepsTheID(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t, images(""))
	release := cloud.HoldScans()
	w := acctest.NewWithBinary(t)
	w.Write(scanOf(cloud, of("a")))
	arrived, resume := pollOf(cloud)
	r := start(t, w)
	<-arrived
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	resume()
	r.end()
	staysImage(t, cloud, w, release)
}
