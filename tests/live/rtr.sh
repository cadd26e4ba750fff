#!/bin/bash
# The RPKI service beside real and bad caches: tests/live/rtr.py. Prints TAP. Loopback only, free ports.
cd "$(dirname "$0")/../.." || exit 1
make -s build/tests/live/rtr_service >/dev/null || exit 1
exec python3 tests/live/rtr.py
