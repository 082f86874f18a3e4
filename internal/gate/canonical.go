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

// policyVersion is the version of the canonical form. Names and meanings of its members are frozen.
const policyVersion = 1

// Canonical returns the policy as canonical JSON: what was judged, for people and for [Policy.SHA256].
// Members are sorted by name, and there is no space between them (as RFC 8785 has it); sets are sorted and
// without doubles, and their case is folded where it means nothing. Rules of version 1 are written out with
// their defaults, later ones only where they are set. Left out are what names the release or the run
// (required_md5s, required_machines, record_fingerprints); a baseline is given as count and digest.
// The member `skipped` lists what a shared policy document holds and the source cannot produce.
func (p Policy) Canonical() string {
	members := p.members()
	members["skipped"] = distinct(p.Skipped, strings.Clone)
	return canonicalJSON(members)
}

// SHA256 returns the digest of [Policy.Canonical] without its member `skipped`, in hex. Reordering, doubles
// and defaults spelt out do not change it; any change of a rule does.
func (p Policy) SHA256() string { return digest(canonicalJSON(p.members())) }

func (p Policy) members() map[string]any {
	members := map[string]any{"version": policyVersion, "source": p.Source}
	for _, rule := range rules {
		if rule.Undigested || !rule.Of(p.Source) || !rule.Always && !rule.Written(p) {
			continue
		}
		members[rule.Name] = rule.canonical(p)
	}
	return members
}

// canonical returns the value of a rule, its default where it is not written.
func (r RuleInfo) canonical(p Policy) any {
	switch r.Kind {
	case KindSeverity:
		return p.failOn()
	case KindCounts:
		if p.MaxFindings == nil {
			return map[Severity]int64{}
		}
		return p.MaxFindings
	case KindCategories:
		return distinct(categoryNames(p.DeniedCategories), strings.Clone)
	case KindDenials:
		return canonicalDenials(p.Denied)
	case KindExceptions:
		return canonicalExceptions(p.Exceptions)
	case KindFingerprints:
		baseline := distinct(p.Baseline, lower)
		return map[string]any{"count": len(baseline), "sha256": digest(strings.Join(baseline, "\n"))}
	case KindAge:
		if p.MaxAge == 0 {
			return nil
		}
		return p.MaxAge.String()
	case KindScanTypes:
		return p.requiredScanTypes()
	case KindCount:
		return or(*cast[*int64](r.field(&p)), 0)
	case KindPermission:
		return or(*cast[*bool](r.field(&p)), false)
	case KindEnforcement:
		return p.Enforcement.orDefault()
	case KindMD5s, KindQuuids, KindSetting: // not part of it
	}
	panic("a rule without a canonical form: " + r.Name)
}

func canonicalDenials(denied []Denial) []map[string]string {
	canonical := make([]map[string]string, 0, len(denied))
	for _, d := range denied {
		canonical = append(canonical, map[string]string{"category": string(d.Category), "id": caseless(d.ID)})
	}
	return sorted(canonical)
}

// canonicalExceptions writes the end of each as the instant that it means, so that a date and the
// following midnight are the same rule. A scope that is not given is left out.
func canonicalExceptions(exceptions []Exception) []map[string]string {
	canonical := make([]map[string]string, 0, len(exceptions))
	for _, exception := range exceptions {
		expiresAt := exception.ExpiresAt
		if end, err := ParseExpiry(expiresAt); err == nil {
			expiresAt = end.Format(time.RFC3339Nano)
		}
		one := map[string]string{
			"category": string(exception.Category), "id": strings.TrimSpace(exception.ID),
			"reason": strings.TrimSpace(exception.Reason), "expires_at": expiresAt,
		}
		for _, scope := range AllScopes() {
			if value := exception.Scope(scope); value != nil {
				one[string(scope)] = scope.normal(*value)
			}
		}
		canonical = append(canonical, one)
	}
	return sorted(canonical)
}

// sorted returns objects in the order of their canonical JSON, without doubles.
func sorted(objects []map[string]string) []map[string]string {
	slices.SortFunc(objects, func(a, b map[string]string) int { return cmp.Compare(canonicalJSON(a), canonicalJSON(b)) })
	return slices.CompactFunc(objects, func(a, b map[string]string) bool { return canonicalJSON(a) == canonicalJSON(b) })
}

// canonicalJSON returns compact JSON with sorted members, without HTML escaping and without a line end.
func canonicalJSON(v any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // maps of strings and numbers: cannot fail
	plain := strings.TrimSuffix(text.String(), "\n")
	// The encoder escapes these two for the sake of JavaScript; canonical JSON does not. A backslash before
	// such an escape would be one of a pair.
	return lineSeparators.Replace(plain)
}

var lineSeparators = strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029")

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func categoryNames(categories []Category) []string {
	names := make([]string, len(categories))
	for i, category := range categories {
		names[i] = string(category)
	}
	return names
}
