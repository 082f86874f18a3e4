package resources

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// NewScanInstance returns the resource ms_scan_instance.
func NewScanInstance() resource.Resource {
	return scantask.New[*scanInstanceModel, scanInstanceReceipt](scanInstance{})
}

// scanInstance is the scan of Android packages.
type scanInstance struct{}

// scanInstanceReceipt is what the answer to a submission tells beside the ItemId.
type scanInstanceReceipt struct {
	// AcceptedMD5s is nil where the service did not say.
	AcceptedMD5s []string `json:"accepted_app_md5s"`
	LimitCount   *int64   `json:"limit_count"`
	LimitTime    *int64   `json:"limit_time"`
}

func (scanInstance) New() *scanInstanceModel { return &scanInstanceModel{} }

func (scanInstance) Words() scantask.Words {
	return scantask.Words{
		TypeName: "scan_instance", Task: "item", Things: "apps", Failed: "rejected, failed or timed out",
		IDName: "item_id", ID: "the ItemId of the scan task",
		FailedTitle: "Some apps were not scanned",
		Again:       "-replace or a new value in triggers",
		LookUp: "Look in the Tencent Cloud console, or ask its support with the RequestId if there is one, whether a scan of these packages began at that time. " +
			"If it did, import it: `terraform state rm` this resource, then `terraform import` it with the ItemId. " +
			"If it did not, scan again with -replace. Until then nothing is submitted.",
	}
}

func (scanInstance) Content(plan *scanInstanceModel) (map[string][]string, error) {
	_, err := plan.apps()
	return map[string][]string{"app_md5s": plan.submittedMD5s(), "scan_types": plan.scanned()}, err
}

// Subject names the apps by their MD5s.
func (scanInstance) Subject(m *scanInstanceModel) (name string, count int) {
	md5s := m.submittedMD5s()
	shown := slices.Clone(md5s[:min(3, len(md5s))])
	if len(md5s) > len(shown) {
		shown = append(shown, fmt.Sprintf("and %d more", len(md5s)-len(shown)))
	}
	return "apps with MD5 " + strings.Join(shown, ", "), len(md5s)
}

func (scanInstance) Submit(ctx context.Context, client *tencentcloud.Client, plan *scanInstanceModel, receipt *scanInstanceReceipt) (scantask.Answer, error) {
	answer, err := client.CreateScanInstances(ctx, plan.request())
	receipt.AcceptedMD5s = normalMD5s(answer.AppMD5s)
	receipt.LimitCount, receipt.LimitTime = answer.LimitCount.Ptr(), answer.LimitTime.Ptr()
	log := map[string]any{}
	if answer.AppMD5s != nil {
		log["accepted"] = len(answer.AppMD5s)
	}
	if receipt.LimitCount != nil {
		log["limit_count"] = *receipt.LimitCount
	}
	return scantask.Answer{ID: strings.TrimSpace(answer.ItemID.String()), RequestID: answer.RequestID, Log: log}, err
}

func (scanInstance) Start(m *scanInstanceModel, id string, receipt scanInstanceReceipt) {
	m.ItemID = textOrNull(id)
	m.LimitCount, m.LimitTime = types.Int64PointerValue(receipt.LimitCount), types.Int64PointerValue(receipt.LimitTime)
	if id == "" {
		m.setProgress(progress{status: scantask.StatusUncertain})
		return
	}
	m.setProgress(evaluateProgress(m.submittedMD5s(), receipt.AcceptedMD5s, m.scanned(), nil))
}

func (scanInstance) Poll(ctx context.Context, client *tencentcloud.Client, m *scanInstanceModel, _ *scanInstanceReceipt) (scantask.Progress, error) {
	submitted, accepted := m.submittedMD5s(), m.acceptedMD5s()
	answer, err := client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: m.TaskID(), Final: ended(submitted, accepted)})
	switch {
	case err != nil:
		return scantask.Progress{}, err
	case len(answer.ScanSet.Items) == 0 && m.Ended():
		return scantask.Progress{Expired: true, RequestID: answer.RequestID}, nil
	}
	p := evaluateProgress(submitted, accepted, m.scanned(), answer)
	m.setProgress(p)
	return scantask.Progress{Detail: p.describe(len(submitted)), RequestID: answer.RequestID}, nil
}

// Adoptable tells whether every row that names an app names one of the plan.
func (scanInstance) Adoptable(ctx context.Context, client *tencentcloud.Client, plan *scanInstanceModel, id string, _ scanInstanceReceipt) (bool, error) {
	answer, err := client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id})
	if err != nil {
		return false, err
	}
	md5s := plan.submittedMD5s()
	return !slices.ContainsFunc(answer.ScanSet.Items, func(row tencentcloud.ScanSetInfo) bool {
		md5 := evidence.RowMD5(row)
		return md5 != "" && !slices.Contains(md5s, md5)
	}), nil
}

func (scanInstance) Failures(m *scanInstanceModel) []string {
	var lines []string
	for _, f := range failuresOf(m.Failures) {
		line := "MD5 " + f.md5 + ": "
		if f.code != nil {
			line += fmt.Sprintf("code %d, ", *f.code)
		}
		line += strings.TrimRight(sanitize.Line(f.desc), ".")
		if f.hint != "" {
			line += ". " + f.hint
		}
		lines = append(lines, line)
	}
	return lines
}

// Import needs results that name every app, since the identity of this resource is the set of MD5s.
func (scanInstance) Import(ctx context.Context, client *tencentcloud.Client, id string) (*scanInstanceModel, scanInstanceReceipt, error) {
	answer, err := client.DescribeScanResults(ctx, tencentcloud.DescribeScanResultsRequest{ItemID: id})
	if err != nil {
		return nil, scanInstanceReceipt{}, err
	}
	if problem := incompleteForImport(answer); problem != "" {
		return nil, scanInstanceReceipt{}, &scantask.Problem{
			What:      problem + ", so that the apps cannot be compared with the configuration; a difference would be scanned and paid for again",
			RequestID: answer.RequestID,
			Next:      "Check the ItemId; if the task was submitted just now, import it again in a minute.",
		}
	}
	return importedModel(id, answer), scanInstanceReceipt{}, nil
}

// ended returns the judgement whether an answer is final for a task of these apps.
func ended(submitted, accepted []string) func(*tencentcloud.DescribeScanResultsResponse) bool {
	return func(answer *tencentcloud.DescribeScanResultsResponse) bool {
		return answer.Complete() && evaluateProgress(submitted, accepted, nil, answer).status != scantask.StatusProcessing
	}
}

func normalMD5s(md5s []string) []string {
	if md5s == nil {
		return nil
	}
	normal := make([]string, 0, len(md5s))
	for _, md5 := range md5s {
		normal = append(normal, tf.NormalMD5(strings.TrimSpace(md5)))
	}
	return normal
}
