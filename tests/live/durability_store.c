/* Bins under those who kill: the store, alone and behind the spool that a meter writes. */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger_spool.h"
#include "ledger/ledger_sqlite_io.h"
#include "live/durability.h"

enum { LENGTH_S = 300, PORTS = 3, RUN = 77 };

static struct traffic_batch *
batch_of(struct arena *arena, int64_t number)
{
	struct made_up m = {(uint64_t)number};
	return made_up_batch(&m, arena, DURABILITY_T0 + number * LENGTH_S, RUN, PORTS);
}

static struct ledger_store *
open_store(struct shared *shared)
{
	char reason[LEDGER_STORE_REASON];
	struct opening begun = opening_begin();
	struct ledger_store *store = ledger_sqlite_open("store.sqlite", reason);
	if (!store)
		(void)found(shared, "not opened: %s", reason);
	else
		opening_end(shared, begun);
	return store;
}

/* Folding at whatever time the clock says now. */
static void
fold_some(struct ledger_store *store, struct made_up *chance)
{
	bool more = true;
	int64_t now = DURABILITY_T0 + (int64_t)made_up_below(chance, 200 * 86400);
	for (int i = 0; i < 3 && more; i++)
		if (ledger_store_fold(store, (struct utc_s){now}, &more) != LEDGER_STORE_OK)
			break;
}

void
put_into_store(struct shared *shared, int worker, struct made_up *chance)
{
	struct ledger_store *store = open_store(shared);
	(void)worker;
	while (store) {
		struct arena *arena = arena_new();
		const struct traffic_batch *batches[4];
		enum ledger_put results[4];
		size_t count = 1 + made_up_below(chance, 4);
		for (size_t i = 0; i < count; i++)
			batches[i] = batch_of(arena, shared->acknowledged + (int64_t)i);
		enum ledger_store_error error = ledger_store_put(store, batches, count, results);
		if (error == LEDGER_STORE_OK)
			shared->acknowledged += (int64_t)count;
		else if (error == LEDGER_STORE_FULL)
			shared->full++;
		if (made_up_below(chance, 10) == 0)
			fold_some(store, chance);
		arena_free(arena);
	}
	(void)pause();
}

/* As the meter hands a bin on: written aside, synced, renamed, the folder synced. */
static void
write_into_spool(struct shared *shared)
{
	int folder = open("spool", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (;;) {
		struct arena *arena = arena_new();
		struct buf bytes = {0};
		char name[64], aside[72];
		traffic_encode(batch_of(arena, shared->acknowledged), &bytes);
		(void)snprintf(name, sizeof(name), "%" PRId64 "-%d.traffic",
			       DURABILITY_T0 + shared->acknowledged * LENGTH_S, RUN);
		(void)snprintf(aside, sizeof(aside), ".%s", name);
		int fd = openat(folder, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
		bool good = fd >= 0 &&
			    write(fd, bytes.data, bytes.length) == (ssize_t)bytes.length &&
			    fsync(fd) == 0;
		good = good && renameat(folder, aside, folder, name) == 0 && fsync(folder) == 0;
		if (fd >= 0)
			(void)close(fd);
		if (good)
			shared->acknowledged++;
		else
			shared->full++;
		buf_fini(&bytes);
		arena_free(arena);
		(void)usleep(300);
	}
}

static void
drain_spool(struct shared *shared, struct made_up *chance)
{
	struct ledger_store *store = open_store(shared);
	struct ledger_spool *spool = ledger_spool_open("spool");
	while (store && spool) {
		/* The clock goes where it wants. */
		struct mono_us now = {(int64_t)made_up_below(chance, UINT64_C(1) << 40)};
		if (ledger_spool_turn(spool, store, 1 + (unsigned)made_up_below(chance, 16), now) ==
		    LEDGER_SPOOL_EMPTY)
			fold_some(store, chance);
	}
	(void)pause();
}

void
hand_on_and_drain(struct shared *shared, int worker, struct made_up *chance)
{
	(void)mkdir("spool", 0755);
	if (worker == 0)
		write_into_spool(shared);
	else
		drain_spool(shared, chance);
}

/* Exactly the numbers from 0 on, no fewer than were acknowledged, each whole. */
static bool
check_bins(struct shared *shared, struct ledger_store *store, struct arena *arena, int64_t *there)
{
	struct ledger_batch_row *rows;
	size_t count;
	if (ledger_store_batches(store, arena, (struct utc_s){0}, (struct utc_s){INT64_MAX}, &rows,
				 &count))
		return found(shared, "batches: %s", ledger_store_error_text(store));
	*there = (int64_t)count;
	if ((int64_t)count < shared->acknowledged)
		return found(shared, "%zu bins, %" PRId64 " were acknowledged", count,
			     shared->acknowledged);
	for (size_t i = 0; i < count; i++)
		if (rows[i].start.s != DURABILITY_T0 + (int64_t)i * LENGTH_S || rows[i].run != RUN)
			return found(shared, "bin %zu is another one", i);
	for (size_t port = 0; port < PORTS; port++) {
		struct ledger_facts facts;
		if (ledger_store_bins(&facts, store, arena, arena_printf(arena, "p%zu", port),
				      (struct utc_s){0}, (struct utc_s){INT64_MAX}) ||
		    facts.count != count)
			return found(shared, "port %zu has %zu bins of %zu", port, facts.count,
				     count);
		for (size_t i = 0; i < count; i++) {
			struct traffic_batch *batch = batch_of(arena, (int64_t)i);
			struct ledger_fact fact = ledger_fact_of(batch, &batch->ports[port]);
			if (!same_fact(&fact, &facts.items[i]))
				return found(shared, "bin %zu of port %zu is not what it was", i,
					     port);
		}
	}
	return true;
}

static bool
check_sums(struct shared *shared, struct ledger_store *store, int64_t there)
{
	for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++) {
		struct ledger_sums got = {0}, want = {0};
		static const uint32_t numbers[PORTS] = {1, 2, 3};
		for (int64_t i = 0; i < there; i++) {
			struct arena *arena = arena_new();
			ledger_batch_sums(&want, batch_of(arena, i), (enum ledger_sum_kind)kind,
					  numbers);
			arena_free(arena);
		}
		enum ledger_store_error error =
			ledger_store_sums(store, (enum ledger_sum_kind)kind, (struct utc_s){0},
					  (struct utc_s){INT64_MAX}, &got);
		ledger_sums_sort(&got);
		ledger_sums_sort(&want);
		bool same = !error && got.count == want.count &&
			    (!got.count ||
			     memcmp(got.items, want.items, got.count * sizeof(*got.items)) == 0);
		ledger_sums_fini(&got);
		ledger_sums_fini(&want);
		if (!same)
			return found(shared, "sums of kind %d are not what they were", kind);
	}
	return true;
}

bool
check_store(struct shared *shared)
{
	struct ledger_store *store = open_store(shared);
	struct ledger_spool *spool = access("spool", F_OK) == 0 ? ledger_spool_open("spool") : NULL;
	struct arena *arena = arena_new();
	struct buf faults = {0};
	int64_t there = 0;
	if (!store)
		return false;
	while (spool &&
	       ledger_spool_turn(spool, store, 64, (struct mono_us){0}) == LEDGER_SPOOL_MORE)
		;
	if (spool && ledger_spool_status(spool)->trouble[0])
		return found(shared, "spool: %s", ledger_spool_status(spool)->trouble);
	bool good = check_bins(shared, store, arena, &there) && check_sums(shared, store, there);
	if (good && (ledger_store_verify(store, &faults) || faults.length))
		good = found(shared, "verify: %.*s", (int)faults.length, (const char *)faults.data);
	/* What was not acknowledged and is there all the same is promised from now on. */
	shared->acknowledged = there;
	buf_fini(&faults);
	ledger_spool_close(spool);
	ledger_store_close(store);
	arena_free(arena);
	return good;
}
