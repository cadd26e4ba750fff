/* Civil time of a place.
 *
 * A TZif file (RFC 9636 section 3) has a block with times of 32 bits for old readers, and from
 * version 2 on one with 64 bits, and then the rule for the years after, in newlines:
 *
 *   header, block of version 1 | header, block of version 2 | \n rule \n
 *
 * Both blocks have the same parts in the same order; only the times differ in width. */
#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/zone_rule.h"

enum {
	HOUR_S = 3600,
	DAY_S = 86400,
	OFFSET_MAX_S = 26 * HOUR_S, /* RFC 9636 section 3.2: those of real clocks are smaller */
};

struct zone {
	const char *name;
	size_t count;        /* changes */
	const int64_t *at;   /* rising */
	const int32_t *then; /* the offset from then on */
	int32_t before;      /* and before all of them */
	bool ruled;          /* the rule holds after the last change */
	struct zone_rule rule;
};

bool
zone_name_is_good(const char *name)
{
	size_t length = strlen(name);
	if (!length || length > ZONE_NAME_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool slash = name[i] == '/';
		bool edge = i == 0 || i + 1 == length || name[i + 1] == '/';
		if (slash ? edge : !isalnum((unsigned char)name[i]) && !strchr("+-_", name[i]))
			return false;
	}
	return true;
}

/* How many of each part a block has. */
struct header {
	uint8_t version;
	uint32_t isut, isstd, leap, times, types, chars;
};

static bool
read_header(struct cursor *c, struct header *out)
{
	const uint8_t *magic = cursor_take(c, 4);
	bool good = magic && memcmp(magic, "TZif", 4) == 0;
	out->version = cursor_u8(c);
	cursor_skip(c, 15);
	out->isut = cursor_u32(c);
	out->isstd = cursor_u32(c);
	out->leap = cursor_u32(c);
	out->times = cursor_u32(c);
	out->types = cursor_u32(c);
	out->chars = cursor_u32(c);
	return good && !c->failed;
}

static size_t
block_octets(const struct header *h, size_t width)
{
	return (size_t)h->times * (width + 1) + (size_t)h->types * 6 + h->chars +
	       (size_t)h->leap * (width + 4) + h->isstd + h->isut;
}

static bool
is_offset(int32_t offset_s)
{
	return offset_s > -OFFSET_MAX_S && offset_s < OFFSET_MAX_S;
}

static const char no_memory[] = "there is no memory";

/* The offsets of the kinds of time that the block has. */
static const char *
read_types(struct cursor types, const struct header *h, int32_t offsets[256])
{
	for (uint32_t i = 0; i < h->types; i++) {
		offsets[i] = (int32_t)cursor_u32(&types);
		cursor_skip(&types, 2);
		if (!is_offset(offsets[i]))
			return "an offset is more than a day";
	}
	return NULL;
}

/* Reads the block into the zone. NULL, or what is wrong. */
static const char *
read_block(struct zone *zone, struct arena *arena, struct cursor *c, const struct header *h,
	   size_t width)
{
	if (h->leap)
		return "it counts leap seconds";
	if (!h->types || h->types > 256)
		return "it has no kinds of time";
	if (block_octets(h, width) > cursor_left(c))
		return "it ends too early";
	struct cursor times = cursor_sub(c, (size_t)h->times * width);
	struct cursor kinds = cursor_sub(c, h->times);
	struct cursor types = cursor_sub(c, (size_t)h->types * 6);
	cursor_skip(c, (size_t)h->chars + h->isstd + h->isut);
	int32_t offsets[256];
	const char *fault = read_types(types, h, offsets);
	if (fault)
		return fault;
	int64_t *at = arena_take(arena, ((size_t)h->times + 1) * sizeof(*at));
	int32_t *then = arena_take(arena, ((size_t)h->times + 1) * sizeof(*then));
	if (!at || !then)
		return no_memory;
	for (uint32_t i = 0; i < h->times; i++) {
		at[i] = width == 8 ? (int64_t)cursor_u64(&times)
				   : (int64_t)(int32_t)cursor_u32(&times);
		uint8_t kind = cursor_u8(&kinds);
		if (kind >= h->types)
			return "a change is to no kind of time";
		if (i && at[i] <= at[i - 1])
			return "its changes are not in order";
		then[i] = offsets[kind];
	}
	zone->count = h->times;
	zone->at = at;
	zone->then = then;
	zone->before = offsets[0]; /* section 3.2: type 0 before the first change */
	return NULL;
}

/* "\nPKT-5\n"; nothing between the newlines: no rule, the last offset stays. */
static const char *
read_footer(struct zone *zone, struct cursor *c)
{
	if (cursor_u8(c) != '\n')
		return "its rule is missing";
	size_t length = cursor_left(c);
	const uint8_t *text = cursor_take(c, length);
	const uint8_t *end = text ? memchr(text, '\n', length) : NULL;
	if (!end)
		return "its rule has no end";
	zone->ruled = end > text;
	if (!zone->ruled)
		return NULL;
	if (!zone_rule_read(&zone->rule, (const char *)text, (size_t)(end - text)))
		return "its rule makes no sense";
	if (!is_offset(zone->rule.standard_s) || !is_offset(zone->rule.saving_s))
		return "an offset is more than a day";
	return NULL;
}

static const char *
read_file(struct zone *zone, struct arena *arena, struct cursor *c)
{
	struct header h;
	if (!read_header(c, &h))
		return "it is no TZif file";
	if (h.version == 0)
		return read_block(zone, arena, c, &h, 4);
	cursor_skip(c, block_octets(&h, 4));
	if (!read_header(c, &h))
		return "it ends too early";
	const char *fault = read_block(zone, arena, c, &h, 8);
	return fault ? fault : read_footer(zone, c);
}

const struct zone *
zone_read(struct arena *arena, const char *name, const void *octets, size_t length,
	  char complaint[ZONE_COMPLAINT])
{
	struct zone *zone = arena_take(arena, sizeof(*zone));
	const char *copy = arena_str(arena, name);
	struct cursor c = cursor_of(octets, length);
	const char *fault = zone && copy ? NULL : no_memory;
	if (!fault && length > ZONE_FILE_MAX)
		fault = "it is too large";
	if (!fault)
		fault = read_file(zone, arena, &c);
	if (fault) {
		(void)snprintf(complaint, ZONE_COMPLAINT, "%s", fault);
		return NULL;
	}
	zone->name = copy;
	return zone;
}

const char *
zone_name(const struct zone *zone)
{
	return zone ? zone->name : "UTC";
}

/* How many changes of the table are not after `at`. */
static size_t
changes_until(const struct zone *zone, struct utc_s at)
{
	size_t low = 0, high = zone->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->at[middle] <= at.s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t
zone_offset_s(const struct zone *zone, struct utc_s at)
{
	if (!zone)
		return 0;
	size_t past = changes_until(zone, at);
	if (past == zone->count && zone->ruled)
		return zone_rule_offset_s(&zone->rule, at);
	return past ? zone->then[past - 1] : zone->before;
}

struct utc_date
zone_date(const struct zone *zone, struct utc_s at)
{
	return utc_to_date((struct utc_s){at.s + zone_offset_s(zone, at)});
}

/* The first change after `from` and not after `to`, or `to`. */
static struct utc_s
next_change(const struct zone *zone, struct utc_s from, struct utc_s to)
{
	size_t past = changes_until(zone, from);
	if (past < zone->count)
		return zone->at[past] < to.s ? (struct utc_s){zone->at[past]} : to;
	if (!zone->ruled)
		return to;
	int last = utc_to_date(to).year + 1;
	for (int year = utc_to_date(from).year - 1; year <= last; year++) {
		struct utc_s at[2];
		size_t count = zone_rule_changes(&zone->rule, year, at);
		for (size_t i = 0; i < count; i++)
			if (at[i].s > from.s)
				return at[i].s < to.s ? at[i] : to;
	}
	return to;
}

struct utc_s
zone_moment(const struct zone *zone, struct utc_date civil)
{
	struct utc_s shown = utc_from_date(civil);
	if (!zone)
		return shown;
	/* Between two changes clocks run evenly: look at each such piece around the moment. */
	struct utc_s from = {shown.s - OFFSET_MAX_S}, end = {shown.s + OFFSET_MAX_S};
	while (from.s < end.s) {
		struct utc_s to = next_change(zone, from, end);
		struct utc_s at = {shown.s - zone_offset_s(zone, from)};
		if (at.s <= from.s)
			return from; /* the clocks were put over it */
		if (at.s < to.s)
			return at;
		from = to;
	}
	return end;
}

struct utc_s
zone_month_start(const struct zone *zone, int year, int month)
{
	return zone_moment(zone, (struct utc_date){.year = year, .month = month, .day = 1});
}

struct utc_s
zone_next_day(const struct zone *zone, struct utc_s at)
{
	struct utc_date date = zone_date(zone, at);
	struct utc_s next;
	/* Where clocks go back over midnight, a day's first moment lies before its predecessor's
	 * last ones. */
	do {
		date = (struct utc_date){
			.year = date.year, .month = date.month, .day = date.day + 1};
		next = zone_moment(zone, date);
	} while (next.s <= at.s);
	return next;
}

uint32_t
zone_days(const struct zone *zone, struct utc_s from, struct utc_s to)
{
	uint32_t days = 0;
	for (; from.s < to.s; from = zone_next_day(zone, from))
		days++;
	return days;
}
