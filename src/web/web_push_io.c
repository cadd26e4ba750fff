/* POST /api/v1/counters: rows of CSV or JSON from who has the token, cut into pieces (net/push.h) that
 * go to the meter one after the other while the connection sleeps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/push.h"
#include "web/web_http.h"

enum { BODY_MAX = 4 << 20, PUSHES_MAX = 16 };

static bool
is_path(const struct web_url *url)
{
	static const char *const path[] = {"api", "v1", "counters"};
	if (url->step_count != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(url->steps[i], path[i]) != 0)
			return false;
	return true;
}

static bool
has_token(const struct exchange *exchange)
{
	const char *given = bearer_of(exchange);
	return given && web_gate_same(given, exchange->web->push_token);
}

static size_t
pushes_under_way(const struct web *web)
{
	size_t count = 0;
	for (const struct exchange *e = web->exchanges; e; e = e->next)
		count += e->push != NULL;
	return count;
}

enum MHD_Result
push_begin(struct exchange *exchange)
{
	exchange->request.kind = WEB_PUSH;
	if (exchange->bad_url || !is_path(&exchange->url))
		return answer_error(exchange, MHD_HTTP_METHOD_NOT_ALLOWED,
				    "only GET and HEAD: nothing can be changed from here");
	if (!exchange->web->push_token)
		return answer_error(exchange, MHD_HTTP_FORBIDDEN,
				    "nobody may push: the hub file has no push.token");
	if (!has_token(exchange))
		return answer_error(exchange, MHD_HTTP_UNAUTHORIZED,
				    "the token is missing or wrong");
	if (MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
					MHD_HTTP_HEADER_CONTENT_ENCODING))
		return answer_error(exchange, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
				    "nothing is unpacked here: push it as it is");
	if (pushes_under_way(exchange->web) >= PUSHES_MAX)
		return answer_error(exchange, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "too many push already");
	exchange->push = calloc(1, sizeof(*exchange->push));
	if (!exchange->push)
		return MHD_NO;
	exchange->state = EXCHANGE_TAKING;
	return MHD_YES;
}

/* What is beyond the limit is read and forgotten, so that the answer can be. */
enum MHD_Result
push_take(struct exchange *exchange, const char *piece, size_t *length)
{
	if (exchange->state != EXCHANGE_TAKING)
		return MHD_NO;
	if (exchange->text.length <= BODY_MAX)
		buf_put(&exchange->text, piece, *length);
	*length = 0;
	return exchange->text.failed ? MHD_NO : MHD_YES;
}

static void ask_next(struct exchange *exchange);

static void
changed(struct web_ask *ask)
{
	struct exchange *exchange = ask->context;
	/* The answer to one request is never as long as an ask holds. */
	if (!ask->ended && !ask->paused)
		return;
	if (ask->failed || ask->status >= 500 || !ask->ended) {
		exchange->state = EXCHANGE_READY; /* and says that the hub was gone */
		exchange_wake(exchange);
		return;
	}
	if (ask->status == 0)
		push_answered(exchange->push, (const char *)ask->body.data, ask->body.length);
	else
		push_refused(exchange->push, ask->text);
	web_ask_close(ask);
	exchange->ask_count = 0;
	ask_next(exchange);
}

/* The next request; at the end, or when the hub does not take it, the answer is due. */
static void
ask_next(struct exchange *exchange)
{
	struct web *web = exchange->web;
	const struct buf *piece = push_next(exchange->push);
	if (piece) {
		struct web_ask *ask = &exchange->asks[0];
		*ask = (struct web_ask){.changed = changed, .context = exchange, .file = piece};
		web->counters.asks++;
		exchange->ask_count = 1;
		if (web_ask_open(ask, web->loop, web->control_socket, CONTROL_JSON,
				 exchange->push->words, PUSH_WORDS) == 0)
			return;
		web->counters.asks_refused++;
		ask->ended = ask->failed = true;
	}
	exchange->state = EXCHANGE_READY;
	exchange_wake(exchange);
}

enum MHD_Result
push_go(struct exchange *exchange)
{
	const char *text = (const char *)exchange->text.data;
	size_t length = exchange->text.length;
	if (length > BODY_MAX)
		return answer_error(exchange, MHD_HTTP_CONTENT_TOO_LARGE,
				    "at most 4 MiB at a time");
	push_init(exchange->push, !push_is_json(text, length), text, length);
	exchange->state = EXCHANGE_WAITING;
	ask_next(exchange);
	if (exchange->state == EXCHANGE_READY)
		return push_answer(exchange);
	exchange_sleep(exchange);
	return MHD_YES;
}

enum MHD_Result
push_answer(struct exchange *exchange)
{
	const struct push *p = exchange->push;
	if (exchange->ask_count)
		return answer_error(exchange, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "the hub did not take all of it: push it again");
	struct buf text = {0};
	push_result(p, &text);
	enum MHD_Result result = answer_push(
		exchange,
		p->rows && p->refused == p->rows ? MHD_HTTP_UNPROCESSABLE_CONTENT : MHD_HTTP_OK,
		&text);
	buf_fini(&text);
	return result;
}

void
push_end(struct exchange *exchange)
{
	if (exchange->push)
		push_fini(exchange->push);
	free(exchange->push);
	exchange->push = NULL;
}
