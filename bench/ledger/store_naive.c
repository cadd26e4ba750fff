/* What a store would be that keeps a row for everything: the same made-up exchange in SQLite as one writes it down at
 * first, for the table beside store_year.
 *
 *   store_naive FILE [days=N] [ports=N] [pairs=N] [networks=N] [together=N]
 *
 * The file must not be there yet. Write-ahead log and synced commits, as the ledger has them; prepared statements, an index
 * for each question. Nothing is checked, nothing folded, and a replay would be there twice. */
#include <inttypes.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "exchange.h"

enum { ASKED = 12 };

static struct exchange x = {.days = 365, .ports = 300};
static long together = 12;
static sqlite3 *db;

static double
now_s(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(int code)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return;
	fprintf(stderr, "%s\n", sqlite3_errmsg(db));
	exit(1);
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *statement;
	must(sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
	return statement;
}

enum { PORT, PAIR, NETWORK, INSERTS };
static sqlite3_stmt *inserts[INSERTS];

static void
make_tables(void)
{
	must(sqlite3_exec(db,
			  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
			  "PRAGMA cache_size = -32768;"
			  "CREATE TABLE port(time INTEGER, port TEXT, octets_in INTEGER,"
			  " octets_out INTEGER, state INTEGER);"
			  "CREATE INDEX port_time ON port(port, time);"
			  "CREATE TABLE pair(time INTEGER, source TEXT, target TEXT,"
			  " family INTEGER, octets INTEGER, packets INTEGER, samples INTEGER);"
			  "CREATE INDEX pair_time ON pair(time);"
			  "CREATE TABLE network(time INTEGER, port TEXT, outgoing INTEGER,"
			  " asn INTEGER, country TEXT, next INTEGER, octets INTEGER,"
			  " samples INTEGER);"
			  "CREATE INDEX network_time ON network(time);",
			  NULL, NULL, NULL));
	inserts[PORT] = prepare("INSERT INTO port VALUES(?, ?, ?, ?, ?)");
	inserts[PAIR] = prepare("INSERT INTO pair VALUES(?, ?, ?, ?, ?, ?, ?)");
	inserts[NETWORK] = prepare("INSERT INTO network VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
}

static void
bind_number(sqlite3_stmt *s, int at, uint64_t number)
{
	must(sqlite3_bind_int64(s, at, (sqlite3_int64)number));
}

static void
bind_name(sqlite3_stmt *s, int at, const char *name)
{
	must(sqlite3_bind_text(s, at, name, -1, SQLITE_STATIC));
}

static void
run(sqlite3_stmt *s)
{
	must(sqlite3_step(s));
	must(sqlite3_reset(s));
}

static void
put_bin(const struct traffic_batch *b)
{
	for (int i = 0; i < INSERTS; i++)
		bind_number(inserts[i], 1, (uint64_t)b->start.s);
	for (size_t i = 0; i < b->port_count; i++) {
		bind_name(inserts[PORT], 2, b->ports[i].port);
		bind_number(inserts[PORT], 3, b->ports[i].counter_in);
		bind_number(inserts[PORT], 4, b->ports[i].counter_out);
		bind_number(inserts[PORT], 5, b->ports[i].state);
		run(inserts[PORT]);
	}
	for (size_t i = 0; i < b->pair_count; i++) {
		bind_name(inserts[PAIR], 2, b->ports[b->pairs[i].from].port);
		bind_name(inserts[PAIR], 3, b->ports[b->pairs[i].to].port);
		bind_number(inserts[PAIR], 4, b->pairs[i].family);
		bind_number(inserts[PAIR], 5, b->pairs[i].octets);
		bind_number(inserts[PAIR], 6, b->pairs[i].packets);
		bind_number(inserts[PAIR], 7, b->pairs[i].samples);
		run(inserts[PAIR]);
	}
	for (size_t i = 0; i < b->origin_count; i++) {
		bind_name(inserts[NETWORK], 2, b->ports[b->origins[i].port].port);
		bind_number(inserts[NETWORK], 3, b->origins[i].outgoing);
		bind_number(inserts[NETWORK], 4, b->origins[i].asn.number);
		bind_name(inserts[NETWORK], 5, b->origins[i].country);
		bind_number(inserts[NETWORK], 6, b->origins[i].next.number);
		bind_number(inserts[NETWORK], 7, b->origins[i].octets);
		bind_number(inserts[NETWORK], 8, b->origins[i].samples);
		run(inserts[NETWORK]);
	}
}

static void
put_all(void)
{
	double spent = 0;
	for (int64_t bin = 0; bin < x.days * BINS_A_DAY; bin += together) {
		struct arena *arena = arena_new();
		struct traffic_batch *batches[BINS_A_DAY];
		for (long k = 0; k < together; k++)
			batches[k] = exchange_bin(&x, arena, bin + k);
		double begin = now_s();
		must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
		for (long k = 0; k < together; k++)
			put_bin(batches[k]);
		must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
		spent += now_s() - begin;
		arena_free(arena);
	}
	double bins = (double)x.days * BINS_A_DAY;
	double rows = bins * (double)(x.ports + x.pairs + x.networks);
	printf("put, ms a bin\t%.2f\n", spent / bins * 1000);
	printf("put, rows/s\t%.0f\n", rows / spent);
}

/* The worst of ASKED in milliseconds; `name` NULL: there is no port to name. */
static double
ask(const char *sql, bool of_port, int64_t length_s)
{
	sqlite3_stmt *q = prepare(sql);
	double worst = 0;
	for (long i = 0; i < ASKED; i++) {
		long day = x.days > 31 ? i * (x.days - 31) / (ASKED - 1) : 0;
		int64_t from = T0 + day * 86400;
		double begin = now_s();
		bind_number(q, 1, (uint64_t)from);
		bind_number(q, 2, (uint64_t)(from + length_s));
		if (of_port)
			bind_name(q, 3, x.names[i * 7919 % x.ports]);
		int code;
		while ((code = sqlite3_step(q)) == SQLITE_ROW)
			;
		must(code);
		must(sqlite3_reset(q));
		double took = (now_s() - begin) * 1000;
		worst = took > worst ? took : worst;
	}
	(void)sqlite3_finalize(q);
	return worst;
}

int
main(int argc, char **argv)
{
	struct stat st;
	for (int i = 2; i < argc; i++) {
		if (strncmp(argv[i], "together=", 9) == 0)
			together = strtol(argv[i] + 9, NULL, 10);
		else if (!exchange_option(&x, argv[i]))
			argc = 0;
	}
	if (argc < 2 || together < 1 || together > BINS_A_DAY || BINS_A_DAY % together ||
	    access(argv[1], F_OK) == 0) {
		fprintf(stderr, "usage: store_naive NEW-FILE [days=N] [ports=N] [pairs=N] "
				"[networks=N] [together=a divisor of 288]\n");
		return 2;
	}
	exchange_name_ports(&x);
	must(sqlite3_open(argv[1], &db));
	make_tables();
	put_all();
	must(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL));
	if (stat(argv[1], &st) == 0)
		printf("on disk, GB\t%.3f\n", (double)st.st_size / 1e9);
	printf("a month of a port, again, ms\t%.1f\n",
	       ask("SELECT time, octets_in, octets_out FROM port WHERE time >= ?1 AND time < ?2"
		   " AND port = ?3 ORDER BY time",
		   true, 31 * 86400));
	if (x.pairs)
		printf("pairs of a day, ms\t%.1f\n",
		       ask("SELECT source, target, family, sum(octets) FROM pair WHERE time >= ?1"
			   " AND time < ?2 GROUP BY 1, 2, 3",
			   false, 86400));
	for (int i = 0; i < INSERTS; i++)
		(void)sqlite3_finalize(inserts[i]);
	(void)sqlite3_close(db);
	return 0;
}
