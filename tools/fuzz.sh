#!/bin/bash
# Searches for inputs that break a decoder: tools/fuzz.sh TARGET [SECONDS]. New inputs that reach new code are kept in
# build/fuzz/TARGET; with -m instead of seconds they are merged, smallest first, into fuzz/corpus/TARGET.
set -e
cd "$(dirname "$0")/.."
target=$1 seconds=${2:-60}
[ -f "fuzz/${target}_fuzz.c" ] || { echo "usage: tools/fuzz.sh TARGET [SECONDS|-m]; targets:" fuzz/*_fuzz.c >&2; exit 2; }
make -s CC=clang SAN=address,undefined CFLAGS="-O1 -g -fsanitize=fuzzer-no-link" \
	B="build/fuzz" build/fuzz/libsarai.a >/dev/null
clang -std=c17 -O1 -g -D_GNU_SOURCE -Isrc -Ibuild/fuzz/gen -fsanitize=fuzzer,address,undefined \
	-o "build/fuzz/$target" "fuzz/${target}_fuzz.c" build/fuzz/libsarai.a \
	-lyaml -lsqlite3 -lmicrohttpd -ledit -lxxhash -lseccomp -lz -lbz2 -lm -lpthread
mkdir -p "build/fuzz/found/$target" "fuzz/corpus/$target"
if [ "$seconds" = -m ]; then
	"build/fuzz/$target" -merge=1 "fuzz/corpus/$target" "build/fuzz/found/$target"
else
	"build/fuzz/$target" -max_total_time="$seconds" -timeout=5 "build/fuzz/found/$target" "fuzz/corpus/$target"
fi
