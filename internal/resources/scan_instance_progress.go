package resources

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// progress is what a scan task has come to.
type progress struct {
	status string
	// accepted and rejected partition the submitted MD5s; nil as long as the service has not said.
	accepted, rejected []string
	failures           []failure
	// summary is nil while the task is processing, and where nothing was scanned.
	summary *gate.Summary
	done    int
}

// failure is an app that was rejected, failed or timed out.
type failure struct {
	md5, desc, hint string
	code            *int64
}

// evaluateProgress classifies a task: completed when every accepted MD5 is done; failed when nothing is
// processing and any app was rejected, failed or timed out; else processing. submitted and accepted
// are lower-case MD5s. A nil accepted means that the answer to the submission did not name the
// accepted apps: then those with a row are, once every row has ended.
func evaluateProgress(submitted, accepted, scanTypes []string, answer *tencentcloud.DescribeScanResultsResponse) progress {
	rows := map[string][]tencentcloud.ScanSetInfo{}
	if answer != nil {
		for _, row := range answer.ScanSet.Items {
			md5 := evidence.RowMD5(row)
			rows[md5] = append(rows[md5], row)
		}
	}
	accepted = acceptedBy(submitted, accepted, rows, answer)
	assignUnnamedRows(accepted, rows, answer)
	var p progress
	processing := false
	for _, md5 := range submitted {
		switch {
		case accepted == nil:
			processing = true
		case !slices.Contains(accepted, md5):
			p.rejected = append(p.rejected, md5)
			p.failures = append(p.failures, rejection(md5))
		default:
			p.accepted = append(p.accepted, md5)
			state, failed := evaluateApp(md5, rows[md5])
			switch {
			case failed != nil:
				p.failures = append(p.failures, *failed)
			case state == gate.RowDone:
				p.done++
			default:
				processing = true
			}
		}
	}
	if accepted != nil && p.accepted == nil {
		p.accepted = []string{}
	}
	switch {
	case processing:
		p.status = scantask.StatusProcessing
	case len(p.failures) > 0:
		p.status = scantask.StatusFailed
	default:
		p.status = scantask.StatusCompleted
	}
	if p.status != scantask.StatusProcessing && p.done > 0 {
		p.summary = summarize(submitted, scanTypes, answer)
	}
	return p
}

// acceptedBy returns the apps that the service accepted: those that it named, and those that have a
// row, which proves it as well. Where it named none, the rows alone decide, once their number is as
// told and all have ended; before that, nil.
func acceptedBy(submitted, named []string, rows map[string][]tencentcloud.ScanSetInfo, answer *tencentcloud.DescribeScanResultsResponse) []string {
	if named != nil {
		accepted := slices.Clone(named)
		for _, md5 := range submitted {
			if len(rows[md5]) > 0 && !slices.Contains(accepted, md5) {
				accepted = append(accepted, md5)
			}
		}
		return accepted
	}
	if answer == nil || !answer.Complete() {
		return nil
	}
	var accepted []string
	for _, md5 := range submitted {
		if len(rows[md5]) == 0 {
			continue
		}
		state, failed := evaluateApp(md5, rows[md5])
		if failed == nil && state != gate.RowDone {
			return nil
		}
		accepted = append(accepted, md5)
	}
	return accepted
}

// assignUnnamedRows gives failed rows that name no app to the accepted apps that have no row, if the
// rows are complete and leave no doubt that they belong there: a package that could not be fetched may
// have nothing to be described by. What is done must name its app.
func assignUnnamedRows(accepted []string, rows map[string][]tencentcloud.ScanSetInfo, answer *tencentcloud.DescribeScanResultsResponse) {
	nameless := rows[""]
	if len(nameless) == 0 || !answer.Complete() || len(answer.ScanSet.Items) != len(accepted) {
		return
	}
	for _, md5 := range accepted {
		if len(rows[md5]) > 0 {
			continue
		}
		if state := evidence.RowState(nameless[0]); state != gate.RowFailed && state != gate.RowTimedOut {
			return
		}
		rows[md5], nameless = nameless[:1], nameless[1:]
		if len(nameless) == 0 {
			return
		}
	}
}

// evaluateApp returns the state of an app with one or more rows: the worst of them counts. No row at all
// is an app that is still to come.
func evaluateApp(md5 string, rows []tencentcloud.ScanSetInfo) (gate.RowState, *failure) {
	if len(rows) == 0 {
		return gate.RowRunning, nil
	}
	state := gate.RowDone
	for _, row := range rows {
		switch s := evidence.RowState(row); s {
		case gate.RowFailed, gate.RowTimedOut:
			return s, rowFailure(md5, s, row)
		case gate.RowDone:
		default:
			state = s
		}
	}
	return state, nil
}

func rowFailure(md5 string, state gate.RowState, row tencentcloud.ScanSetInfo) *failure {
	f := &failure{md5: md5, code: row.StatusCode.Ptr(), desc: sanitize.Line(row.StatusDesc.String())}
	if f.code != nil {
		f.hint = tencentcloud.CodeHint(*f.code)
		if f.desc == "" {
			f.desc = tencentcloud.CodeMeaning(*f.code)
		}
	}
	if f.desc == "" && state == gate.RowTimedOut {
		f.desc = "the scan timed out at the service"
	}
	f.hint = strings.TrimSpace(f.hint + " Scan again with -replace or a new value in triggers.")
	return f
}

func rejection(md5 string) failure {
	return failure{
		md5:  md5,
		desc: "the service did not accept this app",
		hint: "Take it out of app_infos to keep the scan of the others, or check its app_url and app_md5 and scan again with -replace or a new value in triggers.",
	}
}

func summarize(submitted, scanTypes []string, answer *tencentcloud.DescribeScanResultsResponse) *gate.Summary {
	required := scanTypes
	if required == nil {
		required = gate.DefaultScanTypes()
	}
	results := evidence.ScanResults("", nil, answer)
	results.Rows = slices.DeleteFunc(results.Rows, func(row gate.ScannedApp) bool {
		return !slices.Contains(submitted, row.MD5)
	})
	summary := gate.Summarize(results.Findings(required))
	return &summary
}

// describe says in one line how far the task is.
func (p progress) describe(submitted int) string {
	return fmt.Sprintf("%s: %d of %d apps done, %d rejected or failed", p.status, p.done, submitted, len(p.failures))
}
