package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// model is the provider's configuration.
type model struct {
	SecretID                  types.String      `tfsdk:"secret_id"`
	SecretKey                 types.String      `tfsdk:"secret_key"`
	SecurityToken             types.String      `tfsdk:"security_token"`
	Region                    types.String      `tfsdk:"region"`
	Domain                    types.String      `tfsdk:"domain"`
	EndpointURL               types.String      `tfsdk:"endpoint_url"`
	Profile                   types.String      `tfsdk:"profile"`
	SharedCredentialsDir      types.String      `tfsdk:"shared_credentials_dir"`
	CAMRoleName               types.String      `tfsdk:"cam_role_name"`
	AssumeRole                *assumeRoleModel  `tfsdk:"assume_role"`
	AssumeRoleWithWebIdentity *webIdentityModel `tfsdk:"assume_role_with_web_identity"`
	AllowedAccountIDs         types.Set         `tfsdk:"allowed_account_ids"`
	Language                  types.String      `tfsdk:"language"`
	RequestsPerSecond         types.Float64     `tfsdk:"requests_per_second"`
	MaxRetries                types.Int64       `tfsdk:"max_retries"`
	RequestTimeout            types.String      `tfsdk:"request_timeout"`
	JournalDir                types.String      `tfsdk:"journal_dir"`
}

// Defaults (design "Provider").
const (
	defaultRegion            = "ap-guangzhou"
	defaultLanguage          = "en-US"
	defaultRequestsPerSecond = 20 // the service's own limit for each action
	defaultMaxRetries        = 5
	defaultRequestTimeout    = "60s"
)

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Declares Tencent Cloud security scans of Android packages, hosts and container images, and stops a release in `terraform plan` when the result is not good enough.",
		Attributes: map[string]schema.Attribute{
			"secret_id": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "SecretId of the API key. Environment: `TENCENTCLOUD_SECRET_ID`.",
				Validators:          []validator.String{tf.NotBlank(), stringvalidator.AlsoRequires(path.MatchRoot("secret_key"))},
			},
			"secret_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "SecretKey of the API key. Environment: `TENCENTCLOUD_SECRET_KEY`.",
				Validators:          []validator.String{tf.NotBlank(), stringvalidator.AlsoRequires(path.MatchRoot("secret_id"))},
			},
			"security_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Token of temporary credentials. Environment: `TENCENTCLOUD_SECURITY_TOKEN`.",
				Validators:          []validator.String{tf.NotBlank(), stringvalidator.AlsoRequires(path.MatchRoot("secret_id"))},
			},
			"region": text("Region for the actions that need one, as in `ap-guangzhou`. Environment: `TENCENTCLOUD_REGION`. Default: `ap-guangzhou`.", tf.NotBlank()),
			"domain": text("Root domain of the service, as in `tencentcloudapi.com` or `intl.tencentcloudapi.com`. Environment: `TENCENTCLOUD_DOMAIN`. Default: `tencentcloudapi.com`. "+
				"`domain` or `endpoint_url` in the configuration overrides both environment variables, so that a configuration can pin its endpoint.",
				domain(), stringvalidator.ConflictsWith(path.MatchRoot("endpoint_url"))),
			"endpoint_url": text("One URL for every service, as in `https://proxy.example.com`. Plain `http` is allowed to a loopback host only. Environment: `TENCENTCLOUD_ENDPOINT_URL`.",
				endpointURL()),
			"profile": text("Name of the tccli profile to take credentials from. In the configuration it comes before the environment's keys. Environment: `TENCENTCLOUD_PROFILE`. Default: `default`.",
				tf.NotBlank(), stringvalidator.ConflictsWith(path.MatchRoot("secret_id"))),
			"shared_credentials_dir": text("Folder of the tccli profiles. Environment: `TENCENTCLOUD_SHARED_CREDENTIALS_DIR`. Default: `~/.tccli`.", tf.NotBlank()),
			"cam_role_name":          camRoleNameAttribute(),
			"allowed_account_ids":    allowedAccountIDsAttribute(),
			"language":               text("Language of the service's messages, `zh-CN` or `en-US`. Default: `en-US`.", stringvalidator.OneOf("zh-CN", "en-US")),
			"requests_per_second": schema.Float64Attribute{
				Optional:            true,
				MarkdownDescription: "Maximum requests per second for each action, from 0.01 to 10000. Runs that share an account share its limit. Default: `20`, the service's own limit.",
				Validators:          []validator.Float64{float64validator.Between(0.01, 10000)},
			},
			"max_retries": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Maximum retries of requests that are safe to repeat, 0 to 100. A submission is repeated only after an answer which proves that nothing was done. Throttling answers do not count, but with `0` nothing is repeated at all. Default: `5`.",
				Validators:          []validator.Int64{int64validator.Between(0, 100)},
			},
			"journal_dir": text("Folder in which submissions are recorded until a state holds them, so that a killed run does not lose a scan that is paid for; `none` turns it off. "+
				"Environment: `MS_JOURNAL_DIR`. Default: `terraform-provider-ms` in the user's cache directory.", tf.NotBlank()),
			"request_timeout": text("Maximum duration of one request, above zero, as in `90s`. Default: `60s`.", tf.Duration(0)),
		},
		Blocks: map[string]schema.Block{
			"assume_role":                   assumeRoleBlock(),
			"assume_role_with_web_identity": assumeRoleWithWebIdentityBlock(),
		},
	}
}

func text(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: validators}
}
