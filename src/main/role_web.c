/* The web process: page, API, events. It holds no state of the hub; it asks the rooms as a shell
 * does, and can ask them only what changes nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "main/role.h"
#include "web/web_http_io.h"

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	const struct hub_endpoint *http = &context->hub->http;
	char address[IP_TEXT];
	if (http->ip.family == IP_NONE)
		return 0;
	ip_format(address, http->ip);
	context->state = web_open(context->loop, http->ip, http->port, context->control_socket);
	if (!context->state) {
		snprintf(reason, ROLE_REASON, "cannot listen on %s:%u: %s", address, http->port,
			 strerror(errno));
		return -1;
	}
	log_info("page: on %s:%u", address, http->port);
	return 0;
}

static void
stop(struct role_context *context)
{
	web_close(context->state);
	context->state = NULL;
}

static bool
same_endpoint(const struct hub_endpoint *a, const struct hub_endpoint *b)
{
	return ip_equal(a->ip, b->ip) && a->port == b->port;
}

/* Only where it listens concerns this room. */
static int
apply(struct role_context *context, const struct hub *old)
{
	char reason[ROLE_REASON];
	if (same_endpoint(&context->hub->http, &old->http))
		return 0;
	stop(context);
	if (start(context, reason) == 0)
		return 0;
	log_error("page: %s", reason);
	return -1;
}

static void
answer(void *state, const struct control_request *request, struct control_answer *out)
{
	struct role_context *context = state;
	if (request->count != 2 || strcmp(request->words[0], "metrics") != 0) {
		control_error(out, 404, "the page has no such answer");
		return;
	}
	if (context->state)
		web_metrics(context->state, &out->body);
}

const struct role role_web = {
	.name = "web",
	.start = start,
	.apply = apply,
	.answer = answer,
	.stop = stop,
	.listens = true,
};
