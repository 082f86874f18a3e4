#!/bin/sh
# Usage: tools/reproducible.sh
#
# Builds the commit that is checked out for this machine's platform as
# .goreleaser.yml says, twice: in clones at two paths of different lengths, each
# with a build cache of its own, since a shared one would hand over the first
# result. Fails where the binaries differ.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."
root=$PWD

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

GOWORK=off go -C tools/release build -o "$work/goreleaser" github.com/goreleaser/goreleaser/v2
for place in one "two, elsewhere"; do
	git clone --quiet --no-local -- "$root" "$work/$place"
	(
		cd "$work/$place"
		GOCACHE=$work/cache-${place%%,*} "$work/goreleaser" build --snapshot --single-target --parallelism=2 --output=binary
	)
done

sum() {
	# macOS has no sha256sum.
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}
one=$(sum <"$work/one/binary")
two=$(sum <"$work/two, elsewhere/binary")
printf 'one: %s\ntwo: %s\n' "$one" "$two"
if [ "$one" != "$two" ]; then
	echo 'reproducible: the same commit gave different binaries' >&2
	exit 1
fi
