package resources

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// importedModel returns the state of a task that is taken over. What the service does not tell is
// null: URLs, scan types, triggers, the account's quota and the time of the submission.
func importedModel(id string, answer *tencentcloud.DescribeScanResultsResponse) *scanInstanceModel {
	var apps []attr.Value
	var md5s []string
	seen := map[string]bool{}
	for _, row := range answer.ScanSet.Items {
		md5 := evidence.RowMD5(row)
		if !tf.IsMD5(md5) || seen[md5] { // what is no MD5 can be compared with no configuration
			continue
		}
		seen[md5] = true
		md5s = append(md5s, md5)
		apps = append(apps, importedApp(md5, row.AppDetailInfo.Ptr()))
	}
	m := &scanInstanceModel{
		AppInfos:  types.ListValueMust(appInfoType, apps),
		ScanInfo:  types.ObjectNull(scanInfoType.AttrTypes),
		ScanTypes: types.SetNull(types.StringType),
		ItemID:    types.StringValue(id),
	}
	m.setProgress(evaluateProgress(md5s, md5s, nil, answer))
	return m
}

// incompleteForImport tells what keeps results from naming every app of a task; empty if nothing does.
func incompleteForImport(answer *tencentcloud.DescribeScanResultsResponse) string {
	switch {
	case len(answer.ScanSet.Items) == 0:
		return "The results of the task name no app"
	case !answer.Complete():
		return fmt.Sprintf("The results of the task are not all there: %d are listed", len(answer.ScanSet.Items))
	}
	for _, row := range answer.ScanSet.Items {
		if evidence.RowMD5(row) == "" {
			return "A result of the task names no app"
		}
	}
	return ""
}

func importedApp(md5 string, detail *tencentcloud.AppDetailInfo) attr.Value {
	return types.ObjectValueMust(appInfoType.AttrTypes, map[string]attr.Value{
		"app_url":      types.StringNull(),
		"app_md5":      types.StringValue(md5),
		"app_size":     types.Int64PointerValue(detail.AppSize.Ptr()),
		"file_name":    importedText(detail.FileName),
		"app_pkg_name": importedText(detail.AppPkgName),
		"app_version":  importedText(detail.AppVersion),
		"app_icon_url": importedText(evidence.PlainURL(detail.AppIconURL)),
		"app_name":     importedText(detail.AppName),
	})
}

// importedText returns a text of the service as it may be printed: the CLI shows these inputs in the
// plan of an import.
func importedText(text tencentcloud.Text) types.String {
	if text.Ptr() == nil {
		return types.StringNull()
	}
	return types.StringValue(sanitize.Line(text.String()))
}
