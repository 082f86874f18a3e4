package functions

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// inspectedAPK is the result of inspect_apk.
type inspectedAPK struct {
	MD5                   types.String        `tfsdk:"md5"`
	SHA256                types.String        `tfsdk:"sha256"`
	Size                  types.Int64         `tfsdk:"size"`
	Package               types.String        `tfsdk:"package"`
	VersionCode           types.Int64         `tfsdk:"version_code"`
	VersionName           types.String        `tfsdk:"version_name"`
	Label                 types.String        `tfsdk:"label"`
	MinSDKVersion         types.Int64         `tfsdk:"min_sdk_version"`
	TargetSDKVersion      types.Int64         `tfsdk:"target_sdk_version"`
	MaxSDKVersion         types.Int64         `tfsdk:"max_sdk_version"`
	CompileSDKVersion     types.Int64         `tfsdk:"compile_sdk_version"`
	Permissions           []string            `tfsdk:"permissions"`
	Debuggable            types.Bool          `tfsdk:"debuggable"`
	AllowBackup           types.Bool          `tfsdk:"allow_backup"`
	UsesCleartextTraffic  types.Bool          `tfsdk:"uses_cleartext_traffic"`
	TestOnly              types.Bool          `tfsdk:"test_only"`
	NetworkSecurityConfig types.Bool          `tfsdk:"network_security_config"`
	ExportedComponents    []exportedComponent `tfsdk:"exported_components"`
	Signatures            []packageSignature  `tfsdk:"signatures"`
	CertificateSHA256s    []string            `tfsdk:"certificate_sha256s"`
}

type exportedComponent struct {
	Kind      string `tfsdk:"kind"`
	Name      string `tfsdk:"name"`
	Protected bool   `tfsdk:"protected"`
	Launcher  bool   `tfsdk:"launcher"`
}

type packageSignature struct {
	Scheme            types.String `tfsdk:"scheme"`
	CertificateSHA256 types.String `tfsdk:"certificate_sha256"`
	Error             types.String `tfsdk:"error"`
}

func inspectedAPKTypes() map[string]attr.Type {
	texts := types.ListType{ElemType: types.StringType}
	return map[string]attr.Type{
		"md5":                     types.StringType,
		"sha256":                  types.StringType,
		"size":                    types.Int64Type,
		"package":                 types.StringType,
		"version_code":            types.Int64Type,
		"version_name":            types.StringType,
		"label":                   types.StringType,
		"min_sdk_version":         types.Int64Type,
		"target_sdk_version":      types.Int64Type,
		"max_sdk_version":         types.Int64Type,
		"compile_sdk_version":     types.Int64Type,
		"permissions":             texts,
		"debuggable":              types.BoolType,
		"allow_backup":            types.BoolType,
		"uses_cleartext_traffic":  types.BoolType,
		"test_only":               types.BoolType,
		"network_security_config": types.BoolType,
		"exported_components": types.ListType{ElemType: types.ObjectType{AttrTypes: map[string]attr.Type{
			"kind": types.StringType, "name": types.StringType, "protected": types.BoolType, "launcher": types.BoolType,
		}}},
		"signatures": types.ListType{ElemType: types.ObjectType{AttrTypes: map[string]attr.Type{
			"scheme": types.StringType, "certificate_sha256": types.StringType, "error": types.StringType,
		}}},
		"certificate_sha256s": texts,
	}
}

func newInspectedAPK(facts *apk.Facts) inspectedAPK {
	result := inspectedAPK{
		MD5:                   types.StringValue(facts.MD5),
		SHA256:                types.StringValue(facts.SHA256),
		Size:                  types.Int64Value(facts.Size),
		Package:               types.StringValue(facts.Package),
		VersionCode:           types.Int64PointerValue(facts.Declared.VersionCode),
		VersionName:           textOrNull(facts.VersionName),
		Label:                 textOrNull(facts.Label),
		MinSDKVersion:         types.Int64PointerValue(facts.Declared.MinSDK),
		TargetSDKVersion:      types.Int64PointerValue(facts.Declared.TargetSDK),
		MaxSDKVersion:         types.Int64PointerValue(facts.Declared.MaxSDK),
		CompileSDKVersion:     types.Int64PointerValue(facts.Declared.CompileSDK),
		Permissions:           slices.Sorted(slices.Values(facts.Permissions)),
		Debuggable:            flagValue(facts.Debuggable),
		AllowBackup:           flagValue(facts.AllowBackup),
		UsesCleartextTraffic:  flagValue(facts.UsesCleartextTraffic),
		TestOnly:              flagValue(facts.TestOnly),
		NetworkSecurityConfig: types.BoolValue(facts.NetworkSecurityConfig),
		ExportedComponents:    []exportedComponent{},
		Signatures:            []packageSignature{},
		CertificateSHA256s:    []string{},
	}
	if result.Permissions == nil { // an empty list, not null
		result.Permissions = []string{}
	}
	for _, c := range facts.Components {
		if c.Exported {
			result.ExportedComponents = append(result.ExportedComponents, exportedComponent{Kind: string(c.Kind), Name: c.Name, Protected: c.Protected, Launcher: c.Launcher})
		}
	}
	result.takeSignatures(facts)
	return result
}

// takeSignatures lists the signatures by scheme, with those that cannot be read among them: a package that
// has only such is not unsigned.
func (i *inspectedAPK) takeSignatures(facts *apk.Facts) {
	for _, s := range facts.Signatures {
		i.Signatures = append(i.Signatures, packageSignature{Scheme: types.StringValue(string(s.Scheme)), CertificateSHA256: types.StringValue(s.CertificateSHA256)})
		i.CertificateSHA256s = append(i.CertificateSHA256s, s.CertificateSHA256)
	}
	slices.Sort(i.CertificateSHA256s)
	i.CertificateSHA256s = slices.Compact(i.CertificateSHA256s)
	for _, s := range facts.UnreadableSignatures {
		reason := sanitize.Line(strings.ReplaceAll(s.Err.Error(), "apk: ", ""))
		i.Signatures = append(i.Signatures, packageSignature{Scheme: textOrNull(string(s.Scheme)), Error: types.StringValue(reason)})
		i.CertificateSHA256s = nil
	}
	slices.SortStableFunc(i.Signatures, func(a, b packageSignature) int {
		return strings.Compare(a.Scheme.ValueString(), b.Scheme.ValueString())
	})
}

// flagValue is null for a flag that the manifest does not give.
func flagValue(f apk.Flag) types.Bool {
	if f == apk.FlagUnset {
		return types.BoolNull()
	}
	return types.BoolValue(f == apk.FlagTrue)
}
