package policyfile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// form is how a kind of rule is written in a document. Kinds that no document may hold have none.
type form struct {
	// read sets the rule's field, a pointer as [gate.RuleInfo.Field] returns it.
	read func(r *reader, n *yaml.Node, p place, path string, field any)
	// schema returns the JSON Schema of a value.
	schema func(p place) object
}

// forms is filled at the start, since reading a rule needs the table that it is in.
var forms map[gate.Kind]form

func init() {
	forms = map[gate.Kind]form{
		gate.KindSeverity:     single(func(place) scalar { return oneOf(gate.FailLevels()) }, func(s string) gate.Severity { return gate.Severity(s) }),
		gate.KindAge:          single(func(place) scalar { return duration }, parseDuration),
		gate.KindCategories:   set(func(p place) scalar { return oneOf(p.categories) }, 0, func(s string) gate.Category { return gate.Category(s) }),
		gate.KindScanTypes:    set(func(place) scalar { return oneOf(gate.ScanTypes()) }, 1, strings.Clone),
		gate.KindFingerprints: set(func(place) scalar { return hex32 }, 0, strings.Clone),
		gate.KindCount:        {read: readCount, schema: func(place) object { return countSchema() }},
		gate.KindPermission:   {read: readPermission, schema: func(place) object { return object{"type": "boolean"} }},
		gate.KindCounts:       {read: readCounts, schema: countsSchema},
		gate.KindExceptions:   {read: readExceptions, schema: exceptionsSchema},
		gate.KindDenials:      {read: readDenials, schema: denialsSchema},
	}
}

// scalar is the form of a text: what is wrong with one, empty where nothing is, and the JSON Schema of it.
type scalar struct {
	fault  func(text string) string
	schema object
}

// oneOf is a text that is one of some names.
func oneOf[S ~string](names []S) scalar {
	return scalar{
		fault: func(text string) string {
			if slices.Contains(names, S(text)) {
				return ""
			}
			fault := quote(text) + " is not one of " + list(names)
			if hint := nearest(text, names); hint != "" {
				fault += "; " + hint
			}
			return fault
		},
		schema: object{"enum": names},
	}
}

// The other texts. A pattern of JSON Schema is a search, and these are within what both Go and ECMAScript
// understand.
var (
	hex32 = matching(`^[0-9A-Fa-f]{32}$`, "is not 32 hex digits")
	// Any text that is not blank. YAML editors take `010` or `true` for other types, where the text is meant.
	filled = scalar{
		fault: func(text string) string {
			if strings.TrimSpace(text) == "" {
				return "must not be blank"
			}
			return ""
		},
		schema: object{"type": []string{"string", "number", "boolean"}, "pattern": `\S`},
	}
	duration = scalar{
		fault: func(text string) string {
			if parseDuration(text) <= 0 {
				return quote(text) + ` is not a duration above zero, as in "168h" or "90m"`
			}
			return ""
		},
		schema: object{"type": "string", "allOf": []object{
			{"pattern": `^\+?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$`},
			{"pattern": `[1-9]`},
		}},
	}
	expiry = scalar{
		fault: func(text string) string {
			if _, err := gate.ParseExpiry(text); err != nil {
				return quote(text) + " is neither a date like 2026-01-31 nor RFC 3339 like 2026-01-31T12:00:00Z"
			}
			return ""
		},
		schema: object{"type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`},
	}
)

// matching is a text that a pattern matches.
func matching(pattern, otherwise string) scalar {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return scalar{
		fault: func(text string) string {
			if compiled().MatchString(text) {
				return ""
			}
			return quote(text) + " " + otherwise
		},
		schema: object{"type": "string", "pattern": pattern},
	}
}

func parseDuration(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return d
}

// scalar reads a text of a form.
func (r *reader) scalar(n *yaml.Node, path string, of scalar) (string, bool) {
	text, ok := r.text(n, path)
	if !ok {
		return "", false
	}
	if fault := of.fault(text); fault != "" {
		r.add(n, "%s: %s", path, fault)
		return "", false
	}
	return text, true
}

// single is a rule that is one text.
func single[T any](of func(place) scalar, convert func(string) T) form {
	return form{
		read: func(r *reader, n *yaml.Node, p place, path string, field any) {
			if text, ok := r.scalar(n, path, of(p)); ok {
				set := field.(*T) //nolint:forcetypeassert // the table of rules fixes it, and a test walks the table
				*set = convert(text)
			}
		},
		schema: func(p place) object { return of(p).schema },
	}
}

// set is a rule that is a list of texts, whose order means nothing.
func set[T any](of func(place) scalar, least int, convert func(string) T) form {
	return form{
		read: func(r *reader, n *yaml.Node, p place, path string, field any) {
			if !r.isList(n, path) {
				return
			}
			if len(n.Content) < least {
				r.add(n, "%s must not be empty; leave it out for the default", path)
				return
			}
			values := []T{}
			for i, element := range n.Content {
				if text, ok := r.scalar(element, elementPath(path, i), of(p)); ok {
					values = append(values, convert(text))
				}
			}
			set := field.(*[]T) //nolint:forcetypeassert // as above
			*set = values
		},
		schema: func(p place) object {
			schema := object{"type": "array", "items": of(p).schema}
			if least > 0 {
				schema["minItems"] = least
			}
			return schema
		},
	}
}

func elementPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
