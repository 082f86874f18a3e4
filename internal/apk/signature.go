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
}

// add takes in the certificates of a signature, and why others of it could not be read.
func (s *signatures) add(scheme Scheme, where string, certificates [][]byte, err error) {
	for _, certificate := range certificates {
		digest := sha256.Sum256(certificate)
		s.found = append(s.found, Signature{Scheme: scheme, CertificateSHA256: hex.EncodeToString(digest[:])})
	}
	if err != nil {
		s.unreadable = append(s.unreadable, UnreadableSignature{Scheme: scheme, Err: fmt.Errorf("%w: %s: %w", ErrSignature, where, err)})
	}
}

// bounded refuses more signatures than any package has.
func (s *signatures) bounded() error {
	if len(s.found)+len(s.unreadable) > maxSignatures {
		return fmt.Errorf("%w: more than %d signatures", ErrTooLarge, maxSignatures)
	}
	return nil
}

// takeJAR reads a signature of the JAR scheme, the entry with a name.
func (s *signatures) takeJAR(name string, data []byte) error {
	certificates, err := jarCertificates(data)
	s.add(SchemeV1, fmt.Sprintf("%q", name), certificates, err)
	return s.bounded()
}

// takeBlock reads the signatures of the signing block.
func (s *signatures) takeBlock(r io.ReaderAt, size int64) error {
	block := signatures{}
	err := block.readBlock(r, size)
	if errors.Is(err, errBlock) {
		block.add("", "the signing block", nil, err)
		err = nil
	}
	if err == nil {
		err = block.bounded()
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
