package tencentcloud

import (
	"testing"
	"time"
)

// keySeeds are answers with keys, whole and broken.
var keySeeds = []string{
	`{"Response":{"Credentials":{"TmpSecretId":"i","TmpSecretKey":"k","Token":"t"},"ExpiredTime":1700000000,"Expiration":"2023-11-14T22:13:20Z","RequestId":"r"}}`,
	`{"Response":{"Credentials":{"TmpSecretId":"i","TmpSecretKey":"k"},"ExpiredTime":"1700000000","RequestId":"r"}}`,
	`{"Response":{"Credentials":{"TmpSecretId":"","TmpSecretKey":"k","Token":"t"},"ExpiredTime":-1,"RequestId":"r"}}`,
	`{"Response":{"Credentials":[],"ExpiredTime":9223372036854775807,"RequestId":"r"}}`,
	`{"Response":{"Credentials":null,"RequestId":"r"}}`,
	`{"Response":{"AccountId":"100000000001","Arn":"qcs::cam::uin/100000000001:uin/100000000001","UserId":"1","RequestId":"r"}}`,
	`{"Response":{"AccountId":100000000001,"RequestId":"r"}}`, `{"Response":{"AccountId":{},"RequestId":"r"}}`,
}

// fuzzKeys is [fuzzAnswer] with seeds that hold keys.
func fuzzKeys[T any, P answered[T]](f *testing.F, check func(P)) {
	f.Helper()
	for _, seed := range keySeeds {
		f.Add([]byte(seed))
	}
	fuzzAnswer(f, check)
}

// checkKey panics where a key is taken that cannot be used.
func checkKey(key TemporaryCredentials, err error) {
	switch {
	case err != nil && key != (TemporaryCredentials{}):
		panic("a key beside an error")
	case err == nil && (key.SecretID == "" || key.SecretKey == "" || key.Token == "" || key.Expires.IsZero()):
		panic("half a key is taken")
	}
}

func FuzzAssumeRole(f *testing.F) {
	fuzzKeys(f, func(r *assumeRoleResponse) {
		asked := time.Unix(1_700_000_000, 0)
		key, err := r.credentials(assumeRole, asked, 900)
		checkKey(key, err)
		if err == nil && key.Expires.After(asked.Add(900*time.Second)) {
			panic("a key lives longer than was asked for")
		}
	})
}

func FuzzGetCallerIdentity(f *testing.F) {
	fuzzKeys(f, func(r *callerIdentityResponse) {
		if r.AccountID.Ptr() == nil && r.AccountID.String() != "" {
			panic("an account out of nothing")
		}
	})
}
