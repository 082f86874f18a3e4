package gate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// FingerprintLen is the length of a fingerprint in hex digits.
const FingerprintLen = 32

// Fingerprint returns the identity of a finding across builds and days: the first 32 hex digits of
// the SHA-256 over the compact JSON array [category, severity, id, subject, location, ordinal],
// without HTML escaping. The ordinal counts from 0 among findings that are equal in the other five.
// It knows no MD5, order or time, and is frozen: users keep fingerprints in their baselines.
func Fingerprint(f Finding, ordinal int) string {
	return digestIdentity(identity(f), ordinal)
}

// identity is the JSON array without its ordinal and closing bracket. It is the key by which equals
// are counted, rather than the raw fields, so that two findings never share a fingerprint.
func identity(f Finding) []byte {
	var array bytes.Buffer
	encoder := json.NewEncoder(&array)
	encoder.SetEscapeHTML(false)
	// Encoding strings into a buffer cannot fail.
	_ = encoder.Encode([5]string{string(f.Category), string(f.Severity), f.ID, f.Subject, f.Location})
	return bytes.TrimSuffix(array.Bytes(), []byte("]\n"))
}

func digestIdentity(identity []byte, ordinal int) string {
	array := strconv.AppendInt(append(identity, ','), int64(ordinal), 10)
	digest := sha256.Sum256(append(array, ']'))
	return hex.EncodeToString(digest[:])[:FingerprintLen]
}

// identify sorts findings worst first and gives each its fingerprint. Sorting comes first, so that
// equal findings get the same ordinals whatever the order of the answer.
func identify(findings []Finding) []Finding {
	slices.SortFunc(findings, compareFindings)
	ordinals := make(map[string]int, len(findings))
	for i := range findings {
		id := identity(findings[i])
		ordinal := ordinals[string(id)]
		ordinals[string(id)] = ordinal + 1
		findings[i].Fingerprint = digestIdentity(id, ordinal)
	}
	return findings
}

// compareFindings orders findings worst first, then by what they are and where. It stops at the first
// difference, since it runs some hundred thousand times over a large scan.
func compareFindings(a, b Finding) int {
	if order := a.Severity.rank() - b.Severity.rank(); order != 0 {
		return order
	}
	if order := strings.Compare(string(a.Category), string(b.Category)); order != 0 {
		return order
	}
	for _, pair := range [...][2]string{
		{a.ID, b.ID}, {a.Subject, b.Subject}, {a.Location, b.Location},
		{a.AppMD5, b.AppMD5}, {a.Name, b.Name}, {a.Fingerprint, b.Fingerprint},
	} {
		if order := strings.Compare(pair[0], pair[1]); order != 0 {
			return order
		}
	}
	return 0
}
