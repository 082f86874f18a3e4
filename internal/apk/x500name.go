package apk

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Tags of the string types of a name.
const (
	berUTF8String      = 12
	berNumericString   = 18
	berPrintableString = 19
	berTeletexString   = 20
	berIA5String       = 22
	berVisibleString   = 26
	berUniversalString = 28
	berBMPString       = 30
)

// nameKey is a text that two distinguished names share if they match (RFC 5280, section 7.1): the same
// parts in the same order, each of attributes in any order, of the same type and with texts that are
// the same but for their string type, case and insignificant spaces.
func nameKey(name berElement) (string, error) {
	parts, err := name.sequence(0)
	if err != nil {
		return "", err
	}
	var key strings.Builder
	for _, part := range parts {
		attributes, err := part.children()
		if err != nil || !part.is(berUniversal, berSet) {
			return "", errBER
		}
		keys := make([]string, len(attributes))
		for i, attribute := range attributes {
			pair, err := attribute.sequence(2)
			if err != nil || !pair[0].is(berUniversal, berOID) {
				return "", errBER
			}
			text, err := attributeKey(pair[1])
			if err != nil {
				return "", err
			}
			keys[i] = fmt.Sprintf("%x=%q", pair[0].content, text)
		}
		slices.Sort(keys)
		fmt.Fprintf(&key, "%q", keys)
	}
	return key.String(), nil
}

// attributeKey is the text of a value, prepared for comparing, or its bytes where it is no text.
func attributeKey(v berElement) (string, error) {
	content, err := v.text()
	if err != nil {
		return string(v.whole), nil //nolint:nilerr // it is no string, and is compared as it is
	}
	text, ok := "", v.class == berUniversal
	switch v.tag {
	case berUTF8String, berNumericString, berPrintableString, berIA5String, berVisibleString:
		text, ok = string(content), ok && utf8.Valid(content)
	case berTeletexString: // in practice Latin-1
		runes := make([]rune, len(content))
		for i, b := range content {
			runes[i] = rune(b)
		}
		text = string(runes)
	case berBMPString:
		units := make([]uint16, len(content)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(content[2*i:])
		}
		text, ok = string(utf16.Decode(units)), ok && len(content)%2 == 0
	case berUniversalString:
		var b strings.Builder
		for i := 0; i+4 <= len(content); i += 4 {
			b.WriteRune(rune(binary.BigEndian.Uint32(content[i:]))) //nolint:gosec // what is no character becomes U+FFFD
		}
		text, ok = b.String(), ok && len(content)%4 == 0
	default:
		ok = false
	}
	if !ok {
		return string(v.whole), nil
	}
	return "text " + prepare(text), nil
}

// prepare follows the LDAP profile of string preparation (RFC 4518): characters that show nothing are
// dropped, case and compatibility forms folded, spaces at the ends dropped and others joined.
func prepare(text string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u034F', r == '\u1806', r >= '\u180B' && r <= '\u180D', r >= '\uFE00' && r <= '\uFE0F', r == '\uFFFC', unicode.In(r, unicode.Cc, unicode.Cf):
			return -1
		}
		return r
	}, text)
	folded := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(mapped)))
	return strings.Join(strings.Fields(folded), " ")
}
