#!/bin/sh
# Usage: tools/machine.sh
#
# Prints in one line what figures were measured on: day, system, processor, Go
# and CLI.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."
cli=$(tools/cli.sh)
printf '%s\n' "$(date -u +%Y-%m-%d), $(uname -s) $(uname -m), $(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) cores$(sed -n '/^model name/{s/.*: /, /p;q;}' /proc/cpuinfo 2>/dev/null || true), $(go env GOVERSION), ${cli% *}."
