#!/bin/sh
# Usage: tools/cleanenv.sh [NAME=value …] command [argument …]
#
# Runs a command in the caller's environment without the variables that steer
# Terraform, OpenTofu, Tencent Cloud or this provider: a shell set up for
# production must neither break a test nor point it at a real account.
# The assignments given here are made after the cleaning. Proxies, HOME and
# everything else stay.
set -euf

if [ "$#" -eq 0 ]; then
	echo "cleanenv.sh: no command given" >&2
	exit 2
fi

# /dev/null is an empty CLI configuration: the user's own file may override
# this very provider, or name a mirror. CHECKPOINT_DISABLE stops the version
# check, which would call out to the network.
set -- TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 "$@"

# awk, not `env | sed`, since values may hold lines that look like variables;
# env -u, not unset, since TF_VAR_some-name is no name that a shell can unset.
# TKE_ is read by the Tencent Cloud SDK, TERRAFORM_CONFIG by Terraform.
names=$(awk 'BEGIN {
	for (name in ENVIRON)
		if (name ~ /^(TF|TOFU|TENCENTCLOUD|TKE|MS)_/ || name == "TERRAFORM_CONFIG")
			print name
}')
IFS='
'
for name in $names; do
	set -- -u "$name" "$@"
done

exec env "$@"
