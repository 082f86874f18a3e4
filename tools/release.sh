#!/bin/sh
# Usage: GPG_FINGERPRINT=… GITHUB_TOKEN=… tools/release.sh [goreleaser flag …]
#
# Publishes the tag that is checked out, with its section of CHANGELOG.md as the
# notes; GPG_PASSPHRASE opens the key where it has one. A tag without a section
# is not published.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

if ls .changes/*.md 2>/dev/null | grep -v '/README\.md$' >&2; then
	echo 'release: these fragments are not in CHANGELOG.md yet: run "make changelog"' >&2
	exit 1
fi
tag=$(git describe --exact-match --tags --match 'v[0-9]*')
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# From "## 1.2.3 (2026-01-31)" to the next heading of that level.
awk -v version="${tag#v}" '
	/^## / { inside = ($2 == version) && $3 ~ /^\([0-9]+-[0-9]+-[0-9]+\)$/; next }
	inside { print }
' CHANGELOG.md >"$work/notes.md"
if ! grep -q '[^[:space:]]' "$work/notes.md"; then
	echo "release: CHANGELOG.md has no section \"## ${tag#v} (date)\" with text in it" >&2
	exit 1
fi

GOWORK=off go tool -modfile=tools/release/go.mod goreleaser release --clean --release-notes="$work/notes.md" "$@"
