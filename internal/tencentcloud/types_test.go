package tencentcloud

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// source is what this package declares.
type source struct {
	structs map[string]*ast.StructType
	paged   map[string]bool // types with a method rows
}

// parseSource reads the package, or the texts given.
func parseSource(t *testing.T, texts ...string) source {
	t.Helper()
	if len(texts) == 0 {
		names, err := filepath.Glob("*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				texts = append(texts, string(text))
			}
		}
	}
	s := source{map[string]*ast.StructType{}, map[string]bool{}}
	for _, text := range texts {
		file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.add(file)
	}
	return s
}

func (s source) add(file *ast.File) {
	for _, declared := range file.Decls {
		switch d := declared.(type) {
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if named, ok := spec.(*ast.TypeSpec); ok {
					if structure, ok := named.Type.(*ast.StructType); ok {
						s.structs[named.Name.Name] = structure
					}
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil || d.Name.Name != "rows" {
				continue
			}
			if pointer, ok := d.Recv.List[0].Type.(*ast.StarExpr); ok {
				if name, ok := pointer.X.(*ast.Ident); ok {
					s.paged[name.Name] = true
				}
			}
		}
	}
}

// responses returns the types that embed answer.
func (s source) responses() map[string]*ast.StructType {
	found := map[string]*ast.StructType{}
	for name, structure := range s.structs {
		for _, field := range structure.Fields.List {
			if embedded, ok := field.Type.(*ast.Ident); ok && len(field.Names) == 0 && embedded.Name == "answer" {
				found[name] = structure
			}
		}
	}
	return found
}

var tolerant = map[string]bool{"Int": true, "Float": true, "Bool": true, "Text": true, "Time": true, "Texts": true}

// intolerant returns the fields of a struct, and of what is in it, that a value of another type would break.
func (s source) intolerant(name string, seen map[string]bool) []string {
	structure, known := s.structs[name]
	if !known {
		return []string{name + " is no struct of this package"}
	}
	if seen[name] {
		return nil
	}
	seen[name] = true
	var bad []string
	for _, field := range structure.Fields.List {
		if internal(field) {
			continue
		}
		where := name + "."
		if len(field.Names) > 0 {
			where += field.Names[0].Name
		}
		bad = append(bad, s.intolerantType(where, field.Type, len(field.Names) == 0, seen)...)
	}
	return bad
}

func (s source) intolerantType(where string, typ ast.Expr, embedded bool, seen map[string]bool) []string {
	switch x := typ.(type) {
	case *ast.Ident:
		switch {
		case embedded && x.Name == "answer", !embedded && tolerant[x.Name]:
			return nil
		case embedded:
			return s.intolerant(x.Name, seen)
		}
	case *ast.IndexExpr:
		kind, ok := x.X.(*ast.Ident)
		element, named := x.Index.(*ast.Ident)
		if ok && named && (kind.Name == "List" || kind.Name == "Object") {
			if tolerant[element.Name] {
				return nil
			}
			return s.intolerant(element.Name, seen)
		}
	}
	return []string{where}
}

// internal tells whether a field is none of the answer's JSON, since its name is not exported.
func internal(field *ast.Field) bool { return len(field.Names) > 0 && !field.Names[0].IsExported() }

// unjoined returns the fields of a paged answer without a way to join pages, and what is wrong with its rows.
func (s source) unjoined(name string) []string {
	var bad []string
	rows := 0
	for _, field := range s.structs[name].Fields.List {
		if len(field.Names) == 0 || internal(field) {
			continue
		}
		tag := ""
		if field.Tag != nil {
			text, _ := strconv.Unquote(field.Tag.Value)
			tag = reflect.StructTag(text).Get("join")
		}
		if tag == "rows" {
			rows += len(field.Names)
		}
		if _, known := joinRules[tag]; !known {
			bad = append(bad, name+"."+field.Names[0].Name)
		}
	}
	if rows != 1 {
		bad = append(bad, name+" has "+strconv.Itoa(rows)+" lists of rows")
	}
	return bad
}

// ofKeys are the answers that hold a key: without it they are worth nothing, so that they need no tolerance.
var ofKeys = map[string]bool{"assumeRoleResponse": true}

func TestResponses_everyFieldToleratesWhatItDoesNotExpectAndHasAWayToJoinPages(t *testing.T) {
	t.Parallel()
	s := parseSource(t)
	responses := s.responses()
	if len(responses) < 20 {
		t.Fatalf("only %d responses were found", len(responses))
	}
	for name := range responses {
		if ofKeys[name] {
			continue
		}
		for _, bad := range s.intolerant(name, map[string]bool{}) {
			t.Errorf("%s is none of Int, Float, Bool, Text, Time, Texts, List and Object", bad)
		}
		if s.paged[name] {
			for _, bad := range s.unjoined(name) {
				t.Errorf("%s has no way to join pages", bad)
			}
		}
	}
}

func TestResponses_theWalkFindsWhatItIsFor(t *testing.T) {
	t.Parallel()
	s := parseSource(t, `package p
type counts struct { Good Int; Bad int }
type row struct { Name string; counts; Others List[other] }
type other struct { X *Int; Y []Text; Z map[string]Int; W List[string] }
type paged struct { answer; Rows List[row] `+"`join:\"rows\"`"+`; Total Int; More Int `+"`join:\"sane\"`"+` }
func (r *paged) rows() (int, Int) { return 0, r.Total }`)
	if got := s.intolerant("paged", map[string]bool{}); strings.Join(got, " ") != "row.Name counts.Bad other.X other.Y other.Z string is no struct of this package" {
		t.Errorf("got %q", got)
	}
	if got := s.unjoined("paged"); strings.Join(got, " ") != "paged.Total paged.More" || !s.paged["paged"] || len(s.responses()) != 1 {
		t.Errorf("got %q", got)
	}
}
