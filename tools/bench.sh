#!/bin/sh
# Usage: tools/bench.sh
#
# Measures what users feel beside its floor, and writes the tables into
# dist/figures/performance.md, which it prints. Nothing but loopback is used,
# apart from Go modules. It is bounded: no step runs beyond 15 minutes.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Times say little where other things run, so the document says how busy the
# machine is.
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
run tools/withcli.sh TF_ACC=1 go test -count=1 -timeout=15m -run 'TestAccQuota_oneRun' ./internal/reliability -args -reports="$work"
mv "$work/quota-1.md" "$work/quota.md"
echo 'bench: runs that share an account' >&2
run go test -count=1 -timeout=15m -run 'TestSharing' ./internal/tencentcloud -args -reports="$work"

# section TABLE TITLE [NOTE]
section() {
	printf '\n## %s\n\n' "$2"
	[ -z "${3-}" ] || printf '%s\n\n' "$3"
	cat "$work/$1.md"
}
{
	printf '# Performance\n\n'
	cat "$work/machine.md"
	section plan 'Plan of gates, beside a no-op plan and the plain HTTP provider' 'CPU is that of the CLI and its providers together.'
	section calls 'Calls of a plan'
	section quota 'Quota: one run of many scans' 'The floor is the number of scans divided by 20 per second.'
	section quota-growth 'Quota: one run of any size, simulated'
	section polling 'Delay until the end of a scan is noticed, simulated'
	section remaining 'The same, where the service estimates the remaining time'
	section start 'Start, memory at rest, size' 'The floor is a provider on the same framework without a resource or a data source.'
	section results 'A large answer: CPU time' 'The floor is encoding/json reading the same body into plain structs.'
	section memory 'A large answer: memory and state' 'Memory is the peak of the provider process over a plan and an apply.'
	section reports 'Reports'
	section hosts 'Pages of hosts' '"Took" is in round trips.'
	section gate 'Evaluation of a gate'
	section sharing 'Many runs on one account, simulated' 'Fairness is the index of Jain: 1 where all runs had as many polls admitted.'
	section sharing-bulk 'Three runs of many scans at once, simulated'
} >"$work/performance.md"
mkdir -p dist/figures
cp "$work/performance.md" dist/figures/performance.md
cat dist/figures/performance.md
