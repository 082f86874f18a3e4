package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server returns a server that serves as the given one does, which must be one of the framework's, and
// leads what [SetState] and [Argument] are about past it.
func Server(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer { return server{framework} }

type server struct{ tfprotov6.ProviderServer }

// The keys of what a context carries past the framework.
type (
	stateKey    struct{} // *[]byte, where SetState puts a state
	argumentKey struct{} // []byte, what Argument finds
)

// ReadDataSource puts the state that a data source encoded into the answer.
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	var state []byte
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, stateKey{}, &state), req)
	if resp != nil && state != nil {
		resp.State = &tfprotov6.DynamicValue{MsgPack: state}
	}
	return resp, err
}

// CallFunction keeps a dynamic argument from the framework, which gets a stand-in for it. A parameter of a
// dynamic type must be of [ArgumentType], and the only one of its function.
func (s server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	if len(req.Arguments) == 1 && isCollection(req.Arguments[0].MsgPack) {
		ctx = context.WithValue(ctx, argumentKey{}, req.Arguments[0].MsgPack)
		req = &tfprotov6.CallFunctionRequest{Name: req.Name, Arguments: []*tfprotov6.DynamicValue{standIn}}
	}
	return s.ProviderServer.CallFunction(ctx, req)
}
