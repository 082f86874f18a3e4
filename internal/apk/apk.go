package apk

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
)

// Facts are what a package says about itself, and its digests.
type Facts struct {
	// Package is the application id, as in com.example.app.
	Package string
	// VersionName is for people; VersionCode orders builds and holds versionCodeMajor in its upper half.
	VersionName string
	VersionCode int64
	// Label is the application's name, "" if the manifest gives none or its resource cannot be read.
	Label string
	// MinSDK is the oldest API level that the package installs on; a manifest without one means 1. The
	// codename of a preview release is the newest level, 10000, here and in TargetSDK. The oldest counts
	// where configurations differ, or a level cannot be read.
	MinSDK int
	// TargetSDK is the API level that it was tested with; a manifest without one means MinSDK.
	TargetSDK int
	// MaxSDK is 0 where the manifest has none.
	MaxSDK int
	// Declared are the numbers without what the platform puts in the place of those that are missing.
	Declared Declared
	// Permissions are the names that the package asks for (uses-permission, uses-permission-sdk-23 and
	// its older name, uses-permission-sdk-m), in the manifest's order, each once.
	Permissions []string

	// Debuggable, AllowBackup, UsesCleartextTraffic and TestOnly are the application's attributes.
	Debuggable           Flag
	AllowBackup          Flag
	UsesCleartextTraffic Flag
	TestOnly             Flag
	// NetworkSecurityConfig tells that the manifest names a network security configuration, which
	// newer devices follow instead of UsesCleartextTraffic. Its content is not read.
	NetworkSecurityConfig bool
	// Components are the activities, aliases, services, receivers and providers, in the order of the
	// manifest within each kind.
	Components []Component

	// Unresolved are the attributes among the above that are there and cannot be told.
	Unresolved []Unresolved
	// early tells that <uses-sdk> comes after <application>, see defaultsTarget.
	early bool

	// Size is in bytes; MD5 and SHA256 are lower-case hex digests of the whole file.
	Size   int64
	MD5    string
	SHA256 string
	// Entries is the number of entries of the archive.
	Entries int
	// HasResources tells that resources.arsc is there and readable.
	HasResources bool
	// HasCertificate tells that the package carries a signature, of the JAR scheme or of a signing
	// block, readable or not. The signature is not verified.
	HasCertificate bool
	// Signatures are what the signatures name as their signers, sorted by scheme and digest, each once.
	// They are read and not verified: anyone can put another's certificate into a file.
	Signatures []Signature
	// UnreadableSignatures are signatures that are there and name no signer that can be read.
	UnreadableSignatures []UnreadableSignature
}

// Declared are numbers of the manifest, nil where it gives none. The codename of a preview release, as
// minSdkVersion may hold, is no number.
type Declared struct {
	VersionCode                           *int64
	MinSDK, TargetSDK, MaxSDK, CompileSDK *int64
}

// Options of a reading. The zero value reads with [DefaultLimits].
type Options struct {
	// Limits are the bounds; a zero bound is its default.
	Limits Limits
	// Visit, if set, is called with the decompressed content of every regular entry, in the order of
	// the archive's directory. Content beyond what Visit reads is read and dropped; an error ends the
	// reading and is returned.
	Visit func(name string, content io.Reader) error
	// Raw, if set, is written the bytes of the file, in order.
	Raw io.Writer
	// ManifestOnly leaves alone, and so unread and unchecked, what the facts of the manifest and
	// Signatures do not need: Visit sees nothing else.
	ManifestOnly bool
	// Signatures asks for Facts.Signatures and Facts.UnreadableSignatures.
	Signatures bool
}

// ReadFile is [Read] of a file, which may be a link to one. Further errors: [ErrNotRegular] for a
// folder, a pipe or a device, [ErrChanged], and those of the os package.
func ReadFile(ctx context.Context, path string, options Options) (*Facts, error) {
	// Asked before opening, since opening a pipe would wait for who writes to it.
	if err := regular(os.Stat(path)); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("apk: %w", err)
	}
	defer func() { _ = f.Close() }()
	before, err := f.Stat()
	if err := regular(before, err); err != nil {
		return nil, err
	}
	facts, failure := Read(ctx, f, before.Size(), options)
	after, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("apk: %w", err)
	}
	// Before any failure, which may come from the change.
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return nil, ErrChanged
	}
	return facts, failure
}

// regular makes an error of what is no regular file.
func regular(info os.FileInfo, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("apk: %w", err)
	case info.IsDir():
		return fmt.Errorf("%w: it is a folder", ErrNotRegular)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: it is a pipe, a device or the like", ErrNotRegular)
	}
	return nil
}

// Read reads the facts of a package of size bytes. Errors: [ErrTooLarge] beyond a limit,
// [ErrArchive], [ErrManifest] for what is not of its format, [ErrEvasion] beside one of these, the
// context's error, and what options.Visit returns.
func Read(ctx context.Context, r io.ReaderAt, size int64, options Options) (*Facts, error) {
	limits := options.Limits.withDefaults()
	if size > limits.FileBytes {
		return nil, fmt.Errorf("%w: the file has %d bytes", ErrTooLarge, size)
	}
	facts := &Facts{Size: size}
	if err := facts.digest(ctx, r, options.Raw); err != nil {
		return nil, err
	}
	files, err := openArchive(r, size, limits)
	if err != nil {
		return nil, err
	}
	contents := collector{ctx: ctx, limits: limits, options: options, left: limits.TotalBytes, signers: jarSigners(files)}
	for _, file := range files {
		if err := contents.read(file); err != nil {
			return nil, err
		}
	}
	facts.Entries = len(files)
	if err := facts.takeSignatures(r, &contents); err != nil {
		return nil, err
	}
	if contents.manifest == nil {
		return nil, fmt.Errorf("%w: there is no AndroidManifest.xml", ErrManifest)
	}
	// A package without a table, or with one that cannot be read, has none: what refers to it is then
	// unresolved.
	table, err := readTable(contents.resources)
	facts.HasResources = err == nil
	// Strings may overlap, and unfold to more than the manifest's bytes.
	if err := facts.readManifest(contents.manifest, 4*limits.ManifestBytes, table); err != nil {
		return nil, err
	}
	return facts, nil
}

// takeSignatures joins the signatures of the entries with those of the signing block.
func (f *Facts) takeSignatures(r io.ReaderAt, contents *collector) error {
	if !contents.options.Signatures {
		f.HasCertificate = len(contents.signers) > 0 || hasSigningBlock(r, f.Size)
		return nil
	}
	if err := contents.signatures.takeBlock(r, f.Size); err != nil {
		return err
	}
	f.Signatures, f.UnreadableSignatures = contents.signatures.sorted()
	f.HasCertificate = len(f.Signatures)+len(f.UnreadableSignatures) > 0
	return nil
}

// digest computes the digests of the whole file.
func (f *Facts) digest(ctx context.Context, r io.ReaderAt, raw io.Writer) error {
	md5Hash, sha256Hash := md5.New(), sha256.New()
	writers := []io.Writer{md5Hash, sha256Hash}
	if raw != nil {
		writers = append(writers, raw)
	}
	n, err := io.Copy(io.MultiWriter(writers...), withContext(ctx, io.NewSectionReader(r, 0, f.Size)))
	if err != nil {
		return fmt.Errorf("apk: %w", err)
	}
	if n != f.Size {
		return fmt.Errorf("%w: the file ends after %d of %d bytes", ErrArchive, n, f.Size)
	}
	f.MD5, f.SHA256 = hex.EncodeToString(md5Hash.Sum(nil)), hex.EncodeToString(sha256Hash.Sum(nil))
	return nil
}

// HasPermission tells whether the package asks for a permission.
func (f *Facts) HasPermission(name string) bool {
	return slices.Contains(f.Permissions, name)
}

// Backup tells whether the platform may back the application's data up: android:allowBackup, which
// is true where the manifest does not say.
func (f *Facts) Backup() bool { return f.AllowBackup != FlagFalse }

// Cleartext tells whether the application may use unencrypted traffic: android:usesCleartextTraffic,
// which is true where the manifest does not say and the target is below API level 28.
func (f *Facts) Cleartext() bool {
	if f.UsesCleartextTraffic == FlagUnset {
		return f.defaultsTarget() < 28
	}
	return f.UsesCleartextTraffic != FlagFalse
}

// IsDebuggable tells whether a debugger may attach: android:debuggable, false where the manifest does
// not say.
func (f *Facts) IsDebuggable() bool {
	return f.Debuggable == FlagTrue || f.Debuggable == FlagUnresolved
}

// defaultsTarget is the target level that the platform's defaults for the application come from. It
// reads the manifest in order, so that a <uses-sdk> after the <application> comes too late for them.
func (f *Facts) defaultsTarget() int {
	if f.early {
		return 0
	}
	return f.TargetSDK
}

// withContext makes reads end when the context does.
func withContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
