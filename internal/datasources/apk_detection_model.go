package datasources

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// apkDetectionModel is ms_apk_detection in configuration and state.
type apkDetectionModel struct {
	gated.Config
	ApkURL       types.String `tfsdk:"apk_url"`
	ApkMD5       types.String `tfsdk:"apk_md5"`
	AppPkgName   types.String `tfsdk:"app_pkg_name"`
	PollInterval types.String `tfsdk:"poll_interval"`

	Result     types.String  `tfsdk:"result"`
	Reason     types.String  `tfsdk:"reason"`
	Summary    types.Object  `tfsdk:"summary"`
	ResultList []resultModel `tfsdk:"result_list"`
}

func (m *apkDetectionModel) object() string { return "package with MD5 " + m.request().ApkMD5 }

// resultModel is one element of result_list.
type resultModel struct {
	SafeType          types.Int64   `tfsdk:"safe_type"`
	VirusName         types.String  `tfsdk:"virus_name"`
	VirusDesc         types.String  `tfsdk:"virus_desc"`
	Sid               types.String  `tfsdk:"sid"`
	SoftName          types.String  `tfsdk:"soft_name"`
	MD5               types.String  `tfsdk:"md5"`
	Official          types.Bool    `tfsdk:"official"`
	RepackageStatus   types.Bool    `tfsdk:"repackage_status"`
	Banner            types.Bool    `tfsdk:"banner"`
	BoutiqueRecommand types.Bool    `tfsdk:"boutique_recommand"`
	FloatWindows      types.Bool    `tfsdk:"float_windows"`
	IntegralWall      types.Bool    `tfsdk:"integral_wall"`
	NotifyBar         types.Bool    `tfsdk:"notify_bar"`
	Spot              types.Bool    `tfsdk:"spot"`
	PluginList        []pluginModel `tfsdk:"plugin_list"`
	OptPluginList     []pluginModel `tfsdk:"opt_plugin_list"`
	Errno             types.Int64   `tfsdk:"errno"`
	ErrMsg            types.String  `tfsdk:"err_msg"`
}

type pluginModel struct {
	PluginType types.Int64  `tfsdk:"plugin_type"`
	PluginName types.String `tfsdk:"plugin_name"`
	PluginDesc types.String `tfsdk:"plugin_desc"`
}

func (m *apkDetectionModel) request() tencentcloud.DescribeApkDetectionResultRequest {
	return tencentcloud.DescribeApkDetectionResultRequest{
		ApkURL: m.ApkURL.ValueString(),
		ApkMD5: tf.NormalMD5(m.ApkMD5.ValueString()),
	}
}

// setDetection takes over the answer; one that never came has no rows.
func (m *apkDetectionModel) setDetection(answer *tencentcloud.DescribeApkDetectionResultResponse, judged gate.Evidence) {
	m.ID = types.StringValue(tf.NormalMD5(m.ApkMD5.ValueString()))
	m.Summary = tf.SummaryValue(gate.Summarize(judged.Findings))
	if answer != nil {
		m.Result = types.StringPointerValue(answer.Result.Ptr())
		m.Reason = types.StringPointerValue(answer.Reason.Ptr())
		m.ResultList = gated.Elements(answer.ResultList, resultOf)
	}
}

func resultOf(item tencentcloud.ResultListItem) resultModel {
	flag := func(value tencentcloud.Int) types.Bool {
		return types.BoolPointerValue(tencentcloud.Bool{Value: evidence.Flag(value)}.Ptr())
	}
	return resultModel{
		SafeType:          types.Int64PointerValue(item.SafeType.Ptr()),
		VirusName:         types.StringPointerValue(item.VirusName.Ptr()),
		VirusDesc:         types.StringPointerValue(item.VirusDesc.Ptr()),
		Sid:               types.StringPointerValue(item.Sid.Ptr()),
		SoftName:          types.StringPointerValue(item.SoftName.Ptr()),
		MD5:               types.StringPointerValue(item.MD5.Ptr()),
		Official:          flag(item.Official),
		RepackageStatus:   flag(item.RepackageStatus),
		Banner:            flag(item.Banner),
		BoutiqueRecommand: flag(item.BoutiqueRecommand),
		FloatWindows:      flag(item.FloatWindows),
		IntegralWall:      flag(item.IntegralWall),
		NotifyBar:         flag(item.NotifyBar),
		Spot:              flag(item.Spot),
		PluginList:        gated.Elements(item.PluginList, pluginOf),
		OptPluginList:     gated.Elements(item.OptPluginList, pluginOf),
		Errno:             types.Int64PointerValue(item.ErrorNumber().Ptr()),
		ErrMsg:            types.StringPointerValue(item.ErrMsg.Ptr()),
	}
}

func pluginOf(p tencentcloud.AdPlugin) pluginModel {
	return pluginModel{
		PluginType: types.Int64PointerValue(p.PluginType.Ptr()),
		PluginName: types.StringPointerValue(p.PluginName.Ptr()),
		PluginDesc: types.StringPointerValue(p.PluginDesc.Ptr()),
	}
}
