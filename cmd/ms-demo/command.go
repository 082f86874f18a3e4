package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// grace is how long the CLI may take to stop after an interrupt, before it is killed.
const grace = 10 * time.Second

// result is what a run of the CLI printed, colors included, and how it ended.
type result struct {
	output string
	code   int
}

// run runs the CLI to its end. The error is nil whatever its exit code, unless ctx ended or the CLI
// could not be started.
func (s *stage) run(ctx context.Context, args ...string) (result, error) {
	var output bytes.Buffer
	code, err := s.runTo(ctx, &output, &output, args)
	return result{output: output.String(), code: code}, err
}

// runTo runs the CLI and returns its exit code. When ctx ends, the CLI is interrupted as by its user,
// so that it saves its state and ends the provider.
func (s *stage) runTo(ctx context.Context, stdout, stderr io.Writer, args []string) (int, error) {
	cmd := exec.CommandContext(ctx, s.cli, args...) //nolint:gosec // the CLI that the user chose
	cmd.Dir, cmd.Env = s.dir, s.env
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = grace
	detach(cmd)
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	err := cmd.Run()
	if ctx.Err() != nil {
		if cmd.Process != nil {
			killRest(cmd.Process)
		}
		return 0, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, fmt.Errorf("running %s: %w", s.name(), err)
	}
	return cmd.ProcessState.ExitCode(), nil
}

// name is the CLI's, as in terraform.
func (s *stage) name() string {
	return strings.TrimSuffix(filepath.Base(s.cli), ".exe")
}

// version is the CLI's own name and version, as in "Terraform v1.11.4".
func (s *stage) version(ctx context.Context) (string, error) {
	ran, err := s.run(ctx, "version")
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(plain(ran.output), "\n") {
		if strings.HasPrefix(line, "Terraform v") || strings.HasPrefix(line, "OpenTofu v") {
			return line, nil
		}
	}
	return "", fmt.Errorf("%s is neither Terraform nor OpenTofu: %q", s.name(), firstLine(plain(ran.output)))
}

// state returns what the CLI shows of its state.
func (s *stage) state(ctx context.Context) (*state, error) {
	var stdout, stderr bytes.Buffer
	code, err := s.runTo(ctx, &stdout, &stderr, []string{"show", "-json"})
	if err != nil {
		return nil, err
	}
	if code != 0 {
		return nil, fmt.Errorf("%s show ended with exit code %d:\n%s", s.name(), code, plain(stderr.String()+stdout.String()))
	}
	var current state
	if err := json.Unmarshal(stdout.Bytes(), &current); err != nil {
		return nil, fmt.Errorf("%s show: %w", s.name(), err)
	}
	return &current, nil
}

// state is the part of a state that the demo looks at.
type state struct {
	Values struct {
		RootModule struct {
			Resources []struct {
				Address string          `json:"address"`
				Values  json.RawMessage `json:"values"`
			} `json:"resources"`
		} `json:"root_module"`
	} `json:"values"`
}

// values are the attributes of an object in JSON, nil if it does not exist.
func (s *state) values(address string) json.RawMessage {
	for _, r := range s.Values.RootModule.Resources {
		if r.Address == address {
			return r.Values
		}
	}
	return nil
}

// exists tells whether an object is in the state.
func (s *stage) exists(ctx context.Context, address string) (bool, error) {
	current, err := s.state(ctx)
	return err == nil && current.values(address) != nil, err
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// quoted is an argument as one would type it for a shell.
func quoted(argument string) string {
	name, value, ok := strings.Cut(argument, "=")
	if strings.Trim(argument, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=") == "" {
		return argument
	}
	if !ok {
		name, value = "", argument
	} else {
		name += "="
	}
	return name + "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
