package tencentcloud

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

// told returns what is known of an answer, a line for each field that has a value, as in List[0].Id=7. The names
// are those of the Go fields.
func told(answer any) []string {
	var lines []string
	walkFields(reflect.ValueOf(answer).Elem(), "", func(path string, state field.State, value string) {
		if state == field.Known {
			lines = append(lines, path+"="+value)
		}
	})
	slices.Sort(lines)
	return lines
}

// walkFields calls visit for each scalar of an answer, and for each list and object of it that is not there.
func walkFields(v reflect.Value, path string, visit func(path string, state field.State, value string)) {
	if !v.CanInterface() { // the head of the answer
		return
	}
	switch x := v.Interface().(type) {
	case Int:
		visit(path, x.State(), x.text())
	case Float:
		value, state := x.Get()
		visit(path, state, fmt.Sprint(value))
	case Bool:
		value, state := x.Get()
		visit(path, state, fmt.Sprint(value))
	case Text:
		visit(path, x.State(), x.String())
	case Time:
		visit(path, x.State(), x.String())
	case Texts:
		state := field.Absent
		if x != nil {
			state = field.Known
		}
		visit(path, state, strings.Join(x, " "))
	case interface{ State() field.State }:
		items, read := v.FieldByName("Items"), v.FieldByName("Read")
		switch {
		case items.IsValid() && items.Len() > 0:
			for i := range items.Len() {
				walkFields(items.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
			}
		case read.IsValid() && !read.IsNil():
			walkFields(read.Elem(), path, visit)
		case x.State() != field.Known:
			visit(path, x.State(), "")
		}
	default:
		for i := range v.NumField() {
			name := path
			if structField := v.Type().Field(i); !structField.Anonymous {
				name = strings.TrimPrefix(path+"."+structField.Name, ".")
			}
			walkFields(v.Field(i), name, visit)
		}
	}
}

// rewrite returns a sample with each scalar replaced.
func rewrite(t *testing.T, sample string, replace func(any) any) string {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(sample))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch x := v.(type) {
		case map[string]any:
			changed := maps.Clone(x)
			for key, value := range x {
				if key != "RequestId" { // of the head
					changed[key] = walk(value)
				}
			}
			return changed
		case []any:
			changed := slices.Clone(x)
			for i, value := range x {
				changed[i] = walk(value)
			}
			return changed
		default:
			return replace(x)
		}
	}
	text, err := json.Marshal(walk(document))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// otherSpelling gives numbers and truth values as text, and whole numbers that are text as numbers.
func otherSpelling(v any) any {
	switch x := v.(type) {
	case json.Number:
		return x.String()
	case bool:
		return fmt.Sprint(x)
	case string:
		if n, ok := parseInt(x); ok && fmt.Sprint(n) == x {
			return json.Number(x)
		}
	}
	return v
}

// testAnswer checks that every field of an answer is read from the sample, in either spelling of its types, and
// that none is taken for known where it is null, left out or of another type. want are the lines of [told].
func testAnswer[T any, P answered[T]](t *testing.T, sample string, want ...string) {
	t.Helper()
	read := func(fields string) P {
		t.Helper()
		answer, kind, cause := decode[T, P](&exchange{status: http.StatusOK, body: []byte(`{"Response":` + fields + `}`)})
		if kind != nil {
			t.Fatalf("%s: %v, %v", fields, kind, cause)
		}
		return answer
	}
	slices.Sort(want)
	for name, fields := range map[string]string{"as documented": sample, "in the other spelling": rewrite(t, sample, otherSpelling)} {
		answer := read(fields)
		if got := told(answer); !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		walkFields(reflect.ValueOf(answer).Elem(), "", func(path string, state field.State, _ string) {
			if state != field.Known {
				t.Errorf("%s: %s is in no sample, or under another name", name, path)
			}
		})
	}
	for _, odd := range []struct {
		name  string
		put   any
		state field.State
	}{
		{"null", nil, field.Absent},
		{"an object", map[string]any{}, field.Unreadable},
		{"a list", []any{}, field.Unreadable},
	} {
		walkFields(reflect.ValueOf(read(rewrite(t, sample, func(any) any { return odd.put }))).Elem(), "", func(path string, state field.State, value string) {
			if state != odd.state && (state == field.Known || value != "") {
				t.Errorf("%s for every value: %s is %v %q", odd.name, path, state, value)
			}
		})
	}
	for name, fields := range map[string]string{"left out": `{}`, "null": `null`} {
		if answer, _, _ := decode[T, P](&exchange{status: http.StatusOK, body: []byte(`{"Response":` + fields + `}`)}); len(told(answer)) > 0 {
			t.Errorf("%s: %q", name, told(answer))
		}
	}
}
