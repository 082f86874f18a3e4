#!/bin/sh
# Usage: tools/reliability.sh
#
# Runs the long form of the fault, quota and parallel tests, and writes their
# tables into dist/figures/reliability.md, which it prints. Nothing but loopback
# is used. It is bounded: no test runs beyond 15 minutes.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One package after the other: figures of time want the machine for themselves.
if ! tools/withcli.sh TF_ACC=1 GOGC=400 go test -p=1 -count=1 -timeout=15m -run 'TestFaults|TestAccQuota|TestAccParallel' \
	./internal/tencentcloud ./internal/reliability -args -reports="$work" >"$work/log" 2>&1; then
	cat "$work/log" >&2
	exit 1
fi
cat "$work/log"

# section TITLE NOTE TABLE …
section() {
	printf '\n## %s\n\n%s\n\n' "$1" "$2"
	shift 2
	for table; do cat "$work/$table.md"; done
}
{
	printf '# Reliability\n\n'
	tools/machine.sh
	section 'Rate limit' 'With a hard limit of 20 requests per second. The floor is the number of scans divided by 20 per second.' \
		quota-1 quota-3 quota-4
	section 'In parallel' 'A tenth of the calls of each action is broken.' parallel parallel-lost
	section 'Faults' 'A cell is: right / incomplete / failed, requests, the longest call. dev-docs/measurements.md tells what these are.' faults
} >"$work/reliability.md"
mkdir -p dist/figures
cp "$work/reliability.md" dist/figures/reliability.md
cat dist/figures/reliability.md
