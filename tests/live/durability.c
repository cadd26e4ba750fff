/* Rounds of kill -9: a subject's processes work and say what they have acknowledged; at a random moment some or all of
 * them are killed; then a new process opens what is there, and everything acknowledged must be there, once.
 *
 *   durability DIRECTORY ROUNDS SEED
 *
 * DIRECTORY should be a small file system of its own: in some rounds it is filled up, to a random rest. Clocks jump
 * where the subject reads one. Prints TAP, and the longest time that opening took. A subject is a row of `subjects`. */
#include "live/durability.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum {
	WORKERS_MAX = 2,
	FRESH_ROUNDS = 40, /* then the subject begins anew, so that a round stays short */
	LIFE_US = 40000,   /* a worker lives up to so long */
};

struct subject {
	const char *name;
	int workers;
	void (*work)(struct shared *shared, int worker, struct made_up *chance);
	bool (*check)(struct shared *shared);
};

static int64_t
clock_us(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct opening
opening_begin(void)
{
	return (struct opening){clock_us(CLOCK_PROCESS_CPUTIME_ID), clock_us(CLOCK_MONOTONIC)};
}

void
opening_end(struct shared *shared, struct opening begun)
{
	struct opening now = opening_begin();
	if (now.cpu_us - begun.cpu_us > shared->open_us)
		shared->open_us = now.cpu_us - begun.cpu_us;
	if (now.wall_us - begun.wall_us > shared->open_wall_us)
		shared->open_wall_us = now.wall_us - begun.wall_us;
}

bool
found(struct shared *shared, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(shared->why, sizeof(shared->why), format, arguments);
	va_end(arguments);
	return false;
}

static const struct subject subjects[] = {
	{"the store", 1, put_into_store, check_store},
	{"a meter's spool and the store behind it", 2, hand_on_and_drain, check_store},
	{"the journal", 1, write_journal, check_journal},
	{"flow records of a member", 1, keep_flows, check_flows},
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
	int64_t promised = 0;
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
	ok(!wrong && promised > rounds,
	   "%s: after %d rounds of kill -9 all %" PRId64 " that were acknowledged are there, once",
	   subject->name, rounds, promised);
	ok(shared->open_us < 1000000, "%s: opening took %" PRId64 " ms of processor time at most",
	   subject->name, shared->open_us / 1000);
	printf("# %" PRId64 " ms by the clock; %d times the disk was full\n",
	       shared->open_wall_us / 1000, shared->full);
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
