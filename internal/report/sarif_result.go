package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// fingerprintKey names the fingerprint and the version of how it is made (gate.Fingerprint).
const fingerprintKey = "tencentscanFinding/v1"

// primaryLocationLineHash is the only key by which code scanning knows a finding again. Without it the
// upload action looks for the lines of a source file, which a finding in a package does not have.
const primaryLocationLineHash = "primaryLocationLineHash"

// sarif returns the finding as a result, and adds its rule.
func (i item) sarif(rules *sarifRules) sarifResult {
	rule, index := rules.of(i)
	result := sarifResult{
		RuleID: rule, RuleIndex: index, Level: sarifLevels[severity(&i.Finding)], Message: sarifMessage{i.sentence()},
		Locations: []sarifLocation{i.sarifLocation()}, Suppressions: i.suppressions(),
		Properties: sarifProperties{Severity: string(severity(&i.Finding)), SecuritySeverity: securitySeverities[severity(&i.Finding)]},
	}
	if i.Fingerprint != "" {
		result.Properties.Fingerprint = sanitize.Line(i.Fingerprint)
		fingerprint := i.sarifFingerprint()
		result.Fingerprints = map[string]string{fingerprintKey: fingerprint, primaryLocationLineHash: fingerprint}
	}
	return result
}

// sarifFingerprint returns the gate's fingerprint, which has the app, image or host in it. That of a finding
// which names none is the same for every object, so that viewers would take one for the other: it gets
// what was scanned as a whole into it. Those of images and hosts have the object in them even where a verdict does
// not repeat it: the next build, and a report with details, have the same.
func (i item) sarifFingerprint() string {
	named := i.Subject != "" || i.AppMD5 != "" || i.scan.Source == gate.SourceHosts || i.scan.Source == gate.SourceImage && i.subject.Name != ""
	if named || i.scan.Scope == "" {
		return sanitize.Line(i.Fingerprint)
	}
	sum := sha256.Sum256([]byte(i.Fingerprint + "\x00" + string(i.scan.Source) + "\x00" + i.scan.Scope))
	return hex.EncodeToString(sum[:])[:gate.FingerprintLen]
}

// suppressions returns why the finding does not count; nil where it does. The baseline of a gate is a
// list of findings that somebody accepted, so it suppresses too: baselineState would compare with a run
// that nobody has, and call every other finding new.
func (i item) suppressions() []sarifSuppression {
	if !slices.Contains([]gate.FindingStatus{gate.StatusExcepted, gate.StatusBaselined, gate.StatusIgnored}, i.Status) {
		return nil
	}
	return []sarifSuppression{{Kind: "external", Status: "accepted", Justification: sarifText(stopped(capital(statusWords(i.JudgedFinding))))}}
}

// sentence says what was found, where, and what the gate made of it.
func (i item) sentence() string {
	text := capital(string(severity(&i.Finding))) + " " + categoryTitle(i.Category) + ": " + name(&i.Finding)
	if id := id(&i.Finding); id != "" {
		text += " (" + id + ")"
	}
	if where := i.subject.title(); where != "" {
		text += " in " + where
	}
	if at := i.at(); at != "" {
		text += ", at " + at
	}
	if judged := statusWords(i.JudgedFinding); judged != "" {
		text += "; " + judged
	}
	return sarifText(stopped(text))
}

// sarifLocation returns where the finding is: the app or machine as the artifact, which stays the same
// across builds, and the path inside it as a logical location, since no repository has that file.
func (i item) sarifLocation() sarifLocation {
	at := sarifLocation{Physical: sarifPhysicalLocation{sarifArtifactLocation{i.artifactURI()}, sarifRegion{StartLine: 1}}}
	if within := sanitize.Line(i.Location); within != "" {
		at.Logical = []sarifLogicalLocation{{Name: path.Base(within), QualifiedName: within, Kind: "resource"}}
	}
	return at
}

// artifactURI returns a relative URI of one segment: the app's package name, else whatever else names
// the app or machine.
func (i item) artifactURI() string {
	return uriSegment(cmp.Or(strings.TrimSpace(i.subject.Name), strings.TrimSpace(i.subject.Label), i.subject.MD5, string(i.scan.Source), "scan"))
}

// uriSegment percent-encodes everything in a text but what is plain in every place of a URI, so that
// it can be neither a scheme nor a path that leads elsewhere.
func uriSegment(text string) string {
	const hexDigits = "0123456789ABCDEF"
	text = sanitize.Line(text)
	if strings.Trim(text, ".") == "" {
		text = "_" + text
	}
	var segment strings.Builder
	for _, c := range []byte(text) {
		if isASCIIWord(rune(c)) || strings.IndexByte("-._~", c) >= 0 {
			segment.WriteByte(c)
			continue
		}
		segment.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
	}
	return segment.String()
}

// placeholder is what a SARIF message takes an argument for.
var placeholder = regexp.MustCompile(`\{(\d)`)

// sarifText makes text fit for a message of SARIF, whose plain texts know links and placeholders.
func sarifText(text string) string {
	text = strings.ReplaceAll(text, "](", "] (")
	if !strings.Contains(text, "{") {
		return text
	}
	return placeholder.ReplaceAllString(text, "{ $1")
}

// sarifLevels are the levels that a viewer shows. A severity that nobody knows may be the worst.
var sarifLevels = map[gate.Severity]string{
	gate.Critical: levelError, gate.Unknown: levelError, gate.High: levelError,
	gate.Medium: levelWarning, gate.Low: levelNote, gate.Info: levelNote,
}

// securitySeverities are scores within the ranges that code scanning shows as critical (above 9), high
// (from 7), medium (from 4), low (above 0) and none; SARIF has no unknown.
var securitySeverities = map[gate.Severity]string{
	gate.Critical: "9.5", gate.Unknown: "8.9", gate.High: "8.0", gate.Medium: "5.5", gate.Low: "2.0", gate.Info: "0.0",
}

// sarifRules collects the rules that results refer to.
type sarifRules struct {
	list  []*sarifRule
	worst []gate.Severity // of each
	index map[string]int
	names map[string]bool
}

func newSARIFRules() *sarifRules {
	return &sarifRules{list: []*sarifRule{}, index: map[string]int{}, names: map[string]bool{}}
}

// of returns the id and the index of a finding's rule. The first finding of a rule decides how it is
// described, the worst one how bad it is: the two differ where a gate's rules do not go by severity.
func (r *sarifRules) of(i item) (string, int) {
	id := ruleID(&i.Finding)
	worst := severity(&i.Finding)
	if index, ok := r.index[id]; ok {
		r.worsen(index, worst)
		return id, index
	}
	r.index[id] = len(r.list)
	text := i.scan.Texts[topic(&i.Finding)]
	title := sarifText(stopped(capital(categoryTitle(i.Category)) + ": " + name(&i.Finding)))
	description := cmp.Or(prose(text.Description), title)
	help := cmp.Or(prose(text.Remedy), "The service gives no advice on how to fix it.")
	rule := &sarifRule{
		ID: id, Name: r.name(&i.Finding), ShortDescription: sarifMessage{title}, FullDescription: sarifMessage{sarifText(stopped(description))},
		Help: sarifMessage{sarifText(stopped(help))}, HelpURI: informationURI,
	}
	r.list, r.worst = append(r.list, rule), append(r.worst, worst)
	r.rate(r.index[id], worst)
	return id, r.index[id]
}

// worsen raises how bad a rule is, if the severity is worse than it.
func (r *sarifRules) worsen(index int, severity gate.Severity) {
	severities := gate.Severities()
	if slices.Index(severities, severity) < slices.Index(severities, r.worst[index]) {
		r.worst[index] = severity
		r.rate(index, severity)
	}
}

// rate says in the rule how bad it is.
func (r *sarifRules) rate(index int, worst gate.Severity) {
	category, _, _ := strings.Cut(r.list[index].ID, "/")
	r.list[index].Configuration.Level = sarifLevels[worst]
	r.list[index].Properties = sarifProperties{SecuritySeverity: securitySeverities[worst], Tags: []string{"security", category}}
}

// ruleID returns `category/id`, the same in every run. An id that cannot be printed as it stands, or
// is too long, is told apart by a digest.
func ruleID(f *gate.Finding) string {
	id := sanitize.Line(f.ID)
	if id != f.ID {
		digest := sha256.Sum256([]byte(f.ID))
		id += "~" + hex.EncodeToString(digest[:4])
	}
	return sanitize.Line(string(f.Category)) + "/" + id
}

// name returns a name for a rule as SARIF spells them, words of ASCII letters and digits, each with a capital:
// `VulnerabilityCve202144228`. No two rules of a run have the same.
func (r *sarifRules) name(f *gate.Finding) string {
	name := pascal(string(f.Category)) + pascal(f.ID)
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		name = "Finding" + name
	}
	if r.names[name] {
		digest := sha256.Sum256([]byte(ruleID(f)))
		name += "X" + hex.EncodeToString(digest[:8])
	}
	r.names[name] = true
	return name
}

// maxNamePart bounds each half of a rule's name, in bytes.
const maxNamePart = 60

func pascal(text string) string {
	var name strings.Builder
	words := strings.FieldsFunc(text, func(c rune) bool { return !isASCIIWord(c) })
	for _, word := range words {
		if name.Len()+len(word) > maxNamePart {
			word = word[:max(0, maxNamePart-name.Len())]
		}
		name.WriteString(capital(strings.ToLower(word)))
	}
	return name.String()
}

func isASCIIWord(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
