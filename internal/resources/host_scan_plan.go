package resources

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// Defaults has nothing to fill in: no output follows from the configuration alone.
func (hostScan) Defaults(*hostScanModel) {}

// Replaces compares the module, the hosts and the options, defaults filled in. Of an imported task the service
// tells neither the options nor whether it was of all protected hosts: these are adopted.
func (hostScan) Replaces(state, plan *hostScanModel, imported bool) path.Paths {
	var paths path.Paths
	if !plan.ModuleType.Equal(state.ModuleType) {
		paths.Append(path.Root("module_type"))
		return paths
	}
	if name := otherHosts(state, plan, imported); name != "" {
		paths.Append(path.Root(name))
	}
	if imported {
		return paths
	}
	before := state.options()
	for name, option := range plan.options() {
		if !option.Equal(before[name]) {
			paths.Append(path.Root(name))
		}
	}
	return paths
}

// otherHosts names the attribute that asks for other hosts than those of the state; empty where none does. What is
// not known yet counts as other ones.
func otherHosts(state, plan *hostScanModel, imported bool) string {
	unknown := plan.Quuids.IsUnknown() || slices.ContainsFunc(plan.Quuids.Elements(), attr.Value.IsUnknown)
	switch {
	case plan.AllProtectedHosts.IsUnknown(), plan.all() != state.all() && !(imported && plan.all()):
		return "all_protected_hosts"
	case plan.all():
		return ""
	case unknown, !slices.Equal(plan.normalQuuids(), state.normalQuuids()):
		return "quuids"
	}
	return ""
}

// Keep changes nothing: the inputs are the configuration's.
func (hostScan) Keep(_, _ *hostScanModel) {}

// Expect marks what the end of the scan will tell.
func (hostScan) Expect(plan *hostScanModel) {
	plan.FailedMachines = types.ListUnknown(failedMachineType)
	plan.Failures = types.ListUnknown(hostFailureType)
	plan.Summary = types.ObjectUnknown(tf.SummaryType.AttrTypes)
}
