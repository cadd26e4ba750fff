/* Bins on their way into the store: in order, once, and whatever happens to the process or the
 * disk. */
#include "ledger/ledger_spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "ledger/ledger_sqlite_io.h"
#include "made_up.h"
#include "tap.h"

enum { T0 = 1767225600, PORTS = 6 };

static const struct mono_us no_time = {0};

struct place {
	char *folder;
	char spool[128], store[128];
};

static struct place
new_place(void)
{
	struct place p = {.folder = made_up_folder()};
	(void)snprintf(p.spool, sizeof(p.spool), "%s/spool", p.folder);
	(void)snprintf(p.store, sizeof(p.store), "%s/ledger.db", p.folder);
	(void)mkdir(p.spool, 0755);
	return p;
}

static struct ledger_store *
open_store(const struct place *p)
{
	char reason[LEDGER_SQLITE_REASON];
	struct ledger_store *store = ledger_sqlite_open(p->store, reason);
	if (!store)
		printf("# %s\n", reason);
	return store;
}

/* As the meter does: written aside, then renamed into place. */
static void
write_file(const struct place *p, const char *name, const void *bytes, size_t length)
{
	char aside[256], path[256];
	(void)snprintf(aside, sizeof(aside), "%s/.%s", p->spool, name);
	(void)snprintf(path, sizeof(path), "%s/%s", p->spool, name);
	int fd = open(aside, O_CREAT | O_WRONLY | O_TRUNC, 0644);
	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || close(fd) < 0 ||
	    rename(aside, path) < 0)
		printf("# cannot write %s: %s\n", path, strerror(errno));
}

static void
write_batch(const struct place *p, const struct traffic_batch *batch)
{
	struct buf bytes = {0};
	char name[128];
	traffic_encode(batch, &bytes);
	(void)snprintf(name, sizeof(name), "%lld-%llu.traffic", (long long)batch->start.s,
		       (unsigned long long)batch->run);
	write_file(p, name, bytes.data, bytes.length);
	buf_fini(&bytes);
}

/* Writes bin number i of a made-up month; returns the octets of its ports. */
static struct ledger_check
write_bin(const struct place *p, struct made_up *m, int i)
{
	struct arena *arena = arena_new();
	struct traffic_batch *batch = made_up_batch(m, arena, T0 + i * 300, 77, PORTS);
	struct ledger_check check = ledger_batch_check(batch);
	write_batch(p, batch);
	arena_free(arena);
	return check;
}

static unsigned
files_in(const char *path)
{
	unsigned count = 0;
	DIR *folder = opendir(path);
	struct dirent *entry;
	while (folder && (entry = readdir(folder)))
		count += entry->d_type == DT_REG || entry->d_type == DT_LNK;
	if (folder)
		(void)closedir(folder);
	return count;
}

/* Octets and bins that the store has of all ports. */
struct content {
	struct ledger_check check;
	uint64_t bins, runs;
};

static struct content
content_of(struct ledger_store *store)
{
	struct content all = {0};
	struct arena *arena = arena_new();
	for (int i = 0; i < PORTS; i++) {
		struct ledger_facts got;
		(void)ledger_store_bins(&got, store, arena, arena_printf(arena, "p%d", i),
					(struct utc_s){0}, (struct utc_s){INT64_MAX});
		const struct ledger_fact *facts = got.items;
		size_t count = got.count;
		for (size_t f = 0; f < count; f++) {
			ledger_check_add(&all.check, facts[f].counter_in, facts[f].flow_in);
			ledger_check_add(&all.check, facts[f].counter_out, facts[f].flow_out);
			all.bins++;
			all.runs += facts[f].runs;
		}
	}
	arena_free(arena);
	return all;
}

static size_t
faults(struct ledger_store *store)
{
	struct buf text = {0};
	if (ledger_store_verify(store, &text) || text.length)
		printf("# %.*s\n", (int)text.length, (char *)text.data);
	size_t length = text.length;
	buf_fini(&text);
	return length;
}

static enum ledger_spool_turn
drain(struct ledger_spool *spool, struct ledger_store *store)
{
	enum ledger_spool_turn turn;
	while ((turn = ledger_spool_turn(spool, store, 64, no_time)) == LEDGER_SPOOL_MORE)
		;
	return turn;
}

static void
names(void)
{
	int64_t start;
	ok(ledger_spool_name("1767225600-77.traffic", &start) && start == 1767225600,
	   "a batch's name begins with its start");
	ok(ledger_spool_name("1767225600-deadbeef.traffic", &start) && start == 1767225600,
	   "whatever the run looks like");
	ok(ledger_spool_name("x.traffic", &start) && start == 0, "or nothing that is a number");
	ok(ledger_spool_name("99999999999999999999999.traffic", &start), "or too large a number");
	ok(!ledger_spool_name(".1767225600-77.traffic", &start) &&
		   !ledger_spool_name("1767225600-77.traffic.tmp", &start) &&
		   !ledger_spool_name(".traffic", &start) && !ledger_spool_name("refused", &start),
	   "files that are being written are not batches");
}

static void
taking(void)
{
	struct place p = new_place();
	struct ledger_store *store = open_store(&p);
	struct ledger_spool *spool = ledger_spool_open(p.spool);
	struct made_up m = {1};
	uint64_t counter = 0;
	for (int i = 49; i >= 0; i--)
		counter += write_bin(&p, &m, i).counter;
	write_file(&p, "notes.txt", "x", 1);
	ok(ledger_spool_turn(spool, store, 10, no_time) == LEDGER_SPOOL_MORE,
	   "a turn takes no more than it is told to");
	struct ledger_store_totals totals;
	(void)ledger_store_totals(store, &totals);
	ok(totals.batches == 10 && totals.newest_end.s == T0 + 3000, "the oldest bins first");
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY && content_of(store).check.counter == counter,
	   "then all of them");
	ok(files_in(p.spool) == 1 && ledger_spool_status(spool)->taken == 50 &&
		   ledger_spool_status(spool)->trouble[0] == 0,
	   "and removes their files, no others");
	struct made_up again = {1};
	for (int i = 49; i >= 0; i--)
		(void)write_bin(&p, &again, i);
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY &&
		   content_of(store).check.counter == counter &&
		   ledger_spool_status(spool)->known == 50,
	   "a replay of all files changes nothing, and removes them");
	is_int((long long)faults(store), 0, "the store verifies");
	ledger_spool_close(spool);
	ledger_store_close(store);
	made_up_remove(p.folder);
}

static void
damage(void)
{
	struct place p = new_place();
	struct ledger_store *store = open_store(&p);
	struct ledger_spool *spool = ledger_spool_open(p.spool);
	struct made_up m = {2};
	struct arena *arena = arena_new();
	char refused[160], path[256];
	(void)snprintf(refused, sizeof(refused), "%s/refused", p.spool);
	struct traffic_batch *batch = made_up_batch(&m, arena, T0, 1, PORTS);
	struct buf bytes = {0};
	traffic_encode(batch, &bytes);
	bytes.data[bytes.length / 2] ^= 1;
	write_file(&p, "1767225600-1.traffic", bytes.data, bytes.length);
	write_file(&p, "1767225600-2.traffic", bytes.data, 10);
	write_file(&p, "1767225600-3.traffic", "", 0);
	batch->start.s += 7;
	write_batch(&p, batch);
	(void)snprintf(path, sizeof(path), "%s/0.traffic", p.spool);
	ok(symlink("/etc/passwd", path) == 0, "a link is laid in the way");
	uint64_t counter = write_bin(&p, &m, 5).counter;
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY && content_of(store).check.counter == counter,
	   "a sound file behind damaged ones is taken in");
	ok(files_in(p.spool) == 0 && files_in(refused) == 5 &&
		   ledger_spool_status(spool)->refused == 5,
	   "damaged, cut, empty, impossible and linked files are moved aside and counted");
	write_file(&p, "1767225600-1.traffic", bytes.data, bytes.length);
	write_file(&p, "1767225600-2.traffic", bytes.data, bytes.length);
	(void)drain(spool, store);
	ok(files_in(p.spool) == 0 && files_in(refused) == 7,
	   "one of the same name does not replace the first");
	(void)snprintf(path, sizeof(path), "%s/1.traffic", p.spool);
	(void)mkdir(path, 0755);
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY && access(path, F_OK) < 0,
	   "a folder with a batch's name is moved aside too");
	/* Where nothing can be moved, nothing is looped on either. */
	char hidden[256];
	(void)snprintf(hidden, sizeof(hidden), "%s/hidden", p.folder);
	ledger_spool_close(spool);
	(void)rename(refused, hidden);
	spool = ledger_spool_open(p.spool);
	(void)rmdir(refused);
	write_file(&p, "1767225600-1.traffic", bytes.data, bytes.length);
	counter += write_bin(&p, &m, 6).counter;
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY && content_of(store).check.counter == counter,
	   "a damaged file that cannot be moved is passed over");
	ok(files_in(p.spool) == 1 && strstr(ledger_spool_status(spool)->trouble, "move aside"),
	   "and told of");
	(void)rename(hidden, refused);
	ledger_spool_close(spool);
	buf_fini(&bytes);
	arena_free(arena);
	ledger_store_close(store);
	made_up_remove(p.folder);
}

/* The process that is killed: takes in what comes, for ever. */
static _Noreturn void
victim(const struct place *p)
{
	log_set_level(LOG_LEVEL_ERROR);
	struct ledger_store *store = open_store(p);
	struct ledger_spool *spool = ledger_spool_open(p->spool);
	if (!store || !spool)
		_exit(1);
	for (;;)
		if (ledger_spool_turn(spool, store, 4, no_time) != LEDGER_SPOOL_MORE)
			(void)usleep(200);
}

static void
killing(void)
{
	enum { ROUNDS = 150, BINS_A_ROUND = 4 };
	struct place p = new_place();
	struct made_up m = {3};
	struct ledger_check sum = {0};
	int bins = 0, died = 0, opened = 0;
	for (int round = 0; round < ROUNDS; round++) {
		pid_t child = fork();
		if (child == 0)
			victim(&p);
		for (int i = 0; i < BINS_A_ROUND; i++) {
			struct ledger_check one = write_bin(&p, &m, bins++);
			ledger_check_add(&sum, one.counter, one.flow);
			(void)usleep((useconds_t)made_up_below(&m, 3000));
		}
		(void)usleep((useconds_t)made_up_below(&m, 8000));
		(void)kill(child, SIGKILL);
		int status;
		(void)waitpid(child, &status, 0);
		died += !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
		opened += access(p.store, F_OK) == 0;
	}
	is_int(died, 0, "no round ended but by kill -9");
	ok(opened > ROUNDS / 2, "the store was at work in them");
	struct ledger_store *store = open_store(&p);
	struct ledger_spool *spool = ledger_spool_open(p.spool);
	if (!ok(store && spool, "after 150 rounds of kill -9 the store opens"))
		return;
	unsigned left = files_in(p.spool);
	ok(left < (unsigned)bins, "%u of %d bins were left in the spool", left, bins);
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY, "what was left is taken in");
	struct content all = content_of(store);
	ok(all.check.counter == sum.counter && all.check.flow == sum.flow,
	   "every octet is there, and none twice");
	ok(all.bins == (uint64_t)bins * PORTS && all.runs == all.bins,
	   "every bin is there, and none twice");
	is_int((long long)faults(store), 0, "the store verifies");
	ledger_spool_close(spool);
	ledger_store_close(store);
	made_up_remove(p.folder);
}

/* Fills the file system, leaving `spare` octets. */
static void
fill_up(const char *path, size_t spare)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644);
	static const char zeros[4096];
	off_t size = 0;
	while (fd >= 0 && write(fd, zeros, sizeof(zeros)) == (ssize_t)sizeof(zeros))
		size += (off_t)sizeof(zeros);
	if (ftruncate(fd, size > (off_t)spare ? size - (off_t)spare : 0) < 0)
		printf("# cannot cut %s\n", path);
	(void)close(fd);
}

static void
full_disk(void)
{
	struct place p = new_place();
	char disk[64], filler[160];
	(void)snprintf(disk, sizeof(disk), "%s/disk", p.folder);
	(void)snprintf(filler, sizeof(filler), "%s/filler", disk);
	(void)snprintf(p.store, sizeof(p.store), "%s/ledger.db", disk);
	(void)mkdir(disk, 0755);
	if (mount("none", disk, "tmpfs", 0, "size=3m") < 0) {
		printf("ok %d # SKIP no small file system to fill: mount: %s\n", ++tap_count,
		       strerror(errno));
		made_up_remove(p.folder);
		return;
	}
	struct ledger_store *store = open_store(&p);
	struct ledger_spool *spool = ledger_spool_open(p.spool);
	struct made_up m = {4};
	struct ledger_check sum = {0};
	enum { BINS = 400 };
	for (int i = 0; i < BINS; i++) {
		struct ledger_check one = write_bin(&p, &m, i);
		ledger_check_add(&sum, one.counter, one.flow);
	}
	(void)ledger_spool_turn(spool, store, 5, no_time);
	uint64_t before = content_of(store).bins;
	unsigned wrong = 0;
	for (size_t spare = 0; spare < 40960; spare += 4096) {
		fill_up(filler, spare);
		(void)drain(spool, store);
		struct content now = content_of(store);
		/* Whole bins only, and a file for each that is not there. */
		wrong += now.bins % PORTS != 0 || now.bins / PORTS + files_in(p.spool) != BINS;
	}
	is_int(wrong, 0,
	       "with 0 to 36 KiB left on the disk: what is stored is whole, the rest waits");
	fill_up(filler, 0);
	ok(drain(spool, store) == LEDGER_SPOOL_BLOCKED && ledger_spool_status(spool)->blocked &&
		   strstr(ledger_spool_status(spool)->trouble, "no room"),
	   "a full disk stops the intake and is told of");
	ok(content_of(store).bins >= before, "what was stored can still be read");
	(void)unlink(filler);
	ok(drain(spool, store) == LEDGER_SPOOL_EMPTY && !ledger_spool_status(spool)->blocked,
	   "when there is room again it goes on by itself");
	if (ledger_spool_status(spool)->trouble[0])
		printf("# %s\n", ledger_spool_status(spool)->trouble);
	struct content all = content_of(store);
	ok(all.check.counter == sum.counter && all.bins == BINS * PORTS && all.runs == all.bins,
	   "and every octet is there once");
	is_int((long long)faults(store), 0, "the store verifies");
	ledger_spool_close(spool);
	ledger_store_close(store);
	/* A store that is to be made where there is no room says so. */
	(void)unlink(p.store);
	fill_up(filler, 0);
	char reason[LEDGER_SQLITE_REASON];
	store = ledger_sqlite_open(p.store, reason);
	int error = errno;
	if (!ok(!store && error == ENOSPC, "a new store on a full disk is refused as such"))
		printf("# %s: %s\n", strerror(error), store ? "it opened" : reason);
	ledger_store_close(store);
	(void)umount(disk);
	made_up_remove(p.folder);
}

int
main(void)
{
	/* What is refused and why would fill the screen. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	names();
	taking();
	damage();
	killing();
	full_disk();
	return done_testing();
}
