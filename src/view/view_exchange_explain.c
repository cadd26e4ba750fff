/* Why a route is where it is, or is not: every check on the way in, the order among the paths, and for a member
 * at the other end the decision on the way out, in the order in which the exchange goes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy_community.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { PATHS_MAX = 256 };

struct question {
	struct prefix prefix;
	uint32_t from, to; /* members; HUB_NONE: any */
};

/* One line of an explanation: what was looked at, whether it was in order, and words. */
struct sink {
	struct buf *out;
	struct json *json; /* NULL: text */
};

static void
step(struct sink *sink, const char *what, int passed, const char *words)
{
	if (sink->json) {
		json_object(sink->json, NULL);
		json_str(sink->json, "step", what);
		if (passed < 0)
			json_null(sink->json, "passed");
		else
			json_bool(sink->json, "passed", passed);
		json_str(sink->json, "text", words);
		json_object_end(sink->json);
		return;
	}
	buf_printf(sink->out, "    %s ", passed < 0 ? "     " : passed ? "ok   " : "FAILS");
	view_cell(sink->out, what, 26);
	buf_str(sink->out, " ");
	view_wrapped(sink->out, words, 37, 37);
}

/* --- the way in --- */

static void
explain_checks(struct sink *sink, const struct exchange *x, const struct rib_path_view *path)
{
	uint32_t session = exchange_session_at(x, path->slot);
	unsigned checks = 0, passed = 0;
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!policy_reason_text(bit))
			continue;
		bool failed = path->reasons >> bit & 1;
		checks++;
		passed += !failed;
		/* On a terminal what is in order is one line, so that what is not stands out. */
		if (!failed && !sink->json)
			continue;
		struct buf mend = {0};
		if (failed && session != HUB_NONE)
			policy_reason_mend(&mend, exchange_policy(x), session,
					   (enum ip_family)path->prefix.ip.family, bit);
		buf_u8(&mend, 0);
		step(sink, policy_reason_text(bit), !failed,
		     failed && !mend.failed ? (const char *)mend.data
		     : failed               ? ""
					    : "no");
		buf_fini(&mend);
	}
	char words[64];
	(void)snprintf(words, sizeof(words), "%u of %u had no objection", passed, checks);
	step(sink, "checks", passed == checks, words);
}

/* --- the way out --- */

/* Why this path does not go to the member, or NULL when it may. */
static const char *
hindrance(const struct exchange *x, const struct rib_path_view *path, const struct hub_member *to,
	  struct policy_audience *audience)
{
	const struct hub_member *from = view_member_of_slot(x, path->slot);
	if (from && from->asn.number == to->asn.number)
		return "it is the member's own route";
	policy_audience_read(audience, exchange_hub(x)->asn, &path->attrs);
	if (!policy_audience_has(audience, to->asn))
		return audience->none ? "its communities name only others as receivers"
				      : "its communities say: not to this member";
	return NULL;
}

static bool
has_session_up(const struct exchange *x, const struct hub_member *member)
{
	for (uint32_t i = 0; i < member->session_count; i++) {
		int slot = exchange_slot_of(x, member->first_session + i);
		if (slot >= 0 &&
		    session_state(exchange_session(x, (unsigned)slot)) == SESSION_ESTABLISHED)
			return true;
	}
	return false;
}

/* The path that the member hears: the first accepted one without hindrance. -1: none. */
static int
chosen(const struct exchange *x, const struct rib_path_view *paths, size_t count,
       const struct hub_member *to, struct policy_audience *audience)
{
	for (size_t i = 0; i < count; i++)
		if (!paths[i].refused && !hindrance(x, &paths[i], to, audience))
			return (int)i;
	return -1;
}

static void
explain_out(struct sink *sink, const struct exchange *x, const struct rib_path_view *paths,
	    size_t count, size_t at, const struct hub_member *to)
{
	struct policy_audience *audience = calloc(1, sizeof(*audience));
	char words[192];
	if (!audience) {
		sink->out->failed = true;
		return;
	}
	const char *why = hindrance(x, &paths[at], to, audience);
	step(sink, "may be announced", why == NULL, why ? why : "nothing forbids it");
	bool up = has_session_up(x, to);
	step(sink, "session of the receiver", up, up ? "is up" : "is not up");
	int first = chosen(x, paths, count, to, audience);
	const struct hub_member *other =
		first < 0 ? NULL : view_member_of_slot(x, paths[first].slot);
	if (first == (int)at)
		(void)snprintf(words, sizeof(words), "%.100s %s this path", to->name,
			       up ? "hears" : "would hear");
	else if (first >= 0)
		(void)snprintf(words, sizeof(words), "%.100s hears the path of %.60s", to->name,
			       other ? other->name : "another member");
	else
		(void)snprintf(words, sizeof(words), "%.100s hears no path of this prefix",
			       to->name);
	step(sink, "result", -1, words);
	free(audience);
}

/* --- together --- */

static void
explain_path(struct sink *sink, const struct exchange *x, const struct rib_path_view *paths,
	     size_t count, size_t at, const struct question *q)
{
	const struct rib_path_view *path = &paths[at];
	const struct hub_member *from = view_member_of_slot(x, path->slot);
	char words[128];
	if (sink->json) {
		json_object(sink->json, NULL);
		json_u64(sink->json, "member_asn", from ? from->asn.number : 0);
		json_str(sink->json, "member_name", from ? from->name : NULL);
		json_str(sink->json, "state", path->refused ? "filtered" : "accepted");
		json_array(sink->json, "steps");
	} else {
		struct buf text = {0};
		bgp_as_path_text(&text, path->attrs.as_path);
		buf_u8(&text, 0);
		buf_printf(sink->out, "\n  from AS%" PRIu32 " %s, path %s\n",
			   from ? from->asn.number : 0, from ? from->name : "?",
			   text.failed ? "" : (const char *)text.data);
		buf_fini(&text);
	}
	explain_checks(sink, x, path);
	if (path->refused)
		(void)snprintf(words, sizeof(words), "refused: nobody hears it");
	else
		(void)snprintf(words, sizeof(words), "accepted, number %zu in order of preference",
			       at + 1);
	step(sink, "import", !path->refused, words);
	if (!path->refused && q->to != HUB_NONE)
		explain_out(sink, x, paths, count, at, &exchange_hub(x)->members[q->to]);
	if (sink->json) {
		json_array_end(sink->json);
		json_object_end(sink->json);
	}
}

static int
read_question(struct question *q, const struct exchange *x, const char *const *words, size_t count,
	      struct view_complaint *complaint)
{
	struct ip ip;
	*q = (struct question){.from = HUB_NONE, .to = HUB_NONE};
	if (!count || count % 2 == 0)
		return view_complain(complaint, 400,
				     "expected: explain PREFIX [from MEMBER] [to MEMBER]");
	if (ip_parse(&ip, words[0]) == 0)
		q->prefix = prefix_of(ip, 128);
	else if (prefix_parse(&q->prefix, words[0]) < 0)
		return view_complain(complaint, 400, "%.60s is neither a prefix nor an address",
				     words[0]);
	for (size_t i = 1; i < count; i += 2) {
		uint32_t *which = strcmp(words[i], "from") == 0 ? &q->from
				  : strcmp(words[i], "to") == 0 ? &q->to
								: NULL;
		if (!which)
			return view_complain(complaint, 400, "found \"%.60s\", expected from or to",
					     words[i]);
		if (view_find_member(x, words[i + 1], which, complaint) < 0)
			return -1;
	}
	return 0;
}

int
view_explain(struct buf *out, struct exchange *x, enum view_form form, const char *const *words,
	     size_t count, struct view_complaint *complaint)
{
	struct question q;
	char text[PREFIX_TEXT];
	if (form == VIEW_CSV)
		return view_complain(complaint, 400,
				     "this has no CSV; it has text, and JSON with -j");
	if (read_question(&q, x, words, count, complaint) < 0)
		return -1;
	const struct rib *rib = exchange_rib(x, (enum ip_family)q.prefix.ip.family);
	struct rib_path_view *paths = calloc(PATHS_MAX, sizeof(*paths));
	if (!paths)
		return view_complain(complaint, 500, "out of memory");
	bool exact = rib_paths(rib, q.prefix, paths, 1) > 0;
	if (!exact && !rib_covering(rib, q.prefix, false, &q.prefix)) {
		free(paths);
		return view_complain(complaint, 404,
				     "no member announces %.60s, nor a prefix that covers it",
				     words[0]);
	}
	size_t found = rib_paths(rib, q.prefix, paths, PATHS_MAX);
	size_t paths_shown = found < PATHS_MAX ? found : PATHS_MAX, written = 0;
	struct json j = json_to(out);
	struct sink sink = {out, form == VIEW_JSON ? &j : NULL};
	if (sink.json) {
		json_object(&j, NULL);
		json_str(&j, "query", words[0]);
		json_prefix(&j, "prefix", q.prefix);
		json_bool(&j, "exact", exact);
		json_array(&j, "paths");
	} else {
		buf_printf(out, "%s%s%.60s: %zu path%s\n", prefix_format(text, q.prefix),
			   exact ? "" : ", the longest match of ", exact ? "" : words[0], found,
			   found == 1 ? "" : "s");
	}
	for (size_t i = 0; i < paths_shown; i++) {
		const struct hub_member *from = view_member_of_slot(x, paths[i].slot);
		if (q.from != HUB_NONE && from != &exchange_hub(x)->members[q.from])
			continue;
		explain_path(&sink, x, paths, paths_shown, i, &q);
		written++;
	}
	if (sink.json) {
		json_array_end(&j);
		json_object_end(&j);
		buf_str(out, "\n");
	} else if (!written) {
		buf_printf(out, "\n  %s does not announce it\n",
			   exchange_hub(x)->members[q.from].name);
	}
	free(paths);
	return 0;
}
