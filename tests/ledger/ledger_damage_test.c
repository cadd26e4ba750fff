/* Stores whose files lost octets: what is wrong is said, what is left is taken out, and nothing else comes of it. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger_export_io.h"
#include "ledger/ledger_sqlite_io.h"
#include "made_up.h"
#include "tap.h"

enum { T0 = 1767225600, BINS = 288, PORTS = 9, ROUNDS = 120, PAGE = 4096 }; /* 2026-01-01 */

static char *folder;

static char *
path_of(const char *name)
{
	static char paths[4][300];
	static int next;
	char *path = paths[next++ % 4];
	(void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static off_t
make_store(void)
{
	char reason[LEDGER_STORE_REASON];
	struct ledger_store *store = ledger_sqlite_open(path_of("sound"), reason);
	struct arena *arena = arena_new();
	struct made_up m = {1};
	static const struct traffic_batch *batches[BINS];
	static enum ledger_put results[BINS];
	for (int i = 0; i < BINS; i++)
		batches[i] = made_up_batch(&m, arena, T0 + i * 300, 1, PORTS);
	if (!store || ledger_store_put(store, batches, BINS, results)) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	arena_free(arena);
	ledger_store_close(store);
	struct stat st = {0};
	(void)stat(path_of("sound"), &st);
	return st.st_size;
}

/* What a round does to a copy of the file. */
enum harm { FLIPS_BITS, ZEROES_A_PAGE, WRITES_NOISE, CUTS_THE_END, HARMS };

static void
copy_file(const char *from, const char *to, off_t size)
{
	char *bytes = malloc((size_t)size);
	int in = open(from, O_RDONLY), out = open(to, O_RDWR | O_CREAT | O_TRUNC, 0640);
	if (read(in, bytes, (size_t)size) != size || write(out, bytes, (size_t)size) != size)
		printf("# not copied\n");
	(void)close(in);
	(void)close(out);
	free(bytes);
}

/* The first page is left alone by most: without it there is no store at all. */
static void
harm_file(const char *path, off_t size, enum harm harm, struct made_up *m)
{
	unsigned char page[PAGE] = {0};
	off_t first = made_up_below(m, 8) ? PAGE : 0;
	int fd = open(path, O_RDWR);
	off_t at = first + (off_t)made_up_below(m, (uint64_t)(size - first - PAGE));
	if (harm == WRITES_NOISE)
		for (size_t i = 0; i < PAGE; i++)
			page[i] = (unsigned char)made_up_number(m);
	if (harm == CUTS_THE_END) {
		if (ftruncate(fd, size - (off_t)made_up_below(m, 2 * PAGE) - 1) < 0)
			printf("# not cut\n");
	} else if (harm != FLIPS_BITS) {
		if (pwrite(fd, page, PAGE, at / PAGE * PAGE) != PAGE)
			printf("# not written\n");
	}
	for (int i = 0; i < 3 && harm == FLIPS_BITS; i++) {
		unsigned char octet;
		at = first + (off_t)made_up_below(m, (uint64_t)(size - first));
		if (pread(fd, &octet, 1, at) != 1)
			continue;
		octet ^= (unsigned char)(1 << made_up_below(m, 8));
		if (pwrite(fd, &octet, 1, at) != 1)
			printf("# not flipped\n");
	}
	(void)close(fd);
}

/* What came of a round. */
struct outcome {
	bool opened, noticed; /* noticed: it did not open, or did not verify */
	bool salvaged;        /* something could be exported */
	bool silent;          /* bins are missing, and it was not said */
	bool refused;         /* what was exported is not taken in, or is not sound then */
	uint64_t bins;
};

static void
remove_folder(const char *name)
{
	char command[400];
	(void)snprintf(command, sizeof(command), "rm -rf '%s' '%s.part'", path_of(name),
		       path_of(name));
	if (system(command) != 0)
		printf("# not removed\n");
}

static bool
is_sound(struct ledger_store *store)
{
	struct buf faults = {0};
	bool good = ledger_store_verify(store, &faults) == LEDGER_STORE_OK && !faults.length;
	buf_fini(&faults);
	return good;
}

static void
take_in(struct outcome *out)
{
	char reason[LEDGER_EXPORT_REASON] = "", said[LEDGER_STORE_REASON];
	struct ledger_exported done = {0};
	(void)unlink(path_of("fresh"));
	struct ledger_store *fresh = ledger_sqlite_open(path_of("fresh"), said);
	out->refused = !fresh || ledger_import(&done, fresh, path_of("left"), NULL, reason) < 0 ||
		       done.bins != out->bins || !is_sound(fresh);
	if (out->refused)
		printf("# %s\n", reason);
	ledger_store_close(fresh);
}

static struct outcome
try_all(void)
{
	char reason[LEDGER_STORE_REASON], why[LEDGER_EXPORT_REASON];
	struct outcome out = {0};
	struct ledger_store *store = ledger_sqlite_open(path_of("harmed"), reason);
	out.opened = store != NULL;
	out.noticed = !store || !is_sound(store);
	ledger_store_close(store);
	store = ledger_sqlite_open_damaged(path_of("harmed"), reason);
	if (!store)
		return out;
	struct buf gaps = {0};
	const struct ledger_export_order order = {
		.from = {T0}, .to = {T0 + BINS * 300}, .gaps = &gaps};
	struct ledger_exported done;
	remove_folder("left");
	out.salvaged = ledger_export(&done, store, path_of("left"), &order, why) == 0;
	ledger_store_close(store);
	out.bins = done.bins;
	out.silent = out.salvaged && done.bins < BINS && !gaps.length;
	buf_fini(&gaps);
	if (out.salvaged)
		take_in(&out);
	return out;
}

static void
harmed(enum harm harm, const char *name, off_t size)
{
	int noticed = 0, salvaged = 0, silent = 0, refused = 0;
	uint64_t bins = 0;
	struct made_up m = {100 + (uint64_t)harm};
	for (int round = 0; round < ROUNDS / HARMS; round++) {
		copy_file(path_of("sound"), path_of("harmed"), size);
		harm_file(path_of("harmed"), size, harm, &m);
		struct outcome out = try_all();
		noticed += out.noticed;
		salvaged += out.salvaged;
		silent += out.silent;
		refused += out.refused;
		bins += out.bins;
		(void)unlink(path_of("harmed-wal"));
		(void)unlink(path_of("harmed-shm"));
	}
	ok(noticed > ROUNDS / HARMS / 2, "%s: noticed in %d of %d rounds", name, noticed,
	   ROUNDS / HARMS);
	ok(salvaged > ROUNDS / HARMS / 2 && bins, "and of %d something is left: %d bins in all",
	   salvaged, (int)bins);
	is_int(silent, 0, "no bin is left out without a word");
	is_int(refused, 0, "and all that is left is sound, and can be taken in");
}

int
main(void)
{
	static const char *const names[HARMS] = {
		[FLIPS_BITS] = "three bits flipped",
		[ZEROES_A_PAGE] = "a page of zeroes",
		[WRITES_NOISE] = "a page of noise",
		[CUTS_THE_END] = "a page or two of the end cut off",
	};
	/* Hundreds of stores are opened and synced: in memory that is quick. */
	folder = strdup("/dev/shm/sarai-ledger-XXXXXX");
	if (!folder || !mkdtemp(folder)) {
		free(folder);
		folder = made_up_folder();
	}
	off_t size = make_store();
	for (int harm = 0; harm < HARMS; harm++)
		harmed((enum harm)harm, names[harm], size);
	made_up_remove(folder);
	return done_testing();
}
