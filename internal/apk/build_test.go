package apk_test

import (
	"encoding/binary"
	"slices"
	"testing"
	"unicode/utf16"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
)

// What follows writes binary XML and resource tables, so that tests can have what no build tool makes.

// Types of values.
const (
	kindReference = 0x01
	kindAttribute = 0x02
	kindString    = 0x03
	kindFloat     = 0x04
	kindDynamic   = 0x07
	kindDecimal   = 0x10
	kindHex       = 0x11
	kindBoolean   = 0x12
)

// Resource ids of attributes (android.R.attr).
const (
	idLabel       = 0x01010001
	idName        = 0x01010003
	idPermission  = 0x01010006
	idRead        = 0x01010007
	idWrite       = 0x01010008
	idProtection  = 0x01010009
	idDebuggable  = 0x0101000F
	idExported    = 0x01010010
	idMinSDK      = 0x0101020C
	idVersionCode = 0x0101021B
	idVersionName = 0x0101021C
	idTargetSDK   = 0x01010270
	idMaxSDK      = 0x01010271
	idTestOnly    = 0x01010272
	idAllowBackup = 0x01010280
	idCleartext   = 0x010104EC
	idNetwork     = 0x01010527
	idCompileSDK  = 0x01010572
	idCodeMajor   = 0x01010576
)

// attr is an attribute: with a resource id, or id 0 and a name of its own. raw is the text beside the
// typed value.
type attr struct {
	id   uint32
	name string
	kind byte
	data uint32
	text string // the value of kindString
	raw  string
}

type node struct {
	name     string
	attrs    []attr
	children []node
}

func text(id uint32, s string) attr             { return attr{id: id, kind: kindString, text: s} }
func typed(id uint32, kind byte, d uint32) attr { return attr{id: id, kind: kind, data: d} }

// manifest is a <manifest> of the package com.example.a with attributes and children.
func manifest(attrs []attr, children ...node) node {
	return node{name: "manifest", attrs: append([]attr{{name: "package", kind: kindString, text: "com.example.a"}}, attrs...), children: children}
}

// binaryXML encodes an element and what is in it.
func binaryXML(root node) []byte {
	e := &xmlEncoder{}
	e.collectIDs(root)
	e.element(root)
	return chunk(0x0003, nil, slices.Concat(pool(e.strings, false), chunk(0x0180, nil, e.ids), e.body))
}

type xmlEncoder struct {
	strings []string // the names of attributes with an id come first
	idOf    []uint32
	ids     []byte
	body    []byte
}

func (e *xmlEncoder) collectIDs(n node) {
	for _, a := range n.attrs {
		if a.id != 0 && !slices.Contains(e.idOf, a.id) {
			e.idOf = append(e.idOf, a.id)
			e.ids = binary.LittleEndian.AppendUint32(e.ids, a.id)
			e.strings = append(e.strings, "nobody reads this")
		}
	}
	for _, child := range n.children {
		e.collectIDs(child)
	}
}

func (e *xmlEncoder) index(s string) uint32 {
	e.strings = append(e.strings, s)
	return uint32(len(e.strings) - 1)
}

func (e *xmlEncoder) element(n node) {
	name := e.index(n.name)
	body := u32(none, name)
	body = append(body, u16(20, 20, uint16(len(n.attrs)), 0, 0, 0)...)
	for _, a := range n.attrs {
		attribute, raw := uint32(slices.Index(e.idOf, a.id)), uint32(none)
		if a.id == 0 {
			attribute = e.index(a.name)
		}
		if a.raw != "" {
			raw = e.index(a.raw)
		}
		if a.kind == kindString {
			a.data = e.index(a.text)
		}
		body = append(body, u32(none, attribute, raw)...)
		body = append(body, valueOf(a.kind, a.data)...)
	}
	line := u32(1, none)
	e.body = append(e.body, chunk(0x0102, line, body)...)
	for _, child := range n.children {
		e.element(child)
	}
	e.body = append(e.body, chunk(0x0103, line, u32(none, name))...)
}

const none = 0xFFFFFFFF

func valueOf(kind byte, data uint32) []byte { return append([]byte{8, 0, 0, kind}, u32(data)...) }

func u16(values ...uint16) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return b
}

func u32(values ...uint32) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// chunk encodes a chunk whose header goes on with header.
func chunk(kind uint16, header, body []byte) []byte {
	b := u16(kind, uint16(8+len(header)))
	b = append(b, u32(uint32(8+len(header)+len(body)))...)
	return slices.Concat(b, header, body)
}

// pool encodes a string pool, in UTF-8 with surrogates as Java writes them, or in UTF-16.
func pool(strings []string, utf8 bool) []byte {
	var offsets, data []byte
	for _, s := range strings {
		offsets = append(offsets, u32(uint32(len(data)))...)
		units := utf16.Encode([]rune(s))
		if !utf8 {
			data = append(data, slices.Concat(u16(uint16(len(units))), u16(units...), u16(0))...)
			continue
		}
		var encoded []byte
		for _, unit := range units {
			switch {
			case unit < 0x80:
				encoded = append(encoded, byte(unit))
			case unit < 0x800:
				encoded = append(encoded, 0xC0|byte(unit>>6), 0x80|byte(unit&0x3F))
			default:
				encoded = append(encoded, 0xE0|byte(unit>>12), 0x80|byte(unit>>6&0x3F), 0x80|byte(unit&0x3F))
			}
		}
		data = append(data, slices.Concat([]byte{byte(len(units)), byte(len(encoded))}, encoded, []byte{0})...)
	}
	flags := uint32(0)
	if utf8 {
		flags = 1 << 8
	}
	return chunk(0x0001, u32(uint32(len(strings)), 0, flags, 28+uint32(len(offsets)), 0), append(offsets, data...))
}

// typeChunk is a type of the package 0x7f: its number, flags of the encoding, a configuration without
// its length, the offsets and the entries.
func typeChunk(number, flags byte, config []byte, count int, offsets, entries []byte) []byte {
	config = append(u32(uint32(4+len(config))), config...)
	header := slices.Concat([]byte{number, flags, 0, 0}, u32(uint32(count), uint32(20+len(config)+len(offsets))), config)
	return chunk(0x0201, header, append(offsets, entries...))
}

// entryOf is a plain entry, of 16 bytes.
func entryOf(kind byte, data uint32) []byte {
	return slices.Concat(u16(8, 0), u32(0), valueOf(kind, data))
}

// resourceTable is a table with one package, 0x7f, and its types.
func resourceTable(strings []string, types ...[]byte) []byte {
	header := append(u32(0x7F), make([]byte, 256+4*5)...)
	pkg := chunk(0x0200, header, slices.Concat(types...))
	return chunk(0x0002, u32(1), append(pool(strings, true), pkg...))
}

// readXML reads a package with a manifest and, if there is one, a resource table.
func readXML(t testing.TB, root node, resources []byte) (*apk.Facts, error) {
	t.Helper()
	entries := []entry{{"AndroidManifest.xml", binaryXML(root)}}
	if resources != nil {
		entries = append(entries, entry{"resources.arsc", resources})
	}
	return read(t, archive(t, entries...), apk.Options{ManifestOnly: true})
}
