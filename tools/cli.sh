#!/bin/sh
# Usage: tools/cli.sh [--built]
#
# Prints one line about the CLI that tests and the demo are to use:
#
#	PRODUCT VERSION PATH        (Terraform 1.11.4 /usr/bin/terraform)
#
# MS_CLI names one and is taken or refused, never replaced. Without it comes
# the first that runs and is new enough: terraform in PATH, tofu in PATH, the
# OpenTofu built earlier; else OpenTofu is built, once, from tools/opentofu
# into .cache/. With --built it is that OpenTofu, whatever else there is.
# Only the answer goes to standard output.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."
root=$PWD

minimum_minor=8 # Terraform and OpenTofu 1.8: the first with all that the provider's tests use

say() {
	printf 'cli: %s\n' "$*" >&2
}

# absolute PATH: prints it as an absolute path.
absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$root" "$1" ;;
	esac
}

# examine PATH: sets product and version; fails, with the reason in problem,
# where the command does not run or is too old. It runs outside this folder, as
# tests do, since version managers choose by the folder.
examine() {
	product='' version='' problem=''
	if ! answer=$(cd / && "$root/tools/cleanenv.sh" "$1" version 2>&1 </dev/null); then
		problem="it does not run: $(printf '%s\n' "$answer" | sed -n '/./{p;q;}')"
		return 1
	fi
	line=$(printf '%s\n' "$answer" | sed -nE '/^(Terraform|OpenTofu) v[0-9]+\.[0-9]+/{p;q;}')
	if [ -z "$line" ]; then
		problem='its "version" names neither Terraform nor OpenTofu'
		return 1
	fi
	product=${line%% *}
	version=${line#* v}
	version=${version%% *}
	major=${version%%.*}
	minor=${version#*.}
	minor=${minor%%[!0-9]*}
	if [ "$major" -lt 1 ] || { [ "$major" -eq 1 ] && [ "$minor" -lt "$minimum_minor" ]; }; then
		problem="$product $version is older than 1.$minimum_minor"
		return 1
	fi
}

answer() {
	printf '%s %s %s\n' "$product" "$version" "$1"
	exit 0
}

built=no
if [ "${1:-}" = --built ]; then
	built=yes
fi

if [ "$built" = no ] && [ -n "${MS_CLI:-}" ]; then
	# A bare name is looked up in PATH, anything else is a file.
	case $MS_CLI in
	*/*) path=$(absolute "$MS_CLI") ;;
	*) path=$(command -v -- "$MS_CLI" || true) ;;
	esac
	if [ -z "$path" ] || [ ! -f "$path" ]; then
		say "MS_CLI=$MS_CLI: no such command"
		exit 1
	fi
	path=$(absolute "$path")
	if ! examine "$path"; then
		say "MS_CLI=$MS_CLI: $problem"
		exit 1
	fi
	answer "$path"
fi

for name in terraform tofu; do
	[ "$built" = no ] || break
	path=$(command -v -- "$name" || true)
	[ -n "$path" ] || continue
	path=$(absolute "$path")
	if examine "$path"; then
		answer "$path"
	fi
	say "not using $path: $problem"
done

opentofu=$(sed -nE 's/^[[:space:]]*(require[[:space:]]+)?github\.com\/opentofu\/opentofu v([^ ]+).*/\2/p' tools/opentofu/go.mod)
folder=.cache/opentofu-$opentofu
path=$root/$folder/tofu
if [ -f "$path" ] && examine "$path"; then
	answer "$path"
fi

if ! command -v go >/dev/null; then
	say "there is no terraform, no tofu, and no go to build OpenTofu with"
	exit 1
fi
[ "$built" = yes ] || say "no terraform or tofu 1.$minimum_minor or newer in PATH"
say "building OpenTofu $opentofu into $folder: about three minutes, once"

# Built beside its place and renamed, so that an interrupted build, or two at
# once, never leave half a binary there.
mkdir -p "$folder"
unfinished=$folder/tofu.unfinished.$$
trap 'rm -f -- "$unfinished"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
CGO_ENABLED=0 GOWORK=off go -C tools/opentofu build -mod=readonly -trimpath -buildvcs=false \
	-ldflags '-s -w -X github.com/opentofu/opentofu/version.dev=no' \
	-o "../../$unfinished" github.com/opentofu/opentofu/cmd/tofu >&2
if ! examine "$root/$unfinished"; then
	say "the OpenTofu just built is of no use: $problem"
	exit 1
fi
mv -f -- "$unfinished" "$path"
say "built $product $version"
printf '%s %s %s\n' "$product" "$version" "$path"
