/* Commands about paths of routers:
 *
 *	show pcep
 *	pcep set ROUTER PATH SEGMENTS
 *	pcep follow ROUTER PATH
 *	pcep make ROUTER PATH COLOR ENDPOINT [SEGMENTS] [preference N]
 *	pcep remove ROUTER PATH */
#include "main/role_corridor_pcep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "view/view_pcep.h"

static void
usage(struct control_answer *answer)
{
	control_error(answer, 400,
		      "expected: pcep set ROUTER PATH SEGMENTS, pcep follow ROUTER PATH, pcep make "
		      "ROUTER PATH COLOR ENDPOINT [SEGMENTS] [preference N], or pcep remove ROUTER "
		      "PATH");
}

/* Segments with commas between them. 0, or -1 after the complaint. */
static int
take_route(struct pcep_route *route, const char *text, struct control_answer *answer)
{
	route->count = 0;
	while (*text) {
		struct sr_segment segment;
		char one[SR_TEXT_MAX];
		size_t length = strcspn(text, ",");
		bool fits = length < sizeof(one) && route->count < PCEP_HOPS_MAX;
		(void)snprintf(one, sizeof(one), "%.*s", (int)(fits ? length : 0), text);
		if (!fits || sr_segment_parse(&segment, one) < 0 ||
		    pcep_hop_of_segment(&route->hops[route->count], &segment) < 0 ||
		    route->hops[route->count].srv6 != route->hops[0].srv6) {
			control_error(answer, 400,
				      "found \"%.80s\", expected labels, or SRv6 SIDs, with commas",
				      text);
			return -1;
		}
		route->count++;
		text += length + (text[length] == ',');
	}
	if (route->count)
		return 0;
	control_error(answer, 400, "a path needs segments");
	return -1;
}

static int
take_number(uint32_t *out, const char *word)
{
	char *end;
	if (word[0] < '0' || word[0] > '9')
		return -1;
	unsigned long long value = strtoull(word, &end, 10);
	if (*end || value > UINT32_MAX)
		return -1;
	*out = (uint32_t)value;
	return 0;
}

static enum pcep_result
make(struct pcep_pce *pce, const struct control_request *request, struct control_answer *answer,
     struct mono_us now)
{
	static struct pcep_route route;
	struct pcep_creation creation = {.router = request->words[2],
					 .name = request->words[3],
					 .preference = SR_PREFERENCE,
					 .source = PCEP_BY_OPERATOR};
	size_t at = 6;
	if (request->count < at || take_number(&creation.color, request->words[4]) < 0 ||
	    ip_parse(&creation.to, request->words[5]) < 0 ||
	    strlen(creation.name) > PCEP_NAME_MAX) {
		usage(answer);
		return PCEP_CANNOT;
	}
	if (at < request->count && strcmp(request->words[at], "preference") != 0) {
		if (take_route(&route, request->words[at++], answer) < 0)
			return PCEP_CANNOT;
		creation.route = &route;
	}
	if (at < request->count &&
	    (at + 2 != request->count || strcmp(request->words[at], "preference") != 0 ||
	     take_number(&creation.preference, request->words[at + 1]) < 0)) {
		usage(answer);
		return PCEP_CANNOT;
	}
	return pcep_pce_initiate(pce, &creation, now);
}

static enum pcep_result
act(struct pcep_pce *pce, const struct control_request *request, struct control_answer *answer,
    struct mono_us now)
{
	static struct pcep_route route;
	const char *word = request->count > 3 ? request->words[1] : "";
	if (strcmp(word, "set") == 0 && request->count == 5) {
		if (take_route(&route, request->words[4], answer) < 0)
			return PCEP_CANNOT;
		return pcep_pce_wish(pce, request->words[2], request->words[3], &route,
				     PCEP_BY_OPERATOR, now);
	}
	if (strcmp(word, "follow") == 0 && request->count == 4)
		return pcep_pce_follow(pce, request->words[2], request->words[3], now);
	if (strcmp(word, "make") == 0)
		return make(pce, request, answer, now);
	if (strcmp(word, "remove") == 0 && request->count == 4)
		return pcep_pce_remove(pce, request->words[2], request->words[3], now);
	usage(answer);
	return PCEP_CANNOT;
}

static int
status_of(enum pcep_result result)
{
	switch (result) {
	case PCEP_NO_ROUTER:
	case PCEP_NO_LSP:
		return 404;
	case PCEP_NO_MEMORY:
		return 500;
	default:
		return 409;
	}
}

static void
order(struct pcep_service *service, const struct control_request *request,
      struct control_answer *answer, struct mono_us now)
{
	enum pcep_result result = act(pcep_service_engine(service), request, answer, now);
	if (answer->status)
		return;
	const char *why = view_pcep_result(result);
	if (why) {
		control_error(answer, status_of(result), "%s", why);
		return;
	}
	pcep_service_flush(service);
	const char *state = result == PCEP_AS_IT_WAS ? "as it was" : "told";
	if (request->form == CONTROL_JSON) {
		struct json j = json_to(&answer->body);
		json_object(&j, NULL);
		json_str(&j, "router", request->words[2]);
		json_str(&j, "path", request->words[3]);
		json_str(&j, "state", state);
		json_object_end(&j);
		buf_str(&answer->body, "\n");
	} else {
		buf_printf(&answer->body, "%s at %s: %s\n", request->words[3], request->words[2],
			   state);
	}
}

bool
role_corridor_pcep(struct pcep_service *service, const struct control_request *request,
		   struct control_answer *answer, struct mono_us now)
{
	if (strcmp(request->words[0], "pcep") == 0) {
		order(service, request, answer, now);
		return true;
	}
	if (strcmp(request->words[0], "show") != 0 || request->count < 2 ||
	    strcmp(request->words[1], "pcep") != 0)
		return false;
	if (request->count != 2)
		control_error(answer, 400, "expected: show pcep");
	else
		view_pcep(&answer->body, pcep_service_engine(service),
			  (enum view_form)request->form, now);
	return true;
}
