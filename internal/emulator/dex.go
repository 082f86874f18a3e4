package emulator

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
)

// maxDexBytes bounds each classes*.dex.
const maxDexBytes = 64 << 20

// errDex: a classes*.dex is not of the dex format, or too large.
var errDex = errors.New("no readable dex file")

// dexName is the name of an entry with classes.
var dexName = regexp.MustCompile(`^classes[0-9]*\.dex$`)

// visitDex counts the classes of a dex file, and finds the SDKs that they belong to.
func (f *found) visitDex(name string, content io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(content, maxDexBytes+1))
	if err != nil {
		return err
	}
	if len(data) > maxDexBytes {
		return fmt.Errorf("%w: %s has more than %d bytes", errDex, name, maxDexBytes)
	}
	n, err := eachClass(data, func(descriptor []byte) {
		if sdk, known := sdkOf(descriptor); known && !slices.Contains(f.sdks, sdk) {
			f.sdks = append(f.sdks, sdk)
		}
	})
	if err != nil {
		return fmt.Errorf("%w: %s: %w", errDex, name, err)
	}
	f.classes += n
	return nil
}

// le32 reads a little-endian number, as int64 so that sums and products cannot overflow; the callers
// have checked the bounds.
func le32(b []byte, at int64) int64 { return int64(binary.LittleEndian.Uint32(b[at:])) }

// Offsets in the header of a dex file (Dalvik Executable format, header_item).
const (
	dexHeaderBytes   = 0x70
	dexStringIDs     = 0x38 // string_ids_size, then string_ids_off
	dexTypeIDs       = 0x40
	dexClassDefs     = 0x60
	dexClassDefBytes = 32
)

// eachClass calls visit with the type descriptor, as in "Lcom/example/Main;", of every class that a
// dex file defines, and returns their number. The descriptor is valid during the call only. A table
// or an offset outside of the data is an error.
func eachClass(data []byte, visit func(descriptor []byte)) (int, error) {
	if len(data) < dexHeaderBytes || !bytes.HasPrefix(data, []byte("dex\n")) || data[7] != 0 {
		return 0, errors.New("no dex header")
	}
	table := func(at, entryBytes int64) (offset, count int64, err error) {
		count, offset = le32(data, at), le32(data, at+4)
		if count > 0 && (offset < dexHeaderBytes || offset+count*entryBytes > int64(len(data))) {
			err = fmt.Errorf("a table of %d entries at %d is outside of the file", count, offset)
		}
		return offset, count, err
	}
	stringsAt, stringCount, err := table(dexStringIDs, 4)
	if err != nil {
		return 0, err
	}
	typesAt, typeCount, err := table(dexTypeIDs, 4)
	if err != nil {
		return 0, err
	}
	classesAt, classCount, err := table(dexClassDefs, dexClassDefBytes)
	if err != nil {
		return 0, err
	}
	// The format's own bounds: 16 bits number the types, and no type is defined twice.
	if typeCount > maxTypes || classCount > typeCount {
		return 0, fmt.Errorf("%d types and %d classes", typeCount, classCount)
	}
	for i := range classCount {
		typeIndex := le32(data, classesAt+i*dexClassDefBytes)
		if typeIndex >= typeCount {
			return 0, fmt.Errorf("class %d has no type", i)
		}
		stringIndex := le32(data, typesAt+typeIndex*4)
		if stringIndex >= stringCount {
			return 0, fmt.Errorf("class %d has no name", i)
		}
		descriptor, err := dexString(data, le32(data, stringsAt+stringIndex*4))
		if err != nil {
			return 0, fmt.Errorf("class %d: %w", i, err)
		}
		visit(descriptor)
	}
	return int(classCount), nil
}

const (
	// maxTypes is the number of types that 16 bits can number.
	maxTypes = 1 << 16
	// maxDescriptor bounds how far the end of a descriptor is searched for, in bytes. A longer one is
	// cut, since only its beginning matters here.
	maxDescriptor = 1024
)

// dexString is the string_data_item at an offset: its length in UTF-16 units (ULEB128), then modified
// UTF-8 that ends with a zero byte.
func dexString(data []byte, offset int64) ([]byte, error) {
	if offset >= int64(len(data)) {
		return nil, errors.New("its name is outside of the file")
	}
	rest := data[offset:]
	length := 0
	for length < len(rest) && length < 5 && rest[length]&0x80 != 0 {
		length++
	}
	if length+1 > len(rest) {
		return nil, errors.New("its name has no length")
	}
	rest = rest[length+1:]
	rest = rest[:min(len(rest), maxDescriptor)]
	if end := bytes.IndexByte(rest, 0); end >= 0 {
		rest = rest[:end]
	}
	return rest, nil
}
