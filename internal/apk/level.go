package apk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// level is a number of an SDK attribute. The codename of a preview release stands for the newest level.
type level struct {
	n        int64
	codename bool
}

// newestLevel is what the platform takes for the level of a preview release
// (Build.VERSION_CODES.CUR_DEVELOPMENT).
const newestLevel = 10000

// numbers are an attribute's numbers in all configurations, each once; none where it is absent.
func (r *values) numbers(e *element, id int64) ([]level, error) {
	attribute := e.get(id)
	found, _, err := r.table.all(attribute)
	if err != nil {
		return nil, err
	}
	var all []level
	for _, v := range found {
		var l level
		switch {
		case v.isNull():
			continue
		case v.isInt():
			l.n = v.int()
		case v.kind == kindString:
			if l = parseLevel(r.take(r.poolOf(attribute), v.data)); l.n == 0 && l.codename {
				continue // an empty text, which counts as absent
			}
		default:
			return nil, fmt.Errorf("has a value of type %s, which is no number", kindName(v.kind))
		}
		if !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all, nil
}

// sdkLevel is an SDK attribute of the manifest.
type sdkLevel struct {
	given     bool
	codename  bool
	effective int64  // 0 where it is not given, or cannot be told: the oldest
	declared  *int64 // nil where it is not given, a codename, or cannot be told
}

func (r *values) lowest(e *element, id int64, name string) sdkLevel {
	return r.pick(e, id, name, func(a, b int64) bool { return a < b })
}

func (r *values) highest(e *element, id int64, name string) sdkLevel {
	return r.pick(e, id, name, func(a, b int64) bool { return a > b })
}

// pick is an SDK level, the better one of those that it has in any configuration.
func (r *values) pick(e *element, id int64, name string, better func(a, b int64) bool) sdkLevel {
	found, err := r.numbers(e, id)
	if err != nil {
		r.give(name, err)
		return sdkLevel{given: true}
	}
	if len(found) == 0 {
		return sdkLevel{}
	}
	best := found[0]
	for _, other := range found[1:] {
		if better(other.n, best.n) {
			best = other
		}
	}
	l := sdkLevel{given: true, codename: best.codename, effective: best.n}
	if !best.codename {
		l.declared = &best.n
	}
	return l
}

// parseLevel reads a number out of a text. An empty text is a codename without a level.
func parseLevel(text string) level {
	digits, base := text, 10
	if hex, found := strings.CutPrefix(text, "0x"); found {
		digits, base = hex, 16
	}
	if n, err := strconv.ParseInt(digits, base, 64); err == nil {
		return level{n: n}
	}
	if text == "" {
		return level{codename: true}
	}
	return level{n: newestLevel, codename: true}
}
