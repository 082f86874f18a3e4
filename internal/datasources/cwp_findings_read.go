package datasources

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// hostFindings is the answer of ms_cwp_findings: a task, and once that has ended what was found.
type hostFindings struct {
	task  *hostTask
	found *evidence.HostFindings
}

func (f *hostFindings) requestID() string {
	if f == nil {
		return ""
	}
	return f.task.requestID()
}

// hostTaskOf returns the task of an answer that may never have come.
func (f *hostFindings) hostTask() *hostTask {
	if f == nil {
		return nil
	}
	return f.task
}

// vulReaders is how many vulnerabilities have their hosts read side by side; the rate limit paces them.
const vulReaders = 16

// readFindings reads the lists of a module. needed tells which vulnerabilities have to have their hosts read.
func readFindings(ctx context.Context, client *tencentcloud.Client, module string, mine evidence.HostFilter, needed func(level field.Value[int64]) bool) (found *evidence.HostFindings, err error) {
	found = new(evidence.HostFindings)
	switch module {
	case tencentcloud.ModuleVul:
		return readVuls(ctx, client, needed)
	case tencentcloud.ModuleMalware:
		found.Malware, err = client.DescribeHostMalware(ctx)
	default:
		found.Baseline = new(evidence.BaselineItems)
		found.Baseline.Listed, found.Baseline.Total, err = client.EachBaselineItem(ctx, func() func([]tencentcloud.BaselineItem) { return found.Baseline.Take(mine) })
	}
	return found, err
}

// readVuls reads the vulnerabilities of the account, and the hosts of those that are needed.
func readVuls(ctx context.Context, client *tencentcloud.Client, needed func(level field.Value[int64]) bool) (*evidence.HostFindings, error) {
	vuls, err := client.DescribeHostVuls(ctx)
	if err != nil {
		return nil, err
	}
	found := &evidence.HostFindings{Vuls: vuls, VulHosts: make([]*tencentcloud.DescribeVulEffectHostListResponse, len(vuls.VulInfoList.Items))}
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(vulReaders)
	for i, vul := range vuls.VulInfoList.Items {
		id, ok := vul.ID()
		if !needed(vul.Level.Value) {
			continue
		}
		if !ok { // its hosts cannot be asked for, which the evidence tells
			found.VulHosts[i] = new(tencentcloud.DescribeVulEffectHostListResponse)
			continue
		}
		readers.Go(func() (err error) {
			found.VulHosts[i], err = client.DescribeHostsOfVul(ctx, id)
			return err
		})
	}
	return found, readers.Wait()
}
