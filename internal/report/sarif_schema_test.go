package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // whose source holds the schema
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sarifSchema compiles the published JSON schema of SARIF 2.1.0, which the module go-sarif carries in
// its source.
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	output, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		return nil, err
	}
	source := filepath.Join(strings.TrimSpace(string(output)), "pkg", "report", "v210", "sarif", "schema.go")
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
	if err != nil {
		return nil, err
	}
	var text string
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING && len(literal.Value) > len(text) {
			text, err = strconv.Unquote(literal.Value)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif-2.1.0.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("sarif-2.1.0.json")
})

// checkSARIF fails the test unless the text is valid by the schema.
func checkSARIF(t *testing.T, text string) {
	t.Helper()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("not valid by the schema of SARIF: %v", err)
	}
}

// TestSARIFSchema_refusesWhatIsNotSARIF proves that the schema is the whole one, and is applied.
func TestSARIFSchema_refusesWhatIsNotSARIF(t *testing.T) {
	t.Parallel()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`{"version": "2.0.0", "runs": []}`,
		`{"version": "2.1.0"}`,
		`{"version": "2.1.0", "runs": [{"results": []}]}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "x"}, "level": "bad"}]}]}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "x"}, "suppressions": [{"kind": "other"}]}]}]}`,
		`{"version": "2.1.0", "runs": [], "surprise": 1}`,
	} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(document) == nil {
			t.Errorf("%s is taken for valid", text)
		}
	}
}
