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

/* A letter case of ASCII is no difference. */
static bool
is_part_of(const char *text, const char *word)
{
	return text && strcasestr(text, word) != NULL;
}

/* Complains, with the only member whose name has the word in it, or the number of those that do. */
static int
no_member(const struct hub *hub, const char *word, struct view_complaint *complaint)
{
	const struct hub_member *like = NULL;
	size_t count = 0;
	for (size_t i = 0; i < hub->member_count && *word; i++) {
		const struct hub_member *member = &hub->members[i];
		if (!is_part_of(member->name, word) && !is_part_of(member->short_name, word))
			continue;
		like = member;
		count++;
	}
	if (count == 1)
		return view_complain(complaint, 404,
				     "there is no member %.60s; %.100s is AS%" PRIu32, word,
				     like->name, like->asn.number);
	return view_complain(complaint, 404,
			     count ? "there is no member %.100s; the names of %zu have that in them"
				   : "there is no member %.100s",
			     word, count);
}

int
view_find_member(const struct exchange *x, const char *word, uint32_t *member,
		 struct view_complaint *complaint)
{
	*member = hub_member_by_name(exchange_hub(x), word);
	return *member == HUB_NONE ? no_member(exchange_hub(x), word, complaint) : 0;
}

/* --- which words lead to which answer --- */

/* A question of fixed words, "*" where a word of the asker's stands. */
struct asked {
	struct buf *out;
	struct exchange *x;
	enum view_form form;
	const char *word; /* in place of "*" */
	struct view_complaint *complaint;
	struct view_exchange_rest **rest; /* of an answer that takes more than a turn */
};

static int
no_memory(const struct asked *a)
{
	return view_complain(a->complaint, 500, "out of memory");
}

static int
ask_members(const struct asked *a)
{
	view_members(a->out, a->x, a->form, true);
	return 0;
}

static int
ask_members_public(const struct asked *a)
{
	view_members(a->out, a->x, a->form, false);
	return 0;
}

static int
ask_member(const struct asked *a)
{
	uint32_t member;
	if (view_find_member(a->x, a->word, &member, a->complaint) < 0)
		return -1;
	if (a->form == VIEW_CSV)
		view_member_csv(a->out, a->x, member);
	else if (view_member(a->rest, a->x, a->form, member) < 0)
		return no_memory(a);
	return 0;
}

static int
ask_sessions(const struct asked *a)
{
	return view_sessions(a->out, a->x, a->form) < 0 ? no_memory(a) : 0;
}

static int
ask_bfd(const struct asked *a)
{
	view_bfd(a->out, a->x, a->form);
	return 0;
}

static int
ask_stations(const struct asked *a)
{
	view_stations(a->out, a->x, a->form);
	return 0;
}

static int
ask_dumps(const struct asked *a)
{
	view_dumps(a->out, a->x, a->form);
	return 0;
}

static int
ask_peering_of(const struct asked *a, bool both)
{
	uint32_t member;
	if (view_find_member(a->x, a->word, &member, a->complaint) < 0)
		return -1;
	return view_peering(a->out, a->x, a->form, member, both) < 0 ? no_memory(a) : 0;
}

static int
ask_exports(const struct asked *a)
{
	return ask_peering_of(a, false);
}

static int
ask_peering(const struct asked *a)
{
	return ask_peering_of(a, true);
}

static int
ask_policy(const struct asked *a)
{
	view_policy(a->out, a->x, a->form, HUB_NONE);
	return 0;
}

static int
ask_policy_of(const struct asked *a)
{
	uint32_t member;
	if (view_find_member(a->x, a->word, &member, a->complaint) < 0)
		return -1;
	view_policy(a->out, a->x, a->form, member);
	return 0;
}

static int
ask_communities(const struct asked *a)
{
	view_communities(a->out, a->x, a->form);
	return 0;
}

static int
ask_rpki(const struct asked *a)
{
	return view_rpki(a->rest, a->form) < 0 ? no_memory(a) : 0;
}

static int
ask_flowspec_from(const struct asked *a, uint32_t member)
{
	return view_flowspec(a->rest, a->x, a->form, member) < 0 ? no_memory(a) : 0;
}

static int
ask_flowspec(const struct asked *a)
{
	return ask_flowspec_from(a, HUB_NONE);
}

static int
ask_flowspec_of(const struct asked *a)
{
	uint32_t member;
	if (view_find_member(a->x, a->word, &member, a->complaint) < 0)
		return -1;
	return ask_flowspec_from(a, member);
}

static int
ask_sr_policies(const struct asked *a)
{
	return view_sr_policies(a->out, a->x, a->form) < 0 ? no_memory(a) : 0;
}

static int
ask_route(const struct asked *a)
{
	return view_route(a->out, a->x, a->form, a->word, a->complaint);
}

static int
ask_participants(const struct asked *a)
{
	view_participants(a->out, a->x);
	return 0;
}

static int
ask_metrics(const struct asked *a)
{
	return view_exchange_metrics(a->rest) < 0 ? no_memory(a) : 0;
}

static const struct {
	const char *words;
	bool csv;
	int (*ask)(const struct asked *a);
} questions[] = {
	{"show members", true, ask_members},
	{"show members public", false, ask_members_public},
	{"show member *", true, ask_member},
	{"show member * exports", false, ask_exports},
	{"show sessions", true, ask_sessions},
	{"show bfd", false, ask_bfd},
	{"show bmp", false, ask_stations},
	{"show mrt", false, ask_dumps},
	{"show peering *", false, ask_peering},
	{"show policy", false, ask_policy},
	{"show policy *", false, ask_policy_of},
	{"show communities", false, ask_communities},
	{"show rpki", false, ask_rpki},
	{"show route *", false, ask_route},
	{"show flowspec", false, ask_flowspec},
	{"show flowspec from *", false, ask_flowspec_of},
	{"show sr policies", true, ask_sr_policies},
	{"show participants", false, ask_participants},
	{"metrics exchange", false, ask_metrics},
};

/* Do the words fit the row? *star is the word in place of "*". */
static bool
fits(const char *row, const char *const *words, size_t count, const char **star)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(row, " ");
		if (length == 1 && *row == '*')
			*star = words[i];
		else if (strlen(words[i]) != length || strncmp(row, words[i], length) != 0)
			return false;
		row += length;
		row += *row == ' ';
	}
	return !*row;
}

static int
ask(struct asked *a, const char *const *words, size_t count)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (!fits(questions[i].words, words, count, &a->word))
			continue;
		if (a->form == VIEW_CSV && !questions[i].csv)
			return view_complain(a->complaint, 400,
					     "this has no CSV; it has text, and JSON with -j");
		return questions[i].ask(a);
	}
	return view_complain(a->complaint, 400, "the exchange cannot answer \"%.60s %.60s\" so",
			     count > 0 ? words[0] : "", count > 1 ? words[1] : "");
}

bool
view_exchange_rest_next(struct view_exchange_rest *rest, struct exchange *x, struct buf *out)
{
	return rest->next(rest, x, out);
}

void
view_exchange_rest_free(struct view_exchange_rest *rest)
{
	if (rest)
		rest->free(rest);
}

/* The answer, or the beginning of a long one. */
static int
begin(struct asked *a, const char *const *words, size_t count)
{
	const char *first = count > 0 ? words[0] : "", *second = count > 1 ? words[1] : "";
	if (strcmp(first, "birdwatcher") == 0)
		return view_birdwatcher(a->out, a->x, a->rest, words + 1, count - 1, a->complaint);
	if (strcmp(first, "explain") == 0)
		return view_explain(a->out, a->x, a->form,
				    &(struct view_exchange_supposed){words, count, NULL},
				    a->complaint);
	if (strcmp(first, "show") == 0 &&
	    (strcmp(second, "routes") == 0 || strcmp(second, "filtered") == 0))
		return view_routes(a->rest, a->x, a->form, words + 1, count - 1, a->complaint);
	if (strcmp(first, "show") == 0 && strcmp(second, "steer") == 0)
		return view_steer(a->out, a->x, a->form, words, count, a->rest, a->complaint);
	return ask(a, words, count);
}

int
view_exchange_answer(struct buf *out, struct exchange *x, enum view_form form,
		     const char *const *words, size_t count, struct view_exchange_rest **rest,
		     struct view_complaint *complaint)
{
	enum { AT_ONCE = 4 };
	*rest = NULL;
	struct asked a = {out, x, form, NULL, complaint, rest};
	if (begin(&a, words, count) < 0)
		return -1;
	/* Where there is little to look at, the answer is whole at once. */
	for (int i = 0; i < AT_ONCE && *rest; i++) {
		if (view_exchange_rest_next(*rest, x, out))
			continue;
		view_exchange_rest_free(*rest);
		*rest = NULL;
	}
	return 0;
}
