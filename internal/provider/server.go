package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentscan/terraform-provider-ms/internal/protocol"
)

// NewServer returns a server of the provider. version and commit are those of the build.
func NewServer(version, commit string) tfprotov6.ProviderServer {
	return protocol.Server(providerserver.NewProtocol6(New(version, commit)())())
}
