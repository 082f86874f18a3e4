package resources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// Prepare finds the images and looks whether they can be scanned. Its errors are plain: nothing is paid for yet.
func (s imageScan) Prepare(ctx context.Context, client *tencentcloud.Client, plan *imageScanModel, receipt *imageScanReceipt) (diags diag.Diagnostics) {
	var err error
	if plan.LocalImageIDs.IsNull() {
		receipt.Rows, err = resolveImages(ctx, client, plan)
	} else {
		err = findLocalImages(ctx, client, plan.keys())
	}
	subject, count := s.Subject(plan)
	if err != nil {
		diags.AddError("Unable to Submit Scan", explainUnsent(subject, err))
		return diags
	}
	if diags = checkQuota(ctx, client, subject, count, receipt); !diags.HasError() {
		rememberLastTask(ctx, client, !plan.LocalImageIDs.IsNull(), receipt)
	}
	return diags
}

// explainUnsent describes what keeps images from being submitted.
func explainUnsent(subject string, err error) string {
	var problem *scantask.Problem
	if !errors.As(err, &problem) {
		return tf.Explain(subject, err, "")
	}
	text := fmt.Sprintf("%s. Nothing was submitted.\n\nObject: %s", problem.What, subject)
	if problem.RequestID != "" {
		text += "\nRequestId: " + sanitize.Line(problem.RequestID)
	}
	return text + "\n\n" + problem.Next
}

// resolveImages returns the row of the registry list that each digest is scanned by. Where a digest is not
// listed it has the registries synchronised, if it may.
func resolveImages(ctx context.Context, client *tencentcloud.Client, plan *imageScanModel) ([]imageRow, error) {
	wanted := plan.images()
	listed, err := client.DescribeRegistryImages(ctx, time.Now())
	if err != nil {
		return nil, err
	}
	missing := missingImages(wanted, listed)
	syncError := ""
	if len(missing) > 0 && plan.SyncRegistry.ValueBool() {
		if listed, syncError, err = syncUntilListed(ctx, client, plan, wanted); err != nil {
			return nil, err
		}
		missing = missingImages(wanted, listed)
	}
	if len(missing) > 0 {
		return nil, notListed(missing, listed, syncError, plan.SyncRegistry.ValueBool())
	}
	var rows []imageRow
	var refused []string
	for _, image := range wanted {
		id, ok := image.row(listed.List.Items)
		if !ok {
			refused = append(refused, sanitize.Line(image.reference))
		}
		rows = append(rows, imageRow{image.digest, id})
	}
	if len(refused) > 0 {
		return nil, notAuthorized(refused, listed.RequestID)
	}
	return rows, nil
}

// is tells whether a row is of the image: by the digest alone, a tag can move.
func (w wantedImage) is(row tencentcloud.ImageRepoInfo) bool {
	return imageKey(row.ImageDigest) == w.digest
}

// row returns the row to scan among those of the image: an authorised one, in a configured repository first,
// with the lowest id.
func (w wantedImage) row(rows []tencentcloud.ImageRepoInfo) (int64, bool) {
	usable := slices.DeleteFunc(slices.Clone(rows), func(row tencentcloud.ImageRepoInfo) bool {
		id := row.ID.Ptr()
		return !w.is(row) || id == nil || *id <= 0 || !row.IsAuthorized.Is(1)
	})
	if len(usable) == 0 {
		return 0, false
	}
	elsewhere := func(row tencentcloud.ImageRepoInfo) int {
		if slices.Contains(w.repositories, tf.ImageRepository(row.ImageRepoAddress.String())) {
			return 0
		}
		return 1
	}
	chosen := slices.MinFunc(usable, func(a, b tencentcloud.ImageRepoInfo) int {
		return cmp.Or(elsewhere(a)-elsewhere(b), cmp.Compare(*a.ID.Ptr(), *b.ID.Ptr()))
	})
	return *chosen.ID.Ptr(), true
}

func missingImages(wanted []wantedImage, listed *tencentcloud.RegistryImages) (missing []string) {
	for _, image := range wanted {
		if !slices.ContainsFunc(listed.List.Items, image.is) {
			missing = append(missing, sanitize.Line(image.reference))
		}
	}
	return missing
}

// settledPolls is how many polls in a row have to see the synchronisation ended: right after it was asked for the
// service may still tell of the one before, and lists may lag behind it.
const settledPolls = 3

// syncUntilListed has the registries synchronised until all images are listed, or the synchronisation has
// ended without them. It returns the list, and the error that the service tells of the synchronisation, which may
// be about another registry.
func syncUntilListed(ctx context.Context, client *tencentcloud.Client, plan *imageScanModel, wanted []wantedImage) (listed *tencentcloud.RegistryImages, syncError string, err error) {
	if _, err = client.SyncRegistries(ctx); err != nil {
		return nil, "", err
	}
	settled := 0
	_, err = wait.For(ctx, func(ctx context.Context) (seen wait.Observation[struct{}], err error) {
		sync, err := client.DescribeRegistrySync(ctx)
		if err != nil {
			return seen, err
		}
		if listed, err = client.DescribeRegistryImages(ctx, time.Now()); err != nil {
			return seen, err
		}
		missing := missingImages(wanted, listed)
		seen.Status = fmt.Sprintf("the synchronization of the registries is %q, %d images are not listed yet", sync.Status.String(), len(missing))
		if sync.Status.String() == tencentcloud.SyncRunning {
			settled = 0
		} else {
			settled++
		}
		syncError = ""
		if sync.Status.String() == tencentcloud.SyncFailed {
			syncError = cmp.Or(sanitize.Line(sync.Err.String()), "no reason given")
		}
		if len(missing) == 0 || settled >= settledPolls {
			seen.State = wait.Final
		}
		return seen, nil
	}, tf.WaitOptions(ctx, plan.PollInterval, "synchronization of the registries"))
	return listed, syncError, err
}

// maxNamed bounds the images that an error names.
const maxNamed = 10

func nameImages(names []string) string {
	if len(names) > maxNamed {
		names = append(slices.Clone(names[:maxNamed]), fmt.Sprintf("and %d more", len(names)-maxNamed))
	}
	return strings.Join(names, ", ")
}

func notListed(missing []string, listed *tencentcloud.RegistryImages, syncError string, synced bool) error {
	p := &scantask.Problem{
		What:      "The service lists no image with this digest: " + nameImages(missing),
		RequestID: listed.RequestID,
		Next: "There are two usual causes. Either the registry is not synchronized yet: check that it is connected to the container security service, and apply again. " +
			"Or the digest is that of an index, which a build for several platforms or with provenance reports: build with --provenance=false, or give the digest of the platform's image.",
	}
	switch {
	case !listed.Complete():
		p.What += ". The list of images is not complete"
	case syncError != "":
		p.What += ". The synchronization of the registries failed: " + syncError
	}
	if !synced {
		p.Next += " With sync_registry = true the resource synchronizes the registries itself."
	}
	return p
}

func notAuthorized(refused []string, requestID string) error {
	return &scantask.Problem{
		What:      "The account has no license for scans of this image: " + nameImages(refused),
		RequestID: requestID,
		Next:      "Authorize the image in the Tencent Cloud console (container security, images), then apply again.",
	}
}

// findLocalImages looks whether each image is there and may be scanned.
func findLocalImages(ctx context.Context, client *tencentcloud.Client, ids []string) error {
	var unknown, refused []string
	requestID := ""
	for _, id := range ids {
		listed, err := client.DescribeLocalImage(ctx, id)
		if err != nil {
			return err
		}
		switch image, ok := listed.Image(id); {
		case !ok:
			unknown, requestID = append(unknown, id), listed.RequestID
		case !image.IsAuthorized.Is(1):
			refused, requestID = append(refused, id), listed.RequestID
		}
	}
	switch {
	case len(unknown) > 0:
		return &scantask.Problem{
			What:      "The service does not list this local image: " + nameImages(unknown),
			RequestID: requestID,
			Next: "Check the id, which is that of the image, not its digest in a registry, and that the image is on a node whose agent is connected; " +
				"new images are listed after the service has collected the node's assets.",
		}
	case len(refused) > 0:
		return notAuthorized(refused, requestID)
	}
	return nil
}

// checkQuota looks how many scans are left. What the service does not tell, or not readably, is no obstacle.
func checkQuota(ctx context.Context, client *tencentcloud.Client, subject string, images int, receipt *imageScanReceipt) (diags diag.Diagnostics) {
	answer, err := client.DescribeImageQuota(ctx)
	if err != nil {
		return nil
	}
	receipt.QuotaLeft = answer.ImageScanInquireInfo.Get().Left().Ptr()
	switch left := receipt.QuotaLeft; {
	case left == nil || *left >= int64(images):
	case *left <= 0:
		diags.AddError("Unable to Submit Scan", fmt.Sprintf("The account has no image scan left. Nothing was submitted.\n\nObject: %s\nRequestId: %s\n\n%s",
			subject, sanitize.Line(answer.RequestID), "Buy more scans, or wait until the quota is renewed, then apply again."))
	default:
		diags.AddWarning("Few Image Scans Left: "+subject, fmt.Sprintf("Image scans left: %d; images to be scanned: %d. The service may refuse the task or leave images out.\n\nObject: %s\nRequestId: %s",
			*left, images, subject, sanitize.Line(answer.RequestID)))
	}
	return diags
}

// rememberLastTask notes the side's last task and the service's time, by which an uncertain submission may be
// told from what was there before.
func rememberLastTask(ctx context.Context, client *tencentcloud.Client, local bool, receipt *imageScanReceipt) {
	answer, err := client.DescribeVulScanInfo(ctx, tencentcloud.DescribeVulScanInfoRequest{})
	at := tencentcloud.AnsweredAt(answer)
	if err != nil || at.IsZero() {
		return
	}
	receipt.LastTask, receipt.SentAt = lastTask(answer, local), &at
}

// lastTask returns the number of a side's last task, 0 where there is none; nil where it cannot be read.
func lastTask(answer *tencentcloud.DescribeVulScanInfoResponse, local bool) *int64 {
	number := answer.RegistryTaskID
	if local {
		number = answer.LocalTaskID
	}
	if number.Absent() {
		none := int64(0)
		return &none
	}
	return number.Ptr()
}

// Busy tells whether a submission was refused since another scan runs, and how long that takes.
func (imageScan) Busy(ctx context.Context, client *tencentcloud.Client, _ *imageScanModel, err error) (time.Duration, bool) {
	if !errors.Is(err, tencentcloud.ErrBusy) {
		return 0, false
	}
	answer, err := client.DescribeVulScanInfo(ctx, tencentcloud.DescribeVulScanInfoRequest{})
	if err != nil {
		return 0, true
	}
	left, _ := answer.RemainingTime.Get()
	return tf.Seconds(left), true
}
