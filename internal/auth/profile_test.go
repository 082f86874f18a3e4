package auth

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

func TestProfile_temporaryCredentialsAreReadAgain(t *testing.T) {
	t.Parallel()
	home := homeWith(t, map[string]string{".tccli/ci.credential": `{"secretId":"id-1","secretKey":"key-1","token":"token-1"}`})
	file := filepath.Join(home, ".tccli", "ci.credential")
	credential, err := chainOf(Settings{Profile: "ci"}, nil, home).profile(tencentcloud.Config{})
	if err != nil {
		t.Fatal(err)
	}
	keys, ok := credential.(*fileCredential)
	if !ok {
		t.Fatalf("%T", credential)
	}
	now := time.Now()
	keys.now = func() time.Time { return now }
	for i, step := range []struct {
		content string
		after   time.Duration
		want    string
	}{
		{"", 0, "id-1"},
		{`{"secretId":"id-2","secretKey":"key-2","token":"token-2"}`, 0, "id-1"},
		{"", profileReadAgain, "id-2"},
		{`{"secretId":"id-`, profileReadAgain, "id-2"}, // being written
		{`{"secretId":"id-3","secretKey":"key-3","token":"token-3"}`, profileReadAgain, "id-3"},
	} {
		if step.content != "" {
			if err := os.WriteFile(file, []byte(step.content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(step.after)
		got, err := keys.Retrieve(t.Context())
		if err != nil || got.GetSecretId() != step.want {
			t.Errorf("step %d: %s, %v, want %s", i, got.GetSecretId(), err, step.want)
		}
	}
}

// TestProfile_readAgainNeverChangesAnAccountThatWasChecked has allowed_account_ids hold for a whole run.
func TestProfile_readAgainNeverChangesAnAccountThatWasChecked(t *testing.T) {
	t.Parallel()
	checked := tencentcloud.OfAccount(&fileCredential{}, "100000000001")
	if _, again := checked.(interface {
		Retrieve(context.Context) (common.CredentialIface, error)
	}); again {
		t.Error("keys of an account that was checked are read again")
	}
}

func FuzzDecodeProfile(f *testing.F) {
	for _, seed := range []string{
		`{"secretId":"i","secretKey":"k","token":"t"}`, `{"secretId":"i","secretKey":"k"}`, `{"secretId":"i"}`, `{"token":"t"}`, `{"secretId":"i\n","secretKey":"k"}`,
		`{"type":"oauth","secretId":"i","secretKey":"k","token":"t","expiresAt":1700000000,"oauth":{"openId":"o"}}`, `{"SecretID":1}`,
		`{"secretId":"i","secretKey":"k","role-arn":"qcs::cam::uin/1:roleName/x","role-session-name":"ab"}`, `{"type":"cvm-role"}`, `{"secretId":"i","secretKey":"k","use-cvm-role":true}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		stored, err := decodeProfile(data, "the file")
		if err != nil {
			return
		}
		if stored.machineRole {
			if stored.credential != nil || stored.roleARN != "" {
				t.Fatal("the machine's role and something else")
			}
			return
		}
		if (stored.roleARN == "") != (stored.sessionName == "") {
			t.Fatalf("half a role is taken: %q", data)
		}
		id, key, token := stored.credential.GetCredential()
		for _, part := range []string{id, key, token} {
			for _, r := range part {
				if r <= ' ' || r >= 0x7f {
					t.Fatalf("%q is taken", part)
				}
			}
		}
		if id == "" || key == "" {
			t.Fatalf("half a pair is taken: %q", data)
		}
	})
}
