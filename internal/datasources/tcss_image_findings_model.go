package datasources

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/gated"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// imageFindingsModel is ms_tcss_image_findings in configuration and state.
type imageFindingsModel struct {
	gated.Config
	Image             types.String `tfsdk:"image"`
	LocalImageID      types.String `tfsdk:"local_image_id"`
	ScanID            types.String `tfsdk:"scan_id"`
	WaitForCompletion types.Bool   `tfsdk:"wait_for_completion"`
	PollInterval      types.String `tfsdk:"poll_interval"`
	IncludeDetails    types.Bool   `tfsdk:"include_details"`

	ImageID          types.String    `tfsdk:"image_id"`
	ImageDigest      types.String    `tfsdk:"image_digest"`
	RepoAddress      types.String    `tfsdk:"repo_address"`
	ImageTags        []types.String  `tfsdk:"image_tags"`
	Authorized       types.Bool      `tfsdk:"authorized"`
	ScanStatus       types.String    `tfsdk:"scan_status"`
	ScanError        types.String    `tfsdk:"scan_error"`
	ScanTime         types.String    `tfsdk:"scan_time"`
	VulCount         types.Int64     `tfsdk:"vul_count"`
	CriticalVulCount types.Int64     `tfsdk:"critical_vul_count"`
	HighVulCount     types.Int64     `tfsdk:"high_vul_count"`
	MediumVulCount   types.Int64     `tfsdk:"medium_vul_count"`
	LowVulCount      types.Int64     `tfsdk:"low_vul_count"`
	VirusCount       types.Int64     `tfsdk:"virus_count"`
	Vulnerabilities  []imageVulModel `tfsdk:"vulnerabilities"`
	Ignored          []types.String  `tfsdk:"ignored"`
	Summary          types.Object    `tfsdk:"summary"`
}

type imageVulModel struct {
	CVEID         types.String   `tfsdk:"cve_id"`
	POCID         types.String   `tfsdk:"poc_id"`
	Name          types.String   `tfsdk:"name"`
	Component     types.String   `tfsdk:"component"`
	Version       types.String   `tfsdk:"version"`
	FixedVersions types.String   `tfsdk:"fixed_versions"`
	Level         types.String   `tfsdk:"level"`
	Severity      types.String   `tfsdk:"severity"`
	CVSSScore     types.Float64  `tfsdk:"cvss_score"`
	CVSSVector    types.String   `tfsdk:"cvss_vector"`
	Tags          []types.String `tfsdk:"tags"`
	Description   types.String   `tfsdk:"description"`
	Solution      types.String   `tfsdk:"solution"`
	Reference     types.String   `tfsdk:"reference"`
	Ignored       types.Bool     `tfsdk:"ignored_by_service"`
}

func (m *imageFindingsModel) isLocal() bool { return !m.LocalImageID.IsNull() }

// wanted returns the repository and the digest of the configuration, or no repository and the local id.
func (m *imageFindingsModel) wanted() (repository, key string) {
	if m.isLocal() {
		return "", m.LocalImageID.ValueString()
	}
	image, _ := tf.ParseImage(m.Image.ValueString()) // its validator has read it
	return image.Repository, image.Digest
}

func (m *imageFindingsModel) object() string {
	if m.isLocal() {
		return "local image " + sanitize.Line(m.LocalImageID.ValueString())
	}
	return "image " + sanitize.Line(m.Image.ValueString())
}

func (m *imageFindingsModel) details() bool {
	return m.IncludeDetails.IsNull() || m.IncludeDetails.ValueBool()
}

// set takes over what was read; of what never came everything is null.
func (m *imageFindingsModel) set(reading *evidence.ImageReading, _ gate.Evidence) {
	repository, key := m.wanted()
	m.ID = types.StringValue(key)
	image := evidence.Image(reading)
	m.Summary = tf.SummaryValue(image.Summary())
	if !m.isLocal() {
		m.ImageDigest = types.StringValue(key)
	}
	if reading == nil {
		return
	}
	m.setRows(repository, reading.Rows)
	m.Ignored = []types.String{}
	for _, v := range image.Ignored {
		for _, id := range []field.Value[string]{v.CVEID, v.POCID} {
			if text, _ := id.Get(); text != "" {
				m.Ignored = append(m.Ignored, types.StringValue(text))
				break
			}
		}
	}
	if !m.details() {
		return
	}
	m.Vulnerabilities = []imageVulModel{}
	for _, vul := range image.Vuls() {
		if details := reading.Rows[vul.Row].Details; vul.At < len(details) {
			m.Vulnerabilities = append(m.Vulnerabilities, imageVulOf(vul, details[vul.At]))
		}
	}
}

// setRows shows the rows as one: the largest counts and the oldest time of those that were scanned, and the texts of
// the one that is in the configured repository, scanned ones first.
func (m *imageFindingsModel) setRows(repository string, rows []evidence.ImageReadingRow) {
	if len(rows) == 0 {
		return
	}
	shown := slices.MinFunc(rows, func(a, b evidence.ImageReadingRow) int {
		rank := func(r evidence.ImageReadingRow) int {
			n := 0
			if r.State != evidence.ImageDone {
				n = 2
			}
			if tf.ImageRepository(r.Repository) != repository {
				n++
			}
			return n
		}
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.ID, b.ID))
	})
	m.ImageID, m.RepoAddress = textOrNull(shown.ImageID), textOrNull(shown.Repository)
	m.ScanStatus, m.ScanTime = types.StringPointerValue(shown.Status.Ptr()), types.StringPointerValue(shown.ScanTime.Ptr())
	if text := shown.Error.String(); !evidence.NoImageError(text) {
		m.ScanError = types.StringValue(text)
	}
	if flag := evidence.Flag(shown.Authorized); flag.State() == field.Known {
		m.Authorized = types.BoolValue(flag.Is(true))
	}
	counts := shown.Counts
	for _, row := range rows {
		if tag := strings.TrimSpace(row.Tag); tag != "" && !slices.Contains(m.ImageTags, types.StringValue(tag)) {
			m.ImageTags = append(m.ImageTags, types.StringValue(tag))
		}
		if row.State == evidence.ImageDone {
			counts = largest(counts, row.Counts)
		}
	}
	if m.ImageTags == nil {
		m.ImageTags = []types.String{}
	}
	m.VulCount, m.VirusCount = types.Int64PointerValue(counts.VulCnt.Ptr()), types.Int64PointerValue(counts.VirusCnt.Ptr())
	m.CriticalVulCount, m.HighVulCount = types.Int64PointerValue(counts.CriticalLevelVulCnt.Ptr()), types.Int64PointerValue(counts.HighLevelVulCnt.Ptr())
	m.MediumVulCount, m.LowVulCount = types.Int64PointerValue(counts.MediumLevelVulCnt.Ptr()), types.Int64PointerValue(counts.LowLevelVulCnt.Ptr())
}

func largest(a, b tencentcloud.ImageCounts) tencentcloud.ImageCounts {
	of := func(a, b tencentcloud.Int) tencentcloud.Int {
		return tencentcloud.Int{Value: field.Largest(a.Value, b.Value)}
	}
	return tencentcloud.ImageCounts{
		VulCnt: of(a.VulCnt, b.VulCnt), VirusCnt: of(a.VirusCnt, b.VirusCnt),
		CriticalLevelVulCnt: of(a.CriticalLevelVulCnt, b.CriticalLevelVulCnt), HighLevelVulCnt: of(a.HighLevelVulCnt, b.HighLevelVulCnt),
		MediumLevelVulCnt: of(a.MediumLevelVulCnt, b.MediumLevelVulCnt), LowLevelVulCnt: of(a.LowLevelVulCnt, b.LowLevelVulCnt),
	}
}

func imageVulOf(vul gate.RatedVul, v tencentcloud.ImageVul) imageVulModel {
	m := imageVulModel{
		CVEID: types.StringPointerValue(v.CVEID.Ptr()), POCID: types.StringPointerValue(v.POCID.Ptr()), Name: types.StringPointerValue(v.Name.Ptr()),
		Component: textOrNull(vul.Component), Version: textOrNull(vul.Version), FixedVersions: types.StringPointerValue(v.FixedVersions.Ptr()),
		Level: types.StringPointerValue(v.Level.Ptr()), Severity: types.StringValue(string(vul.Severity)),
		CVSSScore: types.Float64PointerValue(v.Score().Ptr()), CVSSVector: types.StringPointerValue(v.Vector().Ptr()),
		Description: types.StringPointerValue(v.Des.Ptr()), Solution: types.StringPointerValue(v.OfficialSolution.Ptr()), Reference: types.StringPointerValue(v.Reference.Ptr()),
		Ignored: types.BoolValue(vul.Ignored),
	}
	if v.Tag != nil {
		m.Tags = []types.String{}
		for _, tag := range v.Tag {
			m.Tags = append(m.Tags, types.StringValue(tag))
		}
	}
	return m
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
