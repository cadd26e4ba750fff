#!/bin/bash
# Searches for inputs that break a decoder (libFuzzer, ASan, UBSan, one core, the lowest priority):
#
#   tools/fuzz.sh TARGET [SECONDS]   fuzz/TARGET_fuzz.c, 60 s if not said
#   tools/fuzz.sh all [SECONDS]      every target, one after the other
#   tools/fuzz.sh TARGET -merge      takes what was found and reaches new code into fuzz/corpus/TARGET
#
# New inputs that reach new code are kept in build/fuzz/found/TARGET, those that break something in
# build/fuzz/broken/TARGET: such a one belongs into the corpus, with the mend.
cd "$(dirname "$0")/.." || exit 1
target=$1 seconds=${2:-60}
targets=$(basename -a fuzz/*_fuzz.c | sed 's/_fuzz\.c$//')
if [ "$target" != all ] && [ ! -f "fuzz/${target}_fuzz.c" ]; then
	echo "usage: tools/fuzz.sh TARGET|all [SECONDS|-merge]; targets:" $targets >&2
	exit 2
fi
[ "$target" = all ] || targets=$target

make -s CC=clang SAN=address,undefined CFLAGS="-O1 -g -fsanitize=fuzzer-no-link" B=build/fuzz \
	build/fuzz/libsarai.a >/dev/null || exit 1
libs=$(make -s --eval='print-libs: ; @echo $(LIBS)' print-libs)

# fuzz NAME: status 0 if nothing broke.
fuzz() {
	local found=build/fuzz/found/$1 broken=build/fuzz/broken/$1 corpus=fuzz/corpus/$1
	mkdir -p "$found" "$broken" "$corpus"
	clang -std=c17 -O1 -g -D_GNU_SOURCE -Isrc -Ibuild/fuzz/gen -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o "build/fuzz/$1" "fuzz/$1_fuzz.c" build/fuzz/libsarai.a $libs || return 1
	if [ "$seconds" = -merge ]; then
		nice -n 19 "build/fuzz/$1" -merge=1 -verbosity=0 "$corpus" "$found"
		return
	fi
	if ! nice -n 19 "build/fuzz/$1" -max_total_time="$seconds" -timeout=5 -artifact_prefix="$broken/" \
		"$found" "$corpus" >"build/fuzz/$1.log" 2>&1; then
		tail -60 "build/fuzz/$1.log"
		return 1
	fi
}

status=0
for name in $targets; do
	if fuzz "$name"; then
		echo "ok     $name: $(ls "build/fuzz/found/$name" | wc -l) inputs that reach further than the corpus"
	else
		echo "FAILED $name: see build/fuzz/broken/$name"
		status=1
	fi
done
exit $status
