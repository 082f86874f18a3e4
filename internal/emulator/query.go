package emulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxQueryDepth and maxQueryNodes bound what a flattened query unfolds to.
	maxQueryDepth = 8
	maxQueryNodes = 4096
)

// unflatten turns the parameters of a GET request, as in AppInfos.0.AppUrl=…, into what the JSON body
// of a POST request would hold. Names that the description does not know stay, to be refused later.
func (p parameters) unflatten(rawQuery string) (map[string]any, *failure) {
	query, err := url.ParseQuery(rawQuery)
	if err != nil || len(query) > maxQueryNodes {
		return nil, fail("InvalidParameter", "The query string cannot be read.")
	}
	root := make(map[string]any)
	for name, values := range query {
		if len(values) != 1 {
			return nil, fail("InvalidParameter", "The parameter `%s` is given more than once.", name)
		}
		if !plant(root, strings.Split(name, "."), values[0]) {
			return nil, fail("InvalidParameter", "The parameter `%s` contradicts another.", name)
		}
	}
	shaped, f := object(p).shape(root, "")
	if f != nil {
		return nil, f
	}
	return objectOf(shaped), nil
}

// plant puts a value at a path of a tree of maps; false if something else is there.
func plant(tree map[string]any, path []string, value string) bool {
	if len(path) > maxQueryDepth {
		return false
	}
	for len(path) > 1 {
		next, found := tree[path[0]]
		if !found {
			next = make(map[string]any)
			tree[path[0]] = next
		}
		branch, ok := next.(map[string]any)
		if !ok {
			return false
		}
		tree, path = branch, path[1:]
	}
	if _, taken := tree[path[0]]; taken {
		return false
	}
	tree[path[0]] = value
	return true
}

// shape turns texts into the types that the description asks for, and maps with indices into lists.
// What does not fit stays as it is, for the type check to refuse.
func (p parameter) shape(value any, path string) (any, *failure) {
	branch, isBranch := value.(map[string]any)
	leaf, _ := value.(string)
	switch {
	case p.kind == objectValue && isBranch:
		for name, inner := range branch {
			known, found := p.fields[name]
			if !found {
				continue
			}
			shaped, f := known.shape(inner, path+name+".")
			if f != nil {
				return nil, f
			}
			branch[name] = shaped
		}
	case p.kind == listValue && isBranch:
		return p.shapeList(branch, path)
	case p.kind == integerValue && !isBranch:
		return json.Number(leaf), nil
	case p.kind == booleanValue && !isBranch:
		if b, err := strconv.ParseBool(leaf); err == nil {
			return b, nil
		}
	}
	return value, nil
}

// shapeList orders the elements of a list, whose indices must run from 0 without a gap.
func (p parameter) shapeList(branch map[string]any, path string) (any, *failure) {
	indices := make([]int, 0, len(branch))
	for name := range branch {
		index, err := strconv.Atoi(name)
		if err != nil || strconv.Itoa(index) != name {
			return nil, fail("InvalidParameter", "The parameter `%s%s` is not a number of the list.", path, name)
		}
		indices = append(indices, index)
	}
	slices.Sort(indices)
	elements := make([]any, 0, len(indices))
	for want, index := range indices {
		if index != want {
			return nil, fail("InvalidParameter", "The list `%s` lacks its element %d.", strings.TrimSuffix(path, "."), want)
		}
		shaped, f := p.element.shape(branch[strconv.Itoa(index)], path+strconv.Itoa(index)+".")
		if f != nil {
			return nil, f
		}
		elements = append(elements, shaped)
	}
	return elements, nil
}
