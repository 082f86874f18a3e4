package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func imageScanSchema(ctx context.Context) schema.Schema {
	task := func(kind string) schema.Attribute {
		return schema.Int64Attribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Id of the task that scanned " + kind + " images. Default: the last one, which this attribute then names.",
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
		}
	}
	return schema.Schema{
		MarkdownDescription: "Reads what a vulnerability scan of container images found (Tencent Container Security Service), waits for its end, and judges it by a gate.",
		Attributes: readyTypes(map[string]schema.Attribute{
			"local_task_id":    task("local"),
			"registry_task_id": task("registry"),
			"wait_for_completion": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to wait while the status is `SCANNING`. Default: `true`.",
			},
			"poll_interval": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Pause between polls, a duration as in `30s`. Default: paced by the remaining time that the service gives, else a tenth of the time waited so far, within 2s and 60s.",
				Validators:          []validator.String{tf.Duration(0)},
			},
			"gate":                      imageGateAttribute(),
			"timeouts":                  tf.DataSourceTimeouts(ctx, "How long to read and wait, a duration. Default: `3h`. When it runs out, a gate is incomplete; without a gate it is an error."),
			"id":                        computedText("The ids of the local and the registry task, as in `17/18`."),
			"verdict":                   verdictAttribute(),
			"status":                    computedText("`NOT_SCAN`, `SCANNING`, `SCANNED` or `CANCELED`."),
			"scan_progress":             computedFloat("Progress in per cent."),
			"remaining_time":            computedFloat("Remaining time in seconds."),
			"scan_start_time":           computedText("Begin of the scan, as the service gives it (UTC+8)."),
			"scan_end_time":             computedText("End of the scan, as the service gives it (UTC+8)."),
			"local_image_scan_count":    computedNumber("Number of local images scanned."),
			"registry_image_scan_count": computedNumber("Number of registry images scanned."),
			"found_vul_count":           computedNumber("Number of vulnerabilities in local images."),
			"registry_found_vul_count":  computedNumber("Number of vulnerabilities in registry images."),
			"found_risk_image_count":    computedNumber("Number of images at risk."),
			"ignore_vul_count":          computedNumber("Number of vulnerabilities that are ignored by a setting at the service. The gate does not judge it."),
		}),
	}
}

func imageGateAttribute() schema.Attribute {
	count := func(description string) schema.Attribute {
		return schema.Int64Attribute{Optional: true, MarkdownDescription: description}
	}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: gateDescription + " Only the sides whose task id is given are judged; with none given both are, and `max_age` is obligatory. " +
			"Nothing but `SCANNED`, with at least one image scanned, can pass.",
		Attributes: map[string]schema.Attribute{
			"max_found_vul":          count("Most vulnerabilities in local images, 0 and up. Default: `0`."),
			"max_registry_found_vul": count("Most vulnerabilities in registry images, 0 and up. Default: `0`."),
			"max_found_risk_image":   count("Most images at risk, 0 and up. Default: no bound."),
			"max_age":                maxAgeAttribute(),
			"enforcement":            enforcementAttribute(),
		},
	}
}

func computedFloat(description string) schema.Attribute {
	return schema.Float64Attribute{Computed: true, MarkdownDescription: description}
}
