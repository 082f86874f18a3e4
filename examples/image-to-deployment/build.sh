#!/bin/sh
# Usage: build.sh ccr.ccs.tencentyun.com/acme/api 1.4.0
#
# Builds and pushes the image, and writes build/metadata.json, from which the
# configurations here take its digest. A tag can be moved to other content, a
# digest cannot.
#
# One platform and no provenance: then the digest is that of the image itself, as
# the service lists it, and not that of an index of several images.
set -eu
mkdir -p build
docker buildx build --platform linux/amd64 --provenance=false \
	--metadata-file build/metadata.json --tag "$1:$2" --push .
