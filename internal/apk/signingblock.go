package apk

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// signingBlockMagic ends an APK signing block (schemes v2 and newer), which lies right before the
	// archive's directory.
	signingBlockMagic = "APK Sig Block 42"
	// blockFooterBytes are the block's size once more, and the magic.
	blockFooterBytes = 8 + int64(len(signingBlockMagic))
	// maxBlockPairs bounds the pairs of a block; the tools write three or four.
	maxBlockPairs = 256
)

// blockSchemes are the ids of the pairs that hold signers.
var blockSchemes = map[uint32]Scheme{0x7109871A: SchemeV2, 0xF05368C0: SchemeV3, 0x1B93AD61: SchemeV31}

// endRecord finds the record that ends an archive. Android takes the last one, and nothing may follow it
// but its comment.
func endRecord(r io.ReaderAt, size int64) (record []byte, err error) {
	const recordBytes, maxComment = 22, 65535
	tail := make([]byte, min(size, recordBytes+maxComment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return nil, fmt.Errorf("apk: %w", err)
	}
	for at := len(tail) - recordBytes; at >= 0; at-- {
		record := tail[at:]
		if !bytes.HasPrefix(record, []byte("PK\x05\x06")) {
			continue
		}
		if following := len(record) - recordBytes - int(binary.LittleEndian.Uint16(record[20:])); following != 0 {
			return nil, fmt.Errorf("%w: its end record is followed by %d bytes other than its comment, and Android does not take it", ErrArchive, following)
		}
		return record, nil
	}
	return nil, fmt.Errorf("%w: it has no end record", ErrArchive)
}

// directoryOffset is where the end record says that the archive's directory starts; false where that is
// outside of the file.
func directoryOffset(r io.ReaderAt, size int64) (int64, bool) {
	record, err := endRecord(r, size)
	if err != nil {
		return 0, false
	}
	offset := int64(binary.LittleEndian.Uint32(record[16:]))
	return offset, offset <= size
}

// hasSigningBlock looks for the end of a signing block, whatever is in it.
func hasSigningBlock(r io.ReaderAt, size int64) bool {
	directory, ok := directoryOffset(r, size)
	magic := make([]byte, len(signingBlockMagic))
	if !ok || directory < int64(len(magic)) {
		return false
	}
	_, err := r.ReadAt(magic, directory-int64(len(magic)))
	return err == nil && string(magic) == signingBlockMagic
}

// readBlock reads the signers out of the signing block; none where there is no block. Of pairs that hold
// something else only the lengths are read. What is wrong with one scheme does not hide the others;
// errBlock is what is wrong with the whole.
func (s *signatures) readBlock(r io.ReaderAt, size int64) error {
	if !hasSigningBlock(r, size) {
		return nil
	}
	directory, _ := directoryOffset(r, size)
	at, err := blockStart(r, directory)
	if err != nil {
		return err
	}
	end := directory - blockFooterBytes
	for pairs := 0; at < end; pairs++ {
		// The length of what follows it, and the id.
		head, err := readAt(r, at, 12, end)
		if err != nil {
			return err
		}
		length := le64(head)
		if length < 4 || length > end-at-8 || pairs == maxBlockPairs {
			return fmt.Errorf("%w: it has a pair of %d bytes, or too many", errBlock, length)
		}
		next := at + 8 + length
		if scheme, known := blockSchemes[binary.LittleEndian.Uint32(head[8:])]; known {
			if err := s.readScheme(r, scheme, at+12, next); err != nil {
				return err
			}
		}
		at = next
	}
	return nil
}

// readScheme reads the signers of one scheme, between two places of the file.
func (s *signatures) readScheme(r io.ReaderAt, scheme Scheme, from, to int64) error {
	where := "the signing block, scheme " + string(scheme)
	value, err := readAt(r, from, to-from, to)
	if errors.Is(err, ErrTooLarge) {
		s.add(scheme, where, nil, err)
		return nil
	}
	if err != nil {
		return err
	}
	certificates, err := blockCertificates(value)
	s.add(scheme, where, certificates, err)
	return nil
}

// errBlock is what is wrong with a signing block as a whole.
var errBlock = errors.New("it is damaged")

// le64 reads a length of 64 bits, negative where it is beyond what any file has.
func le64(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) } //nolint:gosec // the callers refuse what is negative

// blockStart is where the first pair of the block that ends at directory begins. The block's size,
// without its first field, stands at both ends.
func blockStart(r io.ReaderAt, directory int64) (int64, error) {
	last, err := readAt(r, directory-blockFooterBytes, 8, directory)
	if err != nil {
		return 0, err
	}
	length := le64(last)
	if length < blockFooterBytes || length > directory-8 {
		return 0, fmt.Errorf("%w: it has %d bytes", errBlock, length)
	}
	start := directory - length - 8
	first, err := readAt(r, start, 8, directory)
	if err != nil {
		return 0, err
	}
	if !bytes.Equal(first, last) {
		return 0, fmt.Errorf("%w: it has two sizes", errBlock)
	}
	return start + 8, nil
}

// readAt reads a part of the signing block, which ends at end.
func readAt(r io.ReaderAt, at, length, end int64) ([]byte, error) {
	if at < 0 || length > end-at {
		return nil, fmt.Errorf("%w: it is cut off", errBlock)
	}
	if length > maxSignatureBytes {
		return nil, fmt.Errorf("%w: signers of %d bytes", ErrTooLarge, length)
	}
	data := make([]byte, length)
	if _, err := r.ReadAt(data, at); err != nil {
		return nil, fmt.Errorf("apk: %w", err)
	}
	return data, nil
}

var errPrefix = errors.New("a length is beyond what is there")

// prefixed splits what a length of 32 bits leads from what follows.
func prefixed(data []byte) (content, rest []byte, err error) {
	if len(data) < 4 || le32(data, 0) > size(data)-4 {
		return nil, nil, errPrefix
	}
	end := 4 + le32(data, 0)
	return data[4:end], data[end:], nil
}

// blockCertificates returns the certificate of each signer that can be read: value = signers; signer = signed data, and
// more; signed data = digests, certificates, and more; the signer's certificate is the first. All of
// these are led by their lengths.
func blockCertificates(value []byte) ([][]byte, error) {
	signers, _, err := prefixed(value)
	if err != nil {
		return nil, err
	}
	var found [][]byte
	for len(signers) > 0 {
		var signer, signed, certificates, certificate []byte
		if signer, signers, err = prefixed(signers); err != nil {
			return found, err
		}
		if signed, _, err = prefixed(signer); err != nil {
			return found, err
		}
		if _, signed, err = prefixed(signed); err != nil {
			return found, err
		}
		if certificates, _, err = prefixed(signed); err != nil {
			return found, err
		}
		if certificate, _, err = prefixed(certificates); err != nil {
			return found, err
		}
		if _, rest, err := readBER(certificate); err != nil || len(rest) > 0 {
			return found, errors.New("a certificate is neither DER nor BER")
		}
		found = append(found, certificate)
	}
	if len(found) == 0 {
		return nil, errors.New("there is no signer")
	}
	return found, nil
}
