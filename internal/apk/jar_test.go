package apk_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// What follows writes signatures as BER, in ways that no signing tool at hand does.

const (
	sequence, set, integer, oid            = 0x30, 0x31, 0x02, 0x06
	printable, utf8Text, ia5, teletex, bmp = 0x13, 0x0C, 0x16, 0x14, 0x1E
)

// der encodes an element with the shortest length.
func der(identifier byte, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	n := len(content)
	switch {
	case n < 0x80:
		return append([]byte{identifier, byte(n)}, content...)
	case n < 0x100:
		return append([]byte{identifier, 0x81, byte(n)}, content...)
	}
	return append([]byte{identifier, 0x82, byte(n >> 8), byte(n)}, content...)
}

// long encodes an element with a length of more bytes than it needs.
func long(identifier byte, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	return append([]byte{identifier, 0x84, 0, 0, byte(len(content) >> 8), byte(len(content))}, content...)
}

// endless encodes an element that is ended by a mark.
func endless(identifier byte, parts ...[]byte) []byte {
	return slices.Concat([]byte{identifier, 0x80}, slices.Concat(parts...), []byte{0, 0})
}

type encoder func(identifier byte, parts ...[]byte) []byte

// attribute is one of a name: 2.5.4.arc.
func attribute(arc, kind byte, value string) []byte {
	return der(sequence, der(oid, []byte{0x55, 4, arc}), der(kind, []byte(value)))
}

// named is a name of parts with one attribute each.
func named(attributes ...[]byte) []byte {
	var parts [][]byte
	for _, a := range attributes {
		parts = append(parts, der(set, a))
	}
	return der(sequence, parts...)
}

// certificateOf is a certificate as far as signers are found by it.
func certificateOf(issuer, serial []byte) []byte {
	body := der(sequence, der(0xA0, der(integer, []byte{2})), der(integer, serial), der(sequence, der(oid, []byte{0x2A})), issuer)
	return der(sequence, body, der(sequence), der(0x03, []byte{0}))
}

// signedBy is a signature whose signers are named by issuers and serials.
func signedBy(encode encoder, certificates []byte, signers ...[]byte) []byte {
	signedData := encode(sequence, der(integer, []byte{1}), der(set), encode(sequence, der(oid, []byte{0x2A})),
		encode(0xA0, certificates), encode(set, signers...))
	return encode(sequence, der(oid, []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2}), encode(0xA0, signedData))
}

func signer(issuer, serial []byte) []byte {
	return der(sequence, der(integer, []byte{1}), der(sequence, issuer, der(integer, serial)), der(sequence))
}

// Names match as RFC 5280 compares them, whatever string type, case and spaces they are written with.
func TestRead_findsTheSignersCertificateByItsName(t *testing.T) {
	t.Parallel()
	const country, organization, common = 6, 10, 3
	issuer := named(attribute(country, printable, "DE"), attribute(organization, utf8Text, "Müller  & Söhne"), attribute(common, printable, "Key 1"))
	both := func(a, b []byte) []byte { return der(sequence, der(set, a, b)) }
	for name, test := range map[string]struct {
		certificate, signer []byte
		want                bool
	}{
		"the same":                {issuer, issuer, true},
		"another string type":     {named(attribute(common, printable, "Key 1")), named(attribute(common, utf8Text, "Key 1")), true},
		"a domain":                {named(attribute(common, ia5, "Example")), named(attribute(common, ia5, "example")), true},
		"an old type":             {named(attribute(common, teletex, "M\xFCller")), named(attribute(common, teletex, "M\xFCller")), true},
		"another case":            {named(attribute(common, printable, "Android Debug")), named(attribute(common, printable, "ANDROID DEBUG")), true},
		"another case in German":  {named(attribute(common, utf8Text, "Straße")), named(attribute(common, utf8Text, "STRASSE")), true},
		"spaces":                  {named(attribute(common, printable, " Key  1 ")), named(attribute(common, printable, "Key 1")), true},
		"composed characters":     {named(attribute(common, utf8Text, "Mu\u0308ller")), named(attribute(common, utf8Text, "Müller")), true},
		"an invisible character":  {named(attribute(common, utf8Text, "Key\u00AD 1")), named(attribute(common, utf8Text, "Key 1")), true},
		"a part of two, in order": {both(attribute(common, printable, "a"), attribute(organization, printable, "b")), both(attribute(organization, printable, "b"), attribute(common, printable, "a")), true},
		"a string in pieces": {named(attribute(common, utf8Text, "Key 1")),
			named(der(sequence, der(oid, []byte{0x55, 4, common}), endless(utf8Text|0x20, der(utf8Text, []byte("Key")), der(utf8Text, []byte(" 1"))))), true},
		"no name":            {named(), named(), true},
		"a forbidden letter": {named(attribute(common, printable, "a_b@c*")), named(attribute(common, utf8Text, "a_b@c*")), true},

		"another text":          {named(attribute(common, printable, "Key 1")), named(attribute(common, printable, "Key 2")), false},
		"no space":              {named(attribute(common, printable, "Key 1")), named(attribute(common, printable, "Key1")), false},
		"another type":          {named(attribute(common, printable, "a")), named(attribute(organization, printable, "a")), false},
		"another order":         {named(attribute(common, printable, "a"), attribute(organization, printable, "b")), named(attribute(organization, printable, "b"), attribute(common, printable, "a")), false},
		"one part more":         {named(attribute(common, printable, "a")), named(attribute(common, printable, "a"), attribute(common, printable, "a")), false},
		"two parts in one":      {named(attribute(common, printable, "a"), attribute(organization, printable, "b")), both(attribute(common, printable, "a"), attribute(organization, printable, "b")), false},
		"a binary value":        {named(attribute(common, 0x04, "a")), named(attribute(common, printable, "a")), false},
		"a text that is none":   {named(attribute(common, utf8Text, "\xFF")), named(attribute(common, utf8Text, "\uFFFD")), false},
		"quotes in the text":    {named(attribute(common, utf8Text, `a" "550403="text b`)), named(attribute(common, utf8Text, "a"), attribute(common, utf8Text, "b")), false},
		"IA5 and UTF-8":         {named(attribute(common, utf8Text, "a")), named(attribute(common, ia5, "a")), false},
		"an old type and case":  {named(attribute(common, bmp, "\x00a")), named(attribute(common, bmp, "\x00A")), false},
		"an old type and UTF-8": {named(attribute(common, teletex, "a")), named(attribute(common, utf8Text, "a")), false},
	} {
		certificate := certificateOf(test.certificate, []byte{7})
		facts, err := read(t, jarSigned(t, signedBy(der, certificate, signer(test.signer, []byte{7}))), signatureOptions)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found := len(facts.Signatures) == 1 && facts.Signatures[0].CertificateSHA256 == digest(certificate) && len(facts.UnreadableSignatures) == 0
		missing := len(facts.Signatures) == 0 && len(facts.UnreadableSignatures) == 1 && strings.Contains(facts.UnreadableSignatures[0].Err.Error(), "certificate of a signer is missing")
		if found != test.want || missing == test.want {
			t.Errorf("%s: got %v and %v", name, facts.Signatures, facts.UnreadableSignatures)
		}
	}
}

func TestRead_findsTheSignersCertificateByItsSerialNumber(t *testing.T) {
	t.Parallel()
	issuer := named(attribute(3, printable, "Key"))
	for name, test := range map[string]struct {
		certificate, signer []byte
		want                bool
	}{
		"the same":               {[]byte{1, 2}, []byte{1, 2}, true},
		"zeros before it":        {[]byte{0, 0, 1, 2}, []byte{1, 2}, true},
		"negative":               {[]byte{0x81}, []byte{0x81}, true},
		"negative and repeated":  {[]byte{0xFF, 0x81}, []byte{0x81}, true},
		"positive, not negative": {[]byte{0, 0x81}, []byte{0x81}, false},
		"another":                {[]byte{1, 2}, []byte{1, 3}, false},
		"twenty bytes":           {bytes.Repeat([]byte{0x42}, 20), bytes.Repeat([]byte{0x42}, 20), true},
	} {
		facts, err := read(t, jarSigned(t, signedBy(der, certificateOf(issuer, test.certificate), signer(issuer, test.signer))), signatureOptions)
		if err != nil || (len(facts.Signatures) == 1) != test.want {
			t.Errorf("%s: %v, %v, %v", name, facts.Signatures, facts.UnreadableSignatures, err)
		}
	}
}

func TestRead_readsSignaturesInBER(t *testing.T) {
	t.Parallel()
	issuer, other := named(attribute(3, printable, "Key")), named(attribute(3, printable, "Other"))
	certificate, second := certificateOf(issuer, []byte{7}), certificateOf(other, []byte{7})
	both := []string{digest(certificate), digest(second)}
	slices.Sort(both)
	for form, encode := range map[string]encoder{"shortest lengths": der, "long lengths": long, "endless": endless} {
		for name, test := range map[string]struct {
			data []byte
			want []string
		}{
			"one":                    {signedBy(encode, certificate, signer(issuer, []byte{7})), both[slices.Index(both, digest(certificate)):][:1]},
			"two":                    {signedBy(encode, slices.Concat(certificate, second), signer(other, []byte{7}), signer(issuer, []byte{7})), both},
			"a certificate too many": {signedBy(encode, slices.Concat(second, certificate), signer(issuer, []byte{7})), []string{digest(certificate)}},
			"one that is none":       {signedBy(encode, slices.Concat(der(0xA1, []byte{5, 0}), der(sequence), certificate), signer(issuer, []byte{7})), []string{digest(certificate)}},
			"bytes after it":         {append(signedBy(encode, certificate, signer(issuer, []byte{7})), 1, 2, 3), []string{digest(certificate)}},
		} {
			facts, err := read(t, jarSigned(t, test.data), signatureOptions)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range facts.Signatures {
				got = append(got, s.CertificateSHA256)
			}
			if !slices.Equal(got, test.want) || len(facts.UnreadableSignatures) != 0 {
				t.Errorf("%s, %s: got %v, %v, want %v", form, name, got, facts.UnreadableSignatures, test.want)
			}
		}
	}
	// One signer of two is missing, or is named as Android does not read it.
	keyID := der(sequence, der(integer, []byte{3}), der(0x80, []byte("key")), der(sequence))
	for name, missing := range map[string][]byte{"missing": signer(other, []byte{7}), "by key": keyID} {
		facts, err := read(t, jarSigned(t, signedBy(der, certificate, signer(issuer, []byte{7}), missing)), signatureOptions)
		if err != nil || len(facts.Signatures) != 1 || len(facts.UnreadableSignatures) != 1 {
			t.Errorf("%s: %+v, %v", name, facts, err)
		}
	}
}

// A signature block is one only beside a signature file of its name.
func TestRead_takesNoBlockWithoutItsSignatureFile(t *testing.T) {
	t.Parallel()
	jar := content(t, sample(t, "clean"), "META-INF/SAMPLE.EC")
	for name, test := range map[string]struct {
		names []string
		want  bool
	}{
		"beside":              {[]string{"META-INF/A.SF", "META-INF/A.EC"}, true},
		"after":               {[]string{"META-INF/A.EC", "META-INF/A.SF"}, true},
		"another case":        {[]string{"META-INF/a.sf", "META-INF/A.ec"}, true},
		"two dots":            {[]string{"META-INF/a.b.SF", "META-INF/a.b.RSA"}, true},
		"a folder":            {[]string{"META-INF/x/A.SF", "META-INF/x/A.DSA"}, true},
		"alone":               {[]string{"META-INF/A.EC"}, false},
		"another name":        {[]string{"META-INF/B.SF", "META-INF/A.EC"}, false},
		"another folder":      {[]string{"META-INF/x/A.SF", "META-INF/A.EC"}, false},
		"outside of META-INF": {[]string{"A.SF", "A.EC"}, false},
		"another extension":   {[]string{"META-INF/A.SF", "META-INF/A.EC2"}, false},
	} {
		entries := []entry{{"AndroidManifest.xml", binaryXML(manifest(nil))}}
		for _, name := range test.names {
			entries = append(entries, entry{name, jar})
		}
		for _, options := range []int{0, 1} {
			o := signatureOptions
			o.Signatures = options == 1
			facts, err := read(t, archive(t, entries...), o)
			if err != nil || facts.HasCertificate != test.want || o.Signatures && (len(facts.Signatures) == 1) != test.want {
				t.Errorf("%s: %+v, %v", name, facts, err)
			}
		}
	}
	// What is no signature may be of any size.
	large := archive(t, entry{"AndroidManifest.xml", binaryXML(manifest(nil))}, entry{"META-INF/A.RSA", make([]byte, 2<<20)})
	if facts, err := read(t, large, signatureOptions); err != nil || facts.HasCertificate {
		t.Errorf("%+v, %v", facts, err)
	}
}
