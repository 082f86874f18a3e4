package tencentcloud

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

var errDoubleKey = errors.New("an object has the same field twice")

// maxFields bounds the fields of one JSON object; the largest documented one has about twenty.
const maxFields = 256

// refuseDoubleKeys returns an error where an object of a valid JSON text has two keys that are the
// same but for case. The decoder matches keys in any case and lets the last one win, so that such an
// answer says two things at once, and one of them could be a pass.
func refuseDoubleKeys(text []byte) error {
	var objects [][][]byte // the keys of each open object; nil for a list
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			objects = append(objects, make([][]byte, 0, 8))
		case '[':
			objects = append(objects, nil)
		case '}', ']':
			objects = objects[:len(objects)-1]
		case '"':
			end := stringEnd(text, i)
			if key := text[i+1 : end]; isKey(text, end) {
				keys := objects[len(objects)-1]
				if bytes.IndexByte(key, '\\') >= 0 {
					key = unescaped(text[i : end+1])
				}
				if len(keys) == maxFields {
					return fmt.Errorf("an object has more than %d fields", maxFields)
				}
				for _, other := range keys {
					if sameField(other, key) {
						return errDoubleKey
					}
				}
				objects[len(objects)-1] = append(keys, key)
			}
			i = end
		}
	}
	return nil
}

// sameField tells whether the decoder would take two keys for one field. Errno and ErrNo differ in case
// alone and are two names that the service does give beside each other (api.md).
func sameField(a, b []byte) bool {
	if !bytes.EqualFold(a, b) {
		return false
	}
	twoNames := string(a) == "Errno" && string(b) == "ErrNo" || string(a) == "ErrNo" && string(b) == "Errno"
	return !twoNames
}

// stringEnd returns the index of the quote that ends the string that begins at start: the first one with
// an even number of backslashes before it.
func stringEnd(text []byte, start int) int {
	for from := start + 1; ; {
		n := bytes.IndexByte(text[from:], '"')
		if n < 0 {
			return len(text) - 1
		}
		end := from + n
		before := end
		for before > from && text[before-1] == '\\' {
			before--
		}
		if (end-before)%2 == 0 {
			return end
		}
		from = end + 1
	}
}

// isKey tells whether the string that ends at end is followed by a colon.
func isKey(text []byte, end int) bool {
	rest := bytes.TrimLeft(text[end+1:], " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

func unescaped(quoted []byte) []byte {
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return quoted
	}
	return []byte(s)
}
