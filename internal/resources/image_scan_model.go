package resources

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// imageScanModel is ms_tcss_vul_scan in plan and state.
type imageScanModel struct {
	scantask.Common

	Images        types.Set  `tfsdk:"images"`
	LocalImageIDs types.Set  `tfsdk:"local_image_ids"`
	SyncRegistry  types.Bool `tfsdk:"sync_registry"`
	StopOnDestroy types.Bool `tfsdk:"stop_on_destroy"`

	Number              types.Int64  `tfsdk:"task_id"`
	ScanStartTime       types.String `tfsdk:"scan_start_time"`
	ScanEndTime         types.String `tfsdk:"scan_end_time"`
	FoundVulCount       types.Int64  `tfsdk:"found_vul_count"`
	FoundRiskImageCount types.Int64  `tfsdk:"found_risk_image_count"`
	ScannedImageCount   types.Int64  `tfsdk:"scanned_image_count"`
	QuotaLeft           types.Int64  `tfsdk:"quota_left"`
	Failures            types.List   `tfsdk:"failures"`
}

// imageFailure is an image that was not scanned to the end.
type imageFailure struct{ image, code, desc, hint string }

var imageFailureType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"image": types.StringType, "code": types.StringType, "desc": types.StringType, "hint": types.StringType,
}}

// imageTask names a task: the service numbers those of local images and those of registries by themselves.
type imageTask struct {
	local  bool
	number int64
}

const (
	localSide    = "local"
	registrySide = "registry"
)

// parseImageTask reads an id as in local/17.
func parseImageTask(id string) (imageTask, bool) {
	side, text, _ := strings.Cut(id, "/")
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number <= 0 || strconv.FormatInt(number, 10) != text || side != localSide && side != registrySide {
		return imageTask{}, false
	}
	return imageTask{local: side == localSide, number: number}, true
}

func (t imageTask) String() string {
	if t.local {
		return fmt.Sprintf("%s/%d", localSide, t.number)
	}
	return fmt.Sprintf("%s/%d", registrySide, t.number)
}

func (t imageTask) request() tencentcloud.DescribeVulScanInfoRequest {
	if t.local {
		return tencentcloud.DescribeVulScanInfoRequest{LocalTaskID: &t.number}
	}
	return tencentcloud.DescribeVulScanInfoRequest{RegistryTaskID: &t.number}
}

// isLocal tells whether local images are scanned, as far as a model says.
func (m *imageScanModel) isLocal() bool {
	if task, ok := parseImageTask(m.TaskID()); ok {
		return task.local
	}
	return !m.LocalImageIDs.IsNull()
}

// images returns the references of a model by their digests, sorted by the first reference of each.
func (m *imageScanModel) images() []wantedImage {
	var wanted []wantedImage
	for _, text := range slices.Sorted(slices.Values(texts(m.Images.Elements()))) {
		image, err := tf.ParseImage(text)
		if err != nil { // the validator refuses it
			continue
		}
		at := slices.IndexFunc(wanted, func(w wantedImage) bool { return w.digest == image.Digest })
		if at < 0 {
			at = len(wanted)
			wanted = append(wanted, wantedImage{reference: text, digest: image.Digest})
		}
		wanted[at].repositories = append(wanted[at].repositories, image.Repository)
	}
	return wanted
}

// wantedImage is one content of a registry, and the repositories that the configuration has it in.
type wantedImage struct {
	reference, digest string
	repositories      []string
}

// keys returns the sorted digests, or local ids.
func (m *imageScanModel) keys() []string {
	if !m.LocalImageIDs.IsNull() {
		return slices.Sorted(slices.Values(texts(m.LocalImageIDs.Elements())))
	}
	var digests []string
	for _, image := range m.images() {
		digests = append(digests, image.digest)
	}
	slices.Sort(digests)
	return digests
}

// known tells whether all images of a plan are known.
func (m *imageScanModel) known() bool {
	for _, set := range []types.Set{m.Images, m.LocalImageIDs} {
		if set.IsUnknown() || slices.ContainsFunc(set.Elements(), attr.Value.IsUnknown) {
			return false
		}
	}
	return true
}

func (m *imageScanModel) setFailures(failures []imageFailure) {
	elements := make([]attr.Value, 0, len(failures))
	for _, f := range failures {
		elements = append(elements, types.ObjectValueMust(imageFailureType.AttrTypes, map[string]attr.Value{
			"image": types.StringValue(f.image), "code": textOrNull(f.code), "desc": textOrNull(f.desc), "hint": textOrNull(f.hint),
		}))
	}
	m.Failures = types.ListValueMust(imageFailureType, elements)
}

// setCounts takes over what the service counts for the side of the task.
func (m *imageScanModel) setCounts(local bool, answer *tencentcloud.DescribeVulScanInfoResponse) {
	vuls, images := answer.RegistryFoundVulCount, answer.RegistryImageScanCount
	if local {
		vuls, images = answer.FoundVulCount, answer.LocalImageScanCount
	}
	m.FoundVulCount, m.ScannedImageCount = types.Int64PointerValue(vuls.Ptr()), types.Int64PointerValue(images.Ptr())
	m.FoundRiskImageCount = types.Int64PointerValue(answer.FoundRiskImageCount.Ptr())
	m.ScanStartTime, m.ScanEndTime = importedText(answer.ScanStartTime.Text), importedText(answer.ScanEndTime.Text)
}
