package tencentcloud_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// TestFaults_noSingleFieldMakesAFalsePass takes one field after the other out of answers that a gate
// stops, or gives it another type: the gate never passes them.
func TestFaults_noSingleFieldMakesAFalsePass(t *testing.T) {
	if testing.Short() && slowness > 1 {
		t.Skip("nothing in it works in parallel")
	}
	t.Parallel()
	world := newWorld(t)
	t.Cleanup(world.close)
	for _, s := range subjects {
		r, ok := s.(reading)
		if !ok {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := world.bench(t, &cell{subject: r})
			t.Cleanup(b.server.Close)
			r.prepare(t, b)
			fields := b.fields(t, r)
			if r.name == "DescribeScanResults" {
				// A score without a list is evidence by design.md: what has no vulnerability may have no list.
				fields = slices.DeleteFunc(fields, func(field string) bool { return field == "VulList" })
			}
			for _, field := range fields {
				for _, kind := range []emulator.FaultKind{emulator.FaultMissing, emulator.FaultTypes} {
					lift := b.server.Fault(emulator.Fault{Action: r.name, Kind: kind, Fields: []string{field}})
					ctx, cancel := context.WithTimeout(t.Context(), slowness*300*time.Millisecond)
					client := b.client(t, faultCase{})
					_, verdict, err := b.targets[bad].read.toItsEnd(ctx, client.Client)
					if err == nil && verdict.Passed() {
						t.Errorf("%s of %s: a false pass", kind, field)
					}
					cancel()
					client.closeIdle()
					lift()
				}
			}
			t.Logf("%d fields", len(fields))
		})
	}
}

// fields are the names in the answer that the gate stops, at any depth.
func (b *bench) fields(t *testing.T, r reading) []string {
	t.Helper()
	var mu sync.Mutex
	names := map[string]bool{}
	remove := b.server.OnAnswer(r.name, func(_, response map[string]any) map[string]any {
		mu.Lock()
		defer mu.Unlock()
		gather(names, response)
		return response
	})
	defer remove()
	client := b.client(t, faultCase{heavy: true})
	defer client.closeIdle()
	if _, _, err := b.targets[bad].read.toItsEnd(t.Context(), client.Client); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	delete(names, "RequestId")
	return slices.Sorted(maps.Keys(names))
}

func gather(names map[string]bool, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			names[name] = true
			gather(names, inner)
		}
	case []any:
		for _, inner := range v {
			gather(names, inner)
		}
	}
}
