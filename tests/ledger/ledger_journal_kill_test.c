/* The journal under those who kill it: what was acknowledged is there once, whole, whenever the
 * process died; and a disk that is full loses nothing. Rounds: the first argument, 100 if there is
 * none. */
#include "ledger/ledger_journal_post.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/ledger_journal_io.h"
#include "made_up.h"
#include "tap.h"

static char path[256];

/* Adds an order of two entries, which belong together: number `n` and its shadow. 0 when it is
 * acknowledged. */
static int
add(struct ledger_journal_file *file, uint64_t n, char reason[LEDGER_JOURNAL_REASON])
{
	struct ledger_drafts drafts = {0};
	char key[2][64];
	(void)snprintf(key[0], sizeof(key[0]), "first %llu", (unsigned long long)n);
	(void)snprintf(key[1], sizeof(key[1]), "second %llu", (unsigned long long)n);
	struct ledger_order o = {
		.journal = ledger_journal_of(file),
		.prefix = "T",
		.by = "tester",
		.reason = "a note that is as long as notes are",
		.drafts = &drafts,
		.now = {1793491200 + (int64_t)n},
	};
	int result = o.journal ? 0 : -1;
	for (int i = 0; i < 2 && result == 0; i++) {
		o.key = key[i];
		result = ledger_post_note(&o);
	}
	/* A document too, of some pages of the file. */
	for (size_t i = 0; result == 0 && i < 5000 + n % 7 * 3000; i++)
		buf_u8(&drafts.items[0].body, (uint8_t)i);
	if (result == 0)
		result = ledger_journal_append(file, &drafts, o.now, reason);
	ledger_drafts_fini(&drafts);
	return result;
}

/* Adds orders and tells each one that is acknowledged, until it is killed. */
static void
write_on(int acknowledged, uint64_t from)
{
	char reason[LEDGER_JOURNAL_REASON];
	struct ledger_journal_file *file = ledger_journal_open(path, reason);
	for (uint64_t n = from; file && add(file, n, reason) == 0; n++)
		if (write(acknowledged, &n, sizeof(n)) != sizeof(n))
			break;
	_exit(1);
}

/* Lets a child write and kills it. The last order that was acknowledged, or `before`. */
static uint64_t
one_life(struct made_up *m, uint64_t before)
{
	int ends[2];
	uint64_t n, last = before;
	if (pipe(ends) < 0)
		abort();
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		write_on(ends[1], before + 1);
	}
	close(ends[1]);
	usleep((useconds_t)made_up_below(m, 60000));
	kill(child, SIGKILL);
	while (read(ends[0], &n, sizeof(n)) == sizeof(n))
		last = n;
	close(ends[0]);
	(void)waitpid(child, NULL, 0);
	return last;
}

static void
test_kill(int rounds)
{
	struct made_up m = {(uint64_t)getpid()};
	char reason[LEDGER_JOURNAL_REASON] = "";
	uint64_t done = 0, more = 0;
	bool opened = true, whole = true, kept = true;
	for (int round = 0; round < rounds && opened; round++) {
		uint64_t last = one_life(&m, done);
		struct ledger_journal_file *file = ledger_journal_open(path, reason);
		opened = file != NULL;
		if (!opened)
			break;
		uint64_t entries = ledger_journal_of(file)->head.number;
		whole &= entries % 2 == 0;
		/* One more may be there, of which nobody was told. */
		kept &= entries == last * 2 || entries == (last + 1) * 2;
		more += entries / 2 - last;
		done = entries / 2;
		ledger_journal_close(file);
	}
	printf("# %llu orders, %llu of them on the disk before anybody heard of it\n",
	       (unsigned long long)done, (unsigned long long)more);
	ok(opened, "killed at any moment the journal opens again");
	ok(whole, "each order is there whole or not at all");
	ok(kept, "each that was acknowledged is there, once");
	ok(done > (uint64_t)rounds / 4, "and there were some");
}

static void
test_full(void)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	struct ledger_journal_file *file = ledger_journal_open(path, reason);
	struct stat st;
	if (!ok(file != NULL && stat(path, &st) == 0, "the journal opens"))
		return;
	uint64_t n = ledger_journal_of(file)->head.number / 2, before = n;
	struct rlimit usual, tight = {(rlim_t)st.st_size + 20000, RLIM_INFINITY};
	(void)getrlimit(RLIMIT_FSIZE, &usual);
	tight.rlim_max = usual.rlim_max;
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)setrlimit(RLIMIT_FSIZE, &tight);
	while (n < before + 3000 && ledger_journal_of(file) && add(file, n + 1, reason) == 0)
		n++;
	ok(n < before + 3000, "where there is no room an order is refused: %s", reason);
	ok(ledger_journal_of(file) && ledger_journal_of(file)->head.number == n * 2,
	   "and what is known in memory is what is in the file");
	(void)setrlimit(RLIMIT_FSIZE, &usual);
	ok(add(file, n + 1, reason) == 0, "it goes on when there is room again");
	ledger_journal_close(file);
	struct buf faults = {0};
	ok(ledger_journal_verify(path, (struct ledger_journal_asked){0}, NULL, &faults, reason) ==
			   0 &&
		   faults.length == 0,
	   "and the journal is sound");
	buf_fini(&faults);
}

int
main(int argc, char **argv)
{
	char *folder = made_up_folder();
	(void)snprintf(path, sizeof(path), "%s/journal.sqlite", folder);
	test_kill(argc > 1 ? atoi(argv[1]) : 100);
	test_full();
	made_up_remove(folder);
	return done_testing();
}
