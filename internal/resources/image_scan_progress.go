package resources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// Poll asks how far the task is, and once it has ended, whether each image was scanned.
func (imageScan) Poll(ctx context.Context, client *tencentcloud.Client, m *imageScanModel, receipt *imageScanReceipt) (scantask.Progress, error) {
	task, ok := parseImageTask(m.TaskID())
	if !ok {
		return scantask.Progress{}, fmt.Errorf("the id %s in the state is none of an image scan", sanitize.Line(m.TaskID()))
	}
	answer, err := client.DescribeVulScanInfo(ctx, task.request())
	if err == nil {
		err = answer.Check(task.request())
	}
	switch {
	case errors.Is(err, tencentcloud.ErrOtherObject), errors.Is(err, tencentcloud.ErrNotFound):
		return m.notKnown(err)
	case err != nil:
		return scantask.Progress{}, err
	}
	status, failures := scantask.StatusProcessing, []imageFailure(nil)
	switch answer.Status.String() {
	case tencentcloud.ImagesCanceled:
		status = scantask.StatusCanceled
	case tencentcloud.ImagesScanned:
		if status, failures, err = m.ended(ctx, client, task, answer, receipt); err != nil {
			return scantask.Progress{}, err
		}
	}
	m.Status = types.StringValue(status)
	m.Number = types.Int64Value(task.number)
	m.setCounts(task.local, answer)
	m.setFailures(failures)
	progress := scantask.Progress{Detail: describeProgress(answer), RequestID: answer.RequestID}
	if left, state := answer.RemainingTime.Get(); state == field.Known {
		progress.Remaining = tf.Seconds(left)
	}
	return progress, nil
}

// notKnown tells of an answer that does not know the task: for a while after the submission that is to be expected.
func (m *imageScanModel) notKnown(err error) (scantask.Progress, error) {
	at, timeErr := time.Parse(time.RFC3339, m.SubmittedAt.ValueString())
	if timeErr == nil && !m.Ended() && time.Since(at).Abs() < scantask.KnownBy {
		m.Status = types.StringValue(scantask.StatusProcessing)
		return scantask.Progress{Detail: "the service does not know the task yet"}, nil
	}
	if errors.Is(err, tencentcloud.ErrNotFound) {
		return scantask.Progress{}, err
	}
	m.Status = types.StringValue(scantask.StatusNotFound)
	return scantask.Progress{Detail: "the service answers about another task"}, nil
}

func describeProgress(answer *tencentcloud.DescribeVulScanInfoResponse) string {
	status := cmp.Or(sanitize.Line(answer.Status.String()), "no status")
	if percent, state := answer.ScanProgress.Get(); state == field.Known {
		return fmt.Sprintf("%s, %.0f %%", status, percent)
	}
	return status
}

// maxLagging is how many polls in a row may see the task ended and an image of it still being scanned: lists may
// lag behind. Then the image counts as not scanned.
const maxLagging = 3

// ended tells what a task has come to that the service calls scanned.
func (m *imageScanModel) ended(ctx context.Context, client *tencentcloud.Client, task imageTask, answer *tencentcloud.DescribeVulScanInfoResponse, receipt *imageScanReceipt) (string, []imageFailure, error) {
	// What later scans do to the images of a registry is not about this task.
	if m.Status.ValueString() == scantask.StatusCompleted && !task.local && (len(receipt.Rows) > 0 || m.Images.IsNull()) {
		return scantask.StatusCompleted, nil, nil
	}
	var states []scannedImage
	var err error
	if task.local {
		states, err = m.localStates(ctx, client, task.number)
	} else {
		states, err = m.registryStates(ctx, client, answer, receipt)
	}
	if err != nil {
		return "", nil, err
	}
	var failures []imageFailure
	lagging := false
	for _, image := range states {
		if image.state == evidence.ImageDone {
			continue
		}
		lagging = lagging || image.state == evidence.ImageRunning
		failures = append(failures, image.failure())
	}
	if lagging && receipt.Lagging < maxLagging {
		receipt.Lagging++
		return scantask.StatusProcessing, nil, nil
	}
	if !lagging {
		receipt.Lagging = 0
	}
	if len(failures) > 0 {
		return scantask.StatusFailed, failures, nil
	}
	return scantask.StatusCompleted, nil, nil
}

// scannedImage is what became of one image of a task.
type scannedImage struct {
	name       string
	state      evidence.ImageState
	code, desc string
}

func (i scannedImage) failure() imageFailure {
	return imageFailure{
		image: i.name, code: sanitize.Line(i.code), desc: sanitize.Line(i.desc),
		hint: "Fix the cause, then scan again with -replace or a new value in triggers.",
	}
}

const notInTask = "the service does not list it among the images of the task"

// localStates returns what became of the images of a local task.
func (m *imageScanModel) localStates(ctx context.Context, client *tencentcloud.Client, task int64) ([]scannedImage, error) {
	list, err := client.DescribeVulScanLocalImages(ctx, task)
	if err != nil {
		return nil, err
	}
	var states []scannedImage
	for _, id := range m.keys() {
		image := scannedImage{name: id, state: evidence.ImageUnknown, desc: notInTask}
		for _, row := range list.List.Items {
			if imageKey(row.ImageID) == id {
				image = scannedImage{name: id, state: evidence.StateOfTaskImage(row), code: row.ScanStatus.String(), desc: describeTaskImage(row)}
				break
			}
		}
		states = append(states, image)
	}
	return states, nil
}

// taskErrors are the values of ErrorStatus.
var taskErrors = map[string]string{
	"TIMEOUT": "its scan timed out", "TOO_MANY": "there were too many tasks", "OFFLINE": "its node was offline",
}

func describeTaskImage(row tencentcloud.VulScanImageInfo) string {
	text := strings.TrimSpace(row.ErrorStatus.String())
	if text == "" || text == "0" {
		return "it was not scanned to the end"
	}
	return cmp.Or(taskErrors[text], text)
}

// registryStates returns what became of the rows that were scanned. Where the receipt does not know them, as of an
// imported task, they are those that the digests would be scanned by now, and are noted.
func (m *imageScanModel) registryStates(ctx context.Context, client *tencentcloud.Client, answer *tencentcloud.DescribeVulScanInfoResponse, receipt *imageScanReceipt) ([]scannedImage, error) {
	wanted := m.images()
	if len(wanted) == 0 {
		return nil, nil
	}
	listed, err := client.DescribeRegistryImages(ctx, time.Now())
	if err != nil {
		return nil, err
	}
	began, _ := answer.ScanStartTime.At().Get()
	var states []scannedImage
	for _, want := range wanted {
		image := scannedImage{name: want.reference, state: evidence.ImageUnknown, desc: "the service does not list it any more"}
		row, ok := receipt.rowOf(want, listed.List.Items)
		if id := row.ID.Ptr(); ok && id != nil && !slices.Contains(receipt.Rows, imageRow{want.digest, *id}) {
			receipt.Rows = append(receipt.Rows, imageRow{want.digest, *id})
		}
		if ok {
			image = scannedImage{name: want.reference, state: evidence.StateOfRegistryImage(row), code: row.CveStatus.String(), desc: describeRegistryImage(row)}
			if at, state := row.ScanTime.At().Get(); image.state == evidence.ImageDone && state == field.Known && at.Before(began) {
				image.state, image.desc = evidence.ImageRunning, "its last scan is older than the task"
			}
		}
		states = append(states, image)
	}
	return states, nil
}

func describeRegistryImage(row tencentcloud.ImageRepoInfo) string {
	for _, text := range []string{row.ScanVulError.String(), row.Reason.String()} {
		if text = strings.TrimSpace(text); !evidence.NoImageError(text) {
			return text
		}
	}
	return "it was not scanned to the end"
}

// rowOf returns the row that a digest was scanned by.
func (r imageScanReceipt) rowOf(want wantedImage, rows []tencentcloud.ImageRepoInfo) (tencentcloud.ImageRepoInfo, bool) {
	id, ok := want.row(rows)
	if at := slices.IndexFunc(r.Rows, func(row imageRow) bool { return row.Digest == want.digest }); at >= 0 {
		id, ok = r.Rows[at].ID, true
	}
	at := slices.IndexFunc(rows, func(row tencentcloud.ImageRepoInfo) bool { return row.ID.Is(id) && want.is(row) })
	if !ok || at < 0 {
		return tencentcloud.ImageRepoInfo{}, false
	}
	return rows[at], true
}

func known(value field.Value[time.Time]) (time.Time, bool) {
	at, state := value.Get()
	return at, state == field.Known
}
