/* The machine stops at every single write, truncation and sync of a put, of folding and of opening: each time in a
 * process of its own whose file system (a layer below SQLite) forgets at that moment what was not synced, in part.
 * Whatever was acknowledged is there afterwards, and nothing is there by half. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/ledger_sqlite_io.h"
#include "stored.h"
#include "tap.h"

enum { T0 = 1767225600, PORTS = 3, BEFORE = 20, MORE = 3, FOLD_AFTER_DAYS = 60, LOGGED_MAX = 4096 };

/* What a process that stops leaves behind. */
enum loss { KEEPS_ALL, LOSES_SOME, LOSES_ALL, LOSSES };

/* --- the file system --- */

/* A write since the last sync, and what was there before. */
struct logged {
	sqlite3_int64 at, size_before;
	int length, old_length;
	unsigned char *old;
	bool kept;
};

struct layer_file {
	sqlite3_file base; /* first */
	struct logged log[LOGGED_MAX];
	int count;
	struct layer_file *next;
	sqlite3_file *real; /* behind this struct */
};

static struct {
	sqlite3_vfs *below;
	long until_stop; /* changes before the one that stops the machine */
	enum loss loss;
	struct made_up chance;
	struct layer_file *files;
} layer;

static void
put_back(struct layer_file *file)
{
	for (int i = file->count - 1; i >= 0; i--) {
		struct logged *entry = &file->log[i];
		bool covered = false;
		for (int k = i + 1; k < file->count; k++)
			covered |= file->log[k].kept &&
				   file->log[k].at < entry->at + entry->length &&
				   entry->at < file->log[k].at + file->log[k].length;
		entry->kept = covered || layer.loss == KEEPS_ALL ||
			      (layer.loss == LOSES_SOME && made_up_below(&layer.chance, 2));
		if (entry->kept)
			continue;
		if (entry->old_length)
			(void)file->real->pMethods->xWrite(file->real, entry->old,
							   entry->old_length, entry->at);
		/* What lies beyond the old end was never there, unless something behind it is kept. */
		sqlite3_int64 end = entry->size_before;
		for (int k = 0; k < file->count; k++)
			if ((k < i || file->log[k].kept) &&
			    file->log[k].at + file->log[k].length > end)
				end = file->log[k].at + file->log[k].length;
		(void)file->real->pMethods->xTruncate(file->real, end);
	}
}

static void
change(void)
{
	if (layer.until_stop-- > 0)
		return;
	for (struct layer_file *file = layer.files; file; file = file->next)
		put_back(file);
	_exit(77);
}

static void
forget_log(struct layer_file *file)
{
	for (int i = 0; i < file->count; i++)
		free(file->log[i].old);
	file->count = 0;
}

static struct layer_file *
of(sqlite3_file *file)
{
	return (struct layer_file *)(void *)file;
}

static int
layer_close(sqlite3_file *base)
{
	struct layer_file *file = of(base);
	struct layer_file **at = &layer.files;
	while (*at && *at != file)
		at = &(*at)->next;
	if (*at)
		*at = file->next;
	forget_log(file);
	return file->real->pMethods->xClose(file->real);
}

static int
layer_read(sqlite3_file *file, void *to, int length, sqlite3_int64 at)
{
	return of(file)->real->pMethods->xRead(of(file)->real, to, length, at);
}

static int
layer_write(sqlite3_file *base, const void *from, int length, sqlite3_int64 at)
{
	struct layer_file *file = of(base);
	if (file->count < LOGGED_MAX) {
		struct logged *entry = &file->log[file->count];
		*entry = (struct logged){
			.at = at, .length = length, .old = calloc(1, (size_t)length)};
		(void)file->real->pMethods->xFileSize(file->real, &entry->size_before);
		sqlite3_int64 there = entry->size_before - at;
		entry->old_length = there <= 0 ? 0 : there < length ? (int)there : length;
		if (entry->old_length)
			(void)file->real->pMethods->xRead(file->real, entry->old, entry->old_length,
							  at);
		file->count++;
	}
	/* The write that is under way when the machine stops is there by half. */
	if (layer.until_stop == 0)
		(void)file->real->pMethods->xWrite(file->real, from, length / 2, at);
	change();
	return file->real->pMethods->xWrite(file->real, from, length, at);
}

static int
layer_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	change();
	return of(base)->real->pMethods->xTruncate(of(base)->real, size);
}

static int
layer_sync(sqlite3_file *base, int flags)
{
	change();
	int code = of(base)->real->pMethods->xSync(of(base)->real, flags);
	forget_log(of(base));
	return code;
}

static int
layer_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return of(file)->real->pMethods->xFileSize(of(file)->real, size);
}

static int
layer_lock(sqlite3_file *file, int level)
{
	return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int
layer_unlock(sqlite3_file *file, int level)
{
	return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int
layer_reserved(sqlite3_file *file, int *out)
{
	return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, out);
}

static int
layer_control(sqlite3_file *file, int what, void *argument)
{
	return of(file)->real->pMethods->xFileControl(of(file)->real, what, argument);
}

static int
layer_sector(sqlite3_file *file)
{
	return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

/* No promises about order or wholeness of writes. */
static int
layer_device(sqlite3_file *file)
{
	(void)file;
	return 0;
}

static int
layer_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	return of(file)->real->pMethods->xShmMap(of(file)->real, page, size, extend, out);
}

static int
layer_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return of(file)->real->pMethods->xShmLock(of(file)->real, offset, n, flags);
}

static void
layer_shm_barrier(sqlite3_file *file)
{
	of(file)->real->pMethods->xShmBarrier(of(file)->real);
}

static int
layer_shm_unmap(sqlite3_file *file, int remove)
{
	return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

static const sqlite3_io_methods layer_methods = {
	.iVersion = 2,
	.xClose = layer_close,
	.xRead = layer_read,
	.xWrite = layer_write,
	.xTruncate = layer_truncate,
	.xSync = layer_sync,
	.xFileSize = layer_size,
	.xLock = layer_lock,
	.xUnlock = layer_unlock,
	.xCheckReservedLock = layer_reserved,
	.xFileControl = layer_control,
	.xSectorSize = layer_sector,
	.xDeviceCharacteristics = layer_device,
	.xShmMap = layer_shm_map,
	.xShmLock = layer_shm_lock,
	.xShmBarrier = layer_shm_barrier,
	.xShmUnmap = layer_shm_unmap,
};

static int
layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
	struct layer_file *file = of(base);
	(void)vfs;
	memset(file, 0, sizeof(*file));
	file->real = (sqlite3_file *)(void *)(file + 1);
	int code = layer.below->xOpen(layer.below, name, file->real, flags, out_flags);
	if (code != SQLITE_OK)
		return code;
	file->base.pMethods = &layer_methods;
	file->next = layer.files;
	layer.files = file;
	return SQLITE_OK;
}

static void
make_layer(void)
{
	static sqlite3_vfs vfs;
	layer.below = sqlite3_vfs_find(NULL);
	vfs = *layer.below;
	vfs.pNext = NULL;
	vfs.zName = "stops";
	vfs.szOsFile = (int)sizeof(struct layer_file) + layer.below->szOsFile;
	vfs.xOpen = layer_open;
	(void)sqlite3_vfs_register(&vfs, 1);
}

/* --- the store on it --- */

static char *folder;

static char *
path_of(const char *name)
{
	return stored_path(folder, name);
}

static struct traffic_batch *
batch_of(struct arena *arena, int64_t number)
{
	struct made_up m = {(uint64_t)number};
	return made_up_batch(&m, arena, T0 + number * 300, 1, PORTS);
}

static bool
put_number(struct ledger_store *store, int64_t number, enum ledger_put *result)
{
	struct arena *arena = arena_new();
	const struct traffic_batch *one = batch_of(arena, number);
	bool good = ledger_store_put(store, &one, 1, result) == LEDGER_STORE_OK;
	arena_free(arena);
	return good;
}

static void
fold_all(struct ledger_store *store)
{
	bool more = true;
	while (more && ledger_store_fold(store, (struct utc_s){T0 + FOLD_AFTER_DAYS * 86400},
					 &more) == LEDGER_STORE_OK)
		;
}

/* Opens, puts, folds, closes; says in *acknowledged how many bins have been promised. */
static void
work(volatile int *acknowledged)
{
	char reason[LEDGER_STORE_REASON];
	enum ledger_put result;
	struct ledger_store *store = ledger_sqlite_open(path_of("work"), reason);
	if (!store)
		_exit(1);
	for (int i = 0; i < MORE; i++) {
		if (!put_number(store, BEFORE + i, &result))
			_exit(1);
		(*acknowledged)++;
	}
	fold_all(store);
	ledger_store_close(store);
	_exit(0);
}

static void
copy_base(void)
{
	char command[900];
	(void)snprintf(command, sizeof(command),
		       "cd '%s' && rm -f work work-wal work-shm && cp base work && { [ ! -e "
		       "base-wal ] || cp base-wal work-wal; }",
		       folder);
	if (system(command) != 0)
		printf("Bail out! cannot copy\n");
}

static bool
exact(struct ledger_store *store, struct ledger_store_totals *totals, int least)
{
	struct buf text = {0};
	bool good = ledger_store_totals(store, totals) == LEDGER_STORE_OK &&
		    totals->batches >= (uint64_t)least &&
		    ledger_store_verify(store, &text) == LEDGER_STORE_OK && !text.length;
	if (!good)
		printf("# %llu batches, at least %d: %.*s\n", (unsigned long long)totals->batches,
		       least, (int)text.length, (const char *)text.data);
	buf_fini(&text);
	return good;
}

static bool
same_sums(struct ledger_store *store)
{
	static const uint32_t numbers[PORTS] = {1, 2, 3};
	bool same = true;
	for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++) {
		struct ledger_sums got = {0}, want = {0};
		for (int64_t i = 0; i < BEFORE + MORE; i++) {
			struct arena *arena = arena_new();
			ledger_batch_sums(&want, batch_of(arena, i), (enum ledger_sum_kind)kind,
					  numbers);
			arena_free(arena);
		}
		(void)ledger_store_sums(store, (enum ledger_sum_kind)kind, (struct utc_s){0},
					(struct utc_s){INT64_MAX}, &got);
		ledger_sums_sort(&got);
		ledger_sums_sort(&want);
		same &= got.count == want.count &&
			memcmp(got.items, want.items, got.count * sizeof(*got.items)) == 0;
		ledger_sums_fini(&got);
		ledger_sums_fini(&want);
	}
	return same;
}

/* What is there after the stop: all that was promised, whole; and the rest can be put. */
static bool
check(int acknowledged)
{
	char reason[LEDGER_STORE_REASON];
	struct ledger_store_totals totals = {0};
	enum ledger_put result;
	/* It lay in memory. */
	(void)unlink(path_of("work-shm"));
	struct ledger_store *store = ledger_sqlite_open(path_of("work"), reason);
	if (!store) {
		printf("# %s\n", reason);
		return false;
	}
	bool good = exact(store, &totals, BEFORE + acknowledged);
	for (int i = 0; i < MORE && good; i++) {
		bool known = (uint64_t)(BEFORE + i) < totals.batches;
		good = put_number(store, BEFORE + i, &result) &&
		       result == (known ? LEDGER_PUT_KNOWN : LEDGER_PUT_NEW);
	}
	good = good && exact(store, &totals, BEFORE + MORE) && same_sums(store);
	ledger_store_close(store);
	return good;
}

/* Stops at change after change until the work gets through. How many there are; -1: something was wrong. */
static long
stop_everywhere(enum loss loss, volatile int *acknowledged)
{
	for (long n = 0;; n++) {
		int status = 0;
		copy_base();
		*acknowledged = 0;
		pid_t child = fork();
		if (child == 0) {
			layer.until_stop = n;
			layer.loss = loss;
			layer.chance.seed = (uint64_t)n;
			work(acknowledged);
		}
		if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
		    WEXITSTATUS(status) == 1) {
			printf("# change %ld: the work failed\n", n);
			return -1;
		}
		if (!check(*acknowledged)) {
			printf("# stopped at change %ld\n", n);
			return -1;
		}
		if (WEXITSTATUS(status) == 0)
			return n;
	}
}

static void
make_base(void)
{
	char reason[LEDGER_STORE_REASON];
	struct ledger_store *store = ledger_sqlite_open(path_of("base"), reason);
	enum ledger_put result;
	for (int i = 0; store && i < BEFORE; i++)
		(void)put_number(store, i, &result);
	ledger_store_close(store);
}

/* The base as version 1 would have it: without the columns that version 2 added. */
static void
make_base_old(void)
{
	static const char *const added[] = {"source",      "lost_ppm",    "v6_in",     "v6_out",
					    "packets_in",  "packets_out", "errors_in", "errors_out",
					    "discards_in", "discards_out"};
	sqlite3 *db;
	if (sqlite3_open(path_of("base"), &db) != SQLITE_OK)
		return;
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		char sql[100];
		(void)snprintf(sql, sizeof(sql), "ALTER TABLE port_bin DROP COLUMN %s", added[i]);
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			printf("Bail out! %s\n", sqlite3_errmsg(db));
	}
	(void)sqlite3_exec(db, "PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)", NULL,
			   NULL, NULL);
	(void)sqlite3_close(db);
}

static void
stop_in_all_ways(const char *base, volatile int *acknowledged)
{
	static const char *const names[LOSSES] = {
		[KEEPS_ALL] = "all that was written stays",
		[LOSES_SOME] = "what was not synced is there in part",
		[LOSES_ALL] = "nothing stays that was not synced",
	};
	for (int loss = 0; loss < LOSSES; loss++) {
		long changes = stop_everywhere((enum loss)loss, acknowledged);
		ok(changes > 20,
		   "%s, stopped at each of %ld changes, %s: all that was acknowledged is there, "
		   "nothing by half",
		   base, changes, names[loss]);
	}
}

int
main(void)
{
	/* Hundreds of stores are opened and synced: in memory that is quick. */
	folder = strdup("/dev/shm/sarai-ledger-XXXXXX");
	if (!folder || !mkdtemp(folder)) {
		free(folder);
		folder = made_up_folder();
	}
	volatile int *acknowledged =
		mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	layer.until_stop = INT64_MAX;
	make_layer();
	make_base();
	stop_in_all_ways("a store", acknowledged);
	make_base_old();
	stop_in_all_ways("one of version 1 that is brought up to date", acknowledged);
	made_up_remove(folder);
	return done_testing();
}
