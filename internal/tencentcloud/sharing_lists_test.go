package tencentcloud_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// listPart is a part of a list, whose rows are made by their numbers.
func listPart(name string, total, offset, limit int, row func(i int) string) string {
	var rows []string
	for i := offset; i < min(offset+limit, total); i++ {
		rows = append(rows, row(i))
	}
	return fmt.Sprintf(`"TotalCount":%d,%q:[%s]`, total, name, strings.Join(rows, ","))
}

// TestSharing_listsOfImagesTakeTheQuotaAlone reads the vulnerabilities of an image on the fake clock: 2,425 of them, as
// the service's own sample has, take at most two seconds.
func TestSharing_listsOfImagesTakeTheQuotaAlone(t *testing.T) {
	t.Parallel()
	for total, most := range map[int]time.Duration{100: time.Second, 2425: 2 * time.Second, 20_000: 12 * time.Second} {
		var took time.Duration
		read := 0
		got := onAccount(t, func(t *testing.T, a *account) {
			a.list = func(_ string, _, offset, limit int) string {
				return listPart("List", total, offset, limit, func(i int) string { return fmt.Sprintf(`{"CVEID":"CVE-2026-%d","Level":"1"}`, i) })
			}
			client, closeIdle := a.client(t, sharedQuota)
			defer closeIdle()
			begun := time.Now()
			listed, count, err := client.EachImageVul(t.Context(), tencentcloud.Image{RegistryID: 7}, func() func([]tencentcloud.ImageVul) {
				read = 0
				return func(rows []tencentcloud.ImageVul) { read += len(rows) }
			})
			took = time.Since(begun)
			if err != nil || listed != total || !count.Is(int64(total)) {
				t.Errorf("%d listed, %v, %v", listed, count, err)
			}
		})
		const action = "DescribeAssetImageRegistryVulList"
		if read != total || got.refused[action] > 0 || took > most {
			t.Errorf("%d vulnerabilities: %d read in %s by %d calls, %d refused; at most %s", total, read, took, got.admitted[action], got.refused[action], most)
		}
		t.Logf("%d vulnerabilities: %d calls, %s", total, got.admitted[action], took)
	}
}

// TestSharing_findingsOfAFleetTakeTwiceTheFloorAtMost reads 500 vulnerabilities, each on 200 hosts, as the data source
// does: the floor is a second for each twenty of the calls that 200 hosts in pages of 100 take.
func TestSharing_findingsOfAFleetTakeTwiceTheFloorAtMost(t *testing.T) {
	t.Parallel()
	const vuls, hosts, readers = 500, 200, 16
	var took time.Duration
	got := onAccount(t, func(t *testing.T, a *account) {
		a.list = func(action string, vul, offset, limit int) string {
			if action == "DescribeVulList" {
				return listPart("VulInfoList", vuls, offset, limit, func(i int) string { return fmt.Sprintf(`{"VulId":%d,"Level":3,"HostCount":%d}`, i+1, hosts) })
			}
			return listPart("VulEffectHostList", hosts, offset, limit, func(i int) string { return fmt.Sprintf(`{"EventId":%d,"Quuid":"q%d"}`, 1000*vul+i, i) })
		}
		client, closeIdle := a.client(t, sharedQuota)
		defer closeIdle()
		begun := time.Now()
		list, err := client.DescribeHostVuls(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		var all errgroup.Group
		all.SetLimit(readers)
		for _, vul := range list.VulInfoList.Items {
			id, _ := vul.ID()
			all.Go(func() error {
				answer, err := client.DescribeHostsOfVul(t.Context(), id)
				if err == nil && len(answer.VulEffectHostList.Items) != hosts {
					err = fmt.Errorf("%d hosts", len(answer.VulEffectHostList.Items))
				}
				return err
			})
		}
		if err := all.Wait(); err != nil {
			t.Error(err)
		}
		took = time.Since(begun)
	})
	floor := time.Duration(vuls*hosts/tencentcloud.MaxPage) * time.Second / sharedQuota
	const action = "DescribeVulEffectHostList"
	if got.refused[action] > 0 || took > 2*floor {
		t.Errorf("%s for a floor of %s, %d calls, %d refused", took, floor, got.admitted[action], got.refused[action])
	}
	t.Logf("%d calls, %s, floor %s", got.admitted[action], took, floor)
}
