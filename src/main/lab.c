/* `sarai lab`: plays the members of a hub file, and makes up a history for its ledger. */
#include "main/lab.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "base/clock_io.h"
#include "base/log.h"
#include "cli/cli.h"
#include "hub/hub_file_io.h"
#include "lab/lab_history.h"
#include "lab/lab_live.h"
#include "ledger/ledger_store_io.h"
#include "main/folders.h"

enum { DAYS_MAX = 400, BATCHES_A_PUT = 288 };

struct lab_options {
	const char *file;
	unsigned history_days; /* 0: none */
	bool only_history;
};

struct lab_process {
	struct loop *loop;
	struct loop_watch signals;
	struct loop_timer report;
	struct lab_live *live;
	bool reported;
};

/* "35d". 0, or -1. */
static int
days_parse(unsigned *out, const char *text)
{
	char *end;
	unsigned long days = strtoul(text, &end, 10);
	if (end == text || *text < '0' || *text > '9' || strcmp(end, "d") != 0 || days < 1 ||
	    days > DAYS_MAX)
		return -1;
	*out = (unsigned)days;
	return 0;
}

static int
options_parse(struct lab_options *out, int argc, char **argv)
{
	*out = (struct lab_options){0};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--history") == 0 && i + 1 < argc) {
			if (days_parse(&out->history_days, argv[++i]) < 0) {
				fprintf(stderr,
					"sarai: found \"%s\", expected days from 1d to %dd\n",
					argv[i], DAYS_MAX);
				return -1;
			}
		} else if (strcmp(argv[i], "--only-history") == 0) {
			out->only_history = true;
		} else if (argv[i][0] != '-' && !out->file) {
			out->file = argv[i];
		} else {
			return -1;
		}
	}
	return out->file && (out->history_days || !out->only_history) ? 0 : -1;
}

/* --- the history --- */

/* Batches on their way into the store: decoded copies, put in one transaction a day. */
struct history_writer {
	struct ledger_store *store;
	struct arena *arena;
	const struct traffic_batch *waiting[BATCHES_A_PUT];
	size_t count;
	uint64_t put;
};

static int
put_waiting(struct history_writer *w)
{
	enum ledger_put results[BATCHES_A_PUT];
	if (w->count &&
	    ledger_store_put(w->store, w->waiting, w->count, results) != LEDGER_STORE_OK) {
		log_error("history: %s", ledger_store_error_text(w->store));
		return 1;
	}
	for (size_t i = 0; i < w->count; i++)
		w->put += results[i] == LEDGER_PUT_NEW;
	w->count = 0;
	arena_free(w->arena);
	w->arena = arena_new();
	return w->arena ? 0 : 1;
}

/* The encoding is the way to copy a batch whole. */
static int
take_batch(void *context, const struct traffic_batch *batch)
{
	struct history_writer *w = context;
	struct buf bytes = {0};
	struct traffic_batch *copy = arena_take(w->arena, sizeof(*copy));
	traffic_encode(batch, &bytes);
	int result = 1;
	if (copy && !bytes.failed) {
		/* Strings of a decoded batch may lie in the bytes. */
		const void *kept = arena_copy(w->arena, bytes.data, bytes.length);
		if (kept && traffic_decode(copy, w->arena, cursor_of(kept, bytes.length)) == 0)
			result = 0;
	}
	buf_fini(&bytes);
	if (result)
		return result;
	w->waiting[w->count++] = copy;
	return w->count == BATCHES_A_PUT ? put_waiting(w) : 0;
}

/* The history ends where the ledger's own begins, so that nothing is counted twice. */
static struct utc_s
history_end(struct ledger_store *store, struct utc_s now, uint32_t bin_s)
{
	struct ledger_store_totals totals;
	struct utc_s end = {now.s - now.s % bin_s};
	if (ledger_store_totals(store, &totals) == LEDGER_STORE_OK && totals.oldest.s &&
	    totals.oldest.s < end.s)
		end = totals.oldest;
	return end;
}

static int
write_history(const struct hub *hub, const struct lab_plan *plan, const struct lab_traffic *traffic,
	      unsigned days, struct ledger_store *store)
{
	struct utc_s now = clock_utc();
	struct utc_s begin = {now.s - (int64_t)days * 86400};
	struct utc_s from = {begin.s - begin.s % hub->bin_length_s};
	struct utc_s to = history_end(store, now, hub->bin_length_s);
	if (from.s >= to.s) {
		log_info("history: the ledger goes back %u days already", days);
		return 0;
	}
	struct history_writer w = {.store = store, .arena = arena_new()};
	int result = w.arena ? lab_history_make(hub, plan, traffic, (struct lab_span){from, to},
						take_batch, &w)
			     : -1;
	if (result == 0)
		result = put_waiting(&w);
	arena_free(w.arena);
	if (result == 0)
		log_info("history: %llu bins of simulated traffic in the ledger",
			 (unsigned long long)w.put);
	return result;
}

static int
make_history(const struct hub *hub, const struct lab_plan *plan, const struct lab_traffic *traffic,
	     unsigned days)
{
	struct folders folders;
	char reason[LEDGER_STORE_REASON], *path = NULL;
	int result = -1;
	if (folders_init(&folders, hub->data_directory) < 0)
		return -1;
	if (folders_make_parent(folders.run) < 0 ||
	    asprintf(&path, "%s/%s", folders.data, FOLDERS_STORE) < 0) {
		log_error("%s: %s", folders.data, strerror(errno));
		folders_fini(&folders);
		return -1;
	}
	struct ledger_store *store =
		ledger_store_open(&hub->store, path, LEDGER_STORE_WHOLE, reason);
	if (store)
		result = write_history(hub, plan, traffic, days, store);
	else
		log_error("%s: %s", path, reason);
	ledger_store_close(store);
	free(path);
	folders_fini(&folders);
	return result;
}

/* --- the live part --- */

static void
signal_ready(struct loop_watch *watch, uint32_t events)
{
	struct lab_process *lab =
		(struct lab_process *)((char *)watch - offsetof(struct lab_process, signals));
	struct signalfd_siginfo info;
	(void)events;
	if (read(watch->fd, &info, sizeof(info)) == sizeof(info))
		loop_stop(lab->loop);
}

static void
report_due(struct loop_timer *timer, struct mono_us now)
{
	struct lab_process *lab =
		(struct lab_process *)((char *)timer - offsetof(struct lab_process, report));
	struct lab_live_state state = lab_live_state(lab->live);
	if (state.established == state.sessions && !lab->reported) {
		log_info("all %zu sessions are up: %llu routes announced", state.sessions,
			 (unsigned long long)state.announced);
		lab->reported = true;
	}
	loop_timer_set(lab->loop, timer, mono_add_ms(now, 500));
}

static int
play(const struct hub *hub, const struct lab_plan *plan, const struct lab_traffic *traffic)
{
	struct lab_process lab = {.loop = loop_new(), .report.fire = report_due};
	sigset_t end;
	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &end, NULL);
	lab.signals = (struct loop_watch){.fd = signalfd(-1, &end, SFD_CLOEXEC | SFD_NONBLOCK),
					  .ready = signal_ready};
	if (!lab.loop || lab.signals.fd < 0 || loop_watch(lab.loop, &lab.signals, EPOLLIN) < 0)
		fatal("cannot start: %s", strerror(errno));
	lab.live = lab_live_open(lab.loop, hub, plan, traffic);
	if (!lab.live)
		fatal("cannot start: %s", strerror(errno));
	log_info("%zu members, %zu sessions, %zu exporters of hub %s", hub->member_count,
		 hub->session_count, hub->exporter_count, hub_called(hub));
	loop_timer_set(lab.loop, &lab.report, mono_add_ms(clock_mono(), 500));
	if (loop_run(lab.loop) < 0)
		fatal("loop: %s", strerror(errno));
	loop_timer_stop(lab.loop, &lab.report);
	lab_live_close(lab.live);
	loop_forget(lab.loop, &lab.signals);
	close(lab.signals.fd);
	loop_free(lab.loop);
	return CLI_OK;
}

int
lab_main(int argc, char **argv)
{
	struct lab_options options;
	if (options_parse(&options, argc, argv) < 0)
		return CLI_USAGE;
	log_set_room("lab");
	struct hub_report report;
	struct hub *hub = hub_file_read(options.file, hub_file_disk(), &report);
	if (!hub) {
		struct buf out = {0};
		hub_report_print(&report, &out);
		buf_write(&out, stderr);
		buf_fini(&out);
	}
	hub_report_fini(&report);
	if (!hub)
		return CLI_REFUSED;
	struct lab_plan *plan = lab_plan_new(hub);
	struct lab_traffic *traffic = lab_traffic_new(hub, clock_utc());
	if (!plan || !traffic)
		fatal("no memory");
	int status = CLI_OK;
	if (options.history_days && make_history(hub, plan, traffic, options.history_days) != 0)
		status = CLI_REFUSED;
	if (status == CLI_OK && !options.only_history)
		status = play(hub, plan, traffic);
	lab_traffic_free(traffic);
	lab_plan_free(plan);
	hub_free(hub);
	return status;
}
