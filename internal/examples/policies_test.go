package examples_test

import (
	"encoding/json"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// policy is a CAM policy of examples/policies.
type policy struct {
	Version   string `json:"version"`
	Statement []struct {
		Effect    string              `json:"effect"`
		Action    []string            `json:"action"`
		Resource  any                 `json:"resource"`
		Principal map[string][]string `json:"principal"`
		Condition map[string]any      `json:"condition"`
	} `json:"statement"`
}

func readPolicy(t *testing.T, name string) policy {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, "examples", "policies", name))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(content)))
	decoder.DisallowUnknownFields()
	var p policy
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if p.Version != "2.0" || len(p.Statement) != 1 || p.Statement[0].Effect != "allow" {
		t.Errorf("%s is no CAM policy that allows something", name)
	}
	return p
}

// clientActions are the actions that the client calls, as a policy names them.
func clientActions(t *testing.T) []string {
	t.Helper()
	var actions []string
	for _, file := range source(t, "tencentcloud") {
		ast.Inspect(file, func(node ast.Node) bool {
			literal, ok := node.(*ast.CompositeLit)
			if !ok {
				return true
			}
			texts := map[string]string{}
			for _, element := range literal.Elts {
				pair, ok := element.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				key, isName := pair.Key.(*ast.Ident)
				value, isText := pair.Value.(*ast.BasicLit)
				if isName && isText {
					texts[key.Name], _ = strconv.Unquote(value.Value)
				}
			}
			if texts["service"] != "" && texts["action"] != "" {
				actions = append(actions, "name/"+texts["service"]+":"+texts["action"])
			}
			return true
		})
	}
	if len(actions) < 8 {
		t.Fatalf("only these actions were found: %v", actions)
	}
	return actions
}

// TestPolicies_allowWhatTheClientCalls holds the policies of the guide against the code.
func TestPolicies_allowWhatTheClientCalls(t *testing.T) {
	t.Parallel()
	scan, read := readPolicy(t, "scan.json").Statement[0].Action, readPolicy(t, "read.json").Statement[0].Action
	trusts := []string{"name/sts:AssumeRole", "name/sts:AssumeRoleWithWebIdentity"}
	for _, action := range clientActions(t) {
		if !slices.Contains(scan, action) && !slices.Contains(trusts, action) {
			t.Errorf("scan.json does not allow %s", action)
		}
	}
	for _, action := range read {
		name := action[strings.Index(action, ":")+1:]
		if !slices.Contains(scan, action) || !strings.HasPrefix(name, "Describe") && !strings.HasPrefix(name, "Get") {
			t.Errorf("read.json allows %s", action)
		}
	}
	for _, action := range scan {
		name := action[strings.Index(action, ":")+1:]
		if strings.HasPrefix(name, "Describe") && !slices.Contains(read, action) {
			t.Errorf("read.json does not allow %s", action)
		}
	}
}

// TestPolicies_areInTheGuide has each policy shown, and each action told with what needs it.
func TestPolicies_areInTheGuide(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(repository, "templates", "guides", "credentials.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	guide := string(content)
	names, err := os.ReadDir(filepath.Join(repository, "examples", "policies"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range names {
		readPolicy(t, entry.Name())
		if !strings.Contains(guide, `{{ codefile "json" "examples/policies/`+entry.Name()+`" }}`) {
			t.Errorf("the guide does not show %s", entry.Name())
		}
	}
	scan := readPolicy(t, "scan.json").Statement[0].Action
	for _, action := range scan {
		if name := action[strings.Index(action, ":")+1:]; !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide does not say what needs %s", action)
		}
	}
	_, table, _ := strings.Cut(guide, "| object | actions |")
	table, _, _ = strings.Cut(table, "\n\n")
	service := ""
	for _, match := range regexp.MustCompile("(ms|cwp|tcss|sts): |`([A-Z][A-Za-z]+)`").FindAllStringSubmatch(table, -1) {
		if match[1] != "" {
			service = match[1]
		} else if action := "name/" + service + ":" + match[2]; !slices.Contains(scan, action) {
			t.Errorf("%s is in the guide and not in scan.json", action)
		}
	}
}
