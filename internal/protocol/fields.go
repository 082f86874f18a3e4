//go:build !frameworkstate

package protocol

import (
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
)

var valueType = reflect.TypeFor[attr.Value]()

// field is what a type tells about a field of a model; to ask it again for each of many objects took
// half of their time.
type field struct {
	name    string
	index   []int // through the structs that it is embedded in
	isValue bool  // of the framework
}

var fields sync.Map // of []field by reflect.Type

func fieldsOf(t reflect.Type) ([]field, error) {
	if known, ok := fields.Load(t); ok {
		return known.([]field), nil //nolint:forcetypeassert // nothing else is stored
	}
	list, err := findFields(t)
	if err != nil {
		return nil, err
	}
	fields.Store(t, list)
	return list, nil
}

// findFields reads the tags of a struct by the rules of the framework: those of embedded structs are its
// own, unexported fields and the tag "-" are left out, and each name stands once.
func findFields(t reflect.Type) (list []field, err error) {
	add := func(f field) error {
		if slices.ContainsFunc(list, func(other field) bool { return other.name == f.name }) {
			return fmt.Errorf("a model with the tag %q twice, %s", f.name, t)
		}
		list = append(list, f)
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, tagged := f.Tag.Lookup("tfsdk")
		switch {
		case name == "-", !f.IsExported() && !f.Anonymous:
		case f.Anonymous && (tagged || f.Type.Kind() != reflect.Struct):
			return nil, fmt.Errorf("a model that embeds %s with a tag, or as no struct, %s", f.Name, t)
		case f.Anonymous:
			embedded, err := fieldsOf(f.Type)
			if err != nil {
				return nil, err
			}
			for _, inner := range embedded {
				if err := add(field{inner.name, append([]int{i}, inner.index...), inner.isValue}); err != nil {
					return nil, err
				}
			}
		case name == "":
			return nil, fmt.Errorf("a model with a field without a tag, %s", t)
		default:
			if err := add(field{name, []int{i}, f.Type.Implements(valueType)}); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}
