# Ports for tests that listen: sourced.
# free_ports COUNT: the first of so many in a row that nobody uses, below those that the kernel gives out by itself.
free_ports() {
	local used first port
	used=" $(ss -Htuan | awk '{ sub(/.*:/, "", $5); printf "%s ", $5 }')"
	while :; do
		first=$((10000 + RANDOM % 22000))
		for ((port = first; port < first + $1; port++)); do
			[[ $used = *" $port "* ]] && continue 2
		done
		echo $first
		return
	done
}
