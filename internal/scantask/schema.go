package scantask

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// Schema returns the kind's schema with what is common to all.
func (t *taskResource[M, R]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	s := t.kind.Schema(ctx)
	if s.Blocks == nil {
		s.Blocks = map[string]schema.Block{}
	}
	for name, attribute := range t.commonAttributes() {
		if _, own := s.Attributes[name]; !own {
			s.Attributes[name] = attribute
		}
	}
	s.Blocks["timeouts"] = tf.ResourceTimeouts(ctx, t.timeouts())
	resp.Schema = s
}

func (t *taskResource[M, R]) commonAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"triggers": schema.MapAttribute{
			ElementType:         types.StringType,
			Optional:            true,
			MarkdownDescription: "Any strings; a change is a new scan of the same " + t.words.Things + ", as in `{ week = \"2026-W47\" }`.",
		},
		"wait_for_completion": schema.BoolAttribute{
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
			MarkdownDescription: "Whether to wait until the scan is finished. With `false` the id is in the state at once, and a data source can wait instead. Default: `true`.",
		},
		"poll_interval": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Pause between polls, a duration as in `30s`. Default: paced by the remaining time if the service gives it, else a tenth of the time waited so far, within 6s and 60s.",
			Validators:          []validator.String{tf.Duration(0)},
		},
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Identifies the scan task: " + t.words.ID + ". Null where the answer to the submission was lost (`status` is `uncertain`)."},
		"status": schema.StringAttribute{Computed: true, MarkdownDescription: "`processing`, `completed`, `failed` (the task has ended, and some " + t.words.Things + " were not scanned), `canceled` (the task was stopped), " +
			"`not_found` (the service does not know the task) or `uncertain` (the answer to the submission was lost: it is unknown whether it was accepted)."},
		"submitted_at": schema.StringAttribute{Computed: true, MarkdownDescription: "When the scan was submitted, RFC 3339 in UTC."},
	}
}

func (t *taskResource[M, R]) timeouts() timeouts.Opts {
	return timeouts.Opts{
		Create: true, CreateDescription: "How long to submit and wait for the end of the scan, a duration. Default: `3h`. When it runs out, the task stays in the state as `processing`, and the next apply resumes waiting. A submission that is under way then still gets its answer, for up to `request_timeout`.",
		Update: true, UpdateDescription: "How long to keep waiting for a scan that an earlier apply left processing, a duration. Default: `3h`.",
		Read: true, ReadDescription: "How long a refresh may take, a duration. Default: `5m`.",
		Delete: t.stops(), DeleteDescription: "How long stopping the task may take, a duration. Default: `5m`.",
	}
}

// stops tells whether tasks of the kind can be stopped.
func (t *taskResource[M, R]) stops() bool {
	_, stops := t.kind.(Stopper[M, R])
	return stops
}
