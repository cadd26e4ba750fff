/* The operator's blackholes as text and JSON. */
#include "view/view_watch_blackholes.h"

#include "base/json.h"
#include "view/view_text.h"

static const char *
member_name(const struct exchange *x, struct asn asn)
{
	uint32_t index = hub_member_by_asn(exchange_hub(x), asn);
	return index == HUB_NONE ? NULL : exchange_hub(x)->members[index].name;
}

static void
as_json(struct buf *out, const struct exchange *x)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "blackholes");
	for (size_t i = 0; i < exchange_blackhole_count(x); i++) {
		struct exchange_blackhole b = exchange_blackhole_at(x, i);
		json_object(&j, NULL);
		json_prefix(&j, "prefix", b.prefix);
		json_u64(&j, "asn", b.member.number);
		json_str(&j, "member", member_name(x, b.member));
		json_utc(&j, "since", b.since);
		json_utc(&j, "ends", b.ends);
		json_u64(&j, "sessions", b.sessions);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

void
view_watch_blackholes(struct buf *out, const struct exchange *x, enum view_form form)
{
	char text[PREFIX_TEXT], until[CLOCK_TEXT];
	size_t count = exchange_blackhole_count(x);
	if (form == VIEW_JSON) {
		as_json(out, x);
		return;
	}
	if (!count)
		buf_str(out, "no blackholes of the operator\n");
	for (size_t i = 0; i < count; i++) {
		struct exchange_blackhole b = exchange_blackhole_at(x, i);
		const char *name = member_name(x, b.member);
		view_cell(out, prefix_format(text, b.prefix), 24);
		buf_printf(out, " until %s on %u session%s of ", utc_format(until, b.ends),
			   b.sessions, b.sessions == 1 ? "" : "s");
		view_cell(out, name ? name : "(no member)", 18);
		view_end_line(out);
	}
}
