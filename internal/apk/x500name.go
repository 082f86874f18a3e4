package apk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Tags of the string types of a name whose texts are compared.
const (
	berUTF8String      = 12
	berPrintableString = 19
	berIA5String       = 22
)

// nameKey is a text that two distinguished names share if they match (RFC 5280, section 7.1): the same
// parts in the same order, each of attributes in any order, of the same type and with texts that are
// the same but for their case and insignificant spaces. A PrintableString may match a UTF8String; of
// other types, as for the platform, only an IA5String is read as a text, for domain names.
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
			keys[i] = fmt.Sprintf("%x=%q", pair[0].content, attributeKey(pair[1]))
		}
		slices.Sort(keys)
		fmt.Fprintf(&key, "%q", keys)
	}
	return key.String(), nil
}

// attributeKey is the text of a value, prepared for comparing, or its bytes where it is no such text.
func attributeKey(v berElement) string {
	content, err := v.text()
	if err != nil || v.class != berUniversal || !utf8.Valid(content) {
		return string(v.whole)
	}
	switch v.tag {
	case berUTF8String, berPrintableString:
		return "text " + prepare(string(content))
	case berIA5String:
		return "IA5 text " + prepare(string(content))
	}
	return string(v.whole)
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
