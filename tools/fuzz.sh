#!/bin/sh
# Usage: tools/fuzz.sh [FUZZTIME [PATTERN]]
#
# Runs every fuzz target in turn, each for FUZZTIME (10m), and prints a table of
# what was executed, which it also writes into dist/figures/fuzzing.md. PATTERN,
# a regular expression, chooses targets by "package target". What is found fails
# the run and stays in testdata/fuzz.
# FUZZPARALLEL is the number of workers (1: the machine may be shared).
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

fuzztime=${1:-10m}
pattern=${2:-.}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

targets=$(go test -list '^Fuzz' ./internal/... |
	awk '/^Fuzz/ { names[++n] = $1 } $1 == "ok" { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }' |
	grep -E -- "$pattern") || { echo 'fuzz: no such target' >&2; exit 1; }

mkdir -p dist/figures
document=dist/figures/fuzzing.md
printf '# Fuzzing\n\n%s, %s. Workers: %s. Time for each target: %s.\n\n' \
	"$(date -u +%Y-%m-%d)" "$(go env GOVERSION)" "${FUZZPARALLEL:-1}" "$fuzztime" >"$document"

# Each row is shown and kept as soon as it is there: a run takes hours.
failed=0
printf '| package | target | time | executions | new inputs | result |\n|---|---|---|---|---|---|\n' | tee -a "$document"
while read -r package target <&3; do
	result=ok
	if ! nice go test -run '^$' -fuzz "^$target\$" -fuzztime "$fuzztime" -fuzzminimizetime 10x \
		-parallel "${FUZZPARALLEL:-1}" -timeout 0 "$package" >"$log" 2>&1 </dev/null; then
		result=FAILED
		failed=1
		cat "$log" >&2
	fi
	# The last line of progress: fuzz: elapsed: 1m0s, execs: 123 (4/sec), new interesting: 5 (total: 9)
	awk -v package="${package#*/terraform-provider-ms/}" -v target="$target" -v result="$result" '
		/^fuzz: elapsed:.* execs:/ {
			elapsed = $3; execs = $5; found = "-"
			for (i = 1; i < NF; i++) if ($i == "interesting:") found = $(i + 1)
			sub(",", "", elapsed)
		}
		END { printf "| %s | %s | %s | %s | %s | %s |\n", package, target, elapsed, execs, found, result }' "$log" |
		tee -a "$document"
done 3<<TARGETS
$targets
TARGETS
exit "$failed"
