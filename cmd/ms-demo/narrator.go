package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// narrator tells the demo's story.
type narrator struct {
	to     io.Writer
	colors bool
	steps  int
}

// newNarrator returns a narrator that uses colors if the file is a terminal and its user has nothing
// against them (NO_COLOR, TERM=dumb).
func newNarrator(to io.Writer) *narrator {
	n := &narrator{to: to}
	if file, ok := to.(*os.File); ok {
		info, err := file.Stat()
		n.colors = err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return n
}

const (
	bold  = "\x1b[1m"
	green = "\x1b[32m"
	red   = "\x1b[31m"
	reset = "\x1b[0m"
)

func (n *narrator) styled(style, text string) string {
	if !n.colors {
		return text
	}
	return style + text + reset
}

func (n *narrator) line(format string, values ...any) {
	_, _ = fmt.Fprintf(n.to, format+"\n", values...)
}

// title opens the story.
func (n *narrator) title(text string, more ...string) {
	n.line("%s", n.styled(bold, text))
	for _, line := range more {
		n.line("%s", line)
	}
}

// step opens the next step: its title, and what is about to happen. It returns the step's title, with
// its number.
func (n *narrator) step(title string, about ...string) string {
	n.steps++
	title = fmt.Sprintf("%d. %s", n.steps, title)
	n.line("\n%s", n.styled(bold, title))
	n.indented(about...)
	return title
}

// excerpt shows a part of what the CLI printed.
func (n *narrator) excerpt(text string) {
	if !n.colors {
		text = plain(text)
	}
	n.indented(strings.Split(strings.Trim(text, "\n"), "\n")...)
	n.line("")
}

// meaning says what came of a step.
func (n *narrator) meaning(first string, more ...string) {
	n.line("   %s %s", n.styled(green, "=>"), first)
	for _, line := range more {
		n.line("      %s", line)
	}
}

func (n *narrator) indented(lines ...string) {
	for _, line := range lines {
		n.line("%s", strings.TrimRight("   "+line, " "))
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain takes out colors.
func plain(text string) string { return escapes.ReplaceAllString(text, "") }

// errorBoxes returns the frames around the CLI's errors, without those around warnings; what it is
// given if there is none.
func errorBoxes(output string) string { return boxes(output, "Error: ") }

// boxes returns the frames that hold one of the texts; what it is given if there is none.
func boxes(output string, texts ...string) string {
	var found, box []string
	inside := false
	for _, line := range strings.Split(output, "\n") {
		bare := strings.TrimSpace(plain(line))
		if bare == "╷" {
			inside, box = true, nil
		}
		if inside {
			box = append(box, line)
		}
		if bare == "╵" && inside {
			inside = false
			content := plain(strings.Join(box, "\n"))
			if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(content, text) }) {
				found = append(found, box...)
			}
		}
	}
	if found == nil {
		return output
	}
	return strings.Join(found, "\n")
}

// from returns the output from the line on that begins with the text; all of it if none does.
func from(output, text string) string {
	lines := strings.Split(output, "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(plain(line)), text) {
			return strings.Join(lines[i:], "\n")
		}
	}
	return output
}

// lineOf returns the line that begins with the text; all of the output if none does.
func lineOf(output, text string) string {
	line, _, _ := strings.Cut(from(output, text), "\n")
	if !strings.HasPrefix(strings.TrimSpace(plain(line)), text) {
		return output
	}
	return line
}

var breaks = regexp.MustCompile(`[\s│╷╵]+`)

// says tells whether the output has the text, wherever the CLI broke the lines.
func says(output, text string) bool {
	return strings.Contains(breaks.ReplaceAllString(plain(output), " "), text)
}
