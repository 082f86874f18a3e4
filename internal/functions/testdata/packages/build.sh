#!/usr/bin/env bash
# Builds risky.apk from the sources beside this script, unsigned. Needs Debian's aapt and
# android-framework-res. Tests read the file that is checked in.
set -euo pipefail
cd "$(dirname "$0")"
framework=${FRAMEWORK:-/usr/share/android-framework-res/framework-res.apk}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
aapt2 compile --dir risky/res -o "$work/res.zip"
aapt2 link -I "$framework" --no-resource-removal --manifest risky/AndroidManifest.xml -o risky.apk "$work/res.zip"
ls -l risky.apk
