package apk

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// jarSigners are the entries that are signatures of the JAR scheme: blocks in META-INF beside which
// there is a signature file of the same name. Case plays no part, as for the platform.
func jarSigners(files []*zip.File) map[string]bool {
	blocks, signed := make(map[string]string), make(map[string]bool)
	for _, file := range files {
		name := strings.ToUpper(file.Name)
		if !strings.HasPrefix(name, "META-INF/") {
			continue
		}
		base, extension := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
		switch extension {
		case ".SF":
			signed[base] = true
		case ".RSA", ".DSA", ".EC":
			blocks[file.Name] = base
		}
	}
	signers := make(map[string]bool)
	for name, base := range blocks {
		if signed[base] {
			signers[name] = true
		}
	}
	return signers
}

// oidSignedData is 1.2.840.113549.1.7.2.
var oidSignedData = []byte{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02}

// signerID is what a signer's certificate is found by: the name of its issuer, and its serial number.
// crypto/x509 is not used, since it refuses certificates that the platform takes, as with a negative
// serial number.
type signerID struct{ issuer, serial string }

// jarCertificates returns the certificates of the signers of a JAR signature, a PKCS #7 message of signed
// data (RFC 2315, sections 7 and 9) in BER. An error does not exclude certificates of other signers.
func jarCertificates(data []byte) ([][]byte, error) {
	certificates, signers, err := signedData(data)
	if err != nil {
		return nil, err
	}
	if len(signers) == 0 || len(signers) > maxSignatures {
		return nil, fmt.Errorf("it has %d signers", len(signers))
	}
	ids := make([]signerID, len(certificates))
	for i, certificate := range certificates {
		// One that cannot be read is nobody's here; others in the list may be.
		ids[i], _ = certificateID(certificate)
	}
	var found [][]byte
	for _, signer := range signers {
		id, signerErr := infoID(signer)
		i := slices.Index(ids, id)
		switch {
		case signerErr != nil:
			err = signerErr
		case i < 0:
			err = errors.New("the certificate of a signer is missing")
		default:
			found = append(found, certificates[i].whole)
		}
	}
	return found, err
}

// signedData finds the certificates and the signers of a message.
func signedData(data []byte) (certificates, signers []berElement, err error) {
	root, _, err := readBER(data)
	if err != nil {
		return nil, nil, err
	}
	message, err := root.sequence(2)
	if err != nil {
		return nil, nil, err
	}
	if !message[0].is(berUniversal, berOID) || !bytes.Equal(message[0].content, oidSignedData) {
		return nil, nil, errors.New("its content is not signed data")
	}
	inner, err := message[1].children()
	if err != nil || len(inner) != 1 {
		return nil, nil, errBER
	}
	// The version, the digest algorithms and the content come first.
	parts, err := inner[0].sequence(4)
	if err != nil {
		return nil, nil, err
	}
	for _, part := range parts[3:] {
		into := &signers
		switch {
		case part.is(berContext, 0):
			into = &certificates
		case !part.is(berUniversal, berSet):
			continue
		}
		if *into, err = part.children(); err != nil {
			return nil, nil, err
		}
	}
	return certificates, signers, nil
}

// certificateID reads a certificate as far as its issuer.
func certificateID(certificate berElement) (signerID, error) {
	parts, err := certificate.sequence(1)
	if err != nil {
		return signerID{}, err
	}
	body, err := parts[0].sequence(3)
	if err != nil {
		return signerID{}, err
	}
	if body[0].is(berContext, 0) { // the version
		body = body[1:]
	}
	if len(body) < 3 {
		return signerID{}, errBER
	}
	return newSignerID(body[2], body[0])
}

// infoID reads by what a signer is named.
func infoID(signer berElement) (signerID, error) {
	parts, err := signer.sequence(2)
	if err != nil {
		return signerID{}, err
	}
	if parts[1].is(berContext, 0) {
		return signerID{}, errors.New("a signer is named by a key identifier, which Android does not read")
	}
	pair, err := parts[1].sequence(2)
	if err != nil {
		return signerID{}, err
	}
	return newSignerID(pair[0], pair[1])
}

func newSignerID(issuer, serial berElement) (signerID, error) {
	key, err := nameKey(issuer)
	if err != nil {
		return signerID{}, err
	}
	number := serial.content
	if !serial.is(berUniversal, berInteger) || len(number) == 0 {
		return signerID{}, errBER
	}
	// Without bytes that only repeat the sign.
	for len(number) > 1 && (number[0] == 0 && number[1] < 0x80 || number[0] == 0xFF && number[1] >= 0x80) {
		number = number[1:]
	}
	return signerID{issuer: key, serial: string(number)}, nil
}
