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

// Images and hosts of the emulator's default scenario that the second story is about.
const (
	repositoryOfImages = "registry.example.com/acme/api@"
	cleanImage         = repositoryOfImages + "sha256:1f4f2a15b0fbcd83bfb11848d9e6783aeab7f09889b8eb2a4de24aff543307cc"
	unreadableImage    = repositoryOfImages + "sha256:0b6a27bcc3af2b0b2fe2b2b0a0f3f4e5a8f2f1e0f1a55fb4d1e4b7d5f2f9c3a1"
	// newImage is in the service's list only once its registry was synchronized.
	newImage = repositoryOfImages + "sha256:f70962455658ddb4e1d0fff9881c7f7133f3ccbac89eec97844025074f2e187e"

	vulnerableHost    = "quuid-db-0001"
	hostVulnerability = "CVE-2021-44228"
)

var cleanHosts = []string{"quuid-app-0001", "quuid-app-0002"}

// gateBox is the summary of what a gate reports.
const gateBox = "Security gate"

// fourGates is the story of a release behind four gates in progress.
type fourGates struct {
	gate
}

// gateOnAllFour tells how one release waits for four verdicts, and checks every step.
func gateOnAllFour(ctx context.Context, say *narrator, t tools, clean []byte, options ...emulator.Option) (err error) {
	s, err := newStage(t, options...)
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
		"the scan and the detection of its package, a scan of its container image, and",
		"one of the hosts that it goes to. The emulator makes up images and hosts.")
	g := fourGates{gate{stage: s, say: say}}
	for _, step := range []func(context.Context) error{g.stopForHost, g.stopForImage, g.release} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (g fourGates) stopForHost(ctx context.Context) error {
	step := g.say.step("Release while a host is vulnerable",
		"The package and the image are clean, but one of the three hosts has a critical",
		"vulnerability.")
	ran, err := g.applyWith(ctx, cleanImage, append([]string{vulnerableHost}, cleanHosts...))
	if err != nil {
		return err
	}
	if err := g.held(ctx, step, ran, hostVulnerability); err != nil {
		return err
	}
	if err := g.submitted(step, 3, ran); err != nil {
		return err
	}
	g.say.excerpt(boxes(ran.output, gateBox, "Error: "))
	g.say.meaning("One verdict of four stopped the release. Three scans were submitted: of the",
		"package, of the image and of the hosts.")
	return nil
}

func (g fourGates) stopForImage(ctx context.Context) error {
	step := g.say.step("Release an image that could not be scanned",
		"Now for the two other hosts, with another image. The service cannot download",
		"that one, and so finds no vulnerability in it. That is no proof.")
	ran, err := g.applyWith(ctx, unreadableImage, cleanHosts)
	if err != nil {
		return err
	}
	if err := g.held(ctx, step, ran, "incomplete"); err != nil {
		return err
	}
	if err := g.submitted(step, 5, ran); err != nil {
		return err
	}
	g.say.excerpt(boxes(ran.output, gateBox, "Error: "))
	g.say.meaning("The verdict is neither pass nor fail but incomplete, and stops the release.",
		"Two more scans were submitted, of the image and of the two hosts. The package",
		"is the same, so it was not scanned again.")
	return nil
}

func (g fourGates) release(ctx context.Context) error {
	step := g.say.step("Release when all four pass",
		"With an image that was pushed just now. The service does not list it yet, so it",
		"is asked to read the registry before the scan.")
	ran, err := g.applyWith(ctx, newImage, cleanHosts)
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
	if err := g.submitted(step, 6, ran); err != nil {
		return err
	}
	g.say.excerpt(from(ran.output, "Apply complete!"))
	g.say.meaning("All four gates passed and "+release+" was created.",
		"Six scans were submitted in the three runs: one of the package, three of",
		"images, two of hosts. None of them was repeated.")
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
	return nil
}

// applyWith applies with an image and hosts.
func (g fourGates) applyWith(ctx context.Context, image string, quuids []string) (result, error) {
	args := append([]string{"apply", "-auto-approve"}, g.variables("clean.apk", "monday")...)
	return g.told(ctx, append(args, "-var", "image="+image, "-var", `quuids=["`+strings.Join(quuids, `","`)+`"]`))
}
