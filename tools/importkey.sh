#!/bin/sh
# Usage: GPG_PRIVATE_KEY=… tools/importkey.sh
#
# Imports the armoured private key into gpg, and prints fingerprint=… of it, as
# an output of a workflow's step.
set -eu

report=$(printf '%s\n' "$GPG_PRIVATE_KEY" | gpg --batch --no-tty --status-fd=1 --import 2>/dev/null || true)
# [GNUPG:] IMPORT_OK 17 FINGERPRINT; 16 is the flag of a private key.
fingerprint=$(printf '%s\n' "$report" | awk '$2 == "IMPORT_OK" && int($3 / 16) % 2 { print $4; exit }')
if [ -z "$fingerprint" ]; then
	echo "importkey: GPG_PRIVATE_KEY holds no private key" >&2
	exit 1
fi
printf 'fingerprint=%s\n' "$fingerprint"
