/* The candidate paths of steering as bytes, and back.
 *
 * Sealed (base/sealed.h) as "SRSQ". A table is a count (u32) and its rows; text is a length (u16) and octets; an
 * address is its length (u8: 0, 4 or 16) and octets. Where the hops of a path begin is not written. */
#include "hub/steer_sr.h"

#include <assert.h>
#include <string.h>

#include "base/sealed.h"

static const struct sealed_kind kind = {0x53525351, 2, 2, 0}; /* "SRSQ" */

enum {
	PATH_ROW = 2 + 1 + 4 + 1 + 4 + 4 + 1, /* octets, at least: they bound a count */
	HOP_ROW = 4 + 1,
	LABEL_MIN = 16,
	LABEL_MAX = 0xfffff,
};

static bool
same_policy(const struct steer_sr_path *a, const struct steer_sr_path *b)
{
	return strcmp(a->session, b->session) == 0 && ip_equal(a->headend, b->headend) &&
	       a->color == b->color && ip_equal(a->endpoint, b->endpoint);
}

bool
steer_sr_is_beside(const struct steer_sr_plan *plan, size_t path)
{
	return path && same_policy(&plan->paths[path - 1], &plan->paths[path]) &&
	       plan->paths[path - 1].preference == plan->paths[path].preference;
}

bool
steer_sr_is_backup(const struct steer_sr_plan *plan, size_t path)
{
	return path && same_policy(&plan->paths[path - 1], &plan->paths[path]) &&
	       plan->paths[path - 1].preference != plan->paths[path].preference;
}

static const char *
check_path(const struct steer_sr_path *path)
{
	size_t length = path->session ? strlen(path->session) : 0;
	if (!length || length > STEER_SR_TEXT_MAX)
		return "a name is missing or too long";
	if (path->headend.family != IP_NONE && path->headend.family != IP_V4)
		return "a head-end that is no IPv4 address";
	if (path->endpoint.family == IP_NONE)
		return "a path without an end";
	if (!path->hop_count || path->hop_count > STEER_SR_HOPS_MAX)
		return "a path of no hops, or too many";
	if (!path->weight)
		return "a list without weight";
	return NULL;
}

const char *
steer_sr_check(const struct steer_sr_plan *plan)
{
	size_t hop = 0, lists = 0;
	if (!plan->number)
		return "no number";
	if (plan->path_count > STEER_SR_PATHS_MAX)
		return "too many paths";
	for (size_t i = 0; i < plan->path_count; i++) {
		const struct steer_sr_path *path = &plan->paths[i];
		const char *wrong = check_path(path);
		if (wrong)
			return wrong;
		lists = steer_sr_is_beside(plan, i) ? lists + 1 : 1;
		if (lists > STEER_SR_LISTS_MAX)
			return "too many lists of a path";
		if (path->first_hop != hop || path->hop_count > plan->hop_count - hop)
			return "hops out of order";
		hop += path->hop_count;
	}
	for (size_t i = 0; i < plan->hop_count; i++) {
		const struct steer_sr_hop *one = &plan->hops[i];
		bool label = one->label >= LABEL_MIN && one->label <= LABEL_MAX;
		if (one->label ? !label || one->sid.family != IP_NONE : one->sid.family != IP_V6)
			return "a hop that is neither a label nor a SID";
	}
	return hop == plan->hop_count ? NULL : "hops that belong to no path";
}

/* --- out --- */

static void
put_ip(struct buf *out, struct ip ip)
{
	size_t octets = ip.family == IP_NONE ? 0 : ip_bits((enum ip_family)ip.family) / 8;
	buf_u8(out, (uint8_t)octets);
	buf_put(out, ip.octets, octets);
}

void
steer_sr_encode(const struct steer_sr_plan *plan, struct buf *out)
{
	assert(!steer_sr_check(plan));
	size_t start = sealed_begin(out, &kind, 0);
	buf_u64(out, plan->number);
	buf_u64(out, (uint64_t)plan->good_until.s);
	buf_u32(out, (uint32_t)plan->path_count);
	for (size_t i = 0; i < plan->path_count; i++) {
		const struct steer_sr_path *path = &plan->paths[i];
		buf_text(out, path->session);
		put_ip(out, path->headend);
		buf_u32(out, path->color);
		put_ip(out, path->endpoint);
		buf_u32(out, path->preference);
		buf_u32(out, path->weight);
		buf_u8(out, (uint8_t)path->hop_count);
	}
	buf_u32(out, (uint32_t)plan->hop_count);
	for (size_t i = 0; i < plan->hop_count; i++) {
		buf_u32(out, plan->hops[i].label);
		put_ip(out, plan->hops[i].sid);
	}
	sealed_end(out, start);
}

/* --- in --- */

static struct ip
take_ip(struct cursor *in)
{
	size_t length = cursor_u8(in);
	const uint8_t *octets = cursor_take(in, length);
	struct ip ip = {0};
	if (octets && length == 16)
		return ip_v6(octets);
	if (!octets || (length && length != 4)) {
		cursor_fail(in);
		return ip;
	}
	if (length)
		ip = ip_v4((uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
			   (uint32_t)octets[2] << 8 | octets[3]);
	return ip;
}

static void *
take_table(struct cursor *in, struct arena *arena, size_t *count, size_t row, size_t size)
{
	size_t rows = cursor_u32(in);
	if (rows > cursor_left(in) / row)
		cursor_fail(in);
	void *table = in->failed ? NULL : arena_take(arena, rows * size + 1);
	if (!table)
		cursor_fail(in);
	*count = table ? rows : 0;
	return table;
}

static const char *
take_text(struct cursor *in, struct arena *arena)
{
	size_t length = cursor_u16(in);
	const uint8_t *octets = cursor_take(in, length);
	bool sound = octets && !(length && memchr(octets, 0, length));
	const char *text = sound ? arena_copy(arena, octets, length) : NULL;
	if (!text)
		cursor_fail(in);
	return text;
}

static void
take_paths(struct cursor *in, struct arena *arena, struct steer_sr_plan *plan)
{
	uint32_t first = 0;
	plan->paths = take_table(in, arena, &plan->path_count, PATH_ROW, sizeof(*plan->paths));
	for (size_t i = 0; i < plan->path_count && !in->failed; i++) {
		struct steer_sr_path *path = &plan->paths[i];
		path->session = take_text(in, arena);
		path->headend = take_ip(in);
		path->color = cursor_u32(in);
		path->endpoint = take_ip(in);
		path->preference = cursor_u32(in);
		path->weight = cursor_u32(in);
		path->first_hop = first;
		path->hop_count = cursor_u8(in);
		first += path->hop_count;
		if (first > STEER_SR_PATHS_MAX * STEER_SR_HOPS_MAX)
			cursor_fail(in);
	}
}

int
steer_sr_decode(struct steer_sr_plan *out, struct arena *arena, struct cursor bytes,
		const char **error)
{
	struct sealed sealed = sealed_open(&kind, bytes);
	struct cursor in = sealed.body;
	if (in.failed) {
		*error = "no plan, or not whole";
		return -1;
	}
	struct steer_sr_plan plan = {.number = cursor_u64(&in),
				     .good_until = {(int64_t)cursor_u64(&in)}};
	take_paths(&in, arena, &plan);
	plan.hops = take_table(&in, arena, &plan.hop_count, HOP_ROW, sizeof(*plan.hops));
	for (size_t i = 0; i < plan.hop_count && !in.failed; i++) {
		plan.hops[i].label = cursor_u32(&in);
		plan.hops[i].sid = take_ip(&in);
	}
	*error = in.failed || cursor_left(&in) ? "cut off, or more than a plan"
					       : steer_sr_check(&plan);
	if (*error)
		return -1;
	*out = plan;
	return 0;
}

/* --- comparing --- */

static bool
same_path(const struct steer_sr_path *a, const struct steer_sr_path *b)
{
	return same_policy(a, b) && a->preference == b->preference && a->weight == b->weight &&
	       a->hop_count == b->hop_count;
}

bool
steer_sr_same(const struct steer_sr_plan *a, const struct steer_sr_plan *b)
{
	if (a->path_count != b->path_count || a->hop_count != b->hop_count)
		return false;
	for (size_t i = 0; i < a->path_count; i++)
		if (!same_path(&a->paths[i], &b->paths[i]))
			return false;
	for (size_t i = 0; i < a->hop_count; i++)
		if (a->hops[i].label != b->hops[i].label ||
		    !ip_equal(a->hops[i].sid, b->hops[i].sid))
			return false;
	return true;
}
