/* Rounds of kill -9: a subject's processes work and say what they have acknowledged; at a random moment some or all of
 * them are killed; then a new process opens what is there, and everything acknowledged must be there, once.
 *
 *   durability DIRECTORY ROUNDS SEED
 *
 * DIRECTORY should be a small file system of its own: in some rounds it is filled up, to a random rest. Clocks jump
 * where the subject reads one. Prints TAP, and the longest time that opening took. A subject is a row of `subjects`. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ledger/ledger_spool.h"
#include "ledger/ledger_sqlite_io.h"
#include "ledger/made_up.h"
#include "tap.h"

enum {
	T0 = 1767225600,
	LENGTH_S = 300,
	PORTS = 3,
	RUN = 77,
	WORKERS_MAX = 2,
	FRESH_ROUNDS = 40, /* then the subject begins anew, so that a round stays short */
	LIFE_US = 40000,   /* a worker lives up to so long */
};

/* What the processes of a round share. */
struct shared {
	volatile int64_t acknowledged; /* numbers 0 .. acknowledged - 1 are promised */
	volatile int64_t open_us;      /* the longest that an opening took */
	volatile int full;             /* rounds that met a full disk */
	char why[400];                 /* what the check found */
};

struct subject {
	const char *name;
	int workers;
	/* Works in the current directory until it is killed. */
	void (*work)(struct shared *shared, int worker, struct made_up *chance);
	/* Opens what is there, ends what was begun, and looks at all of it. False, with `why`. */
	bool (*check)(struct shared *shared);
};

static int64_t
now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool
found(struct shared *shared, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(shared->why, sizeof(shared->why), format, arguments);
	va_end(arguments);
	return false;
}

/* --- bins: the store, alone and behind the spool --- */

static struct traffic_batch *
batch_of(struct arena *arena, int64_t number)
{
	struct made_up m = {(uint64_t)number};
	return made_up_batch(&m, arena, T0 + number * LENGTH_S, RUN, PORTS);
}

static struct ledger_store *
open_store(struct shared *shared)
{
	char reason[LEDGER_STORE_REASON];
	int64_t begin = now_us();
	struct ledger_store *store = ledger_sqlite_open("store.sqlite", reason);
	int64_t took = now_us() - begin;
	if (!store)
		(void)found(shared, "not opened: %s", reason);
	else if (took > shared->open_us)
		shared->open_us = took;
	return store;
}

/* Folding at whatever time the clock says now. */
static void
fold_some(struct ledger_store *store, struct made_up *chance)
{
	bool more = true;
	int64_t now = T0 + (int64_t)made_up_below(chance, 200 * 86400);
	for (int i = 0; i < 3 && more; i++)
		if (ledger_store_fold(store, (struct utc_s){now}, &more) != LEDGER_STORE_OK)
			break;
}

static void
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
			       T0 + shared->acknowledged * LENGTH_S, RUN);
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

static void
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
		if (rows[i].start.s != T0 + (int64_t)i * LENGTH_S || rows[i].run != RUN)
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

static bool
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

static const struct subject subjects[] = {
	{"the store", 1, put_into_store, check_store},
	{"a meter's spool and the store behind it", 2, hand_on_and_drain, check_store},
};

/* --- rounds --- */

/* Leaves `rest` octets on the file system, if it is small enough to be filled. */
static void
fill_up(uint64_t rest)
{
	struct statvfs st;
	if (statvfs(".", &st) < 0 || (uint64_t)st.f_blocks * st.f_frsize > 256 * 1024 * 1024)
		return;
	uint64_t room = (uint64_t)st.f_bavail * st.f_frsize;
	int fd = open("filler", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && room > rest)
		(void)!posix_fallocate(fd, 0, (off_t)(room - rest));
	if (fd >= 0)
		(void)close(fd);
}

static pid_t
start(const struct subject *subject, struct shared *shared, int worker, uint64_t seed)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	struct made_up chance = {seed};
	(void)!freopen("/dev/null", "w", stderr);
	subject->work(shared, worker, &chance);
	_exit(0);
}

static void
live_and_die(const struct subject *subject, struct shared *shared, struct made_up *chance)
{
	pid_t workers[WORKERS_MAX];
	bool filled = made_up_below(chance, 4) == 0;
	for (int i = 0; i < subject->workers; i++)
		workers[i] = start(subject, shared, i, made_up_number(chance));
	(void)usleep((useconds_t)made_up_below(chance, LIFE_US));
	if (filled) {
		fill_up(made_up_below(chance, 40) * 4096);
		(void)usleep((useconds_t)made_up_below(chance, LIFE_US));
	}
	/* One may die before the other, and come back. */
	for (int i = 0; i < subject->workers; i++) {
		int which = (int)made_up_below(chance, (uint64_t)subject->workers);
		(void)kill(workers[which], SIGKILL);
		(void)waitpid(workers[which], NULL, 0);
		workers[which] = start(subject, shared, which, made_up_number(chance));
		(void)usleep((useconds_t)made_up_below(chance, LIFE_US / 4));
	}
	for (int i = 0; i < subject->workers; i++)
		(void)kill(workers[i], SIGKILL);
	for (int i = 0; i < subject->workers; i++)
		(void)waitpid(workers[i], NULL, 0);
	(void)unlink("filler");
}

static bool
check_in_child(const struct subject *subject, struct shared *shared)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(subject->check(shared) ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void
begin_anew(struct shared *shared)
{
	if (system("rm -rf -- ./* ./.[!.]*") != 0)
		printf("# something is left from before\n");
	shared->acknowledged = 0;
}

static void
run(const struct subject *subject, struct shared *shared, int rounds, uint64_t seed)
{
	struct made_up chance = {seed};
	int64_t promised = 0, open_us = 0;
	int wrong = 0;
	*shared = (struct shared){0};
	for (int round = 0; round < rounds && !wrong; round++) {
		if (round % FRESH_ROUNDS == 0) {
			promised += shared->acknowledged;
			begin_anew(shared);
		}
		live_and_die(subject, shared, &chance);
		if (!check_in_child(subject, shared)) {
			printf("# round %d: %s\n", round, shared->why);
			wrong++;
		}
	}
	promised += shared->acknowledged;
	open_us = shared->open_us;
	ok(!wrong && promised > rounds,
	   "%s: after %d rounds of kill -9 all %" PRId64 " that were acknowledged are there, once",
	   subject->name, rounds, promised);
	ok(open_us < 1000000, "%s: opening took %" PRId64 " ms at most", subject->name,
	   open_us / 1000);
	printf("# %d times the disk was full\n", shared->full);
	begin_anew(shared);
}

int
main(int argc, char **argv)
{
	if (argc != 4 || chdir(argv[1]) < 0) {
		fprintf(stderr, "usage: durability DIRECTORY ROUNDS SEED\n");
		return 2;
	}
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	int rounds = (int)strtol(argv[2], NULL, 10);
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		run(&subjects[i], shared, rounds, strtoull(argv[3], NULL, 10) + i);
	return done_testing();
}
