package tencentcloud

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// prose are the fields by which the service explains itself, and where it may repeat what it was
// sent. URLs in other fields, as in Reference, are facts and stay as they are.
var prose = []string{"StatusDesc", "StatusRef", "Reason", "ErrMsg", "Description"}

// redactor takes out of an answer what the service repeats of the secrets in a request: a refusal
// may quote the request, and none of that may reach a message, a log, a plan or a state.
type redactor struct {
	// facts are the secrets that no text may hold: those of the credential, and by their prefixes too;
	// and what is secret in the URLs of the payload, whole.
	facts *secrets
	// words are those that no explanation of the service may hold: prefixes of the latter as well, and
	// what is too short to be looked for in facts.
	words *secrets
	short *secrets
}

// minShort is the least length in bytes of a password, or of a pair of a query, that is looked for in an
// explanation.
const minShort = 6

// newRedactor knows the secrets of a request: the credential that signed it, its signature, what is
// secret in the URLs of its payload, and what else the caller names.
func newRedactor(credential common.CredentialIface, authorization string, payload []byte, others ...string) *redactor {
	r := &redactor{facts: newSecrets(minSecret), words: newSecrets(minSecret), short: newSecrets(minShort)}
	_, signature, _ := strings.Cut(authorization, "Signature=")
	others = append(others, signature)
	if credential != nil {
		id, key, token := credential.GetCredential()
		others = append(others, id, key, token)
	}
	for _, secret := range others {
		for _, form := range formsOf(secret) {
			r.facts.add(form, true)
			r.words.add(form, true)
		}
	}
	var sent any
	if json.Unmarshal(payload, &sent) == nil {
		r.addURLs(sent)
	}
	return r
}

// addURLs adds what is secret in the URLs of what was sent.
func (r *redactor) addURLs(sent any) {
	var urls []*url.URL
	public := map[string]bool{} // a query may name the file by what the service is to answer with
	eachText(sent, func(text string) {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			urls = append(urls, u)
			return
		}
		public[strings.ToLower(text)] = true
	})
	add := func(secret string) {
		if public[strings.ToLower(secret)] {
			return
		}
		for _, form := range formsOf(secret) {
			r.facts.add(form, false)
			r.words.add(form, true)
		}
	}
	for _, u := range urls {
		add(u.RawQuery)
		add(u.Fragment)
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			_, value, _ := strings.Cut(pair, "=")
			add(value)
			r.short.add(pair, false)
		}
		if u.User != nil {
			password, _ := u.User.Password()
			add(u.User.String())
			add(u.User.Username())
			add(password)
			r.short.add(password, false)
		}
	}
}

// eachText visits every text in a JSON value.
func eachText(value any, visit func(string)) {
	switch v := value.(type) {
	case map[string]any:
		for _, inside := range v {
			eachText(inside, visit)
		}
	case []any:
		for _, inside := range v {
			eachText(inside, visit)
		}
	case string:
		visit(v)
	}
}

// text returns a text without the secrets.
func (r *redactor) text(s string) string { return r.facts.takenOutOf(s) }

// prose returns a text of the service about what happened, without secrets, known or not.
func (r *redactor) prose(s string) string {
	return sanitize.Signatures(r.short.takenOutOf(r.words.takenOutOf(sanitize.URLs(s))))
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
			if known, state := text.Get(); state == field.Known {
				text.Value = field.Of(redact(known))
			}
			return
		}
		for i, kind := range fieldsOf(v.Type()) {
			switch kind {
			case explains:
				r.walk(v.Field(i), r.prose)
			case states:
				r.walk(v.Field(i), redact)
			case hidden:
			}
		}
	default:
	}
}

// fieldKind is what a field of an answer is to the redactor.
type fieldKind byte

const (
	hidden   fieldKind = iota // not exported, or without text
	explains                  // one of prose
	states                    // any other
)

// answerFields is what there is to know of the types of answers, by type: to ask for it again for each of
// many objects took most of the walk.
var answerFields sync.Map

func fieldsOf(t reflect.Type) []fieldKind {
	if known, ok := answerFields.Load(t); ok {
		return known.([]fieldKind) //nolint:forcetypeassert // nothing else is stored
	}
	kinds := make([]fieldKind, t.NumField())
	for i := range kinds {
		switch one := t.Field(i); {
		case !one.IsExported() || !holdsText(one.Type):
		case slices.Contains(prose, one.Name):
			kinds[i] = explains
		default:
			kinds[i] = states
		}
	}
	answerFields.Store(t, kinds)
	return kinds
}

// holdsText tells whether a value of the type can hold text of an answer.
func holdsText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return true
	case reflect.Pointer, reflect.Slice:
		return holdsText(t.Elem())
	case reflect.Struct:
		return t == reflect.TypeFor[Text]() || slices.ContainsFunc(reflect.VisibleFields(t), func(one reflect.StructField) bool {
			return one.IsExported() && len(one.Index) == 1 && holdsText(one.Type)
		})
	default:
		return false
	}
}
