//go:build !frameworkstate

package datasources

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
)

// TestModels_areOfTheirSchemas encodes models with everything in them that has attributes, and nothing else.
func TestModels_areOfTheirSchemas(t *testing.T) {
	t.Parallel()
	plugins := []pluginModel{{}}
	for _, test := range []struct {
		source datasource.DataSource
		model  any
	}{
		{NewScanResults(), &scanResultsModel{ScanSet: []rowModel{{
			AppDetailInfo: &appModel{}, VirusInfo: &virusModel{}, VulInfo: &vulModel{VulList: []vulnerabilityModel{{}}},
			AdInfo:         &adModel{plugins, plugins, plugins, plugins, plugins, plugins},
			PermissionInfo: &permissionModel{[]permissionItemModel{{}}}, SensitiveInfo: &sensitiveModel{[]sensitiveFileModel{{WordList: []string{"x"}}}},
		}}}},
		{NewAPKDetection(), &apkDetectionModel{ResultList: []resultModel{{PluginList: plugins, OptPluginList: plugins}}}},
		{NewHostScan(), &hostScanModel{
			ScanTaskDetailList: []machineModel{{MachineExtraInfo: &machineExtraModel{}}}, VulInfo: []hostVulModel{{}}, PatchInfo: []patchModel{{RelatedCveID: []string{"x"}}},
		}},
		{NewHostFindings(), &hostFindingsModel{Machines: []machineModel{{MachineExtraInfo: &machineExtraModel{}}}, Findings: []hostFindingModel{{}}}},
		{NewImageScan(), &imageScanModel{}},
		{NewImageFindings(), &imageFindingsModel{Vulnerabilities: []imageVulModel{{}}}},
	} {
		var schema datasource.SchemaResponse
		test.source.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		if diags := protocol.SetState(t.Context(), &tfsdk.State{Schema: schema.Schema}, test.model); diags.HasError() {
			t.Errorf("%T: %v", test.model, diags)
		}
	}
}
