package examples_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// told returns what a diagnostic says happened, and what to do, after a call that failed of a fault.
func told(t *testing.T, fault emulator.Fault) (happened, advice string) {
	t.Helper()
	server, err := emulator.New()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	fault.Action = "DescribeScanResults"
	server.Fault(fault)
	endpoint, err := tencentcloud.URLEndpoint(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := tencentcloud.New(tencentcloud.Config{
		Endpoint: endpoint, Region: server.Region(), RequestTimeout: 20 * time.Second, Agent: "examples test",
		Credentials: func(context.Context) (common.CredentialIface, error) {
			return common.NewCredential(server.SecretID(), server.SecretKey()), nil
		},
	})
	_, err = client.DescribeScanResults(t.Context(), tencentcloud.DescribeScanResultsRequest{ItemID: "i"})
	if err == nil {
		t.Fatalf("%+v breaks nothing", fault)
	}
	paragraphs := strings.Split(tf.Explain("item i", err, ""), "\n\n")
	if len(paragraphs) != 3 {
		t.Fatalf("%+v is told as %q", fault, paragraphs)
	}
	return paragraphs[0], paragraphs[2]
}
