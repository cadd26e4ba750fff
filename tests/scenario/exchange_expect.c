/* Lines that expect something of members and routes.
 *
 *	M holds P [ROUTE]             what it heard last of P; with any field of a route, then also nothing besides
 *	M holds nothing [for P] | M holds N routes | M holds N paths of P
 *	M holds rule [ipv6] OCTETS [ROUTE] | M holds no rule [[ipv6] OCTETS]        about traffic
 *	M lacks P ROUTE               no path of P that looks so
 *	M holds what M2 holds [but P ...]
 *	M gets WHAT [at 90s | between 60s and 90s]        the next note of that kind: connection, open as AS hold N,
 *	     keepalive, update, end-of-rib ipv4, refresh ipv4, notification 6.2 [text], close, call (the hub wants to
 *	     connect), refusal (its connection was not taken), loss P (with ADD-PATH: no path of it is left)
 *	M gets no KIND                no further note of that kind
 *	M hears N updates | M hears N prefixes            so many in all, since its session came up
 *	M is STATE                    the hub's view: established, active, idle, connect, opensent, disabled ..., unknown
 *	M went down: TEXT             why, in the hub's words
 *	M counts N accepted N refused
 *	M is behind | M is in front   reads the table or the log
 *	P from M is accepted | is unknown | is refused: REASON; REASON | is mended by: WORDS; WORDS
 *	show "WORDS" says "TEXT" | lacks "TEXT"           what the view answers, as text; show json for JSON
 *	log under N | memory under N  octets that the hub keeps
 *	all hold what the hub says    every member's routes are those that the table has for it, no more, no fewer
 *	all hold what they should     those that a second, plain route server has for it (reference.h) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "exchange/rib/rib.h"
#include "scenario/exchange_steps.h"
#include "scenario/reference.h"
#include "scenario/transit.h"
#include "view/view_exchange.h"

static const enum ip_family families[] = {IP_V4, IP_V6};

static int
slot_of(const struct scenario *s, const struct member *m)
{
	uint32_t index = hub_session_by_id(s->hub, m->id);
	return index == HUB_NONE || !s->exchange ? -1 : exchange_slot_of(s->exchange, index);
}

/* --- what it holds --- */

static void
expect_route(struct scenario *s, struct member *m)
{
	struct prefix prefix;
	prefix_parse(&prefix, line_take(&s->line));
	const char *wanted = line_rest(&s->line, s->arena);
	const struct member_route *first = member_find(&m->holds, prefix), *held = first;
	while (held && !route_matches(held->words, wanted))
		held = member_next(held);
	scenario_expect(s, held, "%s", first ? first->words : "nothing");
}

static void
expect_lack(struct scenario *s, struct member *m)
{
	struct prefix prefix;
	const char *word = line_take(&s->line);
	if (!word || prefix_parse(&prefix, word) < 0) {
		scenario_broken(s, "M lacks P ROUTE");
		return;
	}
	const char *wanted = line_rest(&s->line, s->arena);
	const struct member_route *held = member_find(&m->holds, prefix);
	while (held && !route_matches(held->words, wanted))
		held = member_next(held);
	scenario_expect(s, !held, "%s", held ? held->words : "");
}

static bool
expect_paths(struct scenario *s, struct member *m, uint64_t number)
{
	struct prefix prefix;
	const char *word = line_take(&s->line);
	uint64_t count = 0;
	if (!word || prefix_parse(&prefix, word) < 0)
		return scenario_broken(s, "M holds N paths of P");
	for (const struct member_route *held = member_find(&m->holds, prefix); held;
	     held = member_next(held))
		count++;
	scenario_expect(s, count == number, "%zu", (size_t)count);
	return true;
}

static void
expect_nothing(struct scenario *s, struct member *m)
{
	struct prefix prefix;
	const char *word = line_is(&s->line, "for") ? line_take(&s->line) : NULL;
	if (word && prefix_parse(&prefix, word) == 0) {
		const struct member_route *held = member_find(&m->holds, prefix);
		scenario_expect(s, !held, "%s", held ? held->words : "");
	} else {
		scenario_expect(s, !m->holds.count, "%zu routes", m->holds.count);
	}
}

static bool
is_among(const struct prefix *list, size_t count, struct prefix prefix)
{
	for (size_t i = 0; i < count; i++)
		if (prefix_equal(list[i], prefix))
			return true;
	return false;
}

/* The first route of `a` that `b` holds otherwise, but for those listed. */
static const struct member_route *
difference(const struct member_table *a, const struct member_table *b, const struct prefix *but,
	   size_t count)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++) {
		for (const struct member_route *r = a->buckets[i]; r; r = r->next) {
			const struct member_route *other = member_find(b, r->prefix);
			if (is_among(but, count, r->prefix) ||
			    (other && !strcmp(other->words, r->words)))
				continue;
			return r;
		}
	}
	return NULL;
}

static void
expect_same(struct scenario *s, struct member *m)
{
	struct member *other = line_peek(&s->line) ? exchange_member(s, line_take(&s->line)) : NULL;
	struct prefix *but = NULL;
	size_t count = 0;
	if (!other || !line_is(&s->line, "holds")) {
		scenario_broken(s, "M holds what M2 holds [but P ...]");
		return;
	}
	if (line_is(&s->line, "but") && !exchange_take_prefixes(s, &but, &count))
		return;
	const struct member_route *found = difference(&m->holds, &other->holds, but, count);
	if (!found)
		found = difference(&other->holds, &m->holds, but, count);
	char text[PREFIX_TEXT] = "";
	const struct member_route *mine = found ? member_find(&m->holds, found->prefix) : NULL;
	const struct member_route *theirs =
		found ? member_find(&other->holds, found->prefix) : NULL;
	scenario_expect(
		s, !found, "%s: %s; but %s: %s", found ? prefix_format(text, found->prefix) : "",
		mine ? mine->words : "nothing", other->id, theirs ? theirs->words : "nothing");
}

static bool
expect_holding(struct scenario *s, struct member *m)
{
	struct line *line = &s->line;
	struct prefix prefix;
	uint64_t number;
	const char *word = line_peek(line);
	if (word && prefix_parse(&prefix, word) == 0) {
		expect_route(s, m);
	} else if (line_is(line, "nothing")) {
		expect_nothing(s, m);
	} else if (line_is(line, "what")) {
		expect_same(s, m);
	} else if (script_number(&number, word)) {
		line_take(line);
		if (line_is(line, "paths of") || line_is(line, "path of"))
			return expect_paths(s, m, number);
		if (!line_is(line, "routes") && !line_is(line, "route"))
			return scenario_broken(s, "M holds N routes");
		scenario_expect(s, m->holds.count == number, "%zu", m->holds.count);
	} else {
		return scenario_broken(s, "holds what?");
	}
	return true;
}

/* --- what happened to it --- */

static bool
is_kind(const char *note, const char *kind)
{
	size_t length = strlen(kind);
	return strncmp(note, kind, length) == 0 && (!note[length] || note[length] == ' ');
}

/* The next note of the kind that no line has asked for. */
static struct member_note *
next_note(struct member *m, const char *kind)
{
	for (size_t i = 0; i < m->note_count; i++)
		if (!m->notes[i].seen && is_kind(m->notes[i].text, kind))
			return &m->notes[i];
	return NULL;
}

/* Takes the words up to "at" or "between", then the times. */
static bool
take_when(struct scenario *s, const char **what, struct mono_us *from, struct mono_us *until)
{
	struct line *line = &s->line;
	*from = (struct mono_us){0};
	*until = (struct mono_us){INT64_MAX};
	*what = "";
	while (line_peek(line)) {
		if (line_is(line, "at")) {
			bool good = scenario_take_time(s, from);
			*until = *from;
			return good;
		}
		if (line_is(line, "between"))
			return scenario_take_time(s, from) && line_is(line, "and") &&
			       scenario_take_time(s, until);
		*what = arena_printf(s->arena, "%s%s%s", *what, **what ? " " : "", line_take(line));
	}
	return true;
}

static void
expect_note(struct scenario *s, struct member *m)
{
	const char *kind = line_peek(&s->line), *what;
	struct mono_us from, until;
	if (line_is(&s->line, "no")) {
		kind = line_take(&s->line);
		struct member_note *note = kind ? next_note(m, kind) : NULL;
		scenario_expect(s, !note, "%s at %.6f s", note ? note->text : "",
				note ? (double)note->at.us / 1e6 : 0);
		return;
	}
	if (!kind || !take_when(s, &what, &from, &until)) {
		scenario_broken(s, "gets what?");
		return;
	}
	struct member_note *note = next_note(m, kind);
	if (note)
		note->seen = true;
	bool good = note && is_kind(note->text, what) && note->at.us >= from.us &&
		    note->at.us <= until.us;
	scenario_expect(s, good, "%s at %.6f s", note ? note->text : "none",
			note ? (double)note->at.us / 1e6 : 0);
}

static void
expect_heard(struct scenario *s, struct member *m)
{
	uint64_t number;
	if (!script_number(&number, line_take(&s->line))) {
		scenario_broken(s, "M hears N updates");
		return;
	}
	bool updates = line_is(&s->line, "updates") || line_is(&s->line, "update");
	if (!updates && !line_is(&s->line, "prefixes") && !line_is(&s->line, "prefix"))
		scenario_broken(s, "M hears N updates, or prefixes");
	unsigned heard = updates ? m->updates : m->prefixes_told;
	scenario_expect(s, heard == number, "%u", heard);
}

/* --- how the hub sees it --- */

static void
expect_state(struct scenario *s, struct member *m)
{
	const char *state = line_rest(&s->line, s->arena);
	int slot = slot_of(s, m);
	const char *got = "unknown";
	bool front = true;
	if (slot >= 0)
		got = session_state_name(
			session_state(exchange_session(s->exchange, (unsigned)slot)));
	for (unsigned i = 0; slot >= 0 && i < 2; i++) {
		const struct rib *rib = exchange_rib(s->exchange, families[i]);
		front &= !rib_session_is_open(rib, (unsigned)slot) ||
			 rib_out_in_front(rib, (unsigned)slot);
	}
	if (strcmp(state, "behind") == 0 || strcmp(state, "in front") == 0)
		got = front ? "in front" : "behind";
	scenario_expect(s, strcmp(state, got) == 0, "%s", got);
}

static void
expect_reason(struct scenario *s, struct member *m)
{
	const char *wanted = line_rest(&s->line, s->arena);
	int slot = slot_of(s, m);
	struct buf got = {0};
	if (slot >= 0)
		session_error_text(
			&got, session_last_error(exchange_session(s->exchange, (unsigned)slot)));
	buf_u8(&got, 0);
	scenario_expect(s, strcmp(wanted, (const char *)got.data) == 0, "%s",
			(const char *)got.data);
	buf_fini(&got);
}

static void
expect_counts(struct scenario *s, struct member *m)
{
	uint64_t wanted[2] = {0};
	uint32_t got[2] = {0};
	int slot = slot_of(s, m);
	bool good = script_number(&wanted[0], line_take(&s->line)) &&
		    line_is(&s->line, "accepted") &&
		    script_number(&wanted[1], line_take(&s->line)) && line_is(&s->line, "refused");
	if (!good) {
		scenario_broken(s, "M counts N accepted N refused");
		return;
	}
	for (unsigned i = 0; slot >= 0 && i < 2; i++) {
		uint32_t accepted, refused;
		rib_session_count(exchange_rib(s->exchange, families[i]), (unsigned)slot, &accepted,
				  &refused);
		got[0] += accepted;
		got[1] += refused;
	}
	scenario_expect(s, got[0] == wanted[0] && got[1] == wanted[1], "%u accepted, %u refused",
			got[0], got[1]);
}

static bool
expect_rule(struct scenario *s, struct member *m)
{
	enum ip_family family = line_is(&s->line, "ipv6") ? IP_V6 : IP_V4;
	const char *hex = line_take(&s->line), *wanted = line_rest(&s->line, s->arena);
	const struct member_rule *rule = hex ? member_rule(m, family, hex) : NULL;
	scenario_expect(s, rule && route_matches(rule->words, wanted), "%s",
			rule ? rule->words : "nothing");
	return true;
}

static bool
expect_no_rule(struct scenario *s, struct member *m)
{
	enum ip_family family = line_is(&s->line, "ipv6") ? IP_V6 : IP_V4;
	const char *hex = line_take(&s->line);
	const struct member_rule *rule = hex ? member_rule(m, family, hex) : m->rules;
	scenario_expect(s, !rule, "%s", rule ? rule->hex : "");
	return true;
}

bool
exchange_expect_of(struct scenario *s, struct member *m)
{
	struct line *line = &s->line;
	if (line_is(line, "holds rule"))
		return expect_rule(s, m);
	if (line_is(line, "holds no rule"))
		return expect_no_rule(s, m);
	if (line_is(line, "holds"))
		return expect_holding(s, m);
	if (line_is(line, "lacks"))
		expect_lack(s, m);
	else if (line_is(line, "gets"))
		expect_note(s, m);
	else if (line_is(line, "hears"))
		expect_heard(s, m);
	else if (line_is(line, "is"))
		expect_state(s, m);
	else if (line_is(line, "went down:"))
		expect_reason(s, m);
	else if (line_is(line, "counts"))
		expect_counts(s, m);
	else
		return false;
	return true;
}

/* --- what became of a route --- */

enum { PATHS_MAX = 64 };

/* The path of the prefix that the slot announced. */
static bool
find_path(const struct scenario *s, struct prefix prefix, int slot, struct rib_path_view *out)
{
	struct rib_path_view views[PATHS_MAX];
	const struct rib *rib = exchange_rib(s->exchange, (enum ip_family)prefix.ip.family);
	size_t count = rib_paths(rib, prefix, views, PATHS_MAX);
	for (size_t i = 0; i < count && i < PATHS_MAX; i++) {
		if ((int)views[i].slot != slot)
			continue;
		*out = views[i];
		return true;
	}
	return false;
}

/* All reasons, "prefix too long; next hop is not yours", or what mends them. */
static const char *
reasons_text(struct scenario *s, const struct rib_path_view *path, bool mend)
{
	struct buf text = {0};
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(path->reasons >> bit & 1))
			continue;
		buf_str(&text, text.length ? "; " : "");
		if (mend)
			policy_reason_mend(&text, exchange_policy(s->exchange),
					   exchange_session_at(s->exchange, path->slot),
					   (enum ip_family)path->prefix.ip.family, bit);
		else
			buf_str(&text, policy_reason_text(bit) ? policy_reason_text(bit) : "?");
	}
	const char *kept =
		arena_copy(s->arena, text.length ? (const char *)text.data : "", text.length);
	buf_fini(&text);
	return kept;
}

static bool
expect_judged(struct scenario *s, struct prefix prefix)
{
	struct line *line = &s->line;
	struct rib_path_view path;
	struct member *m = line_is(line, "from") && line_peek(line)
				   ? exchange_member(s, line_take(line))
				   : NULL;
	if (!m || !line_is(line, "is"))
		return scenario_broken(s, "P from M is accepted, refused: ..., or unknown");
	bool there = find_path(s, prefix, slot_of(s, m), &path);
	const char *reasons = there ? reasons_text(s, &path, false) : "unknown";
	bool refused = line_is(line, "refused:"), mended = !refused && line_is(line, "mended by:");
	if (mended && there)
		reasons = reasons_text(s, &path, true);
	if (refused || mended)
		scenario_expect(s, there && strcmp(line_rest(line, s->arena), reasons) == 0, "%s",
				*reasons ? reasons : "accepted");
	else if (line_is(line, "accepted"))
		scenario_expect(s, there && !path.refused, "%s", reasons);
	else if (line_is(line, "unknown"))
		scenario_expect(s, !there, "%s", *reasons ? reasons : "accepted");
	else
		return scenario_broken(s, "is what?");
	return true;
}

/* --- what is shown --- */

enum { SHOW_WORDS = 32, COLUMNS = 80 };

/* The whole answer, as text with a zero; a complaint if there is one. */
static void
ask_view(struct scenario *s, struct buf *out, enum view_form form, const char *words)
{
	const char *list[SHOW_WORDS] = {"show"};
	size_t count =
		strncmp(words, "explain", 7) == 0 || strncmp(words, "metrics", 7) == 0 ? 0 : 1;
	char *copy = arena_str(s->arena, words), *rest = NULL;
	for (char *word = strtok_r(copy, " ", &rest); word && count < SHOW_WORDS;
	     word = strtok_r(NULL, " ", &rest))
		list[count++] = word;
	struct view_exchange_rest *more = NULL;
	struct view_complaint complaint = {0};
	const char *order, *names;
	bool supposes = view_explain_order(list, count, &order, &names);
	struct view_exchange_supposed asked = {list, count, supposes ? transit_supposed(s) : NULL};
	int result = supposes ? view_explain(out, s->exchange, form, &asked, &complaint)
			      : view_exchange_answer(out, s->exchange, form, list, count, &more,
						     &complaint);
	if (result < 0)
		buf_printf(out, "error %d %s", complaint.status, complaint.text);
	while (more && view_exchange_rest_next(more, s->exchange, out))
		continue;
	if (more)
		view_exchange_rest_free(more);
	buf_u8(out, 0);
}

/* What is wrong with the form of an answer, or NULL: text fits a terminal, JSON is JSON. */
static const char *
malformed(struct scenario *s, enum view_form form, const struct buf *out)
{
	const char *text = (const char *)out->data;
	if (strncmp(text, "error ", 6) == 0)
		return NULL;
	if (form == VIEW_JSON)
		return json_read(s->arena, text, out->length - 1) ? NULL : "no JSON";
	for (size_t column = 0; *text; text++) {
		bool continues = ((unsigned char)*text & 0xc0) == 0x80;
		column = *text == '\n' ? 0 : column + !continues;
		if (column > COLUMNS)
			return "a line of more than 80 columns";
	}
	return NULL;
}

static bool
expect_shown(struct scenario *s)
{
	struct line *line = &s->line;
	enum view_form form = line_is(line, "json") ? VIEW_JSON : VIEW_TEXT;
	const char *words = line_take(line);
	bool says = line_is(line, "says"), lacks = !says && line_is(line, "lacks");
	const char *text = line_take(line);
	if (!words || !text || (!says && !lacks))
		return scenario_broken(s, "show \"WORDS\" says \"TEXT\"");
	struct buf out = {0};
	ask_view(s, &out, form, words);
	const char *got = out.failed ? "" : (const char *)out.data;
	const char *fault = out.failed ? "no memory" : malformed(s, form, &out);
	scenario_expect(s, !fault && (strstr(got, text) != NULL) == says, "%s%s%.4000s",
			fault ? fault : "", fault ? ": " : "", got);
	buf_fini(&out);
	return true;
}

static bool
expect_small(struct scenario *s, bool memory)
{
	uint64_t most, got = 0;
	if (!script_number(&most, line_take(&s->line)))
		return scenario_broken(s, "under how many octets?");
	for (unsigned i = 0; i < 2; i++) {
		struct rib_totals totals;
		rib_total(exchange_rib(s->exchange, families[i]), &totals);
		got += memory ? totals.memory : totals.log_octets;
	}
	for (unsigned slot = 0; memory && slot < exchange_slots(s->exchange); slot++)
		if (exchange_session(s->exchange, slot))
			got += session_memory(exchange_session(s->exchange, slot));
	scenario_expect(s, got < most, "%llu", (unsigned long long)got);
	return true;
}

/* --- all of it --- */

struct audit {
	struct scenario *s;
	size_t routes[1024]; /* that each slot should hold */
	char wrong[512];
	bool ids; /* some session announces several paths of a prefix: who hears which is not known here */
};

static struct member *
reader_of_slot(const struct scenario *s, unsigned slot)
{
	for (struct member *m = s->members; m; m = m->next)
		if (slot_of(s, m) == (int)slot && member_up(m) && m->reads)
			return m;
	return NULL;
}

/* The hub's own AS tells other next hops. */
static bool
is_transit(const struct scenario *s, const struct member *m)
{
	const struct hub_session *session = reference_session(s, m);
	return session && session->transit != HUB_AS_NONE;
}

/* Is this the path, as far as it goes out as it came? Prepends stand before it. */
static bool
is_path(const struct scenario *s, const struct member *m, const struct rib_path_view *path,
	const char *as_path, const struct member_route *held)
{
	char hop[IP_TEXT], field[ROUTE_FIELD_MAX];
	if (m->says.open.capabilities.as4 && route_field(field, held->words, "path")) {
		size_t length = strlen(field), least = strlen(as_path);
		if (length < least || strcmp(field + length - least, as_path) != 0)
			return false;
	}
	if (path->facts & POLICY_FACT_BLACKHOLE || is_transit(s, m) ||
	    !route_field(field, held->words, "next-hop"))
		return true;
	return strcmp(field, ip_format(hop, path->attrs.next_hop)) == 0;
}

/* Does the member hold this path? */
static void
audit_member(struct audit *audit, struct member *m, const struct rib_path_view *path)
{
	const struct member_route *first = member_find(&m->holds, path->prefix), *held = first;
	struct buf wanted = {0};
	char prefix[PREFIX_TEXT];
	bgp_as_path_text(&wanted, path->attrs.as_path);
	buf_u8(&wanted, 0);
	while (held && !is_path(audit->s, m, path, (const char *)wanted.data, held))
		held = member_next(held);
	if (!held && !audit->wrong[0])
		(void)snprintf(audit->wrong, sizeof(audit->wrong),
			       "%s should hold %s path %s, has %s", m->id,
			       prefix_format(prefix, path->prefix), (const char *)wanted.data,
			       first ? first->words : "nothing");
	buf_fini(&wanted);
}

static void
audit_path(void *context, const struct rib_path_view *path)
{
	struct audit *audit = context;
	const struct scenario *s = audit->s;
	uint64_t words[RIB_SLOTS_MAX / 64] = {0};
	audit->ids |= path->path_id != 0;
	if (path->path_id)
		return;
	const struct rib *rib = exchange_rib(s->exchange, (enum ip_family)path->prefix.ip.family);
	rib_path_hearers(rib, path->prefix, path->slot, words);
	for (unsigned slot = 0; slot < exchange_slots(s->exchange) && slot < 1024; slot++) {
		struct member *m =
			words[slot / 64] >> slot % 64 & 1 ? reader_of_slot(s, slot) : NULL;
		if (!m || !rib_session_is_open(rib, slot))
			continue;
		audit->routes[slot]++;
		audit_member(audit, m, path);
	}
}

static void
expect_all(struct scenario *s)
{
	struct audit *audit = calloc(1, sizeof(*audit));
	if (!audit)
		abort();
	audit->s = s;
	for (unsigned i = 0; i < 2; i++)
		rib_each_path(exchange_rib(s->exchange, families[i]), -1, audit_path, audit);
	for (struct member *m = s->members; m; m = m->next) {
		int slot = slot_of(s, m);
		bool reads = slot >= 0 && slot < 1024 && reader_of_slot(s, (unsigned)slot) == m;
		size_t should = reads ? audit->routes[slot] : m->holds.count;
		if (!audit->wrong[0] && !audit->ids && should != m->holds.count)
			(void)snprintf(audit->wrong, sizeof(audit->wrong),
				       "%s should hold %zu routes, has %zu", m->id, should,
				       m->holds.count);
		struct member_note *nonsense = next_note(m, "nonsense");
		if (!audit->wrong[0] && nonsense)
			(void)snprintf(audit->wrong, sizeof(audit->wrong), "%s got %s", m->id,
				       nonsense->text);
	}
	scenario_expect(s, !audit->wrong[0], "%s", audit->wrong);
	free(audit);
}

void
exchange_end(struct scenario *s)
{
	exchange_settle(s);
	if (s->exchange)
		expect_all(s);
}

bool
exchange_expect(struct scenario *s)
{
	struct line *line = &s->line;
	struct prefix prefix;
	if (line_is(line, "show"))
		return expect_shown(s);
	if (line_is(line, "log under"))
		return expect_small(s, false);
	if (line_is(line, "memory under"))
		return expect_small(s, true);
	if (line_is(line, "all hold what the hub says")) {
		expect_all(s);
		return true;
	}
	if (line_is(line, "all hold what they should")) {
		char wrong[4096] = "";
		bool good = reference_check_table(s, true, wrong, sizeof(wrong)) &&
			    reference_check(s, wrong, sizeof(wrong));
		scenario_expect(s, good, "%s", wrong);
		return true;
	}
	if (line_peek(line) && prefix_parse(&prefix, line_peek(line)) == 0) {
		line->at++;
		return expect_judged(s, prefix);
	}
	return false;
}
