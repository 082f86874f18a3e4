package provider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestJournal_folder(t *testing.T) {
	t.Parallel()
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	for name, test := range map[string]struct {
		configured types.String
		env        string
		want       string // below the home, or absolute; empty is none
	}{
		"a leading tilde is the user's home": {configured: types.StringValue("~/journal"), want: "journal"},
		"also from the environment":          {env: "~/journal", want: "journal"},
		"configuration beats environment":    {configured: types.StringValue(elsewhere), env: "~/journal", want: elsewhere},
		"turned off":                         {configured: types.StringValue("none"), env: "~/journal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			p := &msProvider{
				environment: func(name string) (string, bool) { return test.env, name == "MS_JOURNAL_DIR" },
				home:        func() (string, error) { return home, nil },
			}
			var diags diag.Diagnostics
			opened := p.journal(model{JournalDir: test.configured}, &diags)
			if len(diags) > 0 || (opened != nil) != (test.want != "") {
				t.Fatalf("opened %v, %v", opened, diags)
			}
			if test.want == "" {
				return
			}
			want := test.want
			if !filepath.IsAbs(want) {
				want = filepath.Join(home, want)
			}
			if info, err := os.Stat(want); err != nil || !info.IsDir() {
				t.Errorf("%v", err)
			}
		})
	}
}
