#!/bin/bash
# Most members stop reading while one announces much: what the others hear is not delayed. Prints TAP. Runs in a network
# namespace of its own, without privileges.
if [ "$1" != inside ]; then exec unshare -rn "$0" inside; fi
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$dir"' EXIT
. tests/live/passive_members.sh
passive_members Stuck 22
tests/live/stuck_members.py
status=$?
[ $status = 0 ] || tail -20 "$dir/log" | sed 's/^/# /'
exit $status
