package resources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// maxImages bounds the images of one task.
const maxImages = 100

const imageScanDescription = "Scans container images for vulnerabilities (Tencent Container Security Service), once, and waits until the scan is finished. " +
	"Each scan of each image takes one from the account's quota. It is made when the resource is created, and again only when the set of digests or local image ids or `triggers` changes, or with `-replace`: " +
	"a moved tag, an error, a refresh or an interrupt never submits.\n\n" +
	"Once a submission may have been sent, creating ends with a warning and a `status`, never with an error, since an error would taint the resource and the next apply would pay again. " +
	"Destroying forgets the task, and stops it only with `stop_on_destroy`. Importing takes `local/17` or `registry/18`; the first apply adopts the configuration without a new scan.\n\n" +
	"This resource scans; it does not judge. Gate a release with the `ms_tcss_image_findings` data source, by `scan_id`."

func (imageScan) Schema(context.Context) schema.Schema {
	defaulted := func(value bool, description string) schema.Attribute {
		return schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(value), MarkdownDescription: description}
	}
	return schema.Schema{
		MarkdownDescription: imageScanDescription,
		Attributes: map[string]schema.Attribute{
			"images": schema.SetAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: "Images of registries, 1 to 100 references with a digest, as in `ccr.ccs.tencentyun.com/acme/api@sha256:…`; a tag before the digest is allowed. " +
					"Their identity is the set of digests: a tag or repository that changes submits nothing. Exactly one of `images` and `local_image_ids` is required.",
				Validators: []validator.Set{
					tf.AtMost(maxImages), setvalidator.ValueStringsAre(tf.ImageReference()),
					tf.Either{Other: "local_image_ids"},
				},
			},
			"local_image_ids": schema.SetAttribute{
				ElementType:         types.StringType,
				Optional:            true,
				MarkdownDescription: "Images on the account's nodes, 1 to 100 image ids, as in `sha256:…`.",
				Validators:          []validator.Set{tf.AtMost(maxImages), setvalidator.ValueStringsAre(tf.LocalImageID())},
			},
			"sync_registry": defaulted(true, "Whether to have the service look for new images in the registries if a digest is not listed yet, and to wait until it is listed. Default: `true`."),
			"stop_on_destroy": defaulted(false, "Whether destroying stops a task that is still processing. Only a task that this resource submitted itself is stopped, never an imported or adopted one. "+
				"Whether a stopped scan is given back to the quota is not documented. Default: `false`."),
			"task_id":                computedNumber("The number in `id`, as `ms_tcss_vul_scan_info` takes it: `local_task_id` or `registry_task_id`. Null while `status` is `uncertain`."),
			"scan_start_time":        computedText("Begin of the scan, as the service gives it (UTC+8)."),
			"scan_end_time":          computedText("End of the scan, as the service gives it (UTC+8)."),
			"found_vul_count":        computedNumber("Number of vulnerabilities found."),
			"found_risk_image_count": computedNumber("Number of images at risk."),
			"scanned_image_count":    computedNumber("Number of images scanned."),
			"quota_left":             computedNumber("Number of image scans that the account had left before the submission. Null where the service does not report it, and for an imported task."),
			"submitted_at":           computedText("When the scan was submitted, RFC 3339 in UTC; for an imported task, when it began."),
			"failures": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The images that were not scanned to the end.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"image": computedText("The image as in the configuration, or its local id."),
					"code":  computedText("The service's status or error of the image."),
					"desc":  computedText("What went wrong, in the service's words where it has any."),
					"hint":  computedText("What to do about it."),
				}},
			},
		},
	}
}
