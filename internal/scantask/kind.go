package scantask

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// Kind is one kind of scan. M is a pointer to the model of its resource, which embeds [Common].
//
// R is its receipt: what it remembers of one submission beside the state, as JSON without secrets. It is
// in the journal from before the submission, and in the private state. It is the zero value where
// neither has one, as in a state that was edited.
type Kind[M Model, R any] interface {
	Words() Words
	// New returns an empty model.
	New() M
	// Schema returns the kind's own attributes and blocks; those of [Common] are added, but for the ones
	// that it describes itself.
	Schema(ctx context.Context) schema.Schema

	// Content is what would be paid for: named sets of values in their normal form, without secrets.
	// Equal content and equal triggers are the same scan. An error ends Create before anything is done.
	Content(plan M) (map[string][]string, error)
	// Subject names what is scanned, for messages, and counts it.
	Subject(m M) (name string, count int)

	// Submit sends the one request that is paid for, and adds to the receipt what the answer tells. An
	// answer without an ID is a submission of which nobody knows whether it was accepted.
	Submit(ctx context.Context, client *tencentcloud.Client, plan M, receipt *R) (Answer, error)
	// Start sets all outputs of the kind for a submission before anything was polled. id is empty where
	// the outcome is uncertain.
	Start(m M, id string, receipt R)
	// Poll asks once how far the task is and sets the status and the kind's outputs. On an error the
	// model is as before. Any status but [StatusProcessing] ends a wait.
	Poll(ctx context.Context, client *tencentcloud.Client, m M, receipt *R) (Progress, error)
	// Adoptable tells whether a task that the journal noted for an equal submission is that scan.
	Adoptable(ctx context.Context, client *tencentcloud.Client, plan M, id string, receipt R) (bool, error)
	// Failures are the lines that tell what failed and what to do, as far as the model knows it.
	Failures(m M) []string

	// Defaults fills in the outputs that follow from the configuration alone.
	Defaults(plan M)
	// Replaces returns the attributes, but for triggers, whose change asks for a new scan. For an
	// imported task, what the service does not tell is adopted, not compared.
	Replaces(state, plan M, imported bool) path.Paths
	// Keep adjusts a plan that submits nothing. The plan has the outputs of the state already.
	Keep(state, plan M)
	// Expect marks as unknown what waiting for a processing task may change, but for the status.
	Expect(plan M)

	// Import returns the model of a task. Its error may be a [Problem].
	Import(ctx context.Context, client *tencentcloud.Client, id string) (M, R, error)
}

// Answer is what the service said to a submission.
type Answer struct {
	ID        string // of the task; empty where it did not say
	RequestID string
	Log       map[string]any // what else the log tells
}

// Progress is what one poll saw, beside the model.
type Progress struct {
	// Detail says in one line how far the task is.
	Detail string
	// Remaining is the service's estimate of the time left; 0 where it gives none.
	Remaining time.Duration
	// Expired tells that the service no longer has the results of a task that had ended; the model is as
	// before. RequestID is that of the answer.
	Expired   bool
	RequestID string
}

// Words are what messages call a kind's objects.
type Words struct {
	TypeName string // without the provider's name
	Task     string // what comes before an id, as in "item"
	Things   string // what is scanned, in the plural
	Failed   string // what befell the things in [Kind.Failures]
	// IDName is the attribute that identifies the task, and ID what an import takes, as in "the ItemId".
	IDName, ID string
	// FailedTitle is the title of the diagnostic that lists the failures.
	FailedTitle string
	// Again is what a scan is asked for again with, as in "-replace".
	Again string
	// LookUp says where to see whether a scan began of which the answer was lost.
	LookUp string
}

// Preparer is a kind that has to find something out before it may submit: what a tag stands for, whether
// the quota suffices. It is asked before the journal knows of the submission, so that its errors are
// plain ones; what it finds out goes into the receipt.
type Preparer[M Model, R any] interface {
	Prepare(ctx context.Context, client *tencentcloud.Client, plan M, receipt *R) diag.Diagnostics
}

// Exclusive is a kind of which the service runs one scan at a time. Submissions of one process queue, and
// one that is refused since another scan runs is prepared and made again, within timeouts.create.
type Exclusive[M Model] interface {
	// Busy tells of an error, after which nothing was submitted, whether another scan runs, and how long
	// that takes, as the service estimates it; 0 where it does not say.
	Busy(ctx context.Context, client *tencentcloud.Client, plan M, err error) (remaining time.Duration, busy bool)
}

// Prover is a kind that can prove by a list of tasks which of them an uncertain submission became. It
// returns no id where that is not proven.
type Prover[M Model, R any] interface {
	Prove(ctx context.Context, client *tencentcloud.Client, m M, receipt *R, begun time.Time) (id string, err error)
}

// Locator is a kind that can tell where to look for what an uncertain submission became, as by the last task of
// the account. It returns "" where it cannot; [Words.LookUp] is said then.
type Locator[M Model] interface {
	Locate(ctx context.Context, client *tencentcloud.Client, m M) string
}

// Stopper is a kind whose tasks can be stopped. Only a task that is processing and that this resource
// submitted itself is ever stopped, never an imported or adopted one.
type Stopper[M Model, R any] interface {
	// StopOnDestroy tells whether the user asked for it.
	StopOnDestroy(state M) bool
	Stop(ctx context.Context, client *tencentcloud.Client, state M, receipt R) error
}

// Problem is an error that explains itself: what is wrong, the answer that shows it, and what to do.
type Problem struct{ What, RequestID, Next string }

func (p *Problem) Error() string { return p.What }
