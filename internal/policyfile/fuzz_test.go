package policyfile_test

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/policyfile"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// Whatever the text, Read ends in a document or in errors fit to be printed. A document means the same when
// it is written as JSON, and what it writes by itself is a policy that the gate accepts.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		design, designJSON, "", "version: 1\n", "---\nversion: 1\n...\n", "version: 1\n---\nversion: 1\n",
		exception("category: ad", "id: 010", "reason: |-\n      two\n      lines", "expires_at: '2027-01-31'", "machine: x"),
		"version: 1\ngate: {fail_on: none, max_findings: {unknown: 0}, baseline: [8c7ef86c259abad33f213405a35a13c2], allow_narrowed: true}\n",
		"version: 1\ngate: &a {required_scan_types: [VULSCAN]}\nsources: {ms_scan_results: *a}\n",
		"version: 1\nsources:\n  ms_cwp_findings:\n    exceptions: []\n    denied: [{category: malware, id: \"\\u0001\"}]\n    accept_service_ignores: false\n",
		"version: !!int 1\n? {a: b}\n: ~\n<<: {}\n", "{\"version\":1,\"\\ud83d\\ude00\":\"\xff\"}", strings.Repeat("[", 70), strings.Repeat("- ", 17) + "x",
		"\ufeffversion: 1 # c\ngate:\n  max_age: 1h\r\n  max_age: 2h\n", "version: 1\ndenied: [{category: ad, id: 'https://u:p@h/a?secret=1::'}]\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		document, err := policyfile.Read(text)
		if err != nil {
			checkErrors(t, err)
			return
		}
		var node yaml.Node
		if err := yaml.Load([]byte(text), &node); err != nil {
			t.Skip("surrogates of JSON") // a fixed notation of this package, not of the parser
		}
		again, err := policyfile.Read(asJSON(node.Content[0]))
		if err != nil {
			t.Fatalf("accepted, but not as JSON: %v\n%s", err, asJSON(node.Content[0]))
		}
		for _, source := range gate.Sources() {
			places := withoutLines(document.For(source))
			if other := withoutLines(again.For(source)); !reflect.DeepEqual(places, other) {
				t.Fatalf("%s: %+v\nas JSON: %+v", source, places, other)
			}
			checkPolicy(t, gate.Merge(source, places...))
		}
	})
}

// checkErrors fails where an error could not be printed as it is.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		t.Fatalf("%T joins nothing", err)
	}
	for _, one := range joined.Unwrap() {
		var fault *policyfile.Error
		if !errors.As(one, &fault) || fault.Line < 1 || fault.Column < 1 || fault.Message == "" || sanitize.LineUpTo(one.Error(), 1000) != one.Error() {
			t.Fatalf("%#v", one)
		}
	}
}

// checkPolicy fails where the gate refuses a policy for anything but rules that contradict each other.
func checkPolicy(t *testing.T, policy gate.Policy) {
	t.Helper()
	if policy.Source == gate.SourceScanResults {
		policy.RequiredMD5s = []string{"8c7ef86c259abad33f213405a35a13c2"}
	}
	for _, line := range strings.Split(fmt.Sprint(policy.Validate()), "\n") {
		if line != "<nil>" && !strings.Contains(line, "none is allowed only beside max_findings") && !strings.Contains(line, "cannot be excepted") && !strings.Contains(line, "and more of this kind") {
			t.Fatalf("%s: %s", policy.Source, line)
		}
	}
	for _, skipped := range policy.Skipped {
		if sanitize.Line(skipped) != skipped {
			t.Fatalf("%s: skipped %q", policy.Source, skipped)
		}
	}
}

var bare = regexp.MustCompile(`^(0|[1-9][0-9]*|true|false)$`)

// asJSON writes a node as JSON in ASCII, apart from the code under test.
func asJSON(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			parts = append(parts, quoted(n.Content[i].Value)+": "+asJSON(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.SequenceNode:
		for _, child := range n.Content {
			parts = append(parts, asJSON(child))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		if n.Style == 0 && bare.MatchString(n.Value) {
			return n.Value
		}
		return quoted(n.Value)
	}
}

func quoted(text string) string {
	var json strings.Builder
	json.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&json, `\u%04x`, unit)
	}
	json.WriteByte('"')
	return json.String()
}
