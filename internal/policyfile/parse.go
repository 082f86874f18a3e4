package policyfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// maxBytes bounds a document, and maxDepth how deep its mappings and lists may be nested.
const (
	maxBytes = 1 << 20
	maxDepth = 16
)

var tooDeep = fmt.Sprintf("mappings and lists are nested more than %d levels deep", maxDepth)

// Tags that the parser gives to plain scalars.
const (
	nullTag  = "!!null"
	mergeTag = "!!merge"
)

// parse returns the root of the only document in a text, after checks that need no knowledge of policies.
// What it reports of a node is marked as bad; the root is nil where nothing can be read.
func (f *faults) parse(text string) *yaml.Node {
	if len(text) > maxBytes {
		f.addAt(1, 1, fmt.Sprintf("the document has %d bytes; at most %d (1 MiB) are read", len(text), maxBytes))
		return nil
	}
	if !f.checkCharacters(text) {
		return nil
	}
	// The parser goes deeper than allowed, so that the fault is found where it is; but not without end.
	limit := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > 4*maxDepth {
			return errors.New(tooDeep)
		}
		return nil
	}))
	loader, err := yaml.NewLoader(strings.NewReader(joinSurrogates(text)), yaml.WithPlugin(limit))
	if err != nil {
		f.addAt(1, 1, "internal error: "+sanitize.Line(err.Error()))
		return nil
	}
	var document, second yaml.Node
	switch err := loader.Load(&document); {
	case errors.Is(err, io.EOF):
		f.addAt(1, 1, "the document is empty")
		return nil
	case err != nil:
		f.addSyntax(text, err)
		return nil
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Value == "" && root.Tag == nullTag {
		f.addAt(root.Line, root.Column, "the document is empty")
		return nil
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		f.addSyntax(text, err)
	default:
		f.addAt(second.Line, second.Column, "a second document begins here; a policy is one document")
	}
	f.checkNode(root, 1)
	return root
}

// checkCharacters refuses what YAML does not allow in a text, since the parser does not tell where it is.
func (f *faults) checkCharacters(text string) bool {
	line, column := 1, 0
	for at, r := range text {
		column++
		switch {
		case r == '\n':
			line, column = line+1, 0
		case r == utf8.RuneError && !strings.HasPrefix(text[at:], string(utf8.RuneError)):
			f.addAt(line, column, "the document is not UTF-8")
			return false
		case !allowed(r):
			f.addAt(line, column, fmt.Sprintf("the character %U is not allowed", r))
			return false
		}
	}
	return true
}

// allowed tells whether YAML allows a character: any but most control characters and two that are none.
func allowed(r rune) bool {
	switch {
	case r == '\t', r == '\r', r == '\n', r == 0x85:
		return true
	default:
		return r >= ' ' && (r < 0x7f || r >= 0xa0) && r != 0xfffe && r != 0xffff
	}
}

// escape matches an escape of JSON, two halves of a surrogate pair as one.
var escape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\.`)
})

// joinSurrogates writes characters beyond 16 bits as YAML does, where the text is JSON, which escapes them in
// two halves. Columns behind them in the same line get smaller by that.
func joinSurrogates(text string) string {
	if !strings.Contains(strings.ToLower(text), `\ud`) || !json.Valid([]byte(text)) {
		return text
	}
	return escape().ReplaceAllStringFunc(text, func(escaped string) string {
		if len(escaped) < len(`\uD83D\uDE00`) {
			return escaped
		}
		high, _ := strconv.ParseUint(escaped[2:6], 16, 16) // hex digits: the pattern says so
		low, _ := strconv.ParseUint(escaped[8:12], 16, 16)
		return fmt.Sprintf(`\U%08X`, utf16.DecodeRune(rune(high), rune(low)))
	})
}

// addSyntax notes an error of the parser, which may be in a line after the last.
func (f *faults) addSyntax(text string, err error) {
	var syntax *yaml.LoadError
	if !errors.As(err, &syntax) {
		f.addAt(1, 1, "cannot be read as YAML or JSON: "+sanitize.Line(err.Error()))
		return
	}
	message := syntax.Message
	if syntax.ContextMsg != "" {
		message += " " + syntax.ContextMsg
	}
	line, column := syntax.Mark.Line, syntax.Mark.Column
	if lines := strings.Split(text, "\n"); line > len(lines) {
		line, column = len(lines), utf8.RuneCountInString(lines[len(lines)-1])+1
	}
	f.addAt(line, column, "cannot be read as YAML or JSON: "+sanitize.Line(message))
}

// checkNode refuses whatever could make a document mean something else than it shows.
func (f *faults) checkNode(n *yaml.Node, depth int) {
	if n.Anchor != "" {
		f.addAt(n.Line, n.Column, "anchors (&"+sanitize.LineUpTo(n.Anchor, maxQuoted)+") are not allowed")
	}
	if n.Style&yaml.TaggedStyle != 0 || n.Tag == "!" {
		f.addAt(n.Line, n.Column, "explicit tags ("+sanitize.LineUpTo(n.Tag, maxQuoted)+") are not allowed")
	}
	switch {
	case n.Kind == yaml.AliasNode:
		f.add(n, "aliases (*%s) are not allowed; repeat the value", sanitize.LineUpTo(n.Value, maxQuoted))
		return
	case n.Kind != yaml.ScalarNode && depth > maxDepth:
		f.add(n, "%s", tooDeep)
		return
	case n.Kind == yaml.ScalarNode && n.Tag == nullTag && n.Style == 0:
		f.add(n, "null is not allowed; leave the key out instead")
	}
	if n.Kind == yaml.MappingNode {
		f.checkKeys(n)
	}
	for _, child := range n.Content {
		f.checkNode(child, depth+1)
	}
}

// checkKeys refuses keys that are no text, that occur twice, or that merge another mapping.
func (f *faults) checkKeys(mapping *yaml.Node) {
	lines := map[string]int{}
	for key := range pairs(mapping) {
		switch first, doubled := lines[key.Value]; {
		case key.Kind == yaml.AliasNode: // reported as such
		case key.Kind != yaml.ScalarNode:
			f.add(key, "a key must be a name, not a mapping or list")
		case key.Tag == mergeTag:
			f.add(key, "merge keys (<<) are not allowed")
		case doubled:
			f.add(key, "the key %s is written twice; it is in line %d as well", quote(key.Value), first)
		default:
			lines[key.Value] = key.Line
		}
	}
}

// pairs yields the keys and values of a mapping.
func pairs(mapping *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}
