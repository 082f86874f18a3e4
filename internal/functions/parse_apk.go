package functions

import (
	"context"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

var _ function.Function = parseAPK{}

// parseAPK is parse_apk: what a package file tells of an element of app_infos.
type parseAPK struct{}

// NewParseAPK makes the function parse_apk.
func NewParseAPK() function.Function { return parseAPK{} }

func (parseAPK) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_apk"
}

func (parseAPK) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads the attributes of app_infos of ms_scan_instance from a package file",
		MarkdownDescription: "Reads an Android package (APK) and returns an object with the attributes of an element of `app_infos` of `ms_scan_instance` that the file itself contains; `merge` adds the `app_url`:\n\n" +
			"- `app_md5` (string) MD5 of the file, 32 lower-case hexadecimal digits.\n" +
			"- `app_size` (number) Size of the file in bytes.\n" +
			"- `file_name` (string) Last part of the path.\n" +
			"- `app_pkg_name` (string) Package name of the manifest, as in `com.example.app`.\n" +
			"- `app_version` (string) `android:versionName` of the manifest; null where it gives none, or where it refers to a resource that cannot be read.\n" +
			"- `app_name` (string) `android:label` of the application, in the default language of its resources, else in American English, another English or the first by language; null where there is none, or where it refers to a resource that cannot be read.\n\n" +
			purity,
		Parameters: []function.Parameter{pathParameter()},
		Return:     function.ObjectReturn{AttributeTypes: parsedAPKTypes()},
	}
}

func (parseAPK) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var path string
	if resp.Error = req.Arguments.Get(ctx, &path); resp.Error != nil {
		return
	}
	facts, err := readPackage(ctx, path, false)
	if err != nil {
		resp.Error = err
		return
	}
	resp.Error = resp.Result.Set(ctx, newParsedAPK(path, facts))
}

// parsedAPK is the result of parse_apk.
type parsedAPK struct {
	AppMD5     types.String `tfsdk:"app_md5"`
	AppSize    types.Int64  `tfsdk:"app_size"`
	FileName   types.String `tfsdk:"file_name"`
	AppPkgName types.String `tfsdk:"app_pkg_name"`
	AppVersion types.String `tfsdk:"app_version"`
	AppName    types.String `tfsdk:"app_name"`
}

func parsedAPKTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"app_md5":      types.StringType,
		"app_size":     types.Int64Type,
		"file_name":    types.StringType,
		"app_pkg_name": types.StringType,
		"app_version":  types.StringType,
		"app_name":     types.StringType,
	}
}

func newParsedAPK(path string, facts *apk.Facts) parsedAPK {
	return parsedAPK{
		AppMD5:     types.StringValue(facts.MD5),
		AppSize:    types.Int64Value(facts.Size),
		FileName:   types.StringValue(filepath.Base(path)),
		AppPkgName: types.StringValue(facts.Package),
		AppVersion: textOrNull(facts.VersionName),
		AppName:    textOrNull(facts.Label),
	}
}

// textOrNull is null for a text that the package does not give.
func textOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
