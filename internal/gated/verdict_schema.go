package gated

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func verdictAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Computed: true,
		MarkdownDescription: "What the gate decided; null without a `gate`. It depends only on the answer, the gate, and the times at which exceptions and scan ages end, " +
			"so that what refers to it plans no change while these stay the same.",
		Attributes: verdictAttributes(),
	}
}

func verdictAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"outcome": Text("`pass`, `fail` (a finding violates a rule) or `incomplete` (the answer does not prove enough)."),
		"passed":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the outcome is `pass`."},
		"message": Text("What was decided and why, in plain words: the worst findings, and what would make it pass."),
		"reasons": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Why the answer does not prove enough.",
			NestedObject:        schema.NestedAttributeObject{Attributes: reasonAttributes()},
		},
		"violations": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: fmt.Sprintf("The findings that violate rules, worst first, at most %d. A finding that violates several rules is listed for each.", gate.MaxViolations),
			NestedObject:        schema.NestedAttributeObject{Attributes: violationAttributes()},
		},
		"violation_count": Number("Number of all violations."),
		"excepted_count":  Number("Number of findings that an exception covers."),
		"baselined_count": Number("Number of findings that the baseline covers."),
		"unused_exceptions": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Exceptions in force that cover nothing, as `category/id`.",
		},
		"valid_until":   Text("Until when the verdict holds, RFC 3339 in UTC: the earliest end of an exception used or of `max_age`. Null where there is neither."),
		"policy":        Text("The policy that was applied, as canonical JSON: the rules of the gate and of its policy document, merged, with defaults. Its member `skipped` lists what the document holds and this data source cannot produce."),
		"policy_sha256": Text("SHA-256 of `policy` without its member `skipped`, to pin the policy from outside. What names the release (`required_md5s`, `required_machines`) is not part of it."),
		"endpoint":      Text("The endpoint that answered: its URL or root domain."),
		"fingerprints": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Fingerprints of all findings that a baseline may hold; null unless `record_fingerprints`.",
		},
	}
}

func reasonAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"code":   Text("The kind of reason, as in `not_finished`; the guide \"Troubleshooting\" has a table of them."),
		"detail": Text("The reason in plain words."),
	}
}

func violationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"rule":        Text("The rule: `fail_on`, `max_findings`, `denied_category` or `denied_id`; for counts of images `max_found_vul`, `max_registry_found_vul` or `max_found_risk_image`."),
		"category":    Text("Category of the finding, as in `vulnerability`."),
		"severity":    Text("Severity of the finding: " + codeList(gate.Severities()) + "."),
		"id":          Text("The service's id of the finding; its category where it has none."),
		"name":        Text("Name of the finding."),
		"location":    Text("Where it was found."),
		"app_md5":     Text("MD5 of the app; null for machines and images."),
		"fingerprint": Text("Identifies the finding across builds; for `baseline`."),
	}
}
