/* A queue of rows, and one request at a time that takes some of them to the meter. */
#include "poller/poller_outbox_io.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "net/control.h"
#include "net/push.h"
#include "poller/poller_csv.h"

enum {
	ROW_MAX = 384,
	ROWS_A_REQUEST = PUSH_ROWS / 2,
	AGAIN_MS = 1000,
	ANSWER_MS = 15000,
	ANSWER_MAX = 65536,
};

static_assert((1 + ROWS_A_REQUEST) * (int)ROW_MAX <= (int)CONTROL_NOW_MAX,
	      "a request is sent without waiting");

struct row {
	struct row *next;
	size_t length;
	char text[]; /* with its newline */
};

struct poller_outbox {
	struct loop *loop;
	const char *control_socket;
	struct row *first, **last;
	struct loop_watch watch; /* of the request under way; fd -1: none */
	struct loop_timer timer; /* the next try, or the end of patience */
	size_t asked;            /* rows of it, the first ones */
	struct buf answer;
	struct poller_outbox_counts counts;
	bool troubled;
};

static void send_some(struct poller_outbox *box);

static void
drop_first(struct poller_outbox *box)
{
	struct row *row = box->first;
	box->first = row->next;
	if (!box->first)
		box->last = &box->first;
	box->counts.waiting--;
	free(row);
}

static void
hang_up(struct poller_outbox *box)
{
	if (box->watch.fd >= 0) {
		loop_forget(box->loop, &box->watch);
		close(box->watch.fd);
	}
	box->watch.fd = -1;
	box->asked = 0;
	buf_clear(&box->answer);
}

static void
try_later(struct poller_outbox *box, const char *why)
{
	if (!box->troubled)
		log_warn("meter: %s, readings wait", why);
	box->troubled = true;
	hang_up(box);
	loop_timer_set(box->loop, &box->timer, mono_add_ms(loop_now(box->loop), AGAIN_MS));
}

/* The answer is whole: the rows are the meter's now, or are none for it. */
static void
take_answer(struct poller_outbox *box)
{
	char reason[256] = "no answer";
	uint8_t *end =
		box->answer.length ? memchr(box->answer.data, '\n', box->answer.length) : NULL;
	int status = -1;
	if (end) {
		*end = '\0';
		status = control_status((const char *)box->answer.data, reason);
	}
	if (status < 0 || status >= 500) {
		try_later(box, reason);
		return;
	}
	if (status)
		log_warn("meter: %s", reason);
	box->counts.taken += status ? 0 : box->asked;
	box->counts.refused += status ? box->asked : 0;
	box->troubled = false;
	for (size_t i = box->asked; i > 0; i--)
		drop_first(box);
	hang_up(box);
	loop_timer_stop(box->loop, &box->timer);
	send_some(box);
}

static void
answer_ready(struct loop_watch *watch, uint32_t events)
{
	struct poller_outbox *box =
		(struct poller_outbox *)((char *)watch - offsetof(struct poller_outbox, watch));
	char piece[4096];
	(void)events;
	ssize_t got = recv(watch->fd, piece, sizeof(piece), MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0 && box->answer.length < ANSWER_MAX)
		buf_put(&box->answer, piece, (size_t)got);
	if (got < 0)
		try_later(box, strerror(errno));
	else if (got == 0)
		take_answer(box);
}

static void
send_some(struct poller_outbox *box)
{
	static const char *const words[] = {"counters", "snmp", "csv"};
	struct buf rows = {0};
	size_t count = 0;
	if (box->watch.fd >= 0 || !box->first)
		return;
	buf_str(&rows, poller_csv_header);
	for (const struct row *r = box->first; r && count < ROWS_A_REQUEST; r = r->next, count++)
		buf_put(&rows, r->text, r->length);
	errno = ENOMEM;
	int fd = rows.failed ? -1
			     : control_ask_now(box->control_socket, CONTROL_JSON, words,
					       sizeof(words) / sizeof(words[0]), &rows);
	int reason = errno;
	buf_fini(&rows);
	errno = reason;
	box->watch = (struct loop_watch){.fd = fd, .ready = answer_ready};
	if (fd >= 0 && loop_watch(box->loop, &box->watch, EPOLLIN) < 0) {
		close(fd);
		box->watch.fd = -1;
	}
	if (box->watch.fd < 0) {
		try_later(box, strerror(errno));
		return;
	}
	box->asked = count;
	loop_timer_set(box->loop, &box->timer, mono_add_ms(loop_now(box->loop), ANSWER_MS));
}

static void
timer_fired(struct loop_timer *timer, struct mono_us now)
{
	struct poller_outbox *box =
		(struct poller_outbox *)((char *)timer - offsetof(struct poller_outbox, timer));
	(void)now;
	if (box->watch.fd >= 0)
		try_later(box, "no answer");
	else
		send_some(box);
}

struct poller_outbox *
poller_outbox_new(struct loop *loop, const char *control_socket)
{
	struct poller_outbox *box = calloc(1, sizeof(*box));
	if (!box)
		return NULL;
	box->loop = loop;
	box->control_socket = control_socket;
	box->last = &box->first;
	box->watch.fd = -1;
	box->timer.fire = timer_fired;
	return box;
}

void
poller_outbox_free(struct poller_outbox *box)
{
	if (!box)
		return;
	hang_up(box);
	loop_timer_stop(box->loop, &box->timer);
	while (box->first)
		drop_first(box);
	buf_fini(&box->answer);
	free(box);
}

void
poller_outbox_put(struct poller_outbox *box, const char *port, const char *exporter,
		  const struct poller_reading *reading)
{
	struct buf text = {0};
	poller_csv_row(&text, port, exporter, reading);
	struct row *row =
		text.failed || text.length > ROW_MAX ? NULL : malloc(sizeof(*row) + text.length);
	if (row) {
		row->next = NULL;
		row->length = text.length;
		memcpy(row->text, text.data, text.length);
	}
	buf_fini(&text);
	/* Rows that are under way stay first until their answer has come. */
	if (!row || (box->counts.waiting == POLLER_OUTBOX_ROWS && box->asked)) {
		box->counts.forgotten++;
		free(row);
		return;
	}
	if (box->counts.waiting == POLLER_OUTBOX_ROWS) {
		box->counts.forgotten++;
		drop_first(box);
	}
	*box->last = row;
	box->last = &row->next;
	box->counts.waiting++;
	if (!box->troubled)
		send_some(box);
}

struct poller_outbox_counts
poller_outbox_counts(const struct poller_outbox *box)
{
	return box->counts;
}
