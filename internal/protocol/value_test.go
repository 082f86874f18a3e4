package protocol

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// argumentOf returns a value as a function gets it where there is no Server.
func argumentOf(t *testing.T, v tftypes.Value) Argument {
	t.Helper()
	value, err := ArgumentType{}.ValueFromTerraform(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	argument, ok := value.(Argument)
	if !ok {
		t.Fatalf("a %T", value)
	}
	return argument
}

func decimal(t *testing.T, text string) tftypes.Value {
	t.Helper()
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven) // as the CLI reads a state
	if err != nil {
		t.Fatal(err)
	}
	return tftypes.NewValue(tftypes.Number, number)
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func TestValue_AppendJSON(t *testing.T) {
	t.Parallel()
	null := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	mixed := map[string]tftypes.Type{"a_b": tftypes.DynamicPseudoType, "c": tftypes.Bool, "d": tftypes.Map{ElementType: tftypes.Number}}
	for want, v := range map[string]tftypes.Value{
		`"a\u003c\"\\\u0001é"`:            text("a<\"\\\x01é"),
		`""`:                              text(""),
		`"plain"`:                         text("plain"),
		`1`:                               tftypes.NewValue(tftypes.Bool, true),
		`0`:                               tftypes.NewValue(tftypes.Bool, false),
		`9007199254740993`:                decimal(t, "9007199254740993"),
		`-7`:                              decimal(t, "-7"),
		`18446744073709551615`:            decimal(t, "18446744073709551615"),
		`1.5`:                             decimal(t, "1.5"),
		`7.1`:                             decimal(t, "7.1"), // no float holds it exactly
		`1000000000000000000000000000000`: decimal(t, "1000000000000000000000000000000"),
		`["x",null]`:                      tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{text("x"), tftypes.NewValue(tftypes.String, nil)}),
		`["y"]`:                           tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{text("y")}),
		`[2,"z",null]`: tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.Number, tftypes.String, tftypes.DynamicPseudoType}},
			[]tftypes.Value{decimal(t, "2"), text("z"), null}),
		`{"ab":"inner","c":null,"d":{"e":1}}`: tftypes.NewValue(tftypes.Object{AttributeTypes: mixed}, map[string]tftypes.Value{
			"a_b": text("inner"), "c": tftypes.NewValue(tftypes.Bool, nil),
			"d": tftypes.NewValue(tftypes.Map{ElementType: tftypes.Number}, map[string]tftypes.Value{"e": decimal(t, "1")}),
		}),
		`{}`: tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}),
	} {
		value, err := argumentOf(t, v).Value()
		if err != nil {
			t.Fatal(err)
		}
		got, err := value.AppendJSON([]byte("x"), func(name string) string { return strings.ReplaceAll(name, "_", "") })
		if err != nil || string(got) != "x"+want {
			t.Errorf("%s is %s, %v, want %s", v, got, err, want)
		}
	}
}

func TestValue_partsOfIt(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String, "b": tftypes.DynamicPseudoType}}
	one := tftypes.NewValue(object, map[string]tftypes.Value{"a": text("x"), "b": text("y")})
	value, err := argumentOf(t, tftypes.NewValue(tftypes.List{ElementType: object}, []tftypes.Value{one, tftypes.NewValue(object, nil), tftypes.NewValue(object, tftypes.UnknownValue)})).Value()
	if err != nil {
		t.Fatal(err)
	}
	elements, ok := value.Elements()
	if _, isObject := value.Attributes(); !ok || isObject || len(elements) != 3 {
		t.Fatalf("%d elements, %t, an object %t", len(elements), ok, isObject)
	}
	attributes, ok := elements[0].Attributes()
	if _, isList := elements[0].Elements(); !ok || isList || len(attributes) != 2 {
		t.Fatalf("%d attributes, %t, a list %t", len(attributes), ok, isList)
	}
	for name, want := range map[string]string{"a": `"x"`, "b": `"y"`} {
		if got, err := attributes[name].AppendJSON(nil, strings.ToUpper); err != nil || string(got) != want {
			t.Errorf("%s is %s, %v", name, got, err)
		}
	}
	if _, ok := elements[1].Attributes(); ok || elements[1].IsUnknown() {
		t.Error("a null has attributes, or is unknown")
	}
	if _, ok := elements[2].Attributes(); ok || !elements[2].IsUnknown() {
		t.Error("what is not known has attributes, or is known")
	}
	if _, err := value.AppendJSON(nil, strings.ToUpper); !errors.Is(err, ErrUnknown) {
		t.Errorf("a list with something that is not known: %v", err)
	}
}

func TestValue_isNotTakenAsWhatItIsNot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ kind, value string }{
		"word in place of a number":     {`"number"`, "\xa4null"},
		"blank in place of a number":    {`"number"`, "\xa0"},
		"infinity":                      {`"number"`, "\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00"},
		"number in place of a text":     {`"string"`, "\x01"},
		"tuple of one where two are":    {`["tuple",["bool","bool"]]`, "\x91\xc3"},
		"tuple of three where two are":  {`["tuple",["bool","bool"]]`, "\x93\xc3\xc3\xc3"},
		"attribute that the type lacks": {`["object",{"a":"bool"}]`, "\x81\xa1b\xc3"},
		"text that is longer than all":  {`"string"`, "\xdb\xff\xff\xff\xff"},
	} {
		value, err := valueOf([]byte("\x92\xc4" + string(rune(len(test.kind))) + test.kind + test.value))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, ok := value.Elements(); ok {
			t.Errorf("%s: has elements", name)
		}
		if _, ok := value.Attributes(); ok {
			t.Errorf("%s: has attributes", name)
		}
		if document, err := value.AppendJSON(nil, strings.ToUpper); !errors.Is(err, ErrEncoding) {
			t.Errorf("%s: is %s, %v", name, document, err)
		}
	}
}

func TestArgument_isAValueLikeAnother(t *testing.T) {
	t.Parallel()
	null, unknown := argumentOf(t, tftypes.NewValue(tftypes.String, nil)), argumentOf(t, tftypes.NewValue(tftypes.String, tftypes.UnknownValue))
	x, y := argumentOf(t, text("x")), argumentOf(t, text("y"))
	for name, of := range map[string]struct {
		Argument
		null, unknown bool
	}{"null": {null, true, false}, "unknown": {unknown, false, true}, "text": {x, false, false}} {
		if of.IsNull() != of.null || of.IsUnknown() != of.unknown {
			t.Errorf("%s: null %t, unknown %t", name, of.IsNull(), of.IsUnknown())
		}
	}
	if !x.Equal(argumentOf(t, text("x"))) || x.Equal(y) || x.Equal(types.StringValue("x")) || null.Equal(unknown) {
		t.Error("equality is told wrongly")
	}
	if _, err := unknown.Value(); !errors.Is(err, ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
	for name, of := range map[string]Argument{"null": null, "none": {}} {
		value, err := of.Value()
		if err != nil {
			t.Fatal(err)
		}
		if document, err := value.AppendJSON(nil, strings.ToUpper); string(document) != "null" || err != nil {
			t.Errorf("%s is %s, %v", name, document, err)
		}
	}
}

func FuzzValue(f *testing.F) {
	for _, seed := range []string{
		"\x92\xc4\x08\"string\"\xa1x", "\x92\xc4\x08\"number\"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", "\x92\xc4\x08\"number\"\xa4null", "\x92\xc4\x08\"number\"\xa31e9",
		"\x92\xc4\x11[\"list\",\"dynamic\"]\x91\x92\xc4\x06\"bool\"\xc3", "\x92\xc4\x1b[\"object\",{\"a\":[\"set\",\"x\"]}]\x81\xa1a\x90", "\x92\xc4\x0d[\"list\",null]\x91\xc0",
		"\x92\xc4\x16[\"tuple\",[\"number\",1]]\x92\x01\x02", "\x92\xc4\x11[\"map\",\"string\"]\x81\xa1a\xd4\x00\x00", "\x92\xc4\x11[\"list\",\"string\"]\xdd\xff\xff\xff\xff",
		"\x92\xc6\xff\xff\xff\xff\"bool\"\xc3", "\x92\xc4\x08\"string\"\xdb\xff\xff\xff\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, encoded []byte) {
		_ = isCollection(encoded)
		value, err := valueOf(encoded)
		if err != nil {
			return
		}
		elements, _ := value.Elements()
		for _, element := range elements {
			_, _ = element.Attributes()
		}
		_, _ = value.Attributes()
		document, err := value.AppendJSON(nil, strings.ToUpper)
		if err == nil && !json.Valid(document) {
			t.Errorf("%q is written as %q", encoded, document)
		}
		if err != nil && !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrEncoding) {
			t.Errorf("another error: %v", err)
		}
	})
}
