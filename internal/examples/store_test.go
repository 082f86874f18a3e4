package examples_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentscan/terraform-provider-ms/internal/acctest"
)

// store is an object store with pre-signed URLs, and a stand-in for the official provider
// tencentcloudstack/tencentcloud that writes to it: the resource tencentcloud_cos_bucket_object and the data source
// tencentcloud_cos_object_signed_url, with the attributes and the behavior that the official ones have.
type store struct {
	server *httptest.Server

	mu        sync.Mutex
	objects   map[string][]byte        // by bucket and key
	signed    map[string]time.Duration // by the signed path and query: how long it is valid
	queue     time.Duration            // how long after signing the service comes to download
	downloads int
}

// newStore starts a store that is asked for a package when the queue's time has passed since its URL was signed.
func newStore(t *testing.T, queue time.Duration) *store {
	t.Helper()
	s := &store{objects: map[string][]byte{}, signed: map[string]time.Duration{}, queue: queue}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

// beside serves the stand-in beside the provider under test.
func (s *store) beside() acctest.Provider {
	return acctest.Provider{
		Source: "tencentcloudstack/tencentcloud",
		Server: func() tfprotov6.ProviderServer { return providerserver.NewProtocol6(&official{store: s})() },
	}
}

// names returns the objects that are there.
func (s *store) names() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.objects {
		names = append(names, name)
	}
	return names
}

// ServeHTTP serves an object by a signed URL that is still valid.
func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	valid, ok := s.signed[r.URL.RequestURI()]
	if !ok || valid < s.queue {
		http.Error(w, "AccessDenied", http.StatusForbidden)
		return
	}
	content, ok := s.objects[r.URL.Path]
	if !ok {
		http.Error(w, "NoSuchKey", http.StatusNotFound)
		return
	}
	s.downloads++
	_, _ = w.Write(content)
}

// sign returns a new URL each time.
func (s *store) sign(bucket, key string, valid time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := url.URL{Path: "/" + bucket + "/" + key}
	u.RawQuery = url.Values{"q-sign-algorithm": {"sha1"}, "q-signature": {fmt.Sprint(len(s.signed))}}.Encode()
	s.signed[u.String()] = valid
	return s.server.URL + u.String()
}

type official struct {
	provider.Provider // what is not implemented is not called
	store             *store
}

func (*official) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "tencentcloud"
}

func (*official) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (*official) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (p *official) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &signedURL{store: p.store} }}
}

func (p *official) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &bucketObject{store: p.store} }}
}

type bucketObject struct{ store *store }

type bucketObjectModel struct {
	ID                 types.String `tfsdk:"id"`
	Bucket             types.String `tfsdk:"bucket"`
	Key                types.String `tfsdk:"key"`
	Source             types.String `tfsdk:"source"`
	Content            types.String `tfsdk:"content"`
	ACL                types.String `tfsdk:"acl"`
	CacheControl       types.String `tfsdk:"cache_control"`
	ContentDisposition types.String `tfsdk:"content_disposition"`
	ContentEncoding    types.String `tfsdk:"content_encoding"`
	ContentType        types.String `tfsdk:"content_type"`
	StorageClass       types.String `tfsdk:"storage_class"`
	ETag               types.String `tfsdk:"etag"`
	Tags               types.Map    `tfsdk:"tags"`
}

func (m *bucketObjectModel) name() string {
	return "/" + m.Bucket.ValueString() + "/" + m.Key.ValueString()
}

func (*bucketObject) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "tencentcloud_cos_bucket_object"
}

func (*bucketObject) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replaces := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":                  schema.StringAttribute{Computed: true, PlanModifiers: kept},
		"bucket":              schema.StringAttribute{Required: true, PlanModifiers: replaces},
		"key":                 schema.StringAttribute{Required: true, PlanModifiers: replaces},
		"source":              schema.StringAttribute{Optional: true},
		"content":             schema.StringAttribute{Optional: true},
		"acl":                 schema.StringAttribute{Optional: true},
		"content_disposition": schema.StringAttribute{Optional: true},
		"content_encoding":    schema.StringAttribute{Optional: true},
		"cache_control":       schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: kept},
		"content_type":        schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: kept},
		"storage_class":       schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: kept},
		"etag":                schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: kept},
		"tags":                schema.MapAttribute{Optional: true, ElementType: types.StringType},
	}}
}

// put uploads the source.
func (r *bucketObject) put(m *bucketObjectModel) error {
	content := []byte(m.Content.ValueString())
	if m.Content.IsNull() {
		var err error
		if content, err = os.ReadFile(m.Source.ValueString()); err != nil {
			return fmt.Errorf("cos object source: %w", err)
		}
	}
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	r.store.objects[m.name()] = content
	sum := md5.Sum(content)
	m.ID = types.StringValue(m.Bucket.ValueString() + m.Key.ValueString())
	m.ETag = types.StringValue(hex.EncodeToString(sum[:]))
	m.CacheControl, m.ContentType = types.StringValue(""), types.StringValue("application/octet-stream")
	m.StorageClass = types.StringValue("STANDARD")
	return nil
}

func (r *bucketObject) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m bucketObjectModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	if err := r.put(&m); err != nil {
		resp.Diagnostics.AddError("putting object", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *bucketObject) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m bucketObjectModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	r.store.mu.Lock()
	_, ok := r.store.objects[m.name()]
	r.store.mu.Unlock()
	if !ok {
		resp.State.RemoveResource(ctx)
	}
}

func (r *bucketObject) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m bucketObjectModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	if err := r.put(&m); err != nil {
		resp.Diagnostics.AddError("putting object", err.Error())
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *bucketObject) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m bucketObjectModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	delete(r.store.objects, m.name())
}

type signedURL struct{ store *store }

func (*signedURL) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "tencentcloud_cos_object_signed_url"
}

func (*signedURL) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dschema.Schema{Attributes: map[string]dschema.Attribute{
		"id":                 dschema.StringAttribute{Computed: true},
		"bucket":             dschema.StringAttribute{Required: true},
		"path":               dschema.StringAttribute{Required: true},
		"method":             dschema.StringAttribute{Optional: true},
		"duration":           dschema.StringAttribute{Optional: true},
		"headers":            dschema.MapAttribute{Optional: true, ElementType: types.StringType},
		"queries":            dschema.MapAttribute{Optional: true, ElementType: types.StringType},
		"signed_url":         dschema.StringAttribute{Computed: true, Sensitive: true},
		"result_output_file": dschema.StringAttribute{Optional: true},
	}}
}

// Read signs without looking whether the object is there.
func (d *signedURL) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var bucket, key, duration types.String
	for name, value := range map[string]*types.String{"bucket": &bucket, "path": &key, "duration": &duration} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), value)...)
	}
	valid := time.Minute // the official default
	if !duration.IsNull() {
		var err error
		if valid, err = time.ParseDuration(duration.ValueString()); err != nil {
			resp.Diagnostics.AddError("signing", err.Error())
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.State.Raw = req.Config.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), key.ValueString())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("signed_url"), d.store.sign(bucket.ValueString(), key.ValueString(), valid))...)
}
