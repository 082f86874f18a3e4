package datasources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// hostTask is a task of hosts.
type hostTask struct {
	// ID is the task that was read, 0 where the module was never scanned.
	ID int64
	// Details are its machines; nil where the module was never scanned.
	Details *tencentcloud.DescribeScanTaskDetailsResponse
	// State is what the service says of the last task of the module; nil where that is another one, or where
	// it cannot be asked.
	State *tencentcloud.DescribeScanStateResponse
	// Narrowed tells that the task looked only for single vulnerabilities or patches, as far as that is told.
	Narrowed bool
}

// details returns the machines of a task that may never have come.
func (t *hostTask) details() *tencentcloud.DescribeScanTaskDetailsResponse {
	if t == nil {
		return nil
	}
	return t.Details
}

// state returns what the service says of the last task of the module, where that is this one.
func (t *hostTask) state() *tencentcloud.DescribeScanStateResponse {
	if t == nil {
		return nil
	}
	return t.State
}

// never tells whether it is known that the module was never scanned.
func (t *hostTask) never() bool { return t != nil && t.Details == nil }

// requestID is the id of the call that read the machines, or else the last task.
func (t *hostTask) requestID() string {
	if id := tencentcloud.RequestID(t.details()); id != "" {
		return id
	}
	return tencentcloud.RequestID(t.state())
}

// taskChoice is which task of a module is read: the one that is named, or the last one.
type taskChoice struct {
	module         string
	task, strategy *int64
}

func chooseTask(module types.String, task, strategy types.Int64) taskChoice {
	return taskChoice{module: module.ValueString(), task: task.ValueInt64Pointer(), strategy: strategy.ValueInt64Pointer()}
}

// object names the task in messages.
func (c taskChoice) object() string {
	if c.task == nil {
		return "last " + c.module + " task"
	}
	return fmt.Sprintf("%s task %d", c.module, *c.task)
}

// newerTasks bounds how often another task may begin while the last one is read.
const newerTasks = 4

// read reads a task by describe. Where none is named, it is the last one of the module also when it has been read:
// one that began meanwhile is read in its place.
func (c taskChoice) read(ctx context.Context, client *tencentcloud.Client, describe func(task int64) (*tencentcloud.DescribeScanTaskDetailsResponse, error)) (*hostTask, error) {
	state, err := c.askState(ctx, client)
	if err != nil {
		return nil, err
	}
	for range newerTasks {
		id, err := c.idOf(state)
		if err != nil || id == 0 {
			return &hostTask{State: state}, err
		}
		details, err := describe(id)
		if err != nil {
			return nil, err
		}
		task := &hostTask{ID: id, Details: details}
		if c.task == nil && taskStatus(details) != statusProcessing {
			if state, err = c.askState(ctx, client); err != nil {
				return nil, err
			}
		}
		if state != nil && state.TaskID.Is(id) {
			task.State = state
		}
		task.Narrowed = state != nil && evidence.Narrowed(state, id)
		if c.task != nil || task.State != nil {
			return task, nil
		}
	}
	return nil, fmt.Errorf("another task began each time while the last one was read: %w", tencentcloud.ErrListChanged)
}

// askState asks for the last task of the module. Of a named baseline task nothing can be asked without its strategy.
func (c taskChoice) askState(ctx context.Context, client *tencentcloud.Client) (*tencentcloud.DescribeScanStateResponse, error) {
	request := tencentcloud.DescribeScanStateRequest{ModuleType: c.module}
	if c.module == tencentcloud.ModuleBaseline {
		if c.strategy == nil {
			return nil, nil
		}
		request.Filters = []tencentcloud.Filter{{Name: "StrategyId", Values: []string{fmt.Sprint(*c.strategy)}}}
	}
	return client.DescribeScanState(ctx, request)
}

// idOf returns the id of the task to read, 0 where the module was never scanned.
func (c taskChoice) idOf(state *tencentcloud.DescribeScanStateResponse) (int64, error) {
	if c.task != nil {
		return *c.task, nil
	}
	return evidence.LastTask(state)
}

// checkTaskChoice demands what the choice of a task needs: a strategy for the last baseline task, and beside a gate a
// bound of the age where no task is named.
func checkTaskChoice(ctx context.Context, config *gated.Config, source gate.Source, module types.String, task, strategy types.Int64) (diags diag.Diagnostics) {
	switch {
	case module.ValueString() == tencentcloud.ModuleBaseline:
		if task.IsNull() && strategy.IsNull() {
			diags.AddAttributeError(path.Root("strategy_id"), "Missing Attribute Value", "strategy_id is required for module_type = \"Baseline\" without task_id: the service knows a last task for each strategy.")
		}
	case !module.IsUnknown() && !strategy.IsNull():
		diags.AddAttributeError(path.Root("strategy_id"), "Invalid Attribute Combination", "strategy_id is for module_type = \"Baseline\" alone.")
	}
	if config.HasGate() && task.IsNull() && !config.BoundsAge(ctx, source) {
		diags.AddAttributeError(path.Root("gate"), "Invalid gate",
			"gate.max_age is missing: task_id is not given, so the last task of the module is judged. Name a task, or bound the age of the scan.")
	}
	return diags
}

// scanOf returns the input of the gate for the task.
func (c taskChoice) scanOf(task *hostTask) gate.HostScan {
	scan := evidence.HostScan(c.object(), c.module, task.details())
	scan.Latest = c.task == nil
	scan.Narrowed = task != nil && task.Narrowed
	return scan
}
