package functions

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/report"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// imageFindingsDocument is ms_tcss_image_findings.
type imageFindingsDocument struct {
	judged
	Image           string             `json:"Image"`
	LocalImageID    string             `json:"LocalImageId"`
	RepoAddress     string             `json:"RepoAddress"`
	ImageTags       []string           `json:"ImageTags"`
	ScanStatus      string             `json:"ScanStatus"`
	ScanTime        tencentcloud.Time  `json:"ScanTime"`
	VirusCount      tencentcloud.Int   `json:"VirusCount"`
	IncludeDetails  tencentcloud.Bool  `json:"IncludeDetails"`
	Vulnerabilities []imageVulDocument `json:"Vulnerabilities"`
}

type imageVulDocument struct {
	CVEID         tencentcloud.Text `json:"CveId"`
	POCID         tencentcloud.Text `json:"PocId"`
	Name          string            `json:"Name"`
	Component     string            `json:"Component"`
	Version       string            `json:"Version"`
	FixedVersions string            `json:"FixedVersions"`
	Severity      gate.Severity     `json:"Severity"`
	Description   string            `json:"Description"`
	Solution      string            `json:"Solution"`
	Ignored       tencentcloud.Bool `json:"IgnoredByService"`
}

// readImageFindings reads ms_tcss_image_findings.
func readImageFindings(document []byte, block tftypes.Value) (report.Scan, error) {
	var d imageFindingsDocument
	if err := decode(document, &d); err != nil {
		return report.Scan{}, err
	}
	d.block = block
	image, subject := d.object()
	subject.At, subject.Scanned = timeOf(d.ScanTime), strings.EqualFold(d.ScanStatus, tencentcloud.ImageScanned)
	scan := report.Scan{
		Object: "image " + subject.Name + "@" + subject.Digest, Status: d.ScanStatus, Texts: map[report.Topic]report.Text{},
		Subjects: []report.Subject{subject}, Scope: subject.Name + "@" + subject.Digest,
	}
	if include := d.IncludeDetails.Ptr(); include != nil && !*include {
		scan.Partial = leftOut(d.Verdict)
	}
	viruses, _ := d.VirusCount.Get()
	listed := gate.ListedImage{Repository: image, Subject: subject.Name, Viruses: viruses}
	for _, v := range d.Vulnerabilities {
		listed.Vuls = append(listed.Vuls, gate.RatedVul{
			ImageVul: gate.ImageVul{CVEID: v.CVEID.Value, POCID: v.POCID.Value, Name: v.Name, Component: v.Component, Version: v.Version, Level: field.Of(string(v.Severity))},
			Severity: v.Severity, Ignored: v.Ignored.Is(true),
		})
		text := report.Text{Description: v.Description, Remedy: v.Solution}
		if v.FixedVersions != "" {
			text.Remedy = strings.TrimSpace("Fixed in " + v.FixedVersions + ". " + v.Solution)
		}
		describe(scan.Texts, gate.Vulnerability, v.CVEID.String(), text)
		describe(scan.Texts, gate.Vulnerability, v.POCID.String(), text)
	}
	err := d.show(&scan, gate.SourceImage, listed)
	return scan, err
}

// object returns the repository by which exceptions are narrowed, and the image as the report knows it.
func (d imageFindingsDocument) object() (repository string, subject report.Subject) {
	label := strings.Join(d.ImageTags, ", ")
	if image, err := tf.ParseImage(d.Image); err == nil {
		return image.Repository, report.Subject{Name: image.Repository, Digest: image.Digest, Label: label}
	}
	return "", report.Subject{Name: strings.TrimSpace(d.RepoAddress), Digest: d.LocalImageID, Label: label}
}
