package functions

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// What a data source has beside the service's answer, as [appendJSON] writes it.

// gateDocument is the attribute gate.
type gateDocument struct {
	RequiredMD5s       []string            `json:"RequiredMd5s"`
	RequiredScanTypes  []string            `json:"RequiredScanTypes"`
	RequiredMachines   []string            `json:"RequiredMachines"`
	MaxFailedMachines  int64               `json:"MaxFailedMachines"`
	FailOn             gate.Severity       `json:"FailOn"`
	MaxFindings        map[string]int64    `json:"MaxFindings"`
	DeniedCategories   []gate.Category     `json:"DeniedCategories"`
	DeniedIDs          []string            `json:"DeniedIds"`
	Exceptions         []exceptionDocument `json:"Exceptions"`
	Baseline           []string            `json:"Baseline"`
	RecordFingerprints tencentcloud.Bool   `json:"RecordFingerprints"`
	MaxAge             *string             `json:"MaxAge"`
	Enforcement        gate.Enforcement    `json:"Enforcement"`
}

type exceptionDocument struct {
	Category   gate.Category `json:"Category"`
	ID         string        `json:"Id"`
	Reason     string        `json:"Reason"`
	ExpiresAt  string        `json:"ExpiresAt"`
	AppPkgName *string       `json:"AppPkgName"`
	AppMD5     *string       `json:"AppMd5"`
}

// policy returns the policy of the gate.
func (d gateDocument) policy(source gate.Source) (gate.Policy, error) {
	policy := gate.Policy{
		Source: source, RequiredMD5s: d.RequiredMD5s, RequiredScanTypes: d.RequiredScanTypes, RequiredMachines: d.RequiredMachines,
		MaxFailedMachines: d.MaxFailedMachines, FailOn: d.FailOn, DeniedCategories: d.DeniedCategories, DeniedIDs: d.DeniedIDs,
		Baseline: d.Baseline, Enforcement: d.Enforcement,
	}
	for severity, most := range d.MaxFindings {
		if policy.MaxFindings == nil {
			policy.MaxFindings = make(map[gate.Severity]int64, len(d.MaxFindings))
		}
		policy.MaxFindings[gate.Severity(strings.ToLower(severity))] = most // an object has service's names for keys
	}
	for _, e := range d.Exceptions {
		policy.Exceptions = append(policy.Exceptions, gate.Exception{
			Category: e.Category, ID: e.ID, Reason: e.Reason, ExpiresAt: e.ExpiresAt, AppPkgName: e.AppPkgName, AppMD5: e.AppMD5,
		})
	}
	if d.MaxAge == nil {
		return policy, nil
	}
	age, err := time.ParseDuration(*d.MaxAge)
	if err != nil {
		return policy, errors.New("gate.max_age is no duration")
	}
	policy.MaxAge = age
	return policy, nil
}

// verdictDocument is the attribute verdict.
type verdictDocument struct {
	Outcome          gate.Outcome        `json:"Outcome"`
	Message          string              `json:"Message"`
	Reasons          []reasonDocument    `json:"Reasons"`
	Violations       []violationDocument `json:"Violations"`
	ViolationCount   int64               `json:"ViolationCount"`
	ExceptedCount    int64               `json:"ExceptedCount"`
	BaselinedCount   int64               `json:"BaselinedCount"`
	UnusedExceptions []string            `json:"UnusedExceptions"`
	ValidUntil       *time.Time          `json:"ValidUntil"`
	PolicySHA256     string              `json:"PolicySha256"`
	Fingerprints     []string            `json:"Fingerprints"`
	Endpoint         string              `json:"Endpoint"`
	// Policy is the policy that was judged, as canonical JSON; empty where the data source does not give it.
	Policy string `json:"Policy"`
}

type reasonDocument struct {
	Code   gate.ReasonCode `json:"Code"`
	Detail string          `json:"Detail"`
}

type violationDocument struct {
	Rule        gate.Rule     `json:"Rule"`
	Category    gate.Category `json:"Category"`
	Severity    gate.Severity `json:"Severity"`
	ID          string        `json:"Id"`
	Name        string        `json:"Name"`
	Location    string        `json:"Location"`
	AppMD5      string        `json:"AppMd5"`
	Fingerprint string        `json:"Fingerprint"`
}

// show adds the verdict to a scan.
func (d *verdictDocument) show(scan *report.Scan) {
	if d == nil {
		return
	}
	verdict := &gate.Verdict{
		Outcome: d.Outcome, Message: d.Message, ViolationCount: d.ViolationCount, ExceptedCount: d.ExceptedCount, BaselinedCount: d.BaselinedCount,
		UnusedExceptions: d.UnusedExceptions, ValidUntil: d.ValidUntil, PolicySHA256: d.PolicySHA256, Fingerprints: d.Fingerprints,
	}
	for _, reason := range d.Reasons {
		verdict.Reasons = append(verdict.Reasons, gate.Reason{Code: reason.Code, Detail: reason.Detail})
	}
	for _, v := range d.Violations {
		verdict.Violations = append(verdict.Violations, gate.Violation{Rule: v.Rule, Finding: gate.Finding{
			Category: v.Category, Severity: v.Severity, ID: v.ID, Name: v.Name, Location: v.Location, AppMD5: v.AppMD5, Fingerprint: v.Fingerprint,
			Anonymous: v.Name == "" && v.ID == string(v.Category), // what the state does not tell otherwise
		}})
	}
	scan.Verdict, scan.Endpoint, scan.Policy = verdict, d.Endpoint, d.Policy
}

// errType tells that an attribute of a data source is not of the type that the data source gives it.
var errType = errors.New("an attribute is of another type")

// decode reads a document. The errors of package json name types of this provider, which say nothing
// to a user.
func decode(document []byte, into any) error {
	if json.Unmarshal(document, into) != nil {
		return errType
	}
	return nil
}
