package tencentcloud

import (
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// notShown stands for a secret that the service repeated.
const notShown = "[not shown]"

// minSecret is the least length of a secret in bytes that is looked for in a text: shorter ones would
// be found where they are not. The service's own ids, keys and signatures are longer.
const minSecret = 12

// urlSecrets matches the URLs in a text: before, within and behind what is secret in them.
var urlSecrets = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*:(?://|\\/\\/))([^\s/\\?#"'<>]*@)?([^\s?#"'<>]*)([?#][^\s"'<>]*)?`)

// signatures matches what a TC3 signature looks like, also the signatures of signed URLs.
var signatures = regexp.MustCompile(`(?i)(TC3-HMAC-SHA256\b[^"\n]*|\b[a-z-]*signature["']?\s*[=:]\s*["']?[^\s,;&"']+)`)

// withoutURLSecrets takes user info, query and fragment out of the URLs in a text.
func withoutURLSecrets(text string) string {
	if !strings.Contains(text, ":") {
		return text
	}
	return urlSecrets.ReplaceAllString(text, "$1$3")
}

// prose are the fields by which the service explains itself, and where it may repeat what it was
// sent. URLs in other fields, as in Reference, are facts and stay as they are.
var prose = []string{"StatusDesc", "StatusRef", "Reason", "ErrMsg", "Description"}

// redactor takes out of an answer what the service repeats of the secrets in a request: a refusal
// may quote the request, and none of that may reach a message, a log, a plan or a state.
type redactor struct{ secrets []string }

// newRedactor knows the secrets of a request: the credential that signed it, its signature, and what is
// secret in the URLs of its payload.
func newRedactor(credential common.CredentialIface, authorization string, payload []byte) *redactor {
	r := &redactor{}
	if credential != nil {
		id, key, token := credential.GetCredential()
		r.add(id, key, token)
	}
	_, signature, _ := strings.Cut(authorization, "Signature=")
	r.add(signature)
	var sent any
	if json.Unmarshal(payload, &sent) == nil {
		r.addURLs(sent)
	}
	// The longest first, so that none is cut by one that it contains.
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
	return r
}

func (r *redactor) add(secrets ...string) {
	for _, secret := range secrets {
		forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret)}
		if quoted, err := json.Marshal(secret); err == nil {
			forms = append(forms, strings.Trim(string(quoted), `"`))
		}
		if decoded, err := url.QueryUnescape(secret); err == nil {
			forms = append(forms, decoded)
		}
		for _, form := range forms {
			if len(form) >= minSecret && !slices.Contains(r.secrets, form) {
				r.secrets = append(r.secrets, form)
			}
		}
	}
}

// addURLs walks what was sent.
func (r *redactor) addURLs(sent any) {
	switch v := sent.(type) {
	case map[string]any:
		for _, inside := range v {
			r.addURLs(inside)
		}
	case []any:
		for _, inside := range v {
			r.addURLs(inside)
		}
	case string:
		u, err := url.Parse(v)
		if err != nil || u.Host == "" {
			return
		}
		r.add(u.RawQuery, u.Fragment)
		for part := range strings.SplitSeq(u.RawQuery, "&") {
			_, value, _ := strings.Cut(part, "=")
			r.add(value)
		}
		if u.User != nil {
			password, _ := u.User.Password()
			r.add(u.User.String(), u.User.Username(), password)
		}
	}
}

// text returns a text without the secrets.
func (r *redactor) text(s string) string {
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, notShown)
	}
	return s
}

// prose returns a text of the service about what happened, without secrets, known or not.
func (r *redactor) prose(s string) string {
	return signatures.ReplaceAllString(r.text(withoutURLSecrets(s)), notShown)
}

// answer redacts every text of an answer in place.
func (r *redactor) answer(response interface{ head() *answer }) {
	head := response.head()
	head.RequestID = r.prose(head.RequestID)
	if head.Error != nil {
		head.Error.Code, head.Error.Message = r.prose(head.Error.Code), r.prose(head.Error.Message)
	}
	r.walk(reflect.ValueOf(response), r.text)
}

func (r *redactor) walk(v reflect.Value, redact func(string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			r.walk(v.Elem(), redact)
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.walk(v.Index(i), redact)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(redact(v.String()))
		}
	case reflect.Struct:
		if !v.CanAddr() {
			return
		}
		if text, ok := v.Addr().Interface().(*Text); ok {
			text.value = redact(text.value)
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			if slices.Contains(prose, field.Name) {
				r.walk(v.Field(i), r.prose)
				continue
			}
			r.walk(v.Field(i), redact)
		}
	default:
	}
}
