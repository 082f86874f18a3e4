#!/bin/sh
# Usage: tools/mirror.sh FOLDER VERSION COMMIT [OS_ARCH …]
#
# Builds the provider for each platform (this machine's, where none is named)
# into FOLDER as a filesystem mirror, for machines that reach no registry, and
# prints the CLI configuration that installs from it.
#
# Of the two layouts that the CLI knows this is the unpacked one,
# HOST/tencentscan/ms/VERSION/OS_ARCH/: it needs no zip program, and init links
# to it instead of unpacking it into each root module. The zip files of a
# release may lie beside it, in HOST/tencentscan/ms/.
set -eu
if [ "$#" -lt 3 ]; then
	sed -n '/^# Usage: /{s/^# //p;q;}' "$0" >&2
	exit 2
fi
folder=$1 version=$2 commit=$3
shift 3
mkdir -p -- "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd)
CDPATH='' cd -- "$(dirname -- "$0")/.."

[ "$#" -gt 0 ] || set -- "$(go env GOHOSTOS)_$(go env GOHOSTARCH)"
for platform in "$@"; do
	os=${platform%%_*} arch=${platform#*_}
	name=terraform-provider-ms_v$version
	[ "$os" != windows ] || name=$name.exe
	terraform=$folder/registry.terraform.io/tencentscan/ms/$version/$platform
	opentofu=$folder/registry.opentofu.org/tencentscan/ms/$version/$platform
	mkdir -p -- "$terraform" "$opentofu"
	GOOS=$os GOARCH=$arch CGO_ENABLED=0 go build -trimpath -buildvcs=false \
		-ldflags "-s -w -X main.version=$version -X main.commit=$commit" -o "$terraform/$name" .
	# One file for both, where the file system can.
	ln -f -- "$terraform/$name" "$opentofu/$name" 2>/dev/null || cp -f -- "$terraform/$name" "$opentofu/$name"
done

cat <<EOF
The mirror has version $version for: $*

Copy $folder to where it is needed, write this with its path there to a file,
and name the file in TF_CLI_CONFIG_FILE (or put it into ~/.terraformrc, for
OpenTofu ~/.tofurc):

  provider_installation {
    filesystem_mirror {
      path    = "$folder"
      include = ["registry.terraform.io/tencentscan/ms", "registry.opentofu.org/tencentscan/ms"]
    }
    direct {
      exclude = ["registry.terraform.io/tencentscan/ms", "registry.opentofu.org/tencentscan/ms"]
    }
  }

A version that ends in "-dev" or the like is only taken where it is asked for:

  required_providers {
    ms = {
      source  = "tencentscan/ms"
      version = "$version"
    }
  }
EOF
