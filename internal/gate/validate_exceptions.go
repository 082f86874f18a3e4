package gate

import (
	"fmt"
	"strings"
)

// checkExceptions refuses an exception that does not say what it excepts, why and until when.
func (p Policy) checkExceptions(f *faults) {
	for i, exception := range p.Exceptions {
		element := func(field string) string { return fmt.Sprintf("[%d].%s", i, field) }
		if fault := p.categoryFault(exception.Category); fault != "" {
			f.add("exceptions", element("category"), fault, nil)
		}
		if strings.TrimSpace(exception.ID) == "" {
			f.add("exceptions", element("id"), "is missing", nil)
		}
		if strings.TrimSpace(exception.Reason) == "" {
			f.add("exceptions", element("reason"), "is missing: say why the finding is acceptable", nil)
		}
		if _, err := ParseExpiry(exception.ExpiresAt); err != nil {
			f.add("exceptions", element("expires_at"), "", err)
		}
		if md5 := exception.AppMD5; md5 != nil && !isHex32(*md5) {
			f.add("exceptions", element("app_md5"), quote(*md5)+" is no MD5 of 32 hex digits", nil)
		}
		if name := exception.AppPkgName; name != nil && strings.TrimSpace(*name) == "" {
			f.add("exceptions", element("app_pkg_name"), "is blank: leave it out where the exception is for any app", nil)
		}
	}
}

// checkDeniedIDs refuses blank ids and ids that are excepted as well: the two contradict each other.
func (p Policy) checkDeniedIDs(f *faults) {
	excepted := make(map[string]bool, len(p.Exceptions))
	for _, exception := range p.Exceptions {
		excepted[caseless(exception.ID)] = true
	}
	for _, id := range p.DeniedIDs {
		switch {
		case strings.TrimSpace(id) == "":
			f.addf("denied_ids", "an id must not be blank")
		case excepted[caseless(id)]:
			f.addf("denied_ids", "%s is in exceptions as well", quote(id))
		}
	}
}

// Validate tells whether the policy makes sense. The error joins one line for each fault; every one
// wraps [ErrPolicy] and names the attribute. Whether max_age is obligatory depends on the task ids,
// which [ImageScan] knows; [ImageScan.Judge] is incomplete without it where it is.
func (p ImagePolicy) Validate() error {
	var f faults
	if p.MaxFoundVul < 0 {
		f.addf("max_found_vul", "%d is negative", p.MaxFoundVul)
	}
	if p.MaxRegistryFoundVul < 0 {
		f.addf("max_registry_found_vul", "%d is negative", p.MaxRegistryFoundVul)
	}
	if p.MaxFoundRiskImage != nil && *p.MaxFoundRiskImage < 0 {
		f.addf("max_found_risk_image", "%d is negative", *p.MaxFoundRiskImage)
	}
	if p.MaxAge < 0 {
		f.addf("max_age", "%s is negative", p.MaxAge)
	}
	p.Enforcement.check(&f)
	return f.join()
}
