//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// detach puts the CLI into a process group of its own. Else a Ctrl-C would reach it twice, from the
// terminal and from the demo, and the second one would have it drop everything.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }

// killRest ends what the CLI left behind in its group, if it had to be killed.
func killRest(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
