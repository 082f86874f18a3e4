package policyfile

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// member is a key of an exception or a denial, and how its text gets there.
type member[T any] struct {
	name     string
	optional bool
	of       scalar
	set      func(entry *T, text string)
}

// placeOf tells people where an entry is.
func placeOf(n *yaml.Node) string { return fmt.Sprintf("line %d of the policy document", n.Line) }

// exceptionMembers are the keys of an exception, scopes last.
func exceptionMembers(p place) []member[gate.Exception] {
	members := []member[gate.Exception]{
		{name: "category", of: oneOf(p.categories), set: func(x *gate.Exception, s string) { x.Category = gate.Category(s) }},
		{name: "id", of: filled, set: func(x *gate.Exception, s string) { x.ID = s }},
		{name: "reason", of: filled, set: func(x *gate.Exception, s string) { x.Reason = s }},
		{name: "expires_at", of: expiry, set: func(x *gate.Exception, s string) { x.ExpiresAt = s }},
	}
	for _, scope := range p.scopes {
		of := filled
		if scope == gate.ScopeMD5 {
			of = hex32
		}
		members = append(members, member[gate.Exception]{
			name: string(scope), optional: true, of: of,
			set: func(x *gate.Exception, s string) { x.SetScope(scope, &s) },
		})
	}
	return members
}

func denialMembers(p place) []member[gate.Denial] {
	return []member[gate.Denial]{
		{name: "category", of: oneOf(p.categories), set: func(d *gate.Denial, s string) { d.Category = gate.Category(s) }},
		{name: "id", of: filled, set: func(d *gate.Denial, s string) { d.ID = s }},
	}
}

func readExceptions(r *reader, n *yaml.Node, p place, path string, field any) {
	*field.(*[]gate.Exception) = readEntries(r, n, path, exceptionMembers(p), func(x *gate.Exception, at string) { x.Place = at }) //nolint:forcetypeassert // the table of rules fixes it
}

func readDenials(r *reader, n *yaml.Node, p place, path string, field any) {
	*field.(*[]gate.Denial) = readEntries(r, n, path, denialMembers(p), func(d *gate.Denial, at string) { d.Place = at }) //nolint:forcetypeassert // as above
}

func exceptionsSchema(p place) object { return entriesSchema(exceptionMembers(p)) }

func denialsSchema(p place) object { return entriesSchema(denialMembers(p)) }

// readEntries reads a list of mappings, and never returns nil.
func readEntries[T any](r *reader, n *yaml.Node, path string, members []member[T], locate func(entry *T, at string)) []T {
	entries := []T{}
	if !r.isList(n, path) {
		return entries
	}
	for i, element := range n.Content {
		var entry T
		locate(&entry, placeOf(element))
		readEntry(r, element, elementPath(path, i), members, &entry)
		entries = append(entries, entry)
	}
	return entries
}

func readEntry[T any](r *reader, n *yaml.Node, path string, members []member[T], entry *T) {
	if !r.isMapping(n, path) {
		return
	}
	written := map[string]bool{}
	for key, value := range pairs(n) {
		i := slices.IndexFunc(members, func(m member[T]) bool { return m.name == key.Value })
		switch {
		case r.done(key):
		case i < 0:
			r.unknownMember(key, path, memberNames(members))
		default:
			written[key.Value] = true
			if text, ok := r.scalar(value, path+"."+key.Value, members[i].of); ok {
				members[i].set(entry, text)
			}
		}
	}
	for _, m := range members {
		if !m.optional && !written[m.name] {
			r.addAt(n.Line, n.Column, path+": "+m.name+" is required")
		}
	}
}

// unknownMember refuses a key of an entry, which may be a scope that only other data sources have.
func (r *reader) unknownMember(key *yaml.Node, path string, known []string) {
	if slices.Contains(gate.AllScopes(), gate.Scope(key.Value)) {
		r.add(key, "%s: findings of this data source cannot be told apart by %s; %s", path, key.Value, "known are "+list(known))
		return
	}
	r.unknown(key, path, instead(key.Value, known))
}

func memberNames[T any](members []member[T]) []string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.name
	}
	return names
}

func entriesSchema[T any](members []member[T]) object {
	properties, required := object{}, []string{}
	for _, m := range members {
		properties[m.name] = m.of.schema
		if !m.optional {
			required = append(required, m.name)
		}
	}
	return object{"type": "array", "items": mapping(properties, required)}
}
