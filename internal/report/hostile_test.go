package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// hostileTexts are what a service, or whoever named a file in a package, may want a reader's browser, a
// code host or a CI system to take for its own.
var hostileTexts = []string{
	`<script>window.top.hit=1</script>`,
	`"><img src=x onerror="window.top.hit=1">`,
	`' onmouseover='hit=1`,
	`</title></style></script></svg><svg onload=hit=1>`,
	`--></p><iframe src="javascript:hit=1"></iframe>`,
	`]]><failure/><![CDATA[`,
	`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;`,
	`{{.Version}}{{"x"}}`,
	`{0} %s \u003cb\u003e`,
	`[click](javascript:hit) ![image](https://evil.example/p.png) <https://evil.example> www.evil.example evil@evil.example`,
	`[click](1) [x][y] [y]: https://evil.example`,
	"`", "``", "a ` b `` c ``` d", strings.Repeat("`", 90), "`code`end", "```sh\nrun\n```",
	`a|b`, `a\|b`, `a\\|b`, `|`, `\`, `ends with \`, "a`|`b\\",
	`@everyone @org/team #1 GH-1 org/repo#1 org/repo@0123456 0123456789abcdef0123456789abcdef01234567 :tada: $x^2$ ~~s~~ **b** <!-- -->`,
	"::set-output name=a::b", "a\n::error::b\r\n##[group]c##vso[task.complete]", "%0A::warning::x",
	"\x00\x01\x08\x0b\x0c\x1f\x7f\u0085\u009b31m\ufffe\uffff\x1b]0;t\x07\x1b[2J",
	"\u202egnp.exe\u2066x\u2069 \u200bzero\u200d \u2028line\u2029 \ufeff",
	"\xff\xfe not UTF-8 \xc3",
	"  # heading\n- item\n> quote\n| table |\n---", "    indented",
	strings.Repeat("long ", 2000),
	`https://user:secret@host/path?signature=secret#secret`,
}

// hostileReport has a hostile text in every place of a report.
func hostileReport(t testing.TB) Report {
	t.Helper()
	r := Report{Version: hostileTexts[0]}
	for i, text := range hostileTexts {
		next := hostileTexts[(i+1)%len(hostileTexts)]
		finding := gate.Finding{
			Category: gate.Vulnerability, Severity: gate.High, ID: text, Name: next, Location: text,
			Subject: text, AppMD5: text, Fingerprint: text,
		}
		odd := gate.Finding{Category: gate.Category(text), Severity: gate.Severity(text), ID: text, Name: text}
		until := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		policy, _ := json.Marshal(map[string]any{ // texts: cannot fail
			text: text, "fail_on": text, "denied": []string{text}, "max_age": text, "skipped": []any{map[string]any{text: text}},
			"exceptions": []any{map[string]any{"category": text, "id": text, "reason": text, "expires_at": text, "machine": text}},
		})
		verdict := gate.Verdict{
			Outcome: []gate.Outcome{gate.Fail, gate.Incomplete, gate.Pass, gate.Outcome(text)}[i%4],
			Message: text + "\n  - " + text + "\nTo pass: " + text + ".", Reasons: []gate.Reason{{Code: gate.ReasonCode(text), Detail: text}},
			ViolationCount: 1, UnusedExceptions: []string{text}, PolicySHA256: text, ValidUntil: &until,
		}
		r.Scans = append(r.Scans, Scan{
			Source: gate.Source(text), Object: text, Status: text, Endpoint: text, Verdict: &verdict, Notes: []string{text}, Partial: text,
			Kind: text, Scope: text, Policy: string(policy),
			Subjects: []Subject{{Name: text, Label: text, MD5: text}, {Name: next, Label: text}, {Name: text, Digest: text, Scanned: true, At: &until}},
			Counts:   []Count{{Label: text}}, Rules: []gate.Rule{gate.Rule(text), gate.RuleFailOn}, Summary: &gate.Summary{High: 1, Total: 1},
			Texts: map[Topic]Text{{gate.Vulnerability, text}: {Description: text, Remedy: text}},
			Findings: []gate.JudgedFinding{
				{Finding: finding, Status: gate.StatusViolation, Rules: []gate.Rule{gate.Rule(text)}},
				{Finding: finding, Status: gate.StatusExcepted, Reason: text, Until: until},
				{Finding: odd, Status: gate.FindingStatus(text)},
				{Finding: odd},
			},
		})
	}
	return r
}

// commands are what CI systems obey in a log, wherever it stands.
var commands = regexp.MustCompile(`::|##`)

// checkPrintable fails the test if a text holds what must not reach a terminal or a log.
func checkPrintable(t *testing.T, name, text string) {
	t.Helper()
	if found := commands.FindStringIndex(text); found != nil {
		t.Errorf("%s holds a log command: %q", name, text[max(0, found[0]-40):min(len(text), found[1]+40)])
	}
	if !utf8.ValidString(text) {
		t.Errorf("%s is not UTF-8", name)
	}
	for at, r := range text {
		if r != '\n' && (!unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Bidi_Control)) {
			t.Errorf("%s holds %U: %q", name, r, text[max(0, at-20):min(len(text), at+20)])
		}
	}
	for _, secret := range []string{"user:secret", "signature=secret"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s holds what a URL keeps secret", name)
		}
	}
}

func TestHostile_nothingReachesALog(t *testing.T) {
	t.Parallel()
	r := hostileReport(t)
	for name := range renderers {
		checkPrintable(t, name, render(t, name, r))
	}
}

func TestHostile_SARIFIsValidAndHasNoLinks(t *testing.T) {
	t.Parallel()
	text := render(t, "sarif", hostileReport(t))
	run := readSARIF(t, text).Runs[0]
	if len(run.Results) != 4*len(hostileTexts) {
		t.Errorf("%d results", len(run.Results))
	}
	var document any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	messages := 0
	eachText("", document, func(name, value string) {
		if name != "text" && name != "justification" { // a viewer shows the others as they are
			return
		}
		messages++
		if strings.Contains(value, "](") || placeholder.MatchString(value) {
			t.Errorf("%q is a link or a placeholder", value)
		}
	})
	if messages < 10*len(hostileTexts) {
		t.Errorf("only %d messages were looked at", messages)
	}
}

// eachText calls f with every text in a JSON document, and the name that it stands under.
func eachText(name string, value any, f func(name, value string)) {
	switch v := value.(type) {
	case string:
		f(name, v)
	case []any:
		for _, inside := range v {
			eachText(name, inside, f)
		}
	case map[string]any:
		for name, inside := range v {
			eachText(name, inside, f)
		}
	}
}

func TestHostile_JUnitHasOnlyItsOwnElements(t *testing.T) {
	t.Parallel()
	decoder := xml.NewDecoder(strings.NewReader(render(t, "junit", hostileReport(t))))
	own := []string{"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out"}
	elements := map[string]int{}
	for {
		token, err := decoder.Token()
		if err != nil {
			if err.Error() != "EOF" {
				t.Fatal(err)
			}
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements[token.Name.Local]++
			if !slices.Contains(own, token.Name.Local) {
				t.Errorf("element %s", token.Name.Local)
			}
		case xml.Directive, xml.Comment:
			t.Errorf("%T", token)
		case xml.ProcInst:
			if token.Target != "xml" {
				t.Errorf("processing instruction %s", token.Target)
			}
		}
	}
	if elements["testsuite"] != len(hostileTexts) {
		t.Errorf("%d suites", elements["testsuite"])
	}
}

// TestHostile_HTMLHasTheElementsOfAHarmlessReport compares the page with one of the same report in
// which every text is a letter: the same elements and attributes, in the same order.
func TestHostile_HTMLHasTheElementsOfAHarmlessReport(t *testing.T) {
	t.Parallel()
	skeleton := func(page string) []string {
		var tags []string
		tokenizer := html.NewTokenizer(strings.NewReader(page))
		for tokenizer.Next() != html.ErrorToken {
			token := tokenizer.Token()
			if token.Type == html.TextToken {
				continue
			}
			tag := token.Type.String() + " " + token.Data
			for _, attribute := range token.Attr {
				tag += " " + attribute.Key
				if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "style" || (attribute.Key == "href" && attribute.Val != "#findings" && attribute.Val != "data:,") {
					t.Errorf("attribute %s=%q", attribute.Key, attribute.Val)
				}
			}
			tags = append(tags, tag)
		}
		return tags
	}
	hostile := skeleton(render(t, "html", hostileReport(t)))
	known := skeleton(render(t, "html", mixed(t)))
	for _, tag := range hostile {
		if !slices.Contains(known, tag) {
			t.Errorf("a harmless report has no %s", tag)
		}
	}
	if rows := slices.Index(hostile, "StartTag table role id"); rows < 0 {
		t.Error("there is no table")
	}
}

var fenced = regexp.MustCompile("`+")

// outsideCode returns a Markdown text without its code spans, as CommonMark finds them: a span begins
// with a run of backticks and ends with the next run of the same length.
func outsideCode(line string) string {
	var outside strings.Builder
	for {
		open := fenced.FindStringIndex(line)
		if open == nil {
			outside.WriteString(line)
			return outside.String()
		}
		outside.WriteString(line[:open[0]])
		fence, rest := line[open[0]:open[1]], line[open[1]:]
		at := 0
		for {
			end := fenced.FindStringIndex(rest[at:])
			if end == nil {
				outside.WriteString(fence) // no span
				line = rest
				break
			}
			if end[1]-end[0] == len(fence) {
				line = rest[at+end[1]:]
				break
			}
			at += end[1]
		}
	}
}

// ownMarkdown is what a report says outside code spans: plain words and marks, and lines that fold a list.
var ownMarkdown = regexp.MustCompile(`^([\pL0-9 ,.;:|*–—=’'"()!?%…-]*|<details><summary>[A-Za-z0-9: ]+</summary>|</details>)$`)

// activeMarkdown is what a code host makes a link, a mention or an emoji of, or a list where a line has none.
var activeMarkdown = regexp.MustCompile(`[@#/_<>&\\$~]|:[a-z]+:|\w[.:]\w|\b[0-9a-f]{7,40}\b|[A-Z]-[0-9]|^- [0-9]+[.)]`)

// ownMarks are those of this package: folds and times.
var ownMarks = regexp.MustCompile(`</?(details|summary)>|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z`)

func TestHostile_MarkdownHasAllTextsInCodeSpans(t *testing.T) {
	t.Parallel()
	text := render(t, "markdown", hostileReport(t))
	columns := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		outside := outsideCode(line)
		if !ownMarkdown.MatchString(outside) {
			t.Errorf("outside code: %q\nin %q", outside, line)
		}
		if found := activeMarkdown.FindString(ownMarks.ReplaceAllString(outside, "")); found != "" {
			t.Errorf("%q outside code: %q\nin %q", found, outside, line)
		}
		if longest := slices.MaxFunc(append(fenced.FindAllString(line, -1), ""), func(a, b string) int { return len(a) - len(b) }); len(longest) > maxBackticks+1 {
			t.Errorf("a fence of %d backticks", len(longest))
		}
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		if cells := countCells(line); columns != 0 && cells != columns {
			t.Errorf("%d cells in place of %d: %q", cells, columns, line)
		} else {
			columns = cells
		}
	}
}

// countCells counts the cells of a row as GitHub does: a backslash takes the next character with it,
// and any other pipe ends a cell, in code too.
func countCells(row string) int {
	cells := 0
	for i := 0; i < len(row); i++ {
		switch row[i] {
		case '\\':
			i++
		case '|':
			cells++
		}
	}
	return cells
}

func TestHostile_textsCanBeReadAllTheSame(t *testing.T) {
	t.Parallel()
	scan := judged(t, nil, row(md5A, "com.example.app", vul("V|1", `a "quoted" <b> & [c](d)`, "res/a`b.html", 3)))
	r := Report{Scans: []Scan{scan}}
	for name, want := range map[string][]string{
		"markdown": {"a \"quoted\" `<b> & [c](d)`", "`V\\|1`", "``res/a`b.html``"},
		"html":     {`a &#34;quoted&#34; &lt;b&gt; &amp; [c](d)`, "<code>V|1</code>", "res/a`b.html"},
		"sarif":    {`a \"quoted\" \u003cb\u003e \u0026 [c] (d)`, "vulnerability/V|1", "res/a`b.html"},
	} {
		text := render(t, name, r)
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s has no %s:\n%s", name, part, text)
			}
		}
	}
}

func TestSentence_leavesPlainWordsAsTheyStand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                    "–",
		"Fix what was found, and scan again.": "Fix what was found, and scan again.",
		"1. do this":                          "`1`. do this",
		"At most 10% (or 3) of them – for now.":  "At most 10% (or 3) of them – for now.",
		"app_failed: com.example (MD5 0a1b) it":  "`app_failed`: `com.example` (`MD5 0a1b`) it",
		"see www.example.com and @org/team now":  "see `www.example.com` and `@org/team` now",
		"a defaced page":                         "a `defaced` page",
		"fixes #1, GH-1 and 0123456":             "fixes `#1`, `GH-1` and `0123456`",
		"call f(x) or (f(x))":                    "call `f(x)` or (`f(x)`)",
		"left out (include_details = false): no": "left out (`include_details = false`): no",
		"set max_age = 24h, or a == b.":          "set `max_age = 24h`, or `a == b`.",
		"more (count > 3, = few)":                "more (`count > 3`, `= few`)",
		"either / or – a & b":                    "either `/` or – a `&` b",
		"升级到最新版本。 don't":                         "`升级到最新版本。` don't",
		"**bold** _x_ `y` <b>":                   "``**bold** _x_ `y` <b>``",
	} {
		if got := sentence(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func FuzzMarkdownSentence(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		outside := outsideCode("- " + sentence(text))
		if found := activeMarkdown.FindString(outside); found != "" || !ownMarkdown.MatchString(outside) {
			t.Errorf("%q leaves %q outside code: %q", text, outside, sentence(text))
		}
		if row := fmt.Sprintf("| %s |", cellSentence(text)); countCells(row) != 2 {
			t.Errorf("%q has %d pipes: %q", text, countCells(row), row)
		}
	})
}

func FuzzMarkdownCode(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := fmt.Sprintf("| %s |", cell(text))
		if outside := outsideCode(line); outside != "|  |" && outside != "| – |" {
			t.Errorf("%q leaves %q outside code: %q", text, outside, line)
		}
		if cells := countCells(line); cells != 2 {
			t.Errorf("%q has %d pipes: %q", text, cells, line)
		}
	})
}
