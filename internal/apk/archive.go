package apk

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
)

const (
	manifestName  = "AndroidManifest.xml"
	resourcesName = "resources.arsc"
)

// openArchive lists the entries, within the limits of the directory.
func openArchive(r io.ReaderAt, size int64, limits Limits) ([]*zip.File, error) {
	// The end record is searched for in the last 65 KiB, beside the directory itself.
	bounded := &boundedReaderAt{r: r}
	bounded.left.Store(limits.DirectoryBytes + 128<<10)
	archive, err := zip.NewReader(bounded, size)
	if errors.Is(err, ErrTooLarge) {
		return nil, err
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if _, err := endRecord(r, size); err != nil {
		return nil, err
	}
	if len(archive.File) > limits.Entries {
		return nil, fmt.Errorf("%w: the archive has %d entries", ErrTooLarge, len(archive.File))
	}
	// From here on each entry has bounds of its own.
	bounded.unbounded.Store(true)
	for _, file := range archive.File {
		if !isCommonMethod(file.Method) {
			// As the platform reads the files of a signature; other entries are refused, see unusual.
			archive.RegisterDecompressor(file.Method, flate.NewReader)
		}
	}
	return archive.File, nil
}

// boundedReaderAt fails when more than a number of bytes was read, until it is unbounded.
type boundedReaderAt struct {
	r         io.ReaderAt
	left      atomic.Int64
	unbounded atomic.Bool
}

func (b *boundedReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if !b.unbounded.Load() && b.left.Add(-int64(len(p))) < 0 {
		return 0, fmt.Errorf("%w: the archive's directory is too long", ErrTooLarge)
	}
	return b.r.ReadAt(p, offset)
}

// collector reads all entries through, once, and keeps what the facts need.
type collector struct {
	ctx     context.Context
	limits  Limits
	options Options
	left    int64           // decompressed bytes that may still come
	signers map[string]bool // the entries that are signatures of the JAR scheme

	manifest   []byte
	resources  []byte
	signatures signatures // of the JAR scheme
}

// read reads one entry through, so that its checksum is verified whatever the visitor reads. Modes and
// names do not excuse an entry: what calls itself a link or a folder may hold content too.
func (c *collector) read(file *zip.File) error {
	signature := c.signers[file.Name] && c.options.Signatures
	if c.options.ManifestOnly && file.Name != manifestName && file.Name != resourcesName && !signature {
		return nil
	}
	if signature && c.options.ManifestOnly && c.signatures.full() {
		c.signatures.add(SchemeV1, "", nil, nil)
		return nil
	}
	err := c.readThrough(file)
	if signature && c.options.ManifestOnly && (errors.Is(err, ErrArchive) || errors.Is(err, errLongSignature)) {
		// All that was asked for is the signer, which is then not known; the rest is.
		c.signatures.add(SchemeV1, fmt.Sprintf("%q", file.Name), nil, err)
		return nil
	}
	return err
}

func (c *collector) readThrough(file *zip.File) error {
	if err := unusual(file, c.signers[file.Name]); err != nil {
		return fmt.Errorf("%w: entry %q: %w", ErrArchive, file.Name, err)
	}
	// Whether a copy of the sizes follows the content: the platform believes the entry's own header there,
	// not the directory. The directory's sizes and checksum are verified in any case.
	const followed = 0x8
	file.Flags &^= followed
	content, err := file.Open()
	if err != nil {
		return fmt.Errorf("%w: entry %q: %w", ErrArchive, file.Name, err)
	}
	defer content.Close()
	bounded := &boundedReader{r: withContext(c.ctx, content), left: &c.left}
	if err := c.consume(file.Name, bounded); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, bounded); err != nil {
		return c.explain(file.Name, err)
	}
	return nil
}

func isCommonMethod(method uint16) bool { return method == zip.Store || method == zip.Deflate }

// unusual refuses entries that Android reads and other tools do not, or the other way round. An unknown
// compression method is none for the platform where it reads resources, and deflate where it reads
// signatures.
func unusual(file *zip.File, signature bool) error {
	switch {
	case !isCommonMethod(file.Method) && !signature:
		return evasion("compression method %d, which Android does not read as it is written", file.Method)
	case file.Method == zip.Store && file.CompressedSize64 != file.UncompressedSize64:
		return evasion("it is not compressed, and has two sizes, %d and %d", file.CompressedSize64, file.UncompressedSize64)
	case strings.HasSuffix(file.Name, "/") && file.UncompressedSize64 != 0:
		return evasion("it is named as a folder, and has content")
	}
	return nil
}

func (c *collector) consume(name string, content io.Reader) error {
	limit := int64(0)
	switch {
	case name == manifestName:
		limit = c.limits.ManifestBytes
	case name == resourcesName:
		limit = c.limits.ResourceBytes
	case c.signers[name] && c.options.Signatures:
		limit = maxSignatureBytes
	}
	if limit == 0 {
		return c.callVisit(name, content)
	}

	data, err := io.ReadAll(io.LimitReader(content, limit+1))
	if err != nil {
		return c.explain(name, err)
	}
	if int64(len(data)) > limit && c.signers[name] {
		return errLongSignature
	}
	if int64(len(data)) > limit {
		return fmt.Errorf("%w: %s has more than %d bytes", ErrTooLarge, name, limit)
	}
	if err := c.keep(name, data); err != nil {
		return err
	}
	return c.callVisit(name, bytes.NewReader(data))
}

// keep takes in an entry that the facts are made of.
func (c *collector) keep(name string, data []byte) error {
	switch name {
	case manifestName:
		// With two of them, readers differ over which one counts.
		if c.manifest != nil {
			return fmt.Errorf("%w: %w", ErrManifest, evasion("AndroidManifest.xml is there twice"))
		}
		c.manifest = data
	case resourcesName:
		if c.resources != nil {
			return fmt.Errorf("%w: %w", ErrArchive, evasion("resources.arsc is there twice"))
		}
		c.resources = data
	default:
		c.signatures.takeJAR(name, data)
	}
	return nil
}

func (c *collector) callVisit(name string, content io.Reader) error {
	if c.options.Visit == nil {
		return nil
	}
	if err := c.options.Visit(name, content); err != nil {
		return c.explain(name, err)
	}
	return nil
}

// explain gives a reading error its kind; a visitor's own error stays what it is.
func (c *collector) explain(name string, err error) error {
	switch {
	case c.ctx.Err() != nil:
		return fmt.Errorf("apk: %w", c.ctx.Err())
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), isCorrupt(err):
		return fmt.Errorf("%w: entry %q: %w", ErrArchive, name, err)
	}
	return err
}

// isCorrupt tells a damaged deflate stream.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// boundedReader takes what it reads from an allowance that all entries share. The size that an entry
// declares plays no part, since it may lie.
type boundedReader struct {
	r    io.Reader
	left *int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	*b.left -= int64(n)
	if *b.left < 0 {
		return 0, fmt.Errorf("%w: the entries unfold to too many bytes", ErrTooLarge)
	}
	return n, err
}
