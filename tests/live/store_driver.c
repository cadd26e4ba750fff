/* Puts made-up batches where a test wants them, and says whether a store has exactly them. A batch is made from its
 * number and its run alone, so that any process knows what must be there.
 *
 *   store_driver spool DIRECTORY RUN FROM COUNT PORTS     into a spool as the meter does: written, synced, renamed
 *   store_driver put STORE RUN FROM COUNT PORTS           into the store itself, again and again until it is in
 *   store_driver check STORE FROM COUNT PORTS RUN...      prints "exact", or what is not
 *
 * STORE is a file, or URL,CLUSTER,DATABASE with CLUSTER "-" for one server. The number of each batch is printed when
 * it is where it belongs for certain. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/made_up.h"
#include "ledger/store_named.h"

enum { T0 = 1767225600, LENGTH_S = 300, TOGETHER = 16 };

static struct traffic_batch *
batch_of(struct arena *arena, int64_t number, uint64_t run, size_t ports)
{
	struct made_up m = {run * 1000003 + (uint64_t)number};
	return made_up_batch(&m, arena, T0 + number * LENGTH_S, run, ports);
}

/* --- into a spool --- */

static bool
write_file(int directory, const char *name, const struct buf *bytes)
{
	char aside[80];
	(void)snprintf(aside, sizeof(aside), ".%s", name);
	int fd = openat(directory, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	bool good = fd >= 0 && write(fd, bytes->data, bytes->length) == (ssize_t)bytes->length &&
		    fsync(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	return good && renameat(directory, aside, directory, name) == 0 && fsync(directory) == 0;
}

static int
spool(const char *path, uint64_t run, int64_t from, int64_t count, size_t ports)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	for (int64_t i = from; i < from + count;) {
		struct arena *arena = arena_new();
		struct traffic_batch *batch = batch_of(arena, i, run, ports);
		struct buf bytes = {0};
		char name[64];
		traffic_encode(batch, &bytes);
		(void)snprintf(name, sizeof(name), "%" PRId64 "-%" PRIu64 ".traffic",
			       batch->start.s, run);
		if (write_file(directory, name, &bytes))
			printf("%" PRId64 "\n", i++);
		else
			(void)usleep(1000); /* no room: as the meter, later */
		(void)fflush(stdout);
		buf_fini(&bytes);
		arena_free(arena);
	}
	return 0;
}

/* --- into the store --- */

static int
put(const char *where, uint64_t run, int64_t from, int64_t count, size_t ports)
{
	struct ledger_store *store = store_named(where, 30);
	if (!store)
		return 1;
	for (int64_t i = from; i < from + count;) {
		struct arena *arena = arena_new();
		const struct traffic_batch *batches[TOGETHER];
		enum ledger_put results[TOGETHER];
		size_t n = 0;
		for (; n < TOGETHER && i + (int64_t)n < from + count; n++)
			batches[n] = batch_of(arena, i + (int64_t)n, run, ports);
		if (ledger_store_put(store, batches, n, results) == LEDGER_STORE_OK)
			for (; n; n--)
				printf("%" PRId64 "\n", i++);
		else
			(void)usleep(200000);
		(void)fflush(stdout);
		arena_free(arena);
	}
	ledger_store_close(store);
	return 0;
}

/* --- is it all there, once? --- */

struct expected {
	int64_t from, count;
	size_t ports, run_count;
	uint64_t runs[16];
};

static struct utc_s
start_of(int64_t number)
{
	return (struct utc_s){T0 + number * LENGTH_S};
}

/* Other bins may be there, from before or after: a hub's own meter makes some. */
static unsigned
check_batches(struct ledger_store *store, const struct expected *e)
{
	struct arena *arena = arena_new();
	struct ledger_batch_row *rows;
	size_t count = 0, expected = (size_t)e->count * e->run_count;
	enum ledger_store_error error = ledger_store_batches(
		store, arena, start_of(e->from), start_of(e->from + e->count), &rows, &count);
	bool wrong = error || count != expected;
	if (wrong)
		printf("error %d, %zu batches, expected %zu\n", error, count, expected);
	arena_free(arena);
	return wrong;
}

static unsigned
check_port(struct ledger_store *store, const struct expected *e, size_t port)
{
	struct arena *arena = arena_new();
	char name[32];
	(void)snprintf(name, sizeof(name), "p%zu", port);
	struct ledger_facts facts = {0};
	enum ledger_store_error error = ledger_store_bins(
		&facts, store, arena, name, (struct utc_s){0}, (struct utc_s){INT64_MAX});
	unsigned wrong = error || facts.count != (size_t)e->count;
	if (wrong)
		printf("%s: error %d (%s), %zu bins, expected %" PRId64 "\n", name, error,
		       error ? ledger_store_error_text(store) : "", facts.count, e->count);
	for (size_t i = 0; i < facts.count && !wrong; i++) {
		struct ledger_fact sum;
		for (size_t run = 0; run < e->run_count; run++) {
			struct arena *one = arena_new();
			struct traffic_batch *batch =
				batch_of(one, e->from + (int64_t)i, e->runs[run], e->ports);
			struct ledger_fact fact = ledger_fact_of(batch, &batch->ports[port]);
			if (run)
				ledger_fact_add(&sum, &fact);
			else
				sum = fact;
			arena_free(one);
		}
		if (!same_fact(&sum, &facts.items[i])) {
			printf("%s: bin %zu is not what it must be\n", name, i);
			wrong++;
		}
	}
	arena_free(arena);
	return wrong;
}

/* Octets, packets and samples over all keys, as the pure code adds them up. */
static void
total_of(const struct ledger_sums *sums, uint64_t total[4])
{
	total[3] = sums->count;
	for (size_t i = 0; i < sums->count; i++) {
		total[0] += sums->items[i].octets;
		total[1] += sums->items[i].packets;
		total[2] += sums->items[i].samples;
	}
}

static unsigned
check_sums(struct ledger_store *store, const struct expected *e, enum ledger_sum_kind kind)
{
	struct ledger_sums got = {0}, want = {0};
	uint32_t numbers[1024];
	for (size_t i = 0; i < 1024; i++)
		numbers[i] = (uint32_t)i + 1;
	for (int64_t i = e->from; i < e->from + e->count; i++)
		for (size_t run = 0; run < e->run_count; run++) {
			struct arena *arena = arena_new();
			ledger_batch_sums(&want, batch_of(arena, i, e->runs[run], e->ports), kind,
					  numbers);
			arena_free(arena);
		}
	enum ledger_store_error error = ledger_store_sums(store, kind, start_of(e->from),
							  start_of(e->from + e->count), &got);
	uint64_t a[4] = {0}, b[4] = {0};
	total_of(&got, a);
	total_of(&want, b);
	bool wrong = error || memcmp(a, b, sizeof(a)) != 0;
	if (wrong)
		printf("sums of kind %d: error %d, %" PRIu64 " octets in %" PRIu64
		       " keys, expected %" PRIu64 " in %" PRIu64 "\n",
		       kind, error, a[0], a[3], b[0], b[3]);
	ledger_sums_fini(&got);
	ledger_sums_fini(&want);
	return wrong;
}

static int
check(const char *where, const struct expected *e)
{
	struct ledger_store *store = store_named(where, 30);
	if (!store)
		return 1;
	struct buf faults = {0};
	unsigned wrong = check_batches(store, e);
	for (size_t port = 0; port < e->ports; port++)
		wrong += check_port(store, e, port);
	for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++)
		wrong += check_sums(store, e, (enum ledger_sum_kind)kind);
	if (ledger_store_verify(store, &faults) || faults.length) {
		printf("verify: %.*s\n", (int)faults.length, (const char *)faults.data);
		wrong++;
	}
	buf_fini(&faults);
	ledger_store_close(store);
	if (!wrong)
		printf("exact\n");
	return wrong != 0;
}

static long long
number(const char *text)
{
	return strtoll(text, NULL, 10);
}

int
main(int argc, char **argv)
{
	if (argc == 7 && strcmp(argv[1], "spool") == 0)
		return spool(argv[2], (uint64_t)number(argv[3]), number(argv[4]), number(argv[5]),
			     (size_t)number(argv[6]));
	if (argc == 7 && strcmp(argv[1], "put") == 0)
		return put(argv[2], (uint64_t)number(argv[3]), number(argv[4]), number(argv[5]),
			   (size_t)number(argv[6]));
	if (argc >= 7 && argc < 22 && strcmp(argv[1], "check") == 0) {
		struct expected e = {.from = number(argv[3]),
				     .count = number(argv[4]),
				     .ports = (size_t)number(argv[5])};
		for (int i = 6; i < argc; i++)
			e.runs[e.run_count++] = (uint64_t)number(argv[i]);
		return check(argv[2], &e);
	}
	fprintf(stderr, "usage: store_driver spool|put|check ...\n");
	return 2;
}
