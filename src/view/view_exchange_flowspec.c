/* Rules about traffic: who says them, who has them, and why others are refused. In the order in which receivers apply
 * them, so that a program can load them as they come; some at a time, between which the exchange goes on. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { AT_ONCE = 64 }; /* rules of a piece */

/* One piece of an answer that is being written. */
struct showing {
	struct buf *out;
	struct json *json; /* NULL: text */
	const struct exchange *x;
	struct asn member; /* 0: all */
	bool any;          /* a rule was shown, in this piece or before */
};

/* The answer, while it is not whole. */
struct listing {
	struct view_exchange_rest rest; /* first */
	enum view_form form;
	struct asn member; /* 0: all */
	bool begun, any, ended;
	struct flowspec_rule last; /* shown last, in `octets` */
	uint8_t octets[FLOWSPEC_RULE_MAX];
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

static void
session_line(const struct showing *s, unsigned slot, uint32_t count, const char *what)
{
	struct buf text = {0};
	if (!count)
		return;
	buf_printf(&text, "session %s: %" PRIu32 " %s", session_id(s->x, slot), count, what);
	buf_u8(&text, 0);
	view_wrapped(s->out, text.failed ? "" : (const char *)text.data, 0, 4);
	buf_fini(&text);
}

/* What was not kept, of sessions where that happened. */
static void
left_out_text(const struct showing *s, unsigned slot)
{
	const struct flowspec_table *table = exchange_flow(s->x);
	struct flowspec_totals totals;
	flowspec_session_totals(table, slot, &totals);
	for (unsigned i = 0; i < FLOWSPEC_FAULTS; i++) {
		char what[80];
		(void)snprintf(what, sizeof(what), "malformed: %s",
			       flowspec_fault_text((enum flowspec_fault)i));
		session_line(s, slot, totals.faults[i], what);
	}
	session_line(s, slot, totals.too_large, "with attributes too large to keep");
	session_line(s, slot, totals.left_out, "more than it may say");
	unsigned lost = (flowspec_session_lost(table, slot, IP_V4) ? 1u : 0) +
			(flowspec_session_lost(table, slot, IP_V6) ? 1u : 0);
	session_line(s, slot, lost,
		     "of its families cannot be read: no rules are taken until it is up again");
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
	if (s->member.number && exchange_asn_at(s->x, view->slot).number != s->member.number)
		return;
	if (s->json) {
		/* A value of its own: the writer of the list is gone when the next piece is asked for. */
		struct json one = json_to(s->out);
		struct json *whole = s->json;
		buf_str(s->out, s->any ? "," : "");
		s->json = &one;
		rule_json(s, view);
		s->json = whole;
	} else {
		rule_text(s, view);
	}
	s->any = true;
}

/* Goes through the sessions that carry rules: of one member, or of all. */
static void
each_session(const struct showing *s, void (*visit)(const struct showing *s, unsigned slot))
{
	const struct hub *hub = exchange_hub(s->x);
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(s->x, i);
		uint32_t asn = hub->members[hub->sessions[i].member].asn.number;
		if (slot >= 0 && hub->sessions[i].flowspec &&
		    (!s->member.number || asn == s->member.number))
			visit(s, (unsigned)slot);
	}
}

static void
foot(struct showing *s)
{
	if (!s->json) {
		buf_str(s->out, s->any ? "" : "no rules about traffic\n");
		each_session(s, left_out_text);
		return;
	}
	buf_str(s->out, "],\"sessions\":");
	json_array(s->json, NULL);
	each_session(s, session_json);
	json_array_end(s->json);
	buf_str(s->out, "}\n");
}

static bool
next_piece(struct view_exchange_rest *rest, struct exchange *x, struct buf *out)
{
	struct listing *l = (struct listing *)rest;
	struct json j = json_to(out);
	struct showing s = {out, l->form == VIEW_JSON ? &j : NULL, x, l->member, l->any};
	const struct flowspec_rule *last = NULL;
	if (l->ended)
		return false;
	if (!l->begun && s.json)
		buf_str(out, "{\"rules\":[");
	size_t count = flowspec_walk(exchange_flow(x), l->begun ? &l->last : NULL, AT_ONCE,
				     show_rule, &s, &last);
	l->any = s.any;
	if (count) {
		memcpy(l->octets, last->octets, last->length);
		l->last = (struct flowspec_rule){last->family, last->length, l->octets};
	} else {
		foot(&s);
		l->ended = true;
	}
	l->begun = true;
	return true;
}

static void
listing_free(struct view_exchange_rest *rest)
{
	free(rest);
}

int
view_flowspec(struct view_exchange_rest **rest, const struct exchange *x, enum view_form form,
	      uint32_t member)
{
	struct listing *l = calloc(1, sizeof(*l));
	if (!l)
		return -1;
	l->rest = (struct view_exchange_rest){next_piece, listing_free};
	l->form = form;
	if (member != HUB_NONE)
		l->member = exchange_hub(x)->members[member].asn;
	*rest = &l->rest;
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
