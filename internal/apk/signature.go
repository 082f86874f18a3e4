package apk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Scheme is how a package is signed.
type Scheme string

// The schemes: v1 is the JAR scheme, of files in META-INF; the others are kept in a signing block.
const (
	SchemeV1  Scheme = "v1"
	SchemeV2  Scheme = "v2"
	SchemeV3  Scheme = "v3"
	SchemeV31 Scheme = "v3.1"
)

// Signature is what a signature names as its signer.
type Signature struct {
	Scheme Scheme
	// CertificateSHA256 is the digest of the signer's certificate (DER), in lower-case hex.
	CertificateSHA256 string
}

// UnreadableSignature is a signature that is there, and whose signer cannot be told.
type UnreadableSignature struct {
	// Scheme is "" where it is a signing block that cannot be read at all.
	Scheme Scheme
	// Err wraps ErrSignature, and names the entry or the signing block.
	Err error
}

const (
	// maxSignatureBytes bounds a signature of the JAR scheme, and all signers of another scheme.
	maxSignatureBytes = 1 << 20
	// maxSignatures bounds the signers of the JAR scheme, and those of the signing block. The platform
	// takes ten for each scheme.
	maxSignatures = 64
)

// signatures collects what the signatures of a package name as their signers.
type signatures struct {
	found      []Signature
	unreadable []UnreadableSignature
	more       bool // it was told that there are more than are taken in
}

// errLongSignature is of a signature of the JAR scheme that is longer than any.
var errLongSignature = fmt.Errorf("%w: a signature has more than %d bytes", ErrTooLarge, maxSignatureBytes)

// add takes in the certificates of a signature, and why others of it could not be read. Beyond the bound
// of signatures it tells once that there are more.
func (s *signatures) add(scheme Scheme, where string, certificates [][]byte, err error) {
	if room := maxSignatures - len(s.found) - len(s.unreadable); s.full() || len(certificates) > room {
		if s.more {
			return
		}
		s.more = true
		certificates, where = certificates[:max(0, min(len(certificates), room))], "the signatures"
		err = fmt.Errorf("%w: there are more than %d", ErrTooLarge, maxSignatures)
	}
	for _, certificate := range certificates {
		digest := sha256.Sum256(certificate)
		s.found = append(s.found, Signature{Scheme: scheme, CertificateSHA256: hex.EncodeToString(digest[:])})
	}
	if err != nil {
		s.unreadable = append(s.unreadable, UnreadableSignature{Scheme: scheme, Err: fmt.Errorf("%w: %s: %w", ErrSignature, where, err)})
	}
}

// full tells that no other signature is taken in: more than any package has.
func (s *signatures) full() bool { return len(s.found)+len(s.unreadable) >= maxSignatures }

// takeJAR reads a signature of the JAR scheme, the entry with a name.
func (s *signatures) takeJAR(name string, data []byte) {
	certificates, err := jarCertificates(data)
	s.add(SchemeV1, fmt.Sprintf("%q", name), certificates, err)
}

// takeBlock reads the signatures of the signing block.
func (s *signatures) takeBlock(r io.ReaderAt, size int64) error {
	block := signatures{}
	err := block.readBlock(r, size)
	if errors.Is(err, errBlock) {
		block.add("", "the signing block", nil, err)
		err = nil
	}
	s.found, s.unreadable = append(s.found, block.found...), append(s.unreadable, block.unreadable...)
	return err
}

// sorted are the signatures by scheme and digest, each once, and the unreadable ones by scheme and text.
func (s *signatures) sorted() ([]Signature, []UnreadableSignature) {
	slices.SortFunc(s.found, func(a, b Signature) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.CertificateSHA256, b.CertificateSHA256))
	})
	slices.SortFunc(s.unreadable, func(a, b UnreadableSignature) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Err.Error(), b.Err.Error()))
	})
	return slices.Compact(s.found), s.unreadable
}
