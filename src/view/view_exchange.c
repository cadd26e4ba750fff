/* What the exchange shows: which words lead to which answer. */
#include "view/view_exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

char *
view_age(char out[VIEW_AGE_TEXT], int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds >= 100 * 86400)
		(void)snprintf(out, VIEW_AGE_TEXT, "%" PRId64 "d", seconds / 86400);
	else if (seconds >= 86400)
		(void)snprintf(out, VIEW_AGE_TEXT, "%" PRId64 "d %02" PRId64 "h", seconds / 86400,
			       seconds / 3600 % 24);
	else
		(void)snprintf(out, VIEW_AGE_TEXT, "%02" PRId64 ":%02" PRId64 ":%02" PRId64,
			       seconds / 3600, seconds / 60 % 60, seconds % 60);
	return out;
}

char *
view_asn(char out[VIEW_ASN_TEXT], struct asn asn)
{
	(void)snprintf(out, VIEW_ASN_TEXT, "AS%" PRIu32, asn.number);
	return out;
}

const struct hub_member *
view_member_of_slot(const struct exchange *x, unsigned slot)
{
	const struct hub *hub = exchange_hub(x);
	uint32_t session = exchange_session_at(x, slot);
	return session == HUB_NONE ? NULL : &hub->members[hub->sessions[session].member];
}

void
view_slot_count(const struct exchange *x, unsigned slot, uint32_t *accepted, uint32_t *refused)
{
	*accepted = *refused = 0;
	static const enum ip_family families[] = {IP_V4, IP_V6};
	for (size_t i = 0; i < 2; i++) {
		uint32_t good, bad;
		rib_session_count(exchange_rib(x, families[i]), slot, &good, &bad);
		*accepted += good;
		*refused += bad;
	}
}

void
view_label(struct buf *out, const char *label, struct buf *text)
{
	buf_u8(text, 0);
	buf_printf(out, "    %-12s", label);
	view_wrapped(out, text->failed ? "" : (const char *)text->data, 16, 16);
	buf_clear(text);
}

bool
view_slot_is_up(const struct exchange *x, unsigned slot)
{
	const struct session *session = exchange_session(x, slot);
	return session && session_state(session) == SESSION_ESTABLISHED;
}

int
view_find_member(const struct exchange *x, const char *word, uint32_t *member,
		 struct view_complaint *complaint)
{
	*member = hub_member_by_name(exchange_hub(x), word);
	if (*member == HUB_NONE)
		return view_complain(complaint, 404, "there is no member %.100s", word);
	return 0;
}

static int
show_member(struct buf *out, struct exchange *x, enum view_form form, const char *word,
	    struct view_complaint *complaint)
{
	uint32_t member;
	if (view_find_member(x, word, &member, complaint) < 0)
		return -1;
	view_member(out, x, form, member);
	return 0;
}

int
view_exchange_answer(struct buf *out, struct exchange *x, enum view_form form,
		     const char *const *words, size_t count, struct view_exchange_rest **rest,
		     struct view_complaint *complaint)
{
	*rest = NULL;
	const char *first = count > 0 ? words[0] : "", *second = count > 1 ? words[1] : "";
	if (strcmp(first, "metrics") == 0) {
		view_exchange_metrics(out, x);
		return 0;
	}
	if (strcmp(first, "explain") == 0)
		return view_explain(out, x, form, words + 1, count - 1, complaint);
	if (strcmp(first, "show") != 0)
		return view_complain(complaint, 400, "the exchange cannot answer \"%.60s\"", first);
	if (strcmp(second, "routes") == 0 || strcmp(second, "filtered") == 0)
		return view_routes(out, x, form, second[0] == 'f', words + 2, count - 2, rest,
				   complaint);
	bool wants_word = strcmp(second, "member") == 0 || strcmp(second, "route") == 0;
	if (count != (wants_word ? 3 : 2))
		return view_complain(complaint, 400, "\"show %.40s\" takes %s", second,
				     wants_word ? "one word more" : "no further word");
	if (strcmp(second, "member") == 0)
		return show_member(out, x, form, words[2], complaint);
	if (strcmp(second, "route") == 0)
		return view_route(out, x, form, words[2], complaint);
	if (strcmp(second, "members") == 0)
		view_members(out, x, form);
	else if (strcmp(second, "participants") == 0 && form == VIEW_CSV)
		return view_complain(complaint, 400, "this has no CSV; it is JSON");
	else if (strcmp(second, "participants") == 0)
		view_participants(out, x);
	else
		return view_complain(complaint, 400, "the exchange cannot show \"%.60s\"", second);
	return 0;
}
