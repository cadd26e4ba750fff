/* The paper's process: bills as PDF. It asks the ledger for the bill as a shell does, and has it
 * drawn by a process that lives as long as that takes: the libraries that shape text and read
 * fonts are large and meet names that others chose, and no room is to carry them.
 *
 *   ledger document ID --pdf likewise, of what was issued
 *   bill ... --pdf  ->  the ledger: bill ... as JSON  ->  a child draws it  ->  application/pdf
 *
 * Studies of the corridor and plans of reach take longer, and have children of their own: main/paper_corridor_io.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "main/paper_child_io.h"
#include "main/paper_corridor_io.h"
#include "main/role.h"

enum {
	AT_ONCE = 2,         /* children; more questions wait for their turn */
	PATIENCE_S = 60,     /* of one question, with all its waiting */
	BILL_MAX = 16 << 20, /* octets of JSON: 31 days of bins of a minute are 4 MB */
};

struct paper_room {
	struct role_context *context;
	unsigned drawing; /* children at work */
	struct paper_corridor corridor;
};

struct job {
	struct paper_room *room;
	enum { ASKING, WAITING, DRAWING } at;
	int ledger;      /* the socket on which the bill comes; -1: closed */
	struct buf bill; /* with its first line */
	struct paper_child child;
	struct mono_us began;
};

static bool
fail(struct control_answer *answer, int status, const char *reason)
{
	control_error(answer, status, "%s", reason);
	return true;
}

/* The bill is there: has its first line gone by, and says what it is. True if it is no bill, and
 * the question is answered with that. */
static bool
is_refused(struct job *job, struct control_answer *answer)
{
	char first[512], text[256] = "";
	const char *newline = memchr(job->bill.data, '\n', job->bill.length);
	if (!newline)
		return fail(answer, 503, "the ledger broke off");
	size_t length = (size_t)(newline - (const char *)job->bill.data);
	(void)snprintf(first, sizeof(first), "%.*s", (int)length, (const char *)job->bill.data);
	int status = control_status(first, text);
	buf_consume(&job->bill, length + 1);
	if (status == 0)
		return false;
	return fail(answer, status < 0 ? 503 : status, status < 0 ? "no answer" : text);
}

/* True when the question is answered, which at this stage is bad news. */
static bool
read_bill(struct job *job, struct control_answer *answer)
{
	char piece[65536];
	for (;;) {
		ssize_t got = read(job->ledger, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return false;
		if (got < 0)
			return fail(answer, 503, strerror(errno));
		if (got == 0)
			break;
		buf_put(&job->bill, piece, (size_t)got);
		if (job->bill.failed || job->bill.length > BILL_MAX)
			return fail(answer, 500, "the bill is too large to be drawn");
	}
	close(job->ledger);
	job->ledger = -1;
	if (!job->bill.length)
		return fail(answer, 503, "the ledger broke off");
	if (is_refused(job, answer))
		return true;
	job->at = WAITING;
	return false;
}

static bool
start_drawing(struct job *job, struct control_answer *answer)
{
	if (job->room->drawing >= AT_ONCE)
		return false;
	if (paper_child_start(&job->child, &job->bill, job->room->context->hub) < 0)
		return fail(answer, 500, strerror(errno));
	job->room->drawing++;
	job->at = DRAWING;
	buf_fini(&job->bill);
	return false;
}

static bool
read_drawing(struct job *job, struct control_answer *answer)
{
	char reason[PAPER_CHILD_REASON];
	bool missing = false;
	switch (paper_child_read(&job->child, &answer->body, &missing, reason)) {
	case PAPER_CHILD_WORKS:
		return false;
	case PAPER_CHILD_REFUSED:
		return fail(answer, 404, reason);
	case PAPER_CHILD_FAILED:
		log_warn("pdf: %s", reason);
		return fail(answer, 500, reason);
	case PAPER_CHILD_DONE:
		break;
	}
	if (missing)
		log_warn("pdf: characters without a font; the document names them");
	answer->content_type = missing ? "application/pdf; glyphs=missing" : "application/pdf";
	return true;
}

static bool
ready(void *state, struct control_answer *answer)
{
	struct job *job = state;
	if (clock_mono().us - job->began.us > (int64_t)PATIENCE_S * 1000000)
		return fail(answer, 503, "the document was not drawn in time");
	if (job->at == ASKING && read_bill(job, answer))
		return true;
	if (job->at == WAITING && start_drawing(job, answer))
		return true;
	return job->at == DRAWING && read_drawing(job, answer);
}

static void
done(void *state)
{
	struct job *job = state;
	if (job->at == DRAWING)
		job->room->drawing--;
	if (job->ledger >= 0)
		close(job->ledger);
	paper_child_fini(&job->child);
	buf_fini(&job->bill);
	free(job);
}

static void
answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	struct role_context *role = context;
	struct paper_room *room = role->state;
	const char *words[CONTROL_WORDS_MAX];
	size_t count = 0;
	if (strcmp(request->words[0], "corridor") == 0) {
		paper_corridor_answer(&room->corridor, request, answer);
		return;
	}
	for (size_t i = 0; i < request->count; i++)
		if (strcmp(request->words[i], "--pdf") != 0)
			words[count++] = request->words[i];
	struct job *job = calloc(1, sizeof(*job));
	if (!job) {
		control_error(answer, 500, "no memory");
		return;
	}
	*job = (struct job){
		.room = room,
		.ledger = control_ask_now(role->control_socket, CONTROL_JSON, words, count, NULL),
		.child.pipe = -1,
		.began = clock_mono(),
	};
	if (job->ledger < 0) {
		control_error(answer, 503, "the ledger cannot be asked: %s", strerror(errno));
		free(job);
		return;
	}
	answer->state = job;
	answer->ready = ready;
	answer->done = done;
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	static struct paper_room room; /* lives as long as the process */
	(void)reason;
	/* Children leave nothing behind; their end is noticed by that of their pipe. */
	(void)signal(SIGCHLD, SIG_IGN);
	room.context = context;
	context->state = &room;
	paper_corridor_init(&room.corridor, context);
	return 0;
}

/* A file that is replaced is another one, so its folder is opened. */
int
role_paper_readable(const struct hub *hub, const char **folders, int max)
{
	static char texts[ROLE_PAPER_READABLE][ROLE_PAPER_PATH];
	const char *const files[] = {hub->reach.towers, hub->reach.fibre};
	int count = 0;
	for (int i = 0; i < ROLE_PAPER_READABLE && count < max; i++) {
		const char *slash = files[i] ? strrchr(files[i], '/') : NULL;
		if (!files[i] || slash - files[i] >= ROLE_PAPER_PATH)
			continue;
		size_t length = slash > files[i] ? (size_t)(slash - files[i]) : 1;
		(void)snprintf(texts[count], ROLE_PAPER_PATH, "%.*s", (int)length,
			       slash ? files[i] : ".");
		folders[count] = texts[count];
		count++;
	}
	return count;
}

/* The sandbox was closed around the old picture's folders: for others the process begins anew. What studies of the old
 * picture rested on is let go. */
static int
apply(struct role_context *context, const struct hub *old)
{
	struct paper_room *room = context->state;
	char was[ROLE_PAPER_READABLE][ROLE_PAPER_PATH];
	const char *folders[ROLE_PAPER_READABLE];
	int count = role_paper_readable(old, folders, ROLE_PAPER_READABLE);
	for (int i = 0; i < count; i++)
		strcpy(was[i], folders[i]);
	if (role_paper_readable(context->hub, folders, ROLE_PAPER_READABLE) != count)
		return -1;
	for (int i = 0; i < count; i++)
		if (strcmp(was[i], folders[i]) != 0)
			return -1;
	paper_answers_forget(&room->corridor.answers);
	return 0;
}

const struct role role_paper = {
	.name = "paper",
	.start = start,
	.apply = apply,
	.answer = answer,
};
