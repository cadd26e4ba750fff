#!/bin/bash
# BFD with BIRD and FRR: tests/live/bfd.py in network and mount namespaces of its own, which vanish with it. Prints TAP. Needs
# root, for FRR's daemons change their user.
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP only root can start the other daemons, which change their user"
	exit 0
fi
exec unshare -nm --propagation private --kill-child -pf python3 tests/live/bfd.py
