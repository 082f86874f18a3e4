package functions

import (
	"errors"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func decimal(t *testing.T, text string) tftypes.Value {
	t.Helper()
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven) // as the CLI reads a state
	if err != nil {
		t.Fatal(err)
	}
	return tftypes.NewValue(tftypes.Number, number)
}

func TestAppendJSON(t *testing.T) {
	t.Parallel()
	null := value(nil)
	for want, v := range map[string]tftypes.Value{
		`"a\u003c\"\\\u0001é"`: value("a<\"\\\x01é"),
		`""`:                   value(""),
		`"plain"`:              value("plain"),
		`1`:                    value(true),
		`0`:                    value(false),
		`9007199254740993`:     decimal(t, "9007199254740993"),
		`-7`:                   decimal(t, "-7"),
		`1000000`:              decimal(t, "1e6"),
		`18446744073709551615`: decimal(t, "18446744073709551615"),
		`1.5`:                  decimal(t, "1.5"),
		`7.1`:                  decimal(t, "7.1"), // no float holds it exactly
		`0.5`:                  value(0.5),
		`1e+1000`:              decimal(t, "1e1000"),
		`["x",null]`:           tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{value("x"), tftypes.NewValue(tftypes.String, nil)}),
		`["y"]`:                tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{value("y")}),
		`[2,"z",null]`:         value([]any{2, "z", nil}),
		`{"VulId":"inner"}`:    value(map[string]any{"vul_id": "inner"}),
		`{"E":1}`:              tftypes.NewValue(tftypes.Map{ElementType: tftypes.Number}, map[string]tftypes.Value{"e": decimal(t, "1")}),
		`{"":null}`:            value(map[string]any{"_": null}),
		`{}`:                   value(map[string]any{}),
		`null`:                 null,
	} {
		if got, err := appendJSON([]byte("x"), v); err != nil || string(got) != "x"+want {
			t.Errorf("%s is %s, %v, want %s", v, got, err, want)
		}
	}
	unknown := value([]any{"x", map[string]any{"a": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}})
	if _, err := appendJSON(nil, unknown); !errors.Is(err, errUnknown) {
		t.Errorf("a list with something that is not known: %v", err)
	}
}

// TestArgument_isAValueLikeAnother: the framework asks it what it is.
func TestArgument_isAValueLikeAnother(t *testing.T) {
	t.Parallel()
	of := func(v tftypes.Value) argument {
		got, err := argumentType{}.ValueFromTerraform(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		return got.(argument)
	}
	null, unknown := of(value(nil)), of(tftypes.NewValue(tftypes.String, tftypes.UnknownValue))
	x := of(value("x"))
	for name, test := range map[string]struct {
		argument
		null, unknown bool
	}{"null": {null, true, false}, "unknown": {unknown, false, true}, "text": {x, false, false}, "none": {argument{}, true, false}} {
		if test.IsNull() != test.null || test.IsUnknown() != test.unknown || !test.Type(t.Context()).Equal(argumentType{}) {
			t.Errorf("%s: null %t, unknown %t", name, test.IsNull(), test.IsUnknown())
		}
	}
	if !x.Equal(of(value("x"))) || x.Equal(of(value("y"))) || x.Equal(x.DynamicValue) || null.Equal(unknown) || (argumentType{}).Equal(x.DynamicValue.Type(t.Context())) {
		t.Error("equality is told wrongly")
	}
	var got argument
	if err := function.NewArgumentsData([]attr.Value{x}).Get(t.Context(), &got); err != nil || !got.Equal(x) {
		t.Errorf("the framework hands over %v, %v", got.raw, err)
	}
}
