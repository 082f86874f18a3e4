package resources

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// maxHosts bounds the hosts of one submission. The service documents no bound.
const maxHosts = 500

const hostScanDescription = "Scans hosts for vulnerabilities or malware with Tencent Cloud Host Security (cwp), once, and waits until the scan is finished. " +
	"A scan is submitted when the resource is created, and again only when `triggers`, the hosts, `module_type`, `scan_method`, `scan_pattern` or `engine_level` changes, or with `-replace`: " +
	"an error, a refresh or an interrupt never submits.\n\n" +
	"Once a submission may have been sent, creating ends with a warning and a `status`, never with an error, since an error would taint the resource and the next apply would scan again. " +
	"Destroying calls nothing, unless `stop_on_destroy` is set. Importing takes the id, as in `Vul/123`; the first apply adopts options and triggers without a new scan.\n\n" +
	"A vulnerability scan always looks for all levels and all categories, since a task does not report later what it was narrowed to.\n\n" +
	"This resource scans; it does not judge. Gate hosts with the `ms_cwp_findings` data source."

func (hostScan) Schema(context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: hostScanDescription,
		Attributes: map[string]schema.Attribute{
			"module_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "What to scan for: `Vul` (vulnerabilities) or `Malware`. A change is a new scan.",
				Validators:          []validator.String{stringvalidator.OneOf(tencentcloud.ModuleVul, tencentcloud.ModuleMalware), hostScanInputs{}},
			},
			"quuids": schema.SetAttribute{
				ElementType: types.StringType,
				Optional:    true,
				MarkdownDescription: fmt.Sprintf("Quuids of the hosts to scan, 1 to %d. A change is a new scan. Exactly one of `quuids` and `all_protected_hosts = true` is required. "+
					"A host that the service does not accept, or that has no license, is listed in `failures` and makes the `status` `failed`.", maxHosts),
				Validators: []validator.Set{tf.AtMost(maxHosts), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(tf.NotBlank())},
			},
			"all_protected_hosts": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to scan all hosts of the account that have a license (Professional edition or above). A change is a new scan. The service chooses these hosts, and the provider compares nothing.",
			},
			"scan_method": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How to look for vulnerabilities: `version` (by the versions of what is installed) or `poc` (by proofs of concept, too). Only for `Vul`. Default: `version`. A change is a new scan.",
				Validators:          []validator.String{stringvalidator.OneOf(codeNames(scanMethods)...)},
			},
			"scan_pattern": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Where to look for malware: `quick` or `full` (the whole disk). Only for `Malware`. Default: `quick`. A change is a new scan.",
				Validators:          []validator.String{stringvalidator.OneOf(codeNames(scanPatterns)...)},
			},
			"engine_level": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What malware the engine reports: `standard` (critical and high), `enhanced` (medium, too) or `strict` (all). Only for `Malware`. Default: the service's. " +
					"A change is a new scan.",
				Validators: []validator.String{stringvalidator.OneOf(codeNames(engineLevels)...)},
			},
			"scan_timeout": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Time after which the service gives up on hosts that are not scanned yet, a duration. Default: `1h`. Takes effect with the next submission; a change alone submits nothing.",
				Validators:          []validator.String{tf.Duration(time.Second)},
			},
			"stop_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying stops a scan that is still processing. Only a task that this resource submitted itself is ever stopped, never an imported or adopted one, and never another task of the account. " +
					"A failure to stop is a warning. Default: `false`.",
			},
			"id":      computedText("Module type and task id, as in `Vul/123`. Null where the answer to the submission was lost (`status` is `uncertain`)."),
			"task_id": computedNumber("The service's id of the task, for the data sources. Null where it is not known."),
			"status": computedText("`processing`, `completed` (every host was scanned to its end), `failed` (the task has ended, and some hosts were not accepted or not scanned to their end), " +
				"`canceled` (the task was stopped), `not_found` (the service does not know the task) or `uncertain` (the answer to the submission was lost: it is unknown whether it was accepted)."),
			"submitted_at":          computedText("When the scan was submitted, RFC 3339 in UTC; for an imported task, when it began."),
			"accepted_host_count":   computedNumber("Number of hosts on which the service started the scan. Null for `Malware`, where the service does not report it."),
			"unlicensed_host_count": computedNumber("Number of the hosts that have no license for the scan. Null for `Malware`, where the service does not report it."),
			"failed_machines": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The machines of the task that were not scanned to their end, once it has ended.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"quuid":       computedText("Quuid of the machine."),
					"host_name":   computedText("Name of the machine."),
					"host_ip":     computedText("Address of the machine."),
					"status":      computedText("The service's status of the machine, as in `Fail`."),
					"fail_type":   computedNumber("3 offline, 4 timed out, 5 failed, 8 agent too old. Null where the service gives none."),
					"description": computedText("What the service says about it."),
				}},
			},
			"summary": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Number of machines at risk by severity, for `Malware`. Null for `Vul`, whose findings are those of `ms_cwp_findings`, while the scan is processing, and where nothing was scanned.",
				Attributes:          summaryAttributes(),
			},
			"failures": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The hosts that were not scanned, once the task has ended.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"machine": computedText("Quuid of the host. Null where the service only counts."),
					"code":    computedNumber("The service's FailType. Null where it gives none."),
					"desc":    computedText("What went wrong."),
					"hint":    computedText("What to do about it."),
				}},
			},
		},
	}
}

// hostScanInputs checks the inputs that depend on each other. It stands at module_type, which is always there.
type hostScanInputs struct{}

func (hostScanInputs) Description(context.Context) string {
	return "needs quuids or all_protected_hosts = true, and the options of its module"
}

func (v hostScanInputs) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (hostScanInputs) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var quuids types.Set
	var all types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("quuids"), &quuids)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("all_protected_hosts"), &all)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !quuids.IsUnknown() && !all.IsUnknown() && quuids.IsNull() != all.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("quuids"), "Invalid Attribute Combination", "Exactly one of quuids and all_protected_hosts = true is required.")
	}
	for name, module := range map[string]string{"scan_method": tencentcloud.ModuleVul, "scan_pattern": tencentcloud.ModuleMalware, "engine_level": tencentcloud.ModuleMalware} {
		var option types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &option)...)
		if chosen := req.ConfigValue; !option.IsNull() && !chosen.IsNull() && !chosen.IsUnknown() && chosen.ValueString() != module {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Invalid Attribute Combination", fmt.Sprintf("%s is an option of module_type = %q alone.", name, module))
		}
	}
}
