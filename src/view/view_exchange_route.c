/* One prefix in full: every path, accepted or refused, why, what would mend it, and who hears it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange/exchange_steer.h"
#include "view/view_exchange_parts.h"
#include "view/view_exchange_way.h"

/* Calls back with each member of which a session is in the set of slots: each one once, in order of the hub file. */
static void
each_member_in(const struct exchange *x, const uint64_t *slots,
	       void (*visit)(void *context, const struct hub_member *member), void *context)
{
	const struct hub *hub = exchange_hub(x);
	for (size_t m = 0; m < hub->member_count; m++) {
		const struct hub_member *member = &hub->members[m];
		for (uint32_t i = 0; i < member->session_count; i++) {
			int slot = exchange_slot_of(x, member->first_session + i);
			if (slot < 0 || !view_set_has(slots, (unsigned)slot) ||
			    !view_slot_is_up(x, (unsigned)slot))
				continue;
			visit(context, member);
			break;
		}
	}
}

static void
hearer_json(void *context, const struct hub_member *member)
{
	json_u64(context, NULL, member->asn.number);
}

static void
irr_json(struct json *j, uint8_t state)
{
	unsigned irr = policy_state_irr(state);
	if (!(irr & POLICY_IRR_CHECKED)) {
		json_null(j, "irr");
		return;
	}
	json_object(j, "irr");
	unsigned how = irr & POLICY_IRR_HOW;
	json_bool(j, "prefix", policy_irr_has_prefix(irr));
	json_bool(j, "origin", policy_irr_has_origin(irr));
	json_bool(j, "longer", how == POLICY_IRR_LONGER);
	json_bool(j, "by_roa", how == POLICY_IRR_BY_ROA);
	json_bool(j, "by_whois", how >= POLICY_IRR_BY_ARIN);
	json_bool(j, "by_list", how == POLICY_IRR_BY_LIST);
	json_object_end(j);
}

/* --- who hears it, and as what --- */

/* Receivers that are sent the same. */
struct group {
	uint32_t edit;
	const uint64_t *slots;
};

/* Calls back for each group of those who hear the way. `room` is for a set of slots. */
static void
each_group(const struct exchange *x, const struct view_way *way, const uint64_t *heard,
	   uint64_t *room, void (*visit)(void *context, const struct group *group), void *context)
{
	size_t words = policy_words(exchange_policy(x));
	for (size_t v = 0; v <= way->variant_count; v++) {
		uint64_t any = 0;
		bool rest = v == way->variant_count; /* those in no variant: edit 0 */
		for (size_t i = 0; i < words; i++) {
			room[i] = rest ? heard[i] : heard[i] & way->variants[v].slots[i];
			for (size_t k = 0; rest && k < way->variant_count; k++)
				room[i] &= ~way->variants[k].slots[i];
			any |= room[i];
		}
		struct group group = {rest ? 0 : way->variants[v].edit, room};
		if (any)
			visit(context, &group);
	}
}

/* Sets of slots. */
struct hearing {
	uint64_t *heard, *waiting, *all, *room;
};

struct telling {
	const struct exchange *x;
	const struct view_way *way;
	struct json *json;
	struct buf *out;
	uint64_t *room;
};

static void
group_json(void *context, const struct group *group)
{
	struct telling *t = context;
	struct buf scratch = {0}, path = {0};
	struct bgp_attrs sent;
	if (!view_way_sent(t->x, t->way, group->edit, &sent, &scratch)) {
		t->out->failed = true;
		buf_fini(&scratch);
		return;
	}
	json_object(t->json, NULL);
	json_array(t->json, "to");
	each_member_in(t->x, group->slots, hearer_json, t->json);
	json_array_end(t->json);
	bgp_as_path_text(&path, sent.as_path);
	buf_u8(&path, 0);
	json_str(t->json, "as_path", path.failed ? NULL : (const char *)path.data);
	json_ip(t->json, "next_hop", sent.next_hop);
	view_communities_json(t->json, &sent);
	buf_clear(&path);
	view_way_changes(&path, &t->way->path.attrs, &sent);
	buf_u8(&path, 0);
	json_str(t->json, "changes",
		 path.failed || path.length == 1 ? NULL : (const char *)path.data);
	json_object_end(t->json);
	buf_fini(&path);
	buf_fini(&scratch);
}

/* --- one path as JSON --- */

static void
path_fields(struct json *j, const struct exchange *x, const struct rib_path_view *path)
{
	static const char *const origins[] = {"igp", "egp", "incomplete"};
	const struct hub_member *member = view_member_of_slot(x, path->slot);
	uint32_t session = exchange_session_at(x, path->slot);
	struct buf text = {0};
	json_prefix(j, "prefix", path->prefix);
	json_u64(j, "member_asn", member ? member->asn.number : 0);
	json_str(j, "member_name", member ? member->name : NULL);
	json_str(j, "session", session == HUB_NONE ? NULL : exchange_hub(x)->sessions[session].id);
	if (path->path_id)
		json_u64(j, "path_id", path->path_id);
	else
		json_null(j, "path_id");
	json_bool(j, "best", path->best);
	json_str(j, "state", path->refused ? "filtered" : "accepted");
	bgp_as_path_text(&text, path->attrs.as_path);
	buf_u8(&text, 0);
	json_str(j, "as_path", text.failed ? NULL : (const char *)text.data);
	buf_fini(&text);
	json_str(j, "origin", path->attrs.origin < 3 ? origins[path->attrs.origin] : "?");
	json_ip(j, "next_hop", path->attrs.next_hop);
	if (path->attrs.has_med)
		json_u64(j, "med", path->attrs.med);
	else
		json_null(j, "med");
	view_communities_json(j, &path->attrs);
	json_i64(j, "age_s", exchange_now(x).s - (int64_t)path->since_s);
	json_bool(j, "stale", path->stale);
	json_str(j, "rpki", rpki_state_name(policy_state_rpki(path->rpki)));
	irr_json(j, path->rpki);
	view_reasons_json(j, x, session, (enum ip_family)path->prefix.ip.family, path->reasons);
}

void
view_path_json(struct json *j, const struct exchange *x, const struct rib_path_view *path)
{
	json_object(j, NULL);
	path_fields(j, x, path);
	json_null(j, "heard_by");
	json_object_end(j);
}

static void
way_json(struct telling *t, const uint64_t *heard)
{
	json_object(t->json, NULL);
	path_fields(t->json, t->x, &t->way->path);
	json_array(t->json, "heard_by");
	each_member_in(t->x, heard, hearer_json, t->json);
	json_array_end(t->json);
	json_array(t->json, "sent");
	each_group(t->x, t->way, heard, t->room, group_json, t);
	json_array_end(t->json);
	json_object_end(t->json);
}

/* --- one path as text --- */

static void
hearer_text(void *context, const struct hub_member *member)
{
	struct buf *names = context;
	buf_printf(names, "%s%s", names->length ? ", " : "", member->name);
}

static void
group_text(void *context, const struct group *group)
{
	struct telling *t = context;
	struct buf scratch = {0}, text = {0};
	struct bgp_attrs sent;
	each_member_in(t->x, group->slots, hearer_text, &text);
	if (!text.length) {
		buf_fini(&text);
		return;
	}
	view_label(t->out, "heard by", &text);
	if (view_way_sent(t->x, t->way, group->edit, &sent, &scratch))
		view_way_changes(&text, &t->way->path.attrs, &sent);
	if (text.length)
		view_label(t->out, "  as", &text);
	buf_fini(&text);
	buf_fini(&scratch);
}

static void
reasons_text(struct buf *out, const struct exchange *x, const struct rib_path_view *path)
{
	uint32_t session = exchange_session_at(x, path->slot);
	struct buf line = {0};
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(path->reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		view_reasons_line(&line, UINT64_C(1) << bit);
		view_label(out, path->refused ? "refused" : "tagged", &line);
		view_reason_mend(&line, x, session, (enum ip_family)path->prefix.ip.family, bit);
		if (line.length)
			view_label(out, "  mend", &line);
	}
	buf_fini(&line);
}

static void
path_text(struct buf *out, const struct exchange *x, const struct rib_path_view *path)
{
	static const char *const origins[] = {"igp", "egp", "incomplete"};
	char next_hop[IP_TEXT];
	struct buf text = {0};
	bgp_as_path_text(&text, path->attrs.as_path);
	view_label(out, "path", &text);
	buf_printf(&text, "%s, origin %s", ip_format(next_hop, path->attrs.next_hop),
		   path->attrs.origin < 3 ? origins[path->attrs.origin] : "?");
	if (path->attrs.has_med)
		buf_printf(&text, ", MED %" PRIu32, path->attrs.med);
	view_label(out, "next hop", &text);
	view_communities_line(&text, &path->attrs);
	if (text.length)
		view_label(out, "communities", &text);
	if (policy_state_rpki(path->rpki) != RPKI_NOT_CHECKED) {
		buf_str(&text, rpki_state_name(policy_state_rpki(path->rpki)));
		view_label(out, "RPKI", &text);
	}
	buf_fini(&text);
	reasons_text(out, x, path);
}

static void
way_text(struct telling *t, const uint64_t *heard)
{
	const struct rib_path_view *path = &t->way->path;
	const struct hub_member *member = view_member_of_slot(t->x, path->slot);
	char age[VIEW_AGE_TEXT];
	buf_printf(t->out, "%c AS%" PRIu32 " %s  %s%s%s, %s\n",
		   path->best      ? '*'
		   : path->refused ? 'x'
				   : ' ',
		   member ? member->asn.number : 0, member ? member->name : "?",
		   path->best      ? "best"
		   : path->refused ? "refused"
				   : "accepted",
		   path->reasons && !path->refused ? ", tagged" : "", path->stale ? ", stale" : "",
		   view_age(age, exchange_now(t->x).s - (int64_t)path->since_s));
	path_text(t->out, t->x, path);
	size_t before = t->out->length;
	each_group(t->x, t->way, heard, t->room, group_text, t);
	if (!path->refused && t->out->length == before)
		buf_str(t->out, "    heard by    nobody\n");
}

/* --- the question --- */

int
view_route_find(const struct exchange *x, const char *query, struct prefix *found, bool *exact,
		struct view_complaint *complaint)
{
	struct ip ip;
	struct prefix asked;
	bool is_address = ip_parse(&ip, query) == 0;
	if (is_address)
		asked = prefix_of(ip, 128);
	else if (prefix_parse(&asked, query) < 0)
		return view_complain(complaint, 400, "%.60s is neither a prefix nor an address",
				     query);
	const struct rib *rib = exchange_rib(x, (enum ip_family)asked.ip.family);
	struct rib_path_view path;
	*exact = !is_address && rib_paths(rib, asked, &path, 1) > 0;
	*found = asked;
	if (*exact || rib_covering(rib, asked, true, found) ||
	    rib_covering(rib, asked, false, found))
		return 0;
	return view_complain(complaint, 404,
			     "no route for %.60s: nobody announces it, nor a prefix around it",
			     query);
}

/* Who is sent every path that it may have (RFC 7911), of those that hear the family. */
static void
find_takers_of_all(const struct exchange *x, enum ip_family family, uint64_t *out)
{
	for (unsigned slot = 0; slot < exchange_slots(x); slot++) {
		if (!view_slot_hears(x, slot, family))
			continue;
		const struct session_agreed *agreed = session_agreed(exchange_session(x, slot));
		if (family == IP_V4 ? agreed->add_path_out_ipv4 : agreed->add_path_out_ipv6)
			out[slot / 64] |= UINT64_C(1) << slot % 64;
	}
}

/* Who goes by the corridor's plan hears what that says, wherever the way stands. */
static void
hear_by_plan(const struct exchange *x, const struct view_way *way, uint64_t *heard)
{
	for (unsigned slot = 0; slot < exchange_slots(x); slot++) {
		uint64_t bit = UINT64_C(1) << slot % 64;
		if (!exchange_steer_row(x, slot))
			continue;
		heard[slot / 64] &= ~bit;
		heard[slot / 64] |= view_way_goes_to(x, way, slot) ? bit : 0;
	}
}

/* `waiting` begins as all slots: those that have not heard a path yet. */
static void
all_ways(struct telling *t, const struct view_way *ways, size_t count, struct hearing *hearing)
{
	size_t words = policy_words(exchange_policy(t->x));
	for (size_t i = 0; i < count; i++) {
		t->way = &ways[i];
		for (size_t k = 0; k < words; k++) {
			hearing->heard[k] =
				ways[i].may[k] & (hearing->waiting[k] | hearing->all[k]);
			hearing->waiting[k] &= ~ways[i].may[k];
		}
		hear_by_plan(t->x, t->way, hearing->heard);
		if (t->json)
			way_json(t, hearing->heard);
		else
			way_text(t, hearing->heard);
	}
}

static bool
make_hearing(struct hearing *out, struct arena *arena, const struct exchange *x,
	     enum ip_family family)
{
	size_t octets = policy_words(exchange_policy(x)) * sizeof(uint64_t);
	uint64_t **sets[] = {&out->heard, &out->waiting, &out->all, &out->room};
	for (size_t i = 0; i < 4; i++)
		if (!(*sets[i] = arena_take(arena, octets)))
			return false;
	memset(out->waiting, 0xff, octets);
	find_takers_of_all(x, family, out->all);
	return true;
}

int
view_route(struct buf *out, struct exchange *x, enum view_form form, const char *query,
	   struct view_complaint *complaint)
{
	struct prefix prefix;
	bool exact;
	char text[PREFIX_TEXT];
	if (form == VIEW_CSV)
		return view_complain(complaint, 400,
				     "this has no CSV; it has text, and JSON with -j");
	if (view_route_find(x, query, &prefix, &exact, complaint) < 0)
		return -1;
	struct arena *arena = arena_new();
	struct hearing hearing;
	size_t count = 0, total = 0;
	struct view_way *ways =
		arena && make_hearing(&hearing, arena, x, (enum ip_family)prefix.ip.family)
			? view_ways_of(arena, x, prefix, &count, &total)
			: NULL;
	struct json j = json_to(out);
	struct telling t = {x, NULL, form == VIEW_JSON ? &j : NULL, out, NULL};
	if (!ways) {
		arena_free(arena);
		return view_complain(complaint, 500, "out of memory");
	}
	prefix_format(text, prefix);
	if (t.json) {
		json_object(&j, NULL);
		json_str(&j, "query", query);
		json_str(&j, "prefix", text);
		json_bool(&j, "exact", exact);
		json_array(&j, "routes");
	} else {
		buf_printf(out, "%s%s%s: %zu path%s\n", text,
			   exact ? "" : ", the longest match of ", exact ? "" : query, total,
			   total == 1 ? "" : "s");
	}
	t.room = hearing.room;
	all_ways(&t, ways, count, &hearing);
	if (t.json) {
		json_array_end(&j);
		json_u64(&j, "total", total);
		json_bool(&j, "truncated", total > count);
		json_object_end(&j);
		buf_str(out, "\n");
	}
	arena_free(arena);
	return 0;
}
