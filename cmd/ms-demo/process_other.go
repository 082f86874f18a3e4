//go:build !unix

package main

import (
	"os"
	"os/exec"
)

func detach(*exec.Cmd) {}

// interrupt kills, where a process cannot send an interrupt to another one.
func interrupt(p *os.Process) error { return p.Kill() }

func killRest(*os.Process) {}
