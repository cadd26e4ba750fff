/* Demands as they were measured, asked of the ledger. */
#include "main/corridor_measuring.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock_io.h"

enum { ANSWER_MAX = 64 << 20 };

bool
corridor_measuring_asked(const struct control_request *request)
{
	static const char *const questions[] = {"flow", "whatif", "worth",    "revenue",
						"next", "target", "simulate", "sensitivity"};
	if (request->count < 2 || strcmp(request->words[0], "corridor") != 0)
		return false;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (strcmp(request->words[1], questions[i]) == 0)
			return corridor_measured_asked(request->words + 2, request->count - 2);
	return false;
}

/* The whole answer of a room, its first line too. 0, or -1 and errno. */
static int
read_answer(struct buf *out, int fd)
{
	char piece[65536];
	ssize_t got;
	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		buf_put(out, piece, (size_t)got);
		if (out->failed || out->length > ANSWER_MAX) {
			errno = EFBIG;
			return -1;
		}
	}
	return 0;
}

static int
ask_ledger(struct buf *out, const struct corridor_measured_ask *ask, const char *socket)
{
	const char *words[] = {"show", "demands", NULL, NULL};
	size_t count = 2;
	if (ask->month || ask->hours) {
		words[count++] = ask->month ? "month" : "hours";
		words[count++] = ask->month ? ask->month : ask->hours;
	}
	int fd = socket ? control_ask(socket, CONTROL_JSON, words, count, NULL) : -1;
	if (fd < 0)
		return -1;
	int failed = read_answer(out, fd);
	int reason = errno;
	close(fd);
	errno = reason;
	return failed;
}

/* What stands behind the first line; NULL and the complaint when that is a refusal. */
static const char *
body_of(struct buf *answer, struct corridor_complaint *complaint)
{
	char text[256];
	buf_put(answer, "", 1);
	char *line = answer->failed ? NULL : (char *)answer->data,
	     *end = line ? strchr(line, '\n') : NULL;
	if (!end) {
		corridor_complain(complaint, 503, "the ledger broke off");
		return NULL;
	}
	*end = 0;
	int status = control_status(line, text);
	if (status == 0)
		return end + 1;
	corridor_complain(complaint, status > 0 ? status : 503, "the ledger: %.150s",
			  status > 0 ? text : "no answer");
	return NULL;
}

/* Plans are of a hub: those of the other one are made anew. 0, or -1 without memory. */
static int
turn_view(struct corridor_measuring *m, struct view_corridor *view)
{
	struct corridor_plans *plans = corridor_plans_new(&m->measured.hub, clock_utc());
	if (!plans)
		return -1;
	bool of_now = view->plan->cut_count > 0;
	m->left = *view->plan;
	m->left.hub = &m->measured.hub;
	if (of_now)
		corridor_plans_live(plans, &m->left);
	view->hub = &m->measured.hub;
	view->plans = plans;
	view->plan = of_now ? &m->left : corridor_plans_today(plans);
	view->batch = NULL;
	view->note = m->measured.note;
	return 0;
}

int
corridor_measuring_turn(struct corridor_measuring *out, struct view_corridor *view,
			const struct control_request *request, const char *socket,
			struct corridor_complaint *complaint)
{
	assert(out && view && request && complaint);
	struct corridor_measured_ask ask;
	struct buf answer = {0};
	out->count = request->count;
	memcpy(out->words, request->words, request->count * sizeof(out->words[0]));
	if (corridor_measured_take(&ask, out->words, &out->count, complaint) < 0)
		return -1;
	if (ask_ledger(&answer, &ask, socket) < 0) {
		corridor_complain(complaint, 503, "the ledger cannot be asked: %s",
				  strerror(errno));
		return -1;
	}
	const char *body = body_of(&answer, complaint);
	if (!body)
		return -1;
	out->arena = arena_new();
	if (out->arena &&
	    corridor_measured_read(&out->measured, out->arena, view->hub, &ask, body,
				   strlen(body)) == 0 &&
	    turn_view(out, view) == 0)
		return 0;
	bool foreign = out->arena && errno == EBADMSG;
	corridor_complain(complaint, foreign ? 503 : 500, "the ledger's answer: %s",
			  foreign ? "it makes no sense" : "no memory");
	return -1;
}
