#!/bin/sh
# Usage: tools/withcli.sh tools/generate.sh [--check]
#
# Writes docs/ by terraform-plugin-docs and validates them, and the JSON Schema of
# policy documents beside them. With --check it then fails where docs/ is not what
# git has: a page that is out of step, new or gone.
#
# The schema is taken here, by dev_overrides: left to itself tfplugindocs runs
# "init" and, where PATH has no terraform, downloads one.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

# Terraform prints identity schemas from 1.12 on only, and tfplugindocs fails on
# such a file where there is none: the template holds that example itself.
for file in examples/resources/*/import-by-identity.tf; do
	if [ -e "$file" ]; then
		echo "generate: $file: put it into the resource's template, since Terraform 1.11 cannot print what tfplugindocs needs for it" >&2
		exit 1
	fi
done

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

CGO_ENABLED=0 go build -buildvcs=false -o "$work/terraform-provider-ms" .

# tfplugindocs looks the schema up under this name, whatever the real address.
cat >"$work/main.tf" <<'TF'
terraform {
  required_providers {
    ms = {
      source = "registry.terraform.io/hashicorp/ms"
    }
  }
}
TF
cat >"$work/cli.tfrc" <<RC
provider_installation {
  dev_overrides {
    "registry.terraform.io/hashicorp/ms" = "$work"
  }
}
RC
(cd "$work" && TF_CLI_CONFIG_FILE=cli.tfrc "$TF_ACC_TERRAFORM_PATH" providers schema -json >schema.json)

# Both commands tell of every file that they look at; only a failure is of interest.
for command in generate validate; do
	if ! GOWORK=off go tool -modfile=tools/go.mod tfplugindocs "$command" \
		--provider-name=ms --providers-schema="$work/schema.json" >"$work/log" 2>&1; then
		cat "$work/log" >&2
		exit 1
	fi
done

# What a nested object needs is optional in the schema where the state may lack
# it, as after an import, or where the block may be absent. Its description says
# "Required."; the page lists it where readers look for it.
for page in docs/index.md docs/resources/*.md docs/data-sources/*.md; do
	awk '
		function flush() {
			if (required != "") printf "Required:\n\n%s\n", required
			if (optional != "") printf "Optional:\n\n%s", optional
			required = optional = ""; inside = 0
		}
		/^Optional:$/ { inside = 1; next }
		inside && /^$/ && required optional == "" { next }
		inside && /^- `[^`]*` \([^)]*\) Required\. / { sub(/\) Required\. /, ") "); required = required $0 "\n"; next }
		inside && /^- / { optional = optional $0 "\n"; next }
		inside { flush() }
		{ print }
		END { flush() }
	' "$page" >"$work/page"
	cat "$work/page" >"$page"
done

# After those, which take away what they do not know.
go test -count=1 -run '^TestSchema_isPublished$' ./internal/policyfile -update >/dev/null

[ "${1:-}" = --check ] || exit 0
changed=$(git status --porcelain --untracked-files=all -- docs)
if [ -n "$changed" ]; then
	git --no-pager diff -- docs >&2
	printf '%s\n' "$changed" 'docs: out of step with schema, templates/ or examples/, or not committed. Run "make generate" and commit docs/.' >&2
	exit 1
fi
