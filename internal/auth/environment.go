package auth

// Environment variables of the credentials.
const (
	EnvSecretID      = "TENCENTCLOUD_SECRET_ID"
	EnvSecretKey     = "TENCENTCLOUD_SECRET_KEY"
	EnvSecurityToken = "TENCENTCLOUD_SECURITY_TOKEN"
	EnvProfile       = "TENCENTCLOUD_PROFILE"
	EnvSharedDir     = "TENCENTCLOUD_SHARED_CREDENTIALS_DIR"
	EnvCAMRoleName   = "TENCENTCLOUD_CAM_ROLE_NAME"
)

// Environment variables of roles. The first four belong to the web identity if one of its own two is set,
// otherwise to assume_role.
const (
	EnvRoleARN         = "TENCENTCLOUD_ASSUME_ROLE_ARN"
	EnvSessionName     = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
	EnvSessionDuration = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
	EnvExternalID      = "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"
	EnvProviderID      = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
	EnvWebTokenFile    = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE"
)

// Environment looks up an environment variable, as [os.LookupEnv] does.
type Environment func(name string) (string, bool)

// Get returns an environment variable, "" if it is not set.
func (e Environment) Get(name string) string {
	value, _ := e(name)
	return value
}

// Or returns the configured value, else the environment variable, else the default.
func (e Environment) Or(configured, name, byDefault string) string {
	if configured != "" {
		return configured
	}
	if value := e.Get(name); value != "" {
		return value
	}
	return byDefault
}
