package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
)

func imageScanSchema(context.Context) schema.Schema {
	task := func(kind string) schema.Attribute {
		return schema.Int64Attribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Id of the task that scanned " + kind + " images. Default: the last one, which this attribute then names.",
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
		}
	}
	return schema.Schema{
		MarkdownDescription: "Reads what a vulnerability scan of container images found (Tencent Container Security Service), waits for its end, and judges it by a gate.",
		Attributes: map[string]schema.Attribute{
			"local_task_id":             task("local"),
			"registry_task_id":          task("registry"),
			"wait_for_completion":       gated.WaitForCompletion("Whether to wait while the status is `SCANNING`."),
			"poll_interval":             gated.PollInterval(true),
			"id":                        gated.Text("The ids of the local and the registry task, as in `17/18`."),
			"status":                    gated.Text("`NOT_SCAN`, `SCANNING`, `SCANNED` or `CANCELED`."),
			"scan_progress":             gated.Float("Progress in percent."),
			"remaining_time":            gated.Float("Remaining time in seconds."),
			"scan_start_time":           gated.Text("Begin of the scan, as the service gives it (UTC+8)."),
			"scan_end_time":             gated.Text("End of the scan, as the service gives it (UTC+8)."),
			"local_image_scan_count":    gated.Number("Number of local images scanned."),
			"registry_image_scan_count": gated.Number("Number of registry images scanned."),
			"found_vul_count":           gated.Number("Number of vulnerabilities in local images."),
			"registry_found_vul_count":  gated.Number("Number of vulnerabilities in registry images."),
			"found_risk_image_count":    gated.Number("Number of images at risk."),
			"ignore_vul_count":          gated.Number("Number of vulnerabilities that are ignored by a setting at the service. The gate does not judge it."),
		},
	}
}
