package resources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// maxCandidates bounds the tasks after the remembered one that are looked at.
const maxCandidates = 20

// Prove looks for the task that an uncertain submission became: the only one after the remembered last one that
// began at or after the sending and is of exactly these images. Only local tasks tell their images.
func (imageScan) Prove(ctx context.Context, client *tencentcloud.Client, m *imageScanModel, receipt *imageScanReceipt, _ time.Time) (string, error) {
	if m.LocalImageIDs.IsNull() || receipt.LastTask == nil || receipt.SentAt == nil {
		return "", nil
	}
	last, err := client.DescribeVulScanInfo(ctx, tencentcloud.DescribeVulScanInfoRequest{})
	if err != nil {
		return "", err
	}
	newest := lastTask(last, true)
	if newest == nil || *newest-*receipt.LastTask > maxCandidates {
		return "", nil
	}
	found := ""
	for number := *receipt.LastTask + 1; number <= *newest; number++ {
		task := imageTask{local: true, number: number}
		switch is, err := isOf(ctx, client, task, m.keys(), *receipt.SentAt); {
		case err != nil:
			return "", err
		case is && found != "":
			return "", nil // which of them it is nobody can tell
		case is:
			found = task.String()
		}
	}
	return found, nil
}

// isOf tells whether a local task began at or after a time and is of exactly the images. A number that no task
// has is none.
func isOf(ctx context.Context, client *tencentcloud.Client, task imageTask, ids []string, sent time.Time) (bool, error) {
	answer, err := client.DescribeVulScanInfo(ctx, task.request())
	if err == nil {
		err = answer.Check(task.request())
	}
	if errors.Is(err, tencentcloud.ErrNotFound) || errors.Is(err, tencentcloud.ErrOtherObject) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if began, ok := known(answer.ScanStartTime.At()); !ok || began.Before(sent.Truncate(time.Second)) {
		return false, nil
	}
	list, err := client.DescribeVulScanLocalImages(ctx, task.number)
	if err != nil {
		return false, err
	}
	return list.Complete() && slices.Equal(listedKeys(list), ids), nil
}

func listedKeys(list *tencentcloud.DescribeVulScanLocalImageListResponse) []string {
	var keys []string
	for _, image := range list.List.Items {
		keys = append(keys, imageKey(image.ImageID))
	}
	slices.Sort(keys)
	return keys
}

// Locate names the last task of the side, which may be what an uncertain submission became.
func (s imageScan) Locate(ctx context.Context, client *tencentcloud.Client, m *imageScanModel) string {
	answer, err := client.DescribeVulScanInfo(ctx, tencentcloud.DescribeVulScanInfoRequest{})
	if err != nil {
		return ""
	}
	number := lastTask(answer, m.isLocal())
	if number == nil || *number <= 0 {
		return ""
	}
	task := imageTask{m.isLocal(), *number}
	when := ""
	if own, err := client.DescribeVulScanInfo(ctx, task.request()); err == nil {
		if began := own.ScanStartTime.String(); began != "" {
			when = fmt.Sprintf(" (it began at %s, UTC+8)", sanitize.Line(began))
		}
	}
	return fmt.Sprintf("The last such task of the account is %s%s. If it is this scan, import it: `terraform state rm` this resource, then `terraform import` it with %s. %s", task, when, task, s.Words().LookUp)
}

// Adoptable tells whether a task that the journal noted is this scan: the account knows it under its id, and lists
// the images that it was submitted for.
func (imageScan) Adoptable(ctx context.Context, client *tencentcloud.Client, plan *imageScanModel, id string, receipt imageScanReceipt) (bool, error) {
	task, ok := parseImageTask(id)
	if !ok || task.local == plan.LocalImageIDs.IsNull() {
		return false, nil
	}
	answer, err := client.DescribeVulScanInfo(ctx, task.request())
	if err == nil {
		err = answer.Check(task.request())
	}
	young := receipt.SentAt != nil && time.Since(*receipt.SentAt).Abs() < scantask.KnownBy
	unknown := errors.Is(err, tencentcloud.ErrOtherObject)
	switch {
	case unknown && !young:
		return false, nil
	case unknown && task.local: // not yet, and so it has no list either
		return true, nil
	case err != nil && !unknown:
		return false, err
	}
	if task.local {
		list, err := client.DescribeVulScanLocalImages(ctx, task.number)
		return err == nil && (!list.Complete() || slices.Equal(listedKeys(list), plan.keys())), err
	}
	listed, err := client.DescribeRegistryImages(ctx, time.Now())
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(receipt.Rows, func(scanned imageRow) bool {
		at := slices.IndexFunc(listed.List.Items, func(row tencentcloud.ImageRepoInfo) bool { return row.ID.Is(scanned.ID) })
		return at >= 0 && imageKey(listed.List.Items[at].ImageDigest) != scanned.Digest
	}), nil
}
