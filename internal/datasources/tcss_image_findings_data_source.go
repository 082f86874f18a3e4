package datasources

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// NewImageFindings returns the data source ms_tcss_image_findings.
func NewImageFindings() datasource.DataSource {
	return gated.New(gated.Kind[imageFindingsModel, *imageFindingsModel, evidence.ImageReading]{
		Source: gate.SourceImage,
		Schema: imageFindingsSchema,
		GateNote: "Needs `scan_id`, or `max_age` inside. At least one row of the image must have been scanned to the end; every row that was is read, and the worst counts. " +
			"What the service is set to ignore counts, and where no row shows it the verdict is `incomplete`, unless an exception names it or `accept_service_ignores` is set.",
		ReadNote: "How long to read and wait, a duration.",
		Check:    func(ctx context.Context, m *imageFindingsModel) diag.Diagnostics { return m.check(ctx) },
		Object:   (*imageFindingsModel).object,
		Unread:   "Unable to Read Image Findings",
		Await:    awaitImageFindings,
		RequestID: func(reading *evidence.ImageReading) string {
			if reading == nil {
				return ""
			}
			return reading.RequestID
		},
		Readable: (*evidence.ImageReading).Readable,
		Evidence: func(m *imageFindingsModel, reading *evidence.ImageReading, policy gate.Policy) gate.Evidence {
			image := evidence.Image(reading)
			image.Object = m.object()
			return image.Evidence(policy)
		},
		Set: (*imageFindingsModel).set,
	})
}

// check refuses an id that names no scan of the image's side, and demands that a gate is about a certain scan.
func (m *imageFindingsModel) check(ctx context.Context) (diags diag.Diagnostics) {
	if m.ScanID.IsNull() && m.HasGate() && !m.BoundsAge(ctx, gate.SourceImage) {
		diags.AddAttributeError(path.Root("gate"), "Invalid gate",
			"gate.max_age is missing: scan_id is not given, so the results may be of any earlier scan. Give the id of a scan, or bound the age of the results.")
	}
	if m.ScanID.IsNull() || m.ScanID.IsUnknown() {
		return diags
	}
	local, _, ok := parseScanID(m.ScanID.ValueString())
	switch {
	case !ok:
		diags.AddAttributeError(path.Root("scan_id"), "Invalid Attribute Value",
			fmt.Sprintf("Attribute scan_id must be the id of an image scan, as in \"registry/18\" or \"local/17\", got: %q", m.ScanID.ValueString()))
	case !m.Image.IsUnknown() && !m.LocalImageID.IsUnknown() && local != m.isLocal():
		diags.AddAttributeError(path.Root("scan_id"), "Invalid Attribute Value",
			fmt.Sprintf("Attribute scan_id names a scan of the other side: %s is not one of the %s.", m.ScanID.ValueString(), m.object()))
	}
	return diags
}

// parseScanID reads the id of ms_tcss_vul_scan.
func parseScanID(id string) (local bool, request tencentcloud.DescribeVulScanInfoRequest, ok bool) {
	side, text, _ := strings.Cut(id, "/")
	var number int64
	if _, err := fmt.Sscanf(text, "%d", &number); err != nil || number <= 0 || fmt.Sprint(number) != text {
		return false, request, false
	}
	switch side {
	case "local":
		return true, tencentcloud.DescribeVulScanInfoRequest{LocalTaskID: &number}, true
	case "registry":
		return false, tencentcloud.DescribeVulScanInfoRequest{RegistryTaskID: &number}, true
	}
	return false, request, false
}

// imageReader reads one image, as often as its scan takes.
type imageReader struct {
	client *tencentcloud.Client
	model  *imageFindingsModel
	policy gate.Policy
	seen   time.Time // when the list was begun that was seen last
}

// awaitImageFindings waits for the end of the scan, and reads what it found.
func awaitImageFindings(ctx context.Context, client *tencentcloud.Client, m *imageFindingsModel) (*evidence.ImageReading, error) {
	r := &imageReader{client: client, model: m, policy: m.Policy(ctx, gate.SourceImage)}
	reading, err := gated.Wait(ctx, gated.Waits(m.WaitForCompletion), tf.ReadWaitOptions(ctx, m.PollInterval, m.object()), r.poll)
	if err != nil || reading == nil {
		return reading, err
	}
	return r.readSteadily(ctx, reading)
}

// poll looks at the scan and the rows.
func (r *imageReader) poll(ctx context.Context) (seen wait.Observation[*evidence.ImageReading], err error) {
	reading, remaining, err := r.look(ctx)
	if err != nil {
		return seen, err
	}
	seen.Value, seen.Remaining, seen.State = reading, remaining, wait.Final
	seen.Status = countRows(len(reading.Rows))
	for _, row := range reading.Rows {
		if row.Pending() {
			seen.State, seen.Status = wait.Pending, row.Name+" is being scanned"
		}
	}
	if reading.Task != nil {
		switch status := reading.Task.Status.String(); status {
		case tencentcloud.ImagesScanned, tencentcloud.ImagesCanceled:
		case tencentcloud.ImagesScanning, tencentcloud.ImagesNotScanned:
			seen.State, seen.Status = wait.Pending, "the scan is "+status
		default:
			seen.State, seen.Status = wait.Unknown, status
		}
	}
	return seen, nil
}

// look reads the scan and the rows, without their vulnerabilities.
func (r *imageReader) look(ctx context.Context) (reading *evidence.ImageReading, remaining time.Duration, err error) {
	repository, key := r.model.wanted()
	reading = &evidence.ImageReading{Object: r.model.object(), Repository: repository, Local: r.model.isLocal(), TaskNamed: !r.model.ScanID.IsNull()}
	if reading.TaskNamed {
		_, request, _ := parseScanID(r.model.ScanID.ValueString())
		if reading.Task, err = r.client.DescribeVulScanInfo(ctx, request); err != nil {
			return nil, 0, err
		}
		if err := reading.Task.Check(request); err != nil {
			return nil, 0, err
		}
		if left := reading.Task.RemainingTime.Ptr(); left != nil {
			remaining = tf.Seconds(*left)
		}
		if request.LocalTaskID != nil {
			if reading.TaskImages, err = r.client.DescribeVulScanLocalImages(ctx, *request.LocalTaskID); err != nil {
				return nil, 0, err
			}
		}
	}
	if reading.Local {
		return reading, remaining, r.lookAtLocal(ctx, reading, key)
	}
	return reading, remaining, r.lookAtRegistry(ctx, reading, key)
}

func (r *imageReader) lookAtLocal(ctx context.Context, reading *evidence.ImageReading, id string) error {
	listed, err := r.client.DescribeLocalImage(ctx, id)
	if err != nil {
		return err
	}
	reading.ListLocal(listed, id)
	return nil
}

func (r *imageReader) lookAtRegistry(ctx context.Context, reading *evidence.ImageReading, digest string) error {
	since := time.Now()
	if !r.seen.IsZero() { // all that wait share each look at the list
		since = r.seen.Add(1)
	}
	listed, err := r.client.DescribeRegistryImages(ctx, since)
	if err != nil {
		return err
	}
	r.seen = listed.Began
	reading.ListRegistry(listed.DescribeAssetImageRegistryListResponse, digest)
	return nil
}

// rereads bounds how often an image is read again that was scanned meanwhile.
const rereads = 3

// readSteadily reads the vulnerabilities of all rows that were scanned, and again where that changed meanwhile.
func (r *imageReader) readSteadily(ctx context.Context, reading *evidence.ImageReading) (*evidence.ImageReading, error) {
	for try := 1; ; try++ {
		read, err := r.read(ctx, reading)
		if err != nil || !read {
			return reading, err
		}
		r.seen = time.Time{} // only a look that begins now is late enough
		after, _, err := r.look(ctx)
		if err != nil {
			return reading, err
		}
		if changed := reading.MarkChanged(after); !changed || try == rereads {
			return reading, nil
		}
		reading = after
	}
}

// read reads what is ignored, and the vulnerabilities. It tells whether any list was read.
func (r *imageReader) read(ctx context.Context, reading *evidence.ImageReading) (read bool, err error) {
	if reading.Ignored, err = r.client.DescribeIgnoredVuls(ctx); err != nil {
		return false, err
	}
	for i := range reading.Rows {
		row := &reading.Rows[i]
		if row.Skipped = !r.model.details() && reading.CleanByCounters(i, r.policy, r.model.HasGate()); row.Skipped || row.State != evidence.ImageDone {
			continue
		}
		read = true
		if err := r.readVuls(ctx, reading, row); err != nil {
			return read, err
		}
	}
	return read, nil
}

// readVuls reads the vulnerabilities of a row, and keeps of each only what is needed. Of a row without an id nothing can
// be read, which the evidence tells.
func (r *imageReader) readVuls(ctx context.Context, reading *evidence.ImageReading, row *evidence.ImageReadingRow) (err error) {
	image := tencentcloud.Image{RegistryID: row.ID}
	switch {
	case reading.Local:
		image = tencentcloud.Image{LocalID: reading.LocalID}
	case row.ID <= 0:
		return nil
	}
	row.Listed, row.Total, err = r.client.EachImageVul(ctx, image, func() func([]tencentcloud.ImageVul) { return row.Take(r.model.details()) })
	if err != nil { // a part of a list proves nothing, and what its levels mean could not be told
		row.Vuls, row.Details = nil, nil
	}
	return err
}
