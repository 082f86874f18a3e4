package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/auth"
)

// assumeRoleModel is the block assume_role.
type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Int64  `tfsdk:"session_duration"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`
}

// webIdentityModel is the block assume_role_with_web_identity.
type webIdentityModel struct {
	ProviderID           types.String `tfsdk:"provider_id"`
	RoleARN              types.String `tfsdk:"role_arn"`
	SessionName          types.String `tfsdk:"session_name"`
	SessionDuration      types.Int64  `tfsdk:"session_duration"`
	WebIdentityTokenFile types.String `tfsdk:"web_identity_token_file"`
}

// authSettings are the parts of the configuration that decide who calls. All values are known.
func (m *model) authSettings(ctx context.Context) (auth.Settings, diag.Diagnostics) {
	settings := auth.Settings{
		SecretID: m.SecretID.ValueString(), SecretKey: m.SecretKey.ValueString(), SecurityToken: m.SecurityToken.ValueString(),
		Profile: m.Profile.ValueString(), SharedCredentialsDir: m.SharedCredentialsDir.ValueString(),
		CAMRoleName: m.CAMRoleName.ValueString(),
	}
	if block := m.AssumeRole; block != nil {
		settings.AssumeRole = &auth.AssumeRole{
			Session: session(block.RoleARN, block.SessionName, block.SessionDuration),
			Policy:  block.Policy.ValueString(), ExternalID: block.ExternalID.ValueString(),
		}
	}
	if block := m.AssumeRoleWithWebIdentity; block != nil {
		settings.WebIdentity = &auth.WebIdentity{
			Session:    session(block.RoleARN, block.SessionName, block.SessionDuration),
			ProviderID: block.ProviderID.ValueString(), TokenFile: block.WebIdentityTokenFile.ValueString(),
		}
	}
	if m.AllowedAccountIDs.IsNull() {
		return settings, nil
	}
	settings.AllowedAccountIDs = []string{} // nobody, if they cannot be read
	return settings, m.AllowedAccountIDs.ElementsAs(ctx, &settings.AllowedAccountIDs, false)
}

func session(arn, name types.String, duration types.Int64) auth.Session {
	return auth.Session{RoleARN: arn.ValueString(), Name: name.ValueString(), Duration: duration.ValueInt64Pointer()}
}
