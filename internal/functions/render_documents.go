package functions

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
)

// What a data source has beside the service's answer, as [appendJSON] writes it.

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
	Policy           string              `json:"Policy"`
	PolicySHA256     string              `json:"PolicySha256"`
	Fingerprints     []string            `json:"Fingerprints"`
	Endpoint         string              `json:"Endpoint"`
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
		UnusedExceptions: d.UnusedExceptions, ValidUntil: d.ValidUntil, Policy: d.Policy, PolicySHA256: d.PolicySHA256, Fingerprints: d.Fingerprints,
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
