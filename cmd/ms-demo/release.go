package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// builds are the two builds of the application that the story is about.
type builds struct {
	infected, clean []byte
}

// release is the resource of the example that the gate holds back.
const release = "terraform_data.release"

// stepError is a step of the story that went otherwise than told.
type stepError struct {
	step    string
	problem string
	output  string // of the CLI
}

func (e *stepError) Error() string { return fmt.Sprintf("step %q: %s", e.step, e.problem) }

// report says what went wrong, with all that the CLI printed.
func (e *stepError) report() string {
	return fmt.Sprintf("The demo went wrong at step %q: %s.\nThe CLI printed:\n\n%s", e.step, e.problem, plain(e.output))
}

// gate is the story of a release gate in progress.
type gate struct {
	*stage
	say *narrator
}

// gateRelease tells how the gate stops an infected build and lets a clean one pass, and checks every
// step.
func gateRelease(ctx context.Context, say *narrator, t tools, b builds, options ...emulator.Option) (err error) {
	s, err := newStage(t, options...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.configure(os.DirFS(t.example)); err != nil {
		return err
	}
	if err := s.serve(map[string][]byte{"infected.apk": b.infected, "clean.apk": b.clean}); err != nil {
		return err
	}
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	say.title("A release gate, with "+version,
		"The configuration is a copy of "+releaseGate+". An emulator on this",
		"machine plays Tencent Cloud: it downloads each package and looks into it.",
		"No account is used.")
	g := gate{stage: s, say: say}
	for _, step := range []func(context.Context) error{g.stopInfected, g.stopInfectedAgain, g.releaseClean, g.planAgain} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// serve writes packages into the folder build of the configuration and serves them.
func (s *stage) serve(packages map[string][]byte) error {
	folder := filepath.Join(s.dir, "build")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	files := map[string]string{}
	for name, content := range packages {
		files[name] = filepath.Join(folder, name)
		if err := os.WriteFile(files[name], content, private); err != nil {
			return err
		}
	}
	s.files.start(files)
	return nil
}

func (g *gate) stopInfected(ctx context.Context) error {
	step := g.say.step("Release the infected build",
		"The package holds the EICAR test string, which virus scanners agree to detect.",
		"The gate must stop the release.")
	ran, err := g.apply(ctx, "infected.apk", "monday")
	if err != nil {
		return err
	}
	if err := g.stopped(ctx, step, ran); err != nil {
		return err
	}
	g.say.excerpt(errorBoxes(ran.output))
	g.say.meaning("The release was stopped: "+release+" was not created.",
		"One scan was submitted, and its id is in the state.")
	return nil
}

func (g *gate) stopInfectedAgain(ctx context.Context) error {
	step := g.say.step("Plan the same build again",
		"The scan is done by now, so the gate stops the release while planning, and",
		"nobody pays for a second scan.")
	ran, err := g.plan(ctx, "infected.apk", "tuesday")
	if err != nil {
		return err
	}
	if err := g.stopped(ctx, step, ran); err != nil {
		return err
	}
	g.say.excerpt(errorBoxes(ran.output))
	g.say.meaning("The plan failed with the same error, and nothing was submitted.")
	return nil
}

// stopped checks that the gate, and nothing else, stopped the infected build.
func (g *gate) stopped(ctx context.Context, step string, ran result) error {
	released, err := g.exists(ctx, release)
	switch {
	case err != nil:
		return err
	case released:
		return &stepError{step, "the build was released, though the gate should have stopped it", ran.output}
	case ran.code == 0 || ran.code == 2:
		return &stepError{step, fmt.Sprintf("the CLI ended well (exit code %d), though the gate should have failed", ran.code), ran.output}
	case !says(errorBoxes(ran.output), emulator.VirusName):
		return &stepError{step, "the CLI failed, but not for the virus " + emulator.VirusName, ran.output}
	}
	return g.submitted(step, 1, ran)
}

func (g *gate) releaseClean(ctx context.Context) error {
	step := g.say.step("Release the clean build",
		"The same application without the test string: another file, another MD5, so",
		"one more scan. The gate must let it pass.")
	ran, err := g.apply(ctx, "clean.apk", "tuesday")
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
	}
	if err := g.submitted(step, 2, ran); err != nil {
		return err
	}
	g.say.excerpt(from(ran.output, "Apply complete!"))
	g.say.meaning("The gate passed and " + release + " was created.")
	return nil
}

func (g *gate) planAgain(ctx context.Context) error {
	step := g.say.step("Plan the released build again",
		"As the next run of a pipeline does, with a newly signed URL. The file is the",
		"same, so nothing may change and nothing may be submitted.")
	ran, err := g.plan(ctx, "clean.apk", "wednesday")
	if err != nil {
		return err
	}
	if ran.code != 0 {
		return &stepError{step, fmt.Sprintf("the plan is not empty (exit code %d)", ran.code), ran.output}
	}
	if err := g.submitted(step, 2, ran); err != nil {
		return err
	}
	g.say.excerpt(lineOf(ran.output, "No changes."))
	g.say.meaning("The plan is empty. Two scans were submitted in all, one for each build.")
	return nil
}

// submitted checks how many scans the cloud accepted so far.
func (g *gate) submitted(step string, want int, ran result) error {
	if got := g.cloud.Submissions(); got != want {
		return &stepError{step, fmt.Sprintf("%d scans were submitted so far, not %d", got, want), ran.output}
	}
	return nil
}

func (g *gate) apply(ctx context.Context, build, signature string) (result, error) {
	return g.told(ctx, append([]string{"apply", "-auto-approve"}, g.variables(build, signature)...))
}

func (g *gate) plan(ctx context.Context, build, signature string) (result, error) {
	return g.told(ctx, append([]string{"plan", "-detailed-exitcode"}, g.variables(build, signature)...))
}

// variables are the arguments that name a build; the signature is that of its URL.
func (g *gate) variables(build, signature string) []string {
	return []string{"-var", "package=build/" + build, "-var", "package_url=" + g.files.address(build, signature)}
}

// told runs the CLI and shows the command.
func (g *gate) told(ctx context.Context, args []string) (result, error) {
	shown := make([]string, 0, len(args))
	for _, arg := range args {
		shown = append(shown, quoted(arg))
	}
	g.say.line("\n   %s\n", g.say.styled(bold, "$ "+g.name()+" "+strings.Join(shown, " ")))
	return g.run(ctx, args...)
}
