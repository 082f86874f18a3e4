package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

const defaultProfile = "default"

// Bounds of the files of a profile in bytes. A real .credential has some hundred, a .configure some ten
// thousand, since it lists every service.
const (
	maxProfile   = 64 << 10
	maxConfigure = 1 << 20
)

// profile returns the credentials of a tccli profile, as tccli would use them. One that nobody asked for
// need not be there: ErrNoCredentials.
//
// The SDK's TccliProfileProvider is not used: it knows no folder but ~/.tccli and no role, and does not
// tell a profile that is missing from one that is broken. Its DefaultProfileProvider, which is not of
// this provider's precedence either, panics on a file without a section [default].
func (c Chain) profile(config tencentcloud.Config) (common.CredentialIface, error) {
	name := c.Environment.Or(c.Profile, EnvProfile, defaultProfile)
	dir := c.Environment.Or(c.SharedCredentialsDir, EnvSharedDir, "")
	asked := dir != "" || name != defaultProfile || c.Profile != ""
	if dir == "" {
		dir = filepath.Join("~", ".tccli")
	}
	file := profileFile{name: name, base: filepath.Join(c.Home.Expand(dir), name)}
	stored, err := file.read()
	switch {
	case err == nil:
		return stored.credentials(config, file)
	case errors.Is(err, fs.ErrNotExist):
		if !asked {
			return nil, ErrNoCredentials
		}
		return nil, advise(err, fmt.Sprintf("Create it by `tccli configure --profile %s`, or correct profile and shared_credentials_dir (%s and %s in the environment).",
			name, EnvProfile, EnvSharedDir))
	case !asked && errors.Is(err, fs.ErrPermission) && !errors.Is(err, ErrProfileField):
		return nil, ErrNoCredentials
	default:
		return nil, advise(err, fmt.Sprintf("Correct %s.credential, or name another profile by profile or %s.", file.base, EnvProfile))
	}
}

// credentials returns the credentials to which a profile leads.
func (s storedProfile) credentials(config tencentcloud.Config, file profileFile) (common.CredentialIface, error) {
	if s.machineRole {
		credential, err := machineRole("", config)
		return credential, err
	}
	var base common.CredentialIface = s.credential
	if s.credential.GetToken() != "" {
		base = newFileCredential(file, s, time.Now)
	}
	if s.roleARN == "" {
		return base, nil
	}
	return assumeRole(config, base, assumedRole{session: session{arn: s.roleARN, name: s.sessionName}}), nil
}

// profileFile is where a profile is stored.
type profileFile struct {
	name, base string // base is the path without its extension
}

// source names the profile in messages.
func (f profileFile) source() string { return fmt.Sprintf("the tccli profile %q", f.name) }

// read returns what the files of the profile hold.
func (f profileFile) read() (storedProfile, error) {
	data, err := readBounded(f.base+".credential", maxProfile)
	if err != nil {
		return storedProfile{}, fmt.Errorf("%s: %w", f.source(), err)
	}
	stored, err := decodeProfile(data, f.source())
	if err != nil {
		return storedProfile{}, err
	}
	data, err = readBounded(f.base+".configure", maxConfigure)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return stored, nil
	case err != nil: // it may name a role
		return storedProfile{}, fmt.Errorf("%s: %w: %w", f.source(), ErrProfileField, err)
	}
	return stored, checkConfigure(data, f.source())
}
