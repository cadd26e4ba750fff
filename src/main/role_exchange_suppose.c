/* "explain ... if cut NAMES": which segments the names mean, and which exits would be left, the corridor knows; which routes
 * there are, and who hears them, the exchange. So it asks for the plan as it would be, and tells who would take what by that.
 * Nothing waits for it meanwhile. */
#include "main/role_exchange_suppose.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "exchange/exchange_io.h"
#include "view/view_exchange.h"

enum {
	PATIENCE_S = 30,
	PIECE = 256 << 10,
	PIECES = 8, /* in a turn */
	FIRST_LINE = 512,
};

/* A question that waits for the corridor. */
struct supposing {
	const struct role_context *role;
	struct control_request request; /* its words point into its own line */
	int corridor;
	struct buf said; /* with its first line */
	struct mono_us since;
};

static void
done(void *state)
{
	struct supposing *s = state;
	if (s->corridor >= 0)
		close(s->corridor);
	buf_fini(&s->said);
	free(s);
}

/* The corridor's first line is taken off. False when it said no, and the question is answered with that. */
static bool
is_granted(struct supposing *s, struct control_answer *answer)
{
	char first[FIRST_LINE], text[256] = "";
	const char *newline = s->said.length ? memchr(s->said.data, '\n', s->said.length) : NULL;
	if (!newline) {
		control_error(answer, 503, "the corridor broke off");
		return false;
	}
	size_t length = (size_t)(newline - (const char *)s->said.data);
	(void)snprintf(first, sizeof(first), "%.*s", (int)length, (const char *)s->said.data);
	buf_consume(&s->said, length + 1);
	int status = control_status(first, text);
	if (status)
		control_error(answer, status < 0 ? 503 : status, "the corridor: %.230s",
			      status < 0 ? "no answer" : text);
	return status == 0;
}

static void
conclude(struct supposing *s, struct control_answer *answer)
{
	const char *why = "no memory";
	struct view_complaint complaint = {0};
	struct steer_plan plan;
	if (!is_granted(s, answer))
		return;
	struct arena *arena = arena_new();
	if (!arena ||
	    steer_decode(&plan, arena, cursor_of(s->said.data, s->said.length), &why) < 0) {
		control_error(answer, 503, "the corridor's plan: %.200s", why);
		arena_free(arena);
		return;
	}
	struct view_exchange_supposed asked = {s->request.words, s->request.count, &plan};
	if (view_explain(&answer->body, exchange_service_engine(s->role->state),
			 (enum view_form)s->request.form, &asked, &complaint) < 0) {
		buf_clear(&answer->body);
		control_error(answer, complaint.status, "%s", complaint.text);
	}
	arena_free(arena);
}

static bool
ready(void *state, struct control_answer *answer)
{
	struct supposing *s = state;
	for (unsigned i = 0; i < PIECES; i++) {
		if (s->said.length > STEER_OCTETS_MAX || !buf_reserve(&s->said, PIECE)) {
			control_error(answer, 500, "the corridor's plan: no memory");
			return true;
		}
		ssize_t got = recv(s->corridor, s->said.data + s->said.length, PIECE, MSG_DONTWAIT);
		if (got > 0) {
			s->said.length += (size_t)got;
		} else if (got == 0) {
			conclude(s, answer);
			return true;
		} else if (errno != EAGAIN && errno != EINTR) {
			control_error(answer, 503, "the corridor: %s", strerror(errno));
			return true;
		} else {
			break;
		}
	}
	if (clock_mono().us - s->since.us < (int64_t)PATIENCE_S * 1000000)
		return false;
	control_error(answer, 503, "the corridor does not answer");
	return true;
}

/* A copy that outlives the request. */
static void
keep_words(struct control_request *out, const struct control_request *request)
{
	*out = *request;
	for (size_t i = 0; i < request->count; i++)
		out->words[i] = out->line + (request->words[i] - request->line);
}

bool
role_exchange_suppose(const struct role_context *role, const struct control_request *request,
		      struct control_answer *answer)
{
	const char *order, *names;
	if (strcmp(request->words[0], "explain") != 0 || request->form == CONTROL_CSV ||
	    !view_explain_order(request->words, request->count, &order, &names))
		return false;
	const char *words[] = {"corridor", order, names, "--preview", "--plan"};
	struct supposing *s = calloc(1, sizeof(*s));
	if (!s) {
		control_error(answer, 500, "out of memory");
		return true;
	}
	s->role = role;
	s->since = clock_mono();
	keep_words(&s->request, request);
	s->corridor = control_ask_now(role->control_socket, CONTROL_TEXT, words,
				      sizeof(words) / sizeof(words[0]), NULL);
	if (s->corridor < 0) {
		control_error(answer, 503, "the corridor cannot be asked: %s", strerror(errno));
		done(s);
		return true;
	}
	answer->ready = ready;
	answer->works = true;
	answer->done = done;
	answer->state = s;
	return true;
}
