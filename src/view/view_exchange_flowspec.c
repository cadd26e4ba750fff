/* Rules about traffic: who says them, who has them, and why others are refused. In the order in which receivers apply
 * them, so that a program can load them as they come. */
#include <inttypes.h>
#include <stdio.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

/* One answer that is being written. */
struct showing {
	struct buf *out;
	struct json *json; /* NULL: text */
	const struct exchange *x;
	uint32_t count;
};

static const struct hub_policy_flowspec *
terms_of(const struct exchange *x, unsigned slot)
{
	const struct hub_member *member = view_member_of_slot(x, slot);
	return member ? &member->policy.flowspec : NULL;
}

/* Calls back for each member with a session in the set. */
static void
each_member(const struct showing *s, const struct flowspec_view *view,
	    void (*visit)(void *context, const struct hub_member *member), void *context)
{
	const struct hub *hub = exchange_hub(s->x);
	for (size_t m = 0; m < hub->member_count; m++) {
		const struct hub_member *member = &hub->members[m];
		for (uint32_t i = 0; i < member->session_count; i++) {
			int slot = exchange_slot_of(s->x, member->first_session + i);
			if (slot < 0 || (size_t)slot / 64 >= view->words ||
			    !(view->told[slot / 64] >> slot % 64 & 1))
				continue;
			visit(context, member);
			break;
		}
	}
}

static const char *
session_id(const struct exchange *x, unsigned slot)
{
	uint32_t session = exchange_session_at(x, slot);
	return session == HUB_NONE ? "" : exchange_hub(x)->sessions[session].id;
}

static void
actions_text(struct buf *to, const struct flowspec_view *view)
{
	struct flowspec_actions actions;
	flowspec_actions_read(&actions, view->attrs);
	flowspec_actions_text(to, &actions);
}

/* --- text --- */

static void
name_text(void *context, const struct hub_member *member)
{
	struct buf *names = context;
	buf_printf(names, "%s%s", names->length ? ", " : "", member->name);
}

static void
from_text(const struct showing *s, const struct flowspec_view *view, struct buf *text)
{
	char age[VIEW_AGE_TEXT];
	const struct hub_member *member = view_member_of_slot(s->x, view->slot);
	buf_printf(text, "AS%" PRIu32 " %s, for %s, path ",
		   exchange_asn_at(s->x, view->slot).number, member ? member->name : "",
		   view_age(age, exchange_now(s->x).s - view->since_s));
	bgp_as_path_text(text, view->attrs->as_path);
}

/* Each reason with what mends it. */
static void
reasons_text(const struct showing *s, const struct flowspec_view *view)
{
	const struct hub_policy_flowspec *terms = terms_of(s->x, view->slot);
	uint32_t session = exchange_session_at(s->x, view->slot);
	struct buf text = {0};
	for (unsigned bit = 0; bit < FLOWSPEC_REASONS && terms; bit++) {
		if (!(view->reasons >> bit & 1))
			continue;
		buf_str(&text, flowspec_reason_text(bit));
		view_label(s->out, "refused", &text);
		flowspec_reason_mend(&text, bit, terms);
		view_label(s->out, "  mend", &text);
	}
	for (unsigned bit = 0; bit < POLICY_REASONS && terms; bit++) {
		if (!(view->policy_reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		buf_str(&text, policy_reason_text(bit));
		view_label(s->out, "refused", &text);
		view_reason_mend(&text, s->x, session, view->rule->family, bit);
		view_label(s->out, "  mend", &text);
	}
	buf_fini(&text);
}

static void
rule_text(struct showing *s, const struct flowspec_view *view)
{
	struct buf text = {0};
	flowspec_rule_text(&text, view->rule);
	buf_u8(&text, 0);
	view_wrapped(s->out, text.failed ? "" : (const char *)text.data, 0, 4);
	buf_clear(&text);
	actions_text(&text, view);
	view_label(s->out, "action", &text);
	from_text(s, view, &text);
	view_label(s->out, "from", &text);
	if (view->refused) {
		reasons_text(s, view);
	} else {
		each_member(s, view, name_text, &text);
		if (!text.length)
			buf_str(&text, "nobody");
		view_label(s->out, "heard by", &text);
	}
	buf_fini(&text);
}

/* What was not kept, of sessions where that happened. */
static void
left_out_text(const struct showing *s, unsigned slot)
{
	struct flowspec_totals totals;
	const enum ip_family families[] = {IP_V4, IP_V6};
	flowspec_session_totals(exchange_flow(s->x), slot, &totals);
	for (unsigned i = 0; i < FLOWSPEC_FAULTS; i++)
		if (totals.faults[i])
			buf_printf(s->out, "session %s: %" PRIu32 " malformed: %s\n",
				   session_id(s->x, slot), totals.faults[i],
				   flowspec_fault_text((enum flowspec_fault)i));
	if (totals.too_large)
		buf_printf(s->out, "session %s: %" PRIu32 " with attributes too large to keep\n",
			   session_id(s->x, slot), totals.too_large);
	if (totals.left_out)
		buf_printf(s->out, "session %s: %" PRIu32 " more than it may say\n",
			   session_id(s->x, slot), totals.left_out);
	for (unsigned i = 0; i < 2; i++)
		if (flowspec_session_lost(exchange_flow(s->x), slot, families[i]))
			buf_printf(s->out,
				   "session %s: its IPv%d rules cannot be told apart; none are "
				   "taken until it is up again\n",
				   session_id(s->x, slot), (int)families[i]);
}

/* --- JSON --- */

static void
name_json(void *context, const struct hub_member *member)
{
	struct json *j = context;
	json_object(j, NULL);
	json_u64(j, "asn", member->asn.number);
	json_str(j, "name", member->name);
	json_object_end(j);
}

static void
reason_json(struct json *j, const char *reason, struct buf *mend)
{
	buf_u8(mend, 0);
	json_object(j, NULL);
	json_str(j, "reason", reason);
	json_str(j, "mend", mend->failed ? NULL : (const char *)mend->data);
	json_object_end(j);
	buf_clear(mend);
}

static void
reasons_json(const struct showing *s, const struct flowspec_view *view)
{
	const struct hub_policy_flowspec *terms = terms_of(s->x, view->slot);
	uint32_t session = exchange_session_at(s->x, view->slot);
	struct buf mend = {0};
	json_array(s->json, "reasons");
	for (unsigned bit = 0; bit < FLOWSPEC_REASONS && terms; bit++) {
		if (!(view->reasons >> bit & 1))
			continue;
		flowspec_reason_mend(&mend, bit, terms);
		reason_json(s->json, flowspec_reason_text(bit), &mend);
	}
	for (unsigned bit = 0; bit < POLICY_REASONS && terms; bit++) {
		if (!(view->policy_reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		view_reason_mend(&mend, s->x, session, view->rule->family, bit);
		reason_json(s->json, policy_reason_text(bit), &mend);
	}
	json_array_end(s->json);
	buf_fini(&mend);
}

static void
rule_json(struct showing *s, const struct flowspec_view *view)
{
	struct json *j = s->json;
	struct buf text = {0};
	struct flowspec_actions actions;
	const struct hub_member *member = view_member_of_slot(s->x, view->slot);
	flowspec_actions_read(&actions, view->attrs);
	json_object(j, NULL);
	flowspec_rule_text(&text, view->rule);
	buf_u8(&text, 0);
	json_str(j, "rule", text.failed ? NULL : (const char *)text.data);
	json_str(j, "family", view->rule->family == IP_V4 ? "ipv4" : "ipv6");
	flowspec_rule_json(j, "match", view->rule);
	flowspec_actions_json(j, &actions);
	json_object(j, "from");
	json_u64(j, "asn", exchange_asn_at(s->x, view->slot).number);
	json_str(j, "name", member ? member->name : NULL);
	json_str(j, "session", session_id(s->x, view->slot));
	json_object_end(j);
	json_utc(j, "since", (struct utc_s){view->since_s});
	buf_clear(&text);
	bgp_as_path_text(&text, view->attrs->as_path);
	buf_u8(&text, 0);
	json_str(j, "as_path", text.failed ? NULL : (const char *)text.data);
	view_communities_json(j, view->attrs);
	json_bool(j, "refused", view->refused);
	reasons_json(s, view);
	json_array(j, "heard_by");
	each_member(s, view, name_json, j);
	json_array_end(j);
	json_object_end(j);
	buf_fini(&text);
}

static void
session_json(const struct showing *s, unsigned slot)
{
	struct json *j = s->json;
	struct flowspec_totals totals;
	const struct flowspec_table *table = exchange_flow(s->x);
	flowspec_session_totals(table, slot, &totals);
	json_object(j, NULL);
	json_str(j, "session", session_id(s->x, slot));
	json_u64(j, "asn", exchange_asn_at(s->x, slot).number);
	json_u64(j, "accepted", totals.accepted);
	json_u64(j, "refused", totals.refused);
	json_u64(j, "heard", totals.told);
	json_u64(j, "left_out", totals.left_out);
	json_u64(j, "too_large", totals.too_large);
	json_bool(j, "lost_ipv4", flowspec_session_lost(table, slot, IP_V4));
	json_bool(j, "lost_ipv6", flowspec_session_lost(table, slot, IP_V6));
	json_array(j, "malformed");
	for (unsigned i = 0; i < FLOWSPEC_FAULTS; i++) {
		if (!totals.faults[i])
			continue;
		json_object(j, NULL);
		json_str(j, "fault", flowspec_fault_text((enum flowspec_fault)i));
		json_u64(j, "rules", totals.faults[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

/* --- together --- */

static void
show_rule(void *context, const struct flowspec_view *view)
{
	struct showing *s = context;
	s->count++;
	if (s->json)
		rule_json(s, view);
	else
		rule_text(s, view);
}

/* Goes through the sessions that carry rules: of one member, or of all. */
static void
each_session(const struct showing *s, uint32_t member,
	     void (*visit)(const struct showing *s, unsigned slot))
{
	const struct hub *hub = exchange_hub(s->x);
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(s->x, i);
		if (slot >= 0 && hub->sessions[i].flowspec &&
		    (member == HUB_NONE || hub->sessions[i].member == member))
			visit(s, (unsigned)slot);
	}
}

static int
show_rules(struct showing *s, uint32_t member)
{
	const struct flowspec_table *table = exchange_flow(s->x);
	if (member == HUB_NONE)
		return flowspec_each(table, -1, show_rule, s);
	const struct hub_member *one = &exchange_hub(s->x)->members[member];
	for (uint32_t i = 0; i < one->session_count; i++) {
		int slot = exchange_slot_of(s->x, one->first_session + i);
		if (slot >= 0 && flowspec_each(table, slot, show_rule, s) < 0)
			return -1;
	}
	return 0;
}

int
view_flowspec(struct buf *out, struct exchange *x, enum view_form form, uint32_t member)
{
	struct json j = json_to(out);
	struct showing s = {out, form == VIEW_JSON ? &j : NULL, x, 0};
	if (!s.json) {
		if (show_rules(&s, member) < 0)
			return -1;
		if (!s.count)
			buf_str(out, "no rules about traffic\n");
		each_session(&s, member, left_out_text);
		return 0;
	}
	json_object(&j, NULL);
	json_array(&j, "rules");
	if (show_rules(&s, member) < 0)
		return -1;
	json_array_end(&j);
	json_array(&j, "sessions");
	each_session(&s, member, session_json);
	json_array_end(&j);
	json_object_end(&j);
	buf_u8(out, '\n');
	return 0;
}

/* --- Prometheus --- */

void
view_flowspec_metrics(struct buf *out, const struct exchange *x)
{
	const struct flowspec_table *table = exchange_flow(x);
	uint64_t accepted = 0, refused = 0, told = 0, left_out = 0, too_large = 0;
	uint64_t faults[FLOWSPEC_FAULTS] = {0};
	for (unsigned slot = 0; slot < exchange_slots(x); slot++) {
		struct flowspec_totals totals;
		flowspec_session_totals(table, slot, &totals);
		accepted += totals.accepted;
		refused += totals.refused;
		told += totals.told;
		left_out += totals.left_out;
		too_large += totals.too_large;
		for (unsigned i = 0; i < FLOWSPEC_FAULTS; i++)
			faults[i] += totals.faults[i];
	}
	buf_printf(out,
		   "# HELP sarai_flowspec_rules Rules about traffic by what became of them.\n"
		   "# TYPE sarai_flowspec_rules gauge\n"
		   "sarai_flowspec_rules{state=\"accepted\"} %" PRIu64 "\n"
		   "sarai_flowspec_rules{state=\"filtered\"} %" PRIu64 "\n"
		   "sarai_flowspec_rules{state=\"exported\"} %" PRIu64 "\n"
		   "# HELP sarai_flowspec_not_kept Rules of sessions that are up and that were not "
		   "kept, by cause.\n"
		   "# TYPE sarai_flowspec_not_kept gauge\n"
		   "sarai_flowspec_not_kept{cause=\"more than the session may say\"} %" PRIu64 "\n"
		   "sarai_flowspec_not_kept{cause=\"attributes too large\"} %" PRIu64 "\n",
		   accepted, refused, told, left_out, too_large);
	for (unsigned i = FLOWSPEC_SOUND + 1; i < FLOWSPEC_FAULTS; i++)
		buf_printf(out, "sarai_flowspec_not_kept{cause=\"%s\"} %" PRIu64 "\n",
			   flowspec_fault_text((enum flowspec_fault)i), faults[i]);
	buf_printf(out,
		   "# HELP sarai_flowspec_memory_bytes Memory of the table of rules, about.\n"
		   "# TYPE sarai_flowspec_memory_bytes gauge\nsarai_flowspec_memory_bytes %zu\n",
		   flowspec_memory(table));
}
