package datasources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// NewAPKDetection returns the data source ms_apk_detection.
func NewAPKDetection() datasource.DataSource {
	return gated.New(gated.Kind[apkDetectionModel, *apkDetectionModel, tencentcloud.DescribeApkDetectionResultResponse]{
		Source:    gate.SourceAPKDetection,
		Schema:    apkDetectionSchema,
		ReadNote:  "How long to wait for the result, a duration; a detection takes up to `3h`.",
		Object:    (*apkDetectionModel).object,
		Unread:    "Unable to Detect Package",
		Await:     awaitDetection,
		RequestID: tencentcloud.RequestID[tencentcloud.DescribeApkDetectionResultResponse],
		Evidence: func(m *apkDetectionModel, answer *tencentcloud.DescribeApkDetectionResultResponse, policy gate.Policy) gate.Evidence {
			return evidence.APKDetection(m.object(), m.request().ApkMD5, m.AppPkgName.ValueString(), answer).Evidence(policy)
		},
		Set: (*apkDetectionModel).setDetection,
	})
}

// awaitDetection submits the package by asking for its detection, and asks with the same parameters until
// there is one (document 002).
func awaitDetection(ctx context.Context, client *tencentcloud.Client, m *apkDetectionModel) (*tencentcloud.DescribeApkDetectionResultResponse, error) {
	request := m.request()
	interval := types.StringValue(tf.ParseDuration(m.PollInterval, defaultDetectionInterval).String())
	return wait.For(ctx, func(ctx context.Context) (wait.Observation[*tencentcloud.DescribeApkDetectionResultResponse], error) {
		seen := wait.Observation[*tencentcloud.DescribeApkDetectionResultResponse]{State: wait.Pending}
		answer, err := client.DescribeApkDetectionResult(ctx, request)
		if err != nil {
			return seen, err
		}
		if err := answer.Check(request.ApkMD5); err != nil {
			return seen, err
		}
		seen.Value, seen.Status = answer, fmt.Sprintf("result %q, %s", answer.Result.String(), countRows(len(answer.ResultList.Items)))
		if answer.OK() {
			seen.State = wait.Final
		}
		return seen, nil
	}, tf.ReadWaitOptions(ctx, interval, m.object()))
}
