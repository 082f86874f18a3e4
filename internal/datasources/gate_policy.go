package datasources

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// Stand-ins for values that are not known while validating, so that the rest of a gate is checked all
// the same. They pass every check.
const (
	standInMD5    = "00000000000000000000000000000000"
	standInText   = "not known yet"
	standInExpiry = "9999-12-31"
)

// policyOf returns the policy of a `gate` object. Values that are not known are stood in for; in a
// data source's Read none are.
func policyOf(source gate.Source, object types.Object) gate.Policy {
	g := gateObject(object.Attributes())
	return gate.Policy{
		Source:             source,
		RequiredMD5s:       g.texts("required_md5s", standInMD5),
		RequiredScanTypes:  g.texts("required_scan_types", gate.VulScan),
		RequiredMachines:   g.texts("required_machines", standInText),
		MaxFailedMachines:  g.count("max_failed_machines"),
		FailOn:             gate.Severity(g.text("fail_on")),
		MaxFindings:        g.maxFindings(),
		DeniedCategories:   convert[gate.Category](g.texts("denied_categories", string(gate.Categories(source)[0]))),
		Exceptions:         g.exceptions(source),
		Baseline:           g.texts("baseline", standInMD5),
		RecordFingerprints: g.truth("record_fingerprints"),
		MaxAge:             g.duration("max_age"),
		Enforcement:        gate.Enforcement(g.text("enforcement")),
	}
}

// gateObject reads the attributes of a gate, of which each source has its own set.
type gateObject map[string]attr.Value

func (g gateObject) text(name string) string {
	s, _ := g[name].(types.String)
	return s.ValueString()
}

func (g gateObject) truth(name string) bool {
	b, _ := g[name].(types.Bool)
	return b.ValueBool()
}

// duration returns a duration, 0 where the attribute is null, not known yet, or not of this gate.
func (g gateObject) duration(name string) time.Duration {
	s, _ := g[name].(types.String)
	return tf.ParseDuration(s, 0)
}

func (g gateObject) count(name string) *int64 {
	n, ok := g[name].(types.Int64)
	if !ok || n.IsUnknown() {
		return nil
	}
	return n.ValueInt64Pointer()
}

// texts returns the elements of a set of strings: nil where it is null, the stand-in in place of what
// is not known. Without a stand-in, what is not known is left out.
func (g gateObject) texts(name, standIn string) []string {
	set, ok := g[name].(types.Set)
	if !ok || set.IsNull() {
		return nil
	}
	if set.IsUnknown() && standIn != "" {
		return []string{standIn}
	}
	texts := make([]string, 0, len(set.Elements()))
	for _, element := range set.Elements() {
		if text := known(element, standIn); text != "" || !element.IsUnknown() {
			texts = append(texts, text)
		}
	}
	return texts
}

func (g gateObject) maxFindings() map[gate.Severity]int64 {
	findings, ok := g["max_findings"].(types.Map)
	if !ok || findings.IsNull() {
		return nil
	}
	if findings.IsUnknown() {
		return map[gate.Severity]int64{gate.Critical: 0}
	}
	result := make(map[gate.Severity]int64, len(findings.Elements()))
	for severity, element := range findings.Elements() {
		count, _ := element.(types.Int64)
		result[gate.Severity(severity)] = count.ValueInt64()
	}
	return result
}

func (g gateObject) exceptions(source gate.Source) []gate.Exception {
	list, ok := g["exceptions"].(types.List)
	if !ok {
		return nil
	}
	var exceptions []gate.Exception
	for _, element := range list.Elements() {
		object, ok := element.(types.Object)
		if !ok || object.IsUnknown() {
			continue
		}
		e := object.Attributes()
		exceptions = append(exceptions, gate.Exception{
			Category:   gate.Category(known(e["category"], string(gate.Categories(source)[0]))),
			ID:         known(e["id"], standInText),
			Reason:     known(e["reason"], standInText),
			ExpiresAt:  known(e["expires_at"], standInExpiry),
			AppPkgName: given(e["app_pkg_name"], standInText),
			AppMD5:     given(e["app_md5"], standInMD5),
		})
	}
	return exceptions
}

func known(value attr.Value, standIn string) string {
	s, _ := value.(types.String)
	if s.IsUnknown() {
		return standIn
	}
	return s.ValueString()
}

// given is [known] for a value that may be left out, which is not the same as empty.
func given(value attr.Value, standIn string) *string {
	if value == nil || value.IsNull() {
		return nil
	}
	text := known(value, standIn)
	return &text
}

func convert[S ~string](texts []string) []S {
	if texts == nil {
		return nil
	}
	result := make([]S, 0, len(texts))
	for _, t := range texts {
		result = append(result, S(t))
	}
	return result
}

// policyDiagnostics turns the faults of a policy into errors at the gate's attributes.
func policyDiagnostics(err error) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, fault := range faultsOf(err) {
		at := path.Root("gate")
		text := strings.TrimPrefix(fault.Error(), gate.ErrPolicy.Error()+": ")
		diags.AddAttributeError(at, "Unable to Use Gate", fmt.Sprintf("gate.%s.", text))
	}
	return diags
}

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
