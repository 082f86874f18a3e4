package resources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// NewImageScan returns the resource ms_tcss_vul_scan.
func NewImageScan() resource.Resource {
	return scantask.New[*imageScanModel, imageScanReceipt](imageScan{})
}

// imageScan is the scan of container images for vulnerabilities.
type imageScan struct{}

var (
	_ scantask.Preparer[*imageScanModel, imageScanReceipt] = imageScan{}
	_ scantask.Exclusive[*imageScanModel]                  = imageScan{}
	_ scantask.Prover[*imageScanModel, imageScanReceipt]   = imageScan{}
	_ scantask.Locator[*imageScanModel]                    = imageScan{}
	_ scantask.Stopper[*imageScanModel, imageScanReceipt]  = imageScan{}
)

// imageScanReceipt is what is known of a submission beside the model.
type imageScanReceipt struct {
	// Rows are those of the registry list that stand for the digests.
	Rows      []imageRow `json:"rows,omitempty"`
	QuotaLeft *int64     `json:"quota_left,omitempty"`
	// LastTask is the last task of the side before the submission, and SentAt the time of that answer by the
	// service's clock; both nil where that is not known.
	LastTask *int64     `json:"last_task,omitempty"`
	SentAt   *time.Time `json:"sent_at,omitempty"`
	// Lagging counts the polls that saw the task ended and an image of it still being scanned.
	Lagging int `json:"lagging,omitempty"`
}

// imageRow is the row of the registry list that a digest is scanned by.
type imageRow struct {
	Digest string `json:"digest"`
	ID     int64  `json:"id"`
}

func (imageScan) New() *imageScanModel { return &imageScanModel{} }

func (imageScan) Words() scantask.Words {
	return scantask.Words{
		TypeName: "tcss_vul_scan", Task: "image scan", Things: "images", Failed: "not scanned",
		IDName: "id", ID: "`local/` or `registry/` and the number of the task, as in `registry/18`",
		FailedTitle: "Some images were not scanned",
		Again:       "-replace or a new value in triggers",
		LookUp: "Look in the Tencent Cloud console (container security, vulnerabilities), or ask its support with the RequestId if there is one, whether a scan of these images began at that time. " +
			"If it did, import it: `terraform state rm` this resource, then `terraform import` it with local/ or registry/ and the number of the task. " +
			"If it did not, scan again with -replace. Until then nothing is submitted.",
	}
}

func (imageScan) Content(plan *imageScanModel) (map[string][]string, error) {
	keys := plan.keys()
	if len(keys) == 0 || !plan.known() {
		return nil, errors.New("no image is named")
	}
	if !plan.LocalImageIDs.IsNull() {
		return map[string][]string{"local_image_ids": keys}, nil
	}
	return map[string][]string{"digests": keys}, nil
}

// Subject names the images.
func (imageScan) Subject(m *imageScanModel) (name string, count int) {
	names := m.names()
	shown := slices.Clone(names[:min(3, len(names))])
	if len(names) > len(shown) {
		shown = append(shown, fmt.Sprintf("and %d more", len(names)-len(shown)))
	}
	kind := "images "
	if len(names) == 1 {
		kind = "image "
	}
	return kind + strings.Join(shown, ", "), len(names)
}

// names returns the images as the configuration names them, each content once.
func (m *imageScanModel) names() []string {
	if !m.LocalImageIDs.IsNull() {
		return m.keys()
	}
	var names []string
	for _, image := range m.images() {
		names = append(names, sanitize.Line(image.reference))
	}
	return names
}

func (imageScan) Submit(ctx context.Context, client *tencentcloud.Client, plan *imageScanModel, receipt *imageScanReceipt) (scantask.Answer, error) {
	var request tencentcloud.CreateVulScanTaskRequest
	local := !plan.LocalImageIDs.IsNull()
	if local {
		request.LocalImageIDs = plan.keys()
	} else {
		for _, row := range receipt.Rows {
			request.RegistryImageIDs = append(request.RegistryImageIDs, row.ID)
		}
	}
	response, err := client.CreateVulScanTask(ctx, request)
	answer := scantask.Answer{RequestID: response.RequestID}
	task := response.RegistryTaskID
	if local {
		task = response.LocalTaskID
	}
	if number := task.Ptr(); number != nil && *number > 0 {
		answer.ID = imageTask{local, *number}.String()
	}
	return answer, err
}

func (imageScan) Start(m *imageScanModel, id string, receipt imageScanReceipt) {
	m.Number = types.Int64Null()
	if task, ok := parseImageTask(id); ok {
		m.Number = types.Int64Value(task.number)
	}
	m.QuotaLeft = types.Int64PointerValue(receipt.QuotaLeft)
	m.setCounts(m.isLocal(), &tencentcloud.DescribeVulScanInfoResponse{})
	m.setFailures(nil)
}

func (imageScan) Failures(m *imageScanModel) []string {
	var lines []string
	for _, element := range m.Failures.Elements() {
		object, ok := element.(types.Object)
		if !ok {
			continue
		}
		attributes := object.Attributes()
		line := sanitize.Line(textOf(attributes["image"])) + ": " + strings.TrimRight(sanitize.Line(textOf(attributes["desc"])), ".")
		if hint := textOf(attributes["hint"]); hint != "" {
			line += ". " + hint
		}
		lines = append(lines, line)
	}
	return lines
}

func (imageScan) Defaults(*imageScanModel) {}

// Replaces compares the sides and the sets of digests or ids. An imported registry task does not tell its
// images: those of the configuration are adopted.
func (imageScan) Replaces(state, plan *imageScanModel, imported bool) (paths path.Paths) {
	at := path.Root("images")
	if !plan.LocalImageIDs.IsNull() {
		at = path.Root("local_image_ids")
	}
	adopts := imported && !state.isLocal() && state.Images.IsNull()
	switch {
	case !plan.known(), state.isLocal() == plan.LocalImageIDs.IsNull():
		paths.Append(at)
	case !adopts && !slices.Equal(state.keys(), plan.keys()):
		paths.Append(at)
	}
	return paths
}

// Keep keeps the references of the state while the set of digests is the same, so that a moved tag is an
// empty plan.
func (imageScan) Keep(state, plan *imageScanModel) {
	if !state.Images.IsNull() {
		plan.Images = state.Images
	}
}

// Expect marks what the end of the scan will tell.
func (imageScan) Expect(plan *imageScanModel) {
	plan.Failures = types.ListUnknown(imageFailureType)
	plan.FoundVulCount, plan.FoundRiskImageCount, plan.ScannedImageCount = types.Int64Unknown(), types.Int64Unknown(), types.Int64Unknown()
	plan.ScanStartTime, plan.ScanEndTime = types.StringUnknown(), types.StringUnknown()
}

func (imageScan) StopOnDestroy(m *imageScanModel) bool { return m.StopOnDestroy.ValueBool() }

func (imageScan) Stop(ctx context.Context, client *tencentcloud.Client, m *imageScanModel, _ imageScanReceipt) error {
	task, ok := parseImageTask(m.TaskID())
	if !ok {
		return errors.New("the state holds no task that could be stopped")
	}
	_, err := client.StopVulScanTask(ctx, tencentcloud.StopVulScanTaskRequest(task.request()))
	return err
}

// Import takes over a task by its number. Only a local task tells its images.
func (s imageScan) Import(ctx context.Context, client *tencentcloud.Client, id string) (*imageScanModel, imageScanReceipt, error) {
	task, ok := parseImageTask(id)
	if !ok {
		return nil, imageScanReceipt{}, &scantask.Problem{
			What: "This is no id of an image scan", Next: "Give " + s.Words().ID + "; the number stands in the Tencent Cloud console and in `ms_tcss_vul_scan_info`.",
		}
	}
	answer, err := client.DescribeVulScanInfo(ctx, task.request())
	if err == nil {
		err = answer.Check(task.request())
	}
	if err != nil {
		return nil, imageScanReceipt{}, err
	}
	m := &imageScanModel{Images: types.SetNull(types.StringType), LocalImageIDs: types.SetNull(types.StringType)}
	m.ID = types.StringValue(id)
	m.Status = types.StringValue(scantask.StatusProcessing)
	s.Start(m, id, imageScanReceipt{})
	if task.local {
		if m.LocalImageIDs, err = importedImageIDs(ctx, client, task.number); err != nil {
			return nil, imageScanReceipt{}, err
		}
	}
	at := time.Now() // of a task that has not begun
	if began, ok := known(answer.ScanStartTime.At()); ok {
		at = began
	}
	m.SubmittedAt = types.StringValue(at.UTC().Format(time.RFC3339))
	var receipt imageScanReceipt
	_, err = s.Poll(ctx, client, m, &receipt)
	return m, receipt, err
}

func importedImageIDs(ctx context.Context, client *tencentcloud.Client, task int64) (types.Set, error) {
	list, err := client.DescribeVulScanLocalImages(ctx, task)
	if err != nil {
		return types.Set{}, err
	}
	var ids []string
	for _, image := range list.List.Items {
		ids = append(ids, imageKey(image.ImageID))
	}
	if len(ids) == 0 || !list.Complete() || slices.Contains(ids, "") {
		return types.Set{}, &scantask.Problem{
			What:      "The list of the task's images is not complete, so that they cannot be compared with the configuration; a difference would be scanned and paid for again",
			RequestID: list.RequestID,
			Next:      "Check the id; if the task was submitted just now, import it again in a minute.",
		}
	}
	slices.Sort(ids)
	return types.SetValueMust(types.StringType, textValues(slices.Compact(ids))), nil
}

// imageKey returns a digest or an image id in the form that comparisons use.
func imageKey(text tencentcloud.Text) string {
	return strings.ToLower(strings.TrimSpace(text.String()))
}
