/* The exchange's process: the sockets of BGP and the engine behind them, and its answers. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "exchange/exchange_io.h"
#include "main/role.h"
#include "view/view_exchange.h"

static_assert((int)EXCHANGE_REASON == (int)ROLE_REASON, "reasons are handed on");

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	context->state =
		exchange_service_open(context->loop, context->hub, context->run_directory, reason);
	if (!context->state)
		return -1;
	log_info("route server: AS%u, %zu sessions", context->hub->asn.number,
		 context->hub->session_count);
	return 0;
}

static int
prepare(struct role_context *context, const struct hub *next, char reason[ROLE_REASON])
{
	return exchange_service_check(context->state, next, reason);
}

static int
apply(struct role_context *context, const struct hub *old)
{
	(void)old;
	return exchange_service_apply(context->state, context->hub);
}

static void
stop(struct role_context *context)
{
	exchange_service_close(context->state);
	context->state = NULL;
}

/* The rest of an answer, and where it comes from. */
struct rest {
	struct exchange_service *service;
	struct view_exchange_more *more;
};

static bool
next_piece(void *state, struct buf *out)
{
	struct rest *rest = state;
	return view_exchange_next(rest->more, exchange_service_engine(rest->service), out);
}

static void
done(void *state)
{
	struct rest *rest = state;
	view_exchange_more_free(rest->more);
	free(rest);
}

static void
answer(void *context, const struct control_request *request, struct control_answer *out)
{
	struct exchange_service *service = ((struct role_context *)context)->state;
	static const enum view_exchange_form forms[] = {
		[CONTROL_TEXT] = VIEW_EXCHANGE_TEXT,
		[CONTROL_JSON] = VIEW_EXCHANGE_JSON,
		[CONTROL_CSV] = VIEW_EXCHANGE_CSV,
	};
	struct view_exchange_complaint complaint = {0};
	struct view_exchange_more *more = NULL;
	if (view_exchange_answer(&out->body, &more, exchange_service_engine(service),
				 forms[request->form], request->words, request->count,
				 &complaint)) {
		control_error(out, complaint.status, "%s", complaint.text);
		return;
	}
	if (!more)
		return;
	struct rest *rest = malloc(sizeof(*rest));
	if (!rest) {
		view_exchange_more_free(more);
		control_error(out, 500, "out of memory");
		return;
	}
	*rest = (struct rest){service, more};
	out->more = next_piece;
	out->done = done;
	out->state = rest;
}

const struct role role_exchange = {
	.name = "exchange",
	.start = start,
	.prepare = prepare,
	.apply = apply,
	.answer = answer,
	.stop = stop,
	.privileged_ports = true,
	.listens = true,
};
