package resources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// maxApps bounds the apps of one submission (document 001).
const maxApps = 20

const scanInstanceDescription = "Submits Android packages to Tencent Cloud Mobile Security for scanning, once, and waits until the scan is finished. " +
	"A submission is paid for. It is made when the resource is created, and again only when the set of MD5s, `scan_info.scan_types` or `triggers` changes, or with `-replace`: " +
	"a rotated or reordered URL, an error, a refresh or an interrupt never submits.\n\n" +
	"Once a submission may have been sent, creating ends with a warning and a `status`, never with an error, since an error would taint the resource and the next apply would pay again. " +
	"Destroying calls nothing: the service cannot cancel or delete a scan. Importing takes the ItemId; the first apply adopts scan types and triggers without a new scan.\n\n" +
	"This resource scans; it does not judge. A `postcondition` on `self.status` holds dependents back until the scan is finished, but it is no gate: gate a release with the `ms_scan_results` data source."

func (scanInstance) Schema(context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: scanInstanceDescription,
		Attributes: map[string]schema.Attribute{
			"app_infos": schema.ListNestedAttribute{
				Required: true,
				MarkdownDescription: "The packages to scan, 1 to 20. Their identity is their content: as long as the set of MD5s stays the same, the state keeps this list as it was submitted, " +
					"and changes of URLs, order and descriptive fields are ignored. A new set is a new scan, unless it is exactly the accepted apps: then the rejected ones are removed in place.",
				Validators: []validator.List{tf.AtMost(maxApps), uniqueMD5s{}},
				NestedObject: schema.NestedAttributeObject{
					Attributes: appInfoAttributes(),
					Validators: []validator.Object{tf.Requires("app_url", "app_md5")},
				},
			},
			"id":      computedText("The same as `item_id`."),
			"item_id": computedText("The service's id of the scan task. Null where the answer to the submission was lost (`status` is `uncertain`)."),
			"status": computedText("`processing`, `completed` (every accepted app was scanned), `failed` (the task has ended and an app was rejected, failed or timed out), " +
				"`not_found` (the service no longer knows the task) or `uncertain` (the answer to the submission was lost: it is unknown whether it was accepted)."),
			"accepted_app_md5s": computedTexts("Lower-case MD5s of the apps that the service accepted. Null until the service reports them."),
			"rejected_app_md5s": computedTexts("Lower-case MD5s of the apps that the service did not accept. Null until the service reports them."),
			"failures": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The apps that were rejected, failed or timed out.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"app_md5": computedText("Lower-case MD5 of the app."),
					"code":    computedNumber("The service's StatusCode. Null for a rejected app."),
					"desc":    computedText("What went wrong, in the service's words where it has any."),
					"hint":    computedText("What to do about it."),
				}},
			},
			"limit_count": computedNumber("Number of scans that the account had left after the submission."),
			"limit_time":  computedNumber("When the account's scans expire, in Unix seconds; 0 for never."),
			"scan_types": schema.SetAttribute{
				ElementType:         types.StringType,
				Computed:            true,
				MarkdownDescription: "What was asked for: `scan_info.scan_types`, or the default. Null for an imported task until the first apply.",
			},
			"submitted_at": computedText("When the scan was submitted, RFC 3339 in UTC. Null for an imported task."),
			"summary": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Number of findings by severity. Null while the scan is processing, and where nothing was scanned.",
				Attributes:          summaryAttributes(),
			},
		},
		Blocks: map[string]schema.Block{
			"scan_info": schema.SingleNestedBlock{
				MarkdownDescription: "What to scan for. Without it: the default scan types, no callback.",
				Attributes: map[string]schema.Attribute{
					"scan_types": schema.SetAttribute{
						ElementType: types.StringType,
						Optional:    true,
						MarkdownDescription: "Scan types, any of `VULSCAN` (vulnerabilities), `VIRUSSCAN` (viruses), `ADSCAN` (advertising), `PLUGINSCAN` (plugins), `PERMISSION` (permissions), `SENSITIVE` (sensitive words). " +
							"Default: `VULSCAN`, `VIRUSSCAN`, `ADSCAN`, `PLUGINSCAN`. A change is a new scan.",
						Validators: []validator.Set{tf.NotEmpty(), setvalidator.ValueStringsAre(stringvalidator.OneOf(scanTypes...))},
					},
					"callback_url": schema.StringAttribute{
						Optional:            true,
						Sensitive:           true,
						MarkdownDescription: "http or https URL that the service POSTs to once for each app when it is done. Takes effect with the next submission; a change alone submits nothing.",
						Validators:          []validator.String{tf.HTTPURL()},
					},
				},
			},
		},
	}
}

func appInfoAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"app_url": schema.StringAttribute{
			Optional:            true, // required by the element's validator
			Sensitive:           true,
			MarkdownDescription: "Required. http or https URL that the service downloads the package from, without authentication: in practice a pre-signed URL. Null in the state of an imported task.",
			Validators:          []validator.String{tf.HTTPURL()},
		},
		"app_md5": schema.StringAttribute{
			Optional:            true, // required by the element's validator
			MarkdownDescription: "Required. MD5 of the package, 32 hexadecimal digits in any case, as `filemd5(\"app.apk\")` gives it.",
			Validators:          []validator.String{tf.MD5()},
		},
		"app_size": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "Size of the package in bytes.",
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
		},
		"file_name":    optionalText("File name of the package."),
		"app_pkg_name": optionalText("Package name of the app, as in `com.example.app`."),
		"app_version":  optionalText("Version of the app."),
		"app_icon_url": schema.StringAttribute{
			Optional:            true,
			Sensitive:           true,
			MarkdownDescription: "URL of the app's icon. It is sensitive, since it may be signed; the data source `ms_scan_results` gives it without user info and query.",
		},
		"app_name": optionalText("Name of the app as its users see it."),
	}
}

func summaryAttributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(tf.SummaryFields))
	for _, f := range tf.SummaryFields {
		attributes[f.Name] = computedNumber(f.Description)
	}
	return attributes
}

func optionalText(description string) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description}
}

func computedText(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func computedTexts(description string) schema.Attribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

func computedNumber(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}
