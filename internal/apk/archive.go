package apk

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
)

// Names of entries with a meaning.
var (
	dexName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^classes[0-9]*\.dex$`)
	})
	certificateName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^META-INF/[^/]+\.(RSA|DSA|EC)$`)
	})
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
	if len(archive.File) > limits.Entries {
		return nil, fmt.Errorf("%w: the archive has %d entries", ErrTooLarge, len(archive.File))
	}
	// From here on each entry has bounds of its own.
	bounded.unbounded.Store(true)
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
	left    int64 // decompressed bytes that may still come

	manifest   []byte
	resources  []byte
	signed     bool
	signatures []Signature // of the JAR scheme
	classes    int
	plugins    map[Plugin]struct{}
}

// read reads one entry through, so that its checksum is verified whatever the visitor reads. Modes and
// names do not excuse an entry: what calls itself a link or a folder may hold content too.
func (c *collector) read(file *zip.File) error {
	signature := certificateName().MatchString(strings.ToUpper(file.Name))
	c.signed = c.signed || signature
	if c.options.ManifestOnly && file.Name != manifestName && file.Name != resourcesName && (!signature || !c.options.Signatures) {
		return nil
	}
	content, err := file.Open()
	if err != nil {
		return fmt.Errorf("%w: entry %q: %w", ErrArchive, file.Name, err)
	}
	defer content.Close()
	bounded := &boundedReader{r: withContext(c.ctx, content), left: &c.left}
	if err := c.consume(file.Name, signature, bounded); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, bounded); err != nil {
		return c.explain(file.Name, err)
	}
	return nil
}

func (c *collector) consume(name string, signature bool, content io.Reader) error {
	limit := int64(0)
	switch {
	case name == manifestName:
		limit = c.limits.ManifestBytes
	case name == resourcesName:
		limit = c.limits.ResourceBytes
	case dexName().MatchString(name):
		limit = c.limits.DexBytes
	case signature && c.options.Signatures:
		limit = maxSignatureBytes
	}
	if limit == 0 {
		return c.callVisit(name, content)
	}

	data, err := io.ReadAll(io.LimitReader(content, limit+1))
	if err != nil {
		return c.explain(name, err)
	}
	if int64(len(data)) > limit {
		return fmt.Errorf("%w: %s has more than %d bytes", ErrTooLarge, name, limit)
	}
	if err := c.keep(name, signature, data); err != nil {
		return err
	}
	return c.callVisit(name, bytes.NewReader(data))
}

// keep takes in an entry that the facts are made of.
func (c *collector) keep(name string, signature bool, data []byte) error {
	switch {
	case name == manifestName:
		// With two of them, readers differ over which one counts.
		if c.manifest != nil {
			return fmt.Errorf("%w: AndroidManifest.xml is there twice", ErrManifest)
		}
		c.manifest = data
	case name == resourcesName:
		if c.resources != nil {
			return fmt.Errorf("%w: resources.arsc is there twice", ErrArchive)
		}
		c.resources = data
	case signature:
		certificates, err := jarCertificates(data)
		if err != nil {
			return fmt.Errorf("%w: %q: %w", ErrSignature, name, err)
		}
		for _, certificate := range certificates {
			c.signatures = append(c.signatures, newSignature(SchemeV1, certificate))
		}
		if len(c.signatures) > maxSignatures {
			return fmt.Errorf("%w: more than %d signatures", ErrTooLarge, maxSignatures)
		}
	default:
		if c.plugins == nil {
			c.plugins = make(map[Plugin]struct{})
		}
		n, err := eachClass(data, func(descriptor []byte) {
			if plugin, found := pluginOf(descriptor); found {
				c.plugins[plugin] = struct{}{}
			}
		})
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDex, name, err)
		}
		c.classes += n
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
