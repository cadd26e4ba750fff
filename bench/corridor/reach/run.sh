#!/bin/bash
# Reach: the country of 50,000 made-up towers and smaller ones, beside scipy and networkx on the same files. Prints costs and the
# processor's seconds, passes and fails nothing.
cd "$(dirname "$0")/../../.." || exit 1
make -s build/sarai >/dev/null || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Debian's python3 has scipy and networkx, another that goes before it may not.
python=python3
$python -c 'import scipy, networkx' 2>/dev/null || python=/usr/bin/python3
$python -c 'import scipy, networkx' 2>/dev/null || { echo "python3-scipy and python3-networkx are not installed: no peers"; python=:; }
# ours FILE WORDS...: cost, bound and gap, with the processor's time for the whole command.
ours() {
	local file=$1 TIMEFORMAT=%U seconds
	shift
	seconds=$({ time build/sarai -j corridor reach --towers "$file" "$@" >"$dir/answer"; } 2>&1)
	jq -r --arg s "$seconds" '
		def m: .amount | tonumber;
		"  sarai, \(.places_built) places: \(.cost | m | round) USD, at least \(.at_least | m | round): " +
		"\(((.cost | m) / (.at_least | m) - 1) * 1000 | round / 10) % over; \($s) s"' "$dir/answer"
}

tools/make_towers.py "$dir/country"
for count in number traffic; do
	echo "50,000 towers to 60 % in three years, by $count"
	ours "$dir/country/towers.csv" --fibre "$dir/country/fibre.geojson" --count $count
done
/usr/bin/time -f "  largest memory %M KiB" build/sarai -q corridor reach --towers "$dir/country/towers.csv" --fibre "$dir/country/fibre.geojson"
for size in 50000 5000 800; do
	echo "$size towers to 60 %, from towers on fibre alone"
	tools/make_towers.py --towers $size --seed 3 "$dir/some"
	ours "$dir/some/towers.csv" --target 60 --years 1
	$python bench/corridor/reach/peer.py "$dir/some/towers.csv" 60
done
echo "36 towers to 60 %"
tools/make_towers.py --towers 36 --seed 4 --fibre-percent 10 "$dir/few"
ours "$dir/few/towers.csv" --target 60 --years 1
$python bench/corridor/reach/peer.py "$dir/few/towers.csv" 60 milp
