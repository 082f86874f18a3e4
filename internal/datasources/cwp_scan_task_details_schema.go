package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func hostScanSchema(context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the machines and findings of a host scan (Cloud Workload Protection), waits for its end, and judges them by a gate.",
		Attributes: map[string]schema.Attribute{
			"module_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "What was scanned for: `Malware`, `Vul` (vulnerabilities) or `Baseline`.",
				Validators:          []validator.String{stringvalidator.OneOf("Malware", "Vul", "Baseline")},
			},
			"task_id": schema.Int64Attribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Id of the scan task, as `ms_cwp_scan` or the console shows it. Default: the last task of the module; a gate then needs `max_age`.",
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"strategy_id": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Id of the baseline strategy whose last task is read. Required for `Baseline` without `task_id`; only for `Baseline`.",
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"limit": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Maximum number of machines to read, 1 to 100. Not beside a gate. Default: all machines, if `offset` is not set either.",
				Validators:          []validator.Int64{int64validator.Between(1, tencentcloud.MaxPage)},
			},
			"offset": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Number of machines to skip, 0 and up. Not beside a gate. Default: `0`.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"wait_for_completion":   gated.WaitForCompletion("Whether to wait until the progress is 100 and no machine is scanning, or the task is stopped."),
			"poll_interval":         gated.PollInterval(true),
			"id":                    gated.Text("Module type and task id, as in `Vul/17`."),
			"status":                gated.Text("`processing`, `completed` (progress 100 and no machine is scanning), `stopped` (all tasks are being stopped) or `never_scanned` (there is no last task)."),
			"summary":               gated.Summary(""),
			"total_count":           gated.Number("Number of machines, as the service counts them."),
			"scan_machine_count":    gated.Number("Number of scanned machines."),
			"risk_machine_count":    gated.Number("Number of machines with risks."),
			"risk_event_count":      gated.Number("Number of risk events."),
			"vul_count":             gated.Number("Number of vulnerabilities."),
			"scan_begin_time":       gated.Text("Begin of the scan, as the service gives it (UTC+8)."),
			"scan_end_time":         gated.Text("End of the scan, as the service gives it (UTC+8)."),
			"scan_time":             gated.Number("Duration of the scan, as the service gives it."),
			"scan_progress":         gated.Number("Progress in percent."),
			"scan_left_time":        gated.Number("Remaining time in seconds."),
			"scan_content":          schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "What was scanned for."},
			"type":                  gated.Number("0 one-click scan, 1 scheduled scan."),
			"scan_state":            gated.Number("1 running, 2 done, 3 being stopped, 4 stopped. This, `scan_type`, `scanned_vul_ids` and `scanned_kbs` are null where the module's last task is another one, and for `Baseline` without `strategy_id`."),
			"scan_type":             gated.Number("0 started by a user, 1 by a schedule."),
			"scanned_vul_ids":       schema.ListAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: "The vulnerabilities that the scan was narrowed to; empty for all. A gate is then incomplete (`narrowed_scan`), unless `allow_narrowed`."},
			"scanned_kbs":           schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The patches that the scan was narrowed to; empty for all."},
			"stopping_all":          schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether all tasks are being stopped."},
			"scan_task_detail_list": gated.List("The machines, sorted by `id`.", machineAttributes()),
			"vul_info":              gated.List("The vulnerabilities.", hostVulAttributes()),
			"patch_info": gated.List("The missing patches.", map[string]schema.Attribute{
				"id":             gated.Number("Id of the patch."),
				"kb_no":          gated.Text("Number of the patch."),
				"name":           gated.Text("Name of the patch."),
				"publish_time":   gated.Text("When it was published."),
				"related_cve_id": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "CVE ids that it fixes."},
				"kb_doc_url":     gated.Text("Where it is described."),
			}),
		},
		Blocks: map[string]schema.Block{
			"filter": schema.ListNestedBlock{
				MarkdownDescription: "A filter of the machines, passed through to the service. Not beside a gate. Default: all machines.",
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"name":        schema.StringAttribute{Required: true, MarkdownDescription: "Name of the field.", Validators: []validator.String{tf.NotBlank()}},
					"values":      schema.ListAttribute{Required: true, ElementType: types.StringType, MarkdownDescription: "Values of the field.", Validators: []validator.List{tf.NotEmpty()}},
					"exact_match": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether the value must match as a whole. Default: the service's."},
				}},
			},
		},
	}
}

func machineAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              gated.Number("Id of the row."),
		"quuid":           gated.Text("Id of the machine."),
		"uuid":            gated.Text("Id of the agent."),
		"host_name":       gated.Text("Name of the machine."),
		"host_ip":         gated.Text("Address of the machine."),
		"os_name":         gated.Text("Operating system of the machine."),
		"status":          gated.Text("`Scanning`, `Ok` or `Fail`."),
		"description":     gated.Text("The service's words about the status."),
		"fail_type":       gated.Number("3 offline, 4 timed out, 5 failed, 8 agent too old."),
		"risk_num":        gated.Number("Number of risks of the machine."),
		"scan_begin_time": gated.Text("Begin of the machine's scan, as the service gives it (UTC+8)."),
		"scan_end_time":   gated.Text("End of the machine's scan, as the service gives it (UTC+8)."),
		"machine_wan_ip":  gated.Text("Public address of the machine."),
		"machine_extra_info": gated.Object("More about the machine.", map[string]schema.Attribute{
			"wan_ip":       gated.Text("Public address."),
			"private_ip":   gated.Text("Private address."),
			"network_type": gated.Number("Type of the network."),
			"network_name": gated.Text("Name of the network."),
			"instance_id":  gated.Text("Id of the instance."),
			"host_name":    gated.Text("Name of the host."),
		}),
	}
}

func hostVulAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"vul_id":       gated.Number("The service's id of the vulnerability."),
		"cve_id":       gated.Text("CVE id."),
		"name":         gated.Text("Name of the vulnerability."),
		"level":        gated.Number("1 low, 2 medium, 3 high, 4 critical; null where the service gives none, or a word."),
		"cvss_score":   schema.Float64Attribute{Computed: true, MarkdownDescription: "CVSS score."},
		"cvss":         gated.Text("CVSS vector."),
		"fix":          gated.Text("How to fix it."),
		"descript":     gated.Text("Description of the vulnerability."),
		"reference":    gated.Text("Where it is described."),
		"publish_time": gated.Text("When it was published."),
		"vul_category": gated.Number("0 emergency, 1 web CMS, 2 application, 4 Linux, 5 Windows."),
	}
}
