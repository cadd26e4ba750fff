/* Why a route is where it is, or is not: every check on the way in, the choice among the paths, and for a member at the
 * other end the decision on the way out and what is sent, in the order in which the exchange goes. The same for a
 * world that is supposed (view_exchange_question.h), and what would be different in it for whom.
 *
 * As text, what is in order is a line, so that what is not stands out; as JSON, every step is there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_explain.h"
#include "view/view_text.h"

/* --- the way in --- */

static const char *
fit_words(enum rpki_fit fit)
{
	switch (fit) {
	case RPKI_FITS:
		return "fits";
	case RPKI_FITS_NOT_AS:
		return "is for another origin";
	case RPKI_FITS_LONG:
		return "has this origin, and not this length";
	case RPKI_FITS_FILTERED:
		return "is taken out by SLURM";
	}
	return "";
}

/* How each VRP that covers the prefix stands to the route. */
static void
tell_cover(void *context, const struct rpki_cover *cover)
{
	struct view_explain *sink = context;
	char text[PREFIX_TEXT];
	struct buf words = {0};
	if (sink->json) {
		json_object(sink->json, NULL);
		json_prefix(sink->json, "prefix", cover->vrp.prefix);
		json_u64(sink->json, "max_length", cover->vrp.max_length);
		json_u64(sink->json, "asn", cover->vrp.asn.number);
		json_bool(sink->json, "fits", cover->fit == RPKI_FITS);
		json_str(sink->json, "fit", fit_words(cover->fit));
		json_bool(sink->json, "asserted", cover->asserted);
		json_object_end(sink->json);
		return;
	}
	buf_printf(&words, "%s-%u of AS%" PRIu32 " %s%s", prefix_format(text, cover->vrp.prefix),
		   cover->vrp.max_length, cover->vrp.asn.number, fit_words(cover->fit),
		   cover->asserted ? " (put in by SLURM)" : "");
	view_explain_below(sink->out, "ROA", view_explain_text(&words));
	buf_fini(&words);
}

static void
tell_covers(struct view_explain *sink)
{
	const struct rpki_table *table = exchange_sources(sink->x)->rpki;
	if (table)
		rpki_each_covering(table, &sink->way->path.prefix, sink->way->path.attrs.origin_as,
				   tell_cover, sink);
}

/* Sources are worth a line of their own in a terminal, too: which AS-SET, which VRPs, which hops. */
static void
tell_in(void *context, const struct policy_line *line)
{
	struct view_explain *sink = context;
	static const struct {
		const char *check;
		bool rpki;
	} sources[] = {{"origin registered", false},
		       {"prefix registered", false},
		       {"RPKI origin", true},
		       {"ASPA", true}};
	bool worth = false;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]) && !worth; i++) {
		if (strcmp(line->check, sources[i].check) != 0)
			continue;
		/* Who supposes a ROA wants to see what it says, even where nothing comes of it. */
		size_t asked = sources[i].rpki ? sink->q->vrp_count : sink->q->route_count;
		worth = line->outcome == POLICY_PASSED ||
			(line->outcome == POLICY_NOT_APPLIED && sink->supposed && asked);
	}
	if (!sink->json && worth && line->found[0])
		view_explain_plain(sink, line->outcome == POLICY_PASSED ? "ok" : "-", line);
	else if (!sink->json && strcmp(line->check, "import") == 0)
		return; /* said below, with its reasons */
	else
		view_explain_tell(sink, line);
	bool objected = line->outcome == POLICY_FAILED || line->outcome == POLICY_TAGGED;
	if (!sink->json && objected && strcmp(line->check, "RPKI origin") == 0)
		tell_covers(sink);
}

static void
explain_in(struct view_explain *sink)
{
	const struct view_way *way = sink->way;
	struct policy_what_if what_if;
	struct policy_answer answer = {0};
	bool any =
		sink->supposed && view_question_what_if(&what_if, sink->q, sink->x, way->session);
	struct policy_question question = {
		.session = way->session,
		.prefix = &way->path.prefix,
		.attrs = &way->path.attrs,
		.further = way->path.reasons & POLICY_OF_OTHERS,
		.what_if = any ? &what_if : NULL,
	};
	sink->part = "in";
	if (!policy_explain_in(exchange_policy_to_ask(sink->x), &question, tell_in, sink, &answer))
		sink->out->failed = true;
	view_explain_summary(sink);
	struct buf words = {0};
	buf_str(&words, way->path.refused   ? "refused: "
			: way->path.reasons ? "accepted, and tagged with its reasons: "
					    : "accepted");
	view_reasons_line(&words, way->path.reasons);
	view_explain_say_buf(sink, POLICY_SAID, "verdict", &words);
}

/* --- the choice --- */

static void
name_of(struct buf *out, const struct exchange *x, const struct view_way *way)
{
	const struct hub_member *member = view_member_of_slot(x, way->path.slot);
	buf_printf(out, "AS%" PRIu32 " %s", member ? member->asn.number : 0,
		   member ? member->name : "?");
}

static void
neighbour_in_order(struct view_explain *sink, const char *what, const struct view_way *other,
		   const struct view_way *first, const struct view_way *second)
{
	struct buf words = {0};
	buf_str(&words, "the path of ");
	name_of(&words, sink->x, other);
	buf_str(&words, ": ");
	view_way_before(&words, sink->x, first, second);
	view_explain_say_buf(sink, POLICY_SAID, what, &words);
}

static void
explain_choice(struct view_explain *sink)
{
	const struct view_way *ways = sink->all.ways;
	size_t count = sink->all.count, at = sink->at;
	struct buf words = {0};
	size_t accepted = 0;
	for (size_t i = 0; i < count; i++)
		accepted += !ways[i].path.refused;
	sink->part = "choice";
	buf_printf(&words, "number %zu of %zu accepted path%s", at + 1, accepted,
		   accepted == 1 ? "" : "s");
	view_explain_say_buf(sink, POLICY_SAID, "place", &words);
	if (at > 0)
		neighbour_in_order(sink, "behind", &ways[at - 1], &ways[at - 1], &ways[at]);
	if (at + 1 < accepted)
		neighbour_in_order(sink, "before", &ways[at + 1], &ways[at], &ways[at + 1]);
}

/* --- the way out --- */

static void
add_word(struct buf *to, bool condition, const char *word)
{
	if (condition)
		buf_printf(to, "%s%s", to->length ? ", " : "", word);
}

static void
say_session(struct view_explain *sink, uint32_t receiver, unsigned slot, enum ip_family family)
{
	const struct session *session = exchange_session(sink->x, slot);
	const struct session_agreed *agreed = session_agreed(session);
	struct buf words = {0};
	bool up = view_slot_hears(sink->x, slot, family), v4 = family == IP_V4;
	buf_printf(&words, "%s: %s", exchange_hub(sink->x)->sessions[receiver].id,
		   session_state_name(session_state(session)));
	if (view_slot_is_up(sink->x, slot)) {
		if (!up)
			buf_printf(&words, ", without IPv%d", family);
		add_word(&words, agreed->extended_messages, "extended messages (RFC 8654)");
		add_word(&words, agreed->extended_next_hop, "IPv4 by IPv6 next hops (RFC 8950)");
		add_word(&words, v4 ? agreed->add_path_out_ipv4 : agreed->add_path_out_ipv6,
			 "path identifiers (RFC 7911)");
		add_word(&words, !agreed->as4, "2-octet AS numbers only");
	}
	view_explain_say_buf(sink, up ? POLICY_PASSED : POLICY_FAILED, "session of the receiver",
			     &words);
}

static void
say_sent(struct view_explain *sink, unsigned slot)
{
	struct buf scratch = {0}, words = {0};
	struct bgp_attrs sent;
	if (!view_ways_sent(&sink->all, sink->at, slot, &sent, &scratch)) {
		sink->out->failed = true;
	} else {
		view_way_changes(&words, &sink->way->path.attrs, &sent);
		if (!words.length)
			buf_str(&words, "as it came");
		view_explain_say(sink, POLICY_SAID, "sent", view_explain_text(&words));
	}
	buf_fini(&words);
	buf_fini(&scratch);
}

/* What the receiver hears of the ways. */
struct hearing {
	int first;    /* one that it hears; -1: none */
	bool this;    /* the one that is asked about */
	bool by_plan; /* the corridor's plan says which, not the order of ways */
};

static struct hearing
hearing_of(const struct view_explain *sink, unsigned slot)
{
	enum ip_family family = (enum ip_family)sink->way->path.prefix.ip.family;
	const struct session_agreed *agreed = session_agreed(exchange_session(sink->x, slot));
	bool all = view_slot_hears(sink->x, slot, family) &&
		   (family == IP_V4 ? agreed->add_path_out_ipv4 : agreed->add_path_out_ipv6);
	struct hearing h = {.first = view_ways_first(&sink->all, slot),
			    .by_plan = view_slot_is_steered(&sink->all, slot)};
	h.this = h.first == (int)sink->at || (all && view_ways_chosen(&sink->all, sink->at, slot));
	return h;
}

static void
say_result(struct view_explain *sink, uint32_t receiver, unsigned slot)
{
	const struct hub *hub = exchange_hub(sink->x);
	const struct hub_member *to = &hub->members[hub->sessions[receiver].member];
	enum ip_family family = (enum ip_family)sink->way->path.prefix.ip.family;
	bool up = view_slot_hears(sink->x, slot, family);
	bool may = view_set_has(sink->way->may, slot);
	struct hearing h = hearing_of(sink, slot);
	struct buf words = {0};
	buf_str(&words, to->name);
	if (h.this) {
		buf_str(&words, up ? " hears this path" : " would hear this path if it were up");
	} else if (h.first >= 0) {
		buf_str(&words, up ? " hears the path of " : " would hear the path of ");
		name_of(&words, sink->x, &sink->all.ways[h.first]);
		if (may && !h.by_plan)
			buf_str(&words, ", which stands before this one");
	} else {
		buf_str(&words, " hears no path of this prefix");
	}
	if (h.by_plan && may)
		buf_str(&words, ", by the corridor's plan (show steer)");
	view_explain_say_buf(sink, POLICY_SAID, "result", &words);
	if (h.this)
		say_sent(sink, slot);
}

static void
explain_out_to(struct view_explain *sink, uint32_t receiver)
{
	int slot = exchange_slot_of(sink->x, receiver);
	struct policy_what_if what_if;
	struct policy_answer answer;
	bool any = sink->supposed &&
		   view_question_what_if(&what_if, sink->q, sink->x, sink->way->session);
	struct policy_question question = {
		.session = sink->way->session,
		.prefix = &sink->way->path.prefix,
		.attrs = &sink->way->path.attrs,
		.further = sink->way->path.reasons & POLICY_OF_OTHERS,
		.what_if = any ? &what_if : NULL,
	};
	if (slot < 0)
		return;
	enum ip_family family = (enum ip_family)sink->way->path.prefix.ip.family;
	struct policy_able able = {
		.extended_next_hop = session_agreed(exchange_session(sink->x, (unsigned)slot))
					     ->extended_next_hop,
		.size = rib_path_fits(exchange_rib(sink->x, family), sink->way->path.prefix,
				      sink->way->path.sent_id, (unsigned)slot),
	};
	if (view_slot_is_up(sink->x, (unsigned)slot))
		question.able = &able;
	sink->part = "out";
	if (!policy_explain_out(exchange_policy_to_ask(sink->x), &question, receiver,
				view_explain_tell, sink, &answer))
		sink->out->failed = true;
	say_session(sink, receiver, (unsigned)slot, family);
	say_result(sink, receiver, (unsigned)slot);
}

static void
explain_out(struct view_explain *sink)
{
	const struct view_question *q = sink->q;
	const struct hub *hub = exchange_hub(sink->x);
	const struct hub_member *to = &hub->members[q->to];
	bool four = q->prefix.ip.family == IP_V4;
	unsigned told = 0;
	for (uint32_t i = to->first_session; i < to->first_session + to->session_count; i++) {
		if (!(four ? hub->sessions[i].ipv4 : hub->sessions[i].ipv6))
			continue;
		if (!sink->json)
			buf_printf(sink->out, "   to AS%" PRIu32 " %s (%s)\n", to->asn.number,
				   to->name, hub->sessions[i].id);
		explain_out_to(sink, i);
		told++;
	}
	if (!told) {
		sink->part = "out";
		view_explain_say(sink, POLICY_FAILED, "session of the receiver",
				 four ? "it has none for IPv4" : "it has none for IPv6");
	}
}

/* --- one way --- */

static void
way_head_text(struct view_explain *sink)
{
	const struct view_way *way = sink->way;
	struct buf path = {0}, communities = {0};
	char next_hop[IP_TEXT];
	buf_str(sink->out, "\n  from ");
	name_of(sink->out, sink->x, way);
	if (way->session != HUB_NONE)
		buf_printf(sink->out, " (%s)", exchange_hub(sink->x)->sessions[way->session].id);
	buf_str(sink->out, "\n");
	bgp_as_path_text(&path, way->path.attrs.as_path);
	buf_printf(&path, ", next hop %s", ip_format(next_hop, way->path.attrs.next_hop));
	view_explain_marked(sink->out, "path", view_explain_text(&path));
	view_communities_line(&communities, &way->path.attrs);
	if (communities.length)
		view_explain_marked(sink->out, "with", view_explain_text(&communities));
	buf_fini(&path);
	buf_fini(&communities);
}

static void
way_head_json(struct view_explain *sink)
{
	struct json *j = sink->json;
	const struct view_way *way = sink->way;
	const struct hub_member *from = view_member_of_slot(sink->x, way->path.slot);
	struct buf text = {0};
	json_object(j, NULL);
	json_u64(j, "member_asn", from ? from->asn.number : 0);
	json_str(j, "member_name", from ? from->name : NULL);
	json_str(j, "session",
		 way->session == HUB_NONE ? NULL
					  : exchange_hub(sink->x)->sessions[way->session].id);
	json_str(j, "state", way->path.refused ? "filtered" : "accepted");
	json_u64(j, "place", sink->at + 1);
	bgp_as_path_text(&text, way->path.attrs.as_path);
	json_str(j, "as_path", view_explain_text(&text));
	json_ip(j, "next_hop", way->path.attrs.next_hop);
	view_communities_json(j, &way->path.attrs);
	view_reasons_json(j, sink->x, way->session, (enum ip_family)way->path.prefix.ip.family,
			  way->path.reasons);
	json_array(j, "steps");
	buf_fini(&text);
}

static void
explain_way(struct view_explain *sink, size_t at)
{
	sink->at = at;
	sink->way = &sink->all.ways[at];
	if (sink->json)
		way_head_json(sink);
	else
		way_head_text(sink);
	if (sink->way->session == HUB_NONE) {
		sink->part = "in";
		view_explain_say(sink, POLICY_SAID, "session", "it is no longer in the hub file");
	} else {
		explain_in(sink);
		if (!sink->way->path.refused)
			explain_choice(sink);
		if (sink->q->to != HUB_NONE)
			explain_out(sink);
	}
	if (sink->json) {
		json_array_end(sink->json);
		json_array(sink->json, "vrps");
		tell_covers(sink);
		json_array_end(sink->json);
		json_object_end(sink->json);
	}
}

/* The ways that are asked about. */
static size_t
explain_ways(struct view_explain *sink, bool supposed, struct view_ways all)
{
	const struct view_question *q = sink->q;
	size_t told = 0;
	sink->supposed = supposed;
	sink->all = all;
	for (size_t i = 0; i < all.count; i++) {
		const struct hub_member *from = view_member_of_slot(sink->x, all.ways[i].path.slot);
		if (q->from != HUB_NONE && from != &exchange_hub(sink->x)->members[q->from])
			continue;
		explain_way(sink, i);
		told++;
	}
	return told;
}

/* --- together --- */

static void
head(struct view_explain *sink, const struct view_question *q, size_t total)
{
	char text[PREFIX_TEXT];
	struct json *j = sink->json;
	if (!j) {
		buf_printf(sink->out, "%s%s%.60s: %zu path%s\n", prefix_format(text, q->prefix),
			   q->exact ? "" : ", the longest match of ", q->exact ? "" : q->asked,
			   total, total == 1 ? "" : "s");
		return;
	}
	json_object(j, NULL);
	json_str(j, "query", q->asked);
	json_prefix(j, "prefix", q->prefix);
	json_bool(j, "exact", q->exact);
	json_u64(j, "total", total);
}

static void
explain_supposed(struct view_explain *sink, const struct view_question *q,
		 const struct view_worlds *worlds)
{
	struct json *j = sink->json;
	struct buf words = {0}, line = {0};
	view_question_words(&words, q);
	if (j) {
		json_object(j, "supposed");
		json_str(j, "words", view_explain_text(&words));
		json_array(j, "paths");
	} else {
		buf_printf(&line, "If so: %s", view_explain_text(&words));
		buf_str(sink->out, "\n");
		view_wrapped(sink->out, view_explain_text(&line), 0, 7);
	}
	buf_fini(&words);
	buf_fini(&line);
	(void)explain_ways(sink, true, view_worlds_then(worlds));
	if (j)
		json_array_end(j);
	view_explain_changes(sink->out, j, worlds);
	view_explain_exits(sink->out, j, worlds, q->to);
	if (j)
		json_object_end(j);
}

static int
explain_all(struct view_explain *sink, struct arena *arena, const struct view_question *q,
	    struct view_complaint *complaint)
{
	struct view_worlds worlds = {
		.x = sink->x, .family = (enum ip_family)q->prefix.ip.family, .plan = q->plan};
	size_t total = 0;
	worlds.now = view_ways_of(arena, sink->x, q->prefix, &worlds.now_count, &total);
	if (!worlds.now)
		return view_complain(complaint, 500, "out of memory");
	if (q->supposes && view_question_suppose(arena, sink->x, q, &worlds, complaint) < 0)
		return -1;
	head(sink, q, total);
	if (sink->json)
		json_array(sink->json, "paths");
	size_t told = explain_ways(sink, false, view_worlds_now(&worlds));
	if (sink->json)
		json_array_end(sink->json);
	else if (!told)
		buf_printf(sink->out, "\n  %s does not announce it\n",
			   q->from == HUB_NONE ? "anybody"
					       : exchange_hub(sink->x)->members[q->from].name);
	if (q->supposes)
		explain_supposed(sink, q, &worlds);
	else if (sink->json)
		json_null(sink->json, "supposed");
	if (sink->json) {
		json_object_end(sink->json);
		buf_str(sink->out, "\n");
	}
	return 0;
}

int
view_explain(struct buf *out, struct exchange *x, enum view_form form,
	     const struct view_exchange_supposed *asked, struct view_complaint *complaint)
{
	struct view_question q;
	if (form == VIEW_CSV)
		return view_complain(complaint, 400,
				     "this has no CSV; it has text, and JSON with -j");
	if (view_question_read(&q, x, asked, complaint) < 0)
		return -1;
	struct arena *arena = arena_new();
	if (!arena)
		return view_complain(complaint, 500, "out of memory");
	struct json j = json_to(out);
	struct view_explain sink = {
		.out = out, .json = form == VIEW_JSON ? &j : NULL, .x = x, .q = &q};
	int result = explain_all(&sink, arena, &q, complaint);
	arena_free(arena);
	return result;
}
