package scantask

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// memoryKey is the one key of the private state.
const memoryKey = "task"

// memory is what the private state holds of a task.
type memory[R any] struct {
	// Mark is that of the journal's entry: only when it comes back with a state is that state known to
	// be kept, and the entry of no more use.
	Mark string `json:"mark,omitempty"`
	// Imported marks a task that was imported: the first apply adopts what the service does not tell in
	// place of submitting again.
	Imported bool `json:"imported,omitempty"`
	// Own is the id of a task that this resource submitted itself: neither imported nor adopted.
	Own     string `json:"own,omitempty"`
	Receipt R      `json:"receipt"`
}

// owns tells whether the task of a state was submitted by its resource itself.
func (m memory[R]) owns(state Model) bool { return m.Own != "" && m.Own == state.TaskID() }

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// recall reads the memory. What cannot be read of it, as in a state which was edited, is empty.
func (t *taskResource[M, R]) recall(ctx context.Context, private privateReader) (memory[R], diag.Diagnostics) {
	var m memory[R]
	text, diags := private.GetKey(ctx, memoryKey)
	_ = json.Unmarshal(text, &m) // a receipt of another form leaves the rest as it is
	return m, diags
}

func (m memory[R]) save(ctx context.Context, private privateWriter) diag.Diagnostics {
	text, err := json.Marshal(m)
	if err != nil {
		var diags diag.Diagnostics
		diags.AddWarning("Unable to Remember Scan", "What the provider remembers of the scan cannot be written ("+err.Error()+"). This is a bug of the provider; please report it.")
		return diags
	}
	return private.SetKey(ctx, memoryKey, text)
}

// forget removes the journal's entries of a task that is met in a state. That of an import is not kept
// yet.
func (t *taskResource[M, R]) forget(state M, memory memory[R]) {
	if !memory.Imported {
		t.journal.Forget(state.TaskID(), memory.Mark)
	}
}
