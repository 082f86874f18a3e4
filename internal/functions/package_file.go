package functions

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// packageLimits bound what reading a package may cost. The file itself is read in pieces; the format
// of the archive ends at 4 GiB.
var packageLimits = apk.Limits{
	FileBytes:     4 << 30,
	ManifestBytes: 4 << 20,
	ResourceBytes: 64 << 20,
	TotalBytes:    128 << 20,
}

// purity is what the pages of both functions say about the file.
const purity = "Nothing is sent, and the provider needs no configuration. Functions need Terraform or OpenTofu 1.8 or newer. " +
	"Nothing in the file is trusted: what is needed and cannot be read, or is made to exhaust memory, is an error. " +
	"The file has at most 4 GiB, its manifest 4 MiB and its resource table 64 MiB; code and other content are not looked at, so that damage there is not noticed.\n\n" +
	"The file is read whenever the expression is evaluated: by `validate` and `plan`, and again by `apply`, of a saved plan too. So it has to exist while planning, and to stay the same until the apply is done. " +
	"If it changes in between, Terraform says `provider function returned an inconsistent result`, OpenTofu `Provider produced inconsistent final plan`, and nothing is submitted: " +
	"build before, not within, the run that reads the file, and plan again. The exception is an output in OpenTofu: it silently takes the new content."

func pathParameter() function.StringParameter {
	return function.StringParameter{
		Name: "path",
		MarkdownDescription: "Path of the package file (APK), or of a link to it. A relative path begins at the folder in which the CLI runs, and `~/` at the user's home, as for `filemd5`; " +
			"`\"${path.module}/app.apk\"` begins at the module.",
	}
}

// readPackage reads what the manifest says, and the signers where they are asked for.
func readPackage(ctx context.Context, path string, signatures bool) (*apk.Facts, *function.FuncError) {
	facts, err := apk.ReadFile(ctx, withHome(path), apk.Options{Limits: packageLimits, ManifestOnly: true, Signatures: signatures})
	if err != nil {
		return nil, packageError(path, err)
	}
	return facts, nil
}

// withHome puts the user's home in the place of a leading ~, as filemd5 does.
func withHome(path string) string {
	rest, found := strings.CutPrefix(path, "~")
	if !found || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// packageError says what is wrong with the file and what to do. The CLI puts it into a sentence of its
// own, to which it adds the full stop.
func packageError(path string, err error) *function.FuncError {
	if path == "" {
		return function.NewArgumentFuncError(0, `the path is empty; name a package file, as in "${path.module}/app.apk"`)
	}
	what, next := sanitize.Line(err.Error()), ""
	var file *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		what = "there is no such file"
		next = `A relative path begins at the folder in which the CLI runs, not at the module: for a file of the module write "${path.module}/app.apk". The file has to be there before the plan`
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		what, next = "the reading was interrupted", "Run again"
	case errors.As(err, &file):
		what, next = sanitize.Line(file.Err.Error()), "Check that the file may be read"
	case errors.Is(err, apk.ErrNotRegular):
		next = "Name the package file itself"
	case errors.Is(err, apk.ErrChanged):
		next = "Build the package before the run, and run again"
	case errors.Is(err, apk.ErrTooLarge):
		next = "If it is a package that Android installs, report this as a bug of the provider"
	case errors.Is(err, apk.ErrEvasion):
		next = "Build tools do not write such a file. It can hide from a scanner what Android runs: find out how it was made before it is scanned or released"
	case errors.Is(err, apk.ErrArchive), errors.Is(err, apk.ErrManifest):
		next = "Check that it is an Android package (APK, no bundle) and complete; build or download it again"
	default:
		next = "Run again; if it persists, check the disk"
	}
	return function.NewArgumentFuncError(0, fmt.Sprintf("unable to read the package %s: %s. %s", sanitize.Line(path), strings.ReplaceAll(what, "apk: ", ""), next))
}
