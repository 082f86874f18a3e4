package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// policyRule says one member of a policy in words; nothing where it demands nothing.
type policyRule struct {
	name string
	say  func(value any) []string
}

// policyRules are in the order in which a reader wants them. A member that is not here is shown as it
// stands, so that nothing of a policy is hidden.
var policyRules = []policyRule{
	{"fail_on", func(v any) []string {
		if v == "none" {
			return []string{"No finding fails by its severity alone."}
		}
		return phrase("Findings of severity %s and above fail.", v)
	}},
	{"max_findings", func(v any) []string {
		var said []string
		bounds, _ := v.(map[string]any)
		for _, severity := range gate.Severities() {
			if most, ok := bounds[string(severity)]; ok {
				said = append(said, fmt.Sprintf("At most %v findings of severity %s.", most, severity))
			}
		}
		return said
	}},
	{"max_found_vul", func(v any) []string { return phrase("At most %v vulnerabilities in local images.", v) }},
	{"max_registry_found_vul", func(v any) []string { return phrase("At most %v vulnerabilities in registry images.", v) }},
	{"max_found_risk_image", func(v any) []string { return phrase("At most %v images at risk.", v) }},
	{"denied_categories", func(v any) []string { return phrase("Findings of these categories fail: %s.", v) }},
	{"denied", func(v any) []string { return phrase("These ids fail: %s.", v) }},
	{"required_scan_types", func(v any) []string { return phrase("Every package must be scanned for: %s.", v) }},
	{"required_md5s", func(v any) []string { return phrase("These packages must be scanned: %s.", v) }},
	{"required_machines", func(v any) []string { return phrase("These hosts must be scanned to the end: %s.", v) }},
	{"max_failed_machines", func(v any) []string { return phrase("At most %v hosts may fail to be scanned.", v) }},
	{"max_age", func(v any) []string {
		if v == "0s" {
			return nil
		}
		return phrase("The oldest scan may be %v old.", shortDuration(asText(v)))
	}},
	{"exceptions", func(v any) []string { return eachOf(v, exceptionWords) }},
	{"baseline", baselineWords},
	{"accept_service_ignores", func(v any) []string { return allowed("What the service is set to ignore is accepted.", v) }},
	{"allow_narrowed", func(v any) []string {
		return allowed("A task that was narrowed to single vulnerabilities or patches is accepted.", v)
	}},
	{"enforcement", func(v any) []string {
		return phrase(map[any]string{
			"mandatory": "Anything but a pass is an error.", "advisory": "Anything but a pass is a warning.", "none": "Anything but a pass is only recorded.",
		}[v], v)
	}},
	{"skipped", func(v any) []string { return phrase("Rules that do not apply to this data source: %s.", v) }},
	{"source", func(any) []string { return nil }},
	{"version", func(any) []string { return nil }},
}

// maxPolicyLines is the most rules and exceptions that a report says; the rest are counted.
const maxPolicyLines = 200

// policyLines says the policy in words, a rule a line, each fit to be printed; nil where it is not at hand.
func (s *Scan) policyLines() []string {
	var members map[string]any
	decoder := json.NewDecoder(strings.NewReader(s.Policy))
	decoder.UseNumber() // a number is said as it stands
	if s.Policy == "" || decoder.Decode(&members) != nil {
		return nil
	}
	var said []string
	for _, rule := range policyRules {
		if value := members[rule.name]; value != nil {
			said = append(said, rule.say(value)...)
		}
		delete(members, rule.name)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if text := asText(members[name]); text != "" {
			said = append(said, name+": "+text+".")
		}
	}
	if more := len(said) - maxPolicyLines; more > 0 {
		said = append(said[:maxPolicyLines], fmt.Sprintf("And %d more.", more))
	}
	for i := range said {
		said[i] = prose(said[i])
	}
	return said
}

// phrase fills a value in, where the sentence has a place for it.
func phrase(sentence string, v any) []string {
	switch text := asText(v); {
	case text == "" || sentence == "":
		return nil
	case !strings.Contains(sentence, "%"):
		return []string{sentence}
	default:
		return []string{fmt.Sprintf(sentence, text)}
	}
}

// shortDuration leaves zeros at the end of a duration out: 24h0m0s is 24h.
func shortDuration(text string) string {
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func allowed(sentence string, v any) []string {
	if v != true {
		return nil
	}
	return []string{sentence}
}

// eachOf says each element of a list.
func eachOf(v any, say func(map[string]any) string) []string {
	elements, _ := v.([]any)
	var said []string
	for _, element := range elements {
		if object, ok := element.(map[string]any); ok {
			said = append(said, say(object))
		}
	}
	return said
}

func exceptionWords(e map[string]any) string {
	text := "Exception: " + asText(e["category"]) + " " + asText(e["id"])
	for _, scope := range []struct{ name, word string }{
		{"app_pkg_name", "package"}, {"app_md5", "MD5"}, {"machine", "host"}, {"image", "image"},
	} {
		if value := asText(e[scope.name]); value != "" {
			text += " in " + scope.word + " " + value
		}
	}
	return text + ", until " + asText(e["expires_at"]) + ": " + stopped(asText(e["reason"]))
}

// baselineWords takes a list of fingerprints, or their count.
func baselineWords(v any) []string {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return nil
		}
		return []string{plural(len(v), "finding", "findings") + " in the baseline may pass."}
	case map[string]any:
		if count := asText(v["count"]); count != "" && count != "0" {
			return phrase("Findings in the baseline, which may pass: %s.", count)
		}
	}
	return nil
}

// asText writes a value of JSON for people; empty where it holds nothing.
func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		texts := make([]string, 0, len(v))
		for _, element := range v {
			if text := asText(element); text != "" {
				texts = append(texts, text)
			}
		}
		return strings.Join(texts, ", ")
	case map[string]any:
		if category, id := asText(v["category"]), asText(v["id"]); len(v) == 2 && category != "" && id != "" {
			return category + " " + id
		}
		texts := make([]string, 0, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if text := asText(v[name]); text != "" {
				texts = append(texts, name+" "+text)
			}
		}
		return strings.Join(texts, ", ")
	default:
		return fmt.Sprint(v)
	}
}
