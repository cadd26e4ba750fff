# What a fresh Debian 12 machine needs. Sourced by ./run and ./test; installs only what is missing.
BUILD_PACKAGES="gcc make pkg-config libyaml-dev libsqlite3-dev libmicrohttpd-dev libcurl4-openssl-dev libedit-dev libxxhash-dev
 libseccomp-dev coinor-libclp-dev zlib1g-dev libbz2-dev libcairo2-dev libpango1.0-dev libsnmp-dev nettle-dev fonts-noto-core fonts-noto-cjk tzdata bgpq4"
TEST_PACKAGES="libjansson-dev man-db bsdextrautils clang clang-format libclang-rt-14-dev perl python3 iproute2 procps jq curl sqlite3 bird2 frr openbgpd gobgpd stayrtr
 softflowd tcpreplay pmacct bgpdump bzip2 nfdump nfdump-sflow tshark chromium chromium-driver libxml2-utils poppler-utils snmpd snmp
 clickhouse-server clickhouse-client zookeeper default-jre-headless tcpdump"

# setup_packages [test]: returns 0 when all is there; ends the script with a message if it cannot be.
setup_packages() {
	local want="$BUILD_PACKAGES" missing="" p
	[ "$1" = test ] && want="$want $TEST_PACKAGES"
	# The page's tests need node 18 or later, Debian's or another.
	[ "$1" = test ] && ! { command -v node && command -v npm; } >/dev/null && want="$want nodejs npm"
	local have
	have=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package} ' $want 2>/dev/null) "
	for p in $want; do
		case $have in *"ii $p "*) ;; *) missing="$missing $p" ;; esac
	done
	[ -z "$missing" ] && return 0
	echo "installing:$missing"
	local sudo=""
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || { echo "these packages are missing, and only root can install them:$missing" >&2; exit 1; }
		sudo=sudo
	fi
	# Nothing that is installed is started: the tests start what they need.
	local policy=/usr/sbin/policy-rc.d made="" installed=0
	[ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null && $sudo chmod 755 $policy && made=1; }
	$sudo apt-get update -qq &&
		$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null || installed=1
	[ -n "$made" ] && $sudo rm -f $policy
	[ $installed = 0 ] || { echo "could not install:$missing" >&2; exit 1; }
}
