package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func hostScanSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the machines and findings of a host scan (Cloud Workload Protection), waits for its end, and judges them by a gate.",
		Attributes: readyTypes(map[string]schema.Attribute{
			"module_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "What was scanned for: `Malware`, `Vul` (vulnerabilities) or `Baseline`.",
				Validators:          []validator.String{stringvalidator.OneOf("Malware", "Vul", "Baseline")},
			},
			"task_id": schema.Int64Attribute{
				Required:            true,
				MarkdownDescription: "Id of the scan task, as the console or whatever started it tells.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"filters": schema.ListNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Filters of the machines, passed through to the service. Not beside a gate. Default: all machines.",
				Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
				NestedObject: schema.NestedAttributeObject{Validators: []validator.Object{tf.Requires("name", "values")}, Attributes: map[string]schema.Attribute{
					"name":        schema.StringAttribute{Optional: true, MarkdownDescription: "Required. Name of the field.", Validators: []validator.String{tf.NotBlank()}},
					"values":      schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Required. Values of the field.", Validators: []validator.List{listvalidator.SizeAtLeast(1)}},
					"exact_match": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether the value must match as a whole. Default: the service's."},
				}},
			},
			"limit": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Most machines to read, 1 to 100. Not beside a gate. Default: all machines are read, where `offset` is not set either.",
				Validators:          []validator.Int64{int64validator.Between(1, tencentcloud.MaxPage)},
			},
			"offset": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Number of machines to skip, 0 and up. Not beside a gate. Default: `0`.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"wait_for_completion": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to wait until the progress is 100 and no machine is scanning, or the task is stopped. Default: `true`.",
			},
			"poll_interval": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Pause between polls, a duration as in `30s`. Default: paced by the remaining time that the service gives, else a tenth of the time waited so far, within 2s and 60s.",
				Validators:          []validator.String{tf.Duration(0)},
			},
			"gate": gateAttribute(gate.SourceHostScan, map[string]schema.Attribute{
				"required_machines": schema.SetAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "Quuids of machines each of which must be among the scanned ones, with status `Ok`. Default: none.",
				},
				"max_failed_machines": schema.Int64Attribute{
					Optional:            true,
					MarkdownDescription: "Most machines that may be other than `Ok`; at least one must be `Ok`. 0 and up. Default: `0`.",
				},
			}),
			"timeouts":              tf.DataSourceTimeouts(ctx, "How long to read and wait, a duration. Default: `3h`. When it runs out, a gate is incomplete; without a gate it is an error."),
			"id":                    computedText("Module type and task id, as in `Vul/17`."),
			"status":                computedText("`processing`, `completed` (progress 100 and no machine is scanning) or `stopped` (all tasks are being stopped)."),
			"summary":               summaryAttribute(""),
			"verdict":               verdictAttribute(),
			"total_count":           computedNumber("Number of machines, as the service counts them."),
			"scan_machine_count":    computedNumber("Number of scanned machines."),
			"risk_machine_count":    computedNumber("Number of machines with risks."),
			"risk_event_count":      computedNumber("Number of risk events."),
			"vul_count":             computedNumber("Number of vulnerabilities."),
			"scan_begin_time":       computedText("Begin of the scan, as the service gives it (UTC+8)."),
			"scan_end_time":         computedText("End of the scan, as the service gives it (UTC+8)."),
			"scan_time":             computedNumber("Duration of the scan, as the service gives it."),
			"scan_progress":         computedNumber("Progress in per cent."),
			"scan_left_time":        computedNumber("Remaining time in seconds."),
			"scan_content":          schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "What was scanned for."},
			"type":                  computedNumber("0 one-click scan, 1 scheduled scan."),
			"stopping_all":          schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether all tasks are being stopped."},
			"scan_task_detail_list": list("The machines, sorted by `id`.", machineAttributes()),
			"vul_info":              list("The vulnerabilities.", hostVulAttributes()),
			"patch_info": list("The missing patches.", map[string]schema.Attribute{
				"id":             computedNumber("Id of the patch."),
				"kb_no":          computedText("Number of the patch."),
				"name":           computedText("Name of the patch."),
				"publish_time":   computedText("When it was published."),
				"related_cve_id": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "CVE ids that it mends."},
				"kb_doc_url":     computedText("Where it is described."),
			}),
		}),
	}
}

func machineAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              computedNumber("Id of the row."),
		"quuid":           computedText("Id of the machine."),
		"uuid":            computedText("Id of the agent."),
		"host_name":       computedText("Name of the machine."),
		"host_ip":         computedText("Address of the machine."),
		"os_name":         computedText("Operating system of the machine."),
		"status":          computedText("`Scanning`, `Ok` or `Fail`."),
		"description":     computedText("The service's words about the status."),
		"fail_type":       computedNumber("3 offline, 4 timed out, 5 failed, 8 agent too old."),
		"risk_num":        computedNumber("Number of risks of the machine."),
		"scan_begin_time": computedText("Begin of the machine's scan, as the service gives it (UTC+8)."),
		"scan_end_time":   computedText("End of the machine's scan, as the service gives it (UTC+8)."),
		"machine_wan_ip":  computedText("Public address of the machine."),
		"machine_extra_info": object("More about the machine.", map[string]schema.Attribute{
			"wan_ip":       computedText("Public address."),
			"private_ip":   computedText("Private address."),
			"network_type": computedNumber("Type of the network."),
			"network_name": computedText("Name of the network."),
			"instance_id":  computedText("Id of the instance."),
			"host_name":    computedText("Name of the host."),
		}),
	}
}

func hostVulAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"vul_id":       computedNumber("The service's id of the vulnerability."),
		"cve_id":       computedText("CVE id."),
		"name":         computedText("Name of the vulnerability."),
		"level":        computedNumber("1 low, 2 medium, 3 high, 4 critical; null where the service gives none or one in words."),
		"cvss_score":   schema.Float64Attribute{Computed: true, MarkdownDescription: "CVSS score."},
		"cvss":         computedText("CVSS vector."),
		"fix":          computedText("How to mend it."),
		"descript":     computedText("Description of the vulnerability."),
		"reference":    computedText("Where it is described."),
		"publish_time": computedText("When it was published."),
		"vul_category": computedNumber("0 emergency, 1 web CMS, 2 application, 4 Linux, 5 Windows."),
	}
}
