package policyfile_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/policyfile"
)

// published is the JSON Schema that users get; tools/generate.sh writes it.
const published = "../../docs/policy.schema.json"

var update = flag.Bool("update", false, "write docs/policy.schema.json")

func TestSchema_isPublished(t *testing.T) {
	t.Parallel()
	if *update {
		if err := os.WriteFile(published, policyfile.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(published)
	if err != nil || !bytes.Equal(text, policyfile.Schema()) {
		t.Errorf("docs/policy.schema.json is out of step with the table of rules; run make generate (%v)", err)
	}
}

// compiled returns the schema, ready to validate.
func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(policyfile.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("policy.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	ready, err := compiler.Compile("policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

// agree tells whether schema and parser judge a JSON document alike, and how the parser does.
func agree(t *testing.T, schema *jsonschema.Schema, text string) (valid bool) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	bySchema := schema.Validate(document)
	_, byParser := policyfile.Read(text)
	if (bySchema == nil) != (byParser == nil) {
		t.Errorf("%s\nschema: %v\nparser: %v", text, bySchema, byParser)
	}
	return byParser == nil
}

// Values of every JSON type and of every kind of rule; some are right for a rule, and the others wrong.
var anyValue = []string{
	`null`, `true`, `false`, `0`, `1`, `-1`, `1.5`, `1e400`, `9223372036854775807`, `9223372036854775808`, `""`, `" "`, `"true"`, `"1"`, `[]`, `{}`, `[[]]`, `[{}]`, `[null]`, `[""]`,
	`"none"`, `"critical"`, `"info"`, `"unknown"`, `"High"`,
	`"168h"`, `"1h30m"`, `"1.5h"`, `".5s"`, `"0s"`, `"0.0h"`, `"-1h"`, `"+1h"`, `"7d"`, `"1h "`, `"1 h"`, `"h"`, `"1us"`, `"1µs"`, `"1μs"`,
	`{"low": 1}`, `{"low": -1}`, `{"low": "1"}`, `{"lowest": 1}`, `{"unknown": 0, "high": 2}`,
	`["ad"]`, `["vulnerability"]`, `["malware", "baseline"]`, `["ad", "ad"]`, `["adware"]`, `["repackaged"]`, `"ad"`,
	`["VULSCAN"]`, `["VULSCAN", "PLUGINSCAN"]`, `["vulscan"]`,
	`["8c7ef86c259abad33f213405a35a13c2"]`, `["8C7EF86C259ABAD33F213405A35A13C2"]`, `["8c7ef86c259abad33f213405a35a13c"]`, `["8c7ef86c259abad33f213405a35a13c2 "]`,
	`[{"category": "vulnerability", "id": "X"}]`, `[{"category": "malware", "id": "X"}]`, `[{"category": "malware"}]`, `[{"category": "ad", "id": " "}]`,
	`[{"category": "ad", "id": 10}]`, `[{"category": "ad", "id": true}]`, `[{"category": "ad", "id": null}]`, `[{"category": "ad", "id": ["X"]}]`, `[{"category": "ad", "id": "X", "reason": "r"}]`,
}

// entries are exceptions: one field of a valid one is replaced.
func entries() []string {
	fields := map[string][]string{
		"category":   {`"vulnerability"`, `"malware"`, `"virus"`, `"plugin"`, `"x"`, `1`},
		"id":         {`"CVE-1"`, `10`, `1.10`, `false`, `""`, `"\t"`, `{}`},
		"reason":     {`"r"`, `1`, `""`, `[]`},
		"expires_at": {`"2027-01-31"`, `"2027-01-31T12:00:00Z"`, `"2027-01-31T12:00:00.123+08:00"`, `"2027-1-31"`, `"2027-01-31 12:00:00"`, `"tomorrow"`, `2027`, `""`},
		"extra":      {`1`},
	}
	for _, scope := range gate.AllScopes() {
		fields[string(scope)] = []string{`"8c7ef86c259abad33f213405a35a13c2"`, `"x"`, `""`, `[]`}
	}
	var all []string
	for name, texts := range fields {
		for _, text := range append(texts, "") {
			entry := map[string]json.RawMessage{
				"category": json.RawMessage(`"vulnerability"`), "id": json.RawMessage(`"CVE-1"`), "reason": json.RawMessage(`"r"`), "expires_at": json.RawMessage(`"2027-01-31"`),
			}
			entry[name] = json.RawMessage(text)
			if text == "" {
				delete(entry, name)
			}
			one, err := json.Marshal([]any{entry})
			if err != nil {
				panic(err)
			}
			all = append(all, string(one))
		}
	}
	return all
}

// Schema and parser agree about every value of every key in every place, wherever JSON Schema can tell.
func TestSchema_agreesWithTheParser(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	keys := []string{"x", "version", "gate", "sources", "exception", "policy"}
	for _, rule := range gate.Rules("") {
		keys = append(keys, rule.Name)
	}
	documents := map[string]string{"top": `{"version": 1, %q: %s}`, "gate": `{"version": 1, "gate": {%q: %s}}`}
	for _, source := range gate.Sources() {
		documents[string(source)] = `{"version": 1, "sources": {"` + string(source) + `": {%q: %s}}}`
	}
	tried, valid := 0, map[string]bool{}
	for place, document := range documents {
		for _, key := range keys {
			if place == "top" && key == "version" {
				continue // twice in one object
			}
			for _, value := range append(entries(), anyValue...) {
				tried++
				if agree(t, schema, fmt.Sprintf(document, key, value)) {
					valid[place+"."+key] = true
				}
			}
		}
	}
	for _, version := range []string{`{}`, `{"version": 2}`, `{"version": "1"}`, `{"version": null}`, `{"version": 1}`, `[]`, `"version"`, `{"version": 1, "sources": {"x": {}}}`} {
		agree(t, schema, version)
	}
	t.Logf("%d documents, %d keys with a valid value", tried, len(valid))
	if len(valid) < 60 {
		t.Errorf("only %d keys were ever valid: %v", len(valid), valid)
	}
}

// Each rule that a document may hold can be written in every place that has it, and is in the schema there;
// no other rule is.
func TestTable_everyRuleIsInParserAndSchema(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	for _, source := range gate.Sources() {
		for _, rule := range gate.Rules("") {
			if !rule.Document || !rule.Of(source) {
				if agree(t, schema, fmt.Sprintf(`{"version": 1, "sources": {%q: {%q: []}}}`, source, rule.Name)) {
					t.Errorf("%s: %s is accepted", source, rule.Name)
				}
				continue
			}
			v := valuesOf(rule, source)
			for place, write := range places {
				if write == nil {
					continue
				}
				for _, value := range []string{v.a, v.b} {
					text := `{"version": 1, ` + write(rule, source, value) + `}`
					if !agree(t, schema, text) {
						t.Errorf("%s in %s cannot be written", rule.Name, place)
						continue
					}
					if !rule.Written(gate.Merge(source, read(t, text).For(source)...)) {
						t.Errorf("%s in %s is lost", rule.Name, place)
					}
				}
			}
		}
	}
}

// The document of the guide holds in every data source, for editors as well.
func TestSchema_acceptsTheDocumentOfTheGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../examples/guides/one-policy/security/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var node yaml.Node
	if err := yaml.Load(text, &node); err != nil {
		t.Fatal(err)
	}
	if !agree(t, compiled(t), asJSON(node.Content[0])) {
		t.Error("refused")
	}
	for _, source := range gate.Sources() {
		checkPolicy(t, gate.Merge(source, read(t, string(text)).For(source)...))
	}
}
