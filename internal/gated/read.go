package gated

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
	"github.com/tencentscan/terraform-provider-ms/internal/wait"
)

// Model is a pointer to a data source's model, which embeds [Config].
type Model[M any] interface {
	*M
	config() *Config
}

// Kind is what differs between data sources with a gate: M is the model, A the answer.
type Kind[M any, P Model[M], A any] struct {
	Source gate.Source
	// Schema returns the attributes and blocks of its own; what all share is added.
	Schema func(context.Context) schema.Schema
	// GateNote is added to the description of the gate.
	GateNote string
	// ReadNote describes `timeouts.read`.
	ReadNote string
	// Check returns what is wrong with a configuration beside its gate, as far as its values are known.
	Check func(context.Context, P) diag.Diagnostics
	// Object names what is read, in messages.
	Object func(P) string
	// Unread is the title of the error where nothing could be read.
	Unread string
	// Await returns the answer, as it is or once it is final, and beside an error the last one, if any.
	Await func(context.Context, *tencentcloud.Client, P) (*A, error)
	// RequestID returns the id of the call that an answer came from.
	RequestID func(*A) string
	// Readable, if not nil, returns an error for an answer with a list that cannot be read. It is asked where there is
	// no gate, beside which the verdict would be incomplete.
	Readable func(*A) error
	// Evidence returns what an answer proves; of nil, that it proves nothing.
	Evidence func(P, *A, gate.Policy) gate.Evidence
	// Set takes over the answer, which may be nil.
	Set func(P, *A, gate.Evidence)
}

// New returns the data source of a kind.
func New[M any, P Model[M], A any](kind Kind[M, P, A]) datasource.DataSource {
	return &dataSource[M, P, A]{kind: kind}
}

type dataSource[M any, P Model[M], A any] struct {
	kind   Kind[M, P, A]
	client *tencentcloud.Client
}

var (
	_ datasource.DataSourceWithConfigure      = (*dataSource[struct{ Config }, *struct{ Config }, any])(nil)
	_ datasource.DataSourceWithValidateConfig = (*dataSource[struct{ Config }, *struct{ Config }, any])(nil)
)

func (d *dataSource[M, P, A]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = string(d.kind.Source)
}

func (d *dataSource[M, P, A]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	s := d.kind.Schema(ctx)
	s.Attributes["verdict"] = verdictAttribute()
	s.Attributes = readyTypes(s.Attributes)
	if s.Blocks == nil {
		s.Blocks = map[string]schema.Block{}
	}
	s.Blocks["gate"] = gateBlock(d.kind.Source, d.kind.GateNote)
	s.Blocks["timeouts"] = tf.DataSourceTimeouts(ctx, d.kind.ReadNote+" Default: `3h`. When it runs out, a gate is incomplete; without a gate it is an error.")
	resp.Schema = s
}

func (d *dataSource[M, P, A]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if req.ProviderData == nil {
		return // the provider is not configured yet
	}
	client, ok := req.ProviderData.(*tencentcloud.Client)
	if !ok {
		resp.Diagnostics.AddError("Unable to Configure Data Source",
			fmt.Sprintf("The provider handed over a %T. This is a bug of the provider; please report it.", req.ProviderData))
	}
	d.client = client
}

// ValidateConfig checks the gate as far as it is known.
func (d *dataSource[M, P, A]) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	m := P(new(M))
	resp.Diagnostics.Append(req.Config.Get(ctx, m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := d.policy(ctx, m)
	resp.Diagnostics.Append(diags...)
}

// policy returns the policy of the gate, and what is wrong with the configuration.
func (d *dataSource[M, P, A]) policy(ctx context.Context, m P) (gate.Policy, diag.Diagnostics) {
	policy, diags := m.config().policy(ctx, d.kind.Source)
	if m.config().HasGate() && !diags.HasError() {
		diags.Append(policyDiagnostics(policy.Validate())...)
	}
	if d.kind.Check != nil {
		diags.Append(d.kind.Check(ctx, m)...)
	}
	return policy, diags
}

// Read asks for the scan, waits where it should, and judges it.
func (d *dataSource[M, P, A]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx = tf.WithLog(ctx)
	m := P(new(M))
	resp.Diagnostics.Append(req.Config.Get(ctx, m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config := m.config()
	policy, diags := d.policy(ctx, m)
	resp.Diagnostics.Append(diags...)
	timeout, diags := config.Timeouts.Read(ctx, DefaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	object := d.kind.Object(m)
	answer, err := d.kind.Await(ctx, d.client, m)
	requestID := d.kind.RequestID(answer)
	reasons, err := outcome(err, config.HasGate(), timeout, &requestID)
	if err != nil {
		resp.Diagnostics.AddError(d.kind.Unread, tf.Explain(object, err, ""))
		return
	}
	if answer != nil && d.kind.Readable != nil && !config.HasGate() { // with one, the verdict is incomplete
		if err := d.kind.Readable(answer); err != nil {
			resp.Diagnostics.AddError(d.kind.Unread, tf.Explain(object, err, ""))
			return
		}
	}
	evidence := d.kind.Evidence(m, answer, policy)
	evidence.Reasons = append(evidence.Reasons, reasons...)
	d.kind.Set(m, answer, evidence)
	config.Verdict = types.ObjectNull(verdictType.AttrTypes)
	if config.HasGate() { // a verdict is the same however often it is read: no RequestId, no time of reading
		verdict := gate.Evaluate(evidence, policy, time.Now())
		config.Verdict = verdictValue(verdict, d.client.Endpoint().String())
		resp.Diagnostics.Append(enforce(ctx, verdict, policy.Enforcement, object, requestID)...)
	}
	resp.Diagnostics.Append(protocol.SetState(ctx, &resp.State, m)...)
}

// Wait polls until an observation is final; where waits is false, once.
func Wait[A any](ctx context.Context, waits bool, options wait.Options, poll func(context.Context) (wait.Observation[*A], error)) (*A, error) {
	if waits {
		return wait.For(ctx, poll, options)
	}
	seen, err := poll(ctx)
	return seen.Value, err
}

// Waits reads `wait_for_completion`.
func Waits(argument types.Bool) bool { return argument.IsNull() || argument.ValueBool() }

// outcome sorts the end of a read: where there is a gate, a wait that ran out, a status that nobody
// documented, and an answer that cannot be judged are reasons against a pass; anything else that is not nil is
// an error. It fills in the id of the call where no answer is left to tell it.
func outcome(err error, gated bool, timeout time.Duration, requestID *string) ([]gate.Reason, error) {
	var (
		timedOut *wait.TimeoutError
		unknown  *wait.UnknownStateError
		call     *tencentcloud.Error
	)
	switch {
	case err == nil || !gated:
		return nil, err
	case errors.As(err, &timedOut):
		detail := fmt.Sprintf("the scan was not finished within timeouts.read (%s)", timeout)
		if timedOut.LastErr != nil {
			detail += "; the last poll failed: " + sanitize.Line(tf.Cause(timedOut.LastErr))
		}
		return []gate.Reason{{Code: gate.WaitTimedOut, Detail: detail}}, nil
	case errors.As(err, &unknown):
		return []gate.Reason{{Code: gate.StatusUnknown, Detail: "the service reports a status that is not documented: " + sanitize.Line(unknown.Status)}}, nil
	case tencentcloud.CannotBeJudged(err):
		if errors.As(err, &call) {
			*requestID = call.RequestID
		}
		return []gate.Reason{{Code: gate.UnreadableAnswer, Detail: sanitize.Line(tf.Cause(err))}}, nil
	}
	return nil, err
}
