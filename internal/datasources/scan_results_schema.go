package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

const nullItemID = "item_id is null: the answer to the submission was lost, so that ms_scan_instance has no id to read results by (its status is uncertain). " +
	"Look the task up and import it, or scan again with -replace, as the resource's warning says."

func scanResultsSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the results of a scan task, waits for its end, and judges them by a gate.\n\n" +
			"Only what refers to this data source's outputs is held back by its gate. `-target` can leave a gate out, and inside or through a `check` block it never stops anything. " +
			"A mandatory gate that fails also stops destroy, import and refresh-only; `terraform destroy -refresh=false` gets past it. A saved plan is not judged again when it is applied: guard it by a precondition on `verdict.valid_until`. " +
			"Vulnerabilities of this service are never rated above `high`.",
		Attributes: readyTypes(map[string]schema.Attribute{
			"item_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The service's id of the scan task, as in `ms_scan_instance.app.item_id`.",
				Validators:          []validator.String{tf.NotNull(nullItemID), tf.NotBlank()},
			},
			"app_md5s": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "MD5s of the apps to read, in any case. Default: all apps of the task.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tf.MD5())},
			},
			"wait_for_completion": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to wait until nothing of the task is processing. Default: `true`.",
			},
			"poll_interval": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Pause between polls, a duration as in `30s`. Default: a tenth of the time waited so far, within 2s and 60s.",
				Validators:          []validator.String{tf.Duration(0)},
			},
			"include_details": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to keep the results of each app in `scan_set`. With `false` the state stays small; counts and verdict are the same. Default: `true`.",
			},
			"gate": gateAttribute(gate.SourceScanResults, map[string]schema.Attribute{
				"required_md5s": schema.SetAttribute{
					Required: true, ElementType: types.StringType,
					MarkdownDescription: "MD5s of the files that the verdict is about: each must be among the scanned apps, and done. " +
						"Give `filemd5(\"app.apk\")` or the resource's `app_infos[*].app_md5`, never one of its outputs, which would prove nothing.",
				},
				"required_scan_types": schema.SetAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "Scan types of which each app must show evidence: " + codeList(gate.ScanTypes()) + ". " +
						"A denied category implies its type. `PLUGINSCAN` has no section in the results and cannot be required. Default: " + codeList(gate.DefaultScanTypes()) + ".",
				},
			}),
			"timeouts":    tf.DataSourceTimeouts(ctx, "How long to read and wait, a duration. Default: `3h`. When it runs out, a gate is incomplete; without a gate it is an error."),
			"id":          computedText("The same as `item_id`."),
			"total_count": computedNumber("Number of results, as the service counts them."),
			"status":      computedText("`processing`, `completed` (every app was scanned) or `failed` (the task has ended and an app failed or timed out)."),
			"summary":     summaryAttribute("Null while an app is processing, and where nothing was scanned."),
			"verdict":     verdictAttribute(),
			"scan_set": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The results, one for each app, in the service's own terms. Null with `include_details = false`.",
				NestedObject:        schema.NestedAttributeObject{Attributes: scanSetAttributes()},
			},
		}),
	}
}

func scanSetAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"task_status": computedNumber("1 done, 2 processing, 3 error, 4 timed out; any other value is not done."),
		"status_code": computedNumber("The service's error number; 0 is success."),
		"status_desc": computedText("The service's words about the status."),
		"status_ref":  computedText("The service's reference for the status."),
		"task_time":   computedNumber("Time of the scan in Unix seconds."),
		"app_detail_info": object("The app, as the service read it from the package.", map[string]schema.Attribute{
			"app_md5":      computedText("MD5 of the package."),
			"app_size":     computedNumber("Size of the package in bytes."),
			"file_name":    computedText("File name of the package."),
			"app_pkg_name": computedText("Package name of the app."),
			"app_version":  computedText("Version of the app."),
			"app_icon_url": computedText("URL of the app's icon, without user info and query."),
			"app_name":     computedText("Name of the app."),
		}),
		"virus_info": object("The virus engine's rating.", map[string]schema.Attribute{
			"safe_type":  computedNumber("0 unknown, 1 safe, 2 risky, 3 virus."),
			"virus_name": computedText("Name of the virus."),
			"virus_desc": computedText("Description of the virus."),
		}),
		"vul_info": object("The vulnerabilities.", map[string]schema.Attribute{
			"vul_file_score": computedNumber("The service's score of the package."),
			"vul_list": list("The vulnerabilities one by one.", map[string]schema.Attribute{
				"vul_id":       computedText("Id of the vulnerability."),
				"vul_name":     computedText("Name of the vulnerability."),
				"vul_code":     computedText("Code of the vulnerability."),
				"vul_desc":     computedText("Description of the vulnerability."),
				"vul_solution": computedText("How to mend it."),
				"vul_src_type": computedNumber("0 the app itself, 1 a plugin of somebody else."),
				"vul_filepath": computedText("Where it was found."),
				"risk_level":   computedNumber("1 low, 2 medium, 3 high; null where the service gives none or one in words."),
				"severity":     computedText("`high`, `medium`, `low` or `unknown`, after `risk_level`."),
			}),
		}),
		"ad_info": object("The advertising plugins.", map[string]schema.Attribute{
			"spots":               adPlugins("Interstitial advertising."),
			"boutique_recommands": adPlugins("Recommendation lists."),
			"float_windows":       adPlugins("Floating windows."),
			"banners":             adPlugins("Banners."),
			"integral_walls":      adPlugins("Integral walls."),
			"notify_bars":         adPlugins("Notification bars."),
		}),
		"permission_info": object("The permissions.", map[string]schema.Attribute{
			"permission_list": list("The permissions one by one.", map[string]schema.Attribute{
				"permission": computedText("Name of the permission."),
			}),
		}),
		"sensitive_info": object("Files with sensitive words.", map[string]schema.Attribute{
			"sensitive_list": list("The files one by one.", map[string]schema.Attribute{
				"word_list": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The words."},
				"file_path": computedText("Path of the file in the package."),
				"file_sha":  computedText("SHA-1 of the file."),
			}),
		}),
	}
}

func adPlugins(description string) schema.Attribute {
	return list(description, map[string]schema.Attribute{
		"plugin_type": computedNumber("1 notification bar, 2 integral wall, 3 banner, 4 floating window, 5 recommendation list, 6 interstitial."),
		"plugin_name": computedText("Name of the plugin."),
		"plugin_desc": computedText("Description of the plugin."),
	})
}

func object(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description + " Null where the service leaves it out.", Attributes: attributes}
}

func list(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}
