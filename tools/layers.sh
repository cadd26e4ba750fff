#!/bin/sh
# Checks every #include in src/ against the table LAYERS; prints each violation, fails if there is one.
# A file may also include its own module. exchange/rib/rib_snapshot.h is the only door from meter into the exchange.
cd "$(dirname "$0")/.." || exit 1
find src -name '*.[ch]' | sort | xargs awk '
	BEGIN {
		while ((getline line < "LAYERS") > 0) {
			if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
			n = split(line, word, /[ \t]+/)
			known[word[1]] = 1
			for (i = 2; i <= n; i++) if (word[i] != "") may[word[1], word[i]] = 1
		}
	}
	function module_of(path) { sub(/\/[^\/]*$/, "", path); return path }
	/^#include "/ {
		from = module_of(substr(FILENAME, 5))
		split($0, part, "\""); path = part[2]; to = module_of(path)
		if (!(from in known)) { printf "%s: module %s is not in LAYERS\n", FILENAME, from; bad = 1; next }
		if (from == to) next
		if (!((from, to) in may)) { printf "%s:%d: %s may not include %s\n", FILENAME, FNR, from, path; bad = 1 }
		else if (from == "meter" && to ~ /^exchange/ && path != "exchange/rib/rib_snapshot.h") {
			printf "%s:%d: meter may know only the snapshot of the rib, not %s\n", FILENAME, FNR, path; bad = 1 }
	}
	END { exit bad }'
