#!/bin/sh
# Usage: tools/matrix.sh
#
# Runs "make testacc" on each CLI at hand, one after the other: on the terraform
# in PATH, and on the OpenTofu that cli.sh builds into .cache/, once. Prints one
# line for each, with what failed before it, and fails if one of them fails.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
failed=0

# try PRODUCT VERSION PATH
try() {
	printf '%s %s: running make testacc\n' "$1" "$2" >&2
	start=$(date +%s)
	result=ok
	if ! MS_CLI=$3 "${MAKE:-make}" --no-print-directory testacc >"$log" 2>&1 </dev/null; then
		result=FAILED
		failed=1
		cat -- "$log" >&2
	fi
	printf '%s %s: %s, %d s\n' "$1" "$2" "$result" "$(($(date +%s) - start))"
}

# answer LINE: takes the line of cli.sh apart, whose path may hold spaces.
answer() {
	rest=${1#* }
	try "${1%% *}" "${rest%% *}" "${rest#* }"
}

if terraform=$(command -v terraform); then
	found=$(MS_CLI=$terraform tools/cli.sh)
	answer "$found"
else
	echo 'Terraform: there is none in PATH'
fi
found=$(tools/cli.sh --built)
answer "$found"
exit "$failed"
