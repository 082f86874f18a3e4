package emulator

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Role is a CAM role that the server knows.
type Role struct {
	// ARN is as in qcs::cam::uin/100000000001:roleName/scanner; its uin is the account that the
	// role's keys act for.
	ARN string
	// Trusted are the accounts whose keys may assume the role; nil is every account.
	Trusted []string
	// ExternalID must be given where it is not empty.
	ExternalID string
	// ProviderID is the identity provider whose tokens may assume the role; empty is any. WebTokens
	// are the tokens that it vouches for; nil is every token.
	ProviderID string
	WebTokens  []string
	// Life bounds the life of the role's keys, in whole seconds; 0 is what the call asks for.
	Life time.Duration
}

// WithRole adds a role. Without any, every well-formed role exists, trusts everybody, and is bound to
// the machine whose metadata service the server plays; with some, only those are.
func WithRole(role Role) Option {
	return func(s *settings) error {
		if !roleFormat.MatchString(role.ARN) || role.Life < 0 {
			return errors.New("emulator: no such role is possible")
		}
		s.roles = append(s.roles, role)
		return nil
	}
}

// Forms and bounds, from the API manual of AssumeRole.
var (
	roleFormat       = regexp.MustCompile(`^qcs::cam::uin/([0-9]+):(?:roleName|role)/(?:tencentcloudServiceRole(?:Name)?/)?([\w+=,.@-]+)$`)
	sessionFormat    = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalIDFormat = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

const (
	defaultSession = 7200
	longestSession = 43200
)

// account is the uin of the role's ARN, name its last part.
func (r Role) account() string { return roleFormat.FindStringSubmatch(r.ARN)[1] }
func (r Role) name() string    { return roleFormat.FindStringSubmatch(r.ARN)[2] }

// stsState are the keys that were given out.
type stsState struct {
	mu     sync.Mutex
	issued map[string]issuedKey
}

// issuedKey is a key of a role.
type issuedKey struct {
	Credential
	role    Role
	session string
}

// issue makes a key of a role.
func (s *Server) issue(role Role, session string, seconds int64) issuedKey {
	life := time.Duration(seconds) * time.Second
	if role.Life > 0 {
		life = min(life, role.Life)
	}
	key := issuedKey{
		Credential: Credential{
			SecretID: "AKID" + randomHex(16), SecretKey: randomHex(16), Token: randomHex(48),
			// The answer gives whole seconds; so does the end.
			Expires: s.now().Add(life).Truncate(time.Second),
			Account: role.account(),
		},
		role: role, session: session,
	}
	s.sts.mu.Lock()
	defer s.sts.mu.Unlock()
	if s.sts.issued == nil {
		s.sts.issued = make(map[string]issuedKey)
	}
	s.sts.issued[key.SecretID] = key
	return key
}

// key looks up a key, be it permanent or given out.
func (s *Server) key(secretID string) (Credential, bool) {
	if key, found := s.keys[secretID]; found {
		return key, true
	}
	key, found := s.issuedKey(secretID)
	return key.Credential, found
}

func (s *Server) issuedKey(secretID string) (issuedKey, bool) {
	s.sts.mu.Lock()
	defer s.sts.mu.Unlock()
	key, found := s.sts.issued[secretID]
	return key, found
}

// findRole looks up a role by a predicate, or makes up the one that arn names where none are set.
func (s *Server) findRole(arn string, is func(Role) bool) (Role, *failure) {
	if !roleFormat.MatchString(arn) {
		return Role{}, fail("InvalidParameter.ParamError", "The RoleArn is not of the form of a role.")
	}
	if len(s.settings.roles) == 0 {
		return Role{ARN: arn}, nil
	}
	i := slices.IndexFunc(s.settings.roles, is)
	if i < 0 {
		return Role{}, fail("ResourceNotFound.RoleNotFound", "The role does not exist.")
	}
	return s.settings.roles[i], nil
}

// session reads what both actions have in common.
func (s *Server) session(r *request) (role Role, name string, seconds int64, f *failure) {
	arn, _ := r.parameters["RoleArn"].(string)
	name, _ = r.parameters["RoleSessionName"].(string)
	if role, f = s.findRole(arn, func(known Role) bool { return known.ARN == arn }); f != nil {
		return role, "", 0, f
	}
	if !sessionFormat.MatchString(name) {
		return role, "", 0, fail("InvalidParameter.ParamError", "The RoleSessionName is invalid.")
	}
	seconds = defaultSession
	if given, ok := r.parameters["DurationSeconds"].(json.Number); ok {
		seconds, _ = given.Int64()
	}
	if seconds <= 0 || seconds > longestSession {
		return role, "", 0, fail("InvalidParameter.OverTimeError", "The DurationSeconds is not within 1 and 43200.")
	}
	return role, name, seconds, nil
}

func (s *Server) assumeRole(r *request) (map[string]any, *failure) {
	role, session, seconds, f := s.session(r)
	if f != nil {
		return nil, f
	}
	if role.Trusted != nil && !slices.Contains(role.Trusted, r.account) {
		return nil, fail("UnauthorizedOperation", "The role does not trust the caller.")
	}
	given, _ := r.parameters["ExternalId"].(string)
	if given != "" && !externalIDFormat.MatchString(given) {
		return nil, fail("InvalidParameter.ParamError", "The ExternalId is invalid.")
	}
	if role.ExternalID != "" && given != role.ExternalID {
		return nil, fail("UnauthorizedOperation", "The role does not trust the caller without its ExternalId.")
	}
	if policy, _ := r.parameters["Policy"].(string); policy != "" && !isPolicy(policy) {
		return nil, fail("InvalidParameter.StrategyFormatError", "The Policy is not the URL encoding of a policy.")
	}
	return keyAnswer(s.issue(role, session, seconds)), nil
}

// isPolicy tells whether a text is what the service takes for a policy: JSON, URL-encoded.
func isPolicy(encoded string) bool {
	if strings.ContainsAny(encoded, "{}\" ") {
		return false
	}
	text, err := url.QueryUnescape(encoded)
	var policy struct {
		Statement json.RawMessage `json:"statement"`
	}
	return err == nil && json.Unmarshal([]byte(text), &policy) == nil && len(policy.Statement) > 0
}

func (s *Server) assumeRoleWithWebIdentity(r *request) (map[string]any, *failure) {
	role, session, seconds, f := s.session(r)
	if f != nil {
		return nil, f
	}
	provider, _ := r.parameters["ProviderId"].(string)
	if role.ProviderID != "" && provider != role.ProviderID {
		return nil, fail("UnauthorizedOperation", "The role does not trust the identity provider.")
	}
	token, _ := r.parameters["WebIdentityToken"].(string)
	if role.WebTokens != nil && !slices.Contains(role.WebTokens, token) {
		return nil, fail("InvalidParameter.WebIdentityTokenError", "The WebIdentityToken is invalid or has expired.")
	}
	return keyAnswer(s.issue(role, session, seconds)), nil
}

func keyAnswer(key issuedKey) map[string]any {
	return map[string]any{
		"Credentials": map[string]any{
			"TmpSecretId": key.SecretID, "TmpSecretKey": key.SecretKey, "Token": key.Token,
		},
		"ExpiredTime": key.Expires.Unix(),
		"Expiration":  key.Expires.UTC().Format(time.RFC3339),
	}
}

func (s *Server) getCallerIdentity(r *request) (map[string]any, *failure) {
	if key, found := s.issuedKey(r.secretID); found {
		return map[string]any{
			"Type": "CAMRole", "AccountId": r.account, "PrincipalId": r.account,
			"UserId": key.role.name() + ":" + key.session,
			"Arn":    "qcs::sts:" + r.account + ":assumed-role/" + key.role.name(),
		}, nil
	}
	return map[string]any{
		"Type": "CAMUser", "AccountId": r.account, "PrincipalId": r.account, "UserId": r.account,
		"Arn": "qcs::cam:" + r.account + ":uin/" + r.account,
	}, nil
}

// skipsSignature tells whether a call may come without a signature, and does. Nothing but the action
// then says which service is meant.
func (q *apiRequest) skipsSignature() (service string, skips bool) {
	known := actions[q.action]
	return known.service, known.unsigned && q.r.Header.Get("Authorization") == "SKIP"
}
