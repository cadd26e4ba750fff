/* Choosing among entries. */
#include "exchange/monitor/mrt_filter.h"

#include <ctype.h>
#include <stdlib.h>

int
mrt_community_parse(struct mrt_community *out, const char *text)
{
	struct mrt_community c = {0};
	for (;;) {
		if (c.fields == 3)
			return -1;
		char *end = (char *)text + 1;
		c.any[c.fields] = *text == '*';
		if (!c.any[c.fields]) {
			if (!isdigit((unsigned char)*text))
				return -1;
			unsigned long long value = strtoull(text, &end, 10);
			if (value > UINT32_MAX)
				return -1;
			c.values[c.fields] = (uint32_t)value;
		}
		c.fields++;
		if (*end != ':') {
			text = end;
			break;
		}
		text = end + 1;
	}
	if (*text || c.fields < 2)
		return -1;
	for (unsigned i = 0; i < 2 && c.fields == 2; i++)
		if (c.values[i] > UINT16_MAX)
			return -1;
	*out = c;
	return 0;
}

static bool
holds_community(const struct mrt_attrs *attrs, const struct mrt_community *wanted)
{
	bool large = wanted->fields == 3;
	struct cursor list = large ? attrs->large_communities : attrs->communities;
	while (cursor_left(&list)) {
		bool same = true;
		for (unsigned i = 0; i < wanted->fields; i++) {
			uint32_t value = large ? cursor_u32(&list) : cursor_u16(&list);
			same &= wanted->any[i] || value == wanted->values[i];
		}
		if (same)
			return true;
	}
	return false;
}

static bool
path_holds(struct cursor path, struct asn asn)
{
	while (cursor_left(&path)) {
		cursor_skip(&path, 1);
		unsigned count = cursor_u8(&path);
		for (unsigned i = 0; i < count; i++)
			if (cursor_u32(&path) == asn.number)
				return true;
	}
	return false;
}

static bool
likes_prefix(const struct mrt_filter *f, const struct mrt_entry *entry)
{
	if (f->exactly.ip.family && !prefix_equal(f->exactly, entry->prefix))
		return false;
	if (f->within.ip.family && !prefix_covers(f->within, entry->prefix))
		return false;
	return !f->covering.ip.family || prefix_covers(entry->prefix, f->covering);
}

static bool
likes_attributes(const struct mrt_filter *f, const struct mrt_attrs *attrs)
{
	if (f->origin.number && attrs->origin_as.number != f->origin.number)
		return false;
	if (f->in_path.number && !path_holds(attrs->as_path, f->in_path))
		return false;
	return !f->community.fields || holds_community(attrs, &f->community);
}

bool
mrt_filter_likes(const struct mrt_filter *f, const struct mrt_entry *entry)
{
	if (f->has_from && entry->record->time_s < f->from_s)
		return false;
	if (f->has_until && entry->record->time_s >= f->until_s)
		return false;
	if (f->peer.family && !ip_equal(f->peer, entry->peer->address))
		return false;
	if (f->peer_as.number && entry->peer->asn.number != f->peer_as.number)
		return false;
	bool prefixes = f->exactly.ip.family || f->within.ip.family || f->covering.ip.family;
	bool has_prefix = entry->attrs || entry->kind == MRT_WITHDRAW;
	if (prefixes && !(has_prefix && likes_prefix(f, entry)))
		return false;
	bool attributes = f->origin.number || f->in_path.number || f->community.fields;
	return !attributes || (entry->attrs && likes_attributes(f, entry->attrs));
}
