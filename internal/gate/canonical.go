package gate

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// canonicalPolicy is a [Policy] with its defaults applied and its sets lower-cased where case means
// nothing, sorted and without doubles. Its JSON is what the digest is taken of, so the names, the
// order of the fields and the version are frozen; a field added later must be left out while unset.
type canonicalPolicy struct {
	Version           int                  `json:"version"`
	Source            Source               `json:"source"`
	RequiredScanTypes []string             `json:"required_scan_types"`
	RequiredMachines  []string             `json:"required_machines"`
	MaxFailedMachines int64                `json:"max_failed_machines"`
	FailOn            Severity             `json:"fail_on"`
	MaxFindings       map[Severity]int64   `json:"max_findings"`
	DeniedCategories  []string             `json:"denied_categories"`
	DeniedIDs         []string             `json:"denied_ids"`
	Exceptions        []canonicalException `json:"exceptions"`
	Baseline          []string             `json:"baseline"`
	MaxAge            string               `json:"max_age"`
	Enforcement       Enforcement          `json:"enforcement"`
}

type canonicalException struct {
	Category   Category `json:"category"`
	ID         string   `json:"id"`
	Reason     string   `json:"reason"`
	ExpiresAt  string   `json:"expires_at"`
	AppPkgName string   `json:"app_pkg_name"`
	AppMD5     string   `json:"app_md5"`
}

// SHA256 returns the digest of the policy in canonical form, in hex. Reordering, doubles and defaults
// spelt out do not change it; any change of a rule does, enforcement and the reason of an exception
// among them. RequiredMD5s are left out, since they name the release and not the rules: a digest can
// so be pinned across releases. RecordFingerprints is no rule and is left out as well.
func (p Policy) SHA256() string {
	maxFindings := p.MaxFindings
	if maxFindings == nil {
		maxFindings = map[Severity]int64{}
	}
	return digestJSON(canonicalPolicy{
		Version:           1,
		Source:            p.Source,
		RequiredScanTypes: p.requiredScanTypes(),
		RequiredMachines:  distinct(p.RequiredMachines, strings.ToLower),
		MaxFailedMachines: p.MaxFailedMachines,
		FailOn:            p.failOn(),
		MaxFindings:       maxFindings,
		DeniedCategories:  distinct(categoryNames(p.DeniedCategories), strings.Clone),
		DeniedIDs:         distinct(p.DeniedIDs, strings.ToLower),
		Exceptions:        canonicalExceptions(p.Exceptions),
		Baseline:          distinct(p.Baseline, lower),
		MaxAge:            p.MaxAge.String(),
		Enforcement:       p.Enforcement.orDefault(),
	})
}

// canonicalExceptions writes the end of each as the instant that it means, so that a date and the
// following midnight are the same rule.
func canonicalExceptions(exceptions []Exception) []canonicalException {
	canonical := make([]canonicalException, 0, len(exceptions))
	for _, exception := range exceptions {
		expiresAt := exception.ExpiresAt
		if end, err := ParseExpiry(expiresAt); err == nil {
			expiresAt = end.Format(time.RFC3339Nano)
		}
		scope := exception.scope()
		canonical = append(canonical, canonicalException{
			Category: scope.category, ID: scope.id, Reason: strings.TrimSpace(exception.Reason),
			ExpiresAt: expiresAt, AppPkgName: scope.app, AppMD5: scope.md5,
		})
	}
	slices.SortFunc(canonical, func(a, b canonicalException) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.ID, b.ID), cmp.Compare(a.AppPkgName, b.AppPkgName),
			cmp.Compare(a.AppMD5, b.AppMD5), cmp.Compare(a.ExpiresAt, b.ExpiresAt), cmp.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(canonical)
}

// SHA256 returns the digest of the policy in canonical form, in hex.
func (p ImagePolicy) SHA256() string {
	return digestJSON(struct {
		Version             int         `json:"version"`
		Source              Source      `json:"source"`
		MaxFoundVul         int64       `json:"max_found_vul"`
		MaxRegistryFoundVul int64       `json:"max_registry_found_vul"`
		MaxFoundRiskImage   *int64      `json:"max_found_risk_image"`
		MaxAge              string      `json:"max_age"`
		Enforcement         Enforcement `json:"enforcement"`
	}{1, SourceImageScan, p.MaxFoundVul, p.MaxRegistryFoundVul, p.MaxFoundRiskImage, p.MaxAge.String(), p.Enforcement.orDefault()})
}

// digestJSON hashes the compact JSON of v, without HTML escaping and without a line end.
func digestJSON(v any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	// Structs of strings and numbers: encoding cannot fail.
	_ = encoder.Encode(v)
	digest := sha256.Sum256(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	return hex.EncodeToString(digest[:])
}
