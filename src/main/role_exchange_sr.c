/* SR policies that the operator sets and removes. */
#include "main/role_exchange_sr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum {
	DISTINGUISHER = 2, /* of the operator's candidate paths, so that they stand beside those of
			      the hub file */
	USAGE_SET = 6,
	USAGE_REMOVE = 5,
};

static void
usage(struct control_answer *answer)
{
	control_error(answer, 400,
		      "expected: sr set SESSION COLOR ENDPOINT SEGMENTS [preference N] [headend "
		      "ADDRESS], or sr remove SESSION COLOR ENDPOINT");
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

/* Segments with commas between them, one list. 0, or -1 after the complaint. */
static int
take_segments(struct sr_policy *policy, const char *text, struct control_answer *answer)
{
	(void)sr_policy_add_list(policy, 1);
	while (*text) {
		struct sr_segment segment;
		char one[SR_TEXT_MAX];
		size_t length = strcspn(text, ",");
		bool fits = length < sizeof(one);
		(void)snprintf(one, sizeof(one), "%.*s", (int)(fits ? length : 0), text);
		if (!fits || sr_segment_parse(&segment, one) < 0) {
			control_error(answer, 400, "found \"%.80s\", expected a segment", text);
			return -1;
		}
		if (!sr_policy_add(policy, &segment)) {
			control_error(answer, 400, "more than %d segments", SR_SEGMENTS_MAX);
			return -1;
		}
		text += length + (text[length] == ',');
	}
	return 0;
}

static int
take_options(struct srpolicy_wish *wish, struct sr_policy *policy,
	     const struct control_request *request)
{
	for (size_t i = USAGE_SET; i < request->count; i += 2) {
		const char *word = request->words[i];
		const char *value = i + 1 < request->count ? request->words[i + 1] : "";
		if (strcmp(word, "preference") == 0 && take_number(&policy->preference, value) == 0)
			continue;
		if (strcmp(word, "headend") == 0 && ip_parse(&wish->headend, value) == 0 &&
		    wish->headend.family == IP_V4)
			continue;
		return -1;
	}
	return 0;
}

static void
tell(struct control_answer *answer, const struct control_request *request, const char *state)
{
	if (request->form == CONTROL_JSON) {
		struct json j = json_to(&answer->body);
		json_object(&j, NULL);
		json_str(&j, "session", request->words[2]);
		json_str(&j, "color", request->words[3]);
		json_str(&j, "endpoint", request->words[4]);
		json_str(&j, "state", state);
		json_object_end(&j);
		buf_str(&answer->body, "\n");
		return;
	}
	buf_printf(&answer->body, "color %s to %s, session %s: %s\n", request->words[3],
		   request->words[4], request->words[2], state);
}

static void
set(struct exchange *x, const struct control_request *request, struct srpolicy_wish *wish,
    struct sr_policy *policy, struct control_answer *answer)
{
	if (take_segments(policy, request->words[5], answer) < 0)
		return;
	if (take_options(wish, policy, request) < 0) {
		usage(answer);
		return;
	}
	wish->policy = policy;
	switch (exchange_sr_set(x, wish)) {
	case SRPOLICY_SET:
		tell(answer, request, "set");
		break;
	case SRPOLICY_SAME:
		tell(answer, request, "as it was");
		break;
	case SRPOLICY_EMPTY:
		control_error(answer, 400, "a policy needs segments");
		break;
	case SRPOLICY_TOO_LARGE:
		control_error(answer, 400, "it does not fit a message");
		break;
	case SRPOLICY_FULL:
		control_error(answer, 409, "there are %d policies, more there may not be",
			      SRPOLICY_MAX);
		break;
	case SRPOLICY_NO_MEMORY:
		control_error(answer, 500, "out of memory");
		break;
	}
}

void
role_exchange_sr(struct exchange *x, const struct control_request *request,
		 struct control_answer *answer)
{
	const struct hub *hub = exchange_hub(x);
	const char *word = request->count > 1 ? request->words[1] : "";
	bool is_set = strcmp(word, "set") == 0 && request->count >= USAGE_SET;
	bool is_remove = strcmp(word, "remove") == 0 && request->count == USAGE_REMOVE;
	struct sr_key key = {.distinguisher = DISTINGUISHER};
	if ((!is_set && !is_remove) || take_number(&key.color, request->words[3]) < 0 ||
	    ip_parse(&key.endpoint, request->words[4]) < 0) {
		usage(answer);
		return;
	}
	uint32_t session = hub_session_by_id(hub, request->words[2]);
	if (session == HUB_NONE) {
		control_error(answer, 404, "there is no session %.100s", request->words[2]);
		return;
	}
	struct srpolicy_wish wish = {.to = hub->sessions[session].address,
				     .source = SRPOLICY_OPERATOR};
	if (is_remove) {
		if (exchange_sr_withdraw(x, wish.to, &key, SRPOLICY_OPERATOR))
			tell(answer, request, "removed");
		else
			control_error(answer, 404, "the operator has set no such policy");
		return;
	}
	if (!hub->sessions[session].sr_policy) {
		control_error(answer, 409, "session %.100s has no \"sr_policy: yes\"",
			      request->words[2]);
		return;
	}
	struct sr_policy *policy = malloc(sizeof(*policy));
	if (!policy) {
		control_error(answer, 500, "out of memory");
		return;
	}
	sr_policy_init(policy, key);
	set(x, request, &wish, policy, answer);
	free(policy);
}
