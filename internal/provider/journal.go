package provider

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentscan/terraform-provider-ms/internal/journal"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// noJournal is the value of journal_dir that turns the journal off.
const noJournal = "none"

// journal opens the journal, or warns that the run goes on without one.
func (p *msProvider) journal(m model, diags *diag.Diagnostics) *journal.Journal {
	dir := p.environment.Or(m.JournalDir.ValueString(), "MS_JOURNAL_DIR", "")
	if dir == noJournal {
		return nil
	}
	opened, err := openJournal(p.home.Expand(dir))
	if err != nil {
		diags.AddWarning("Unable to Use Journal", fmt.Sprintf(
			"%s. The run goes on without it: if it is killed while a scan is waited for, the id of that scan will be lost. "+
				"Set journal_dir to a folder of your own with mode 0700, or to \"none\" to do without.", sanitize.Line(err.Error())))
		return nil
	}
	return opened
}

func openJournal(dir string) (*journal.Journal, error) {
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(cache, "terraform-provider-ms")
	}
	return journal.Open(dir)
}
