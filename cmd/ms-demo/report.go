package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// reportConfiguration is what a report applies.
//
//go:embed report/main.tf
var reportConfiguration embed.FS

// Objects of the report's configuration.
const (
	scan     = "ms_scan_instance.app"
	judged   = "data.ms_scan_results.app"
	findings = "data.ms_scan_results.findings"
)

// scanned is what the report needs of ms_scan_instance.
type scanned struct {
	Status   string `json:"status"`
	Failures []struct {
		Desc string `json:"desc"`
		Hint string `json:"hint"`
	} `json:"failures"`
}

// results is what the report needs of ms_scan_results.
type results struct {
	Summary struct {
		Critical, Unknown, High, Medium, Low, Info, Total int64
	} `json:"summary"`
	Verdict struct {
		Outcome        string    `json:"outcome"`
		Message        string    `json:"message"`
		Violations     []finding `json:"violations"`
		ViolationCount int64     `json:"violation_count"`
	} `json:"verdict"`
	ScanSet []struct {
		App struct {
			Name    string `json:"app_name"`
			Package string `json:"app_pkg_name"`
			Version string `json:"app_version"`
			MD5     string `json:"app_md5"`
		} `json:"app_detail_info"`
	} `json:"scan_set"`
}

// scanPackage scans one package and prints what was found. It fails only where the scan was not
// completed, whatever the gate's verdict.
func scanPackage(ctx context.Context, say *narrator, t tools, apk string, options ...emulator.Option) (err error) {
	apk, size, err := packageFile(apk)
	if err != nil {
		return err
	}
	s, err := newStage(t, options...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	configuration, err := fs.Sub(reportConfiguration, "report")
	if err != nil {
		return err
	}
	if err := s.configure(configuration); err != nil {
		return err
	}
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	name := filepath.Base(apk)
	s.files.start(map[string]string{name: apk})
	say.title("A scan of "+name+", with "+version,
		"An emulator on this machine plays Tencent Cloud: it reads the package for real,",
		"but looks for a few things only, so the service's own result may differ.",
		"No account is used.")

	step := "Scan " + name
	ran, err := s.run(ctx, "apply", "-auto-approve", "-var", "package="+apk, "-var", "package_url="+s.files.address(name, "monday"))
	if err != nil {
		return err
	}
	if ran.code != 0 {
		return &stepError{step, fmt.Sprintf("the CLI ended with exit code %d", ran.code), errorBoxes(ran.output)}
	}
	current, err := s.state(ctx)
	if err != nil {
		return err
	}
	var instance scanned
	var verdict, all results
	for address, into := range map[string]any{scan: &instance, judged: &verdict, findings: &all} {
		if err := json.Unmarshal(current.values(address), into); err != nil {
			return &stepError{step, address + " cannot be read from the state: " + err.Error(), ran.output}
		}
	}
	if instance.Status != "completed" {
		return notCompleted(name, instance)
	}
	say.report(verdict, all, size)
	return nil
}

// packageFile returns the absolute path and the size in bytes of a package.
func packageFile(path string) (string, int64, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", 0, err
	}
	info, err := os.Stat(absolute)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", 0, fmt.Errorf("there is no file %s", path)
	case err != nil:
		return "", 0, err
	case !info.Mode().IsRegular():
		return "", 0, fmt.Errorf("%s is no file", path)
	}
	return absolute, info.Size(), nil
}

func notCompleted(name string, instance scanned) error {
	text := fmt.Sprintf("the scan of %s was not completed, its status is %q", name, instance.Status)
	for _, f := range instance.Failures {
		text += "\n  " + f.Desc
		if f.Hint != "" {
			text += "\n  " + f.Hint
		}
	}
	return errors.New(text)
}

// report prints what was found.
func (n *narrator) report(verdict, all results, size int64) {
	n.line("")
	for _, row := range verdict.ScanSet {
		n.fact("Package", printable(row.App.Package))
		n.fact("Version", printable(row.App.Version))
		n.fact("Name", printable(row.App.Name))
		n.fact("MD5", printable(row.App.MD5))
	}
	n.fact("Size", fmt.Sprintf("%d bytes", size))
	n.fact("Findings", all.summary())
	n.table(all.Verdict.Violations, all.Verdict.ViolationCount)
	n.line("")
	n.fact("Verdict", n.outcome(verdict.Verdict.Outcome))
	n.line("")
	for _, line := range strings.Split(verdict.Verdict.Message, "\n") {
		n.indented(printable(line))
	}
	n.line("")
	n.meaning("The scan was completed, so the demo ends well, whatever the verdict.",
		"In a pipeline "+releaseGate+" would "+consequence(verdict.Verdict.Outcome)+".")
}

func consequence(outcome string) string {
	if outcome == "pass" {
		return "release it"
	}
	return "stop its release"
}

func (n *narrator) outcome(outcome string) string {
	if outcome == "pass" {
		return n.styled(green, outcome)
	}
	return n.styled(red, outcome)
}

// summary counts the findings in words, as in "39: 1 high, 11 medium, 27 info".
func (r results) summary() string {
	s := r.Summary
	if s.Total == 0 {
		return "none"
	}
	var parts []string
	for _, count := range []struct {
		n        int64
		severity string
	}{{s.Critical, "critical"}, {s.Unknown, "of unknown severity"}, {s.High, "high"}, {s.Medium, "medium"}, {s.Low, "low"}, {s.Info, "info"}} {
		if count.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count.n, count.severity))
		}
	}
	return fmt.Sprintf("%d: %s", s.Total, strings.Join(parts, ", "))
}
