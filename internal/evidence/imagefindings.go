package evidence

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// ImageReading is what was read of one image.
type ImageReading struct {
	Object     string
	Repository string // of the configuration; empty for a local image
	Local      bool
	// TaskNamed tells that a scan was named; Task is its answer, and TaskImages the images of a local one.
	TaskNamed  bool
	Task       *tencentcloud.DescribeVulScanInfoResponse
	TaskImages *tencentcloud.DescribeVulScanLocalImageListResponse
	LocalID    string
	Listed     field.State
	Rows       []ImageReadingRow
	ListedRows int
	TotalCount tencentcloud.Int
	// Nameless counts the rows of the list that may be of this image, since their id cannot be read.
	Nameless  int
	Ignored   *tencentcloud.DescribeScanIgnoreVulListResponse
	RequestID string
}

// ImageReadingRow is a row of one of the lists of images, in the form that both have, with its vulnerabilities.
type ImageReadingRow struct {
	ID                    int64 // of a registry's row
	Name, Repository, Tag string
	Digest, ImageID       string
	State                 ImageState
	Status, Error, Reason tencentcloud.Text
	VirusStatus           tencentcloud.Text
	Authorized            tencentcloud.Int
	ScanTime              tencentcloud.Time
	Counts                tencentcloud.ImageCounts
	Vuls                  []gate.ImageVul
	Details               []tencentcloud.ImageVul // of the same order; none where they are left out
	Listed                int
	Total                 tencentcloud.Int
	Skipped, Changed      bool
}

// ListLocal takes all rows of the id out of the list of local images.
func (r *ImageReading) ListLocal(listed *tencentcloud.DescribeAssetImageListResponse, id string) {
	r.LocalID, r.RequestID = id, listed.RequestID
	r.Listed, r.ListedRows, r.TotalCount = listed.List.State(), len(listed.List.Items), listed.TotalCount
	for _, row := range listed.List.Items {
		switch {
		case strings.EqualFold(trimmed(row.ImageID), id):
			r.Rows = append(r.Rows, LocalImageRow(row))
		case trimmed(row.ImageID) == "":
			r.Nameless++
		}
	}
}

// ListRegistry takes all rows of the digest out of the list of registry images.
func (r *ImageReading) ListRegistry(listed *tencentcloud.DescribeAssetImageRegistryListResponse, digest string) {
	r.RequestID = listed.RequestID
	r.Listed, r.ListedRows, r.TotalCount = listed.List.State(), len(listed.List.Items), listed.TotalCount
	for _, row := range listed.List.Items {
		switch {
		case strings.EqualFold(trimmed(row.ImageDigest), digest):
			r.Rows = append(r.Rows, RegistryImageRow(row))
		case row.ImageDigest.Unreadable(), row.ImageDigest.Absent() && row.ID.State() != field.Known: // the latter is no row at all
			r.Nameless++
		}
	}
}

// Readable returns an error that wraps [tencentcloud.ErrUnreadable] where the list of images, or of the vulnerabilities
// of a row, is there and is none.
func (r *ImageReading) Readable() error {
	unreadable := r.Listed == field.Unreadable
	for _, row := range r.Rows {
		unreadable = unreadable || row.Total.Unreadable()
	}
	if unreadable {
		return fmt.Errorf("a list of the image cannot be read: %w", tencentcloud.ErrUnreadable)
	}
	return nil
}

// CleanByCounters tells whether the counters of a row, beside what is set to be ignored, alone decide; see
// [gate.ImageRow.CleanByCounters].
func (r *ImageReading) CleanByCounters(row int, policy gate.Policy, gated bool) bool {
	if r.Rows[row].State != ImageDone {
		return false
	}
	ignores := r.Ignored == nil || len(r.Ignored.List.Items) > 0 || !r.Ignored.Complete()
	return r.Rows[row].input(nil).CleanByCounters(policy, gated, ignores)
}

// MarkChanged marks the rows that another scan has changed since they were read, by a later look at them, and tells
// whether there are any.
func (r *ImageReading) MarkChanged(after *ImageReading) (changed bool) {
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Changed = true
		for _, later := range after.Rows {
			if later.ID == row.ID && later.ImageID == row.ImageID {
				row.Changed = !row.Same(later)
			}
		}
		changed = changed || row.Changed && row.State == ImageDone
	}
	return changed || len(after.Rows) != len(r.Rows)
}

// Take drops the vulnerabilities of the row, and returns what adds those of a page: what decides of each, and all of it
// where the details are wanted.
func (r *ImageReadingRow) Take(details bool) func([]tencentcloud.ImageVul) {
	r.Vuls, r.Details = nil, nil
	return func(page []tencentcloud.ImageVul) {
		for _, vul := range page {
			r.Vuls = append(r.Vuls, ImageVul(vul))
		}
		if details {
			r.Details = append(r.Details, page...)
		}
	}
}

// RegistryImageRow returns a row of the list of registry images.
func RegistryImageRow(row tencentcloud.ImageRepoInfo) ImageReadingRow {
	r := ImageReadingRow{
		Repository: trimmed(row.ImageRepoAddress), Tag: trimmed(row.ImageTag), Digest: trimmed(row.ImageDigest), ImageID: trimmed(row.ImageID),
		State: StateOfRegistryImage(row), Status: row.CveStatus, Error: row.ScanVulError, Reason: row.Reason, VirusStatus: row.VirusStatus,
		Authorized: row.IsAuthorized, ScanTime: row.ScanTime, Counts: row.ImageCounts,
	}
	r.ID, _ = row.ID.Get()
	r.Name = fmt.Sprintf("row %d (%s)", r.ID, sanitize.Line(r.Repository+":"+r.Tag))
	return r
}

// LocalImageRow returns a row of the list of local images.
func LocalImageRow(row tencentcloud.ImagesInfo) ImageReadingRow {
	r := ImageReadingRow{
		ImageID: trimmed(row.ImageID), State: StateOfLocalImage(row), Status: row.ScanStatus, Error: row.ScanVulError, Reason: row.Reason,
		Authorized: row.IsAuthorized, ScanTime: row.ScanTime, Counts: row.ImageCounts,
	}
	r.Repository, r.Tag = splitImageName(trimmed(row.ImageName))
	r.Name = "the image " + sanitize.Line(cmp.Or(trimmed(row.ImageName), r.ImageID))
	return r
}

// splitImageName parts a name at the tag, which is behind the last colon of its last part.
func splitImageName(name string) (repository, tag string) {
	if at := strings.LastIndexByte(name, ':'); at > strings.LastIndexByte(name, '/') {
		return name[:at], name[at+1:]
	}
	return name, ""
}

// ImageVul returns what decides of a vulnerability.
func ImageVul(v tencentcloud.ImageVul) gate.ImageVul {
	vul := gate.ImageVul{
		CVEID: v.CVEID.Value, POCID: v.POCID.Value, Name: trimmed(v.Name), Component: trimmed(v.Component), Version: trimmed(v.Version), Level: v.Level.Value,
	}
	for _, c := range v.Components.Items {
		if vul.Component == "" {
			vul.Component, vul.Version = cmp.Or(trimmed(c.Name), trimmed(c.Component)), trimmed(c.Version)
		}
	}
	return vul
}

// Image returns the input of the gate.
func Image(reading *ImageReading) gate.Image {
	if reading == nil {
		return gate.Image{}
	}
	image := gate.Image{
		Object: reading.Object, Repository: reading.Repository, Subject: reading.Repository, Local: reading.Local,
		Listed: reading.Listed, TotalCount: reading.TotalCount.Value, ListedRows: reading.ListedRows, Nameless: reading.Nameless,
	}
	if reading.TaskNamed {
		image.Task = reading.task()
	}
	for _, row := range reading.Rows {
		if image.Subject == "" {
			image.Subject = row.Repository
		}
		image.Rows = append(image.Rows, row.input(image.Task))
	}
	if reading.Ignored != nil {
		image.IgnoredList, image.IgnoredTotal = reading.Ignored.List.State(), reading.Ignored.TotalCount.Value
		for _, v := range reading.Ignored.List.Items {
			images := v.RegistryImageCount
			if reading.Local {
				images = v.LocalImageCount
			}
			image.Ignored = append(image.Ignored, gate.IgnoredVul{
				CVEID: v.CVEID.Value, POCID: v.PocID.Value, All: Flag(v.IsIgnoreAll), Images: images.Value,
			})
		}
	}
	return image
}

func (r ImageReading) task() *gate.ImageTask {
	task := &gate.ImageTask{}
	if r.Task == nil {
		return task
	}
	task.Status, task.Scanned = strings.TrimSpace(r.Task.Status.String()), span(r.Task.ScanStartTime, r.Task.ScanEndTime)
	if r.TaskImages == nil {
		return task
	}
	task.ListComplete = r.TaskImages.Complete()
	for _, row := range r.TaskImages.List.Items {
		if strings.EqualFold(trimmed(row.ImageID), r.LocalID) {
			state, scanned := rowState(StateOfTaskImage(row)), span(row.ScanStartTime, row.ScanEndTime)
			if task.Listed && (state != task.InTask || scanned != task.ImageScanned) {
				state = gate.RowUnknown // the list contradicts itself
			}
			task.Listed, task.InTask, task.ImageScanned = true, state, scanned
		}
	}
	return task
}

// rowState returns the state in the words of the gate. One that was never scanned is told by itself.
func rowState(state ImageState) gate.RowState {
	switch state {
	case ImageDone:
		return gate.RowDone
	case ImageRunning:
		return gate.RowRunning
	case ImageFailed, ImageCanceled, ImageNotScanned:
		return gate.RowFailed
	case ImageUnknown:
	}
	return gate.RowUnknown
}

func (r ImageReadingRow) input(task *gate.ImageTask) gate.ImageRow {
	row := gate.ImageRow{
		Name: r.Name, State: rowState(r.State), NeverScanned: r.State == ImageNotScanned, Problem: r.problem(), ScannedAt: r.ScanTime.At(),
		VirusScanned: imageState(r.VirusStatus) == ImageDone,
		VulCnt:       r.Counts.VulCnt.Value, VirusCnt: r.Counts.VirusCnt.Value,
		CriticalCnt: r.Counts.CriticalLevelVulCnt.Value, HighCnt: r.Counts.HighLevelVulCnt.Value,
		MediumCnt: r.Counts.MediumLevelVulCnt.Value, LowCnt: r.Counts.LowLevelVulCnt.Value,
		Vuls: r.Vuls, VulsTotal: r.Total.Value, Skipped: r.Skipped, Changed: r.Changed,
	}
	if task != nil && task.Listed && row.ScannedAt.Absent() { // the scan's own time of a local image
		row.ScannedAt = task.ImageScanned.End
	}
	return row
}

func (r ImageReadingRow) problem() string {
	for _, text := range []string{r.Error.String(), r.Reason.String(), r.Status.String()} {
		if !NoImageError(text) {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// Pending tells whether the row is still being scanned.
func (r ImageReadingRow) Pending() bool { return r.State == ImageRunning }

// Same tells whether a later look at the row shows the same scan.
func (r ImageReadingRow) Same(later ImageReadingRow) bool {
	return r.State == later.State && r.Status == later.Status && r.ScanTime == later.ScanTime && r.Counts == later.Counts
}
