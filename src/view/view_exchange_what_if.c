/* What is different for whom in a world that is supposed: who hears which member's path now, and then. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_question.h"
#include "view/view_text.h"

/* What a member hears, now and then. */
struct difference {
	uint32_t member;
	uint32_t now, then; /* AS number of whose path; 0: none */
	bool edited;        /* the same path, sent otherwise */
};

static uint32_t
asn_of(const struct exchange *x, const struct view_way *ways, int at)
{
	if (at < 0)
		return 0;
	const struct hub_member *member = view_member_of_slot(x, ways[at].path.slot);
	return member ? member->asn.number : 0;
}

static bool
same_list(struct cursor a, struct cursor b)
{
	size_t length = cursor_left(&a);
	return length == cursor_left(&b) && (!length || memcmp(a.at, b.at, length) == 0);
}

/* Would both be sent alike? */
static bool
sent_alike(const struct view_worlds *w, int now, int then, unsigned slot)
{
	struct view_ways before = view_worlds_now(w), after = view_worlds_then(w);
	struct buf one = {0}, other = {0};
	struct bgp_attrs first, second;
	bool alike = view_ways_sent(&before, (size_t)now, slot, &first, &one) &&
		     view_ways_sent(&after, (size_t)then, slot, &second, &other) &&
		     same_list(first.as_path, second.as_path) &&
		     same_list(first.others, second.others) &&
		     same_list(first.communities, second.communities) &&
		     same_list(first.ext_communities, second.ext_communities) &&
		     same_list(first.large_communities, second.large_communities) &&
		     ip_equal(first.next_hop, second.next_hop) && first.has_med == second.has_med &&
		     (!first.has_med || first.med == second.med);
	buf_fini(&one);
	buf_fini(&other);
	return alike;
}

/* The member's session that hears the family; -1: none is up. */
static int
hearing_slot(const struct exchange *x, uint32_t member, enum ip_family family)
{
	const struct hub_member *m = &exchange_hub(x)->members[member];
	for (uint32_t i = m->first_session; i < m->first_session + m->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (slot >= 0 && view_slot_hears(x, (unsigned)slot, family))
			return slot;
	}
	return -1;
}

static struct difference
difference_for(const struct view_worlds *w, uint32_t member, unsigned slot)
{
	struct difference d = {.member = member};
	struct view_ways before = view_worlds_now(w), after = view_worlds_then(w);
	int now = view_ways_first(&before, slot);
	int then = view_ways_first(&after, slot);
	d.now = asn_of(w->x, w->now, now);
	d.then = asn_of(w->x, w->then, then);
	d.edited = now >= 0 && then >= 0 && d.now == d.then && !sent_alike(w, now, then, slot);
	return d;
}

static size_t
differences(const struct view_worlds *w, struct difference *out)
{
	size_t count = 0;
	for (uint32_t m = 0; m < exchange_hub(w->x)->member_count; m++) {
		int slot = hearing_slot(w->x, m, w->family);
		if (slot >= 0)
			out[count++] = difference_for(w, m, (unsigned)slot);
	}
	return count;
}

/* --- JSON --- */

static void
nullable_asn(struct json *j, const char *key, uint32_t asn)
{
	if (asn)
		json_u64(j, key, asn);
	else
		json_null(j, key);
}

static void
changes_json(struct json *j, const struct exchange *x, const struct difference *all, size_t count)
{
	size_t same = 0;
	json_array(j, "changes");
	for (size_t i = 0; i < count; i++) {
		if (all[i].now == all[i].then && !all[i].edited) {
			same++;
			continue;
		}
		const struct hub_member *member = &exchange_hub(x)->members[all[i].member];
		json_object(j, NULL);
		json_u64(j, "asn", member->asn.number);
		json_str(j, "name", member->name);
		nullable_asn(j, "now", all[i].now);
		nullable_asn(j, "then", all[i].then);
		json_bool(j, "edited", all[i].edited);
		json_object_end(j);
	}
	json_array_end(j);
	json_u64(j, "unchanged", same);
}

/* --- text --- */

static void
name_asn(struct buf *out, const struct exchange *x, uint32_t asn)
{
	uint32_t member = hub_member_by_asn(exchange_hub(x), (struct asn){asn});
	buf_printf(out, "AS%" PRIu32 "%s%s", asn, member == HUB_NONE ? "" : " ",
		   member == HUB_NONE ? "" : exchange_hub(x)->members[member].name);
}

/* "3 hear AS64501 Alpha instead of AS64502 Beta: " */
static void
kind_words(struct buf *out, const struct exchange *x, const struct difference *d, size_t alike)
{
	buf_printf(out, "%zu ", alike);
	if (d->edited) {
		buf_str(out, "would hear the path of ");
		name_asn(out, x, d->now);
		buf_str(out, " changed: ");
	} else if (!d->then) {
		buf_str(out, "would hear nothing, no longer ");
		name_asn(out, x, d->now);
		buf_str(out, ": ");
	} else {
		buf_str(out, "would hear ");
		name_asn(out, x, d->then);
		buf_str(out, d->now ? " instead of " : ", and hear");
		if (d->now)
			name_asn(out, x, d->now);
		buf_str(out, d->now ? ": " : " nothing now: ");
	}
}

static bool
same_kind(const struct difference *a, const struct difference *b)
{
	return a->now == b->now && a->then == b->then && a->edited == b->edited;
}

/* One line for each kind of difference, with the names of those it is about. */
static void
kind_text(struct buf *out, const struct exchange *x, const struct difference *all, size_t count,
	  size_t first)
{
	struct buf line = {0};
	size_t alike = 0;
	for (size_t i = first; i < count; i++)
		alike += same_kind(&all[i], &all[first]);
	kind_words(&line, x, &all[first], alike);
	const char *between = "";
	for (size_t i = first; i < count; i++) {
		if (!same_kind(&all[i], &all[first]))
			continue;
		buf_printf(&line, "%s%s", between, exchange_hub(x)->members[all[i].member].name);
		between = ", ";
	}
	buf_u8(&line, 0);
	buf_str(out, "    ");
	view_wrapped(out, line.failed ? "" : (const char *)line.data, 4, 8);
	buf_fini(&line);
}

static void
changes_text(struct buf *out, const struct exchange *x, const struct difference *all, size_t count)
{
	size_t same = 0;
	buf_str(out, "\n  What would change\n");
	for (size_t i = 0; i < count; i++) {
		bool seen = false;
		if (all[i].now == all[i].then && !all[i].edited) {
			same++;
			continue;
		}
		for (size_t k = 0; k < i && !seen; k++)
			seen = same_kind(&all[k], &all[i]);
		if (!seen)
			kind_text(out, x, all, count, i);
	}
	buf_printf(out, "    %zu member%s would notice nothing\n", same, same == 1 ? "" : "s");
}

void
view_explain_changes(struct buf *out, struct json *j, const struct view_worlds *worlds)
{
	struct difference *all = calloc(exchange_hub(worlds->x)->member_count + 1, sizeof(*all));
	if (!all) {
		out->failed = true;
		return;
	}
	size_t count = differences(worlds, all);
	if (j)
		changes_json(j, worlds->x, all, count);
	else
		changes_text(out, worlds->x, all, count);
	free(all);
}
