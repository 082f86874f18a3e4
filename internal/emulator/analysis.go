package emulator

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/apk"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// sensitiveWords are what the SENSITIVE scan looks for, in lower case, within text assets.
var sensitiveWords = []string{"casino", "gambling", "lottery", "narcotics", "赌博", "彩票"}

// textExtensions are the files, below assets/ and res/raw/, whose text is looked at.
var textExtensions = []string{".txt", ".json", ".html", ".htm", ".xml", ".js", ".csv", ".md", ".properties"}

const (
	// maxTextBytes bounds how much of a text file is looked at.
	maxTextBytes = 1 << 20
	// maxSensitive bounds the list of files.
	maxSensitive = 200
)

// analyse downloads the package of a task and looks into it.
func (s *Server) analyse(ctx context.Context, t *task) analysis {
	file, err := s.download(ctx, t.url)
	if err != nil {
		return analysis{code: codeDownloadFailed, reason: "The download failed: " + clipReason(err.Error()) + "."}
	}
	defer file.discard()
	if t.size != 0 && t.size != file.size {
		return analysis{code: codeMD5Differs, reason: fmt.Sprintf("The package has %d bytes, %d were stated.", file.size, t.size)}
	}
	if file.md5 != t.md5 {
		return analysis{code: codeMD5Differs, reason: "The MD5 differs from the package's real one."}
	}
	if file.size == 0 {
		return analysis{code: codeEmpty, reason: "The package is empty."}
	}

	ctx, cancel := context.WithTimeout(ctx, s.settings.analysisTime)
	defer cancel()
	result, err := inspect(ctx, file.file, file.size)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return analysis{code: codeNotAnalysable, reason: "The analysis took too long.", timedOut: true}
	case err != nil:
		return analysis{code: codeNotAnalysable, reason: "The package cannot be analysed: " + clipReason(err.Error())}
	case !result.facts.HasCertificate:
		return analysis{code: codeNoCertificate, reason: "The package has no certificate.", found: result}
	case len(result.facts.Signatures) == 0:
		return analysis{code: codeNoCertificate, reason: "No certificate of the package can be read.", found: result}
	}
	return analysis{found: result}
}

// clipReason keeps what a package made the reason say within bounds.
func clipReason(reason string) string {
	if len(reason) > 200 {
		reason = reason[:200]
	}
	return strings.ToValidUTF8(reason, "")
}

// inspect reads a package once and derives every finding from its bytes.
func inspect(ctx context.Context, r io.ReaderAt, size int64) (*found, error) {
	result := &found{}
	raw := &signatureSearch{}
	facts, err := apk.Read(ctx, r, size, apk.Options{Raw: raw, Visit: result.visit, Signatures: true})
	if err != nil {
		return nil, err
	}
	if raw.found && result.virus == nil {
		result.virus = eicar("the file itself")
	}
	result.facts = facts
	slices.SortFunc(result.sdks, compareSDKs)
	result.vulnerabilities = vulnerabilities(facts)
	slices.SortFunc(result.sensitive, func(a, b sensitive) int { return strings.Compare(a.path, b.path) })
	return result, nil
}

func eicar(where string) *virus {
	return &virus{name: VirusName, description: "The EICAR test string is in " + where + "."}
}

// visit looks at one entry of the archive.
func (f *found) visit(name string, content io.Reader) error {
	search := &signatureSearch{}
	var words *wordSearch
	sink := io.Writer(search)
	if isTextAsset(name) {
		words = &wordSearch{digest: sha1.New()}
		sink = io.MultiWriter(search, words)
	}
	if dexName.MatchString(name) {
		if err := f.visitDex(name, io.TeeReader(content, sink)); err != nil {
			return err
		}
	}
	if _, err := io.Copy(sink, content); err != nil {
		return err
	}
	if search.found && f.virus == nil {
		f.virus = eicar(clip(strings.ToValidUTF8(name, "?")))
	}
	if words != nil && len(f.sensitive) < maxSensitive {
		if hits := words.hits(); len(hits) > 0 {
			f.sensitive = append(f.sensitive, sensitive{
				path: strings.ToValidUTF8(name, "?"), sha1: hex.EncodeToString(words.digest.Sum(nil)), words: hits,
			})
		}
	}
	return nil
}

// signatureSearch looks for the EICAR test string in what is written to it, across writes.
type signatureSearch struct {
	tail  []byte
	found bool
}

var signature = packages.EICAR()

func (s *signatureSearch) Write(p []byte) (int, error) {
	if s.found {
		return len(p), nil
	}
	keep := len(signature) - 1
	// What may have begun in the write before ends within the first bytes of this one.
	seam := append(slices.Clone(s.tail), p[:min(len(p), keep)]...)
	s.found = bytes.Contains(p, signature) || bytes.Contains(seam, signature)
	if len(p) >= keep {
		s.tail = append(s.tail[:0], p[len(p)-keep:]...)
	} else {
		s.tail = append(s.tail, p...)
		s.tail = s.tail[max(0, len(s.tail)-keep):]
	}
	return len(p), nil
}

func isTextAsset(name string) bool {
	return (strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, "res/raw/")) &&
		slices.Contains(textExtensions, strings.ToLower(path.Ext(name)))
}

// wordSearch keeps the beginning of a text and the digest of all of it.
type wordSearch struct {
	digest hash.Hash
	text   []byte
}

func (w *wordSearch) Write(p []byte) (int, error) {
	w.text = append(w.text, p[:min(len(p), maxTextBytes-len(w.text))]...)
	return w.digest.Write(p)
}

// hits are the sensitive words that the text holds, in the order of sensitiveWords.
func (w *wordSearch) hits() []string {
	lower := bytes.ToLower(w.text)
	var hits []string
	for _, word := range sensitiveWords {
		if bytes.Contains(lower, []byte(word)) {
			hits = append(hits, word)
		}
	}
	return hits
}
