/* The registry's process: asks whois hosts and PeeringDB, and believes them only so far; hands the
 * exchange a file. It is the one room that runs another program. */
#include <stdio.h>
#include <string.h>

#include "main/role.h"
#include "registry/registry_service_io.h"
#include "view/view_registry.h"

void
role_registry_readable(const struct hub *hub, const char *paths[ROLE_REGISTRY_READABLE])
{
	const char *source = hub->peeringdb.source, *program = hub->irr.bgpq4;
	size_t count = 0;
	if (source && !registry_peeringdb_is_url(source))
		paths[count++] = source;
	if (program && strchr(program, '/'))
		paths[count++] = program;
	const char *const dumps[] = {hub->irr.arin, hub->irr.registro_br};
	for (size_t i = 0; i < 2; i++)
		if (dumps[i] && !registry_peeringdb_is_url(dumps[i]))
			paths[count++] = dumps[i];
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	context->state = registry_service_open(context->loop, context->hub,
					       context->registry_directory, reason);
	return context->state ? 0 : -1;
}

static int
prepare(struct role_context *context, const struct hub *next, char reason[ROLE_REASON])
{
	(void)context;
	return registry_service_check(next, reason);
}

static bool
same_paths(const struct hub *a, const struct hub *b)
{
	const char *of_a[ROLE_REGISTRY_READABLE] = {"", "", "", ""};
	const char *of_b[ROLE_REGISTRY_READABLE] = {"", "", "", ""};
	role_registry_readable(a, of_a);
	role_registry_readable(b, of_b);
	bool same = true;
	for (size_t i = 0; i < ROLE_REGISTRY_READABLE; i++)
		same &= strcmp(of_a[i], of_b[i]) == 0;
	return same;
}

/* The sandbox was closed around the old picture's paths: for others the process begins anew. */
static int
apply(struct role_context *context, const struct hub *old)
{
	if (!same_paths(old, context->hub))
		return -1;
	return registry_service_apply(context->state, context->hub);
}

static void
stop(struct role_context *context)
{
	registry_service_close(context->state);
	context->state = NULL;
}

/* --- answers --- */

/* registry refresh SET|MEMBER|peeringdb|whois|all */
static void
refresh(struct registry_service *service, const struct control_request *request,
	struct control_answer *answer)
{
	int count = registry_service_refresh(service, request->words[2]);
	if (count < 0)
		control_error(answer, 404, "neither a set that is asked about nor a member: %.100s",
			      request->words[2]);
	else if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"asked\":%d}\n", count);
	else if (!count)
		buf_str(&answer->body, "nothing to ask: the hub file has neither `irr:` nor "
				       "`peeringdb:`, or no member has an AS-SET\n");
	else
		buf_printf(&answer->body, "%d question%s will be asked\n", count,
			   count == 1 ? "" : "s");
}

/* registry accept SET */
static void
accept_held(struct registry_service *service, const struct control_request *request,
	    struct control_answer *answer)
{
	int count = registry_service_accept(service, request->words[2]);
	if (count < 0)
		control_error(answer, 404, "no such set is asked about: %.100s", request->words[2]);
	else if (count == 0)
		control_error(answer, 409, "nothing is held of %.100s", request->words[2]);
	else if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"accepted\":%d}\n", count);
	else
		buf_printf(&answer->body, "%d answer%s accepted\n", count, count == 1 ? "" : "s");
}

static void
answer_request(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct role_context *role = context;
	struct registry_service *service = role->state;
	if (strcmp(request->words[0], "registry") == 0) {
		const char *verb = request->count == 3 ? request->words[1] : "";
		if (strcmp(verb, "refresh") == 0)
			refresh(service, request, answer);
		else if (strcmp(verb, "accept") == 0)
			accept_held(service, request, answer);
		else
			control_error(answer, 400,
				      "expected: registry refresh SET|MEMBER|peeringdb|whois|all, "
				      "registry accept SET");
		return;
	}
	struct view_registry view = {
		.hub = role->hub,
		.plan = registry_service_plan(service),
		.peeringdb = registry_service_peeringdb(service),
		.now = registry_service_now(service),
	};
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++)
		view.dumps[kind] = registry_dumps_at(registry_service_dumps(service),
						     (enum registry_dump_kind)kind);
	struct view_complaint complaint;
	if (view_registry_answer(&answer->body, &view, (enum view_form)request->form,
				 request->words, request->count, &complaint) < 0) {
		buf_fini(&answer->body);
		control_error(answer, complaint.status, "%s", complaint.text);
	}
}

const struct role role_registry = {
	.name = "registry",
	.start = start,
	.prepare = prepare,
	.apply = apply,
	.answer = answer_request,
	.stop = stop,
	.listens = true,
	.runs_programs = true,
};
