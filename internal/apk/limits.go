package apk

import "errors"

// Errors that [Read] and [ReadFile] return, wrapped with the particulars.
var (
	// ErrTooLarge: the package exceeds one of the Limits.
	ErrTooLarge = errors.New("apk: beyond the limits")
	// ErrArchive: the file is no zip archive that can be read through.
	ErrArchive = errors.New("apk: not a readable archive")
	// ErrManifest: AndroidManifest.xml is missing or cannot be decoded.
	ErrManifest = errors.New("apk: no readable manifest")
	// ErrEvasion: Android reads the file in another way than other tools may. It comes beside ErrArchive
	// or ErrManifest.
	ErrEvasion = errors.New("apk: made so that tools differ over it")
	// ErrSignature: a signature names no certificate that can be read. Only UnreadableSignature has it.
	ErrSignature = errors.New("apk: no readable signature")
	// ErrNotRegular: the path leads to something else than a regular file.
	ErrNotRegular = errors.New("apk: not a regular file")
	// ErrChanged: the file was written to while it was read.
	ErrChanged = errors.New("apk: the file changed while it was read")
)

// Limits bound what a package may cost. A zero field is that of [DefaultLimits].
type Limits struct {
	// FileBytes bounds the file.
	FileBytes int64
	// DirectoryBytes bounds the archive's directory, and so the memory for its entries.
	DirectoryBytes int64
	// Entries bounds the number of entries.
	Entries int
	// TotalBytes bounds all entries together, decompressed.
	TotalBytes int64
	// ManifestBytes and ResourceBytes bound AndroidManifest.xml and resources.arsc, decompressed, and
	// what their string pools unfold to.
	ManifestBytes int64
	ResourceBytes int64
}

// DefaultLimits leave room for the largest packages that stores accept.
var DefaultLimits = Limits{
	FileBytes:      512 << 20,
	DirectoryBytes: 16 << 20,
	Entries:        65535,
	TotalBytes:     1 << 30,
	ManifestBytes:  4 << 20,
	ResourceBytes:  32 << 20,
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	for _, bound := range []struct{ own, standard *int64 }{
		{&l.FileBytes, &d.FileBytes}, {&l.DirectoryBytes, &d.DirectoryBytes}, {&l.TotalBytes, &d.TotalBytes},
		{&l.ManifestBytes, &d.ManifestBytes}, {&l.ResourceBytes, &d.ResourceBytes},
	} {
		if *bound.own <= 0 {
			*bound.own = *bound.standard
		}
	}
	if l.Entries <= 0 {
		l.Entries = d.Entries
	}
	return l
}
