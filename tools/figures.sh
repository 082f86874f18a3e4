#!/bin/sh
# Usage: tools/figures.sh FOLDER DOCUMENT
#
# Writes figures into a document: what stands between the marks
# <!-- figures NAME --> and <!-- end --> becomes what FOLDER/NAME.md holds.
# Prints what it wrote.
set -eu
folder=$1
document=$2

awk -v dir="$folder" '
	/^<!-- figures [a-z0-9-]+ -->$/ {
		print; print ""
		while ((getline line < (dir "/" $3 ".md")) > 0) print line
		print ""
		inside = 1
	}
	/^<!-- end -->$/ { inside = 0 }
	!inside { print }
' "$document" >"$folder/document"
awk '/^<!-- figures / { shown = 1 } shown { print } /^<!-- end -->$/ { shown = 0 }' "$folder/document" | sed '/^<!--/d'
cat "$folder/document" >"$document"
