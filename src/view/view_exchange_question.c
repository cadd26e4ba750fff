/* Reading what `explain` is asked, and making the world that is supposed in it. */
#include "view/view_exchange_question.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/exchange_steer.h"

/* --- words --- */

struct reader {
	struct view_question *q;
	const struct exchange *x;
	const char *const *words;
	size_t count, at;
	struct view_complaint *complaint;
};

static const char *
next_word(struct reader *r)
{
	return r->at < r->count ? r->words[r->at++] : NULL;
}

static bool
next_is(struct reader *r, const char *word)
{
	if (r->at == r->count || strcmp(r->words[r->at], word) != 0)
		return false;
	r->at++;
	return true;
}

static int
read_member(struct reader *r, uint32_t *member)
{
	const char *word = next_word(r);
	if (!word)
		return view_complain(r->complaint, 400, "expected a member after \"%s\"",
				     r->words[r->at - 1]);
	return view_find_member(r->x, word, member, r->complaint);
}

static int
read_asn(struct reader *r, struct asn *asn, const char *what)
{
	const char *word = next_word(r);
	if (!word || asn_parse(asn, word) < 0)
		return view_complain(r->complaint, 400, "expected an AS number as %s, found %.60s",
				     what, word ? word : "nothing");
	return 0;
}

static int
read_path(struct reader *r)
{
	struct asn asn;
	struct view_question *q = r->q;
	while (r->at < r->count && asn_parse(&asn, r->words[r->at]) == 0) {
		if (q->path_count == VIEW_PATH_MAX)
			return view_complain(r->complaint, 400, "a path of more than %d hops",
					     VIEW_PATH_MAX);
		q->path[q->path_count++] = asn.number;
		r->at++;
	}
	if (!q->path_count)
		return view_complain(r->complaint, 400, "expected AS numbers after \"path\"");
	q->announced = q->supposes = true;
	return 0;
}

static int
read_community(struct reader *r, struct view_community *list, size_t *count)
{
	const char *word = next_word(r);
	if (!word)
		return view_complain(r->complaint, 400, "expected a community");
	if (*count == VIEW_SUPPOSED_MAX)
		return view_complain(r->complaint, 400, "more than %d communities",
				     VIEW_SUPPOSED_MAX);
	r->q->supposes = true;
	return view_community_read(&list[(*count)++], word, r->complaint);
}

/* "192.0.2.0/24-25 64501" */
static int
read_roa(struct reader *r)
{
	struct view_question *q = r->q;
	const char *word = next_word(r);
	char text[PREFIX_TEXT];
	struct rpki_vrp vrp;
	const char *dash = word ? strchr(word, '-') : NULL;
	size_t length = !word ? 0 : dash ? (size_t)(dash - word) : strlen(word);
	(void)snprintf(text, sizeof(text), "%.*s", (int)length, word ? word : "");
	if (length >= sizeof(text) || prefix_parse(&vrp.prefix, text) < 0)
		return view_complain(r->complaint, 400,
				     "expected a ROA as 192.0.2.0/24-25 64501, found %.60s",
				     word ? word : "nothing");
	char *end = NULL;
	unsigned long most = dash ? strtoul(dash + 1, &end, 10) : vrp.prefix.length;
	if ((dash && (*end || end == dash + 1)) || most < vrp.prefix.length ||
	    most > ip_bits((enum ip_family)vrp.prefix.ip.family))
		return view_complain(r->complaint, 400, "%.60s: the longest length cannot be",
				     word);
	vrp.max_length = (uint8_t)most;
	if (read_asn(r, &vrp.asn, "the origin of the ROA") < 0)
		return -1;
	if (q->vrp_count == VIEW_SUPPOSED_MAX)
		return view_complain(r->complaint, 400, "more than %d ROAs", VIEW_SUPPOSED_MAX);
	q->vrps[q->vrp_count++] = vrp;
	q->supposes = true;
	return 0;
}

static int
read_route_object(struct reader *r)
{
	struct view_question *q = r->q;
	struct asn origin;
	if (read_asn(r, &origin, "the origin of the route object") < 0)
		return -1;
	if (q->route_count == VIEW_SUPPOSED_MAX)
		return view_complain(r->complaint, 400, "more than %d route objects",
				     VIEW_SUPPOSED_MAX);
	q->routes[q->route_count++].origin = origin; /* the prefix is known at the end */
	q->supposes = true;
	return 0;
}

static bool
is_order(const char *word)
{
	return strcmp(word, "cut") == 0 || strcmp(word, "drain") == 0 ||
	       strcmp(word, "restore") == 0;
}

bool
view_explain_order(const char *const *words, size_t count, const char **order, const char **names)
{
	for (size_t i = 0; i + 2 < count; i++) {
		if (strcmp(words[i], "if") != 0 || !is_order(words[i + 1]))
			continue;
		*order = words[i + 1];
		*names = words[i + 2];
		return true;
	}
	return false;
}

/* What the names mean is the corridor's to know, and was asked of it. */
static int
read_order(struct reader *r)
{
	struct view_question *q = r->q;
	const char *order = next_word(r), *names = next_word(r);
	if (!names)
		return view_complain(r->complaint, 400,
				     "expected a segment, cable, risk, country, "
				     "operator or site after \"%s\"",
				     order);
	if (q->order)
		return view_complain(r->complaint, 400,
				     "one order is supposed at a time, of several "
				     "names with commas between");
	q->order = order;
	q->names = names;
	q->supposes = true;
	return 0;
}

static int
read_if(struct reader *r)
{
	struct view_question *q = r->q;
	if (r->at < r->count && is_order(r->words[r->at]))
		return read_order(r);
	if (next_is(r, "roa"))
		return read_roa(r);
	if (next_is(r, "route"))
		return read_route_object(r);
	if (next_is(r, "community"))
		return read_community(r, q->with, &q->with_count);
	if (next_is(r, "without")) {
		(void)next_is(r, "community");
		return read_community(r, q->without, &q->without_count);
	}
	if (next_is(r, "withdrawn")) {
		q->withdrawn = q->supposes = true;
		return 0;
	}
	bool more = r->at < r->count;
	return view_complain(r->complaint, 400,
			     "%s%.40s%s after if, expected roa PREFIX[-MAX] ASN, route ASN, "
			     "community C, without community C, withdrawn, or cut, drain or "
			     "restore NAMES",
			     more ? "found \"" : "nothing", more ? r->words[r->at] : "",
			     more ? "\"" : "");
}

static int
read_words(struct reader *r)
{
	struct view_question *q = r->q;
	while (r->at < r->count) {
		int result;
		if (next_is(r, "from"))
			result = read_member(r, &q->from);
		else if (next_is(r, "to"))
			result = read_member(r, &q->to);
		else if (next_is(r, "path"))
			result = read_path(r);
		else if (next_is(r, "community"))
			result = read_community(r, q->with, &q->with_count);
		else if (next_is(r, "if"))
			result = read_if(r);
		else
			result = view_complain(r->complaint, 400,
					       "found \"%.60s\", expected from, to, path, "
					       "community or if",
					       r->words[r->at]);
		if (result < 0)
			return -1;
	}
	return 0;
}

/* --- sense --- */

static int
find_prefix(struct view_question *q, const struct exchange *x, bool is_address,
	    struct view_complaint *complaint)
{
	const struct rib *rib = exchange_rib(x, (enum ip_family)q->prefix.ip.family);
	struct rib_path_view one;
	q->exact = true;
	if ((!is_address && rib_paths(rib, q->prefix, &one, 1) > 0) || q->announced)
		return 0;
	q->exact = false;
	if (rib_covering(rib, q->prefix, true, &q->prefix) ||
	    rib_covering(rib, q->prefix, false, &q->prefix))
		return 0;
	return view_complain(
		complaint, 404,
		"no member announces %.60s, nor a prefix that covers it; \"from M path "
		"ASN...\" asks what would happen if one did",
		q->asked);
}

static int
check(struct view_question *q, const struct exchange *x, bool is_address,
      struct view_complaint *complaint)
{
	bool about_one =
		q->announced || q->withdrawn || q->with_count || q->without_count || q->route_count;
	if (about_one && q->from == HUB_NONE)
		return view_complain(complaint, 400, "say whose route is meant: from MEMBER");
	if (q->announced && is_address)
		return view_complain(complaint, 400, "a prefix is announced, not an address");
	enum exchange_steer_state state = exchange_steering_of(x).state;
	if (q->order && state != EXCHANGE_STEER_BY_PLAN && state != EXCHANGE_STEER_HELD)
		return view_complain(
			complaint, 409,
			"routes go by no plan of the corridor now (%s), so no order moves them",
			exchange_steer_state_name(state));
	if (q->order && !q->plan)
		return view_complain(complaint, 503, "the corridor was not asked");
	if (q->announced && q->withdrawn)
		return view_complain(complaint, 400, "it cannot be announced and withdrawn");
	if (find_prefix(q, x, is_address, complaint) < 0)
		return -1;
	for (size_t i = 0; i < q->route_count; i++)
		q->routes[i].prefix = q->prefix;
	return 0;
}

int
view_question_read(struct view_question *out, const struct exchange *x,
		   const struct view_exchange_supposed *asked, struct view_complaint *complaint)
{
	struct ip ip;
	const char *const *words = asked->words + 1;
	size_t count = asked->count - 1;
	*out = (struct view_question){.from = HUB_NONE, .to = HUB_NONE, .plan = asked->plan};
	if (!count)
		return view_complain(complaint, 400,
				     "expected: explain PREFIX [from MEMBER] [to MEMBER]");
	out->asked = words[0];
	bool is_address = ip_parse(&ip, words[0]) == 0;
	if (is_address)
		out->prefix = prefix_of(ip, 128);
	else if (prefix_parse(&out->prefix, words[0]) < 0)
		return view_complain(complaint, 400, "%.60s is neither a prefix nor an address",
				     words[0]);
	struct reader r = {out, x, words, count, 1, complaint};
	if (read_words(&r) < 0)
		return -1;
	return check(out, x, is_address, complaint);
}

/* --- the world that is supposed --- */

bool
view_question_what_if(struct policy_what_if *out, const struct view_question *q,
		      const struct exchange *x, uint32_t session)
{
	const struct hub *hub = exchange_hub(x);
	*out = (struct policy_what_if){.vrps = q->vrps, .vrp_count = q->vrp_count};
	if (session != HUB_NONE && hub->sessions[session].member == q->from) {
		out->routes = q->routes;
		out->route_count = q->route_count;
	}
	return out->vrp_count || out->route_count;
}

/* Takes communities out of a list and puts others in. False if there is no memory. */
static bool
change_list(struct arena *arena, const struct view_question *q, struct cursor *changed, int form)
{
	struct cursor list = *changed;
	size_t most = cursor_left(&list) + VIEW_SUPPOSED_MAX * 12u, length = 0;
	uint8_t *octets = arena_take(arena, most);
	struct view_community one;
	if (!octets)
		return false;
	while (view_community_next(&one, &list, form)) {
		bool out = false;
		for (size_t i = 0; i < q->without_count; i++)
			out |= (int)q->without[i].form == form &&
			       memcmp(q->without[i].octets, one.octets, one.length) == 0;
		if (out)
			continue;
		memcpy(octets + length, one.octets, one.length);
		length += one.length;
	}
	for (size_t i = 0; i < q->with_count; i++) {
		if ((int)q->with[i].form != form)
			continue;
		memcpy(octets + length, q->with[i].octets, q->with[i].length);
		length += q->with[i].length;
	}
	*changed = cursor_of(octets, length);
	return true;
}

static bool
change_path(struct arena *arena, const struct view_question *q, struct bgp_attrs *attrs)
{
	struct bgp_path_facts facts;
	size_t length = 2 + 4 * q->path_count;
	uint8_t *octets = arena_take(arena, length);
	if (!octets)
		return false;
	octets[0] = BGP_AS_SEQUENCE;
	octets[1] = (uint8_t)q->path_count;
	for (size_t i = 0; i < q->path_count; i++)
		for (unsigned b = 0; b < 4; b++)
			octets[2 + 4 * i + b] = (uint8_t)(q->path[i] >> (24 - 8 * b));
	attrs->as_path = cursor_of(octets, length);
	attrs->as_hops = (uint16_t)q->path_count;
	attrs->first_as.number = q->path[0];
	attrs->origin_as.number = q->path[q->path_count - 1];
	attrs->has_as_set = false;
	if (bgp_as_path_read(&facts, attrs->as_path, 4) == BGP_REASON_NONE)
		attrs->as_hops = facts.hops;
	return true;
}

static bool
change(struct arena *arena, const struct view_question *q, struct bgp_attrs *attrs)
{
	return (!q->path_count || change_path(arena, q, attrs)) &&
	       change_list(arena, q, &attrs->communities, VIEW_STANDARD) &&
	       change_list(arena, q, &attrs->ext_communities, VIEW_EXTENDED) &&
	       change_list(arena, q, &attrs->large_communities, VIEW_LARGE);
}

/* The session over which the member would announce such a prefix, and its address there. HUB_NONE: none. */
static uint32_t
session_for(const struct exchange *x, uint32_t member, enum ip_family family, struct ip *next_hop)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *m = &hub->members[member];
	for (uint32_t i = m->first_session; i < m->first_session + m->session_count; i++) {
		const struct hub_session *session = &hub->sessions[i];
		const struct hub_port *port = &hub->ports[session->port];
		if (!(family == IP_V4 ? session->ipv4 : session->ipv6) ||
		    exchange_slot_of(x, i) < 0)
			continue;
		*next_hop = family == IP_V4 && port->ipv4.family ? port->ipv4 : port->ipv6;
		return i;
	}
	return HUB_NONE;
}

/* For questions of which only the answer counts. */
static void
unheard(void *context, const struct policy_line *line)
{
	(void)context;
	(void)line;
}

/* Judges a way by what is supposed. */
static bool
judge(struct arena *arena, struct exchange *x, const struct view_question *q, struct view_way *way)
{
	struct policy_what_if what_if;
	struct policy_answer answer;
	if (way->session == HUB_NONE)
		return true;
	bool any = view_question_what_if(&what_if, q, x, way->session);
	struct policy_question question = {
		.session = way->session,
		.prefix = &way->path.prefix,
		.attrs = &way->path.attrs,
		.further = way->path.reasons & POLICY_OF_OTHERS,
		.what_if = any ? &what_if : NULL,
	};
	if (!policy_explain_in(exchange_policy_to_ask(x), &question, unheard, NULL, &answer))
		return false;
	way->path.reasons = answer.reasons;
	way->path.refused = answer.refused;
	return view_way_judge(arena, x, way);
}

/* A way that nobody announces yet. */
static int
new_way(struct view_way *out, const struct exchange *x, const struct view_question *q,
	struct view_complaint *complaint)
{
	enum ip_family family = (enum ip_family)q->prefix.ip.family;
	struct ip next_hop;
	uint32_t session = session_for(x, q->from, family, &next_hop);
	if (session == HUB_NONE)
		return view_complain(complaint, 404, "%.60s has no session for IPv%d",
				     exchange_hub(x)->members[q->from].name, family);
	*out = (struct view_way){.session = session};
	out->path.prefix = q->prefix;
	out->path.slot = (unsigned)exchange_slot_of(x, session);
	out->path.since_s = (uint32_t)exchange_now(x).s;
	out->path.attrs.next_hop = next_hop;
	return 0;
}

static bool
is_from(const struct exchange *x, const struct view_question *q, const struct view_way *way)
{
	return q->from != HUB_NONE && way->session != HUB_NONE &&
	       exchange_hub(x)->sessions[way->session].member == q->from;
}

/* The ways that stay, changed where they are the member's; *found: it has some. False if there is no memory. */
static bool
take_over(struct arena *arena, const struct view_question *q, struct view_worlds *worlds,
	  struct view_way *ways, bool *found)
{
	*found = false;
	for (size_t i = 0; i < worlds->now_count; i++) {
		bool own = is_from(worlds->x, q, &worlds->now[i]);
		*found |= own;
		if (own && q->withdrawn)
			continue;
		struct view_way *way = &ways[worlds->then_count++];
		*way = worlds->now[i];
		if (own && !change(arena, q, &way->path.attrs))
			return false;
	}
	return true;
}

int
view_question_suppose(struct arena *arena, struct exchange *x, const struct view_question *q,
		      struct view_worlds *worlds, struct view_complaint *complaint)
{
	struct view_way *ways = arena_take(arena, (worlds->now_count + 1) * sizeof(*ways));
	bool found, good;
	worlds->then_count = 0;
	if (!ways || !take_over(arena, q, worlds, ways, &found))
		return view_complain(complaint, 500, "out of memory");
	if (!found && !q->announced && q->from != HUB_NONE && !q->vrp_count)
		return view_complain(complaint, 404,
				     "%.60s does not announce it; \"path ASN...\" asks what would "
				     "happen if it did",
				     exchange_hub(x)->members[q->from].name);
	good = true;
	if (q->announced && !found) {
		struct view_way *way = &ways[worlds->then_count++];
		if (new_way(way, x, q, complaint) < 0)
			return -1;
		good = change(arena, q, &way->path.attrs);
	}
	for (size_t i = 0; good && i < worlds->then_count; i++)
		good = judge(arena, x, q, &ways[i]);
	if (!good)
		return view_complain(complaint, 500, "out of memory");
	view_ways_sort(x, ways, worlds->then_count);
	for (size_t i = 0; i < worlds->then_count; i++)
		ways[i].path.best = i == 0 && !ways[i].path.refused;
	worlds->then = ways;
	return 0;
}

/* --- in words --- */

static void
add(struct buf *out, const char *text)
{
	buf_printf(out, "%s%s", out->length ? ", " : "", text);
}

void
view_question_words(struct buf *out, const struct view_question *q)
{
	char text[PREFIX_TEXT], community[VIEW_COMMUNITY_TEXT], line[160];
	if (q->order)
		add(out, q->plan->why);
	if (q->withdrawn)
		add(out, "it is withdrawn");
	if (q->announced) {
		add(out, "it is announced with path");
		for (size_t i = 0; i < q->path_count; i++)
			buf_printf(out, " %" PRIu32, q->path[i]);
	}
	for (size_t i = 0; i < q->with_count; i++) {
		add(out, "community ");
		buf_str(out, view_community_text(community, &q->with[i]));
	}
	for (size_t i = 0; i < q->without_count; i++) {
		add(out, "without community ");
		buf_str(out, view_community_text(community, &q->without[i]));
	}
	for (size_t i = 0; i < q->vrp_count; i++) {
		(void)snprintf(line, sizeof(line), "a ROA %s-%u of AS%" PRIu32,
			       prefix_format(text, q->vrps[i].prefix), q->vrps[i].max_length,
			       q->vrps[i].asn.number);
		add(out, line);
	}
	for (size_t i = 0; i < q->route_count; i++) {
		(void)snprintf(line, sizeof(line), "a route object %s of AS%" PRIu32,
			       prefix_format(text, q->prefix), q->routes[i].origin.number);
		add(out, line);
	}
}
