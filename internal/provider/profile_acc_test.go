package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// profileOf is a folder of tccli with the profile ci, and what makes a run use it.
func profileOf(t *testing.T, credential string) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ci.credential"), []byte(credential), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"TENCENTCLOUD_PROFILE=ci", "TENCENTCLOUD_SHARED_CREDENTIALS_DIR=" + dir}
}

func TestAccProfile_rolesOfTheFileCall(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ fields, action string }{
		"role-arn":      {fmt.Sprintf(`"role-arn":%q,"role-session-name":"ci"`, scannerRole), "AssumeRole"},
		"type cvm-role": {`"type":"cvm-role"`, emulator.MetadataAction},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t, emulator.WithRole(emulator.Role{ARN: scannerRole}))
			key := fmt.Sprintf(`{"secretId":%q,"secretKey":%q,`, cloud.SecretID(), cloud.SecretKey())
			w := acctest.NewWithBinary(t, profileOf(t, key+tt.fields+"}")...)
			w.Write(withoutKey(cloud) + scanOf(cloud))
			w.Apply().Succeeds()
			signedByRole(t, cloud)
			if n := cloud.Calls(tt.action); n != 1 {
				t.Errorf("%s was called %d times", tt.action, n)
			}
		})
	}
}

// TestAccProfile_problemsAreToldOfTheProfile calls nothing with the key of the profile, and does not advise to
// set another one.
func TestAccProfile_problemsAreToldOfTheProfile(t *testing.T) {
	t.Parallel()
	const key = `{"secretId":"AKIDprofile","secretKey":"profile-key"`
	expired := fmt.Sprintf(`,"token":"profile-token","type":"sso","expiresAt":%d}`, time.Now().Add(-time.Hour).Unix())
	for name, tt := range map[string]struct {
		credential string
		says       []string
		calls      int
	}{
		"half a role":   {key + `,"role-arn":"` + scannerRole + `"}`, []string{"role-arn is set without role-session-name", "ci.credential"}, 0},
		"use-cvm-role":  {key + `,"use-cvm-role":true}`, []string{"use-cvm-role", "ci.credential"}, 0},
		"unknown type":  {key + `,"type":"other"}`, []string{"type is none of", "ci.credential"}, 0},
		"half a key":    {`{"secretId":"AKIDprofile"}`, []string{"only one of secret_id and secret_key", "ci.credential"}, 0},
		"broken":        {key, []string{"is not valid JSON", "ci.credential"}, 0},
		"expired":       {key + expired, []string{"have expired", "tccli sso login"}, 0},
		"refused":       {key + "}", []string{"AuthFailure", `with the credentials of the tccli profile "ci"`}, 1},
		"role of none":  {`{"type":"cvm-role"}`, []string{"the metadata service of this machine", "Cloud Virtual Machine"}, 0},
		"other spelled": {key + `,"roleArn":"x"}`, []string{`"roleArn", which tccli does not read`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.NewCloud(t)
			w := acctest.NewWithBinary(t, profileOf(t, tt.credential)...)
			w.Write(withoutKey(cloud) + reading)
			w.Plan().Fails().Says(tt.says...).DoesNotSay("Set secret_id and secret_key", "Check secret_id", "profile-key", "profile-token")
			if n := cloud.Calls("DescribeScanResults"); n != tt.calls {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestAccProfile_missingOneSaysHowToCreateIt(t *testing.T) {
	t.Parallel()
	cloud := acctest.NewCloud(t)
	w := acctest.NewWithBinary(t, "TENCENTCLOUD_SHARED_CREDENTIALS_DIR="+t.TempDir())
	w.Write(withoutKey(cloud, `profile = "release"`) + reading)
	w.Plan().Fails().Says(`the tccli profile "release"`, "tccli configure --profile release").DoesNotSay("Set secret_id")
}
