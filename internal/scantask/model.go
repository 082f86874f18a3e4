package scantask

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The values of the attribute status.
const (
	StatusProcessing = "processing"
	StatusCompleted  = "completed"
	StatusCanceled   = "canceled"
	StatusFailed     = "failed"
	StatusNotFound   = "not_found"
	StatusUncertain  = "uncertain"
)

// Common is what the models of all kinds share: they embed it.
type Common struct {
	Triggers          types.Map      `tfsdk:"triggers"`
	WaitForCompletion types.Bool     `tfsdk:"wait_for_completion"`
	PollInterval      types.String   `tfsdk:"poll_interval"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`

	ID          types.String `tfsdk:"id"`
	Status      types.String `tfsdk:"status"`
	SubmittedAt types.String `tfsdk:"submitted_at"`
}

// Model is a pointer to a struct that embeds [Common].
type Model interface {
	common() *Common
	// TaskID is the service's id of the task, as it is; empty where it is not known.
	TaskID() string
}

func (c *Common) common() *Common { return c }

// TaskID returns the attribute id. A kind whose ids may not be fit to print has an attribute of its own.
func (c *Common) TaskID() string { return c.ID.ValueString() }

// Ended tells whether the state knows that the task is over.
func (c *Common) Ended() bool {
	switch c.Status.ValueString() {
	case StatusCompleted, StatusFailed, StatusCanceled:
		return true
	}
	return false
}

// triggers returns the triggers; those of a plan that is applied are all known.
func (c *Common) triggers() map[string]string {
	triggers := map[string]string{}
	for name, value := range c.Triggers.Elements() {
		if text, ok := value.(types.String); ok {
			triggers[name] = text.ValueString()
		}
	}
	return triggers
}

// waits tells whether an update of the plan waits for the task.
func (c *Common) waits() bool {
	return c.Status.ValueString() == StatusProcessing && (c.WaitForCompletion.IsUnknown() || c.WaitForCompletion.ValueBool())
}

// sameTriggers compares triggers; none at all is the same as an empty map.
func sameTriggers(a, b types.Map) bool {
	if a.IsUnknown() || b.IsUnknown() {
		return false
	}
	return a.Equal(b) || len(a.Elements()) == 0 && len(b.Elements()) == 0
}
