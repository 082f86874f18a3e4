package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func hostFindingsSchema(context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the findings of hosts (Tencent Cloud Host Security, cwp): vulnerabilities, malware or failed baseline checks, with severities, and judges them by a gate. " +
			"A scan task is the evidence that each host was scanned to its end.",
		Attributes: map[string]schema.Attribute{
			"module_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "What to read: `Vul` (vulnerabilities), `Malware` or `Baseline`.",
				Validators:          []validator.String{stringvalidator.OneOf(tencentcloud.ModuleVul, tencentcloud.ModuleMalware, tencentcloud.ModuleBaseline)},
			},
			"quuids": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Quuids of the hosts. A host that is not in the task, or was not scanned to its end, counts as failed.",
				Validators:          []validator.Set{tf.NotEmpty(), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(tf.NotBlank())},
			},
			"task_id": schema.Int64Attribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Id of the scan task, as `ms_cwp_scan` or the console shows it. Default: the last task of the module; a gate then needs `max_age`.",
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"strategy_id": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Id of the baseline strategy whose last task is read. Required for `Baseline` without `task_id`; only for `Baseline`.",
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"wait_for_completion": gated.WaitForCompletion("Whether to wait until the task has ended."),
			"poll_interval":       gated.PollInterval(true),
			"include_details": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to keep `machines` and `findings`. With `false` the state stays small, and beside a gate the hosts of vulnerabilities whose level cannot decide are not read: " +
					"`summary` does not count these, and `risk_num` is not compared. The verdict is the same. Default: `true`.",
			},
			"id":              gated.Text("Module type and task id, as in `Vul/17`."),
			"status":          gated.Text("Of the task: `processing`, `completed` (progress 100 and no machine is scanning), `stopped` (all tasks are being stopped) or `never_scanned` (there is no last task)."),
			"scan_begin_time": gated.Text("Begin of the task, as the service gives it (UTC+8)."),
			"scan_end_time":   gated.Text("End of the task, as the service gives it (UTC+8)."),
			"scan_state":      gated.Number("1 running, 2 done, 3 being stopped, 4 stopped. This, `scan_type`, `scanned_vul_ids` and `scanned_kbs` are null where the module's last task is another one, and for `Baseline` without `strategy_id`."),
			"scan_type":       gated.Number("0 started by a user, 1 by a schedule."),
			"scanned_vul_ids": schema.ListAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: "The vulnerabilities that the scan was narrowed to; empty for all. A gate is then incomplete (`narrowed_scan`), unless `allow_narrowed`."},
			"scanned_kbs":     schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The patches that the scan was narrowed to; empty for all."},
			"ignored_count":   gated.Number("Number of findings that the service is set to ignore, trust or allow. They count like any other, unless the gate has `accept_service_ignores`. Null where nothing was read."),
			"summary":         gated.Summary(""),
			"machines":        gated.List("The hosts as the task lists them. Null with `include_details = false`.", machineAttributes()),
			"findings":        gated.List("The findings on the hosts that are not closed, ignored ones included. Null with `include_details = false`.", hostFindingAttributes()),
		},
	}
}

func hostFindingAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"quuid":              gated.Text("Quuid of the host."),
		"uuid":               gated.Text("Id of the host's agent."),
		"host_name":          gated.Text("Name of the host."),
		"host_ip":            gated.Text("Address of the host."),
		"cve_id":             gated.Text("CVE id of a vulnerability."),
		"vul_id":             gated.Number("The service's id of a vulnerability."),
		"virus_name":         gated.Text("Name of malware."),
		"item_id":            gated.Number("Id of a baseline check."),
		"name":               gated.Text("Name of the vulnerability or the check."),
		"path":               gated.Text("Path of malware."),
		"level":              gated.Number("1 low, 2 medium, 3 high, 4 critical; 0 unknown."),
		"host_level":         gated.Number("The level of a vulnerability on this host. The worse of the two counts."),
		"severity":           gated.Text("The severity that the gate judges by."),
		"status":             gated.Number("The service's status. Vulnerabilities: 0 open, 1 ignored, 5 being checked, 6 being fixed, 7 being rolled back, 8 fix failed. Malware: 4 open, 5 trusted, 6 isolated, 8 deleted, 10 being isolated, 11 being restored, 13 allowed, 14 handled. Checks: 0 failed, 1 ignored, 5 being checked."),
		"ignored_by_service": gated.Bool("Whether the service is set to ignore, trust or allow it."),
		"process_exists":     gated.Number("1 where the malware's process still runs."),
		"file_exists":        gated.Number("1 where the malware's file is still there."),
		"md5":                gated.Text("MD5 of the malware's file."),
		"cvss_score":         gated.Float("CVSS score of a vulnerability."),
		"labels":             gated.Text("Labels of a vulnerability, separated by commas."),
		"description":        gated.Text("The service's description."),
		"fix_method":         gated.Text("How to fix a failed check."),
		"first_time":         gated.Text("When it was first found, as the service gives it (UTC+8)."),
		"last_time":          gated.Text("When it was last found, as the service gives it (UTC+8)."),
	}
}
