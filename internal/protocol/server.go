//go:build !frameworkstate

package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server returns a server that serves as the framework's given one does, and answers a read of a data source
// with the state that [SetState] encoded.
func Server(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	complete, ok := framework.(frameworkServer)
	if !ok { // an older or newer framework: without the bypass it serves all that it can
		return framework
	}
	return server{complete}
}

// frameworkServer is all that the framework's server serves. tfprotov6 has the last three as interfaces of
// their own until they become part of ProviderServer; a wrapper without them would hide what they add.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

type server struct{ frameworkServer }

// stateKey is the key of the *[]byte in a context in which SetState leaves the encoded state.
type stateKey struct{}

// ReadDataSource puts the state that a data source encoded into the response.
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	var state []byte
	resp, err := s.frameworkServer.ReadDataSource(context.WithValue(ctx, stateKey{}, &state), req)
	if resp != nil && state != nil {
		resp.State = &tfprotov6.DynamicValue{MsgPack: state}
	}
	return resp, err
}

// SetState sets the state of a data source to a model, as State.Set does: a struct whose fields have tags
// `tfsdk`, and are values of the framework, texts, structs of the same kind, pointers to such, or slices.
// The fields of embedded structs count as the struct's own. A nil pointer or slice is null, and a block list
// that is null becomes empty, as the CLI demands of a state.
//
// Names that the schema lacks, or that the model lacks, are an error; whether a value is of its attribute's
// type is for the receiver to check. So is a value that is not known.
func SetState(ctx context.Context, state *tfsdk.State, model any) diag.Diagnostics {
	encoded, err := encode(ctx, state.Schema, model)
	bypass, ok := ctx.Value(stateKey{}).(*[]byte)
	if ok {
		*bypass = encoded
		state.RemoveResource(ctx) // the framework has less to look at
	}
	switch {
	case err != nil:
		return failure(err)
	case ok:
		return nil
	}
	raw, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(state.Schema.Type().TerraformType(ctx))
	if err != nil {
		return failure(err)
	}
	state.Raw = raw
	return nil
}

func failure(err error) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to Encode State", "The state could not be encoded: "+err.Error()+". This is a bug of the provider; please report it.")}
}
