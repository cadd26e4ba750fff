/* Plays storms among many members, one after the other, each in a process of its own: seeds that once failed, then a
 * range. A seed that fails is told with the command that plays it again:
 *
 *	storm_test [--seed N [--to N]] [--members M] [--steps K] [--at-once N]
 *
 * Two of three seeds are played with octets in pieces. Under sanitizers fewer are played. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "scenario/play.h"
#include "tap.h"

#if defined(__SANITIZE_ADDRESS__)
enum { SHARE = 4 }; /* one of so many */
#else
enum { SHARE = 1 };
#endif

struct storm_range {
	unsigned members, steps, first, last;
};

/* What failed once. */
static const struct storm_range known[] = {
	{8, 600, 1004, 1004}, /* a limit, and routes that judging anew lets in */
	{20, 600, 2001,
	 2001}, /* a limit that is lower than what is there; rov_unknown with a weight of tag */
};

/* About three minutes of one processor: many small ones, for each brings another hub. */
static const struct storm_range usual[] = {
	{8, 500, 1001, 1100},   {20, 800, 2001, 2064}, {60, 400, 3001, 3016},
	{120, 200, 4001, 4008}, {300, 60, 5001, 5004},
};

enum { AT_ONCE_MAX = 16 };

struct running {
	pid_t pid;
	FILE *said;
	unsigned members, steps, seed;
};

static struct running running[AT_ONCE_MAX];
static unsigned at_once = 2;
static const char *self;

static void
tell(const struct running *r, int status)
{
	char line[4096];
	bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	ok(good, "a storm of %u lines from seed %u among %u members", r->steps, r->seed,
	   r->members);
	if (good)
		return;
	rewind(r->said);
	while (fgets(line, sizeof(line), r->said))
		if (strncmp(line, "ok ", 3) != 0)
			printf("%s%s", *line == '#' ? "" : "# ", line);
	if (WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
	printf("# again: %s --seed %u --members %u --steps %u\n", self, r->seed, r->members,
	       r->steps);
}

static void
wait_for_one(void)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);
	for (unsigned i = 0; i < AT_ONCE_MAX; i++) {
		if (pid < 0 || running[i].pid != pid)
			continue;
		tell(&running[i], status);
		fclose(running[i].said);
		running[i] = (struct running){0};
	}
}

static void
begin(const struct storm_range *range, unsigned seed)
{
	unsigned place = 0;
	for (;; place = 0) {
		while (place < at_once && running[place].pid)
			place++;
		if (place < at_once)
			break;
		wait_for_one();
	}
	struct running *r = &running[place];
	*r = (struct running){
		.said = tmpfile(), .members = range->members, .steps = range->steps, .seed = seed};
	fflush(stdout);
	r->pid = r->said ? fork() : -1;
	if (r->pid < 0)
		abort();
	if (r->pid)
		return;
	dup2(fileno(r->said), STDOUT_FILENO);
	dup2(fileno(r->said), STDERR_FILENO);
	bool good = scenario_play_storm(seed, range->members, range->steps, seed % 3);
	fflush(stdout);
	_exit(!good);
}

static void
play(const struct storm_range *ranges, size_t count, unsigned share)
{
	for (size_t i = 0; i < count; i++)
		for (unsigned seed = ranges[i].first; seed <= ranges[i].last; seed += share)
			begin(&ranges[i], seed);
}

static bool
take_option(struct storm_range *one, const char *name, unsigned long value)
{
	if (strcmp(name, "--seed") == 0)
		one->first = one->last = (unsigned)value;
	else if (strcmp(name, "--to") == 0)
		one->last = (unsigned)value;
	else if (strcmp(name, "--members") == 0)
		one->members = (unsigned)value;
	else if (strcmp(name, "--steps") == 0)
		one->steps = (unsigned)value;
	else if (strcmp(name, "--at-once") == 0 && value && value <= AT_ONCE_MAX)
		at_once = (unsigned)value;
	else
		return false;
	return true;
}

int
main(int argc, char **argv)
{
	struct storm_range one = {.members = 20, .steps = 1000};
	self = argv[0];
	log_set_level(LOG_LEVEL_ERROR);
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc || !take_option(&one, argv[i], strtoul(argv[i + 1], NULL, 10))) {
			fprintf(stderr,
				"usage: %s [--seed N [--to N]] [--members M] [--steps K] "
				"[--at-once N]\n",
				self);
			return 2;
		}
	}
	if (one.first) {
		play(&one, 1, 1);
	} else {
		play(known, sizeof(known) / sizeof(known[0]), 1);
		play(usual, sizeof(usual) / sizeof(usual[0]), SHARE);
	}
	for (unsigned i = 0; i < AT_ONCE_MAX; i++)
		while (running[i].pid)
			wait_for_one();
	return done_testing();
}
