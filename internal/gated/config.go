package gated

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// DefaultReadTimeout is `timeouts.read` where it is not set.
const DefaultReadTimeout = 3 * time.Hour

// Config is what every data source with a gate has in configuration and state; its model embeds it.
type Config struct {
	Gate     types.Object   `tfsdk:"gate"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
	ID       types.String   `tfsdk:"id"`
	Verdict  types.Object   `tfsdk:"verdict"`
}

func (c *Config) config() *Config { return c }

// HasGate tells whether there is a gate, known or not.
func (c *Config) HasGate() bool { return !c.Gate.IsNull() }

// BoundsAge tells whether the gate bounds the age of the scan, or may once all of it is known: it is validated again
// then.
func (c *Config) BoundsAge(ctx context.Context, source gate.Source) bool {
	policy, diags := c.policy(ctx, source)
	raw, err := c.Gate.ToTerraformValue(ctx)
	return diags.HasError() || err != nil || !raw.IsFullyKnown() || policy.MaxAge > 0
}

// Policy returns the policy of the gate, which was validated.
func (c *Config) Policy(ctx context.Context, source gate.Source) gate.Policy {
	policy, _ := c.policy(ctx, source)
	return policy
}

// policy returns the policy of the gate; without a gate, one that gathers findings by the defaults. The
// diagnostics say what is wrong with it.
func (c *Config) policy(ctx context.Context, source gate.Source) (gate.Policy, diag.Diagnostics) {
	var diags diag.Diagnostics
	raw, err := c.Gate.ToTerraformValue(ctx)
	if err != nil {
		diags.AddAttributeError(path.Root("gate"), invalidGate, sanitize.Line(err.Error()))
		return gate.Policy{Source: source}, diags
	}
	block, ok := tf.NewGateBlock(source, raw)
	if !ok {
		return gate.Policy{Source: source}, nil
	}
	policy, err := block.Policy()
	diags.Append(policyDiagnostics(err)...)
	return policy, diags
}

// policyDiagnostics turns the faults of a policy into errors at the gate.
func policyDiagnostics(err error) (diags diag.Diagnostics) {
	for _, fault := range faultsOf(err) {
		text := strings.TrimPrefix(strings.TrimPrefix(fault.Error(), gate.ErrPolicy.Error()+": "), "gate.")
		diags.AddAttributeError(path.Root("gate"), invalidGate, "gate."+text+".")
	}
	return diags
}

const invalidGate = "Invalid gate"

// faultsOf returns the errors that a policy's validation joined, one by one.
func faultsOf(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
