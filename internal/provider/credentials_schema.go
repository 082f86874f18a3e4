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

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

func (f form) validator() validator.String { return formValidator{f} }

// formValidator accepts texts of a form.
type formValidator struct{ form form }

func (v formValidator) Description(context.Context) string { return v.form.message }

func (v formValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v formValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value := req.ConfigValue.ValueString()
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || v.form.check("", value) == nil {
		return
	}
	resp.Diagnostics.Append(validatordiag.InvalidAttributeValueMatchDiagnostic(req.Path, v.Description(ctx), value))
}

func camRoleNameAttribute() schema.Attribute {
	return text("Name of the CAM role that is bound to the Cloud Virtual Machine on which Terraform runs, to take credentials from its metadata service. "+
		"In the configuration it comes before the environment; from the environment it comes last, after the tccli profile. "+
		"With an `endpoint_url` on loopback the metadata service is expected there, too. Environment: `"+envCAMRoleName+"`.",
		camRoleName.validator(), stringvalidator.ConflictsWith(path.MatchRoot("secret_id"), path.MatchRoot("profile"), path.MatchRoot("assume_role_with_web_identity")))
}

func allowedAccountIDsAttribute() schema.Attribute {
	return schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Numbers (Uin) of the accounts that the credentials may belong to, those of an assumed role included. " +
			"They are checked by `GetCallerIdentity` of the Security Token Service at the first call, before anything is submitted. Default: any account.",
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(accountID.validator())},
	}
}

func assumeRoleAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Role to assume with the credentials that were found, wherever they come from. Its keys are renewed before they end, however long a wait lasts. " +
			"A role in the environment is assumed without this attribute, too.",
		Validators: []validator.Object{objectvalidator.ConflictsWith(path.MatchRoot("assume_role_with_web_identity"))},
		Attributes: map[string]schema.Attribute{
			"role_arn":         roleARNAttribute(),
			"session_name":     sessionNameAttribute(),
			"session_duration": sessionDurationAttribute(),
			"policy": text("Policy, a JSON document, that narrows what the keys may do: they may do what both it and the role's own policies allow. It has no principal.",
				jsonObject{}),
			"external_id": text("External id that the role asks for, 2 to 128 characters. Environment: `"+envExternalID+"`.", externalID.validator()),
		},
	}
}

func assumeRoleWithWebIdentityAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Role to assume by the token of an identity provider (OIDC), as CI systems and Kubernetes give one; no key is needed. Its keys are renewed before they end. " +
			"If the environment has `" + envProviderID + "` or `" + envWebTokenFile + "`, it is assumed without this attribute, too, and comes before a key in the environment; " +
			"the other variables of roles then belong to it.",
		Validators: []validator.Object{objectvalidator.ConflictsWith(
			path.MatchRoot("assume_role"), path.MatchRoot("secret_id"), path.MatchRoot("profile"), path.MatchRoot("cam_role_name"))},
		Attributes: map[string]schema.Attribute{
			"provider_id":      text("Name of the identity provider in CAM. Needed here or in the environment. Environment: `"+envProviderID+"`.", tf.NotBlank()),
			"role_arn":         roleARNAttribute(),
			"session_name":     sessionNameAttribute(),
			"session_duration": sessionDurationAttribute(),
			"web_identity_token_file": text("File with the token, at most 64 KiB. Needed here or in the environment. It is read again whenever the keys are renewed, so that it may be replaced meanwhile. "+
				"Environment: `"+envWebTokenFile+"`.", tf.NotBlank()),
		},
	}
}

func roleARNAttribute() schema.Attribute {
	return text("ARN of the role, as in `qcs::cam::uin/100000000001:roleName/scanner`. Needed here or in the environment. Environment: `"+envRoleARN+"`.", roleARN.validator())
}

func sessionNameAttribute() schema.Attribute {
	return text("Name of the session, which audit logs show, 2 to 128 letters, digits and characters of `_+=,.@-`. "+
		"Environment: `"+envSessionName+"`. Default: `"+defaultSessionName+"`.", sessionName.validator())
}

func sessionDurationAttribute() schema.Attribute {
	return schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("How long the keys live, in seconds, 0 to %d; 0 is the service's default. Environment: `"+envSessionDuration+"`. Default: %d.",
			tencentcloud.MaxSessionSeconds, tencentcloud.DefaultSessionSeconds),
		Validators: []validator.Int64{int64validator.Between(0, tencentcloud.MaxSessionSeconds)},
	}
}
