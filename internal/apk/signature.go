package apk

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/asn1"
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

const (
	// maxSignatureBytes bounds a signature of the JAR scheme, and all signers of another scheme.
	maxSignatureBytes = 1 << 20
	// maxSignatures bounds the signers of the JAR scheme, and those of the signing block. The platform
	// takes ten for each scheme.
	maxSignatures = 64
)

func newSignature(scheme Scheme, certificate []byte) Signature {
	digest := sha256.Sum256(certificate)
	return Signature{Scheme: scheme, CertificateSHA256: hex.EncodeToString(digest[:])}
}

// withBlock joins the signatures of the entries with those of the signing block.
func (c *collector) withBlock(r io.ReaderAt, size int64) ([]Signature, error) {
	block, err := blockSignatures(r, size)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(c.signatures, block)
	slices.SortFunc(all, func(a, b Signature) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.CertificateSHA256, b.CertificateSHA256))
	})
	return slices.Compact(all), nil
}

// The parts of a PKCS #7 message (RFC 2315, sections 7 and 9) that lead to the signers' certificates.
type (
	pkcs7Message struct {
		ContentType asn1.ObjectIdentifier
		Content     pkcs7SignedData `asn1:"explicit,tag:0"`
	}
	pkcs7SignedData struct {
		Version          int
		DigestAlgorithms asn1.RawValue
		ContentInfo      asn1.RawValue
		Certificates     asn1.RawValue     `asn1:"optional,tag:0"`
		RevocationLists  asn1.RawValue     `asn1:"optional,tag:1"`
		SignerInfos      []pkcs7SignerInfo `asn1:"set"`
	}
	pkcs7SignerInfo struct {
		Version int
		ID      struct{ Issuer, SerialNumber asn1.RawValue }
	}
	// x509Certificate is the part of a certificate that a signer is found by. crypto/x509 refuses
	// certificates that the platform takes, as with a negative serial number.
	x509Certificate struct {
		Body struct {
			Version      int `asn1:"optional,explicit,default:0,tag:0"`
			SerialNumber asn1.RawValue
			Algorithm    asn1.RawValue
			Issuer       asn1.RawValue
		}
	}
)

var oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

// jarCertificates returns the certificate of each signer of a JAR signature, in DER. It takes DER
// only, as the tools write it.
func jarCertificates(data []byte) ([][]byte, error) {
	var message pkcs7Message
	if _, err := asn1.Unmarshal(data, &message); err != nil {
		return nil, err
	}
	if !message.ContentType.Equal(oidSignedData) {
		return nil, errors.New("its content is not signed data")
	}
	if len(message.Content.SignerInfos) == 0 || len(message.Content.SignerInfos) > maxSignatures {
		return nil, fmt.Errorf("it has %d signers", len(message.Content.SignerInfos))
	}
	found := make([][]byte, len(message.Content.SignerInfos))
	for rest := message.Content.Certificates.Bytes; len(rest) > 0; {
		var raw asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &raw); err != nil {
			return nil, fmt.Errorf("a certificate: %w", err)
		}
		var certificate x509Certificate
		if _, err := asn1.Unmarshal(raw.FullBytes, &certificate); err != nil {
			return nil, fmt.Errorf("a certificate: %w", err)
		}
		for i, signer := range message.Content.SignerInfos {
			if found[i] == nil && bytes.Equal(signer.ID.Issuer.FullBytes, certificate.Body.Issuer.FullBytes) &&
				bytes.Equal(signer.ID.SerialNumber.FullBytes, certificate.Body.SerialNumber.FullBytes) {
				found[i] = raw.FullBytes
			}
		}
	}
	if slices.ContainsFunc(found, func(certificate []byte) bool { return certificate == nil }) {
		return nil, errors.New("the certificate of a signer is missing")
	}
	return found, nil
}
