package datasources

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func verdictAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Computed: true,
		MarkdownDescription: "What the gate decided; null without a `gate`. It depends on the answer, the gate and the ends of exceptions and scan ages alone, " +
			"so that what refers to it plans no change while these stay the same.",
		Attributes: verdictAttributes(),
	}
}

func verdictAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"outcome": computedText("`pass`, `fail` (a finding breaks a rule) or `incomplete` (the answer does not prove enough)."),
		"passed":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the outcome is `pass`."},
		"message": computedText("What was decided and why, in plain words: the worst findings, and what would make it pass."),
		"reasons": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Why the answer does not prove enough.",
			NestedObject:        schema.NestedAttributeObject{Attributes: reasonAttributes()},
		},
		"violations": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: fmt.Sprintf("The findings that break rules, worst first, at most %d. A finding that breaks several rules is listed for each.", gate.MaxViolations),
			NestedObject:        schema.NestedAttributeObject{Attributes: violationAttributes()},
		},
		"violation_count": computedNumber("Number of all violations."),
		"excepted_count":  computedNumber("Number of findings that an exception covers."),
		"baselined_count": computedNumber("Number of findings that the baseline covers."),
		"unused_exceptions": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Exceptions in force that cover nothing, as `category/id`.",
		},
		"valid_until":   computedText("Until when the verdict holds, RFC 3339 in UTC: the earliest end of an exception used or of `max_age`. Null where there is neither."),
		"policy_sha256": computedText("SHA-256 of the gate in canonical form, to pin the policy from outside. It leaves out `required_md5s`, which name the release, and `record_fingerprints`."),
		"endpoint":      computedText("Who answered: the endpoint's URL or root domain."),
		"fingerprints": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Fingerprints of all findings that a baseline may hold; null unless `record_fingerprints`.",
		},
	}
}

func reasonAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"code":   computedText("The kind of reason, as in `not_finished`; the guide \"Troubleshooting\" has a table of them."),
		"detail": computedText("The reason in plain words."),
	}
}

func violationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"rule":        computedText("The rule: `fail_on`, `max_findings`, `denied_category` or `denied_id`; for image scans `max_found_vul`, `max_registry_found_vul` or `max_found_risk_image`."),
		"category":    computedText("Category of the finding, as in `vulnerability`."),
		"severity":    computedText("Severity of the finding: " + codeList(gate.Severities()) + "."),
		"id":          computedText("The service's id of the finding; its category where it has none."),
		"name":        computedText("Name of the finding."),
		"location":    computedText("Where it was found."),
		"app_md5":     computedText("MD5 of the app; null for machines and images."),
		"fingerprint": computedText("Identifies the finding across builds; for `baseline`."),
	}
}

func summaryAttribute(more string) schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(tf.SummaryFields))
	for _, f := range tf.SummaryFields {
		attributes[f.Name] = computedNumber(f.Description)
	}
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: strings.TrimSpace("Number of findings by severity, before exceptions and baseline. " + more),
		Attributes:          attributes,
	}
}

func computedText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func computedNumber(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}
