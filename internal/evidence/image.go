package evidence

import (
	"strconv"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// ImageState is how far the scan of one image for vulnerabilities is.
type ImageState int

// The states of an image. ImageUnknown is any status that the documents do not define.
const (
	ImageUnknown ImageState = iota
	ImageNotScanned
	ImageRunning
	ImageDone
	ImageFailed
	ImageCanceled
)

// imageStates are the words of all lists, in lower case: samples, texts and filters differ.
var imageStates = map[string]ImageState{
	"not_scan": ImageNotScanned, "notscan": ImageNotScanned,
	"wait_scan": ImageRunning, "scanning": ImageRunning,
	"scanned": ImageDone, "finished": ImageDone,
	"scan_err": ImageFailed, "scanerr": ImageFailed, "failed": ImageFailed,
	"canceled": ImageCanceled,
}

func imageState(status tencentcloud.Text) ImageState {
	return imageStates[strings.ToLower(strings.TrimSpace(status.String()))]
}

// NoImageError tells whether the text of an error says that there is none.
func NoImageError(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	number, err := strconv.ParseFloat(text, 64)
	return text == "" || text == "no error" || err == nil && number == 0
}

// fullyScanned returns a state that is done only without an error and, where one is told, at the end of its
// progress.
func fullyScanned(state ImageState, scanErr tencentcloud.Text, progress tencentcloud.Int) ImageState {
	switch {
	case state == ImageDone && (scanErr.Unreadable() || !NoImageError(scanErr.String())):
		return ImageFailed
	case state == ImageDone && !progress.Absent() && !progress.Is(100):
		return ImageRunning
	}
	return state
}

// StateOfRegistryImage returns how far the scan of a row of the registry list is.
func StateOfRegistryImage(row tencentcloud.ImageRepoInfo) ImageState {
	return fullyScanned(imageState(row.CveStatus), row.ScanVulError, row.ScanVulProgress)
}

// StateOfLocalImage returns how far the scan of a row of the list of local images is.
func StateOfLocalImage(row tencentcloud.ImagesInfo) ImageState {
	return fullyScanned(imageState(row.ScanStatus), row.ScanVulError, tencentcloud.Int{})
}

// StateOfTaskImage returns how far the scan of an image of a local task is.
func StateOfTaskImage(row tencentcloud.VulScanImageInfo) ImageState {
	return fullyScanned(imageState(row.ScanStatus), row.ErrorStatus, tencentcloud.Int{})
}
