/* Who hears whom: how many of a member's routes each other member may have and hears, how many of theirs it does, and
 * where that is none or less than all, which decision of whom says so. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_question.h"
#include "view/view_text.h"

enum { WHY_TEXT = 160 };

/* The relation to another member. */
struct relation {
	uint32_t member;
	bool up;
	struct rib_share to, from; /* its routes for them, their routes for it */
	char why[WHY_TEXT];        /* what keeps routes from them; "" */
	struct prefix example;     /* one that is kept from them for that */
};

struct peering {
	struct exchange *x;
	uint32_t member;
	uint32_t accepted; /* of its routes */
	struct relation *all;
	size_t count;
};

/* --- numbers --- */

/* Adds shares by slot to members: a member's sessions of a family hear the same, so the largest counts; what several
 * sessions announce adds up. */
static void
by_member(struct peering *p, const struct rib_share *shares, enum ip_family family, bool to)
{
	const struct hub *hub = exchange_hub(p->x);
	for (size_t i = 0; i < p->count; i++) {
		const struct hub_member *member = &hub->members[p->all[i].member];
		struct rib_share best = {0}, sum = {0};
		for (uint32_t s = 0; s < member->session_count; s++) {
			int slot = exchange_slot_of(p->x, member->first_session + s);
			if (slot < 0 || (to && !view_slot_hears(p->x, (unsigned)slot, family)))
				continue;
			const struct rib_share *share = &shares[slot];
			best.allowed =
				share->allowed > best.allowed ? share->allowed : best.allowed;
			best.heard = share->heard > best.heard ? share->heard : best.heard;
			sum.allowed += share->allowed;
			sum.heard += share->heard;
		}
		struct rib_share *out = to ? &p->all[i].to : &p->all[i].from;
		out->allowed += to ? best.allowed : sum.allowed;
		out->heard += to ? best.heard : sum.heard;
	}
}

/* The routes that one session announces, and those that it may have. */
static void
count_session(struct peering *p, struct rib_share *shares, unsigned slot, enum ip_family family,
	      bool hears)
{
	struct rib *rib = exchange_rib(p->x, family);
	uint32_t accepted, refused;
	unsigned slots = exchange_slots(p->x);
	rib_session_count(rib, slot, &accepted, &refused);
	p->accepted += accepted;
	if (accepted) {
		rib_count_to(rib, slot, shares, slots);
		by_member(p, shares, family, true);
	}
	if (hears) {
		rib_count_from(rib, slot, shares, slots);
		by_member(p, shares, family, false);
	}
}

static bool
count_all(struct peering *p)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	const struct hub_member *member = &exchange_hub(p->x)->members[p->member];
	struct rib_share *shares = calloc(exchange_slots(p->x) + 1u, sizeof(*shares));
	if (!shares)
		return false;
	for (size_t f = 0; f < 2; f++) {
		bool first =
			true; /* of its sessions that hear the family: the others hear the same */
		for (uint32_t i = 0; i < member->session_count; i++) {
			int slot = exchange_slot_of(p->x, member->first_session + i);
			if (slot < 0)
				continue;
			bool hears = first && view_slot_hears(p->x, (unsigned)slot, families[f]);
			count_session(p, shares, (unsigned)slot, families[f], hears);
			first &= !hears;
		}
	}
	free(shares);
	return true;
}

/* --- why not --- */

/* Keeps the first decision against. */
static void
keep_objection(void *context, const struct policy_line *line)
{
	char *why = context;
	if (line->outcome == POLICY_FAILED && !*why)
		(void)snprintf(why, WHY_TEXT, "%s: %s", line->check, line->found);
}

/* The receiver may not have this route: who says so? */
static void
find_why(void *context, unsigned receiver, const struct rib_path_view *path)
{
	struct peering *p = context;
	uint32_t to = exchange_session_at(p->x, receiver);
	uint32_t from = exchange_session_at(p->x, path->slot);
	if (to == HUB_NONE || from == HUB_NONE)
		return;
	struct policy_question question = {
		.session = from, .prefix = &path->prefix, .attrs = &path->attrs};
	struct policy_answer answer;
	uint32_t member = exchange_hub(p->x)->sessions[to].member;
	for (size_t i = 0; i < p->count; i++) {
		struct relation *r = &p->all[i];
		if (r->member != member || r->why[0])
			continue;
		r->example = path->prefix;
		(void)policy_explain_out(exchange_policy_to_ask(p->x), &question, to,
					 keep_objection, r->why, &answer);
	}
}

/* The sessions of members who lack some of the routes of the session, into words; false: there are none. */
static bool
lacking(const struct peering *p, enum ip_family family, uint64_t *words)
{
	const struct hub *hub = exchange_hub(p->x);
	bool any = false;
	for (size_t i = 0; i < p->count; i++) {
		const struct hub_member *member = &hub->members[p->all[i].member];
		if (p->all[i].to.allowed >= p->accepted || p->all[i].why[0])
			continue;
		for (uint32_t s = 0; s < member->session_count; s++) {
			int slot = exchange_slot_of(p->x, member->first_session + s);
			if (slot < 0 || !view_slot_is_up(p->x, (unsigned)slot) ||
			    !view_slot_hears(p->x, (unsigned)slot, family))
				continue;
			words[slot / 64] |= (uint64_t)1 << slot % 64;
			any = true;
		}
	}
	return any;
}

static bool
find_reasons(struct peering *p)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	const struct hub_member *member = &exchange_hub(p->x)->members[p->member];
	size_t count = rib_sets_in(exchange_rib(p->x, IP_V4))->words;
	uint64_t *words = calloc(count + 1, sizeof(*words));
	for (uint32_t i = 0; words && i < member->session_count * 2; i++) {
		int slot = exchange_slot_of(p->x, member->first_session + i / 2);
		struct rib *rib = exchange_rib(p->x, families[i % 2]);
		memset(words, 0, count * sizeof(*words));
		if (slot >= 0 && lacking(p, families[i % 2], words))
			rib_each_kept_from(rib, (unsigned)slot, words, find_why, p);
	}
	bool made = words != NULL;
	free(words);
	return made;
}

static bool
make(struct peering *p, struct arena *arena)
{
	const struct hub *hub = exchange_hub(p->x);
	p->all = arena_take(arena, (hub->member_count + 1) * sizeof(*p->all));
	if (!p->all)
		return false;
	for (uint32_t m = 0; m < hub->member_count; m++) {
		if (m == p->member)
			continue;
		struct relation *r = &p->all[p->count++];
		r->member = m;
		for (uint32_t i = 0; i < hub->members[m].session_count; i++) {
			int slot = exchange_slot_of(p->x, hub->members[m].first_session + i);
			r->up |= slot >= 0 && view_slot_is_up(p->x, (unsigned)slot);
		}
	}
	return count_all(p) && find_reasons(p);
}

/* --- showing --- */

static void
peering_json(struct buf *out, const struct peering *p)
{
	const struct hub *hub = exchange_hub(p->x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "asn", hub->members[p->member].asn.number);
	json_str(&j, "name", hub->members[p->member].name);
	json_u64(&j, "accepted", p->accepted);
	json_array(&j, "members");
	for (size_t i = 0; i < p->count; i++) {
		const struct relation *r = &p->all[i];
		json_object(&j, NULL);
		json_u64(&j, "asn", hub->members[r->member].asn.number);
		json_str(&j, "name", hub->members[r->member].name);
		json_bool(&j, "up", r->up);
		json_u64(&j, "may_hear", r->to.allowed);
		json_u64(&j, "hears", r->to.heard);
		json_u64(&j, "may_be_heard", r->from.allowed);
		json_u64(&j, "heard", r->from.heard);
		json_str(&j, "why_not", r->why[0] ? r->why : NULL);
		if (r->why[0])
			json_prefix(&j, "example", r->example);
		else
			json_null(&j, "example");
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
number(struct buf *out, uint32_t value, int width)
{
	char text[16];
	(void)snprintf(text, sizeof(text), "%" PRIu32, value);
	view_cell(out, text, width);
}

static void
relation_text(struct buf *out, const struct peering *p, const struct relation *r, bool both)
{
	const struct hub_member *member = &exchange_hub(p->x)->members[r->member];
	char asn[VIEW_ASN_TEXT];
	bool none = r->up && p->accepted && !r->to.allowed;
	buf_str(out, !r->up ? "- " : none ? "x " : r->to.allowed < p->accepted ? "! " : "  ");
	view_cell(out, view_asn(asn, member->asn), 13);
	view_cell(out, member->name, 25);
	number(out, r->to.allowed, -9);
	number(out, r->to.heard, -9);
	if (both) {
		number(out, r->from.allowed, -11);
		number(out, r->from.heard, -9);
	}
	view_end_line(out);
	if (!r->why[0])
		return;
	char text[WHY_TEXT + PREFIX_TEXT + 16], prefix[PREFIX_TEXT];
	(void)snprintf(text, sizeof(text), "%s (such as %s)", r->why,
		       prefix_format(prefix, r->example));
	buf_str(out, "    ");
	view_wrapped(out, text, 4, 6);
}

static void
peering_text(struct buf *out, const struct peering *p, bool both)
{
	const struct hub_member *member = &exchange_hub(p->x)->members[p->member];
	size_t hear = 0, up = 0;
	for (size_t i = 0; i < p->count; i++) {
		up += p->all[i].up;
		hear += p->all[i].up && p->all[i].to.allowed > 0;
	}
	buf_printf(out,
		   "%s, AS%" PRIu32 ": %" PRIu32
		   " route%s accepted; %zu of %zu members may hear some\n\n",
		   member->name, member->asn.number, p->accepted, p->accepted == 1 ? "" : "s", hear,
		   up);
	buf_str(out, both ? "  AS           MEMBER                    MAY HEAR    HEARS   GIVES US "
			    "WE HEAR\n"
			  : "  AS           MEMBER                    MAY HEAR    HEARS\n");
	for (size_t i = 0; i < p->count; i++)
		relation_text(out, p, &p->all[i], both);
	buf_str(out, "\nx none of its routes   ! not all of them   - no session up\n");
}

int
view_peering(struct buf *out, struct exchange *x, enum view_form form, uint32_t member, bool both)
{
	struct peering p = {.x = x, .member = member};
	struct arena *arena = arena_new();
	if (!arena || !make(&p, arena)) {
		arena_free(arena);
		return -1;
	}
	if (form == VIEW_JSON)
		peering_json(out, &p);
	else
		peering_text(out, &p, both);
	arena_free(arena);
	return 0;
}
