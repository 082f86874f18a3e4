package policyfile

import (
	"math"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// count reads a whole number from 0 up, as JSON writes it: YAML has other spellings, in which 010 is 8.
func (r *reader) count(n *yaml.Node, path string) (int64, bool) {
	const what = "a whole number from 0 up"
	text, ok := r.plain(n, path, what)
	if !ok {
		return 0, false
	}
	count, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(count, 10) != text || count < 0 {
		r.add(n, "%s: %s is not %s, at most %d", path, quote(text), what, int64(math.MaxInt64))
		return 0, false
	}
	return count, true
}

func countSchema() object {
	return object{"type": "integer", "minimum": 0, "maximum": int64(math.MaxInt64)}
}

func readCount(r *reader, n *yaml.Node, _ place, path string, field any) {
	if count, ok := r.count(n, path); ok {
		*field.(**int64) = &count //nolint:forcetypeassert // the table of rules fixes it, and a test walks the table
	}
}

func readPermission(r *reader, n *yaml.Node, _ place, path string, field any) {
	text, ok := r.plain(n, path, "true or false")
	switch {
	case !ok:
	case text != "true" && text != "false":
		r.add(n, "%s: %s is neither true nor false", path, quote(text))
	default:
		given := text == "true"
		*field.(**bool) = &given //nolint:forcetypeassert // as above
	}
}

func readCounts(r *reader, n *yaml.Node, _ place, path string, field any) {
	if !r.isMapping(n, path) {
		return
	}
	counts := map[gate.Severity]int64{}
	for key, value := range pairs(n) {
		severity := gate.Severity(key.Value)
		switch {
		case r.done(key):
		case !slices.Contains(gate.Severities(), severity):
			r.unknown(key, path, instead(key.Value, gate.Severities()))
		default:
			if count, ok := r.count(value, path+"."+key.Value); ok {
				counts[severity] = count
			}
		}
	}
	*field.(*map[gate.Severity]int64) = counts //nolint:forcetypeassert // as above
}

func countsSchema(place) object {
	properties := object{}
	for _, severity := range gate.Severities() {
		properties[string(severity)] = countSchema()
	}
	return mapping(properties, nil)
}
