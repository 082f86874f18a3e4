package scantask

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

const nextAfterWait = "The task's id is in the state and nothing is submitted again: fix the cause, then apply again to resume waiting. " +
	"timeouts.create and timeouts.update set a longer time-out."

// task names a task by its id.
func (t *taskResource[M, R]) task(id string) string { return t.words.Task + " " + sanitize.Line(id) }

// object names the task of a model.
func (t *taskResource[M, R]) object(m M) string { return t.task(m.TaskID()) }

// subject names what is scanned.
func (t *taskResource[M, R]) subject(m M) string {
	name, _ := t.kind.Subject(m)
	return name
}

// outcome are the diagnostics about a task that needs attention, as warnings.
func (t *taskResource[M, R]) outcome(ctx context.Context, m M) diag.Diagnostics {
	var diags diag.Diagnostics
	switch c := m.common(); c.Status.ValueString() {
	case StatusUncertain:
		diags.AddWarning("Unable to Confirm Submission of Scan: "+t.subject(m), fmt.Sprintf(
			"The answer to the submission of %s was lost: it is unknown whether it was accepted, and it may have been paid for.\n\nObject: %s\n\n%s",
			c.SubmittedAt.ValueString(), t.subject(m), t.lookUp(ctx, m)))
	case StatusFailed:
		diags.Append(diag.NewWarningDiagnostic(t.words.FailedTitle+": "+t.object(m), t.explainFailures(m)))
	case StatusCanceled:
		diags.AddWarning("Scan Was Canceled: "+t.object(m), fmt.Sprintf("The task was stopped before it had finished. Nothing is submitted again by itself.\n\nObject: %s\n\nScan again with %s.", t.object(m), t.words.Again))
	}
	return diags
}

// polled is the outcome after a poll. A plan need not repeat that a task is not found: the refresh before it
// has said so.
func (t *taskResource[M, R]) polled(ctx context.Context, m M) diag.Diagnostics {
	diags := t.outcome(ctx, m)
	if m.common().Status.ValueString() == StatusNotFound {
		diags.AddWarning("Unable to Find Scan: "+t.object(m), fmt.Sprintf("The service does not know this task.\n\nObject: %s\n\n%s", t.object(m), t.nextAfterNotFound()))
	}
	return diags
}

// asErrors returns warnings as errors.
func asErrors(warnings diag.Diagnostics) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, w := range warnings {
		diags.Append(diag.NewErrorDiagnostic(w.Summary(), w.Detail()))
	}
	return diags
}

const maxFailuresShown = 5

func (t *taskResource[M, R]) explainFailures(m M) string {
	failures := t.kind.Failures(m)
	were := "were"
	if len(failures) == 1 {
		were = "was"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The task has ended, but %d of its %s %s %s. Nothing is submitted again by itself.\n\nObject: %s", len(failures), t.words.Things, were, t.words.Failed, t.object(m))
	for i, failure := range failures {
		if i == maxFailuresShown {
			fmt.Fprintf(&b, "\n... and %d more, see the attribute failures", len(failures)-i)
			break
		}
		b.WriteString("\n" + failure)
	}
	return b.String()
}

// explainLostAnswer describes a submission of which nobody knows whether it was accepted. err is nil
// where there was an answer, but without an id.
func (t *taskResource[M, R]) explainLostAnswer(ctx context.Context, m M, requestID string, err error) string {
	if err == nil {
		return fmt.Sprintf("The service answered the submission without an id: it is unknown whether it was accepted.\n\nObject: %s\nRequestId: %s\n\n%s",
			t.subject(m), sanitize.Line(requestID), t.lookUp(ctx, m))
	}
	return "The submission was sent, but it is unknown whether it was accepted. " + tf.Explain(t.subject(m), err, t.lookUp(ctx, m))
}

// lookUp tells where to see what became of a submission.
func (t *taskResource[M, R]) lookUp(ctx context.Context, m M) string {
	if locator, ok := t.kind.(Locator[M]); ok {
		if text := locator.Locate(ctx, t.client, m); text != "" {
			return text
		}
	}
	return t.words.LookUp
}

// explainEnded describes a run that ended before anything was submitted.
func (t *taskResource[M, R]) explainEnded(m M, while string) string {
	return fmt.Sprintf("The run was interrupted, or its time ran out, while it %s. Nothing was submitted.\n\nObject: %s\n\nApply again.", while, t.subject(m))
}

func (t *taskResource[M, R]) explainExpired(m M, p Progress) string {
	return fmt.Sprintf("The task had ended, and the service no longer lists any results of it. What was read before is kept, and nothing is submitted.\n\nObject: %s\nRequestId: %s\n\n"+
		"To have results again, scan again with %s.", t.object(m), sanitize.Line(p.RequestID), t.words.Again)
}

func (t *taskResource[M, R]) nextAfterNotFound() string {
	return "The id is kept in the state and nothing is submitted. Check that the credentials are those of the account that submitted the task (now: " + t.client.Account() + "). " +
		"If the task is gone for good, scan again with " + t.words.Again + "."
}

// log writes the one line at INFO that each creation leaves, whether it submits or takes over an earlier
// submission, and however that ends. err, which may be nil, adds what failed.
func (t *taskResource[M, R]) log(ctx context.Context, message string, m M, err error, more map[string]any) {
	name, count := t.kind.Subject(m)
	fields := map[string]any{"object": name, t.words.Things: count}
	var call *tencentcloud.Error
	if errors.As(err, &call) {
		maps.Copy(fields, call.LogFields())
	}
	maps.Copy(fields, more)
	tflog.SubsystemInfo(ctx, tencentcloud.LogSubsystem, message, fields)
}
