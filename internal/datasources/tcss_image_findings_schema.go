package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func imageFindingsSchema(context.Context) schema.Schema {
	texts := func(description string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	return schema.Schema{
		MarkdownDescription: "Reads the vulnerabilities of one container image with their severities (Tencent Container Security Service), waits while the image is being scanned, and judges them by a gate.",
		Attributes: map[string]schema.Attribute{
			"image": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The image of a registry, a reference with a digest, as in `ccr.ccs.tencentyun.com/acme/api@sha256:…`. Every row of the service's list with this digest is the same content. " +
					"Exactly one of `image` and `local_image_id` is required.",
				Validators: []validator.String{tf.ImageReference(), tf.Either{Other: "local_image_id"}},
			},
			"local_image_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: "The id of an image on the account's nodes, as in `sha256:…`.",
				Validators: []validator.String{tf.LocalImageID()},
			},
			"scan_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The scan that the results must be of: the `id` of `ms_tcss_vul_scan`, as in `registry/18`. Without it, a gate needs `max_age`. " +
					"A null value is an error: the scan of a resource whose `status` is `uncertain` is not known.",
			},
			"wait_for_completion": gated.WaitForCompletion("Whether to wait while the image is being scanned, or the scan that `scan_id` names is not done."),
			"poll_interval":       gated.PollInterval(true),
			"include_details":     gated.IncludeDetails("`vulnerabilities` in the state, and to read them where the counters of the image are clean under every rule"),
			"id":                  gated.Text("The digest, or the local image id."),
			"image_id":            gated.Text("Id of the image."),
			"image_digest":        gated.Text("Digest of the image. Null for a local image."),
			"repo_address":        gated.Text("Repository in which the service lists the image."),
			"image_tags":          texts("Tags under which the service lists the image."),
			"authorized":          gated.Bool("Whether the image is authorized for scans. The gate does not judge it."),
			"scan_status":         gated.Text("Status of the scan for vulnerabilities, as in `SCANNED`."),
			"scan_error":          gated.Text("Why the scan failed."),
			"scan_time":           gated.Text("When the image was scanned, as the service gives it (UTC+8)."),
			"vul_count":           gated.Number("Number of vulnerabilities as the service counts them."),
			"critical_vul_count":  gated.Number("Number of critical vulnerabilities as the service counts them."),
			"high_vul_count":      gated.Number("Number of high vulnerabilities as the service counts them."),
			"medium_vul_count":    gated.Number("Number of medium vulnerabilities as the service counts them."),
			"low_vul_count":       gated.Number("Number of low vulnerabilities as the service counts them."),
			"virus_count":         gated.Number("Number of malicious files as the service counts them."),
			"vulnerabilities": gated.List("The vulnerabilities. Null with `include_details = false`.", map[string]schema.Attribute{
				"cve_id":             gated.Text("CVE id."),
				"poc_id":             gated.Text("The service's own id. Null for a local image."),
				"name":               gated.Text("Name."),
				"component":          gated.Text("Component that has it."),
				"version":            gated.Text("Version of the component."),
				"fixed_versions":     gated.Text("Versions that fix it."),
				"level":              gated.Text("Level as the service gives it."),
				"severity":           gated.Text("Severity that it counts as: `critical`, `high`, `medium`, `low` or `unknown`."),
				"cvss_score":         gated.Float("CVSS score."),
				"cvss_vector":        gated.Text("CVSS vector."),
				"tags":               texts("Labels, as in `CanBeFixed`."),
				"description":        gated.Text("Description."),
				"solution":           gated.Text("What to do about it."),
				"reference":          gated.Text("Where it is described."),
				"ignored_by_service": gated.Bool("Whether the service is set to ignore it. It counts all the same, unless the gate has `accept_service_ignores`."),
			}),
			"ignored": texts("Ids that the service is set to ignore for images of this side."),
			"summary": gated.Summary("What the service is set to ignore is counted."),
		},
	}
}
