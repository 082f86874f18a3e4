package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Fields of a .credential that decide who calls, as tccli reads them (its parse_global_arg and configure).
//
//	type               "cvm-role": the machine's role, before everything else. "oauth" and "sso": temporary
//	                   keys that tccli refreshes in the file. "default", "" and absent: the keys.
//	role-arn           with role-session-name: the keys assume this role. tccli ignores one without the other.
//	secretId, secretKey, token: the keys.
//	use-cvm-role       an option of tccli, which it stores as type; it is not read from a file.
//
// What tccli ignores although it names a role is refused: it was meant to change who calls. A .configure
// holds regions, endpoints and versions, none of which changes who calls.
const (
	fieldType        = "type"
	fieldRoleARN     = "role-arn"
	fieldSessionName = "role-session-name"
	fieldUseCVMRole  = "use-cvm-role"
	fieldExpiresAt   = "expiresAt"
)

const typeCVMRole = "cvm-role"

// storedProfile is what a profile says about who calls.
type storedProfile struct {
	machineRole          bool
	credential           *Credential // nil with machineRole
	roleARN, sessionName string      // both or neither
	expires              time.Time   // zero if that is not known
}

// sameCaller tells whether two versions of a profile lead to the same role.
func (s storedProfile) sameCaller(other storedProfile) bool {
	return s.machineRole == other.machineRole && s.roleARN == other.roleARN && s.sessionName == other.sessionName
}

// fields are the members of a JSON object. Names are exact, the last of equal ones counts, as in tccli.
type fields map[string]json.RawMessage

func decodeFields(data []byte, source string) (fields, error) {
	var f fields
	if json.Unmarshal(data, &f) != nil || f == nil {
		return nil, fmt.Errorf("%s is not valid JSON, or no object", source)
	}
	return f, nil
}

// text returns a text, "" for one that is absent or null.
func (f fields) text(name string) (string, error) {
	var value *string
	if raw, ok := f[name]; ok && json.Unmarshal(raw, &value) != nil {
		return "", fmt.Errorf("%w: %s is not a text", ErrProfileField, name)
	}
	if value == nil {
		return "", nil
	}
	return *value, nil
}

func decodeProfile(data []byte, source string) (storedProfile, error) {
	f, err := decodeFields(data, source)
	if err != nil {
		return storedProfile{}, err
	}
	stored, err := f.profile(source)
	if err != nil {
		return storedProfile{}, fmt.Errorf("%s: %w", source, err)
	}
	return stored, nil
}

func (f fields) profile(source string) (storedProfile, error) {
	texts := map[string]string{}
	for _, name := range []string{fieldType, fieldRoleARN, fieldSessionName, "secretId", "secretKey", "token"} {
		text, err := f.text(name)
		if err != nil {
			return storedProfile{}, err
		}
		texts[name] = text
	}
	stored := storedProfile{roleARN: texts[fieldRoleARN], sessionName: texts[fieldSessionName]}
	if err := f.refuseIgnoredRoles(); err != nil {
		return storedProfile{}, err
	}
	switch texts[fieldType] {
	case "", "default":
	case "oauth", "sso":
		stored.expires = f.expiry()
	case typeCVMRole:
		if stored.roleARN != "" || stored.sessionName != "" {
			return storedProfile{}, fmt.Errorf("%w: type is %q, for which tccli ignores role-arn and role-session-name", ErrProfileField, typeCVMRole)
		}
		return storedProfile{machineRole: true}, nil
	default:
		return storedProfile{}, fmt.Errorf(`%w: type is none of "default", "cvm-role", "oauth" and "sso"`, ErrProfileField)
	}
	if err := stored.checkRole(); err != nil {
		return storedProfile{}, err
	}
	credential, err := newCredential(texts["secretId"], texts["secretKey"], texts["token"], source)
	stored.credential = credential
	return stored, err
}

func (s storedProfile) checkRole() error {
	switch {
	case s.roleARN == "" && s.sessionName == "":
		return nil
	case s.sessionName == "":
		return fmt.Errorf("%w: role-arn is set without role-session-name, so that tccli does not assume the role", ErrProfileField)
	case s.roleARN == "":
		return fmt.Errorf("%w: role-session-name is set without role-arn", ErrProfileField)
	}
	if err := RoleARN.Check(fieldRoleARN, s.roleARN); err != nil {
		return fmt.Errorf("%w: %w", ErrProfileField, err)
	}
	if err := SessionName.Check(fieldSessionName, s.sessionName); err != nil {
		return fmt.Errorf("%w: %w", ErrProfileField, err)
	}
	return nil
}

// refuseIgnoredRoles returns an error for a field that tccli ignores although it names a role.
func (f fields) refuseIgnoredRoles() error {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		switch {
		case name == fieldRoleARN, name == fieldSessionName, !isAboutRole(name), isOff(f[name]):
		case name == fieldUseCVMRole:
			return fmt.Errorf("%w: use-cvm-role, which tccli stores as \"type\": %q (`tccli configure set use-cvm-role true`)", ErrProfileField, typeCVMRole)
		default:
			return fmt.Errorf("%w: %.40q, which tccli does not read", ErrProfileField, name)
		}
	}
	return nil
}

// isAboutRole tells whether the name of a field speaks of a role, however it is spelt.
func isAboutRole(name string) bool {
	plain := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	return strings.Contains(plain, "role") || plain == "externalid" || plain == "sourceprofile"
}

// isOff tells whether a value switches nothing on.
func isOff(raw json.RawMessage) bool {
	switch strings.ToLower(string(bytes.TrimSpace(raw))) {
	case "null", "false", `"false"`, `""`, "{}":
		return true
	}
	return false
}

// expiry returns when the keys that tccli refreshes expire.
func (f fields) expiry() time.Time {
	var seconds float64
	if json.Unmarshal(f[fieldExpiresAt], &seconds) != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// checkConfigure returns an error if a .configure names a role: tccli does not read it there.
func checkConfigure(data []byte, source string) error {
	configure, err := decodeFields(data, source+" (.configure)")
	if err != nil {
		return err
	}
	places := []fields{configure}
	if nested, err := decodeFields(configure["_sys_param"], source); err == nil {
		places = append(places, nested)
	}
	for _, place := range places {
		for _, name := range slices.Sorted(maps.Keys(place)) {
			// Services have objects of their own there, whatever they are called.
			if isAboutRole(name) && !isOff(place[name]) && !bytes.HasPrefix(bytes.TrimSpace(place[name]), []byte("{")) {
				return fmt.Errorf("%s: %w: %.40q in its .configure, where tccli does not read it", source, ErrProfileField, name)
			}
		}
	}
	return nil
}
