package tencentcloud

import (
	"errors"
	"testing"
)

// charByChar is stringEnd in the plainest way.
func charByChar(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text) - 1
}

// TestStringEnd tries all texts of up to nine characters, of those that matter.
func TestStringEnd(t *testing.T) {
	t.Parallel()
	var try func(text []byte)
	try = func(text []byte) {
		for start := range min(2, len(text)) {
			if got, want := stringEnd(text, start), charByChar(text, start); got != want {
				t.Fatalf("%q from %d ends at %d, want %d", text, start, got, want)
			}
		}
		if len(text) == 9 {
			return
		}
		for _, c := range []byte(`\"a`) {
			try(append(text[:len(text):len(text)], c))
		}
	}
	try([]byte{'"'})
}

func TestRefuseDoubleKeys_afterBackslashes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		`{"VulName":"x\\","RiskLevel":3,"risklevel":1}`:   errDoubleKey,
		`{"VulName":"x\\\"","RiskLevel":3,"risklevel":1}`: errDoubleKey,
		`{"VulName":"\"risklevel\":","RiskLevel":3}`:      nil,
	} {
		if err := refuseDoubleKeys([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}
