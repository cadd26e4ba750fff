/* Drawing in a process of its own. What it writes begins with one octet: 'P' the PDF follows, 'M'
 * too, but characters are missing in it, 'E' the reason why there is none; then a length of four
 * octets, so that a process that was killed halfway is not taken for one that is done. */
#include "main/paper_child_io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/json_read.h"
#include "main/paper_documents.h"
#include "paper/paper_draw.h"

enum { HEAD = 5 };

static void
draw(struct buf *out, const struct buf *json, const struct hub *hub)
{
	struct paper_result result = {
		.trouble = "this is no document that can be drawn; of a settlement "
			   "each party's is: name the party"};
	struct buf pdf = {0}, parties = {0};
	struct arena *arena = arena_new();
	const struct paper_document *document =
		arena ? paper_document_of(arena, json, hub, &parties) : NULL;
	bool drawn = document && paper_draw(&pdf, document, &result) == 0;
	if (!drawn) {
		buf_clear(&pdf);
		buf_str(&pdf, result.trouble);
	}
	buf_u8(out, !document ? 'N' : !drawn ? 'E' : result.missing ? 'M' : 'P');
	buf_u32(out, (uint32_t)pdf.length);
	buf_put(out, pdf.data, pdf.length);
	buf_fini(&pdf);
	buf_fini(&parties);
	arena_free(arena);
}

static void
work(int pipe, const struct buf *json, const struct hub *hub)
{
	const struct rlimit seconds = {PAPER_CHILD_SECONDS, PAPER_CHILD_SECONDS};
	const struct itimerval alarm = {.it_value.tv_sec = 2 * PAPER_CHILD_SECONDS};
	(void)setrlimit(RLIMIT_CPU, &seconds);
	(void)setitimer(ITIMER_REAL, &alarm, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NAME, "sarai:drawing");
	struct buf out = {0};
	draw(&out, json, hub);
	for (size_t sent = 0; sent < out.length && !out.failed;) {
		ssize_t n = write(pipe, out.data + sent, out.length - sent);
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			sent += (size_t)n;
	}
	_exit(0); /* nothing of the room's is to be ended twice */
}

int
paper_child_start(struct paper_child *child, const struct buf *json, const struct hub *hub)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		/* Neither clients nor the parent's channel stay open through it. */
		int end = fcntl(ends[1], F_DUPFD, 3);
		if (end > 3 && dup2(end, 3) == 3)
			end = 3;
		(void)close_range((unsigned)end + 1, ~0U, 0);
		work(end, json, hub);
	}
	int reason = errno;
	close(ends[1]);
	if (pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
		close(ends[0]);
		errno = reason;
		return -1;
	}
	*child = (struct paper_child){.pipe = ends[0]};
	return 0;
}

static enum paper_child_state
finish(struct paper_child *child, struct buf *pdf, bool *missing, char reason[PAPER_CHILD_REASON])
{
	struct cursor c = cursor_of(child->got.data, child->got.length);
	uint8_t word = cursor_u8(&c);
	uint32_t length = cursor_u32(&c);
	if (c.failed || child->got.length != HEAD + (size_t)length) {
		(void)snprintf(reason, PAPER_CHILD_REASON,
			       "the process that draws died, or took longer than %d s",
			       PAPER_CHILD_SECONDS);
		return PAPER_CHILD_FAILED;
	}
	const char *body = (const char *)child->got.data + HEAD;
	if (word == 'E' || word == 'N') {
		(void)snprintf(reason, PAPER_CHILD_REASON, "%.*s", (int)length, body);
		return word == 'N' ? PAPER_CHILD_REFUSED : PAPER_CHILD_FAILED;
	}
	*missing = word == 'M';
	buf_put(pdf, body, length);
	return PAPER_CHILD_DONE;
}

enum paper_child_state
paper_child_read(struct paper_child *child, struct buf *pdf, bool *missing,
		 char reason[PAPER_CHILD_REASON])
{
	char piece[65536];
	for (;;) {
		ssize_t got = read(child->pipe, piece, sizeof(piece));
		if (got > 0) {
			buf_put(&child->got, piece, (size_t)got);
			continue;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return PAPER_CHILD_WORKS;
		if (!child->got.failed)
			return finish(child, pdf, missing, reason);
		(void)snprintf(reason, PAPER_CHILD_REASON, "no memory");
		return PAPER_CHILD_FAILED;
	}
}

void
paper_child_fini(struct paper_child *child)
{
	if (child->pipe >= 0)
		close(child->pipe);
	child->pipe = -1;
	buf_fini(&child->got);
}
