package resources

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

// uniqueMD5s refuses app_infos that name one package twice: it would be paid for twice.
type uniqueMD5s struct{}

func (uniqueMD5s) Description(context.Context) string {
	return "must not name the same app_md5 twice, whatever its case"
}

func (v uniqueMD5s) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v uniqueMD5s) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	seen := map[string]int{}
	for i, element := range req.ConfigValue.Elements() {
		app, ok := element.(types.Object)
		if !ok {
			continue
		}
		md5, ok := app.Attributes()["app_md5"].(types.String)
		if !ok || md5.IsNull() || md5.IsUnknown() {
			continue
		}
		normal := tf.NormalMD5(md5.ValueString())
		if first, twice := seen[normal]; twice {
			resp.Diagnostics.AddAttributeError(req.Path.AtListIndex(i).AtName("app_md5"), "Invalid Attribute Value",
				fmt.Sprintf("The app with MD5 %s is already in app_infos, at index %d. Name each package once: it would be scanned and paid for twice.", normal, first))
			continue
		}
		seen[normal] = i
	}
}
