package emulator

import (
	"fmt"
	"regexp"
	"strconv"
)

// image is what local images and those of registries have alike.
type image struct {
	// Unauthorized images cannot be scanned.
	Unauthorized bool `json:"unauthorized"`
	// Status is that of the last scan before the emulator started, Age how long ago that was.
	Status string   `json:"status"`
	Age    Duration `json:"age"`
	// Error is why that scan failed, and every one that a call starts.
	Error   string `json:"error"`
	Running bool   `json:"running"`
	// Outdated: a newer image has the same name.
	Outdated bool `json:"outdated"`
	// Viruses and Risks are counts that no task here changes.
	Viruses         int             `json:"viruses"`
	Risks           int             `json:"risks"`
	Vulnerabilities []*imageFinding `json:"vulnerabilities"`
	// Generated are further vulnerabilities by severity: critical, high, medium, low.
	Generated map[string]int `json:"generated"`
	// Row are fields that beat the computed ones in the lists of images.
	Row map[string]any `json:"row"`

	findings []*imageFinding
}

// registryImage is one row of the images of registries: a digest may have several.
type registryImage struct {
	image
	ID          int64  `json:"id"`
	Digest      string `json:"digest"`
	RepoAddress string `json:"repo_address"`
	Tag         string `json:"tag"`
	RegistryID  int64  `json:"registry_id"`
	// AfterSync: it is listed only once its registry was synchronised.
	AfterSync bool `json:"after_sync"`
}

// localImage is an image on nodes.
type localImage struct {
	image
	ID        string `json:"id"`
	Name      string `json:"name"`
	ClusterID string `json:"cluster_id"`
}

// imageFinding is a vulnerability of an image.
type imageFinding struct {
	CVEID         string   `json:"cve_id"`
	POCID         string   `json:"poc_id"`
	Name          string   `json:"name"`
	Severity      string   `json:"severity"`
	Component     string   `json:"component"`
	Version       string   `json:"version"`
	FixedVersions string   `json:"fixed_versions"`
	Description   string   `json:"description"`
	Solution      string   `json:"solution"`
	Reference     string   `json:"reference"`
	Tags          []string `json:"tags"`
	CVSSScore     float64  `json:"cvss_score"`
	CVSSVector    string   `json:"cvss_vector"`
	// Row are fields that beat the computed ones.
	Row map[string]any `json:"row"`
}

// severities in the order of their numbers 1 to 4.
var severities = []string{"low", "medium", "high", "critical"}

// maxFindings bounds the vulnerabilities of one image.
const maxFindings = 100000

var digestForm = regexp.MustCompile(`^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$`)

func (i *registryImage) key() string { return strconv.FormatInt(i.ID, 10) }
func (i *localImage) key() string    { return i.ID }

func (i *registryImage) check() error {
	if i.ID < 1 {
		return fmt.Errorf("the id %d is not above 0", i.ID)
	}
	if !digestForm.MatchString(i.Digest) || i.RepoAddress == "" {
		return fmt.Errorf("it needs a repo_address and a digest, as in sha256: and 64 digits")
	}
	return i.image.check()
}

func (i *localImage) check() error {
	if !digestForm.MatchString(i.ID) {
		return fmt.Errorf("the id %q is not of the form of sha256: and 64 digits", i.ID)
	}
	return i.image.check()
}

func (i *image) check() error {
	if err := checkWord("status", &i.Status, "NOT_SCAN", "SCANNED", "SCAN_ERR"); err != nil {
		return err
	}
	if i.Status == "SCAN_ERR" && i.Error == "" {
		return fmt.Errorf("a scan that failed needs an error")
	}
	if i.Viruses < 0 || i.Risks < 0 {
		return fmt.Errorf("a count is negative")
	}
	for severity := range i.Generated {
		if err := checkSeverity(severity); err != nil {
			return fmt.Errorf("generated: %w", err)
		}
	}
	total := len(i.Vulnerabilities)
	for _, n := range i.Generated {
		if n < 0 || n > maxFindings {
			return fmt.Errorf("generated: %d vulnerabilities", n)
		}
		total += n
	}
	if total > maxFindings {
		return fmt.Errorf("%d vulnerabilities are too many", total)
	}
	err := checkAll("vulnerabilities", i.Vulnerabilities, func(f *imageFinding) error {
		if f.Severity == "" {
			return nil // the service gives none
		}
		return checkSeverity(f.Severity)
	})
	i.findings = append(append([]*imageFinding{}, i.Vulnerabilities...), generate(i.Generated)...)
	return err
}

func checkSeverity(word string) error {
	return checkWord("severity", &word, severities...)
}

// generate is so many vulnerabilities of each severity, the worst first, with ids that count on.
func generate(counts map[string]int) (findings []*imageFinding) {
	for level := len(severities); level > 0; level-- {
		severity := severities[level-1]
		for n := range counts[severity] {
			findings = append(findings, &imageFinding{
				CVEID: fmt.Sprintf("CVE-20%d%d-%05d", 1, level, 10000+n), POCID: fmt.Sprintf("pcmgr-%d%05d", level, n),
				Name: fmt.Sprintf("Sample vulnerability %d of severity %s", n+1, severity), Severity: severity,
				Component: fmt.Sprintf("libsample%d", n%100), Version: "1.0." + strconv.Itoa(n), FixedVersions: "2.0.0",
				Description: "A sample.", Solution: "Update it.", CVSSScore: 2.5 * float64(level),
			})
		}
	}
	return findings
}
