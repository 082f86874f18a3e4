package functions

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/datasources"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

// object returns a value as the CLI hands it over: numbers are numbers, lists may be tuples.
func object(attributes map[string]any) tftypes.Value {
	values, kinds := map[string]tftypes.Value{}, map[string]tftypes.Type{}
	for name, v := range attributes {
		values[name] = value(v)
		kinds[name] = values[name].Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, values)
}

func value(v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case string:
		return tftypes.NewValue(tftypes.String, v)
	case bool:
		return tftypes.NewValue(tftypes.Bool, v)
	case int, float64:
		return tftypes.NewValue(tftypes.Number, v)
	case map[string]any:
		return object(v)
	case []any:
		values, kinds := make([]tftypes.Value, len(v)), make([]tftypes.Type, len(v))
		for i := range v {
			values[i] = value(v[i])
			kinds[i] = values[i].Type()
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: kinds}, values)
	case tftypes.Value:
		return v
	default:
		panic(fmt.Sprintf("%T", v))
	}
}

// read reads a value as a renderer does.
func read(t *testing.T, v tftypes.Value) ([]report.Scan, error) {
	t.Helper()
	return scansOf(v)
}

// scanResults is a ms_scan_results object with one vulnerability and the gate and verdict given.
func scanResults(changes map[string]any) map[string]any {
	attributes := map[string]any{
		"item_id": "i-1", "status": "completed", "include_details": nil, "gate": nil, "verdict": nil,
		"summary": map[string]any{"critical": 0, "high": 1, "medium": 0, "low": 0, "info": 0, "unknown": 0, "total": 1},
		"scan_set": []any{map[string]any{
			"task_status": 1, "status_code": 0, "virus_info": map[string]any{"safe_type": 1},
			"app_detail_info": map[string]any{"app_md5": "DD5B29A800246D7089FEBF228286D901", "app_pkg_name": "com.example.app", "app_name": "App", "app_version": "1.0"},
			"vul_info": map[string]any{"vul_file_score": 9, "vul_list": []any{map[string]any{
				"vul_id": "V-1", "vul_name": "Bad", "vul_filepath": "classes.dex", "risk_level": 3, "vul_desc": "It is bad.", "vul_solution": "Mend it.",
			}}},
		}},
	}
	for name, change := range changes {
		attributes[name] = change
	}
	return attributes
}

func TestScansOf_readAValue(t *testing.T) {
	t.Parallel()
	scans, err := read(t, value([]any{scanResults(nil)}))
	if err != nil {
		t.Fatal(err)
	}
	scan := scans[0]
	wantSubject := report.Subject{Name: "com.example.app", Label: "App 1.0", MD5: "dd5b29a800246d7089febf228286d901", Scanned: true}
	if scan.Source != gate.SourceScanResults || scan.Object != "item i-1" || scan.Subjects[0] != wantSubject || len(scan.Notes) > 0 {
		t.Errorf("%+v", scan)
	}
	finding := scan.Findings[0]
	if finding.ID != "V-1" || finding.Severity != gate.High || finding.Location != "classes.dex" || finding.Subject != "com.example.app" || finding.Status != "" {
		t.Errorf("%+v", finding)
	}
	if text := scan.Texts[report.Topic{Category: gate.Vulnerability, ID: "V-1"}]; text != (report.Text{Description: "It is bad.", Remedy: "Mend it."}) {
		t.Errorf("%+v", text)
	}
}

// hostTask is a ms_cwp_scan_task_details object.
func hostTask(changes map[string]any) map[string]any {
	attributes := map[string]any{
		"module_type": "Malware", "task_id": 4, "status": "completed", "gate": nil, "verdict": nil, "summary": nil, "vul_info": nil,
		"scan_begin_time": "2026-03-10 19:00:00", "scan_end_time": "2026-03-10 20:00:00",
		"scan_task_detail_list": []any{
			map[string]any{"quuid": "q2", "host_name": "web-2", "status": "Ok", "risk_num": 0, "scan_begin_time": "2026-03-10 19:10:00", "scan_end_time": nil},
			map[string]any{"quuid": "q1", "host_name": "web-1", "status": "Fail", "risk_num": 0, "scan_begin_time": nil, "scan_end_time": "2026-03-10 19:20:00"},
		},
	}
	for name, change := range changes {
		attributes[name] = change
	}
	return attributes
}

// TestScansOf_readWhatARecordNeeds: when, what, and by which policy.
func TestScansOf_readWhatARecordNeeds(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) *time.Time {
		at := time.Date(2026, time.March, 10, hour, minute, 0, 0, time.UTC)
		return &at
	}
	verdict := someVerdict("x")
	verdict["policy"] = `{"fail_on":"high"}`
	timed := scanResults(map[string]any{"gate": map[string]any{}, "verdict": verdict})
	timed["scan_set"].([]any)[0].(map[string]any)["task_time"] = int(at(11, 0).Unix())
	images := map[string]any{
		"local_task_id": 2, "registry_task_id": nil, "status": "SCANNED", "local_image_scan_count": 1, "registry_image_scan_count": nil, "found_vul_count": 0,
		"registry_found_vul_count": nil, "found_risk_image_count": nil, "ignore_vul_count": nil, "gate": nil, "verdict": nil, "scan_start_time": "2026-03-10 19:00:00", "scan_end_time": nil,
	}
	scans, err := read(t, value([]any{timed, hostTask(nil), hostTask(map[string]any{"vul_info": []any{map[string]any{"cve_id": "CVE-1", "level": 3}}}), images}))
	if err != nil {
		t.Fatal(err)
	}
	if subject := scans[0].Subjects[0]; !subject.At.Equal(*at(11, 0)) || scans[0].Policy != `{"fail_on":"high"}` {
		t.Errorf("%+v, policy %q", subject, scans[0].Policy)
	}
	want := []report.Subject{{Name: "q2", Label: "web-2", Scanned: true, At: at(11, 10)}, {Name: "q1", Label: "web-1", At: at(11, 20)}}
	for i, scan := range scans[1:3] {
		if !reflect.DeepEqual(scan.Subjects, want) || !reflect.DeepEqual(scan.Began, at(11, 0)) || !reflect.DeepEqual(scan.Ended, at(12, 0)) ||
			scan.Kind != "Malware" || scan.Scope != "Malware q1 q2" || scan.OneForAll != (i == 1) {
			t.Errorf("%+v", scan)
		}
	}
	if scan := scans[3]; !reflect.DeepEqual(scan.Began, at(11, 0)) || scan.Ended != nil || scan.Scope != "local 2, registry –" {
		t.Errorf("%+v", scan)
	}
}

// TestScansOf_findingsDoNotDecideWhoIsJudged: a clean run has the test cases of one that fails.
func TestScansOf_findingsDoNotDecideWhoIsJudged(t *testing.T) {
	t.Parallel()
	brief := map[string]any{
		"module_type": "Malware", "quuids": []any{"q1", "q2"}, "task_id": 4, "status": "completed", "summary": nil, "include_details": false, "machines": nil, "findings": nil,
		"gate": nil, "verdict": nil, "scan_begin_time": nil, "scan_end_time": nil,
	}
	for name, test := range map[string]struct {
		scan map[string]any
		want bool
	}{
		"vulnerabilities, found":     {hostTask(map[string]any{"module_type": "Vul", "vul_info": []any{map[string]any{"cve_id": "CVE-1", "level": 3}}}), true},
		"vulnerabilities, none":      {hostTask(map[string]any{"module_type": "Vul", "vul_info": []any{}}), true},
		"malware, of each host":      {hostTask(nil), false},
		"findings without a host":    {brief, true},
		"detection of a package":     {detection(nil), false},
		"detection of a named one":   {detection("com.example.app"), false},
		"packages, without a gate":   {scanResults(nil), false},
		"packages, without any rows": {scanResults(map[string]any{"scan_set": []any{}}), false},
	} {
		scans, err := read(t, value(test.scan))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if scans[0].OneForAll != test.want {
			t.Errorf("%s: %+v", name, scans[0])
		}
	}
	brief["module_type"], brief["gate"], brief["verdict"] = "Vul", map[string]any{}, someVerdict("x")
	if scans, err := read(t, value(brief)); err != nil || len(scans[0].Notes) == 0 || !strings.Contains(strings.Join(scans[0].Notes, " "), "are in no count") {
		t.Errorf("%+v, %v", scans, err)
	}
	for name, want := range map[any]report.Subject{
		nil:               {Name: "App", MD5: "dd5b29a800246d7089febf228286d901", Scanned: true},
		"com.example.app": {Name: "com.example.app", Label: "App", MD5: "dd5b29a800246d7089febf228286d901", Scanned: true},
	} {
		scans, err := read(t, value(detection(name)))
		if err != nil || scans[0].Subjects[0] != want {
			t.Errorf("%v: %+v, %v", name, scans, err)
		}
	}
}

// detection is a ms_apk_detection object of a package with a name, or nil.
func detection(name any) map[string]any {
	return map[string]any{
		"apk_md5": "dd5b29a800246d7089febf228286d901", "app_pkg_name": name, "result": "ok", "gate": nil, "verdict": nil, "summary": nil,
		"result_list": []any{map[string]any{"md5": "dd5b29a800246d7089febf228286d901", "soft_name": "App", "safe_type": "1"}},
	}
}

// someVerdict is a verdict that lists one violation, of which a policy is not known.
func someVerdict(sha256 string) map[string]any {
	return map[string]any{
		"outcome": "fail", "passed": false, "message": "The gate fails for item i-1: x.\nTo pass: mend it.", "reasons": []any{},
		"violations": []any{map[string]any{
			"rule": "fail_on", "category": "vulnerability", "severity": "high", "id": "V-1", "name": "Bad", "location": "classes.dex",
			"app_md5": "dd5b29a800246d7089febf228286d901", "fingerprint": "f",
		}},
		"violation_count": 1, "excepted_count": 0, "baselined_count": 0, "unused_exceptions": []any{}, "valid_until": nil,
		"policy_sha256": sha256, "endpoint": "tencentcloudapi.com", "fingerprints": nil,
	}
}

func TestScansOf_sayWhereDetailsAreLeftOut(t *testing.T) {
	t.Parallel()
	scans, err := read(t, value(scanResults(map[string]any{
		"include_details": false, "scan_set": nil, "verdict": someVerdict("x"),
		"gate": map[string]any{"required_md5s": []any{"DD5B29A800246D7089FEBF228286D901"}},
	})))
	if err != nil {
		t.Fatal(err)
	}
	scan := scans[0]
	if !strings.Contains(scan.Partial, "include_details = false") || !strings.Contains(scan.Partial, "1 of 1") || scan.Summary.High != 1 {
		t.Errorf("%q, summary %+v", scan.Partial, scan.Summary)
	}
	if len(scan.Findings) != 1 || scan.Findings[0].Status != gate.StatusViolation || scan.Subjects[0].MD5 != "dd5b29a800246d7089febf228286d901" {
		t.Errorf("findings %+v of %+v", scan.Findings, scan.Subjects)
	}
}

// TestScansOf_doNotTrustWhatWasChanged: a report must not call a finding excepted because of a gate
// that is not the one of the verdict, nor hide that findings are gone.
func TestScansOf_doNotTrustWhatWasChanged(t *testing.T) {
	t.Parallel()
	policy := map[string]any{
		"required_md5s": []any{"dd5b29a800246d7089febf228286d901"},
		"exceptions":    []any{map[string]any{"category": "vulnerability", "id": "V-1", "reason": "r", "expires_at": "9999-12-31", "app_pkg_name": nil, "app_md5": nil}},
	}
	for name, changes := range map[string]map[string]any{
		"another gate": {"gate": policy, "verdict": someVerdict("0123")},
		"no findings":  {"gate": policy, "verdict": someVerdict("0123"), "scan_set": []any{}},
	} {
		scans, err := read(t, value(scanResults(changes)))
		if err != nil {
			t.Fatal(err)
		}
		scan := scans[0]
		if !slices.ContainsFunc(scan.Notes, func(note string) bool { return strings.Contains(note, "cannot be told") }) {
			t.Errorf("%s: notes %q", name, scan.Notes)
		}
		if scan.Findings[0].Status != gate.StatusViolation || slices.ContainsFunc(scan.Findings, func(r gate.JudgedFinding) bool { return r.Status == gate.StatusExcepted }) {
			t.Errorf("%s: %+v", name, scan.Findings)
		}
		if gone := len(scan.Notes) == 2 && strings.Contains(scan.Notes[1], "not as the data source gave it"); gone != (name == "no findings") {
			t.Errorf("%s: notes %q", name, scan.Notes)
		}
	}
}

func TestScansOf_refuse(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]tftypes.Value{
		"null":                     value(nil),
		"no value at all":          {},
		"text":                     value("x"),
		"empty list":               value([]any{}),
		"null in a list":           value([]any{scanResults(nil), nil}),
		"list of lists":            value([]any{[]any{scanResults(nil)}}),
		"set":                      tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{}),
		"null list":                tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, nil),
		"null object":              tftypes.NewValue(tftypes.Object{}, nil),
		"verdict without gate":     value(scanResults(map[string]any{"verdict": someVerdict("x")})),
		"no duration":              value(scanResults(map[string]any{"gate": map[string]any{"max_age": "long"}})),
		"text instead of rows":     value(scanResults(map[string]any{"scan_set": "x"})),
		"text instead of verdict":  value(scanResults(map[string]any{"verdict": "pass"})),
		"valid_until is no time":   value(scanResults(map[string]any{"verdict": map[string]any{"valid_until": "x"}})),
		"summary of texts":         value(scanResults(map[string]any{"summary": map[string]any{"high": "many"}})),
		"fraction in place of one": value(scanResults(map[string]any{"summary": map[string]any{"high": 1.5}})),
	} {
		if scans, err := read(t, v); err == nil {
			t.Errorf("%s is read as %+v", name, scans)
		}
	}
	partial := scanResults(nil)
	delete(partial, "verdict")
	if _, err := read(t, value(partial)); err == nil {
		t.Error("a part of a data source is taken for the whole")
	}
}

// TestShapes_nameAttributesThatTheDataSourcesHave, and tell the data sources apart.
func TestShapes_nameAttributesThatTheDataSourcesHave(t *testing.T) {
	t.Parallel()
	made := map[gate.Source]func() datasource.DataSource{
		gate.SourceScanResults: datasources.NewScanResults, gate.SourceAPKDetection: datasources.NewAPKDetection,
		gate.SourceHostScan: datasources.NewHostScan, gate.SourceHosts: datasources.NewHostFindings,
		gate.SourceImageScan: datasources.NewImageScan, gate.SourceImage: datasources.NewImageFindings,
	}
	if len(shapes) != len(made) {
		t.Errorf("%d shapes", len(shapes))
	}
	for source, make := range made {
		var schema datasource.SchemaResponse
		make().Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		var fitting []gate.Source
		for _, shape := range shapes {
			has := func(name string) bool { _, ok := schema.Schema.Attributes[name]; return ok }
			if !slices.ContainsFunc(shape.attributes, func(name string) bool { return !has(name) }) {
				fitting = append(fitting, shape.source)
			}
		}
		if !slices.Equal(fitting, []gate.Source{source}) {
			t.Errorf("%s fits the shapes of %v", source, fitting)
		}
	}
}

// run calls a renderer as the framework does.
func run(t *testing.T, value tftypes.Value) function.RunResponse {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(types.StringNull())}
	renderers[2].Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{argument{raw: value}})}, &resp)
	return resp
}

func TestRenderer_anUnknownInsideMakesTheReportUnknown(t *testing.T) {
	t.Parallel()
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	for name, argument := range map[string]tftypes.Value{
		"as a whole": tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue),
		"an element": value([]any{tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.Bool}}, tftypes.UnknownValue)}),
		"inside":     value([]any{scanResults(map[string]any{"status": unknown})}),
	} {
		if resp := run(t, argument); resp.Error != nil || !resp.Result.Value().IsUnknown() {
			t.Errorf("%s: %v, %v", name, resp.Result.Value(), resp.Error)
		}
	}
}

func TestRenderer_errorsPointAtTheArgument(t *testing.T) {
	t.Parallel()
	if resp := run(t, value("x")); resp.Error == nil || resp.Error.FunctionArgument == nil || *resp.Error.FunctionArgument != 0 {
		t.Errorf("%+v", resp.Error)
	}
}
