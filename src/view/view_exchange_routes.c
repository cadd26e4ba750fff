/* Lists of routes, accepted or refused, in pieces. A piece is some hundred prefixes in order; the next one begins
 * after the last of them, so that changes in between neither repeat nor lose what stayed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_exchange_way.h"
#include "view/view_text.h"

enum {
	FOUND_MAX = 16 * 1024,
	PIECE = 32 * 1024,
	PATHS_MAX = 64,
	LIMIT_DEFAULT = 1000,
	LIMIT_MAX = 1 << 30
};

struct list {
	struct view_exchange_rest rest; /* first */
	enum view_form form;
	const struct view_list_form *other; /* NULL: one of ours */
	bool refused;
	bool all_members;
	struct asn member;          /* whose routes, unless all_members */
	struct asn to;              /* that this member is sent; 0: any */
	struct asn not_to;          /* that this member may not have; 0: any */
	struct view_list_wish wish; /* of another form */
	struct asn in_path;         /* 0: any */
	uint64_t reasons;           /* one of these; 0: any */
	enum { RPKI_ANY, RPKI_IS_VALID, RPKI_IS_UNKNOWN, RPKI_IS_INVALID, RPKI_IS_NOT } rpki;
	bool tagged; /* only those with reasons */
	bool stale;  /* only those of sessions that were lost */
	bool by_community;
	struct view_community community;
	struct prefix within;  /* IP_NONE: anywhere */
	struct prefix after;   /* what was listed last; IP_NONE: from the start */
	enum ip_family family; /* being listed */
	uint64_t limit, listed;
	bool opened, ended, truncated;
	bool first; /* no row written yet */

	/* The next prefixes of the family, as far as they are found; those before `next` are listed. */
	struct rib_search search;
	size_t next;
	bool searching;
	bool only_family;      /* there is no other to be listed */
	struct prefix reached; /* the last of them before; IP_NONE: none */
};

/* --- the question --- */

static int
number_of(const char *word, uint64_t *out)
{
	char *end;
	if (word[0] < '0' || word[0] > '9')
		return -1;
	unsigned long long number = strtoull(word, &end, 10);
	if (*end || number < 1 || number > LIMIT_MAX)
		return -1;
	*out = number;
	return 0;
}

static int
read_rpki(struct list *q, const char *word, struct view_complaint *complaint)
{
	static const char *const words[] = {NULL, "valid", "unknown", "invalid", "not-checked"};
	for (unsigned i = 1; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		q->rpki = i;
		return 0;
	}
	return view_complain(complaint, 400,
			     "found \"%.60s\" after rpki, expected valid, unknown, invalid or "
			     "not-checked",
			     word);
}

static int
read_pair(struct list *q, const struct exchange *x, const char *name, const char *value,
	  struct view_complaint *complaint)
{
	uint32_t member;
	if (strcmp(name, "member") == 0) {
		if (view_find_member(x, value, &member, complaint) < 0)
			return -1;
		q->member = exchange_hub(x)->members[member].asn;
		q->all_members = false;
	} else if (strcmp(name, "to") == 0 || strcmp(name, "not-to") == 0) {
		if (view_find_member(x, value, &member, complaint) < 0)
			return -1;
		*(name[0] == 't' ? &q->to : &q->not_to) = exchange_hub(x)->members[member].asn;
	} else if (strcmp(name, "as") == 0) {
		if (asn_parse(&q->in_path, value) < 0 || !q->in_path.number)
			return view_complain(complaint, 400, "%.60s is not an AS number", value);
	} else if (strcmp(name, "within") == 0) {
		if (prefix_parse(&q->within, value) < 0)
			return view_complain(complaint, 400, "%.60s is not a prefix", value);
	} else if (strcmp(name, "after") == 0) {
		if (prefix_parse(&q->after, value) < 0)
			return view_complain(complaint, 400, "%.60s is not a prefix", value);
	} else if (strcmp(name, "limit") == 0) {
		if (number_of(value, &q->limit) < 0)
			return view_complain(complaint, 400, "%.60s is not a number from 1 to %d",
					     value, LIMIT_MAX);
	} else if (strcmp(name, "reason") == 0) {
		return view_reason_find(&q->reasons, value, complaint);
	} else if (strcmp(name, "rpki") == 0) {
		return read_rpki(q, value, complaint);
	} else if (strcmp(name, "community") == 0) {
		q->by_community = true;
		return view_community_read(&q->community, value, complaint);
	} else {
		return view_complain(complaint, 400,
				     "found \"%.60s\", expected member, to, not-to, as, within, "
				     "reason, rpki, community, tagged, stale, after or limit",
				     name);
	}
	return 0;
}

static int
read_question(struct list *q, const struct exchange *x, const char *const *words, size_t count,
	      struct view_complaint *complaint)
{
	for (size_t i = 0; i < count;) {
		if (strcmp(words[i], "tagged") == 0 || strcmp(words[i], "stale") == 0) {
			*(words[i][0] == 't' ? &q->tagged : &q->stale) = true;
			i++;
			continue;
		}
		if (i + 1 == count)
			return view_complain(complaint, 400, "nothing follows \"%s\"", words[i]);
		if (read_pair(q, x, words[i], words[i + 1], complaint) < 0)
			return -1;
		i += 2;
	}
	q->reached = q->after;
	if (q->after.ip.family == IP_V6 || q->within.ip.family == IP_V6)
		q->family = IP_V6;
	q->only_family = q->within.ip.family == IP_V4;
	return 0;
}

/* --- rows --- */

/* What is asked for, and of which exchange. */
struct asked {
	const struct list *q;
	const struct exchange *x;
};

static bool
has_state(const struct list *q, const struct rib_path_view *path)
{
	enum rpki_state rpki = policy_state_rpki(path->rpki);
	switch (q->rpki) {
	case RPKI_IS_VALID:
		return rpki == RPKI_VALID;
	case RPKI_IS_UNKNOWN:
		return rpki == RPKI_UNKNOWN;
	case RPKI_IS_INVALID:
		return rpki == RPKI_INVALID_AS || rpki == RPKI_INVALID_LENGTH;
	case RPKI_IS_NOT:
		return rpki == RPKI_NOT_CHECKED;
	default:
		return true;
	}
}

/* Is one of the member's sessions sent the path, or may all of them not have it? */
static bool
reaches(const struct exchange *x, struct asn asn, const struct rib_path_view *path, bool sent)
{
	const struct hub *hub = exchange_hub(x);
	enum ip_family family = (enum ip_family)path->prefix.ip.family;
	uint32_t index = hub_member_by_asn(hub, asn);
	bool any = false, hears = false;
	for (uint32_t i = 0; index != HUB_NONE && i < hub->members[index].session_count; i++) {
		int slot = exchange_slot_of(x, hub->members[index].first_session + i);
		if (slot < 0 || !view_slot_hears(x, (unsigned)slot, family))
			continue;
		const struct rib *rib = exchange_rib(x, family);
		hears = true;
		any |= sent ? rib_path_goes_to(rib, path, (unsigned)slot)
			    : rib_path_is_for(rib, path, (unsigned)slot);
	}
	return sent ? any : hears && !any;
}

static bool
is_of(const struct exchange *x, const struct rib_path_view *path, struct asn asn)
{
	const struct hub_member *member = view_member_of_slot(x, path->slot);
	return member && member->asn.number == asn.number;
}

/* What another form wishes. */
static bool
is_wished(const struct exchange *x, const struct view_list_wish *wish,
	  const struct rib_path_view *path)
{
	const struct rib *rib = exchange_rib(x, (enum ip_family)path->prefix.ip.family);
	int to = exchange_slot_of(x, wish->to), kept_from = exchange_slot_of(x, wish->kept_from);
	if (wish->session != HUB_NONE && exchange_slot_of(x, wish->session) != (int)path->slot)
		return false;
	if (wish->to != HUB_NONE && (to < 0 || !rib_path_goes_to(rib, path, (unsigned)to)))
		return false;
	return wish->kept_from == HUB_NONE || (kept_from >= 0 && (int)path->slot != kept_from &&
					       !rib_path_is_for(rib, path, (unsigned)kept_from));
}

/* What the table cannot know. */
static bool
is_wanted(const void *context, const struct rib_path_view *path)
{
	const struct asked *asked = context;
	const struct list *q = asked->q;
	if (q->reasons && !(path->reasons & q->reasons))
		return false;
	if (q->tagged && !path->reasons)
		return false;
	if (q->stale && !path->stale)
		return false;
	if (q->by_community && !view_community_is_in(&path->attrs, &q->community))
		return false;
	if (!has_state(q, path))
		return false;
	if (!q->all_members && !is_of(asked->x, path, q->member))
		return false;
	if (q->other && !is_wished(asked->x, &q->wish, path))
		return false;
	if (q->not_to.number &&
	    (is_of(asked->x, path, q->not_to) || !reaches(asked->x, q->not_to, path, false)))
		return false;
	return !q->to.number || reaches(asked->x, q->to, path, true);
}

static void
row_text(const struct list *q, const struct exchange *x, struct buf *out,
	 const struct rib_path_view *path)
{
	char text[PREFIX_TEXT], next_hop[IP_TEXT];
	struct buf words = {0};
	const struct hub_member *member = view_member_of_slot(x, path->slot);
	buf_str(out, path->best ? "* " : "  ");
	view_cell(out, prefix_format(text, path->prefix), 22);
	buf_printf(out, " %-10" PRIu32 " ", member ? member->asn.number : 0);
	if (q->refused) {
		view_reasons_line(&words, path->reasons);
		buf_u8(&words, 0);
		if (!words.failed)
			view_wrapped(out, (const char *)words.data, 36, 36);
	} else {
		view_cell(out, ip_format(next_hop, path->attrs.next_hop), 17);
		bgp_as_path_text(&words, path->attrs.as_path);
		buf_u8(&words, 0);
		if (!words.failed) {
			buf_str(out, " ");
			view_cell(out, (const char *)words.data, 25);
		}
		view_end_line(out);
	}
	buf_fini(&words);
}

static void
row_csv(const struct exchange *x, struct buf *out, const struct rib_path_view *path)
{
	char text[PREFIX_TEXT], next_hop[IP_TEXT];
	struct buf words = {0};
	const struct hub_member *member = view_member_of_slot(x, path->slot);
	buf_printf(out, "%s,%" PRIu32 ",", prefix_format(text, path->prefix),
		   member ? member->asn.number : 0);
	view_csv_field(out, member ? member->name : "");
	buf_printf(out, ",%s,%s,", path->best ? "yes" : "no",
		   ip_format(next_hop, path->attrs.next_hop));
	bgp_as_path_text(out, path->attrs.as_path);
	buf_str(out, ",");
	view_reasons_line(&words, path->reasons);
	buf_u8(&words, 0);
	view_csv_field(out, words.failed ? "" : (const char *)words.data);
	buf_fini(&words);
	buf_str(out, "\r\n");
}

static void
row(struct list *q, const struct exchange *x, struct buf *out, const struct rib_path_view *path)
{
	if (q->other) {
		q->other->row(out, x, path, q->first);
	} else if (q->form == VIEW_JSON) {
		/* Each row is written as a value of its own: the writer of the list is long gone when the next
		 * piece is asked for. */
		struct json j = json_to(out);
		buf_str(out, q->first ? "" : ",");
		view_path_json(&j, x, path);
	} else if (q->form == VIEW_CSV) {
		row_csv(x, out, path);
	} else {
		row_text(q, x, out, path);
	}
	q->first = false;
}

/* --- pieces --- */

static void
head(struct list *q, const struct exchange *x, struct buf *out)
{
	if (q->other) {
		q->other->head(out, x);
	} else if (q->form == VIEW_JSON) {
		buf_str(out, "{\"routes\":[");
	} else if (q->form == VIEW_CSV) {
		buf_str(out, "prefix,member_asn,member_name,best,next_hop,as_path,reasons\r\n");
	} else if (q->refused) {
		buf_str(out, "  PREFIX                 AS         REFUSED BECAUSE\n");
	} else {
		buf_str(out, "  PREFIX                 AS         NEXT HOP          PATH\n");
	}
	q->opened = true;
}

static void
foot(struct list *q, const struct exchange *x, struct buf *out)
{
	q->ended = true;
	if (q->other) {
		q->other->foot(out, x);
	} else if (q->form == VIEW_JSON) {
		buf_printf(out, "],\"total\":%" PRIu64 ",\"truncated\":%s}\n", q->listed,
			   q->truncated ? "true" : "false");
	} else if (q->form == VIEW_TEXT) {
		char after[PREFIX_TEXT];
		buf_printf(out, "\n%" PRIu64 " route%s%s\n", q->listed, q->listed == 1 ? "" : "s",
			   q->refused ? " refused" : "");
		if (q->truncated)
			buf_printf(out, "there are more: go on with `after %s`\n",
				   prefix_format(after, q->after));
		if (q->refused && q->listed)
			buf_str(out,
				"what was found and what mends it: `explain PREFIX from AS`\n");
	}
}

/* Narrowed to a session where the member has but one: that is cheap for the table. */
static struct rib_filter
filter_of(const struct asked *asked)
{
	const struct list *q = asked->q;
	const struct hub *hub = exchange_hub(asked->x);
	struct rib_filter filter = {.slot = -1,
				    .accepted = !q->refused,
				    .refused = q->refused,
				    .in_path = q->in_path,
				    .within = q->within,
				    .also = is_wanted,
				    .context = asked};
	uint32_t index = q->all_members ? HUB_NONE : hub_member_by_asn(hub, q->member);
	if (q->other && q->wish.session != HUB_NONE)
		filter.slot = exchange_slot_of(asked->x, q->wish.session);
	if (index != HUB_NONE && hub->members[index].session_count == 1)
		filter.slot = exchange_slot_of(asked->x, hub->members[index].first_session);
	return filter;
}

/* The paths of one prefix. False when the limit was reached before it: then nothing of it was written. */
static bool
prefix_rows(struct list *q, const struct exchange *x, struct buf *out, struct prefix prefix)
{
	struct rib_path_view paths[PATHS_MAX];
	size_t count = rib_paths(exchange_rib(x, q->family), prefix, paths, PATHS_MAX);
	struct asked asked = {q, x};
	struct rib_filter filter = filter_of(&asked);
	for (size_t i = 0; i < count && i < PATHS_MAX; i++) {
		if (!rib_filter_likes(&filter, &paths[i]))
			continue;
		/* The paths of a prefix stay together, so that `after` can go on behind it. */
		if (q->listed >= q->limit && !prefix_equal(q->after, prefix)) {
			q->truncated = true;
			return false;
		}
		row(q, x, out, &paths[i]);
		q->listed++;
		q->after = prefix;
	}
	return true;
}

/* Looks for the next prefixes, for a while. */
static void
search(struct list *q, const struct exchange *x)
{
	struct asked asked = {q, x};
	struct rib_filter filter = filter_of(&asked);
	const struct prefix *after = q->reached.ip.family == q->family ? &q->reached : NULL;
	q->searching =
		rib_search(exchange_rib(x, q->family), &filter, after, &q->search, VIEW_STRETCH);
}

/* Those found are listed: the next ones, then the other family. False when that was all. */
static bool
search_on(struct list *q)
{
	bool more = q->search.count == q->search.max;
	if (more)
		q->reached = q->search.found[q->search.count - 1];
	else if (q->family == IP_V4 && !q->only_family)
		q->family = IP_V6;
	else
		return false;
	q->search.count = q->search.at = q->next = 0;
	q->searching = true;
	return true;
}

static bool
next_piece(struct view_exchange_rest *rest, struct exchange *x, struct buf *out)
{
	struct list *q = (struct list *)rest;
	if (q->ended)
		return false;
	if (!q->opened)
		head(q, x, out);
	if (q->searching) {
		search(q, x);
		return true;
	}
	size_t before = out->length;
	while (q->next < q->search.count && !q->truncated && out->length - before < PIECE)
		if (prefix_rows(q, x, out, q->search.found[q->next]))
			q->next++;
	if (q->truncated || (q->next == q->search.count && !search_on(q)))
		foot(q, x, out);
	return true;
}

static void
list_free(struct view_exchange_rest *rest)
{
	struct list *q = (struct list *)rest;
	free(q->search.found);
	free(q);
}

/* Room for the prefixes that are found at a time: one more than will be listed, to know whether there are more. */
static bool
make_room(struct list *q)
{
	q->search.max = q->limit < FOUND_MAX ? q->limit + 1 : FOUND_MAX;
	q->search.found = malloc(q->search.max * sizeof(*q->search.found));
	return q->search.found != NULL;
}

static struct list *
new_list(void)
{
	struct list *q = calloc(1, sizeof(*q));
	if (!q)
		return NULL;
	q->rest = (struct view_exchange_rest){next_piece, list_free};
	q->all_members = q->first = q->searching = true;
	q->family = IP_V4;
	q->limit = LIMIT_DEFAULT;
	return q;
}

int
view_routes(struct view_exchange_rest **rest, const struct exchange *x, enum view_form form,
	    const char *const *words, size_t count, struct view_complaint *complaint)
{
	struct list *q = new_list();
	if (!q)
		return view_complain(complaint, 500, "out of memory");
	q->form = form;
	q->refused = words[0][0] == 'f';
	bool understood = read_question(q, x, words + 1, count - 1, complaint) == 0;
	if (!understood || !make_room(q)) {
		list_free(&q->rest);
		return understood ? view_complain(complaint, 500, "out of memory") : -1;
	}
	*rest = &q->rest;
	return 0;
}

int
view_list(struct view_exchange_rest **rest, const struct view_list_form *form,
	  const struct view_list_wish *wish)
{
	struct list *q = new_list();
	if (!q)
		return -1;
	q->other = form;
	q->wish = *wish;
	q->refused = wish->refused;
	q->limit = UINT64_MAX;
	q->family = wish->family == IP_V6 ? IP_V6 : IP_V4;
	q->only_family = wish->family == IP_V4;
	if (!make_room(q)) {
		list_free(&q->rest);
		return -1;
	}
	*rest = &q->rest;
	return 0;
}
