#!/bin/sh
# Usage: tools/withcli.sh tools/generate.sh
#
# Writes docs/ by terraform-plugin-docs and checks them. The schema is taken
# here, by dev_overrides: left to itself tfplugindocs runs "init" and, where
# PATH has no terraform, downloads one.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

CGO_ENABLED=0 go build -buildvcs=false -o "$work/terraform-provider-ms" .

# tfplugindocs looks the schema up under this name, whatever the real address.
cat >"$work/main.tf" <<'EOF'
terraform {
  required_providers {
    ms = {
      source = "registry.terraform.io/hashicorp/ms"
    }
  }
}
EOF
cat >"$work/cli.tfrc" <<EOF
provider_installation {
  dev_overrides {
    "registry.terraform.io/hashicorp/ms" = "$work"
  }
}
EOF
(cd "$work" && TF_CLI_CONFIG_FILE=cli.tfrc "$TF_ACC_TERRAFORM_PATH" providers schema -json >schema.json)

export GOWORK=off
for command in generate validate; do
	go tool -modfile=tools/go.mod tfplugindocs "$command" --provider-name=ms --providers-schema="$work/schema.json"
done
