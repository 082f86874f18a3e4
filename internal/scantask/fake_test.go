package scantask_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/scantask"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// fakeModel is a resource that scans one target.
type fakeModel struct {
	scantask.Common

	Target        types.String `tfsdk:"target"`
	StopOnDestroy types.Bool   `tfsdk:"stop_on_destroy"`
	Found         types.Int64  `tfsdk:"found"`
}

type fakeReceipt struct {
	Prepared int `json:"prepared"`
	Answered int `json:"answered"`
}

// service is what the fake kinds call. Each field that is set plays one call, and calls names all in
// their order.
type service struct {
	mu    sync.Mutex
	calls []string

	prepare func(n int) diag.Diagnostics
	submit  func(n int) (id string, err error)
	poll    func(n int) (status string, err error)
	adopt   func(id string) (bool, error)
	prove   func(receipt fakeReceipt) (string, error)
	stop    func(id string, receipt fakeReceipt) error
}

// called books a call and tells how many of its name there were, this one included.
func (s *service) called(name string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, name)
	for _, call := range s.calls {
		if call == name {
			n++
		}
	}
	return n
}

func (s *service) count(name string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, call := range s.calls {
		if call == name {
			n++
		}
	}
	return n
}

// plain is a kind with none of the abilities that a kind may have.
type plain struct{ *service }

func (plain) New() *fakeModel { return &fakeModel{} }

func (plain) Words() scantask.Words {
	return scantask.Words{
		TypeName: "fake", Task: "task", Things: "targets", Failed: "not scanned", IDName: "id", ID: "the id of the task",
		FailedTitle: "Some targets were not scanned", Again: "-replace", LookUp: "Look in the console.",
	}
}

func (plain) Schema(context.Context) schema.Schema {
	return schema.Schema{Attributes: map[string]schema.Attribute{
		"target":          schema.StringAttribute{Required: true},
		"stop_on_destroy": schema.BoolAttribute{Optional: true},
		"found":           schema.Int64Attribute{Computed: true},
	}}
}

func (plain) Content(m *fakeModel) (map[string][]string, error) {
	return map[string][]string{"targets": {m.Target.ValueString()}}, nil
}

func (plain) Subject(m *fakeModel) (string, int) { return "target " + m.Target.ValueString(), 1 }

func (p plain) Submit(_ context.Context, _ *tencentcloud.Client, _ *fakeModel, receipt *fakeReceipt) (scantask.Answer, error) {
	n := p.called("submit")
	id, err := fmt.Sprintf("fake/%d", n), error(nil)
	if p.submit != nil {
		id, err = p.submit(n)
	}
	receipt.Answered = n
	return scantask.Answer{ID: id, RequestID: "r"}, err
}

func (plain) Start(m *fakeModel, _ string, _ fakeReceipt) { m.Found = types.Int64Null() }

func (p plain) Poll(_ context.Context, _ *tencentcloud.Client, m *fakeModel, _ *fakeReceipt) (scantask.Progress, error) {
	n := p.called("poll")
	status, err := scantask.StatusCompleted, error(nil)
	if p.poll != nil {
		status, err = p.poll(n)
	}
	if err != nil {
		return scantask.Progress{}, err
	}
	m.Status, m.Found = types.StringValue(status), types.Int64Value(int64(n))
	return scantask.Progress{Detail: status, RequestID: "r"}, nil
}

func (p plain) Adoptable(_ context.Context, _ *tencentcloud.Client, _ *fakeModel, id string, _ fakeReceipt) (bool, error) {
	p.called("adoptable")
	if p.adopt != nil {
		return p.adopt(id)
	}
	return true, nil
}

func (plain) Failures(*fakeModel) []string { return []string{"target: broken"} }

func (plain) Defaults(*fakeModel) {}

func (plain) Replaces(state, plan *fakeModel, _ bool) (paths path.Paths) {
	if !plan.Target.Equal(state.Target) {
		paths.Append(path.Root("target"))
	}
	return paths
}

func (plain) Keep(_, _ *fakeModel) {}

func (plain) Expect(plan *fakeModel) { plan.Found = types.Int64Unknown() }

func (p plain) Import(_ context.Context, _ *tencentcloud.Client, id string) (*fakeModel, fakeReceipt, error) {
	p.called("import")
	if id == "fake/0" {
		return nil, fakeReceipt{}, &scantask.Problem{What: "The task has no target", RequestID: "r", Next: "Check the id."}
	}
	m := &fakeModel{Target: types.StringValue("a")}
	m.Status = types.StringValue(scantask.StatusProcessing)
	return m, fakeReceipt{}, nil
}

// able is a kind with every ability.
type able struct{ plain }

func (a able) Prepare(_ context.Context, _ *tencentcloud.Client, _ *fakeModel, receipt *fakeReceipt) diag.Diagnostics {
	receipt.Prepared = a.called("prepare")
	if a.prepare != nil {
		return a.prepare(receipt.Prepared)
	}
	return nil
}

// busyCode is the code of a refusal because of another scan.
const busyCode = "ResourceUnavailable"

func (a able) Busy(_ context.Context, _ *tencentcloud.Client, _ *fakeModel, err error) (time.Duration, bool) {
	var call *tencentcloud.Error
	return 0, errors.As(err, &call) && call.Code == busyCode
}

func (a able) Prove(_ context.Context, _ *tencentcloud.Client, _ *fakeModel, receipt *fakeReceipt, _ time.Time) (string, error) {
	a.called("prove")
	if a.prove != nil {
		return a.prove(*receipt)
	}
	return "", nil
}

func (able) StopOnDestroy(m *fakeModel) bool { return m.StopOnDestroy.ValueBool() }

func (a able) Stop(_ context.Context, _ *tencentcloud.Client, m *fakeModel, receipt fakeReceipt) error {
	a.called("stop")
	if a.stop != nil {
		return a.stop(m.TaskID(), receipt)
	}
	return nil
}
