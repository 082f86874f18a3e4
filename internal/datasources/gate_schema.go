package datasources

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

const gateDescription = "What the result must be like. Every rule is ANDed. Absent: `verdict` is null and nothing is judged. " +
	"Mind the spelling: Terraform drops unknown names inside an object without a word; `verdict.policy_sha256` tells whether the gate is the one you mean."

// gateAttribute returns the `gate` attribute of a source: the rules that all sources share, and own,
// the source's own.
func gateAttribute(source gate.Source, own map[string]schema.Attribute) schema.Attribute {
	attributes := map[string]schema.Attribute{
		"fail_on": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Severity at and above which a finding fails: " + codeList(gate.FailLevels()) + ". " +
				"`none` is allowed only beside `max_findings`. A finding of unknown severity fails at every level, at `none` too unless `max_findings` names `unknown`. Default: `high`.",
			Validators: []validator.String{tf.NotBlank()},
		},
		"max_findings": schema.MapAttribute{
			Optional: true, ElementType: types.Int64Type,
			MarkdownDescription: "Most findings of a severity, as in `{ medium = 10, unknown = 0 }`. Keys: " + codeList(gate.Severities()) + "; values: 0 and up. Default: no bound.",
			Validators:          []validator.Map{mapvalidator.SizeAtLeast(1), mapvalidator.NoNullValues()},
		},
		"denied_categories": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Categories of which any finding fails, whatever its severity. Possible here: " + codeList(gate.Categories(source)) + ". Default: none.",
		},
		"denied_ids": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Ids of findings that fail, whatever their severity. An id cannot be excepted at the same time. Default: none.",
		},
		"exceptions": exceptionsAttribute(source),
		"baseline": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Fingerprints of known findings, which do not count, as recorded by `record_fingerprints`. " +
				"Viruses, malware, risky software, unrated and repackaged apps and findings derived from a mere number of risks count all the same. Default: none.",
		},
		"record_fingerprints": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether `verdict.fingerprints` lists the fingerprints of all findings that a baseline may hold. Default: `false`.",
		},
		"enforcement": enforcementAttribute(),
	}
	if source != gate.SourceAPKDetection {
		attributes["max_age"] = maxAgeAttribute()
	}
	for name, attribute := range own {
		attributes[name] = attribute
	}
	return schema.SingleNestedAttribute{Optional: true, MarkdownDescription: gateDescription, Attributes: attributes}
}

func enforcementAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What anything but a pass does: `mandatory` is an error, `advisory` a warning, `none` leaves it to the attribute, " +
			"for a `postcondition` on `self.verdict.passed`. Default: `mandatory`.",
		Validators: []validator.String{tf.NotBlank()},
	}
}

func maxAgeAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "How old the oldest scan may be, a duration above zero, as in `168h`. A scan without a time, or with one in the future, is incomplete. " +
			"Times of the service without a zone are read as UTC+8. Default: no bound.",
		Validators: []validator.String{tf.Duration(0)},
	}
}

func exceptionsAttribute(source gate.Source) schema.Attribute {
	text := func(required bool, description string) schema.Attribute {
		if required { // by the policy's validation
			description = "Required. " + description
		}
		return schema.StringAttribute{Optional: true, MarkdownDescription: description}
	}
	return schema.ListNestedAttribute{
		Optional: true,
		MarkdownDescription: "Findings that may pass for a while. Every field given must match. " +
			"A vulnerability without an id cannot be excepted, and an exception for `unrated` cannot make up for the missing rating: the outcome is then `incomplete`. An exception that ends within 14 days is a warning; one that has ended no longer counts. Default: none.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"category":     text(true, "Category of the finding: "+codeList(gate.Categories(source))+"."),
			"id":           text(true, "Id of the finding, as in `verdict.violations`."),
			"reason":       text(true, "Why the finding is acceptable."),
			"expires_at":   text(true, "When the exception ends: RFC 3339, or a date, which is valid through that day in UTC."),
			"app_pkg_name": text(false, "Package name of the app (or Quuid of the machine) that the finding must be of. Default: any."),
			"app_md5":      text(false, "MD5 of the app that the finding must be of. Default: any."),
		}},
	}
}

func codeList[S ~string](values []S) string {
	quoted := make([]string, 0, len(values))
	for _, v := range values {
		quoted = append(quoted, "`"+string(v)+"`")
	}
	return strings.Join(quoted, ", ")
}
