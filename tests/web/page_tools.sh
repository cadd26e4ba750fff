# What the tests of the page need, from the top of the project: a node of 18 or later in $node (empty: none), and the packages of
# ui/package-lock.json. To be sourced.
node=
for candidate in node nodejs; do
	major=$("$candidate" -p 'process.versions.node.split(".")[0]' 2>/dev/null) && [ "$major" -ge 18 ] && node=$(command -v "$candidate") && break
done

# bring_packages TOP LOG: brings them once; a change of the lock file brings them again.
bring_packages() {
	cmp -s "$1/ui/package-lock.json" "$1/ui/node_modules/.locked" && return
	npm --prefix "$1/ui" ci --no-audit --no-fund >"$2" 2>&1 && cp "$1/ui/package-lock.json" "$1/ui/node_modules/.locked"
}
