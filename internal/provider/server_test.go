package provider

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
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

// framework stands in for a server whose schema is an error.
type framework struct {
	tfprotov6.ProviderServer
	asked atomic.Int32
}

var errSchema = errors.New("no schema")

func (f *framework) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	f.asked.Add(1)
	return nil, errSchema
}

func TestServer_asksOnce(t *testing.T) {
	t.Parallel()
	var f framework
	s := newServer(&f)
	var requests sync.WaitGroup
	for range 4 {
		requests.Go(func() {
			if _, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); !errors.Is(err, errSchema) {
				t.Errorf("got error %v, want %v", err, errSchema)
			}
		})
	}
	requests.Wait()
	if asked := f.asked.Load(); asked != 1 {
		t.Errorf("the framework was asked %d times for its schema, want once", asked)
	}
}
