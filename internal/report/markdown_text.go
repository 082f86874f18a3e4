package report

import (
	"regexp"
	"strings"
)

// maxBackticks is the longest run of backticks that a code span holds: parsers give up on fences that
// are much longer.
const maxBackticks = 8

// code returns text as a code span, or a dash where there is none.
func code(text string) string {
	text = prose(text)
	if text == "" {
		return "–"
	}
	longest := strings.Repeat("`", maxBackticks)
	for strings.Contains(text, longest+"`") {
		text = strings.ReplaceAll(text, longest+"`", longest+" `")
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if text[0] == '`' || text[len(text)-1] == '`' {
		text = " " + text + " "
	}
	return fence + text + fence
}

// plainWord matches a word, or a short number, with the marks of a sentence around it: what reads the same
// in Markdown, wherever it stands in a line. A longer row of digits may be the name of a commit.
var plainWord = regexp.MustCompile(`^[("']{0,2}(?:[\p{L}]+(?:['’-][\p{L}]+)*|[0-9]{1,6})%?["']?[)]?[.,;:!?…]{0,2}[)]?$|^[–—]$`)

// commitName matches what a code host may take for the name of a commit, even if it is a word.
var commitName = regexp.MustCompile(`\b[0-9a-f]{7,40}\b`)

// listMark matches a number that begins an ordered list where it stands first.
var listMark = regexp.MustCompile(`^[0-9]+[.)]`)

// operator matches a word that joins those beside it to an expression, as in "name = value".
var operator = regexp.MustCompile(`^(?:[<>!:]?={1,3}>?|[<>])$`)

// sentence returns text with its plain words as they stand, and everything else in code spans. What is not
// plain is one span as far as no mark of the sentence comes between, with an operator and what it joins.
func sentence(text string) string {
	words := strings.Fields(prose(text))
	if len(words) == 0 {
		return "–"
	}
	parts := make([]string, 0, len(words))
	var before string
	var coded []string
	flush := func(after string) {
		if len(coded) > 0 {
			parts = append(parts, before+code(strings.Join(coded, " "))+after)
			before, coded = "", nil
		}
	}
	for i, word := range words {
		if isPlain(words, i) {
			flush("")
			parts = append(parts, word)
			continue
		}
		opening, inside, after := apart(word)
		if opening != "" {
			flush("")
			before = opening
		}
		coded = append(coded, inside)
		if after != "" {
			flush(after)
		}
	}
	flush("")
	return strings.Join(parts, " ")
}

// isPlain tells whether a word reads the same in Markdown, and is no part of an expression.
func isPlain(words []string, i int) bool {
	word := words[i]
	if !plainWord.MatchString(word) || commitName.MatchString(word) || i == 0 && listMark.MatchString(word) {
		return false
	}
	opening, _, after := apart(word)
	left := i > 0 && opening == "" && operator.MatchString(words[i-1])
	right := i+1 < len(words) && after == "" && operator.MatchString(words[i+1])
	return !left && !right
}

// apart returns a word without the bracket before it and the mark after it that belong to the sentence.
func apart(word string) (before, inside, after string) {
	inside = word
	if rest, ok := strings.CutPrefix(inside, "("); ok && rest != "" {
		before, inside = "(", rest
	}
	end := len(inside)
	for end > 1 && (strings.IndexByte(".,;:", inside[end-1]) >= 0 ||
		inside[end-1] == ')' && strings.Count(inside[:end], ")") > strings.Count(inside[:end], "(")) {
		end--
	}
	return before, inside[:end], inside[end:]
}

// cellSentence is a sentence in a cell of a table.
func cellSentence(text string) string { return inCell(sentence(text)) }

// cell returns text as a code span in a cell of a table.
func cell(text string) string { return inCell(code(text)) }

// inCell makes a text fit for a cell of a table, where a pipe ends the cell even in code. A backslash
// before a pipe is doubled, or it would take the place of the pipe's own.
func inCell(span string) string {
	if !strings.Contains(span, "|") {
		return span
	}
	var escaped strings.Builder
	backslashes := 0
	for _, r := range span {
		if r == '|' {
			escaped.WriteString(strings.Repeat(`\`, backslashes+1))
		}
		if r == '\\' {
			backslashes++
		} else {
			backslashes = 0
		}
		escaped.WriteRune(r)
	}
	return escaped.String()
}

// lower returns the text with a small letter, where it begins with a capital ASCII one.
func lower(text string) string {
	if text == "" || text[0] < 'A' || text[0] > 'Z' {
		return text
	}
	return string(text[0]+'a'-'A') + text[1:]
}
