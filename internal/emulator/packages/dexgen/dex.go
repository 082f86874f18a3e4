package main

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"hash/adler32"
	"slices"
	"strings"
)

// Sizes and item codes of the Dalvik Executable format.
const (
	headerBytes   = 0x70
	classDefBytes = 32
	accPublic     = 1
	noIndex       = 0xFFFFFFFF

	itemHeader   = 0x0000
	itemStringID = 0x0001
	itemTypeID   = 0x0002
	itemClassDef = 0x0006
	itemMapList  = 0x1000
	itemString   = 0x2002
)

// Dex is a dex file of version 035 that defines public empty classes of these names, as in
// com.example.Main. Names must be ASCII and shorter than 126 bytes.
func Dex(classes []string) []byte {
	object := "Ljava/lang/Object;"
	names := []string{object}
	for _, class := range classes {
		names = append(names, "L"+strings.ReplaceAll(class, ".", "/")+";")
	}
	// Strings and types are sorted and unique; every string here is the name of a type.
	slices.Sort(names)
	names = slices.Compact(names)
	objectIndex, _ := slices.BinarySearch(names, object)

	n := uint32(len(names))
	stringIDs := uint32(headerBytes)
	typeIDs := stringIDs + 4*n
	classDefs := typeIDs + 4*n
	data := classDefs + classDefBytes*(n-1)

	var ids, types, defs, strs bytes.Buffer
	put := func(b *bytes.Buffer, values ...uint32) {
		for _, v := range values {
			_ = binary.Write(b, binary.LittleEndian, v)
		}
	}
	for i, name := range names {
		put(&ids, data+uint32(strs.Len()))
		strs.WriteByte(byte(len(name))) // ULEB128 of a length below 128
		strs.WriteString(name)
		strs.WriteByte(0)
		put(&types, uint32(i))
		if i != objectIndex {
			put(&defs, uint32(i), accPublic, uint32(objectIndex), 0, noIndex, 0, 0, 0)
		}
	}
	for strs.Len()%4 != 0 {
		strs.WriteByte(0)
	}

	mapOffset := data + uint32(strs.Len())
	var mapList bytes.Buffer
	items := [][3]uint32{
		{itemHeader, 1, 0}, {itemStringID, n, stringIDs}, {itemTypeID, n, typeIDs},
		{itemClassDef, n - 1, classDefs}, {itemString, n, data}, {itemMapList, 1, mapOffset},
	}
	put(&mapList, uint32(len(items)))
	for _, item := range items {
		put(&mapList, item[0], item[1], item[2])
	}

	size := mapOffset + uint32(mapList.Len())
	var file bytes.Buffer
	file.WriteString("dex\n035\x00")
	put(&file, 0)                // checksum, below
	file.Write(make([]byte, 20)) // signature, below
	put(&file, size, headerBytes, 0x12345678, 0, 0, mapOffset)
	put(&file, n, stringIDs, n, typeIDs)
	put(&file, 0, 0, 0, 0, 0, 0) // prototypes, fields, methods
	put(&file, n-1, classDefs, size-data, data)
	for _, part := range []*bytes.Buffer{&ids, &types, &defs, &strs, &mapList} {
		file.Write(part.Bytes())
	}
	dex := file.Bytes()
	signature := sha1.Sum(dex[32:])
	copy(dex[12:], signature[:])
	binary.LittleEndian.PutUint32(dex[8:], adler32.Checksum(dex[12:]))
	return dex
}
