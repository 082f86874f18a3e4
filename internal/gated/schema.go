package gated

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

const gateDescription = "Conditions that the result must meet; all apply. Absent: `verdict` is null and nothing is judged."

const policyDescription = "A policy document, YAML or JSON, as in `file(\"security/policy.yaml\")`: rules for every data source and for single ones, exceptions and denied ids. " +
	"A rule that is written more than once, here and in the document, gets its strictest value. The guide \"One policy for all gates\" describes it. Default: none."

// gateBlock returns the `gate` block of a source, made from the table of rules. It is a block, so that the
// CLI refuses a name that is misspelt.
func gateBlock(source gate.Source, note string) schema.Block {
	attributes := map[string]schema.Attribute{
		"policy": schema.StringAttribute{Optional: true, MarkdownDescription: policyDescription},
	}
	blocks := map[string]schema.Block{}
	for _, rule := range gate.Rules(source) {
		if rule.Block != "" {
			blocks[rule.Block] = ruleBlock(source, rule)
		} else {
			attributes[rule.Name] = ruleAttribute(source, rule)
		}
	}
	return schema.SingleNestedBlock{
		MarkdownDescription: strings.TrimSpace(gateDescription + " " + note), Attributes: attributes, Blocks: blocks,
		CustomType: blockType(attributes, blocks),
	}
}

// blockType is the type of a block, made once: left to itself the framework builds it again each time that
// it looks at one of the fields, which took a good part of a plan of 200 gates.
func blockType(attributes map[string]schema.Attribute, blocks map[string]schema.Block) types.ObjectType {
	of := make(map[string]attr.Type, len(attributes)+len(blocks))
	for name, attribute := range attributes {
		of[name] = attribute.GetType()
	}
	for name, block := range blocks {
		of[name] = block.Type()
	}
	return types.ObjectType{AttrTypes: of}
}

// ruleAttribute returns the argument of a rule; how it is written follows from its kind.
func ruleAttribute(source gate.Source, rule gate.RuleInfo) schema.Attribute {
	description := describe(source, rule)
	switch rule.Kind {
	case gate.KindSeverity, gate.KindEnforcement:
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{tf.NotBlank()}}
	case gate.KindAge:
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{tf.Duration(0)}}
	case gate.KindCounts:
		return schema.MapAttribute{
			Optional: true, ElementType: types.Int64Type, MarkdownDescription: description,
			Validators: []validator.Map{tf.NotEmpty(), mapvalidator.NoNullValues()},
		}
	case gate.KindCategories, gate.KindFingerprints, gate.KindScanTypes, gate.KindMD5s, gate.KindQuuids:
		return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
	case gate.KindCount:
		return schema.Int64Attribute{Optional: true, MarkdownDescription: description}
	case gate.KindPermission, gate.KindSetting:
		return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
	case gate.KindDenials, gate.KindExceptions: // blocks
	}
	panic("a rule that has no argument: " + rule.Name) // a test makes each schema
}

// describe adds to the description of a rule what is possible for the source.
func describe(source gate.Source, rule gate.RuleInfo) string {
	switch rule.Kind {
	case gate.KindCategories:
		return rule.Description + " Possible here: " + codeList(gate.Categories(source)) + "."
	case gate.KindCounts:
		return rule.Description + " Keys: " + codeList(gate.Severities()) + "; values: 0 and up."
	case gate.KindScanTypes:
		return rule.Description + " Possible: " + codeList(gate.ScanTypes()) + "."
	case gate.KindMD5s:
		return "Required. " + rule.Description
	default:
		return rule.Description
	}
}

// scopeDescriptions say what an exception may be narrowed to.
var scopeDescriptions = map[gate.Scope]string{
	gate.ScopePackage: "Package name of the app that the finding must be of. Default: any.",
	gate.ScopeMD5:     "MD5 of the app that the finding must be of. Default: any.",
	gate.ScopeMachine: "Quuid of the machine that the finding must be of. Default: any.",
	gate.ScopeImage:   "Repository of the image that the finding must be of, without tag and digest. Default: any.",
}

// ruleBlock returns the repeatable block of a rule.
func ruleBlock(source gate.Source, rule gate.RuleInfo) schema.Block {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Required: true, MarkdownDescription: description}
	}
	attributes := map[string]schema.Attribute{
		"category": text("Category of the finding: " + codeList(gate.Categories(source)) + "."),
		"id":       text("Id of the finding, as in `verdict.violations`."),
	}
	if rule.Kind == gate.KindExceptions {
		attributes["reason"] = text("Why the finding is acceptable.")
		attributes["expires_at"] = text("When the exception expires: RFC 3339, or a date, which is valid through that day in UTC.")
		for _, scope := range gate.Scopes(source) {
			attributes[string(scope)] = schema.StringAttribute{Optional: true, MarkdownDescription: scopeDescriptions[scope]}
		}
	}
	element := elementType(attributes)
	return schema.ListNestedBlock{
		MarkdownDescription: rule.Description,
		CustomType:          types.ListType{ElemType: element},
		NestedObject:        schema.NestedBlockObject{Attributes: attributes, CustomType: element},
	}
}

func codeList[S ~string](values []S) string {
	quoted := make([]string, 0, len(values))
	for _, v := range values {
		quoted = append(quoted, "`"+string(v)+"`")
	}
	return strings.Join(slices.Compact(quoted), ", ")
}
