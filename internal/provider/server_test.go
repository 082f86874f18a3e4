package provider

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestNewServer_schema(t *testing.T) {
	t.Parallel()
	request := &tfprotov6.GetProviderSchemaRequest{}
	want, err := providerserver.NewProtocol6(New("test", "none")())().GetProviderSchema(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Diagnostics) != 0 || len(want.DataSourceSchemas) == 0 {
		t.Fatalf("%d data sources, diagnostics %v", len(want.DataSourceSchemas), want.Diagnostics)
	}
	got, err := NewServer("test", "none").GetProviderSchema(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the schema is not the framework's")
	}
}
