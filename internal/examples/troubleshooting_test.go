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

// titles are the fields from which a summary is taken where a diagnostic is made for several kinds of
// scan or data source, with the kind of that diagnostic.
var titles = map[string]string{"FailedTitle": "warning", "Unread": "error"}

// inherited is the method of a summary that another diagnostic had: a warning that becomes an error.
const inherited = "Summary"

// summaries returns the texts that a summary can have, without the object that it names: of a literal,
// of a constant of the package, of a variable of the function. It is told where they are found elsewhere.
func summaries(summary ast.Expr, function *ast.FuncDecl, files []*ast.File) (found []string, elsewhere bool) {
	switch e := summary.(type) {
	case *ast.BinaryExpr:
		return summaries(e.X, function, files)
	case *ast.CallExpr:
		return summaries(e.Fun, function, files)
	case *ast.SelectorExpr:
		return nil, e.Sel.Name == inherited || titles[e.Sel.Name] != ""
	case *ast.Ident:
		for _, file := range files {
			found = append(found, literals(file, e.Name, token.CONST)...)
		}
		return append(found, literals(function, e.Name, token.VAR)...), false
	}
	if value, ok := text(summary); ok {
		found = append(found, value)
	}
	return found, false
}

// literals returns the literals that a name stands for below a node, as a constant or as a variable.
func literals(node ast.Node, name string, kind token.Token) (found []string) {
	add := func(target, value ast.Expr) {
		if ident, ok := target.(*ast.Ident); ok && ident.Name == name {
			if value, ok := text(value); ok {
				found = append(found, value)
			}
		}
	}
	ast.Inspect(node, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GenDecl:
			if n.Tok != kind {
				return true
			}
			for _, spec := range n.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
					for i := range spec.Names {
						add(spec.Names[i], spec.Values[i])
					}
				}
			}
		case *ast.AssignStmt:
			if kind == token.VAR && len(n.Lhs) == len(n.Rhs) {
				for i := range n.Lhs {
					add(n.Lhs[i], n.Rhs[i])
				}
			}
		}
		return true
	})
	return found
}

func TestTroubleshooting_tellsOfEveryDiagnostic(t *testing.T) {
	t.Parallel()
	rows := troubleshooting(t)
	packages := map[string][]*ast.File{}
	for _, file := range source(t, "") {
		packages[file.Name.Name] = append(packages[file.Name.Name], file)
	}
	found := 0
	for name, files := range packages {
		for _, file := range files {
			for _, declaration := range file.Decls {
				ast.Inspect(declaration, func(node ast.Node) bool {
					if field, ok := node.(*ast.KeyValueExpr); ok {
						if name, _ := text(field.Key); titles[name] != "" {
							title, _ := text(field.Value)
							mentioned(t, rows, title, titles[name])
						}
					}
					summary, kind, ok := diagnostic(node)
					if !ok {
						return true
					}
					found++
					function, _ := declaration.(*ast.FuncDecl)
					texts, elsewhere := summaries(summary, function, files)
					if len(texts) == 0 && !elsewhere {
						t.Errorf("package %s: a summary is neither a literal nor a name of one", name)
					}
					for _, text := range texts {
						mentioned(t, rows, strings.TrimSuffix(text, ": "), kind)
					}
					return true
				})
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d diagnostics were found", found)
	}
}

// diagnostic returns the summary and the kind of a call that makes a diagnostic.
func diagnostic(node ast.Node) (summary ast.Expr, kind string, ok bool) {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return nil, "", false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, "", false
	}
	made, ok := diagnosticCalls[selector.Sel.Name]
	if !ok || len(call.Args) != made.summary+2 {
		return nil, "", false
	}
	return call.Args[made.summary], made.kind, true
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
