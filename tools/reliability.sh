#!/bin/sh
# Usage: tools/reliability.sh
#
# Runs the long form of the fault, quota and parallel tests, prints their
# figures, and writes them into dev-docs/reliability.md between its marks.
# Nothing but loopback is used. It is bounded: no test runs beyond 15 minutes.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One package after the other: figures of time want the machine for themselves.
if ! tools/withcli.sh TF_ACC=1 GOGC=400 go test -p=1 -count=1 -timeout=15m -run 'TestFaults|TestQuota|TestParallel' \
	./internal/tencentcloud ./internal/reliability -args -reports="$work" >"$work/log" 2>&1; then
	cat "$work/log" >&2
	exit 1
fi
cat "$work/log"

tools/machine.sh >"$work/machine.md"
cat "$work/quota-1.md" "$work/quota-3.md" "$work/quota-4.md" >"$work/quota.md"
cat "$work/parallel.md" "$work/parallel-lost.md" | sed 's/^/- /' >"$work/parallel-all.md"
mv "$work/parallel-all.md" "$work/parallel.md"

tools/figures.sh "$work" dev-docs/reliability.md
