# For tests that need a ClickHouse cluster: sourced. Two shards of one server each and a ZooKeeper, on loopback ports that are
# free, all files in $ch_dir; ended by ch_cleanup.
#
#   ch_begin DIR          writes the settings; $ch_url1, $ch_url2
#   ch_start zk|s1|s2     starts one and waits until it answers
#   ch_kill zk|s1|s2      kill -9
#   ch_ask URL SQL        as user default
ch_free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		ss -Hltn | grep -q ":$port " || [[ " $ch_ports " = *" $port "* ]] || break
	done
	ch_ports="$ch_ports $port"
	ch_port=$port
}
ch_settings() { # N HTTP TCP INTERSERVER
	local dir=$ch_dir/s$1
	mkdir -p "$dir/data" "$dir/tmp" "$dir/log" "$dir/files" "$dir/format"
	cat >"$dir/config.xml" <<-X
	<?xml version="1.0"?>
	<yandex>
	<logger><level>warning</level><log>$dir/log/server.log</log><errorlog>$dir/log/error.log</errorlog><size>10M</size><count>1</count></logger>
	<http_port>$2</http_port><tcp_port>$3</tcp_port><interserver_http_port>$4</interserver_http_port>
	<interserver_http_host>127.0.0.1</interserver_http_host><listen_host>127.0.0.1</listen_host>
	<max_connections>64</max_connections><max_concurrent_queries>64</max_concurrent_queries>
	<uncompressed_cache_size>8388608</uncompressed_cache_size><mark_cache_size>8388608</mark_cache_size>
	<path>$dir/data/</path><tmp_path>$dir/tmp/</tmp_path><user_files_path>$dir/files/</user_files_path>
	<format_schema_path>$dir/format/</format_schema_path><users_config>users.xml</users_config>
	<default_profile>default</default_profile><default_database>default</default_database><timezone>UTC</timezone>
	<mlock_executable>false</mlock_executable>
	<remote_servers><hub>
	<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>$ch_tcp1</port></replica></shard>
	<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>$ch_tcp2</port></replica></shard>
	</hub></remote_servers>
	<zookeeper><node><host>127.0.0.1</host><port>$ch_zk</port></node><session_timeout_ms>3000</session_timeout_ms></zookeeper>
	<merge_tree><zookeeper_session_expiration_check_period>1</zookeeper_session_expiration_check_period></merge_tree>
	<macros><shard>0$1</shard><replica>r1</replica></macros>
	<distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
	</yandex>
	X
	cat >"$dir/users.xml" <<-X
	<?xml version="1.0"?>
	<yandex>
	<profiles><default><max_memory_usage>2000000000</max_memory_usage></default></profiles>
	<users>
	<default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
	<ledger><password>right</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></ledger>
	</users>
	<quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas>
	</yandex>
	X
}
ch_begin() {
	ch_dir=$1
	local http1 http2 inter1 inter2
	ch_free_port; ch_zk=$ch_port
	ch_free_port; http1=$ch_port
	ch_free_port; http2=$ch_port
	ch_free_port; ch_tcp1=$ch_port
	ch_free_port; ch_tcp2=$ch_port
	ch_free_port; inter1=$ch_port
	ch_free_port; inter2=$ch_port
	ch_url1=http://127.0.0.1:$http1 ch_url2=http://127.0.0.1:$http2
	ch_settings 1 "$http1" "$ch_tcp1" "$inter1"
	ch_settings 2 "$http2" "$ch_tcp2" "$inter2"
	mkdir -p "$ch_dir/zk"
	printf '%s\n' tickTime=1000 initLimit=10 syncLimit=5 "dataDir=$ch_dir/zk" "clientPort=$ch_zk" clientPortAddress=127.0.0.1 \
		admin.enableServer=false >"$ch_dir/zoo.cfg"
}
ch_ask() { curl -sS -m 60 "$1/" --data-binary "$2"; }
ch_zk_answers() { [ -n "$(exec 3<>"/dev/tcp/127.0.0.1/$ch_zk" && echo srvr >&3 && timeout 2 cat <&3 | grep 'Zookeeper version')" ] 2>/dev/null; }
ch_answers() { [ "$(curl -sS -m 2 "$1/ping" 2>/dev/null)" = "Ok." ]; }
ch_wait() { # SECONDS COMMAND...
	local end=$((SECONDS + 6 * $1)) # that is for a machine that is slow, or busy
	shift
	until "$@" 2>/dev/null; do
		[ $SECONDS -ge $end ] && return 1
		sleep 0.1
	done
}
ch_start() {
	local jars
	case $1 in
	zk)
		jars=$(printf '%s:' /usr/share/java/{zookeeper,zookeeper-jute,slf4j-api,slf4j-simple,slf4j-log4j12,log4j-1.2,netty-all,snappy-java,metrics-core}.jar)
		java -Xmx128m -XX:TieredStopAtLevel=1 -cp "$jars" org.apache.zookeeper.server.quorum.QuorumPeerMain "$ch_dir/zoo.cfg" >"$ch_dir/zk.log" 2>&1 &
		ch_pid_zk=$!
		ch_wait 60 ch_zk_answers
		;;
	*)
		(cd "$ch_dir/$1" && exec clickhouse-server --config-file="$ch_dir/$1/config.xml") >"$ch_dir/$1/log/out" 2>&1 &
		eval "ch_pid_$1=$!"
		local url=ch_url${1#s}
		ch_wait 60 ch_answers "${!url}"
		;;
	esac
}
ch_kill() {
	local pid=ch_pid_$1
	kill -9 "${!pid}" 2>/dev/null
	wait "${!pid}" 2>/dev/null
	eval "$pid="
}
ch_cleanup() {
	local what pid
	for what in s1 s2 zk; do
		pid=ch_pid_$what
		[ -n "${!pid}" ] && kill -CONT "${!pid}" 2>/dev/null
		[ -n "${!pid}" ] && ch_kill $what
	done
}
