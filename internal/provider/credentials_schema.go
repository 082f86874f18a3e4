package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/helpers/validatordiag"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/auth"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// matches accepts texts of a pattern.
func matches(pattern auth.Pattern) validator.String { return patternValidator{pattern} }

type patternValidator struct{ pattern auth.Pattern }

func (v patternValidator) Description(context.Context) string { return v.pattern.Message }

func (v patternValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v patternValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value := req.ConfigValue.ValueString()
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || v.pattern.Check("", value) == nil {
		return
	}
	resp.Diagnostics.Append(validatordiag.InvalidAttributeValueMatchDiagnostic(req.Path, v.Description(ctx), value))
}

func camRoleNameAttribute() schema.Attribute {
	return text("Name of the CAM role that is bound to the Cloud Virtual Machine on which Terraform runs; its metadata service gives the credentials. "+
		"In the configuration it takes precedence over the environment; in the environment it comes last, after the tccli profile. "+
		"With an `endpoint_url` on loopback the metadata service is expected there as well. Environment: `"+auth.EnvCAMRoleName+"`.",
		matches(auth.CAMRoleName), stringvalidator.ConflictsWith(path.MatchRoot("secret_id"), path.MatchRoot("profile"), path.MatchRoot("assume_role_with_web_identity")))
}

func allowedAccountIDsAttribute() schema.Attribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Numbers (Uin) of the accounts that the credentials, including those of an assumed role, may belong to. " +
			"They are checked by `GetCallerIdentity` of the Security Token Service at the first call, before anything is submitted. Default: any account.",
		Validators: []validator.Set{tf.NotEmpty(), setvalidator.ValueStringsAre(matches(auth.AccountID))},
	}
}

// The blocks of roles have no attribute that the schema requires: that would make an absent block an error.
// A validator of the block demands it instead.

func assumeRoleBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Role to assume with the credentials that were found, whatever their source. Its temporary credentials are refreshed before they expire, however long a wait lasts. " +
			"A role in the environment is assumed without this block as well.",
		Validators: []validator.Object{
			objectvalidator.AlsoRequires(path.MatchRelative().AtName("role_arn")),
			objectvalidator.ConflictsWith(path.MatchRoot("assume_role_with_web_identity")),
		},
		Attributes: map[string]schema.Attribute{
			"role_arn":         roleARNAttribute(),
			"session_name":     sessionNameAttribute(),
			"session_duration": sessionDurationAttribute(),
			"policy": text("Policy, a JSON document, that restricts the temporary credentials: they may do what both it and the role's own policies allow. It has no principal.",
				jsonObject{}),
			"external_id": text("External ID that the role asks for, 2 to 128 characters. Environment: `"+auth.EnvExternalID+"`.", matches(auth.ExternalID)),
		},
	}
}

func assumeRoleWithWebIdentityBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Role to assume with the token of an identity provider (OIDC), as CI systems and Kubernetes issue it; no API key is needed. Its temporary credentials are refreshed before they expire. " +
			"If the environment has `" + auth.EnvProviderID + "` or `" + auth.EnvWebTokenFile + "`, the role is assumed without this block as well, and takes precedence over a key in the environment; " +
			"the other environment variables of roles then belong to it.",
		Validators: []validator.Object{
			objectvalidator.AlsoRequires(path.MatchRelative().AtName("role_arn")),
			objectvalidator.ConflictsWith(path.MatchRoot("assume_role"), path.MatchRoot("secret_id"), path.MatchRoot("profile"), path.MatchRoot("cam_role_name")),
		},
		Attributes: map[string]schema.Attribute{
			"provider_id":      text("Name of the identity provider in CAM. Required here or in the environment. Environment: `"+auth.EnvProviderID+"`.", tf.NotBlank()),
			"role_arn":         roleARNAttribute(),
			"session_name":     sessionNameAttribute(),
			"session_duration": sessionDurationAttribute(),
			"web_identity_token_file": text("File with the token, at most 64 KiB. Required here or in the environment. It is read at each refresh of the credentials, so it may be replaced meanwhile. "+
				"Environment: `"+auth.EnvWebTokenFile+"`.", tf.NotBlank()),
		},
	}
}

func roleARNAttribute() schema.Attribute {
	return text("Required. ARN of the role, as in `qcs::cam::uin/100000000001:roleName/scanner`. Environment, without the block: `"+auth.EnvRoleARN+"`.", matches(auth.RoleARN))
}

func sessionNameAttribute() schema.Attribute {
	return text("Name of the session, which audit logs show, 2 to 128 letters, digits and characters of `_+=,.@-`. "+
		"Environment: `"+auth.EnvSessionName+"`. Default: `"+auth.DefaultSessionName+"`.", matches(auth.SessionName))
}

func sessionDurationAttribute() schema.Attribute {
	return schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Lifetime of the temporary credentials in seconds, 0 to %d; 0 is the service's default. Environment: `"+auth.EnvSessionDuration+"`. Default: %d.",
			tencentcloud.MaxSessionSeconds, tencentcloud.DefaultSessionSeconds),
		Validators: []validator.Int64{int64validator.Between(0, tencentcloud.MaxSessionSeconds)},
	}
}
