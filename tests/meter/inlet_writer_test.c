/* The meter's files by a thread of their own, in a folder of the test's. Under -fsanitize=thread it proves
 * the hand-over. */
#include "meter/inlet_writer_io.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/inlet-writer-XXXXXX";
static char run[64], spool[64];

static void
remove_all(const char *of)
{
	char command[128];
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", of);
	if (system(command) != 0)
		printf("# %s is left\n", of);
}

/* "" when it is not there. */
static const char *
content(const char *of, const char *name)
{
	static char text[64];
	char path[160];
	(void)snprintf(path, sizeof(path), "%s/%s", of, name);
	FILE *f = fopen(path, "r");
	size_t length = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[length] = '\0';
	if (f)
		(void)fclose(f);
	return text;
}

static struct traffic_batch
bin(int64_t start_s)
{
	return (struct traffic_batch){.start = {start_s}, .length_s = 300, .run = 7};
}

static bool
has_bin(int64_t start_s)
{
	char path[160];
	(void)snprintf(path, sizeof(path), "%s/%lld-7.traffic", spool, (long long)start_s);
	return access(path, R_OK) == 0;
}

static void
keep(struct inlet_writer *w, const char *text)
{
	struct buf state = {0};
	buf_str(&state, text);
	inlet_writer_keep(w, &state);
	buf_fini(&state);
}

static void
newest_state_wins(void)
{
	struct inlet_writer *w = inlet_writer_new(run, spool);
	struct buf now = {0};
	ok(w && !inlet_writer_busy(w), "a writer begins with nothing to do");
	for (int i = 0; i < 1000; i++) {
		char text[16];
		(void)snprintf(text, sizeof(text), "state %d", i);
		keep(w, text);
	}
	buf_str(&now, "now");
	inlet_writer_now(w, &now);
	buf_fini(&now);
	inlet_writer_finish(w);
	ok(!inlet_writer_busy(w), "what was given is done when it is finished");
	is_str(content(run, "meter.state"), "state 999", "of many states the newest stays");
	is_str(content(run, "traffic.now"), "now", "and what is shown of the open bin is there");
	keep(w, "last");
	inlet_writer_free(w);
	is_str(content(run, "meter.state"), "last",
	       "what was given last is written before it ends");
}

static void
all_bins(void)
{
	enum { BINS = 200 };
	struct inlet_writer *w = inlet_writer_new(run, spool);
	unsigned missing = 0, calls = 0;
	for (int64_t i = 0; i < BINS; i++) {
		struct traffic_batch batch = bin(300 * i);
		inlet_writer_hand_on(w, &batch, true);
	}
	/* As the loop does it. */
	for (struct pollfd wait = {inlet_writer_fd(w), POLLIN, 0}; inlet_writer_busy(w); calls++) {
		(void)poll(&wait, 1, -1);
		inlet_writer_go_on(w);
	}
	for (int64_t i = 0; i < BINS; i++)
		missing += !has_bin(300 * i);
	is_int(missing, 0, "of bins none is left out");
	is_int(calls, 2, "those that came while it wrote were one job");
	is_int((long long)inlet_writer_status(w)->waiting, 0, "none of them waits");
	ok(content(run, "traffic.latest")[0] != '\0', "the newest is told apart");
	inlet_writer_free(w);
}

/* The order in which files appeared in two folders. */
static void
state_comes_first(void)
{
	union {
		struct inotify_event event;
		char octets[4096];
	} read_into;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	/* Without the names they come from the kernel would tell of two states once. */
	int in_run = inotify_add_watch(fd, run, IN_MOVED_FROM | IN_MOVED_TO);
	int in_spool = inotify_add_watch(fd, spool, IN_MOVED_TO);
	struct inlet_writer *w = inlet_writer_new(run, spool);
	struct traffic_batch batch = bin(900000);
	keep(w, "before");
	keep(w, "with the bin");
	inlet_writer_hand_on(w, &batch, false);
	keep(w, "after");
	inlet_writer_finish(w);
	inlet_writer_free(w);
	ssize_t length = read(fd, read_into.octets, sizeof(read_into.octets));
	unsigned states = 0, states_before_bin = 0, bins = 0;
	for (ssize_t at = 0; at < length;) {
		const struct inotify_event *e = (const void *)(read_into.octets + at);
		states += e->wd == in_run && e->mask & IN_MOVED_TO;
		bins += e->wd == in_spool;
		if (e->wd == in_spool)
			states_before_bin = states;
		at += (ssize_t)(sizeof(*e) + e->len);
	}
	is_int(bins, 1, "a bin was written once");
	is_int(states_before_bin, 2, "after the state that says that it was given");
	is_str(content(run, "meter.state"), "after", "and the newest state is there");
	(void)close(fd);
}

static void
without_a_disk(void)
{
	enum { BINS = INLET_WAITING_MAX + 12 };
	char elsewhere[64];
	(void)snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
	struct inlet_writer *w = inlet_writer_new(elsewhere, elsewhere);
	keep(w, "nowhere");
	for (int64_t i = 0; i < BINS; i++) {
		struct traffic_batch batch = bin(1000000 + 300 * i);
		inlet_writer_hand_on(w, &batch, false);
		inlet_writer_finish(w);
	}
	const struct inlet_status *status = inlet_writer_status(w);
	is_str(status->trouble, strerror(ENOENT), "where there is no folder the trouble is told");
	is_int((long long)status->waiting, INLET_WAITING_MAX, "bins wait in memory");
	is_int((long long)status->forgotten, BINS - INLET_WAITING_MAX,
	       "as many as there is room for; the oldest are lost, and counted");
	(void)mkdir(elsewhere, 0700);
	inlet_writer_retry(w);
	keep(w, "there");
	inlet_writer_finish(w);
	status = inlet_writer_status(w);
	is_str(status->trouble, "", "when the folder is there again, so is the state");
	is_int((long long)status->waiting, 0, "and no bin waits any more");
	(void)snprintf(spool, sizeof(spool), "%s", elsewhere);
	ok(!has_bin(1000000 + 300 * 11) && has_bin(1000000 + 300 * 12) &&
		   has_bin(1000000 + 300 * (BINS - 1)),
	   "they are in the spool, from the first that was kept to the last");
	inlet_writer_free(w);
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 1;
	(void)snprintf(run, sizeof(run), "%s/run", folder);
	(void)snprintf(spool, sizeof(spool), "%s/spool", folder);
	(void)mkdir(run, 0700);
	(void)mkdir(spool, 0700);
	newest_state_wins();
	all_bins();
	state_comes_first();
	without_a_disk();
	remove_all(folder);
	return done_testing();
}
