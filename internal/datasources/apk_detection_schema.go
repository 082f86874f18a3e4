package datasources

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// The interval that document 002 asks for, and the least that is taken.
const (
	defaultDetectionInterval = time.Minute
	leastDetectionInterval   = time.Second
)

func apkDetectionSchema(context.Context) schema.Schema {
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description + " Null where the service is not certain."}
	}
	return schema.Schema{
		MarkdownDescription: "Has an Android package checked by Tencent Cloud's APK detection (viruses, advertising, plugins, repackaging), waits for the result, and judges it by a gate. " +
			"Reading it submits the package: the gate works in `terraform plan`, and asking again for the same MD5 is harmless.\n\n" +
			"Use it where the scan actions behind `ms_scan_instance` are not served to the account; it is served today. " +
			"It finds no vulnerabilities and gives no time of the detection: for those use `ms_scan_instance` with `ms_scan_results`.",
		Attributes: map[string]schema.Attribute{
			"apk_url": schema.StringAttribute{
				Required: true, Sensitive: true,
				MarkdownDescription: "http or https URL that the service downloads the package from, without authentication.",
				Validators:          []validator.String{tf.HTTPURL()},
			},
			"apk_md5": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "MD5 of the package, 32 hexadecimal digits in any case, as `filemd5(\"app.apk\")` gives it.",
				Validators:          []validator.String{tf.MD5()},
			},
			"app_pkg_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Package name of the app, as `parse_apk(\"app.apk\").app_pkg_name` reads it from the file. " +
					"Exceptions that are narrowed by `app_pkg_name` match it, never what the package calls itself (`soft_name`). Default: none, so that no such exception applies.",
				Validators: []validator.String{tf.NotBlank()},
			},
			"poll_interval": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Pause between polls, a duration of at least `1s`. Default: `60s`, as the service recommends.",
				Validators:          []validator.String{tf.Duration(leastDetectionInterval)},
			},
			"id":      gated.Text("MD5 of the package."),
			"result":  gated.Text("The service's result of the detection, as in `ok`."),
			"reason":  gated.Text("The service's reason."),
			"summary": gated.Summary(""),
			"result_list": gated.List("The detection, one row for the package.", map[string]schema.Attribute{
				"safe_type":          gated.Number("0 unknown, 1 safe, 2 risky, 3 virus."),
				"virus_name":         gated.Text("Name of the virus."),
				"virus_desc":         gated.Text("Description of the virus."),
				"sid":                gated.Text("The service's id of the sample."),
				"soft_name":          gated.Text("Name of the package."),
				"md5":                gated.Text("MD5 of the package."),
				"official":           flag("Whether it is the official package."),
				"repackage_status":   flag("Whether it was repackaged."),
				"banner":             flag("Whether it shows banners."),
				"boutique_recommand": flag("Whether it shows recommendation lists."),
				"float_windows":      flag("Whether it shows floating windows."),
				"integral_wall":      flag("Whether it shows integral walls."),
				"notify_bar":         flag("Whether it advertises in the notification bar."),
				"spot":               flag("Whether it shows interstitial advertising."),
				"plugin_list":        adPlugins("Advertising plugins."),
				"opt_plugin_list":    adPlugins("Other plugins."),
				"errno":              gated.Number("The service's error number; 0 and 1 mean no error."),
				"err_msg":            gated.Text("The service's text for the error number."),
			}),
		},
	}
}
