package auth

import (
	"slices"
	"strings"
	"testing"
)

func TestPatterns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pattern   Pattern
		good, bad []string
	}{
		"role_arn": {RoleARN,
			[]string{scanner, "qcs::cam::uin/1:role/4611686018427397919", "qcs::cam::uin/1:role/tencentcloudServiceRoleName/x"},
			[]string{"", "scanner", "arn:aws:iam::1:role/x", "qcs::cam::uin/:roleName/x", "qcs::cam::uin/1:roleName/", scanner + "\n"}},
		"session_name":  {SessionName, []string{"ab", "a_b+=,.@-"}, []string{"", "a", "a b", "a/b", strings.Repeat("a", 129)}},
		"external_id":   {ExternalID, []string{"ab", "a:b/c"}, []string{"", "a", "a b", "ä"}},
		"cam_role_name": {CAMRoleName, []string{"a", "scan-er_1"}, []string{"", "a/b", "a b", "a?b"}},
		"account":       {AccountID, []string{"100000000001"}, []string{"", "1a", "-1", " 1"}},
	}
	for name, tt := range tests {
		for value := range slices.Values(tt.good) {
			if err := tt.pattern.Check(name, value); err != nil {
				t.Errorf("%q: %v", value, err)
			}
		}
		for value := range slices.Values(tt.bad) {
			if err := tt.pattern.Check(name, value); err == nil {
				t.Errorf("%s %q is taken", name, value)
			}
		}
	}
}
