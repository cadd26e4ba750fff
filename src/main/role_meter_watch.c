/* The watch, the samples that are sent on and the records that are kept, on the meter's loop.
 *
 *	exchange --run/sessions.now--> watch     operator: propose confirm N --control socket--> exchange
 *	copies of samples --> forward --> UDP;  flow_keep --> <data>/flows                       */
#include "main/role_meter_watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "main/role_meter_flows.h"
#include "meter/flow_keep_io.h"
#include "meter/forward_io.h"
#include "meter/watch.h"
#include "net/control.h"
#include "view/view_watch.h"
#include "view/view_watch_flows.h"

enum {
	PATH_LENGTH = 4096,
	LOOK_S = 5,    /* at the sessions */
	EXPIRE_S = 60, /* at files that are too old */
	SESSIONS_MAX = 65536,
	TAKE = 1024,    /* copies at a time, so that blocks of records stay small */
	COMMAND_S = 30, /* the exchange has so long to answer */
};

struct meter_watching {
	const struct role_context *context;
	struct meter *meter;
	struct forward *forward;
	struct forward_sockets sockets;
	struct flow_keep *keep;
	bool keep_failed; /* told in the log, until it works again */
	unsigned seconds;
	struct watch_session *sessions;
};

/* --- records and samples --- */

static void
write_blocks(struct meter_watching *w, bool all)
{
	struct flow_keep_block block;
	while (flow_keep_next(w->keep, clock_utc(), all, &block)) {
		int result = flow_keep_append(w->context->flows_directory, &block);
		if (result < 0 && !w->keep_failed)
			log_error("flow records of AS%u: %s: %u records are lost",
				  block.member.number, strerror(errno), block.records);
		w->keep_failed = result < 0;
	}
}

void
meter_watching_take(struct meter_watching *w)
{
	struct watch_intake *in = meter_intake(w->meter);
	for (size_t at = 0; at < in->copy_count; at += TAKE) {
		size_t count = in->copy_count - at < TAKE ? in->copy_count - at : TAKE;
		forward_take(w->forward, in->copies + at, count);
		flow_keep_take(w->keep, in->copies + at, count);
		forward_send(&w->sockets, w->forward);
		write_blocks(w, false);
	}
	in->copy_count = 0;
}

/* --- sessions --- */

static void
look_at_sessions(struct meter_watching *w)
{
	char path[PATH_LENGTH], line[512];
	struct utc_s at = {0};
	size_t count = 0;
	(void)snprintf(path, sizeof(path), "%s/sessions.now", w->context->run_directory);
	FILE *file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(line, sizeof(line), file))
		(void)sscanf(line, "at %" SCNd64, &at.s);
	while (count < SESSIONS_MAX && fgets(line, sizeof(line), file)) {
		struct watch_session *s = &w->sessions[count];
		count += sscanf(line, "%71s %" SCNd64, s->port, &s->since.s) == 2;
	}
	(void)fclose(file);
	if (at.s)
		watch_sessions(meter_watch(w->meter), w->sessions, count, at);
}

void
meter_watching_tick(struct meter_watching *w)
{
	meter_watching_take(w);
	forward_flush(w->forward);
	forward_send(&w->sockets, w->forward);
	write_blocks(w, false);
	if (w->seconds % LOOK_S == 0)
		look_at_sessions(w);
	if (w->seconds % EXPIRE_S == 0) {
		size_t removed =
			flow_keep_expire(w->context->flows_directory, w->context->hub, clock_utc());
		if (removed)
			log_info("flow records: %zu files are removed, their time is over",
				 removed);
	}
	w->seconds++;
}

/* --- opening and closing --- */

int
meter_watching_apply(struct meter_watching *w, struct meter *meter)
{
	const struct hub *hub = w->context->hub;
	w->meter = meter;
	w->seconds = 0;
	return forward_apply(w->forward, hub, meter_roster(meter)) < 0 ||
			       flow_keep_apply(w->keep, hub, meter_roster(meter)) < 0
		       ? -1
		       : 0;
}

struct meter_watching *
meter_watching_open(const struct role_context *context, struct meter *meter)
{
	struct meter_watching *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->context = context;
	forward_sockets_init(&w->sockets);
	w->forward = forward_new(clock_utc());
	w->keep = flow_keep_new();
	w->sessions = calloc(SESSIONS_MAX, sizeof(*w->sessions));
	if (w->forward && w->keep && w->sessions && meter_watching_apply(w, meter) == 0)
		return w;
	w->meter = NULL;
	meter_watching_close(w);
	return NULL;
}

void
meter_watching_close(struct meter_watching *w)
{
	if (!w)
		return;
	if (w->meter) {
		meter_watching_take(w);
		forward_flush(w->forward);
		forward_send(&w->sockets, w->forward);
		write_blocks(w, true);
	}
	forward_sockets_fini(&w->sockets);
	forward_free(w->forward);
	flow_keep_free(w->keep);
	free(w->sessions);
	free(w);
}

/* --- an operator's word --- */

/* A proposal that the exchange was asked to install. */
struct asked {
	struct meter_watching *w;
	uint32_t number;
	int fd;
	bool json;
	struct utc_s ends, since;
	struct buf said;
};

static void
asked_done(void *state)
{
	struct asked *a = state;
	if (a->fd >= 0)
		close(a->fd);
	buf_fini(&a->said);
	free(a);
}

/* The exchange has answered, or is not going to. */
static void
conclude(struct asked *a, struct control_answer *answer)
{
	char text[256] = "the exchange did not answer", until[CLOCK_TEXT];
	struct watch *watch = meter_watch(a->w->meter);
	int status = 503;
	buf_u8(&a->said, 0);
	if (!a->said.failed && a->said.length > 1) {
		char *line = (char *)a->said.data;
		line[strcspn(line, "\n")] = '\0';
		status = control_status(line, text);
	}
	watch_confirmed(watch, a->number, status == 0, status ? text : "", a->ends, clock_utc());
	if (status)
		control_error(answer, status < 0 ? 502 : status, "proposal %u: %.200s", a->number,
			      text);
	else if (a->json)
		buf_printf(&answer->body,
			   "{\"number\":%u,\"state\":\"installed\",\"ends\":\"%s\"}\n", a->number,
			   utc_format(until, a->ends));
	else
		buf_printf(&answer->body, "proposal %u: blackholed until %s\n", a->number,
			   utc_format(until, a->ends));
}

static bool
asked_ready(void *state, struct control_answer *answer)
{
	struct asked *a = state;
	enum { PIECE = 4096 };
	if (!buf_reserve(&a->said, PIECE)) {
		conclude(a, answer);
		return true;
	}
	ssize_t n = recv(a->fd, a->said.data + a->said.length, PIECE, MSG_DONTWAIT);
	if (n > 0) {
		a->said.length += (size_t)n;
		return false;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR) && clock_utc().s - a->since.s < COMMAND_S)
		return false;
	conclude(a, answer);
	return true;
}

static void
confirm(struct meter_watching *w, const struct control_request *request, uint32_t number,
	struct control_answer *answer)
{
	struct watch *watch = meter_watch(w->meter);
	struct utc_s now = clock_utc();
	if (watch_confirm(watch, number, now) < 0) {
		control_error(answer, 404, "there is no proposal %u that waits", number);
		return;
	}
	const struct watch_proposal *p = NULL;
	for (size_t i = 0; i < watch_proposal_count(watch); i++)
		if (watch_proposal(watch, i)->number == number)
			p = watch_proposal(watch, i);
	char prefix[PREFIX_TEXT], asn[16], seconds[16];
	uint32_t lasts = w->context->hub->watch.rise.blackhole_s;
	(void)prefix_format(prefix, p->target);
	(void)snprintf(asn, sizeof(asn), "%u", p->member.number);
	(void)snprintf(seconds, sizeof(seconds), "%u", lasts);
	const char *words[] = {"blackhole", "add", prefix, asn, "for", seconds};
	struct asked *a = calloc(1, sizeof(*a));
	if (a)
		*a = (struct asked){.w = w,
				    .number = number,
				    .fd = control_ask_now(w->context->control_socket, CONTROL_TEXT,
							  words, sizeof(words) / sizeof(words[0]),
							  NULL),
				    .json = request->form == CONTROL_JSON,
				    .ends = {now.s + lasts},
				    .since = now};
	if (!a || a->fd < 0) {
		watch_confirmed(watch, number, false, "the exchange could not be asked",
				(struct utc_s){0}, now);
		control_error(answer, 503, "the exchange could not be asked: %s", strerror(errno));
		if (a)
			asked_done(a);
		return;
	}
	answer->ready = asked_ready;
	answer->done = asked_done;
	answer->state = a;
}

/* propose confirm N | propose dismiss N */
static void
propose(struct meter_watching *w, const struct control_request *request,
	struct control_answer *answer)
{
	const char *word = request->count == 3 ? request->words[1] : "";
	bool yes = strcmp(word, "confirm") == 0, no = strcmp(word, "dismiss") == 0;
	char *end = NULL;
	unsigned long number = yes || no ? strtoul(request->words[2], &end, 10) : 0;
	if (!number || *end || number > UINT32_MAX) {
		control_error(answer, 400, "expected: propose confirm N, or propose dismiss N");
		return;
	}
	if (yes) {
		confirm(w, request, (uint32_t)number, answer);
		return;
	}
	if (watch_dismiss(meter_watch(w->meter), (uint32_t)number, clock_utc()) < 0)
		control_error(answer, 404, "there is no proposal %lu that waits", number);
	else if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"number\":%lu,\"state\":\"dismissed\"}\n", number);
	else
		buf_printf(&answer->body, "proposal %lu: dismissed\n", number);
}

/* alarm acknowledge N */
static void
acknowledge(struct meter_watching *w, const struct control_request *request,
	    struct control_answer *answer)
{
	bool asked = request->count == 3 && strcmp(request->words[1], "acknowledge") == 0;
	char *end = NULL;
	unsigned long id = asked ? strtoul(request->words[2], &end, 10) : 0;
	if (!id || *end || id > UINT32_MAX)
		control_error(answer, 400, "expected: alarm acknowledge N");
	else if (watch_acknowledge(meter_watch(w->meter), (uint32_t)id, clock_utc()) < 0)
		control_error(answer, 404, "there is no alarm %lu that is on", id);
	else if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"id\":%lu,\"state\":\"acknowledged\"}\n", id);
	else
		buf_printf(&answer->body, "alarm %lu: acknowledged\n", id);
}

/* --- answers --- */

static void
show(const struct meter_watching *w, const struct control_request *request,
     struct control_answer *answer)
{
	struct view_complaint complaint = {0};
	struct view_watch view = {meter_watch(w->meter), w->context->hub, clock_utc()};
	if (view_watch_answer(&answer->body, &view, (enum view_form)request->form, request->words,
			      request->count, &complaint) < 0) {
		buf_clear(&answer->body);
		control_error(answer, complaint.status, "%s", complaint.text);
	}
}

void
meter_watching_metrics(const struct meter_watching *w, struct buf *out)
{
	view_samples_metrics(out, w->forward, w->keep);
}

bool
meter_watching_answer(struct meter_watching *w, const struct control_request *request,
		      struct control_answer *answer)
{
	static const char *const shown[] = {"alarms", "proposals", "talkers"};
	const char *second = request->count > 1 ? request->words[1] : "";
	if (strcmp(request->words[0], "propose") == 0) {
		propose(w, request, answer);
		return true;
	}
	if (strcmp(request->words[0], "alarm") == 0) {
		acknowledge(w, request, answer);
		return true;
	}
	if (strcmp(request->words[0], "show") != 0)
		return false;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (strcmp(second, shown[i]) != 0)
			continue;
		show(w, request, answer);
		return true;
	}
	if (strcmp(second, "samples") == 0) {
		if (request->form == CONTROL_CSV)
			control_error(answer, 400,
				      "this has no CSV; it has text, and JSON with -j");
		else
			view_samples(&answer->body, (enum view_form)request->form, w->forward);
		return true;
	}
	if (strcmp(second, "flows") != 0)
		return false;
	write_blocks(w, true);
	role_meter_flows(w->context, request, answer);
	return true;
}
