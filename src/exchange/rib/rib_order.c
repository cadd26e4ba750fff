/* The order of preference among the paths of a prefix (RFC 4271 section 9.1.2.2, as far as it
 * concerns a route server, which has neither LOCAL_PREF nor interior cost; those of the hub's own AS stand
 * behind, and there LOCAL_PREF counts before a), and d) external before internal sessions):
 *
 *   accepted before refused; not stale for long; preference of the verdict; a) fewer AS hops; b) lower origin; c) lower MED
 * among paths from the same neighbour AS; f) lower router id, or ORIGINATOR_ID, then fewer clusters (RFC 4456 section 9);
 * g) lower peer address.
 *
 * MED is compared only within a neighbour AS, which makes it no order of pairs. So the paths that
 * are equal up to b) are ordered as if the best were chosen, taken away, the next chosen, and so
 * on: within a neighbour AS by MED; among neighbours by whose head has the lower router id. A path
 * that stands behind a neighbour's head comes right after it if its own id is lower. Hence: order
 * by the highest id up to here within the neighbour AS, the *effective peer*. In a list so ordered
 * the effective peer of a path is the higher of its own and that of the path before it, so nothing
 * needs to be stored.
 *
 * The result does not depend on the order of arrival. */
#include <string.h>

#include "exchange/rib/rib_internal.h"

enum { GROUP_MAX = 64 };

static const struct rib_attrs *
attrs_of(const struct rib *rib, uint32_t path)
{
	return rib_attrs_at(&rib->attrs, rib_path_at(rib, path)->attrs);
}

/* Who brought a path into the hub's own AS, and through how many reflectors. */
struct bringer {
	uint32_t id;
	size_t clusters;
};

static struct bringer
bringer_of(const struct rib *rib, uint32_t path)
{
	const struct rib_peer *peer = &rib->sessions[rib_path_at(rib, path)->slot].peer;
	struct bgp_attrs attrs;
	if (!peer->internal)
		return (struct bringer){peer->router_id, 0};
	rib_attrs_view(&attrs, attrs_of(rib, path));
	return (struct bringer){attrs.has_originator ? attrs.originator : peer->router_id,
				cursor_left(&attrs.cluster_list)};
}

/* Steps d, f and g, with RFC 4456 section 9; then, among paths of one session, their identifiers. */
static int
compare_peers(const struct rib *rib, uint32_t a, uint32_t b)
{
	unsigned s = rib_path_at(rib, a)->slot, t = rib_path_at(rib, b)->slot;
	const struct rib_peer *x = &rib->sessions[s].peer, *y = &rib->sessions[t].peer;
	if (x->internal != y->internal)
		return x->internal ? 1 : -1;
	if (s != t || x->internal) {
		struct bringer v = bringer_of(rib, a), w = bringer_of(rib, b);
		if (v.id != w.id)
			return v.id < w.id ? -1 : 1;
		if (v.clusters != w.clusters)
			return v.clusters < w.clusters ? -1 : 1;
	}
	if (s == t) {
		uint32_t i = rib_path_id(rib, a), j = rib_path_id(rib, b);
		return i == j ? 0 : i < j ? -1 : 1;
	}
	int by_address = ip_compare(x->address, y->address);
	return by_address ? by_address : s < t ? -1 : 1;
}

/* Acceptance, age, preference, and steps a and b. */
static int
compare_class(const struct rib *rib, uint32_t a, uint32_t b)
{
	const struct rib_path *p = rib_path_at(rib, a), *q = rib_path_at(rib, b);
	int refused = rib_path_refused(p) - rib_path_refused(q);
	if (refused)
		return refused;
	int late = rib_mark_at(rib, p->mark)->late - rib_mark_at(rib, q->mark)->late;
	if (late)
		return late;
	const struct rib_attrs *x = attrs_of(rib, a), *y = attrs_of(rib, b);
	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	if (x->preference == RIB_TRANSIT) {
		uint32_t v = rib_verdict_at(rib, x->verdict)->local_pref;
		uint32_t w = rib_verdict_at(rib, y->verdict)->local_pref;
		if (v != w)
			return v > w ? -1 : 1;
	}
	if (x->hops != y->hops)
		return x->hops < y->hops ? -1 : 1;
	return x->origin - y->origin;
}

bool
rib_order_equal(const struct rib *rib, uint32_t a, uint32_t b)
{
	const struct rib_attrs *x = attrs_of(rib, a), *y = attrs_of(rib, b);
	return compare_class(rib, a, b) == 0 && (x->first_as != y->first_as || x->med == y->med);
}

/* Step c, then f and g: the order within a neighbour AS. */
static bool
before_in_group(const struct rib *rib, uint32_t a, uint32_t b)
{
	const struct rib_attrs *x = attrs_of(rib, a), *y = attrs_of(rib, b);
	if (x->med != y->med)
		return x->med < y->med;
	return compare_peers(rib, a, b) < 0;
}

static uint32_t *
link_at(struct rib *rib, uint32_t prefix, uint32_t before)
{
	return before ? &rib_path_at(rib, before)->next : &rib_prefix_at(rib, prefix)->paths;
}

/* Puts `path` after `before` (0: first). */
static void
link_after(struct rib *rib, uint32_t prefix, uint32_t before, uint32_t path)
{
	uint32_t *link = link_at(rib, prefix, before);
	rib_path_at(rib, path)->next = *link ? *link : RIB_END | prefix;
	*link = path;
}

static void
unlink_path(struct rib *rib, uint32_t prefix, uint32_t path)
{
	uint32_t *link = &rib_prefix_at(rib, prefix)->paths;
	while (*link != path)
		link = &rib_path_at(rib, *link)->next;
	uint32_t next = rib_path_at(rib, path)->next;
	bool only = link == &rib_prefix_at(rib, prefix)->paths && next & RIB_END;
	*link = only ? 0 : next;
	rib_path_at(rib, path)->next = RIB_END | prefix; /* so that its home is still known */
}

/* Puts the path among those of its class. `floor` is the path of the highest peer of its group
 * before it, or 0. */
static void
place(struct rib *rib, uint32_t prefix, uint32_t path, uint32_t floor)
{
	uint32_t effective = floor && compare_peers(rib, floor, path) > 0 ? floor : path;
	uint32_t before = 0, at = rib_prefix_at(rib, prefix)->paths;
	while (at && compare_class(rib, at, path) < 0) {
		before = at;
		at = rib_path_next(rib_path_at(rib, at));
	}
	uint32_t highest = 0; /* effective peer of the path looked at */
	for (; at && compare_class(rib, at, path) == 0; at = rib_path_next(rib_path_at(rib, at))) {
		if (!highest || compare_peers(rib, at, highest) > 0)
			highest = at;
		if (compare_peers(rib, highest, effective) > 0)
			break;
		before = at;
	}
	link_after(rib, prefix, before, path);
}

/* Takes the paths of the same class and neighbour AS out of the list; returns how many. More than
 * GROUP_MAX of one neighbour stay where they are: a member with so many sessions loses nothing but
 * the fine point of MED among them. */
static size_t
take_group(struct rib *rib, uint32_t prefix, uint32_t path, uint32_t group[GROUP_MAX])
{
	size_t count = 0;
	uint32_t neighbour = attrs_of(rib, path)->first_as;
	uint32_t at = rib_prefix_at(rib, prefix)->paths;
	while (at && count < GROUP_MAX - 1) {
		uint32_t next = rib_path_next(rib_path_at(rib, at));
		if (attrs_of(rib, at)->first_as == neighbour && compare_class(rib, at, path) == 0) {
			unlink_path(rib, prefix, at);
			group[count++] = at;
		}
		at = next;
	}
	return count;
}

static void
place_group(struct rib *rib, uint32_t prefix, uint32_t *group, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t path = group[i];
		size_t j = i;
		for (; j > 0 && before_in_group(rib, path, group[j - 1]); j--)
			group[j] = group[j - 1];
		group[j] = path;
	}
	uint32_t floor = 0;
	for (size_t i = 0; i < count; i++) {
		place(rib, prefix, group[i], floor);
		if (!floor || compare_peers(rib, group[i], floor) > 0)
			floor = group[i];
	}
}

void
rib_order_insert(struct rib *rib, uint32_t prefix, uint32_t path)
{
	if (!rib_prefix_at(rib, prefix)->paths) {
		link_after(rib, prefix, 0, path);
		return;
	}
	uint32_t group[GROUP_MAX];
	size_t count = take_group(rib, prefix, path, group);
	group[count++] = path;
	place_group(rib, prefix, group, count);
}

void
rib_order_remove(struct rib *rib, uint32_t prefix, uint32_t path)
{
	unlink_path(rib, prefix, path);
	if (!rib_prefix_at(rib, prefix)->paths)
		return;
	uint32_t group[GROUP_MAX];
	size_t count = take_group(rib, prefix, path, group);
	place_group(rib, prefix, group, count);
}
