/* Communities as text and back, in all three forms (RFC 1997, 4360, 5668, 8092). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"

/* --- writing --- */

char *
view_ext_community(char out[VIEW_COMMUNITY_TEXT], uint64_t value)
{
	unsigned type = (unsigned)(value >> 56), subtype = (unsigned)(value >> 48 & 0xff);
	const char *name = subtype == 2 ? "rt" : subtype == 3 ? "ro" : NULL;
	unsigned high = (unsigned)(value >> 32 & 0xffff);
	uint32_t low = (uint32_t)value;
	if (name && (type & 0x3f) == 0) /* 2-octet AS: RFC 4360 section 3.1 */
		(void)snprintf(out, VIEW_COMMUNITY_TEXT, "%s:%u:%" PRIu32, name, high, low);
	else if (name && (type & 0x3f) == 1) /* IPv4 address: section 3.2 */
		(void)snprintf(out, VIEW_COMMUNITY_TEXT, "%s:%u.%u.%u.%u:%u", name,
			       (unsigned)(value >> 40 & 0xff), (unsigned)(value >> 32 & 0xff),
			       (unsigned)(value >> 24 & 0xff), (unsigned)(value >> 16 & 0xff),
			       (unsigned)(value & 0xffff));
	else if (name && (type & 0x3f) == 2) /* 4-octet AS: RFC 5668 */
		(void)snprintf(out, VIEW_COMMUNITY_TEXT, "%s:%" PRIu32 ":%u", name,
			       (uint32_t)(value >> 16 & 0xffffffff), (unsigned)(value & 0xffff));
	else
		(void)snprintf(out, VIEW_COMMUNITY_TEXT, "generic:%" PRIu32 ":%" PRIu32,
			       (uint32_t)(value >> 32), low);
	return out;
}

char *
view_community_text(char out[VIEW_COMMUNITY_TEXT], const struct view_community *community)
{
	struct cursor c = cursor_of(community->octets, community->length);
	uint32_t first, second;
	switch (community->form) {
	case VIEW_EXTENDED:
		return view_ext_community(out, cursor_u64(&c));
	case VIEW_LARGE:
		first = cursor_u32(&c);
		second = cursor_u32(&c);
		(void)snprintf(out, VIEW_COMMUNITY_TEXT, "%" PRIu32 ":%" PRIu32 ":%" PRIu32, first,
			       second, cursor_u32(&c));
		return out;
	default:
		first = cursor_u16(&c);
		(void)snprintf(out, VIEW_COMMUNITY_TEXT, "%" PRIu32 ":%u", first,
			       (unsigned)cursor_u16(&c));
		return out;
	}
}

static const struct {
	const char *key;
	uint8_t length;
} forms[] = {
	[VIEW_STANDARD] = {"communities", 4},
	[VIEW_EXTENDED] = {"ext_communities", 8},
	[VIEW_LARGE] = {"large_communities", 12},
};

static struct cursor
list_of(const struct bgp_attrs *attrs, int form)
{
	return form == VIEW_STANDARD   ? attrs->communities
	       : form == VIEW_EXTENDED ? attrs->ext_communities
				       : attrs->large_communities;
}

struct cursor *
view_community_list(struct bgp_attrs *attrs, const struct view_community *community)
{
	return community->form == VIEW_STANDARD   ? &attrs->communities
	       : community->form == VIEW_EXTENDED ? &attrs->ext_communities
						  : &attrs->large_communities;
}

bool
view_community_next(struct view_community *out, struct cursor *list, int form)
{
	*out = (struct view_community){.length = forms[form].length};
	out->form = form == VIEW_STANDARD   ? VIEW_STANDARD
		    : form == VIEW_EXTENDED ? VIEW_EXTENDED
					    : VIEW_LARGE;
	if (cursor_left(list) < out->length)
		return false;
	cursor_copy(list, out->octets, out->length);
	return true;
}

bool
view_community_is_in(const struct bgp_attrs *attrs, const struct view_community *community)
{
	struct cursor list = list_of(attrs, community->form);
	struct view_community one;
	while (view_community_next(&one, &list, community->form))
		if (memcmp(one.octets, community->octets, one.length) == 0)
			return true;
	return false;
}

void
view_communities_line(struct buf *out, const struct bgp_attrs *attrs)
{
	static const int order[] = {VIEW_STANDARD, VIEW_LARGE, VIEW_EXTENDED};
	char text[VIEW_COMMUNITY_TEXT];
	const char *between = "";
	for (size_t i = 0; i < 3; i++) {
		struct cursor list = list_of(attrs, order[i]);
		struct view_community one;
		while (view_community_next(&one, &list, order[i])) {
			buf_printf(out, "%s%s", between, view_community_text(text, &one));
			between = " ";
		}
	}
}

void
view_communities_json(struct json *j, const struct bgp_attrs *attrs)
{
	static const int order[] = {VIEW_STANDARD, VIEW_LARGE, VIEW_EXTENDED};
	char text[VIEW_COMMUNITY_TEXT];
	for (size_t i = 0; i < 3; i++) {
		struct cursor list = list_of(attrs, order[i]);
		struct view_community one;
		json_array(j, forms[order[i]].key);
		while (view_community_next(&one, &list, order[i]))
			json_str(j, NULL, view_community_text(text, &one));
		json_array_end(j);
	}
}

/* --- reading --- */

static const struct {
	const char *name;
	uint32_t value;
} well_known[] = {
	{"no-export", 0xffffff01},           {"no-advertise", 0xffffff02},
	{"no-export-subconfed", 0xffffff03}, {"blackhole", 0xffff029a}, /* RFC 7999 */
	{"graceful-shutdown", 0xffff0000},                              /* RFC 8326 */
};

static void
put(struct view_community *to, uint64_t value, unsigned octets)
{
	while (octets-- > 0)
		to->octets[to->length++] = (uint8_t)(value >> octets * 8);
}

/* Numbers between colons; how many, 0 if it is not that. */
static unsigned
numbers_of(const char *word, uint64_t numbers[3])
{
	unsigned count = 0;
	for (;;) {
		char *end;
		if (*word < '0' || *word > '9' || count == 3)
			return 0;
		numbers[count] = strtoull(word, &end, 10);
		if (numbers[count++] > UINT32_MAX || (*end && *end != ':'))
			return 0;
		if (!*end)
			return count;
		word = end + 1;
	}
}

/* "rt:64500:1", "ro:...", "generic:N:N". */
static bool
read_extended(struct view_community *out, const char *word)
{
	static const char *const names[] = {"rt:", "ro:", "soo:", "generic:"};
	static const uint8_t subtypes[] = {2, 3, 3, 0};
	uint64_t n[3];
	for (size_t i = 0; i < 4; i++) {
		size_t length = strlen(names[i]);
		if (strncmp(word, names[i], length) != 0)
			continue;
		if (numbers_of(word + length, n) != 2)
			return false;
		out->form = VIEW_EXTENDED;
		if (!subtypes[i]) {
			put(out, n[0], 4);
			put(out, n[1], 4);
			return true;
		}
		bool wide = n[0] > UINT16_MAX; /* RFC 5668 */
		put(out, wide ? 2 : 0, 1);
		put(out, subtypes[i], 1);
		put(out, n[0], wide ? 4 : 2);
		put(out, n[1], wide ? 2 : 4);
		return !wide || n[1] <= UINT16_MAX;
	}
	return false;
}

int
view_community_read(struct view_community *out, const char *word, struct view_complaint *complaint)
{
	uint64_t n[3];
	*out = (struct view_community){0};
	for (size_t i = 0; i < sizeof(well_known) / sizeof(well_known[0]); i++) {
		if (strcasecmp(word, well_known[i].name) != 0)
			continue;
		put(out, well_known[i].value, 4);
		return 0;
	}
	unsigned count = numbers_of(word, n);
	if (count == 2 && n[0] <= UINT16_MAX && n[1] <= UINT16_MAX) {
		put(out, n[0], 2);
		put(out, n[1], 2);
		return 0;
	}
	if (count == 3) {
		out->form = VIEW_LARGE;
		for (unsigned i = 0; i < 3; i++)
			put(out, n[i], 4);
		return 0;
	}
	if (read_extended(out, word))
		return 0;
	return view_complain(complaint, 400,
			     "%.60s is no community: expected 64500:1, 64500:1:2, rt:64500:1, or a "
			     "name such as no-export",
			     word);
}
