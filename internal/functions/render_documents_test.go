package functions

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/tencentscan/terraform-provider-ms/internal/datasources"
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
		{datasources.NewHostScan(), hostScanDocument{}}, {datasources.NewHostFindings(), hostFindingsDocument{}},
		{datasources.NewImageScan(), imageScanDocument{}}, {datasources.NewImageFindings(), imageFindingsDocument{}},
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

// TestVerdictDocument_isReadWhole: what is lost on the way would be missing in reports.
func TestVerdictDocument_isReadWhole(t *testing.T) {
	t.Parallel()
	document, err := appendJSON(nil, value(wholeVerdict))
	if err != nil {
		t.Fatal(err)
	}
	into := new(verdictDocument)
	if err := decode(document, into); err != nil {
		t.Fatal(err)
	}
	for field, v := range jsonValues(reflect.ValueOf(into).Elem()) {
		if v.IsZero() {
			t.Errorf("%s is not read", field)
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
	delete(want, "Passed") // which follows from the outcome
	if !reflect.DeepEqual(got, want) {
		t.Errorf("it is read as\n%v, want\n%v", got, want)
	}
}

func jsonValues(v reflect.Value) map[string]reflect.Value {
	values := map[string]reflect.Value{}
	for i := range v.NumField() {
		values[v.Type().Field(i).Name] = v.Field(i)
	}
	return values
}

var wholeVerdict = map[string]any{
	"outcome": "fail", "passed": false, "message": "m", "reasons": []any{map[string]any{"code": "c", "detail": "d"}},
	"violations":      []any{map[string]any{"rule": "r", "category": "c", "severity": "high", "id": "i", "name": "n", "location": "l", "app_md5": "m", "fingerprint": "f"}},
	"violation_count": 1, "excepted_count": 2, "baselined_count": 3, "unused_exceptions": []any{"u"}, "valid_until": "2030-01-01T00:00:00Z",
	"policy_sha256": "s", "endpoint": "e", "fingerprints": []any{"f"}, "policy": "{}",
}
