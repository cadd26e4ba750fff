/* The web process: page, API, events. It holds no state of the hub; it asks the rooms as a shell
 * does, and can ask them only what changes nothing; but for counters, which who has the token may push. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret_io.h"
#include "main/role.h"
#include "web/web_http_io.h"

/* The folder of the token's file: a file that is replaced is another one. NULL: there is none. */
const char *
role_web_readable(const struct hub *hub)
{
	static char folder[ROLE_SECRET_PATH];
	const char *file = hub->push.token_file, *slash = file ? strrchr(file, '/') : NULL;
	size_t length = slash > file ? (size_t)(slash - file) : 1;
	if (!slash || length >= sizeof(folder))
		return NULL;
	memcpy(folder, file, length);
	folder[length] = '\0';
	return folder;
}

/* Without the token nobody pushes; the page is there all the same. */
static void
follow_token(const struct role_context *context)
{
	const struct hub_push *push = &context->hub->push;
	char token[SECRET_MAX] = "";
	bool wanted = push->token || push->token_file;
	if (wanted && secret_read(token, push->token, push->token_file) < 0) {
		log_warn("push: %s: %s", push->token_file ? push->token_file : "token",
			 strerror(errno));
		wanted = false;
	}
	if (context->state && web_set_push_token(context->state, wanted ? token : NULL) < 0)
		log_error("push: no memory");
	explicit_bzero(token, sizeof(token));
}

/* Names and passwords. Without memory for them it stays as it was. */
static void
follow_page(const struct role_context *context)
{
	const struct hub *hub = context->hub;
	struct web_key *keys = calloc(hub->member_count + 1, sizeof(*keys));
	size_t count = 0;
	if (!context->state || !keys) {
		free(keys);
		return;
	}
	if (hub->page.password)
		keys[count++] = (struct web_key){0, hub->page.password};
	for (size_t i = 0; i < hub->member_count; i++)
		if (hub->members[i].page_password)
			keys[count++] = (struct web_key){hub->members[i].asn.number,
							 hub->members[i].page_password};
	struct web_gate *gate = web_gate_new(hub->page.visitors == HUB_VISITORS_ALL, keys, count);
	if (gate)
		web_set_gate(context->state, gate);
	else
		log_error("page: no memory for passwords");
	free(keys);
}

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
	follow_page(context);
	follow_token(context);
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

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Only where it listens concerns this room, and who may push; the sandbox was closed around the old
 * token's folder. */
static int
apply(struct role_context *context, const struct hub *old)
{
	char reason[ROLE_REASON];
	if (!same_text(context->hub->push.token_file, old->push.token_file))
		return -1;
	if (same_endpoint(&context->hub->http, &old->http)) {
		follow_page(context);
		follow_token(context);
		return 0;
	}
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
