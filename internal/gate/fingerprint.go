package gate

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// FingerprintLen is the length of a fingerprint in hex digits.
const FingerprintLen = 32

// Fingerprint returns the identity of a finding across builds and days: the first 32 hex digits of
// the SHA-256 over the compact JSON array [category, severity, id, subject, location, ordinal],
// without HTML escaping. The ordinal counts from 0 among findings that are equal in the other five.
// It knows no MD5, order or time, and is frozen: users keep fingerprints in their baselines.
func Fingerprint(f Finding, ordinal int) string {
	return digestIdentity(newIdentityWriter().identity(&f), ordinal)
}

// identityWriter writes the arrays that fingerprints are taken of, many with one buffer.
type identityWriter struct {
	array   bytes.Buffer
	encoder *json.Encoder
	fields  [5]string
}

func newIdentityWriter() *identityWriter {
	w := &identityWriter{}
	w.encoder = json.NewEncoder(&w.array)
	w.encoder.SetEscapeHTML(false)
	return w
}

// identity returns the JSON array without its ordinal and closing bracket, good until the next call.
// It, rather than the raw fields, is what equals are counted by, so that two findings never share a
// fingerprint.
func (w *identityWriter) identity(f *Finding) []byte {
	w.array.Reset()
	location := f.Location
	if f.component != "" {
		location = f.component
	}
	w.fields = [5]string{string(f.Category), string(f.Severity), f.ID, f.Subject, location}
	// Encoding strings into a buffer cannot fail.
	_ = w.encoder.Encode(&w.fields)
	return bytes.TrimSuffix(w.array.Bytes(), []byte("]\n"))
}

func digestIdentity(identity []byte, ordinal int) string {
	array := strconv.AppendInt(append(identity, ','), int64(ordinal), 10)
	digest := sha256.Sum256(append(array, ']'))
	return hex.EncodeToString(digest[:FingerprintLen/2])
}

// identify returns the findings worst first, each with its fingerprint. Sorting comes first, so that
// equal findings get the same ordinals whatever the order of the answer. Texts become NFC before, as
// every text that has been through a configuration or state is: else a denied id could not match what
// looks the same, and a finding read back from the state would have another fingerprint.
func identify(findings []Finding) []Finding {
	for i := range findings {
		findings[i].normalize()
	}
	sorted := make([]Finding, len(findings))
	for i, finding := range inOrder(findings) {
		sorted[i] = *finding
	}
	ordinals := make(map[string]int, len(sorted))
	writer := newIdentityWriter()
	for i := range sorted {
		id := writer.identity(&sorted[i])
		ordinal := ordinals[string(id)]
		ordinals[string(id)] = ordinal + 1
		sorted[i].Fingerprint = digestIdentity(id, ordinal)
	}
	return sorted
}

func (f *Finding) normalize() {
	for _, text := range []*string{&f.ID, &f.Name, &f.Location, &f.component, &f.Subject} {
		*text = norm.NFC.String(*text)
	}
}

// inOrder returns the findings in the order of CompareFindings, as pointers, since a Finding is too
// large to be moved about.
func inOrder(findings []Finding) []*Finding {
	order := make([]*Finding, len(findings))
	for i := range findings {
		order[i] = &findings[i]
	}
	slices.SortFunc(order, CompareFindings)
	return order
}

// CompareFindings orders findings worst first, then by what they are and where. It stops at the first
// difference, since it runs some hundred thousand times over a large scan.
func CompareFindings(a, b *Finding) int {
	if a.Severity != b.Severity { // ranking is a search, and most are equal
		if order := a.Severity.rank() - b.Severity.rank(); order != 0 {
			return order
		}
	}
	if order := strings.Compare(string(a.Category), string(b.Category)); order != 0 {
		return order
	}
	if order := strings.Compare(a.ID, b.ID); order != 0 {
		return order
	}
	return cmp.Or(
		strings.Compare(a.Subject, b.Subject),
		strings.Compare(a.Location, b.Location),
		strings.Compare(a.AppMD5, b.AppMD5),
		strings.Compare(a.Name, b.Name),
		strings.Compare(a.Fingerprint, b.Fingerprint),
	)
}
