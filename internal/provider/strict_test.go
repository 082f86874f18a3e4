package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/provider"
)

// nestedConfiguration are the attributes with attributes inside that are written in configurations, with the
// reason. The CLI drops a misspelled name inside an attribute silently, and refuses it inside a block.
var nestedConfiguration = map[string]string{
	"resource ms_scan_instance app_infos": "its elements come from expressions such as parse_apk; a dropped name changes neither what passes nor what is paid for",
}

// schemas returns the schemas of the provider, its resources and data sources, by how a configuration names them.
func schemas(t *testing.T) map[string]*tfprotov6.SchemaBlock {
	t.Helper()
	response, err := provider.NewServer("test", "none").GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(response.Diagnostics) != 0 {
		t.Fatal(err, response.Diagnostics)
	}
	all := map[string]*tfprotov6.SchemaBlock{"provider ms": response.Provider.Block}
	for name, schema := range response.ResourceSchemas {
		all["resource "+name] = schema.Block
	}
	for name, schema := range response.DataSourceSchemas {
		all["data "+name] = schema.Block
	}
	return all
}

func TestSchemas_nestedConfigurationIsInBlocks(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	var walk func(where string, block *tfprotov6.SchemaBlock)
	walk = func(where string, block *tfprotov6.SchemaBlock) {
		for _, attribute := range block.Attributes {
			if attribute.NestedType != nil && (attribute.Optional || attribute.Required) {
				found[where+" "+attribute.Name] = true
			}
		}
		for _, nested := range block.BlockTypes {
			walk(where+" "+nested.TypeName, nested.Block)
		}
	}
	for where, block := range schemas(t) {
		walk(where, block)
	}
	for where := range found {
		if nestedConfiguration[where] == "" {
			t.Errorf("%s is an attribute: a misspelled name inside it would be dropped silently", where)
		}
	}
	if len(found) != len(nestedConfiguration) {
		t.Errorf("found %v, listed are %v", found, nestedConfiguration)
	}
}

// TestAccSchemas_misspelledNamesAreRefusedInEveryBlock writes a name that does not exist, as an argument and as a
// block, into every block of every kind.
func TestAccSchemas_misspelledNamesAreRefusedInEveryBlock(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	config.WriteString(required)
	places := 0
	var inside func(block *tfprotov6.SchemaBlock, write func(lines string))
	inside = func(block *tfprotov6.SchemaBlock, write func(lines string)) {
		places++
		write(fmt.Sprintf("misspelled_%d = 1", places))
		write(fmt.Sprintf("block_%d {}", places))
		for _, nested := range block.BlockTypes {
			inside(nested.Block, func(lines string) { write(nested.TypeName + " {\n" + lines + "\n}") })
		}
	}
	all, written := schemas(t), 0
	for _, where := range slices.Sorted(maps.Keys(all)) {
		kind, name, _ := strings.Cut(where, " ")
		inside(all[where], func(lines string) {
			written++
			switch kind {
			case "provider":
				fmt.Fprintf(&config, "provider %q {\nalias = \"x%d\"\n%s\n}\n", name, written, lines)
				// The CLI checks no configuration of a provider that nothing uses.
				fmt.Fprintf(&config, "data \"ms_scan_results\" \"of_x%[1]d\" {\nprovider = ms.x%[1]d\nitem_id = \"i\"\n}\n", written)
			default:
				fmt.Fprintf(&config, "%s %q \"x%d\" {\n%s\n}\n", kind, name, written, lines)
			}
		})
	}
	w := acctest.New(t)
	w.Write(config.String())
	var result struct {
		Diagnostics []struct{ Summary, Detail string }
	}
	if err := json.Unmarshal([]byte(w.Run("validate", "-json").Output), &result); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, d := range result.Diagnostics {
		for number := range places {
			for _, name := range []string{fmt.Sprintf(`An argument named "misspelled_%d" is not expected`, number+1), fmt.Sprintf(`Blocks of type "block_%d" are not expected`, number+1)} {
				said[name] = said[name] || strings.Contains(d.Detail, name)
			}
		}
	}
	for name, refused := range said {
		if !refused {
			t.Errorf("nobody says: %s", name)
		}
	}
	if places < 30 || len(said) != 2*places {
		t.Errorf("%d places, %d messages", places, len(said))
	}
}
