package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

const nullItemID = "item_id is null: the answer to the submission was lost, so that ms_scan_instance has no id to read results by (its status is uncertain). " +
	"Look the task up and import it, or scan again with -replace, as the resource's warning says."

func scanResultsSchema(context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the results of a scan task, waits for its end, and judges them by a gate.\n\n" +
			"Only what refers to this data source's outputs is held back by its gate. `-target` can leave a gate out, and inside or through a `check` block it never stops anything. " +
			"A mandatory gate that fails also stops destroy, import and refresh-only; `terraform destroy -refresh=false` skips it. A saved plan is not judged again when it is applied: guard it by a precondition on `verdict.valid_until`. " +
			"Vulnerabilities of this service are never rated above `high`.",
		Attributes: map[string]schema.Attribute{
			"item_id": schema.StringAttribute{
				Optional:            true, // so that a null id gets the message below, not the framework's
				MarkdownDescription: "Required. The service's id of the scan task, as in `ms_scan_instance.app.item_id`.",
				Validators:          []validator.String{tf.NotNull(nullItemID), tf.NotBlank()},
			},
			"app_md5s": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "MD5s of the apps to read, in any case. Default: all apps of the task.",
				Validators:          []validator.Set{tf.NotEmpty(), setvalidator.ValueStringsAre(tf.MD5())},
			},
			"wait_for_completion": gated.WaitForCompletion("Whether to wait until nothing of the task is processing."),
			"poll_interval":       gated.PollInterval(false),
			"include_details":     gated.IncludeDetails("the results of each app in `scan_set`"),
			"id":                  gated.Text("The same as `item_id`."),
			"total_count":         gated.Number("Number of results, as the service counts them."),
			"status":              gated.Text("`processing`, `completed` (every app was scanned) or `failed` (the task has ended and an app failed or timed out)."),
			"summary":             gated.Summary("Null while an app is processing, and where nothing was scanned."),
			"scan_set": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The results, one for each app, in the service's own terms. Null with `include_details = false`.",
				NestedObject:        schema.NestedAttributeObject{Attributes: scanSetAttributes()},
			},
		},
	}
}

func scanSetAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"task_status": gated.Number("1 done, 2 processing, 3 error, 4 timed out; any other value is not done."),
		"status_code": gated.Number("The service's error number; 0 is success."),
		"status_desc": gated.Text("The service's words about the status."),
		"status_ref":  gated.Text("The service's reference for the status."),
		"task_time":   gated.Number("Time of the scan in Unix seconds."),
		"app_detail_info": gated.Object("The app, as the service read it from the package.", map[string]schema.Attribute{
			"app_md5":      gated.Text("MD5 of the package."),
			"app_size":     gated.Number("Size of the package in bytes."),
			"file_name":    gated.Text("File name of the package."),
			"app_pkg_name": gated.Text("Package name of the app."),
			"app_version":  gated.Text("Version of the app."),
			"app_icon_url": gated.Text("URL of the app's icon, without user info and query."),
			"app_name":     gated.Text("Name of the app."),
		}),
		"virus_info": gated.Object("The virus engine's rating.", map[string]schema.Attribute{
			"safe_type":  gated.Number("0 unknown, 1 safe, 2 risky, 3 virus."),
			"virus_name": gated.Text("Name of the virus."),
			"virus_desc": gated.Text("Description of the virus."),
		}),
		"vul_info": gated.Object("The vulnerabilities.", map[string]schema.Attribute{
			"vul_file_score": gated.Number("The service's score of the package."),
			"vul_list": gated.List("The vulnerabilities one by one.", map[string]schema.Attribute{
				"vul_id":       gated.Text("Id of the vulnerability."),
				"vul_name":     gated.Text("Name of the vulnerability."),
				"vul_code":     gated.Text("Code of the vulnerability."),
				"vul_desc":     gated.Text("Description of the vulnerability."),
				"vul_solution": gated.Text("How to fix it."),
				"vul_src_type": gated.Number("0 the app itself, 1 a third-party plugin."),
				"vul_filepath": gated.Text("Where it was found."),
				"risk_level":   gated.Number("1 low, 2 medium, 3 high; null where the service gives none, or a word."),
				"severity":     gated.Text("`high`, `medium`, `low` or `unknown`, derived from `risk_level`."),
			}),
		}),
		"ad_info": gated.Object("The advertising plugins.", map[string]schema.Attribute{
			"spots":               adPlugins("Interstitial advertising."),
			"boutique_recommands": adPlugins("Recommendation lists."),
			"float_windows":       adPlugins("Floating windows."),
			"banners":             adPlugins("Banners."),
			"integral_walls":      adPlugins("Integral walls."),
			"notify_bars":         adPlugins("Notification bars."),
		}),
		"permission_info": gated.Object("The permissions.", map[string]schema.Attribute{
			"permission_list": gated.List("The permissions one by one.", map[string]schema.Attribute{
				"permission": gated.Text("Name of the permission."),
			}),
		}),
		"sensitive_info": gated.Object("Files with sensitive words.", map[string]schema.Attribute{
			"sensitive_list": gated.List("The files one by one.", map[string]schema.Attribute{
				"word_list": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The words."},
				"file_path": gated.Text("Path of the file in the package."),
				"file_sha":  gated.Text("SHA-1 of the file."),
			}),
		}),
	}
}

func adPlugins(description string) schema.Attribute {
	return gated.List(description, map[string]schema.Attribute{
		"plugin_type": gated.Number("1 notification bar, 2 integral wall, 3 banner, 4 floating window, 5 recommendation list, 6 interstitial."),
		"plugin_name": gated.Text("Name of the plugin."),
		"plugin_desc": gated.Text("Description of the plugin."),
	})
}
