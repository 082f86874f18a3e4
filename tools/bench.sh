#!/bin/sh
# Usage: tools/bench.sh
#
# Measures what users feel beside its floor, prints the figures, and writes
# them into dev-docs/performance.md between its marks. Nothing but loopback is
# used, apart from Go modules. It is bounded: no step runs beyond 15 minutes.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Times say little where other things run: how busy the machine is goes into
# the document.
load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)
{
	tools/machine.sh
	printf 'Load average at the start: %s.\n' "$load"
} >"$work/machine.md"

# build OUTPUT PACKAGE [FOLDER]: as a release is built.
build() {
	CGO_ENABLED=0 GOWORK=off go -C "${3:-.}" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/$1" "$2"
}
build terraform-provider-ms .
build minimal ./minimal tools/bench
build start ./start tools/bench
build terraform-provider-http github.com/terraform-providers/terraform-provider-http tools/bench

# run COMMAND …: shows what the command printed if it fails.
run() {
	if ! "$@" >"$work/log" 2>&1; then
		cat "$work/log" >&2
		exit 1
	fi
}

# One after the other: figures of time want the machine for themselves.
echo 'bench: the start of the process' >&2
"$work/start" "minimal provider=$work/minimal" "this provider=$work/terraform-provider-ms" \
	"plain HTTP provider=$work/terraform-provider-http" >"$work/start.md"
echo 'bench: plans, answers, gates, pages and polls' >&2
run tools/withcli.sh TF_ACC=1 go test -count=1 -timeout=15m ./internal/bench -args -reports="$work" -binaries="$work"
echo 'bench: the quota' >&2
run tools/withcli.sh TF_ACC=1 go test -count=1 -timeout=15m -run 'TestQuota_oneRun' ./internal/reliability -args -reports="$work"
mv "$work/quota-1.md" "$work/quota.md"
echo 'bench: runs that share an account' >&2
run go test -count=1 -timeout=15m -run 'TestSharing' ./internal/tencentcloud -args -reports="$work"

tools/figures.sh "$work" dev-docs/performance.md
