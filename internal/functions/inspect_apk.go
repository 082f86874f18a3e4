package functions

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

var _ function.Function = inspectAPK{}

// inspectAPK is inspect_apk: what a package file says about itself.
type inspectAPK struct{}

// NewInspectAPK makes the function inspect_apk.
func NewInspectAPK() function.Function { return inspectAPK{} }

func (inspectAPK) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "inspect_apk"
}

func (inspectAPK) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads from a package file its digests, manifest and signers",
		MarkdownDescription: "Reads an Android package (APK) and returns what it says about itself, for conditions of your own. This is no scan, and no gate: a package can declare anything.\n\n" +
			"The attributes of the manifest have its own names in snake case, and are null where the manifest does not give them: what the platform then assumes is not filled in. " +
			"They are read as the platform reads them, and in the default configuration where they refer to resources.\n\n" +
			"- `md5`, `sha256` (string) Digests of the file, lower-case hexadecimal digits.\n" +
			"- `size` (number) Size of the file in bytes.\n" +
			"- `package` (string) Package name, as in `com.example.app`.\n" +
			"- `version_code` (number) Number of the build, with `versionCodeMajor` in its upper 32 bits.\n" +
			"- `version_name` (string) Version as users see it.\n" +
			"- `label` (string) Name of the application; null also where it refers to a resource that the package does not hold.\n" +
			"- `min_sdk_version`, `target_sdk_version`, `max_sdk_version`, `compile_sdk_version` (number) API levels; null also for the codename of a preview release.\n" +
			"- `permissions` (list of string) Permissions that the package asks for, sorted, each once, whatever their `maxSdkVersion`.\n" +
			"- `debuggable`, `allow_backup`, `uses_cleartext_traffic`, `test_only` (bool) Attributes of the application. One that refers to a resource which the package does not hold is an error.\n" +
			"- `network_security_config` (bool) Whether the manifest names a network security configuration, which newer releases follow instead of `uses_cleartext_traffic`. Its content is not read.\n" +
			"- `exported_components` (list of object) Components that other applications may use, in the manifest's order within each kind: `kind` (`activity`, `activity-alias`, `service`, `receiver` or `provider`), " +
			"`name` (full class name), `protected` (bool, whether a permission is asked of those who use it) and `launcher` (bool, whether it is an entry in the launcher). " +
			"Where the manifest does not say, the platform's rule decides.\n" +
			"- `signatures` (list of object) What each signature names as its signer: `scheme` (`v1`, `v2`, `v3` or `v3.1`) and `certificate_sha256` (digest of the certificate, as `apksigner verify --print-certs` shows it). " +
			"Sorted; empty where the package is not signed.\n" +
			"- `certificate_sha256s` (list of string) The digests of `signatures`, sorted, each once.\n\n" +
			"Certificates are read, **not verified**: anyone can put another's certificate into a file. They tell a wrong key from the right one in your own builds; who signed a file of unknown origin, only `apksigner verify` tells.\n\n" +
			purity,
		Parameters: []function.Parameter{pathParameter()},
		Return:     function.ObjectReturn{AttributeTypes: inspectedAPKTypes()},
	}
}

func (inspectAPK) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var path string
	if resp.Error = req.Arguments.Get(ctx, &path); resp.Error != nil {
		return
	}
	facts, err := readPackage(ctx, path, true)
	if err == nil {
		err = unresolvedFlag(path, facts)
	}
	if err != nil {
		resp.Error = err
		return
	}
	resp.Error = resp.Result.Set(ctx, newInspectedAPK(facts))
}

// unresolvedFlag refuses a flag that is there and cannot be read: null would say that it is not there,
// and true or false that it was read.
func unresolvedFlag(path string, facts *apk.Facts) *function.FuncError {
	for _, f := range flags(facts) {
		if f.value == apk.FlagUnresolved {
			return function.NewArgumentFuncError(0, fmt.Sprintf("unable to read the package %s: android:%s refers to a resource that the package does not hold. Build it again, with the value itself in the manifest",
				gate.Line(path), f.attribute))
		}
	}
	return nil
}
