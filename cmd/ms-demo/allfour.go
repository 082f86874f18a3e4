package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// allFour is the folder of the variant below the release gate's.
const allFour = "all-four"

// Tasks of the scenario that the second story plays with.
const (
	riskyHosts, patchedHosts    = 1, 2
	scannedImages, queuedImages = 1, 2
	registryImages              = 11
	hostVulnerability           = "CVE-2021-44228"
)

// tasks is the scenario: 230 hosts with a critical vulnerability and the same hosts without it, local
// images that are scanned and some that nobody has looked at yet, registry images.
const tasks = `{
  "cwp": {"tasks": [
    {"task_id": 1, "module_type": "Vul", "age": "1h",
     "machine_groups": [{"count": 227, "prefix": "web-", "first_id": 1}, {"count": 3, "prefix": "db-", "first_id": 1001, "risk_num": 1}],
     "vulnerabilities": [{"VulId": 100001, "CveId": "CVE-2021-44228", "Name": "Remote code execution in a library", "Level": 4}]},
    {"task_id": 2, "module_type": "Vul", "age": "10m",
     "machine_groups": [{"count": 227, "prefix": "web-", "first_id": 1}, {"count": 3, "prefix": "db-", "first_id": 1001}]}]},
  "tcss": {
    "local": [{"task_id": 1, "images": 12, "age": "1h"}, {"task_id": 2, "status": "NOT_SCAN"}],
    "registry": [{"task_id": 11, "images": 40, "age": "1h"}]}
}`

// gateBox is the summary of what a gate reports.
const gateBox = "Security gate"

// fourGates is the story of a release behind four gates in progress.
type fourGates struct {
	gate
}

// gateOnAllFour tells how one release waits for four verdicts, and checks every step.
func gateOnAllFour(ctx context.Context, say *narrator, t tools, clean []byte, options ...emulator.Option) (err error) {
	s, err := newStage(t, append([]emulator.Option{emulator.WithScenario([]byte(tasks))}, options...)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.configure(os.DirFS(filepath.Join(t.example, allFour))); err != nil {
		return err
	}
	if err := s.serve(map[string][]byte{"clean.apk": clean}); err != nil {
		return err
	}
	say.line("")
	say.title("Four gates before one release",
		"The configuration is a copy of "+releaseGate+"/"+allFour+": the release needs",
		"the scan and the detection of its package, a scan of the hosts, and one of the",
		"images. The hosts and images are made up by the emulator.")
	g := fourGates{gate{stage: s, say: say}}
	for _, step := range []func(context.Context) error{g.stopForHosts, g.stopForImages, g.release} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (g fourGates) stopForHosts(ctx context.Context) error {
	step := g.say.step("Release while hosts are vulnerable",
		"The package is clean and so are the images, but three of 230 hosts have a",
		"critical vulnerability.")
	ran, err := g.applyWith(ctx, riskyHosts, scannedImages)
	if err != nil {
		return err
	}
	if err := g.held(ctx, step, ran, hostVulnerability); err != nil {
		return err
	}
	if calls := g.cloud.Calls("DescribeScanTaskDetails"); calls != 3 {
		return &stepError{step, fmt.Sprintf("230 hosts were read by %d calls, not 3", calls), ran.output}
	}
	g.say.excerpt(boxes(ran.output, gateBox, "Error: "))
	g.say.meaning("One verdict of four stopped the release, after all 230 hosts were read in",
		"three pages. It did so in the plan, before a scan was submitted and paid for.")
	return nil
}

func (g fourGates) stopForImages(ctx context.Context) error {
	step := g.say.step("Release before the images were scanned",
		"The hosts are patched. The service counts no vulnerability in the images, since",
		"nobody has looked at them yet. That is no proof.")
	ran, err := g.applyWith(ctx, patchedHosts, queuedImages)
	if err != nil {
		return err
	}
	if err := g.held(ctx, step, ran, "NOT_SCAN"); err != nil {
		return err
	}
	g.say.excerpt(boxes(ran.output, gateBox, "Error: "))
	g.say.meaning("The verdict is neither pass nor fail but incomplete, and stops the release.")
	return nil
}

func (g fourGates) release(ctx context.Context) error {
	step := g.say.step("Release when all four pass",
		"The images are scanned as well.")
	ran, err := g.applyWith(ctx, patchedHosts, scannedImages)
	if err != nil {
		return err
	}
	released, err := g.exists(ctx, release)
	switch {
	case err != nil:
		return err
	case ran.code != 0:
		return &stepError{step, fmt.Sprintf("the CLI ended with exit code %d", ran.code), ran.output}
	case !released:
		return &stepError{step, release + " was not created", ran.output}
	case len(passes.FindAllString(plain(from(ran.output, "Outputs:")), -1)) != 4:
		return &stepError{step, "not all of the four verdicts are a pass", ran.output}
	}
	if err := g.submitted(step, 1, ran); err != nil {
		return err
	}
	g.say.excerpt(from(ran.output, "Apply complete!"))
	g.say.meaning("All four gates passed and "+release+" was created.",
		"One scan was submitted, in all three runs together.")
	return nil
}

var passes = regexp.MustCompile(`(?m)= "pass"$`)

// held checks that the gate with the reason, and no other, held the release back.
func (g fourGates) held(ctx context.Context, step string, ran result, reason string) error {
	released, err := g.exists(ctx, release)
	told := boxes(ran.output, gateBox)
	switch {
	case err != nil:
		return err
	case released:
		return &stepError{step, "the package was released, though a gate should have stopped it", ran.output}
	case ran.code == 0:
		return &stepError{step, "the CLI ended well, though the release should have been stopped", ran.output}
	case !says(errorBoxes(ran.output), "Not every gate passes"):
		return &stepError{step, "the CLI failed, but not because of a gate", ran.output}
	case !says(told, reason) || strings.Count(plain(told), gateBox) != 1:
		return &stepError{step, "the release was stopped, but not for " + reason + " alone", ran.output}
	}
	return g.submitted(step, 0, ran)
}

// applyWith applies with the tasks of hosts and local images.
func (g fourGates) applyWith(ctx context.Context, hosts, localImages int) (result, error) {
	args := append([]string{"apply", "-auto-approve"}, g.variables("clean.apk", "monday")...)
	for _, task := range []struct {
		variable string
		id       int
	}{{"host_task_id", hosts}, {"local_image_task_id", localImages}, {"registry_image_task_id", registryImages}} {
		args = append(args, "-var", fmt.Sprintf("%s=%d", task.variable, task.id))
	}
	return g.told(ctx, args)
}
