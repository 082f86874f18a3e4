package resources

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// logSubmission writes the one line at INFO that each creation leaves, whether it submits or takes over
// an earlier submission, and however that ends. err, which may be nil, adds what failed.
func logSubmission(ctx context.Context, message string, request tencentcloud.CreateScanInstancesRequest, err error, more map[string]any) {
	fields := map[string]any{"object": describeApps(request), "apps": len(request.AppInfos)}
	var call *tencentcloud.Error
	if errors.As(err, &call) {
		maps.Copy(fields, call.LogFields())
	}
	maps.Copy(fields, more)
	tflog.SubsystemInfo(ctx, tencentcloud.LogSubsystem, message, fields)
}

// answerFields are what the log tells of the answer to a submission.
func answerFields(id string, answer *tencentcloud.CreateScanInstancesResponse) map[string]any {
	fields := map[string]any{"item_id": gate.Line(id), "request_id": gate.Line(answer.RequestID)}
	if answer.AppMD5s != nil {
		fields["accepted"] = len(answer.AppMD5s)
	}
	if left := answer.LimitCount.Ptr(); left != nil {
		fields["limit_count"] = *left
	}
	return fields
}
