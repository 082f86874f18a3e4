package datasources

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// fullAnswer has each section once in full, once empty and once left out.
const fullAnswer = `{"ScanSet": [
  {"TaskStatus": 1, "StatusCode": "0", "StatusDesc": "d", "StatusRef": "r", "TaskTime": 5,
   "AppDetailInfo": {"AppMd5": "m", "AppSize": 7, "FileName": "f", "AppPkgName": "p", "AppVersion": "v", "AppIconUrl": "https://u:p@h/i?sign=s", "AppName": "n"},
   "VirusInfo": {"SafeType": "1", "VirusName": "vn", "VirusDesc": "vd"},
   "VulInfo": {"VulFileScore": "80", "VulList": [{"VulId": "1", "VulName": "2", "VulCode": "3", "VulDesc": "4", "VulSolution": "5", "VulSrcType": "6", "VulFilepath": "7", "RiskLevel": "3"}, {}]},
   "AdInfo": {"Spot": [{"PluginType": "6", "PluginName": "a", "PluginDesc": "b"}], "Banners": [], "NotifyBar": [{}]},
   "PermissionInfo": {"PermissionList": [{"Permission": "android.permission.CAMERA"}]},
   "SensitiveInfo": {"SensitiveList": [{"WordList": ["x", "y"], "FilePath": "fp", "FileSha": "fs"}, {}]}},
  {"VulInfo": {}, "VirusInfo": {}, "AdInfo": "no object", "PermissionInfo": {"PermissionList": []}, "SensitiveInfo": {}, "AppDetailInfo": {}},
  {}]}`

func TestScanSet_holdsEveryFieldAndNullForWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	var answer tencentcloud.DescribeScanResultsResponse
	if err := json.Unmarshal([]byte(fullAnswer), &answer); err != nil {
		t.Fatal(err)
	}
	state := tfsdk.State{Schema: schema.Schema{Attributes: map[string]schema.Attribute{"scan_set": gated.List("", scanSetAttributes())}}}
	diags := protocol.SetState(t.Context(), &state, struct {
		ScanSet []rowModel `tfsdk:"scan_set"`
	}{gated.Elements(answer.ScanSet, rowOf)})
	var rows types.List
	diags.Append(state.GetAttribute(t.Context(), path.Root("scan_set"), &rows)...)
	if diags.HasError() {
		t.Fatal(diags)
	}
	want := []string{
		`{"ad_info":{"banners":[],"boutique_recommands":<null>,"float_windows":<null>,"integral_walls":<null>,` +
			`"notify_bars":[{"plugin_desc":<null>,"plugin_name":<null>,"plugin_type":<null>}],"spots":[{"plugin_desc":"b","plugin_name":"a","plugin_type":6}]},` +
			`"app_detail_info":{"app_icon_url":"https://h/i","app_md5":"m","app_name":"n","app_pkg_name":"p","app_size":7,"app_version":"v","file_name":"f"},` +
			`"permission_info":{"permission_list":[{"permission":"android.permission.CAMERA"}]},` +
			`"sensitive_info":{"sensitive_list":[{"file_path":"fp","file_sha":"fs","word_list":["x","y"]},{"file_path":<null>,"file_sha":<null>,"word_list":<null>}]},` +
			`"status_code":0,"status_desc":"d","status_ref":"r","task_status":1,"task_time":5,` +
			`"virus_info":{"safe_type":1,"virus_desc":"vd","virus_name":"vn"},` +
			`"vul_info":{"vul_file_score":80,"vul_list":[` +
			`{"risk_level":3,"severity":"high","vul_code":"3","vul_desc":"4","vul_filepath":"7","vul_id":"1","vul_name":"2","vul_solution":"5","vul_src_type":6},` +
			`{"risk_level":<null>,"severity":"unknown","vul_code":<null>,"vul_desc":<null>,"vul_filepath":<null>,"vul_id":<null>,"vul_name":<null>,"vul_solution":<null>,"vul_src_type":<null>}]}}`,
		`{"ad_info":<null>,` +
			`"app_detail_info":{"app_icon_url":<null>,"app_md5":<null>,"app_name":<null>,"app_pkg_name":<null>,"app_size":<null>,"app_version":<null>,"file_name":<null>},` +
			`"permission_info":{"permission_list":[]},"sensitive_info":{"sensitive_list":<null>},` +
			`"status_code":<null>,"status_desc":<null>,"status_ref":<null>,"task_status":<null>,"task_time":<null>,` +
			`"virus_info":{"safe_type":<null>,"virus_desc":<null>,"virus_name":<null>},"vul_info":{"vul_file_score":<null>,"vul_list":<null>}}`,
		`{"ad_info":<null>,"app_detail_info":<null>,"permission_info":<null>,"sensitive_info":<null>,` +
			`"status_code":<null>,"status_desc":<null>,"status_ref":<null>,"task_status":<null>,"task_time":<null>,"virus_info":<null>,"vul_info":<null>}`,
	}
	if len(rows.Elements()) != len(want) {
		t.Fatalf("%d rows", len(rows.Elements()))
	}
	for i, row := range rows.Elements() {
		if got := row.String(); got != want[i] {
			t.Errorf("row %d is\n%s\nwant\n%s", i, got, want[i])
		}
	}
}
