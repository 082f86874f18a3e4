package tf

import (
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func textValue(text string) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }

func listValue(elements ...tftypes.Value) tftypes.Value {
	return tftypes.NewValue(tftypes.List{ElementType: elements[0].Type()}, elements)
}

func blockValue(fields map[string]tftypes.Value) tftypes.Value {
	of := make(map[string]tftypes.Type, len(fields))
	for name, value := range fields {
		of[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: of}, fields)
}

// written returns a value that each kind of rule can be written with, and what it is in a policy.
func written(source gate.Source, kind gate.Kind) (tftypes.Value, any) {
	category, id := "", textValue("X")
	if possible := gate.Categories(source); len(possible) > 0 {
		category = string(possible[0])
	}
	yes := true
	seven := int64(7)
	switch kind {
	case gate.KindSeverity:
		return textValue("low"), gate.Low
	case gate.KindCounts:
		return tftypes.NewValue(tftypes.Map{ElementType: tftypes.Number}, map[string]tftypes.Value{"unknown": tftypes.NewValue(tftypes.Number, 3)}), map[gate.Severity]int64{gate.Unknown: 3}
	case gate.KindCategories:
		return listValue(textValue(category)), []gate.Category{gate.Category(category)}
	case gate.KindDenials:
		return listValue(blockValue(map[string]tftypes.Value{"category": textValue(category), "id": id})), []gate.Denial{{Category: gate.Category(category), ID: "X"}}
	case gate.KindExceptions:
		fields := map[string]tftypes.Value{"category": textValue(category), "id": id, "reason": textValue("r"), "expires_at": textValue("2030-01-01")}
		want := gate.Exception{Category: gate.Category(category), ID: "X", Reason: "r", ExpiresAt: "2030-01-01"}
		for _, scope := range gate.Scopes(source) {
			narrowed := "the " + string(scope)
			fields[string(scope)] = textValue(narrowed)
			want.SetScope(scope, &narrowed)
		}
		return listValue(blockValue(fields)), []gate.Exception{want}
	case gate.KindAge:
		return textValue("1h"), time.Hour
	case gate.KindCount:
		return tftypes.NewValue(tftypes.Number, 7), &seven
	case gate.KindPermission:
		return tftypes.NewValue(tftypes.Bool, true), &yes
	case gate.KindSetting:
		return tftypes.NewValue(tftypes.Bool, true), true
	case gate.KindEnforcement:
		return textValue("advisory"), gate.Advisory
	default: // sets of texts
		return listValue(textValue("a"), textValue("b")), []string{"a", "b"}
	}
}

// TestGateBlock_readsEveryRule: a rule that is lost on the way would judge by another policy.
func TestGateBlock_readsEveryRule(t *testing.T) {
	t.Parallel()
	for _, source := range gate.Sources() {
		fields := map[string]tftypes.Value{}
		for _, rule := range gate.Rules(source) {
			fields[rule.Argument()], _ = written(source, rule.Kind)
		}
		block, ok := NewGateBlock(source, blockValue(fields))
		if !ok {
			t.Fatal("no block")
		}
		policy, err := block.Policy()
		if err != nil {
			t.Fatal(source, err)
		}
		for _, rule := range gate.Rules(source) {
			_, want := written(source, rule.Kind)
			if got := reflect.ValueOf(rule.Field(&policy)).Elem().Interface(); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %#v, want %#v", source, rule.Name, got, want)
			}
		}
	}
}

// TestGateBlock_unknownValuesPassEveryCheckButHideNoOther: while validating, some are not known yet.
func TestGateBlock_unknownValuesPassEveryCheckButHideNoOther(t *testing.T) {
	t.Parallel()
	for _, source := range gate.Sources() {
		fields := map[string]tftypes.Value{}
		for _, rule := range gate.Rules(source) {
			value, _ := written(source, rule.Kind)
			fields[rule.Argument()] = tftypes.NewValue(value.Type(), tftypes.UnknownValue)
		}
		block, _ := NewGateBlock(source, blockValue(fields))
		policy, err := block.Policy()
		if err == nil {
			err = policy.Validate()
		}
		if err != nil {
			t.Errorf("%s: %v", source, err)
		}
		fields["enforcement"] = textValue("soft")
		block, _ = NewGateBlock(source, blockValue(fields))
		if policy, err = block.Policy(); err != nil || policy.Validate() == nil {
			t.Errorf("%s: a bad value beside unknown ones is not refused, %v", source, err)
		}
	}
}

func TestNewGateBlock_isNoneWithoutAKnownObject(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, value := range []tftypes.Value{{}, tftypes.NewValue(object, nil), tftypes.NewValue(object, tftypes.UnknownValue), textValue("x")} {
		if _, ok := NewGateBlock(gate.SourceHostScan, value); ok {
			t.Errorf("%s is taken for a gate", value)
		}
	}
	block, _ := NewGateBlock(gate.SourceHostScan, blockValue(map[string]tftypes.Value{"max_age": textValue("soon")}))
	if _, err := block.Policy(); err == nil {
		t.Error("an age that is no duration is taken")
	}
}
