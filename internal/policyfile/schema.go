package policyfile

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// object is a JSON object of the schema.
type object map[string]any

// mapping is the schema of a mapping with these keys only.
func mapping(properties object, required []string) object {
	schema := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

// Schema returns the JSON Schema (2020-12) of a policy document. It is as strict as JSON Schema can be; what
// it cannot express, such as doubled keys or the size of a document, is for [Read].
func Schema() []byte {
	sections := object{}
	for _, source := range gate.Sources() {
		sections[string(source)] = placeSchema(sourcePlace(source))
	}
	root := placeSchema(rootPlace())
	properties := root["properties"].(object) //nolint:forcetypeassert // made so above
	properties[keyVersion] = object{"const": 1, "description": "Version of the form of this document."}
	properties[keyGate] = described(placeSchema(gatePlace()), "Rules for every data source. What one does not have or cannot produce is skipped for it.")
	properties[keySources] = described(mapping(sections, nil), "Rules for single data sources, beside those for every one. The strictest value of a rule applies.")
	root["required"] = []string{keyVersion}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Policy document of the Terraform provider ms"
	return encode(root)
}

// placeSchema returns the schema of a section of rules.
func placeSchema(p place) object {
	properties := object{}
	for _, rule := range p.rules {
		properties[rule.Name] = described(forms[rule.Kind].schema(p), describe(rule, p))
	}
	return mapping(properties, nil)
}

// describe tells what a rule demands, and which data sources have it where the place is for all of them.
func describe(rule gate.RuleInfo, p place) string {
	if p.source != "" || len(rule.Sources) == 0 {
		return rule.Description
	}
	return rule.Description + " Data sources: `" + strings.Join(strings.Split(list(rule.Sources), ", "), "`, `") + "`."
}

// described returns a schema with a description. The schema may be shared, so it is copied.
func described(schema object, description string) object {
	copied := object{"description": description}
	for name, value := range schema {
		copied[name] = value
	}
	return copied
}

func encode(schema object) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		panic(err) // texts, numbers and maps of them
	}
	return text.Bytes()
}
