#!/bin/bash
# What was acknowledged survives kill -9 at any moment, a full disk and a clock that jumps: ROUNDS rounds a subject (1000 for the
# full proof), SEED for the same ones again.
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
make -s build/tests/live/durability >/dev/null || exit 1
seed=${SEED:-$RANDOM}
echo "# SEED=$seed"
disk=$(mktemp -d /tmp/sarai-durability-XXXXXX)
trap 'mountpoint -q "$disk" && umount "$disk"; rm -rf "$disk"' EXIT
mount -t tmpfs -o size=8m none "$disk" 2>/dev/null || echo "# no small file system of its own: the disk is never full"
build/tests/live/durability "$disk" "${ROUNDS:-200}" "$seed"
