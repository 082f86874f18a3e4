package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
)

// NewServer returns a server of the provider, which gets its schema ready meanwhile. version and commit
// are those of the build.
func NewServer(version, commit string) tfprotov6.ProviderServer {
	return newServer(protocol.Server(providerserver.NewProtocol6(New(version, commit)())()))
}

// server knows its schema before it is asked. The CLI asks for it first of all, once it is connected, and
// to make the answer takes longer than to connect.
type server struct {
	tfprotov6.ProviderServer // has no list resources, actions and state stores, which have interfaces of their own
	schema                   func() (*tfprotov6.GetProviderSchemaResponse, error)
}

func newServer(framework tfprotov6.ProviderServer) *server {
	s := &server{ProviderServer: framework, schema: sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
		return framework.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	})}
	go func() { _, _ = s.schema() }() // the one who asks gets the error; the log, which goes by request, gets no line
	return s
}

// GetProviderSchema returns the one schema that there is.
func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schema()
}
