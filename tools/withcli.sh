#!/bin/sh
# Usage: tools/withcli.sh [NAME=value …] command [argument …]
#
# Runs a command in a cleaned environment (cleanenv.sh) that says which CLI to
# use (cli.sh), in the variables that terraform-plugin-testing reads.
set -eu
unset CDPATH
tools=$(cd "$(dirname -- "$0")" && pwd)

found=$("$tools/cli.sh")
product=${found%% *}
path=${found#* * }
set -- TF_ACC_TERRAFORM_PATH="$path" "$@"
# A provider without a host name belongs to the CLI's own registry.
# Terraform's is the default of terraform-plugin-testing.
if [ "$product" = OpenTofu ]; then
	set -- TF_ACC_PROVIDER_HOST=registry.opentofu.org "$@"
fi
exec "$tools/cleanenv.sh" "$@"
