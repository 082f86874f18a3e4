package datasources

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// outcome sorts the end of a wait: one that ran out is a reason against a pass where there is a gate;
// anything else that is not nil is an error.
func outcome(err error, gated bool, timeout time.Duration) ([]gate.Reason, error) {
	var timedOut *wait.TimeoutError
	if gated && errors.As(err, &timedOut) {
		detail := fmt.Sprintf("the scan was not finished within timeouts.read (%s)", timeout)
		if timedOut.LastErr != nil {
			detail += "; the last poll failed: " + gate.Line(tf.Cause(timedOut.LastErr))
		}
		return []gate.Reason{{Code: gate.WaitTimedOut, Detail: detail}}, nil
	}
	return nil, err
}

// judge returns the verdict of a gate as a value, and what it means for the run. Without a gate the
// verdict is null. requestID, which may be empty, goes into the diagnostics alone: a verdict is the same
// however often it is read.
func judge(ctx context.Context, client *tencentcloud.Client, object types.Object, evidence gate.Evidence, policy gate.Policy, requestID string) (types.Object, diag.Diagnostics) {
	if object.IsNull() {
		return types.ObjectNull(verdictType.AttrTypes), nil
	}
	verdict := gate.Evaluate(evidence, policy, time.Now())
	return verdictValue(verdict, client.Endpoint().String()), enforce(ctx, verdict, policy.Enforcement, evidence.Object, requestID)
}

// policyOrDefault returns the policy of a gate; without a gate, one that gathers findings by the
// defaults.
func policyOrDefault(source gate.Source, object types.Object) gate.Policy {
	if object.IsNull() {
		return gate.Policy{Source: source}
	}
	return policyOf(source, object)
}
