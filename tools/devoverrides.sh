#!/bin/sh
# Usage: tools/devoverrides.sh
#
# Prints the CLI configuration that makes Terraform or OpenTofu use what
# "make install" installed.
set -eu
folder=$(go env GOBIN)
if [ -z "$folder" ]; then
	# GOPATH may be a list; go install takes the first entry.
	folder=$(go env GOPATH)
	folder=${folder%%:*}/bin
fi
cat <<EOF
Installed $folder/terraform-provider-ms

To use it, write this to a file and name the file in TF_CLI_CONFIG_FILE (or put
it into ~/.terraformrc, for OpenTofu ~/.tofurc):

  provider_installation {
    dev_overrides {
      "tencentscan/ms" = "$folder"
    }
    direct {}
  }

Then run plan and apply without "init", which would look for a published version;
modules are installed by "get".
EOF
