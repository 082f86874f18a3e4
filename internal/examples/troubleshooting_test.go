package examples_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// troubleshooting is the guide's rows of tables, by their line.
func troubleshooting(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(repository, "templates", "guides", "troubleshooting.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, line := range strings.Split(string(page), "\n") {
		if strings.HasPrefix(line, "| ") {
			rows = append(rows, line)
		}
	}
	return rows
}

// mentioned fails the test unless a row whose first cell holds the name holds all of the texts.
func mentioned(t *testing.T, rows []string, name string, texts ...string) {
	t.Helper()
	for _, row := range rows {
		first, rest, _ := strings.Cut(strings.TrimPrefix(row, "| "), " | ")
		if first != name && !strings.Contains(first, "`"+name+"`") && !strings.HasPrefix(first, name+" ") {
			continue
		}
		for _, text := range texts {
			if !strings.Contains(first+" | "+rest, text) {
				t.Errorf("%s is told without %q:\n%s", name, text, row)
			}
		}
		return
	}
	t.Errorf("the guide does not tell of %q (%q)", name, texts)
}

// source is the parsed Go code of a folder below internal/, without its tests.
func source(t *testing.T, folder string) []*ast.File {
	t.Helper()
	var files []*ast.File
	root := filepath.Join(repository, "internal", folder)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"emulator", "acctest", "testdata"}, entry.Name()) {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// diagnosticCalls are the functions that make a diagnostic, with the place of the summary among their
// arguments, and the kind.
var diagnosticCalls = map[string]struct {
	summary int
	kind    string
}{
	"AddError": {0, "error"}, "AddWarning": {0, "warning"}, "AddAttributeError": {1, "error"}, "AddAttributeWarning": {1, "warning"},
	"NewErrorDiagnostic": {0, "error"}, "NewWarningDiagnostic": {0, "warning"},
	"NewAttributeErrorDiagnostic": {1, "error"}, "NewAttributeWarningDiagnostic": {1, "warning"},
}

// toldElsewhere are summaries that are no literal where the diagnostic is made: a kind of scan names its
// own, which is looked for by its field, and a warning that becomes an error keeps its summary.
var toldElsewhere = []string{"FailedTitle", "Summary"}

// named returns the field or method that a summary is taken from, be it before what names the object.
func named(summary ast.Expr) (string, bool) {
	switch e := summary.(type) {
	case *ast.BinaryExpr:
		return named(e.X)
	case *ast.CallExpr:
		return named(e.Fun)
	case *ast.SelectorExpr:
		return e.Sel.Name, true
	}
	return "", false
}

func TestTroubleshooting_tellsOfEveryDiagnostic(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	found := 0
	for _, file := range source(t, "") {
		ast.Inspect(file, func(node ast.Node) bool {
			if field, ok := node.(*ast.KeyValueExpr); ok {
				if name, _ := text(field.Key); name == "FailedTitle" {
					title, _ := text(field.Value)
					mentioned(t, rows, title, "warning")
				}
			}
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			diagnostic, ok := diagnosticCalls[selector.Sel.Name]
			if !ok || len(call.Args) != diagnostic.summary+2 {
				return true
			}
			found++
			summary, ok := text(call.Args[diagnostic.summary])
			if name, other := named(call.Args[diagnostic.summary]); other && slices.Contains(toldElsewhere, name) {
				return true
			}
			if !ok {
				t.Errorf("%s.%s: the summary is no literal", file.Name.Name, selector.Sel.Name)
				return true
			}
			mentioned(t, rows, summary, diagnostic.kind)
			return true
		})
	}
	if found < 40 {
		t.Errorf("only %d diagnostics were found", found)
	}
}

func TestTroubleshooting_tellsOfEveryReason(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	files := source(t, "gate")
	codes := map[string]string{} // by the name of the constant
	for _, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			if spec, ok := node.(*ast.ValueSpec); ok {
				if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "ReasonCode" {
					codes[spec.Names[0].Name], _ = text(spec.Values[0])
				}
			}
			return true
		})
	}
	told := 0
	for _, file := range files {
		for key, remedy := range entries(file, "remedies") {
			told++
			mentioned(t, rows, codes[key], remedy)
			delete(codes, key)
		}
	}
	if told < 25 || len(codes) > 0 {
		t.Errorf("%d reasons were found, and %v have no remedy", told, codes)
	}
}

func TestTroubleshooting_tellsOfEveryErrorNumber(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	told := 0
	for _, file := range source(t, "tencentcloud") {
		for _, table := range []string{"codeMeanings", "codeHints"} {
			for number, text := range entries(file, table) {
				told++
				mentioned(t, rows, number, text)
			}
		}
	}
	if told < 15 {
		t.Errorf("only %d texts were found", told)
	}
}

// documented are the error codes of the five documents, beside those that the code knows by itself.
var documented = []string{
	"InternalError.ServerError", "InternalError.MainDBFail", "InternalError.ApkServerError",
	"InvalidParameter.IllegalRequest", "InvalidParameter.InvalidFormat", "InvalidParameter.MissingParameter", "InvalidParameter.ParameterError", "InvalidParameter.ParsingError",
	"MissingParameter.MissingAppInfo", "MissingParameter.MissingItemId", "ResourceNotFound.ItemIdNotFound", "UnauthorizedOperation.NotWhiteUser", "FailedOperation",
}

func TestTroubleshooting_tellsOfEveryErrorCodeWhatTheDiagnosticSays(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	codes := slices.Clone(documented)
	for _, file := range source(t, "tencentcloud") {
		for code := range entries(file, "codes") {
			codes = append(codes, code)
		}
	}
	if len(codes) < len(documented)+25 {
		t.Fatalf("only %q were found", codes)
	}
	for _, code := range codes {
		happened, advice := told(t, emulator.Fault{Kind: emulator.FaultError, Code: code})
		mentioned(t, rows, code, happened, advice)
	}
}

func TestTroubleshooting_tellsOfFailuresWithoutACode(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	for _, fault := range []emulator.Fault{
		{Kind: emulator.FaultReset}, {Kind: emulator.FaultClose}, {Kind: emulator.FaultTruncate}, {Kind: emulator.FaultText}, {Kind: emulator.FaultEmpty},
		{Kind: emulator.FaultHTTP}, {Kind: emulator.FaultHTTP, Status: 403}, {Kind: emulator.FaultRedirect, Location: "http://127.0.0.1:1/"},
		{Kind: emulator.FaultHuge, Size: 65 << 20},
	} {
		happened, advice := told(t, fault)
		happened, _, _ = strings.Cut(happened, " (")
		happened, _, _ = strings.Cut(happened, ", which is never followed")
		told := false
		for _, row := range rows {
			told = told || strings.HasPrefix(row, "| "+happened) && strings.Contains(row, advice)
		}
		if !told {
			t.Errorf("the guide does not tell of %q: %q", happened, advice)
		}
	}
}

// entries returns the elements of a map that a file declares as a variable: the literals, or the
// names, of its keys and the literals of its values.
func entries(file *ast.File, name string) map[string]string {
	found := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != name || len(spec.Values) != 1 {
			return true
		}
		table, ok := spec.Values[0].(*ast.CompositeLit)
		if !ok {
			return true
		}
		for _, element := range table.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				key, _ := text(pair.Key)
				found[key], _ = text(pair.Value)
			}
		}
		return true
	})
	return found
}

// text returns the value of a literal, or a name.
func text(expression ast.Expr) (string, bool) {
	switch e := expression.(type) {
	case *ast.Ident:
		return e.Name, false
	case *ast.BinaryExpr: // a title, and the object that it is about
		value, ok := text(e.X)
		return strings.TrimSuffix(value, ": "), ok
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return e.Value, true
		}
		value, err := strconv.Unquote(e.Value)
		return value, err == nil
	}
	return "", false
}
