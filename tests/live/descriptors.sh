#!/bin/bash
# More members than there are descriptors: who is in stays, who is not waits, the operator can ask; with more descriptors all
# come in. Prints TAP. Runs in a network namespace of its own, without privileges.
if [ "$1" != inside ]; then exec unshare -rn "$0" inside; fi
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$dir"' EXIT
. tests/live/passive_members.sh
members=60
passive_members Narrow $members
tests/live/descriptors.py "$dir/sarai.sock" $members
status=$?
[ $status = 0 ] || tail -20 "$dir/log" | sed 's/^/# /'
exit $status
