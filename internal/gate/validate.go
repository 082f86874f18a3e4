package gate

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/sanitize"
)

// maxFaults bounds the errors for one attribute, so that a broken baseline does not fill the screen.
const maxFaults = 5

// faults collects what is wrong with a policy, by attribute.
type faults struct {
	errs  []error
	count map[string]int
}

// add notes that the attribute is wrong; what is one line. cause may be nil.
func (f *faults) add(attribute, element, what string, cause error) {
	if f.count == nil {
		f.count = make(map[string]int)
	}
	f.count[attribute]++
	switch n := f.count[attribute]; {
	case n > maxFaults+1:
	case n == maxFaults+1:
		f.errs = append(f.errs, fmt.Errorf("%w: %s: and more of this kind", ErrPolicy, attribute))
	case cause != nil:
		f.errs = append(f.errs, fmt.Errorf("%w: %s%s: %w", ErrPolicy, attribute, element, cause))
	default:
		f.errs = append(f.errs, fmt.Errorf("%w: %s%s: %s", ErrPolicy, attribute, element, what))
	}
}

func (f *faults) addf(attribute, format string, args ...any) {
	f.add(attribute, "", fmt.Sprintf(format, args...), nil)
}

func (f *faults) join() error { return errors.Join(f.errs...) }

// Validate reports whether the policy makes sense for its source. The error joins one line for each
// fault; every one wraps [ErrPolicy] and names the rule, a bad expires_at [ErrExpiry] as well. Whether a
// source needs max_age can depend on what else is configured, which its evidence knows.
func (p Policy) Validate() error {
	var f faults
	if _, known := p.Source.info(); !known {
		f.addf("source", "%s is not a data source with a gate", sanitize.Quote(string(p.Source)))
	}
	for _, rule := range rules {
		if rule.Written(p) && !rule.Of(p.Source) {
			f.addf(rule.Argument(), "%s does not have this rule", sanitize.Line(string(p.Source)))
		}
	}
	p.checkSeverities(&f)
	p.checkCategories(&f)
	p.checkCoverage(&f)
	p.checkExceptions(&f)
	p.checkDenied(&f)
	for _, fingerprint := range p.Baseline {
		if !isHex32(fingerprint) {
			f.addf("baseline", "%s is not a fingerprint of 32 hex digits", sanitize.Quote(fingerprint))
		}
	}
	p.checkNumbers(&f)
	p.Enforcement.check(&f)
	return f.join()
}

// checkNumbers refuses negative counts and ages.
func (p Policy) checkNumbers(f *faults) {
	for _, rule := range rules {
		switch value := rule.field(&p).(type) {
		case **int64:
			if or(*value, 0) < 0 {
				f.addf(rule.Argument(), "%d is negative", **value)
			}
		case *time.Duration:
			if *value < 0 {
				f.addf(rule.Argument(), "%s is negative", *value)
			}
		}
	}
}

func (p Policy) checkSeverities(f *faults) {
	switch {
	case !slices.Contains(FailLevels(), p.failOn()):
		f.addf("fail_on", "%s is not one of %s", sanitize.Quote(string(p.FailOn)), join(FailLevels()))
	case p.FailOn == FailOnNone && len(p.MaxFindings) == 0:
		f.addf("fail_on", "none is allowed only beside max_findings, or nothing would ever fail")
	}
	for _, severity := range slices.Sorted(maps.Keys(p.MaxFindings)) {
		count := p.MaxFindings[severity]
		if !slices.Contains(worstFirst, severity) {
			f.addf("max_findings", "%s is not one of %s", sanitize.Quote(string(severity)), join(worstFirst))
		}
		if count < 0 {
			f.addf("max_findings", "%d findings of severity %s: a count cannot be negative", count, sanitize.Quote(string(severity)))
		}
	}
}

func (p Policy) checkCategories(f *faults) {
	for _, category := range p.DeniedCategories {
		if fault := p.categoryFault(category); fault != "" {
			f.addf("denied_categories", "%s", fault)
		}
	}
}

// categoryFault says why the source cannot have findings of the category; empty if it can.
func (p Policy) categoryFault(category Category) string {
	possible := Categories(p.Source)
	if slices.Contains(possible, category) {
		return ""
	}
	return fmt.Sprintf("%s is not a category of %s, which has %s", sanitize.Quote(string(category)), sanitize.Line(string(p.Source)), join(possible))
}

// checkCoverage checks what must have been scanned. An explicitly empty set of scan types is refused:
// it would let a pass rest on no evidence at all.
func (p Policy) checkCoverage(f *faults) {
	if p.Source == SourceScanResults && len(p.RequiredMD5s) == 0 {
		f.addf("required_md5s", "at least one MD5 is required, or the verdict is about no file")
	}
	for _, md5 := range p.RequiredMD5s {
		if !isHex32(md5) {
			f.addf("required_md5s", "%s is not an MD5 of 32 hex digits", sanitize.Quote(md5))
		}
	}
	if p.RequiredScanTypes != nil && len(p.RequiredScanTypes) == 0 {
		f.addf("required_scan_types", "must not be empty; leave it out for %s", strings.Join(DefaultScanTypes(), ", "))
	}
	for _, scanType := range p.RequiredScanTypes {
		if !slices.Contains(ScanTypes(), scanType) {
			f.addf("required_scan_types", "%s cannot be required; the results prove only %s", sanitize.Quote(scanType), strings.Join(ScanTypes(), ", "))
		}
	}
	for _, quuid := range p.RequiredMachines {
		if strings.TrimSpace(quuid) == "" {
			f.addf("required_machines", "a Quuid must not be blank")
		}
	}
}

func (e Enforcement) check(f *faults) {
	if known := []Enforcement{Mandatory, Advisory, None}; !slices.Contains(known, e.orDefault()) {
		f.addf("enforcement", "%s is not one of %s", sanitize.Quote(string(e)), join(known))
	}
}

// isHex32 reports whether s is 32 hex digits of any case: an MD5, or a fingerprint.
func isHex32(s string) bool {
	if len(s) != 32 {
		return false
	}
	var digits [16]byte
	_, err := hex.Decode(digits[:], []byte(s))
	return err == nil
}

func join[S ~string](values []S) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}
