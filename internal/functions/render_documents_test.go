package functions

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/tencentscan/terraform-provider-ms/internal/datasources"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

// notRead are attributes whose names a type of package tencentcloud spells in another way, and that no
// report reads.
var notRead = map[string]bool{
	"uuid": true, "host_ip": true, "machine_wan_ip": true, "wan_ip": true, "private_ip": true, "instance_id": true,
}

// TestDocuments_spellNamesAsTheyAreWritten: encoding/json also takes a name in another case, which its next
// version does not, and which says nothing about a name that is misspelt in another way.
func TestDocuments_spellNamesAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		source   datasource.DataSource
		document any
	}{
		{datasources.NewScanResults(), scanResultsDocument{}}, {datasources.NewAPKDetection(), apkDetectionDocument{}},
		{datasources.NewHostScan(), hostScanDocument{}}, {datasources.NewImageScan(), imageScanDocument{}},
	} {
		var resp datasource.SchemaResponse
		test.source.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
		if read := compareNames(t, reflect.TypeOf(test.document), resp.Schema.Type()); read < 8 {
			t.Errorf("%T reads %d attributes", test.document, read)
		}
	}
}

// compareNames reports attributes of a schema's type that a Go type has in another case, and returns how
// many it has.
func compareNames(t *testing.T, document reflect.Type, schema attr.Type) (read int) {
	t.Helper()
	for document.Kind() == reflect.Pointer || document.Kind() == reflect.Slice {
		document = document.Elem()
	}
	switch schema := schema.(type) {
	case attr.TypeWithAttributeTypes:
		if document.Kind() != reflect.Struct {
			return 0
		}
		fields := jsonFields(document)
		for attribute, kind := range schema.AttributeTypes() {
			name := serviceName(attribute)
			if of, ok := fields[name]; ok {
				read += 1 + compareNames(t, of, kind)
				continue
			}
			for field := range fields {
				if strings.EqualFold(field, name) && !notRead[attribute] {
					t.Errorf("%s has %s, the attribute %s is written as %s", document, field, attribute, name)
				}
			}
		}
	case attr.TypeWithElementType:
		return compareNames(t, document, schema.ElementType())
	}
	return read
}

// jsonFields returns the fields of a struct, those of embedded ones among them, by their names in JSON.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = f.Name
		}
		fields[name] = f.Type
	}
	return fields
}

// TestGateDocument_isReadWhole: a rule that is lost on the way would judge findings by another policy.
func TestGateDocument_isReadWhole(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{"gate": wholeGate, "verdict": wholeVerdict} {
		document, err := appendJSON(nil, value(v))
		if err != nil {
			t.Fatal(err)
		}
		var into any = new(gateDocument)
		if name == "verdict" {
			into = new(verdictDocument)
		}
		if err := decode(document, into); err != nil {
			t.Fatal(err)
		}
		for field, v := range jsonValues(reflect.ValueOf(into).Elem()) {
			if v.IsZero() {
				t.Errorf("%s: %s is not read", name, field)
			}
		}
		again, err := json.Marshal(into)
		if err != nil {
			t.Fatal(err)
		}
		var got, want map[string]any
		if json.Unmarshal(again, &got) != nil || json.Unmarshal(document, &want) != nil {
			t.Fatal("no JSON")
		}
		delete(got, "RecordFingerprints") // which package tencentcloud only reads
		delete(want, "RecordFingerprints")
		delete(want, "Passed") // which follows from the outcome
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as\n%v, want\n%v", name, got, want)
		}
	}
}

func jsonValues(v reflect.Value) map[string]reflect.Value {
	values := map[string]reflect.Value{}
	for i := range v.NumField() {
		values[v.Type().Field(i).Name] = v.Field(i)
	}
	return values
}

var wholeGate = map[string]any{
	"required_md5s": []any{"a"}, "required_scan_types": []any{"VULSCAN"}, "required_machines": []any{"q"}, "max_failed_machines": 2,
	"fail_on": "low", "max_findings": map[string]any{"unknown": 3}, "denied_categories": []any{"ad"}, "denied_ids": []any{"i"},
	"exceptions": []any{map[string]any{"category": "ad", "id": "i", "reason": "r", "expires_at": "2030-01-01", "app_pkg_name": "p", "app_md5": "m"}},
	"baseline":   []any{"f"}, "record_fingerprints": true, "max_age": "1h", "enforcement": "none",
}

var wholeVerdict = map[string]any{
	"outcome": "fail", "passed": false, "message": "m", "reasons": []any{map[string]any{"code": "c", "detail": "d"}},
	"violations":      []any{map[string]any{"rule": "r", "category": "c", "severity": "high", "id": "i", "name": "n", "location": "l", "app_md5": "m", "fingerprint": "f"}},
	"violation_count": 1, "excepted_count": 2, "baselined_count": 3, "unused_exceptions": []any{"u"}, "valid_until": "2030-01-01T00:00:00Z",
	"policy_sha256": "s", "endpoint": "e", "fingerprints": []any{"f"}, "policy": "{}",
}

// TestGateDocument_policy compares each member of the policy with the attribute that it is of.
func TestGateDocument_policy(t *testing.T) {
	t.Parallel()
	document, err := appendJSON(nil, value(wholeGate))
	if err != nil {
		t.Fatal(err)
	}
	var d gateDocument
	if err := decode(document, &d); err != nil {
		t.Fatal(err)
	}
	got, err := d.policy(gate.SourceHostScan)
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) *string { return &s }
	want := gate.Policy{
		Source: gate.SourceHostScan, RequiredMD5s: []string{"a"}, RequiredScanTypes: []string{"VULSCAN"}, RequiredMachines: []string{"q"}, MaxFailedMachines: 2,
		FailOn: gate.Low, MaxFindings: map[gate.Severity]int64{gate.Unknown: 3}, DeniedCategories: []gate.Category{gate.Ad}, DeniedIDs: []string{"i"},
		Exceptions: []gate.Exception{{Category: gate.Ad, ID: "i", Reason: "r", ExpiresAt: "2030-01-01", AppPkgName: text("p"), AppMD5: text("m")}},
		Baseline:   []string{"f"}, MaxAge: time.Hour, Enforcement: gate.None,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the policy is\n%+v, want\n%+v", got, want)
	}
}
