#!/bin/sh
# Usage: tools/changelog.sh [FOLDER CHANGELOG]
#
# Moves the fragments of FOLDER (.changes) into the section "Unreleased" of
# CHANGELOG (CHANGELOG.md), each below the heading that its first line names, and
# removes them. A fragment that is not as .changes/README.md says is an error,
# and then nothing is changed.
set -eu
unset CDPATH
if [ "$#" -eq 0 ]; then
	cd "$(dirname -- "$0")/.."
	set -- .changes CHANGELOG.md
fi
folder=$1 changelog=$2

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

set --
for fragment in "$folder"/*.md; do
	case $fragment in
	*/README.md | *'/*.md') ;;
	*) set -- "$@" "$fragment" ;;
	esac
done
[ "$#" -gt 0 ] || exit 0

awk '
	function fault(text) { printf "changelog: %s: %s\n", FILENAME, text >"/dev/stderr"; failed = 1 }
	FNR == 1 {
		kind = $0
		if (kind !~ /^(NOTES|BREAKING CHANGES|FEATURES|ENHANCEMENTS|BUG FIXES)$/) fault("the first line is not one of NOTES, BREAKING CHANGES, FEATURES, ENHANCEMENTS, BUG FIXES")
		next
	}
	/^$/ { next }
	!/^\* / { fault("each line after the first begins with \"* \""); next }
	{ print kind ":" "\t" $0 }
	END { exit failed }
' "$@" >"$work/lines"

awk -v lines="$work/lines" '
	BEGIN {
		FS = "\t"
		while ((getline <lines) > 0) { if (!($1 in text)) order[++kinds] = $1; text[$1] = text[$1] $2 "\n" }
	}
	# What a heading still lacks comes before the blank lines that end its part.
	function flush() { if (heading in text) { printf "%s", text[heading]; delete text[heading] } printf "%s", blank; blank = "" }
	function rest(   i) {
		flush()
		for (i = 1; i <= kinds; i++) if (order[i] in text) { printf "%s%s\n\n%s", separated ? "" : "\n", order[i], text[order[i]]; delete text[order[i]]; separated = 0; open = 1 }
	}
	inside && /^## / { heading_end(); inside = 0 }
	function heading_end() { separated = (blank != ""); rest(); if (open) printf "\n" }
	/^## Unreleased$/ { inside = 1; print; next }
	inside && /^$/ { blank = blank "\n"; next }
	inside && /^[A-Z].*:$/ { flush(); heading = $0; print; next }
	inside { if (blank != "") { printf "%s", blank; blank = "" } print; next }
	{ print }
	END { if (inside) { separated = (blank != ""); rest() } for (kind in text) exit 1 }
' "$changelog" >"$work/changelog" || {
	echo "changelog: $changelog has no section \"## Unreleased\"" >&2
	exit 1
}
cat "$work/changelog" >"$changelog"
rm -f -- "$@"
