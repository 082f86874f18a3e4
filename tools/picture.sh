#!/bin/sh
# Usage: tools/picture.sh
#
# Captures the demo in a terminal of its own and renders the plan that the gate
# stops into assets/stopped-plan.svg, the picture of the README. It needs script
# (util-linux) and npx; no check depends on it.
set -eu
unset CDPATH
cd "$(dirname -- "$0")/.."

columns=112
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A terminal, since the demo and the CLI use colors only there.
TERM=xterm-256color script -qec "stty cols $columns; exec tools/withcli.sh bin/ms-demo" "$work/capture" >/dev/null

# From the command of step 2 to the end of the error's box, without the margin;
# the command continued on a second line, and without the underlining, which the
# renderer misplaces. Then as a recording of one frame (asciicast v2) in JSON.
awk '
	/2\. Plan the same build again/ { inside = 1 }
	inside && /\$ / { shown = 1 }
	inside && /=>/ { exit }
	shown {
		sub(/\r$/, ""); sub(/^   /, ""); gsub(/\033\[4m/, "")
		sub(/ -var package_url=/, " \\\n    -var package_url=")
		line[++n] = $0; if ($0 != "") last = n
	}
	END { for (i = 1; i <= last; i++) print line[i] }
' "$work/capture" >"$work/plan"
node -e '
	const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\n")
	const columns = Number(process.argv[1])
	const plain = (line) => line.replace(/\x1b\[[0-9;]*m/g, "")
	const height = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(plain(line).length / columns)), 0)
	console.log(JSON.stringify({ version: 2, width: columns, height }))
	console.log(JSON.stringify([0.1, "o", lines.join("\r\n")]))
' "$columns" <"$work/plan" >"$work/cast"
mkdir -p assets
npx --yes svg-term-cli@2.1.1 --in "$work/cast" --out assets/stopped-plan.svg --at 200 --no-cursor --window --padding 8
