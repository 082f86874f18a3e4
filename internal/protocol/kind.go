package protocol

import (
	"encoding/json"
	"errors"
)

// kind is a type, as the protocol writes it in JSON: a word, or a word with what it is of.
type kind struct {
	word       string
	element    *kind            // of a list, set or map
	elements   []*kind          // of a tuple
	attributes map[string]*kind // of an object
}

var errKind = errors.New("a type that is none of the protocol's")

// UnmarshalJSON reads a type.
func (k *kind) UnmarshalJSON(text []byte) error {
	if text[0] == '"' { // the decoder hands over no empty text
		if err := json.Unmarshal(text, &k.word); err != nil {
			return errKind
		}
		switch k.word {
		case "string", "number", "bool", "dynamic":
			return nil
		}
		return errKind
	}
	var parts []json.RawMessage // an object may have a third: which attributes are optional
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) < 2 {
		return errKind
	}
	if err := json.Unmarshal(parts[0], &k.word); err != nil {
		return errKind
	}
	switch k.word {
	case "list", "set", "map":
		return json.Unmarshal(parts[1], &k.element)
	case "tuple":
		return json.Unmarshal(parts[1], &k.elements)
	case "object":
		return json.Unmarshal(parts[1], &k.attributes)
	}
	return errKind
}
