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
	"sort"
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
	// MinSDK is the oldest API level that the package installs on; a manifest without one means 1.
	MinSDK int
	// TargetSDK is the API level that it was tested with; a manifest without one means MinSDK.
	TargetSDK int
	// MaxSDK is 0 where the manifest has none.
	MaxSDK int
	// Permissions are the names that the package asks for (uses-permission, uses-permission-sdk-23),
	// in the manifest's order, each once.
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

	// Size is in bytes; MD5 and SHA256 are lower-case hex digests of the whole file.
	Size   int64
	MD5    string
	SHA256 string
	// Entries is the number of entries of the archive.
	Entries int
	// HasResources tells that resources.arsc is there and readable.
	HasResources bool
	// HasCertificate tells that the package carries a signature, of the JAR scheme or of a signing
	// block. The signature is not verified.
	HasCertificate bool
	// Classes is the number of classes that the dex files define.
	Classes int
	// Plugins are the third-party SDKs of [Plugins] that have a class in the package, sorted by name.
	Plugins []Plugin
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
}

// ReadFile is [Read] of a file.
func ReadFile(ctx context.Context, path string, options Options) (*Facts, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("apk: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("apk: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", ErrArchive)
	}
	return Read(ctx, f, info.Size(), options)
}

// Read reads the facts of a package of size bytes. Errors: [ErrTooLarge] beyond a limit,
// [ErrArchive], [ErrManifest], [ErrDex] for what is not of its format, the context's error, and what
// options.Visit returns.
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
	contents := collector{ctx: ctx, limits: limits, visit: options.Visit, left: limits.TotalBytes}
	for _, file := range files {
		if err := contents.read(file); err != nil {
			return nil, err
		}
	}
	facts.Entries = len(files)
	facts.HasCertificate = contents.signed || hasSigningBlock(r, size)
	facts.Classes = contents.classes
	for plugin := range contents.plugins {
		facts.Plugins = append(facts.Plugins, plugin)
	}
	slices.SortFunc(facts.Plugins, comparePlugins)
	if contents.manifest == nil {
		return nil, fmt.Errorf("%w: there is no AndroidManifest.xml", ErrManifest)
	}
	// A string pool in UTF-16 or with doubles unfolds to more than its bytes.
	table := readTable(contents.resources, 4*limits.ResourceBytes)
	facts.HasResources = table != nil
	if err := facts.readManifest(contents.manifest, 4*limits.ManifestBytes, table); err != nil {
		return nil, err
	}
	return facts, nil
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
		return f.TargetSDK < 28
	}
	return f.UsesCleartextTraffic != FlagFalse
}

// IsDebuggable tells whether a debugger may attach: android:debuggable, false where the manifest does
// not say.
func (f *Facts) IsDebuggable() bool {
	return f.Debuggable == FlagTrue || f.Debuggable == FlagUnresolved
}

// PluginNames are the names of the plugins, each once, sorted.
func (f *Facts) PluginNames() []string {
	var names []string
	for _, plugin := range f.Plugins {
		if !slices.Contains(names, plugin.Name) {
			names = append(names, plugin.Name)
		}
	}
	sort.Strings(names)
	return names
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
