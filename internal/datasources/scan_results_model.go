package datasources

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// scanResultsModel is ms_scan_results in configuration and state.
type scanResultsModel struct {
	gated.Config
	ItemID            types.String `tfsdk:"item_id"`
	AppMD5s           types.Set    `tfsdk:"app_md5s"`
	WaitForCompletion types.Bool   `tfsdk:"wait_for_completion"`
	PollInterval      types.String `tfsdk:"poll_interval"`
	IncludeDetails    types.Bool   `tfsdk:"include_details"`

	TotalCount types.Int64  `tfsdk:"total_count"`
	Status     types.String `tfsdk:"status"`
	Summary    types.Object `tfsdk:"summary"`
	ScanSet    []rowModel   `tfsdk:"scan_set"`
}

func (m *scanResultsModel) object() string { return "item " + m.ItemID.ValueString() }

func (m *scanResultsModel) request() tencentcloud.DescribeScanResultsRequest {
	request := tencentcloud.DescribeScanResultsRequest{ItemID: m.ItemID.ValueString()}
	for _, element := range m.AppMD5s.Elements() {
		if md5, ok := element.(types.String); ok {
			request.AppMD5s = append(request.AppMD5s, tf.NormalMD5(md5.ValueString()))
		}
	}
	return request
}
