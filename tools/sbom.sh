#!/bin/sh
# Usage: tools/sbom.sh FILE
#
# Writes the modules that the provider is built of, with their versions and
# checksums, to FILE: an SBOM in the format CycloneDX 1.6, JSON. For goreleaser.
set -eu
[ "$#" -eq 1 ] || {
	sed -n '/^# Usage: /{s/^# //p;q;}' "$0" >&2
	exit 2
}
case $1 in
/*) file=$1 ;;
*) file=$PWD/$1 ;;
esac
unset CDPATH
cd "$(dirname -- "$0")/.."

# By itself, as actionlint: its dependencies are nobody else's.
GOWORK=off exec go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 \
	mod -json -type application -noserial -output-version 1.6 -output "$file" .
