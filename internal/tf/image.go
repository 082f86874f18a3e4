package tf

import (
	"context"
	_ "crypto/sha512" // digests by it are read as well
	"errors"
	"regexp"
	"strings"

	"github.com/distribution/reference"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Image is what a reference of a container image names: a content, and the repository to find it in.
type Image struct {
	Repository string // with its host, without tag and digest
	Digest     string // as in sha256:…
}

// ParseImage reads the reference of an image, which must have a digest. A tag before it is allowed and left out:
// the digest alone says what the image is.
func ParseImage(text string) (Image, error) {
	host, rest, found := strings.Cut(text, "/")
	if found { // hosts are equal in any case
		text = strings.ToLower(host) + "/" + rest
	}
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return Image{}, err
	}
	digested, ok := named.(reference.Digested)
	if !ok {
		return Image{}, errors.New("it has no digest")
	}
	return Image{Repository: named.Name(), Digest: digested.Digest().String()}, nil
}

// ImageRepository returns the repository of an address, without tag and digest; what cannot be read as one is
// returned in lower case.
func ImageRepository(address string) string {
	address = strings.TrimSpace(address)
	host, rest, found := strings.Cut(address, "/")
	if found {
		address = strings.ToLower(host) + "/" + rest
	}
	named, err := reference.ParseNormalizedNamed(address)
	if err != nil {
		return strings.ToLower(address)
	}
	return named.Name()
}

// ImageReference accepts the reference of an image with a digest.
func ImageReference() validator.String { return imageReferenceValidator{} }

type imageReferenceValidator struct{}

func (imageReferenceValidator) Description(context.Context) string {
	return "must be the reference of an image with its digest, as in \"registry.example.com/acme/api@sha256:…\"; a tag can move, so that it names no content"
}

func (v imageReferenceValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v imageReferenceValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := ParseImage(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(invalid(req.Path, v.Description(ctx)+" ("+err.Error()+")", req.ConfigValue.ValueString()))
	}
}

// LocalImageID accepts the id of a local image.
func LocalImageID() validator.String { return localImageIDValidator{} }

type localImageIDValidator struct{}

var localImageID = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func (localImageIDValidator) Description(context.Context) string {
	return "must be the id of a local image, sha256: and 64 hexadecimal digits in lower case"
}

func (v localImageIDValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v localImageIDValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || localImageID.MatchString(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.Append(invalid(req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
}
