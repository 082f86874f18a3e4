package functions

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

var _ function.Function = renderer{}

// renderer is one of the functions that turn data sources into a report; they differ in the format.
type renderer struct {
	name, summary, format string
	render                func(report.Report) (string, error)
	// version is the provider's, which reports name.
	version string
}

// renderers are all of them, but for their version.
var renderers = []renderer{
	{
		name: "render_html", render: report.HTML,
		summary: "Renders scans as an HTML page",
		format:  "Returns an HTML page (string) of data sources of this provider, as one file that loads nothing: what was judged and how it ended, what would make it pass, the policy in words, the findings by severity and category, and a table of the worst 2,000 of them with the service's advice on how to fix them. It can be printed, and read without its script, which adds a filter and sorting.",
	},
	{
		name: "render_junit", render: report.JUnit,
		summary: "Renders scans as JUnit XML, for the test results of a CI system",
		format:  "Returns a JUnit XML file (string) of data sources of this provider: a suite for each of them, in it a test case for each rule of its gate and each app, image or host, and a case `evidence`. The class of a case is the app, image or host without a version; class and name are unique within the report, and the same in the next run. A rule that is violated is a failure with the findings that violate it, worst first; an incomplete answer is an error. Only what is proven passes: a data source without a gate, and a rule that an incomplete answer does not prove, is skipped.",
	},
	{
		name: "render_markdown", render: report.Markdown,
		summary: "Renders scans as Markdown, for a comment on a pull request",
		format:  "Returns a Markdown text (string) of data sources of this provider for a comment on a pull request: how the gates ended, what would make them pass, the policy in words, the findings, worst first, and the service's advice on how to fix them; long lists are folded. It has at most 65,000 bytes, and so fits into a comment on GitHub, which takes 65,536 characters; a last line counts the findings that are left out.",
	},
	{
		name: "render_sarif", render: report.SARIF,
		summary: "Renders scans as SARIF, for code scanning",
		format:  "Returns a [SARIF](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) 2.1.0 file (string) of data sources of this provider, for code scanning and other viewers: one run, a rule for each id of findings (`category/id`), results with the level and the `security-severity` of their severity, and `partialFingerprints`. The property `fingerprint` of a result is the one that a gate's `baseline` takes; it is also the partial fingerprint where the finding names an app, image or host. Where it names none, what was scanned as a whole is part of the partial fingerprint, so that scans of different objects share none. Findings that an exception or the baseline covers are results with a suppression, which gives the exception's reason.\n\nThe file stays within the limits of an upload to GitHub's code scanning, which are 25,000 results and 10 MB when compressed. What does not fit is left out, the least severe first, and a notification of the run counts it. A run with an incomplete scan is marked as not successful.",
	},
}

func (r renderer) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = r.name
}

func (r renderer) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             r.summary,
		MarkdownDescription: r.format + "\n\n" + renderDescription,
		Parameters: []function.Parameter{function.DynamicParameter{
			Name: "scans", CustomType: argumentType{},
			MarkdownDescription: "A whole data source of this provider, as in `data.ms_scan_results.app`, or a list or tuple of them. Its attribute `verdict` says what its gate decided; " +
				"a data source with `for_each` is a map of them: give `values(data.ms_scan_results.app)`.",
		}},
		Return: function.StringReturn{},
	}
}

// renderDescription is what the pages of all renderers say.
const renderDescription = "It shows what was found, what the gate of each data source decided, and what would make it pass. " +
	"Findings, severities and fingerprints are those that the gate saw. " +
	"Where a data source left its details out (`include_details = false`), the report has its counts and the violations that its verdict lists, and says so. " +
	"`ms_tcss_vul_scan_info` gives counts and no findings.\n\n" +
	"A mandatory gate that does not pass is an error, and so leaves nothing to report: where a report is wanted in any case, set `enforcement` to `advisory` or `none`, and let what is released refer to `verdict.passed`; " +
	"see the guide [Reports in CI](../guides/reports.md).\n\n" +
	"No text of the service, or of a package, becomes markup, a link, a mention or a command. URLs of packages are not in the report. " +
	"Mark the output as `sensitive`, or each run prints the whole report into its log; `terraform output -raw` still prints it. Terraform requires this where a data source holds a sensitive value, as `ms_apk_detection` does in `apk_url`.\n\n" +
	"The result is the same whenever the data sources are: it holds no time of rendering. While one of them is not known yet, the report is not known either.\n\n" +
	"~> A null argument is an error, and so is a null in the list. Terraform and OpenTofu do not call a function for a null argument: the message is then the CLI's own."

func (r renderer) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var value argument
	if resp.Error = req.Arguments.Get(ctx, &value); resp.Error != nil {
		return
	}
	scans, err := scansOf(value.raw)
	switch {
	case errors.Is(err, errUnknown):
		// The CLIs call a function only with values that are known throughout; this is for those that do
		// not keep to it.
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
		return
	case err != nil:
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	text, err := r.render(report.Report{Version: r.version, Scans: scans})
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, text)
}

// errShape tells that a value is not what a renderer takes.
var errShape = errors.New("not a data source of this provider")

// scansOf returns the scans of the data sources in an argument.
func scansOf(value tftypes.Value) ([]report.Scan, error) {
	if !value.IsKnown() {
		return nil, errUnknown
	}
	elements, ok := elementsOf(value)
	if !ok {
		scan, err := scanOf(value)
		return []report.Scan{scan}, err
	}
	if len(elements) == 0 {
		return nil, errors.New("the list is empty: a report about nothing would look like one about nothing found")
	}
	scans := make([]report.Scan, 0, len(elements))
	for i, element := range elements {
		scan, err := scanOf(element)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		scans = append(scans, scan)
	}
	return scans, nil
}
