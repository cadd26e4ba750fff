/* Lists of routes, in pieces, and the looking glass. A list goes from prefix to prefix in order: it holds
 * a page of the next few thousand prefixes, and looks each up again when its turn comes, so that whatever
 * changes meanwhile is shown as it then is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum {
	PAGE = 8192,               /* prefixes looked for at a time: one pass over the table */
	PIECE = 64 * 1024,         /* octets */
	PATHS_MAX = RIB_SLOTS_MAX, /* of a prefix */
	LOOKING_GLASS_MAX = 1000,
};

struct view_exchange_more {
	enum view_exchange_form form;
	struct json json;
	struct rib_filter filter; /* without slots: they are found anew for each piece */
	bool by_member;
	struct asn member; /* what a member is known by when the picture changes */
	bool full;         /* the looking glass: everything about each path */
	uint64_t left;     /* routes that may still be shown */
	uint64_t shown;
	bool truncated, ended;
	enum ip_family family;
	bool has_after;
	struct prefix after;
	size_t page_count, page_at;
	struct prefix page[PAGE];
};

static void
skip_to(struct view_exchange_more *more, struct prefix after)
{
	more->family = (enum ip_family)after.ip.family;
	more->after = after;
	more->has_after = true;
}

/* --- words --- */

static int
read_limit(uint64_t *out, const char *text)
{
	char *end;
	if (text[0] < '0' || text[0] > '9')
		return -1;
	unsigned long long value = strtoull(text, &end, 10);
	if (*end)
		return -1;
	*out = value;
	return 0;
}

/* One pair of words. 0, or -1 with the complaint. */
static int
read_option(struct view_exchange_more *more, struct exchange *x, const char *word,
	    const char *value, struct view_exchange_complaint *complaint)
{
	struct prefix prefix;
	if (strcmp(word, "member") == 0) {
		uint32_t member = hub_member_by_name(exchange_hub(x), value);
		if (member == HUB_NONE)
			return view_exchange_complain(complaint, 404, "there is no member %.100s",
						      value);
		more->by_member = true;
		more->member = exchange_hub(x)->members[member].asn;
		return 0;
	}
	if (strcmp(word, "limit") == 0 && read_limit(&more->left, value) == 0)
		return 0;
	if (strcmp(word, "as") == 0 && asn_parse(&more->filter.in_path, value) == 0)
		return 0;
	if (strcmp(word, "after") == 0 && prefix_parse(&prefix, value) == 0) {
		skip_to(more, prefix);
		return 0;
	}
	if (strcmp(word, "in") == 0 && prefix_parse(&prefix, value) == 0) {
		more->filter.within = prefix;
		return 0;
	}
	return view_exchange_complain(complaint, 400,
				      "expected member, as, in, after or limit with its value, "
				      "found \"%.50s %.100s\"",
				      word, value);
}

/* --- pieces --- */

/* The bits of the member's sessions as the picture is now. */
static uint64_t *
member_slots(const struct view_exchange_more *more, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	uint64_t *bits = calloc(exchange_slots(x) / 64 + 1, sizeof(*bits));
	uint32_t index = hub_member_by_asn(hub, more->member);
	if (!bits || index == HUB_NONE)
		return bits;
	const struct hub_member *member = &hub->members[index];
	for (uint32_t i = 0; i < member->session_count; i++) {
		int slot = exchange_slot_of(x, member->first_session + i);
		if (slot >= 0)
			bits[slot / 64] |= (uint64_t)1 << slot % 64;
	}
	return bits;
}

/* The next page; false when there is none in either family. */
static bool
turn_page(struct view_exchange_more *more, struct exchange *x, const struct rib_filter *filter)
{
	for (;;) {
		more->page_at = 0;
		more->page_count =
			rib_prefixes(exchange_rib(x, more->family), filter,
				     more->has_after ? &more->after : NULL, more->page, PAGE);
		if (more->page_count) {
			more->after = more->page[more->page_count - 1];
			more->has_after = true;
			return true;
		}
		if (more->family == IP_V6)
			return false;
		more->family = IP_V6;
		more->has_after = false;
	}
}

static void
show_path(struct view_exchange_more *more, struct exchange *x, struct buf *out,
	  const struct rib_path_view *path)
{
	switch (more->form) {
	case VIEW_EXCHANGE_JSON:
		more->json.out = out;
		view_route_json(&more->json, x, path, more->full);
		break;
	case VIEW_EXCHANGE_CSV:
		view_route_csv(out, x, path);
		break;
	case VIEW_EXCHANGE_TEXT:
		view_route_line(out, x, path);
		break;
	}
	more->shown++;
}

static void
show_prefix(struct view_exchange_more *more, struct exchange *x, struct buf *out,
	    const struct rib_filter *filter, struct prefix prefix)
{
	struct rib *rib = exchange_rib(x, (enum ip_family)prefix.ip.family);
	struct rib_path_view few[16], *paths = few;
	size_t count = rib_paths(rib, prefix, few, 16);
	if (count > 16) {
		paths = malloc(count * sizeof(*paths));
		if (paths)
			rib_paths(rib, prefix, paths, count);
		else
			count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!rib_filter_likes(filter, &paths[i]))
			continue;
		if (!more->left) {
			more->truncated = true;
			break;
		}
		more->left--;
		show_path(more, x, out, &paths[i]);
	}
	if (paths != few)
		free(paths);
}

static void
begin(struct view_exchange_more *more, struct buf *out, bool refused)
{
	more->json = json_to(out);
	switch (more->form) {
	case VIEW_EXCHANGE_JSON:
		json_object(&more->json, NULL);
		json_array(&more->json, "routes");
		break;
	case VIEW_EXCHANGE_CSV:
		buf_str(out, "prefix,member,state,best,as_path,next_hop,reasons\n");
		break;
	case VIEW_EXCHANGE_TEXT:
		buf_printf(out, "  Prefix                   Member      For  %s\n",
			   refused ? "Why refused" : "AS path");
		break;
	}
}

static void
end(struct view_exchange_more *more, struct buf *out)
{
	more->ended = true;
	if (more->form == VIEW_EXCHANGE_JSON) {
		more->json.out = out;
		json_array_end(&more->json);
		if (more->truncated)
			json_null(&more->json, "total");
		else
			json_u64(&more->json, "total", more->shown);
		json_bool(&more->json, "truncated", more->truncated);
		json_object_end(&more->json);
	} else if (more->form == VIEW_EXCHANGE_TEXT && more->truncated) {
		char text[PREFIX_TEXT];
		struct prefix last = more->page[more->page_at ? more->page_at - 1 : 0];
		buf_printf(out, "There are more: add \"after %s\", or a larger limit\n",
			   prefix_format(text, last));
	} else if (more->form == VIEW_EXCHANGE_TEXT) {
		buf_printf(out, "%llu route%s\n", (unsigned long long)more->shown,
			   more->shown == 1 ? "" : "s");
	}
}

bool
view_exchange_next(struct view_exchange_more *more, struct exchange *x, struct buf *out)
{
	if (more->ended)
		return false;
	struct rib_filter filter = more->filter;
	uint64_t *slots = more->by_member ? member_slots(more, x) : NULL;
	filter.slots = slots;
	size_t start = out->length;
	bool any = !more->by_member || slots;
	while (any && !more->truncated && out->length - start < PIECE) {
		if (more->page_at == more->page_count && !turn_page(more, x, &filter)) {
			any = false;
			break;
		}
		show_prefix(more, x, out, &filter, more->page[more->page_at]);
		if (!more->truncated)
			more->page_at++;
	}
	free(slots);
	if (!any || more->truncated)
		end(more, out);
	return true;
}

void
view_exchange_more_free(struct view_exchange_more *more)
{
	free(more);
}

static struct view_exchange_more *
new_list(enum view_exchange_form form, bool accepted, bool refused)
{
	struct view_exchange_more *more = calloc(1, sizeof(*more));
	if (!more)
		return NULL;
	more->form = form;
	more->left = UINT64_MAX;
	more->family = IP_V4;
	more->filter.accepted = accepted;
	more->filter.refused = refused;
	return more;
}

/* The first piece, and the list itself if there is more to come. */
static void
start(struct view_exchange_more *list, struct view_exchange_more **more, struct exchange *x,
      struct buf *out)
{
	begin(list, out, !list->filter.accepted);
	(void)view_exchange_next(list, x, out);
	if (list->ended)
		view_exchange_more_free(list);
	else
		*more = list;
}

int
view_exchange_list(struct buf *out, struct view_exchange_more **more, struct exchange *x,
		   enum view_exchange_form form, const char *const *words, size_t count,
		   struct view_exchange_complaint *complaint)
{
	bool refused = strcmp(words[0], "filtered") == 0;
	struct view_exchange_more *list = new_list(form, !refused, refused);
	if (!list)
		return view_exchange_complain(complaint, 500, "out of memory");
	int result = 0;
	for (size_t i = 1; i + 1 < count && result == 0; i += 2)
		result = read_option(list, x, words[i], words[i + 1], complaint);
	if (result == 0 && count % 2 == 0)
		result = view_exchange_complain(complaint, 400, "\"%.100s\" needs a value",
						words[count - 1]);
	if (result) {
		view_exchange_more_free(list);
		return result;
	}
	start(list, more, x, out);
	return 0;
}

/* --- the looking glass --- */

/* All paths of one prefix, everything about each. */
static void
show_all_paths(struct buf *out, struct exchange *x, enum view_exchange_form form,
	       struct prefix prefix, struct prefix asked)
{
	struct rib *rib = exchange_rib(x, (enum ip_family)prefix.ip.family);
	size_t count = rib_paths(rib, prefix, NULL, 0);
	struct rib_path_view *paths = malloc((count + 1) * sizeof(*paths));
	if (!paths) {
		out->failed = true;
		return;
	}
	rib_paths(rib, prefix, paths, count);
	struct json j = json_to(out);
	char text[PREFIX_TEXT], text_asked[PREFIX_TEXT];
	if (form == VIEW_EXCHANGE_JSON) {
		json_object(&j, NULL);
		json_array(&j, "routes");
	} else {
		buf_printf(out, "%s, %zu path%s", prefix_format(text, prefix), count,
			   count == 1 ? "" : "s");
		if (!prefix_equal(prefix, asked))
			buf_printf(out, " (the longest match for %s)",
				   prefix_format(text_asked, asked));
		buf_str(out, "\n");
	}
	for (size_t i = 0; i < count; i++) {
		if (form == VIEW_EXCHANGE_JSON)
			view_route_json(&j, x, &paths[i], true);
		else
			view_route_text(out, x, &paths[i]);
	}
	if (form == VIEW_EXCHANGE_JSON) {
		json_array_end(&j);
		json_u64(&j, "total", count);
		json_bool(&j, "truncated", false);
		json_object_end(&j);
	}
	free(paths);
}

/* A prefix, or an address as the longest prefix there is. */
static bool
read_prefix(struct prefix *out, const char *text)
{
	struct ip ip;
	char address[IP_TEXT];
	if (prefix_parse(out, text) == 0)
		return true;
	if (ip_parse(&ip, text) == 0) {
		*out = prefix_of(ip, ip_bits((enum ip_family)ip.family));
		return true;
	}
	/* Host bits are forgiven where somebody only looks: 192.0.2.1/24. */
	const char *slash = strchr(text, '/');
	uint64_t length;
	if (!slash || (size_t)(slash - text) >= sizeof(address) || read_limit(&length, slash + 1))
		return false;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (ip_parse(&ip, address) || length > ip_bits((enum ip_family)ip.family))
		return false;
	*out = prefix_of(ip, (unsigned)length);
	return true;
}

/* The prefix itself if it is there; else the longest that covers it and is accepted; else any. */
static bool
find_prefix(struct prefix *out, struct exchange *x, struct prefix asked)
{
	struct rib *rib = exchange_rib(x, (enum ip_family)asked.ip.family);
	*out = asked;
	return rib_paths(rib, asked, NULL, 0) || rib_covering(rib, asked, true, out) ||
	       rib_covering(rib, asked, false, out);
}

static void
show_nothing(struct buf *out, enum view_exchange_form form, const char *query)
{
	if (form != VIEW_EXCHANGE_JSON) {
		buf_printf(out, "no route for %s\n", query);
		return;
	}
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "routes");
	json_array_end(&j);
	json_u64(&j, "total", 0);
	json_bool(&j, "truncated", false);
	json_object_end(&j);
}

int
view_exchange_route(struct buf *out, struct view_exchange_more **more, struct exchange *x,
		    enum view_exchange_form form, const char *query,
		    struct view_exchange_complaint *complaint)
{
	struct prefix asked, found;
	if (read_prefix(&asked, query)) {
		if (find_prefix(&found, x, asked))
			show_all_paths(out, x, form, found, asked);
		else
			show_nothing(out, form, query);
		return 0;
	}
	/* A member: what it announces. Any other AS: the paths that it is in. */
	uint32_t member = hub_member_by_name(exchange_hub(x), query);
	struct asn asn;
	bool number = asn_parse(&asn, query) == 0;
	if (member == HUB_NONE && !number)
		return view_exchange_complain(complaint, 400,
					      "expected a prefix, an address, an AS number or a "
					      "member, found \"%.100s\"",
					      query);
	struct view_exchange_more *list = new_list(form, true, true);
	if (!list)
		return view_exchange_complain(complaint, 500, "out of memory");
	list->full = true;
	list->left = LOOKING_GLASS_MAX;
	if (member != HUB_NONE) {
		list->by_member = true;
		list->member = exchange_hub(x)->members[member].asn;
	} else {
		list->filter.in_path = asn;
	}
	start(list, more, x, out);
	return 0;
}
