/* How large a store gets, how fast it takes bins in, and how long any member's month takes to read: a made-up exchange
 * with a day's and a week's rhythm, bins of five minutes.
 *
 *   store_year FILE [days=N] [ports=N] [pairs=N] [networks=N] [together=N]
 *
 * `pairs` and `networks` are those seen in a bin; 0 leaves them out. Sizes are told by table; what older sums shrink to
 * is measured by folding all but the last days, as the ledger does by itself. The file is made anew. */
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"
#include "ledger/ledger_sqlite_io.h"

enum { T0 = 1735689600, LENGTH_S = 300, RATE = 4096, BINS_A_DAY = 288, TOGETHER_MAX = 288 };

static long days = 365, ports = 300, pairs = 0, networks = 0, together = 12;
static char **names;

static double
seconds(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t
noise(uint64_t a, uint64_t b, uint64_t below)
{
	return hash_u64(a * 0x9e3779b97f4a7c15u ^ hash_u64(b)) % below;
}

/* Octets of a port in a bin: each has its size, all have an evening, and no two bins are the same. */
static uint64_t
octets_of(long port, int64_t start, bool outgoing)
{
	double size = 2e8 * pow(1000, (double)noise((uint64_t)port, outgoing, 1000) / 1000);
	double day = sin((double)(start % 86400) / 86400 * 2 * M_PI - 2);
	double week = start / 86400 % 7 < 5 ? 1 : 0.8;
	double jitter =
		0.9 + (double)noise((uint64_t)start, (uint64_t)port * 2 + outgoing, 1000) / 5000;
	return (uint64_t)(size * week * jitter * (1 + 0.6 * day)) +
	       noise((uint64_t)port, (uint64_t)start, 997);
}

static void
fill_ports(struct traffic_batch *b, struct arena *arena)
{
	b->ports = arena_take(arena, (size_t)ports * sizeof(*b->ports));
	b->port_count = (size_t)ports;
	for (long i = 0; i < ports; i++) {
		uint64_t in = octets_of(i, b->start.s, false), out = octets_of(i, b->start.s, true);
		b->ports[i] = (struct traffic_port){
			.port = names[i],
			.counter_in = in,
			.counter_out = out,
			.counter_covered_s = LENGTH_S,
			.flow_in = in / RATE * RATE,
			.flow_out = out / RATE * RATE,
			.samples_in = in / 800 / RATE,
			.samples_out = out / 800 / RATE,
			.state = TRAFFIC_COUNTER,
			.source = TRAFFIC_BY_SFLOW,
			.packets_in = in / 800,
			.packets_out = out / 800,
			.flow_v6_in = in / 4 / RATE * RATE,
			.flow_v6_out = out / 4 / RATE * RATE,
			.lost_ppm = noise((uint64_t)b->start.s, 1, 20) ? 0 : 120,
		};
	}
}

/* One of `count`, the first ones much more often: what comes and goes comes again. */
static uint64_t
skewed(uint64_t a, uint64_t b, uint64_t count)
{
	double u = (double)noise(a, b, 1 << 20) / (1 << 20);
	return (uint64_t)(u * u * u * (double)count);
}

/* Two thirds of the pairs and networks are there in every bin, the others come and go. */
static void
fill_sums(struct traffic_batch *b, struct arena *arena)
{
	uint64_t bin = (uint64_t)b->start.s;
	/* A prime: the first ones are not all of one port. */
	const uint64_t spread = 1000003;
	b->pairs = arena_take(arena, ((size_t)pairs + 1) * sizeof(*b->pairs));
	b->pair_count = (size_t)pairs;
	for (long i = 0; i < pairs; i++) {
		uint64_t which = skewed((uint64_t)i, i % 3 ? 7 : bin, (uint64_t)(ports * ports));
		uint64_t samples = 1 + noise(bin, (uint64_t)i, 4) + 4000 / (uint64_t)(i + 1);
		b->pairs[i] = (struct traffic_pair){
			.from = (uint32_t)(which * spread / (uint64_t)ports % (uint64_t)ports),
			.to = (uint32_t)(which * spread % (uint64_t)ports),
			.family = i % 4 ? IP_V4 : IP_V6,
			.octets = samples * RATE * (64 + noise(bin, (uint64_t)i * 3, 1400)),
			.packets = samples * RATE,
			.samples = samples,
		};
	}
	b->origins = arena_take(arena, ((size_t)networks + 1) * sizeof(*b->origins));
	b->origin_count = (size_t)networks;
	for (long i = 0; i < networks; i++) {
		uint64_t which = skewed((uint64_t)i, i % 3 ? 9 : bin, (uint64_t)ports * 3000);
		uint64_t samples = 1 + noise(bin, (uint64_t)i * 5, 3) + 8000 / (uint64_t)(i + 1);
		uint32_t port = (uint32_t)(which % (uint64_t)ports),
			 asn = (uint32_t)(which / (uint64_t)ports);
		b->origins[i] = (struct traffic_origin){
			.port = port,
			.outgoing = i & 1,
			.asn = {asn < 200 ? 15169 + asn : 200000 + asn * 7},
			.country = {(char)('A' + asn % 26), (char)('A' + asn / 26 % 26)},
			.octets = samples * RATE * (64 + noise(bin, (uint64_t)i * 11, 1400)),
			.samples = samples,
			.next = {64512 + (i & 1 ? port : asn % 5)},
		};
	}
}

static struct traffic_batch *
batch_of(struct arena *arena, int64_t bin)
{
	struct traffic_batch *b = arena_take(arena, sizeof(*b));
	*b = (struct traffic_batch){.start = {T0 + bin * LENGTH_S},
				    .length_s = LENGTH_S,
				    .covered_s = LENGTH_S,
				    .run = 0x5ca1ab1e00000000u + (uint64_t)(bin / 5000)};
	fill_ports(b, arena);
	fill_sums(b, arena);
	b->exporters = arena_take(arena, 4 * sizeof(*b->exporters));
	b->domains = arena_take(arena, 4 * sizeof(*b->domains));
	for (uint32_t i = 0; i < 4; i++) {
		b->exporters[i] = (struct traffic_exporter){arena_printf(arena, "sw%u.example", i),
							    40000, 300000, 0, 0};
		b->domains[i] = (struct traffic_domain){i, 1, i, 300000, 0, 0, 0, 0};
	}
	b->exporter_count = b->domain_count = 4;
	return b;
}

static void
put_all(struct ledger_store *store)
{
	const struct traffic_batch *batches[TOGETHER_MAX];
	enum ledger_put results[TOGETHER_MAX];
	double spent = 0;
	for (int64_t bin = 0; bin < days * BINS_A_DAY; bin += together) {
		struct arena *arena = arena_new();
		for (long k = 0; k < together; k++)
			batches[k] = batch_of(arena, bin + k);
		double begin = seconds();
		if (ledger_store_put(store, batches, (size_t)together, results)) {
			fprintf(stderr, "%s\n", ledger_store_error_text(store));
			exit(1);
		}
		spent += seconds() - begin;
		arena_free(arena);
	}
	double bins = (double)days * BINS_A_DAY, rows = bins * (double)(ports + pairs + networks);
	printf("put: %.0f bins in %.1f s, %.2f ms a bin, %.0f rows/s (%ld bins a transaction)\n",
	       bins, spent, spent / bins * 1000, rows / spent, together);
}

static void
sizes(const char *path, const char *when)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		return;
	(void)sqlite3_prepare_v2(db,
				 "SELECT name, sum(pgsize), sum(pgsize - unused) FROM dbstat GROUP "
				 "BY name ORDER BY 2 DESC",
				 -1, &q, NULL);
	while (q && sqlite3_step(q) == SQLITE_ROW)
		if (sqlite3_column_double(q, 1) > 1e6)
			printf("size %s: %-14s %8.1f MB, %3.0f %% full\n", when,
			       sqlite3_column_text(q, 0), sqlite3_column_double(q, 1) / 1e6,
			       100 * sqlite3_column_double(q, 2) / sqlite3_column_double(q, 1));
	(void)sqlite3_finalize(q);
	(void)sqlite3_prepare_v2(
		db, "SELECT kind, folded, count(*), sum(length(body)) FROM sums GROUP BY 1, 2", -1,
		&q, NULL);
	while (q && sqlite3_step(q) == SQLITE_ROW)
		printf("sums %s: kind %d %s: %lld rows of %.0f octets\n", when,
		       sqlite3_column_int(q, 0), sqlite3_column_int(q, 1) ? "folded" : "by bin",
		       (long long)sqlite3_column_int64(q, 2),
		       sqlite3_column_double(q, 3) / sqlite3_column_double(q, 2));
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
}

/* The pages of the file leave the memory of the machine, as far as it lets us ask. */
static void
forget_file(const char *path)
{
	int fd = open(path, O_RDWR);
	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	(void)close(fd);
}

static double
read_month(struct ledger_store *store, long port, int64_t from, size_t *count)
{
	struct arena *arena = arena_new();
	struct ledger_facts facts;
	double begin = seconds();
	(void)ledger_store_bins(&facts, store, arena, names[port], (struct utc_s){from},
				(struct utc_s){from + 31 * 86400});
	double took = seconds() - begin;
	*count = facts.count;
	arena_free(arena);
	return took;
}

static void
months(const char *path)
{
	char reason[LEDGER_STORE_REASON];
	double worst_cold = 0, worst_warm = 0, open_worst = 0;
	size_t count = 0;
	for (long i = 0; i < 12; i++) {
		forget_file(path);
		double begin = seconds();
		struct ledger_store *store = ledger_sqlite_open(path, reason);
		double opened = seconds() - begin;
		if (!store) {
			fprintf(stderr, "%s\n", reason);
			exit(1);
		}
		int64_t from = T0 + (days > 31 ? i * (days - 31) / 11 : 0) * 86400;
		long port = i * 7919 % ports;
		double cold = read_month(store, port, from, &count);
		double warm = read_month(store, port, from, &count);
		worst_cold = cold > worst_cold ? cold : worst_cold;
		worst_warm = warm > worst_warm ? warm : worst_warm;
		open_worst = opened > open_worst ? opened : open_worst;
		ledger_store_close(store);
	}
	printf("a month of one port (%zu bins), worst of 12: %.1f ms cold, %.1f ms warm; opening "
	       "%.1f ms\n",
	       count, worst_cold * 1000, worst_warm * 1000, open_worst * 1000);
}

static void
fold_all(struct ledger_store *store)
{
	bool more = true;
	double begin = seconds();
	while (ledger_store_fold(store, (struct utc_s){T0 + (days + 50) * 86400}, &more) ==
		       LEDGER_STORE_OK &&
	       more)
		;
	printf("folding all of it: %.1f s\n", seconds() - begin);
}

static double
mean_body(sqlite3 *db, int kind, int folded)
{
	sqlite3_stmt *q;
	double octets = 0;
	if (sqlite3_prepare_v2(db,
			       "SELECT avg(length(body)) FROM sums WHERE kind = ?1 AND folded = ?2",
			       -1, &q, NULL) != SQLITE_OK)
		return 0;
	(void)sqlite3_bind_int(q, 1, kind);
	(void)sqlite3_bind_int(q, 2, folded);
	if (sqlite3_step(q) == SQLITE_ROW)
		octets = sqlite3_column_double(q, 0);
	(void)sqlite3_finalize(q);
	return octets;
}

static void
mean_bodies(const char *path, int folded, double octets[LEDGER_SUM_KINDS])
{
	sqlite3 *db;
	for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++)
		octets[kind - 1] = 0;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
		for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++)
			octets[kind - 1] = mean_body(db, kind, folded);
	(void)sqlite3_close(db);
}

/* What the sums of a year take when the old ones are folded as the ledger does. */
static void
year_of_sums(const double by_bin[LEDGER_SUM_KINDS], const double folded[LEDGER_SUM_KINDS])
{
	double all = 0;
	for (int i = 0; i < LEDGER_SUM_KINDS; i++) {
		double fine_days = (double)ledger_folds[i].fine_s / 86400;
		double fine = by_bin[i] * BINS_A_DAY * fine_days;
		double old = folded[i] * 86400 / ledger_folds[i].folded_s * (365 - fine_days);
		printf("a year of sums of kind %d: %.0f days by bin %.2f GB, the rest %.2f GB\n",
		       i + 1, fine_days, fine / 1e9, old / 1e9);
		all += fine + old;
	}
	printf("a year of sums: %.2f GB\n", all / 1e9);
}

static void
option(const char *text)
{
	static const struct {
		const char *name;
		long *value;
	} options[] = {{"days=", &days},
		       {"ports=", &ports},
		       {"pairs=", &pairs},
		       {"networks=", &networks},
		       {"together=", &together}};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strncmp(text, options[i].name, strlen(options[i].name)) == 0)
			*options[i].value = strtol(text + strlen(options[i].name), NULL, 10);
}

int
main(int argc, char **argv)
{
	char reason[LEDGER_STORE_REASON];
	if (argc < 2) {
		fprintf(stderr, "usage: store_year FILE [days=N] [ports=N] [pairs=N] [networks=N] "
				"[together=N]\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		option(argv[i]);
	if (together < 1 || together > TOGETHER_MAX || BINS_A_DAY % together || ports < 1) {
		fprintf(stderr, "together divides %d; there is a port at least\n", BINS_A_DAY);
		return 2;
	}
	names = calloc((size_t)ports, sizeof(*names));
	for (long i = 0; i < ports; i++)
		if (asprintf(&names[i], "as%ld-port%ld", 64512 + i / 2, i % 2) < 0)
			return 1;
	(void)unlink(argv[1]);
	struct ledger_store *store = ledger_sqlite_open(argv[1], reason);
	if (!store) {
		fprintf(stderr, "%s\n", reason);
		return 1;
	}
	put_all(store);
	ledger_store_close(store);
	struct stat st;
	if (stat(argv[1], &st) == 0)
		printf("file: %.2f GB, %.1f octets a port's bin with all\n",
		       (double)st.st_size / 1e9,
		       (double)st.st_size / (double)(days * BINS_A_DAY * ports));
	sizes(argv[1], "as put");
	months(argv[1]);
	if (pairs || networks) {
		double by_bin[LEDGER_SUM_KINDS], folded[LEDGER_SUM_KINDS];
		mean_bodies(argv[1], 0, by_bin);
		store = ledger_sqlite_open(argv[1], reason);
		if (store)
			fold_all(store);
		ledger_store_close(store);
		sizes(argv[1], "folded");
		mean_bodies(argv[1], 1, folded);
		year_of_sums(by_bin, folded);
	}
	return 0;
}
