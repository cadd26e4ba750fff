#!/bin/sh
# Writes the schema of the hub file, as the program knows it, into docs/hub-file.md, below the mark.
cd "$(dirname "$0")/.." || exit 1
set -e
make -s build/libsarai.a
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/schema.c" <<'C'
#include <stdio.h>
#include "hub/hub_file.h"
int main(void)
{
	struct buf out = {0};
	hub_file_schema(&out);
	return fwrite(out.data, 1, out.length, stdout) != out.length;
}
C
${CC:-cc} -std=c17 -Isrc -o "$dir/schema" "$dir/schema.c" build/libsarai.a -lyaml -lxxhash -lm
sed '/^<!-- schema -->$/q' docs/hub-file.md >"$dir/head"
{ cat "$dir/head"; echo; "$dir/schema"; } >docs/hub-file.md
