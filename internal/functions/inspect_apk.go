package functions

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
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
		Summary: "Reads digests, manifest and signers from a package file",
		MarkdownDescription: "Reads an Android package (APK) and returns what it says about itself, for conditions of your own. This is no scan, and no gate: a package can declare anything.\n\n" +
			"The attributes of the manifest have its own names in snake case, and are null where the manifest does not give them: what the platform then assumes is not filled in. " +
			"They are read as the platform reads them. " +
			"Where an attribute refers to a resource that has another value in each configuration (language, API level, screen), a flag and an export are true if they are true in any of them, an API level is the lowest (`max_sdk_version` the highest), and texts are those of a device with the newest release and no language.\n\n" +
			"- `md5`, `sha256` (string) Digests of the file, lower-case hexadecimal digits.\n" +
			"- `size` (number) Size of the file in bytes.\n" +
			"- `package` (string) Package name, as in `com.example.app`.\n" +
			"- `version_code` (number) Number of the build, with `versionCodeMajor` in its upper 32 bits.\n" +
			"- `version_name` (string) Version as users see it; null also where it refers to a resource that cannot be read.\n" +
			"- `label` (string) Name of the application; null also where it refers to a resource that cannot be read. If it has no value without a language, the value for American English is used, else another English one, else the first by language.\n" +
			"- `min_sdk_version`, `target_sdk_version`, `max_sdk_version`, `compile_sdk_version` (number) API levels; null also for the codename of a preview release, which counts as the newest level for what follows from it.\n" +
			"- `permissions` (list of string) Permissions that the package asks for, sorted, each once, whatever their `maxSdkVersion`; without those that Android adds for an old target level.\n" +
			"- `debuggable`, `allow_backup`, `uses_cleartext_traffic`, `test_only` (bool) Attributes of the application. One of these, or a number, that is there and cannot be read is an error.\n" +
			"- `network_security_config` (bool) Whether the manifest names a network security configuration, which newer releases follow instead of `uses_cleartext_traffic`. Its content is not read.\n" +
			"- `exported_components` (list of object) Components that other applications may use, in the manifest's order within each kind: `kind` (`activity`, `activity-alias`, `service`, `receiver` or `provider`), " +
			"`name` (full class name), `protected` (bool, whether those who use it need a permission) and `launcher` (bool, whether it is an entry in the launcher). " +
			"Where the manifest does not say whether a component is exported, the platform's rule decides, and one that cannot be read counts as exported. " +
			"A permission that every application gets on request (protection level `normal`, of Android or of the package itself) protects nothing; the level of a permission that another package declares is not known, and it counts as protection. " +
			"A component without a permission of its own has the application's, but an alias has none and an empty one overrides it. A provider needs one for reading and one for writing. " +
			"Whether a component is enabled is not looked at, since an application can change that.\n" +
			"- `signatures` (list of object) What each signature names as its signer: `scheme` (`v1`, `v2`, `v3` or `v3.1`), `certificate_sha256` (digest of the certificate, as `apksigner verify --print-certs` shows it) and `error` (null). " +
			"Sorted; empty where the package is not signed. A signature whose signer cannot be read has a null `certificate_sha256`, and an `error` that names it; a signing block that cannot be read at all has a null `scheme`, too.\n" +
			"- `certificate_sha256s` (list of string) The digests of `signatures`, sorted, each once. Null where one of them cannot be read, so that no comparison with known digests holds.\n\n" +
			"Certificates are read, **not verified**: anyone can put another's certificate into a file. They show a wrong key in your own builds. Only `apksigner verify` shows who signed a file of unknown origin.\n\n" +
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
		err = unresolved(path, facts)
	}
	if err != nil {
		resp.Error = err
		return
	}
	resp.Error = resp.Result.Set(ctx, newInspectedAPK(facts))
}

// unresolved refuses an attribute that is there and cannot be read: null would say that it is not there,
// and a value that it was read.
func unresolved(path string, facts *apk.Facts) *function.FuncError {
	if len(facts.Unresolved) == 0 {
		return nil
	}
	first := facts.Unresolved[0]
	return function.NewArgumentFuncError(0, fmt.Sprintf("unable to read the package %s: %s %s. Build it again, with the value itself in the manifest",
		sanitize.Line(path), first.Attribute, sanitize.Line(strings.ReplaceAll(first.Reason, "apk: ", ""))))
}
