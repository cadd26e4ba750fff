/* How large a store gets, how fast it takes bins in, and how long it takes to answer, in either engine.
 *
 *   store_year STORE [days=N] [ports=N] [pairs=N] [networks=N] [together=N] [keep=1]
 *
 * STORE is a file, or URL,CLUSTER,DATABASE with CLUSTER "-" for one server. It must not be there yet, but with keep=1
 * nothing is put, and what was put before is asked again. Bins go in `together` at a time, and old sums are folded when
 * their time has come, as the ledger does by itself. A line a measure, name and value with a tab between them. */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../tests/ledger/store_named.h"
#include "exchange.h"
#include "ledger/ledger_traffic.h"

enum { TOGETHER_MAX = 288, ASKED = 12 };

static struct exchange x = {.days = 365, .ports = 300};
static long together = 12, keep = 0;

static double
seconds(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
now_s(void)
{
	return seconds(CLOCK_MONOTONIC);
}

static bool
is_file(const char *where)
{
	return strncmp(where, "http", 4) != 0;
}

static struct ledger_store *
open_store(const char *where)
{
	struct ledger_store *store = store_named(where, 600);
	if (!store)
		exit(1);
	return store;
}

static void
must(struct ledger_store *store, enum ledger_store_error error)
{
	if (!error)
		return;
	fprintf(stderr, "%s\n", ledger_store_error_text(store));
	exit(1);
}

/* --- putting --- */

struct spent {
	double put, put_cpu, fold;
};

static void
put_some(struct ledger_store *store, int64_t bin, struct spent *spent)
{
	const struct traffic_batch *batches[TOGETHER_MAX];
	enum ledger_put results[TOGETHER_MAX];
	struct arena *arena = arena_new();
	for (long k = 0; k < together; k++)
		batches[k] = exchange_bin(&x, arena, bin + k);
	double begin = now_s(), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	must(store, ledger_store_put(store, batches, (size_t)together, results));
	spent->put_cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	spent->put += now_s() - begin;
	arena_free(arena);
	begin = now_s();
	for (bool more = true; more;)
		must(store,
		     ledger_store_fold(store, (struct utc_s){T0 + (bin + together) * LENGTH_S},
				       &more));
	spent->fold += now_s() - begin;
}

static void
put_all(struct ledger_store *store)
{
	struct spent spent = {0};
	for (int64_t bin = 0; bin < x.days * BINS_A_DAY; bin += together)
		put_some(store, bin, &spent);
	double bins = (double)x.days * BINS_A_DAY;
	double rows = bins * (double)(x.ports + x.pairs + x.networks);
	printf("bins put\t%.0f\n", bins);
	printf("rows put\t%.0f\n", rows);
	printf("bins a put\t%ld\n", together);
	printf("put, ms a bin\t%.2f\n", spent.put / bins * 1000);
	printf("put, rows/s\t%.0f\n", rows / spent.put);
	printf("put, our CPU, ms a bin\t%.2f\n", spent.put_cpu / bins * 1000);
	printf("folding, ms a bin\t%.2f\n", spent.fold / bins * 1000);
}

/* --- asking --- */

/* The pages of a file leave the memory of the machine, as far as it lets us ask. */
static void
forget_file(const char *path)
{
	int fd = is_file(path) ? open(path, O_RDWR) : -1;
	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	(void)close(fd);
}

struct worst {
	double opening, first, again, pairs;
	size_t bins;
};

static void
longer(double *worst, double begin)
{
	double took = (now_s() - begin) * 1000;
	*worst = took > *worst ? took : *worst;
}

static void
ask_month(struct ledger_store *store, long port, int64_t from, double *worst, size_t *bins)
{
	struct arena *arena = arena_new();
	struct ledger_facts facts;
	double begin = now_s();
	must(store, ledger_store_bins(&facts, store, arena, x.names[port], (struct utc_s){from},
				      (struct utc_s){from + 31 * 86400}));
	longer(worst, begin);
	*bins = facts.count;
	arena_free(arena);
}

static void
ask_pairs(struct ledger_store *store, int64_t from, double *worst)
{
	struct ledger_sums sums = {0};
	double begin = now_s();
	must(store, ledger_store_sums(store, LEDGER_PAIRS, (struct utc_s){from},
				      (struct utc_s){from + 86400}, &sums));
	longer(worst, begin);
	ledger_sums_fini(&sums);
}

/* Months that begin all over the time, each of another port. */
static void
ask_all(const char *where)
{
	struct worst worst = {0};
	for (long i = 0; i < ASKED; i++) {
		forget_file(where);
		double begin = now_s();
		struct ledger_store *store = open_store(where);
		longer(&worst.opening, begin);
		long day = x.days > 31 ? i * (x.days - 31) / (ASKED - 1) : 0;
		int64_t from = T0 + day * 86400;
		long port = i * 7919 % x.ports;
		ask_month(store, port, from, &worst.first, &worst.bins);
		ask_month(store, port, from, &worst.again, &worst.bins);
		if (x.pairs)
			ask_pairs(store, from, &worst.pairs);
		ledger_store_close(store);
	}
	printf("opening, ms\t%.1f\n", worst.opening);
	printf("bins of a port's month\t%zu\n", worst.bins);
	printf("a month of a port, first, ms\t%.1f\n", worst.first);
	printf("a month of a port, again, ms\t%.1f\n", worst.again);
	if (x.pairs)
		printf("pairs of a day, ms\t%.1f\n", worst.pairs);
}

/* Both engines must come to the same. */
static uint64_t
octets_of_part(const struct traffic_batch *part, enum traffic_what what)
{
	uint64_t octets = 0;
	for (size_t i = 0; what == TRAFFIC_WHAT_PORT && i < part->port_count; i++)
		octets += part->ports[i].counter_in;
	for (size_t i = 0; what == TRAFFIC_WHAT_PAIR && i < part->pair_count; i++)
		octets += part->pairs[i].octets;
	for (size_t i = 0; what == TRAFFIC_WHAT_AS && i < part->origin_count; i++)
		octets += part->origins[i].octets;
	return octets;
}

/* Traffic of a month by one thing, day by day, as `show history` sums it up. */
static void
ask_history(struct ledger_store *store, enum traffic_what what, const char *name)
{
	static const struct hub nobody;
	long days = x.days < 31 ? x.days : 31;
	const struct ledger_traffic_span span = {
		.from = {T0}, .to = {T0 + days * 86400}, .what = what, .member = HUB_NONE};
	struct ledger_traffic *traffic = ledger_traffic_new(store, &nobody, &span);
	double begin = now_s(), turn_worst = 0, turn = begin;
	uint64_t octets = 0;
	enum ledger_traffic_turn got;
	while (traffic && (got = ledger_traffic_next(traffic)) <= LEDGER_TRAFFIC_PART) {
		longer(&turn_worst, turn);
		turn = now_s();
		if (got == LEDGER_TRAFFIC_PART)
			octets += octets_of_part(ledger_traffic_part(traffic), what);
	}
	if (!traffic || got != LEDGER_TRAFFIC_END)
		exit(1);
	printf("history of %ld days by %s, s\t%.2f\n", days, name, now_s() - begin);
	printf("longest turn of that by %s, ms\t%.1f\n", name, turn_worst);
	printf("octets by %s\t%" PRIu64 "\n", name, octets);
	ledger_traffic_free(traffic);
}

static void
ask_histories(const char *where)
{
	struct ledger_store *store = open_store(where);
	ask_history(store, TRAFFIC_WHAT_PORT, "port");
	if (x.pairs)
		ask_history(store, TRAFFIC_WHAT_PAIR, "pair");
	if (x.networks)
		ask_history(store, TRAFFIC_WHAT_AS, "network");
	ledger_store_close(store);
}

static void
tell_size(const char *where)
{
	struct ledger_store *store = open_store(where);
	struct ledger_store_totals totals;
	must(store, ledger_store_totals(store, &totals));
	ledger_store_close(store);
	printf("on disk, GB\t%.3f\n", (double)totals.bytes / 1e9);
	if (!x.pairs && !x.networks)
		printf("octets a port's bin, with all\t%.1f\n",
		       (double)totals.bytes / ((double)(x.days * BINS_A_DAY * x.ports)));
}

static void
put_into(const char *where)
{
	if (is_file(where) && access(where, F_OK) == 0) {
		fprintf(stderr, "%s is there already\n", where);
		exit(2);
	}
	struct ledger_store *store = open_store(where);
	put_all(store);
	ledger_store_close(store);
}

int
main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		if (strncmp(argv[i], "together=", 9) == 0)
			together = strtol(argv[i] + 9, NULL, 10);
		else if (strncmp(argv[i], "keep=", 5) == 0)
			keep = strtol(argv[i] + 5, NULL, 10);
		else if (!exchange_option(&x, argv[i]))
			argc = 0;
	}
	if (argc < 2 || together < 1 || together > TOGETHER_MAX || BINS_A_DAY % together ||
	    x.ports < 1) {
		fprintf(stderr, "usage: store_year STORE [days=N] [ports=N] [pairs=N] [networks=N] "
				"[together=a divisor of 288] [keep=1]\n");
		return 2;
	}
	exchange_name_ports(&x);
	if (!keep)
		put_into(argv[1]);
	tell_size(argv[1]);
	ask_all(argv[1]);
	ask_histories(argv[1]);
	return 0;
}
