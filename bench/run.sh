#!/bin/bash
# Every benchmark beside its peers, one after the other: `make bench`. Tables go to standard output; docs/performance.md keeps those
# that were looked at.
cd "$(dirname "$0")/.." || exit 1
for room in exchange steer meter ledger corridor; do
	echo "== $room"
	"bench/$room/run.sh" || exit 1
done
