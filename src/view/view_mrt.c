/* MRT as text. A file has millions of entries, so the line is written digit by digit into memory that was
 * made wide enough before, and numbers pass through no format string. */
#include "view/view_mrt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "exchange/bgp/bgp_as_path.h"
#include "view/view_exchange_parts.h"

enum {
	LINE_FIXED = 512, /* octets of a line without path and communities, at most */
	LINE_GROWTH = 4,  /* octets of text for one of those, at most */
	NO_EXPORT = 0xffffff01,
	NO_ADVERTISE = 0xffffff02,
	LOCAL_AS = 0xffffff03,
};

/* Where the next character goes. */
struct pen {
	char *at;
};

static void
put_char(struct pen *pen, char c)
{
	*pen->at++ = c;
}

static void
put_text(struct pen *pen, const char *text)
{
	size_t length = strlen(text);
	memcpy(pen->at, text, length);
	pen->at += length;
}

static void
put_number(struct pen *pen, uint32_t value)
{
	char digits[10];
	unsigned count = 0;
	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	while (count)
		*pen->at++ = digits[--count];
}

static void
put_ip(struct pen *pen, struct ip ip)
{
	char text[IP_TEXT];
	if (ip.family != IP_V4) {
		put_text(pen, ip.family ? ip_format(text, ip) : "");
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		if (i)
			put_char(pen, '.');
		put_number(pen, ip.octets[i]);
	}
}

static void
put_prefix(struct pen *pen, struct prefix prefix)
{
	put_ip(pen, prefix.ip);
	put_char(pen, '/');
	put_number(pen, prefix.length);
}

/* Room for what follows; `at` is NULL without memory. */
static struct pen
pen_on(struct buf *out, size_t room)
{
	bool there = buf_reserve(out, room);
	return (struct pen){there ? (char *)out->data + out->length : NULL};
}

static void
pen_off(struct buf *out, struct pen pen)
{
	out->length = (size_t)(pen.at - (char *)out->data);
}

/* --- a line --- */

static struct ip
next_hop_of(const struct mrt_entry *entry)
{
	const struct mrt_attrs *attrs = entry->attrs;
	bool classic = entry->prefix.ip.family == IP_V4 && attrs->next_hop.family;
	return classic ? attrs->next_hop : attrs->mp_next_hop;
}

static void
put_path(struct pen *pen, struct cursor path)
{
	static const char *const opening[] = {"", "{", "", "(", "["};
	static const char *const closing[] = {"", "}", "", ")", "]"};
	struct bgp_path_segment segment;
	for (bool first = true; bgp_as_path_next(&segment, &path, 4); first = false) {
		bool set = segment.type == BGP_AS_SET || segment.type == BGP_AS_CONFED_SET;
		if (!first)
			put_char(pen, ' ');
		put_text(pen, opening[segment.type]);
		for (unsigned i = 0; i < segment.count; i++) {
			if (i)
				put_char(pen, set ? ',' : ' ');
			put_number(pen, cursor_u32(&segment.numbers));
		}
		put_text(pen, closing[segment.type]);
	}
}

static void
put_communities(struct pen *pen, struct cursor list)
{
	for (bool first = true; cursor_left(&list); first = false) {
		uint32_t value = cursor_u32(&list);
		if (!first)
			put_char(pen, ' ');
		if (value == NO_EXPORT) {
			put_text(pen, "no-export");
		} else if (value == NO_ADVERTISE) {
			put_text(pen, "no-advertise");
		} else if (value == LOCAL_AS) {
			put_text(pen, "local-AS");
		} else {
			put_number(pen, value >> 16);
			put_char(pen, ':');
			put_number(pen, value & 0xffff);
		}
	}
}

/* Everything behind the prefix. */
static void
make_tail(struct buf *tail, const struct mrt_entry *entry)
{
	static const char *const origins[] = {"IGP", "EGP", "INCOMPLETE"};
	buf_clear(tail);
	const struct mrt_attrs *attrs = entry->attrs;
	struct pen pen = {NULL};
	if (attrs)
		pen = pen_on(tail, LINE_FIXED + LINE_GROWTH * (cursor_left(&attrs->as_path) +
							       cursor_left(&attrs->communities)));
	if (!pen.at)
		return;
	put_char(&pen, '|');
	put_path(&pen, attrs->as_path);
	put_char(&pen, '|');
	if (mrt_attrs_have(attrs, BGP_ATTR_ORIGIN) && attrs->origin <= BGP_ORIGIN_INCOMPLETE)
		put_text(&pen, origins[attrs->origin]);
	put_char(&pen, '|');
	put_ip(&pen, next_hop_of(entry));
	put_char(&pen, '|');
	put_number(&pen, attrs->local_pref);
	put_char(&pen, '|');
	put_number(&pen, attrs->med);
	put_char(&pen, '|');
	put_communities(&pen, attrs->communities);
	put_text(&pen, mrt_attrs_have(attrs, BGP_ATTR_ATOMIC_AGGREGATE) ? "|AG|" : "|NAG|");
	if (mrt_attrs_have(attrs, BGP_ATTR_AGGREGATOR)) {
		put_number(&pen, attrs->aggregator_as.number);
		put_char(&pen, ' ');
		put_ip(&pen, attrs->aggregator);
	}
	put_char(&pen, '|');
	pen_off(tail, pen);
}

static const char *
line_type(const struct mrt_record *record)
{
	return record->type == MRT_TABLE_DUMP      ? "TABLE_DUMP"
	       : record->type == MRT_TABLE_DUMP_V2 ? "TABLE_DUMP2"
						   : mrt_type_name(record->type);
}

/* Everything before the prefix. */
static void
make_head(struct buf *head, const struct mrt_entry *entry)
{
	static const char *const kinds[] = {
		[MRT_ROUTE] = "|B|",
		[MRT_ANNOUNCE] = "|A|",
		[MRT_WITHDRAW] = "|W|",
		[MRT_STATE] = "|STATE|",
	};
	buf_clear(head);
	struct pen pen = pen_on(head, LINE_FIXED);
	if (!pen.at)
		return;
	const struct mrt_record *record = entry->record;
	put_text(&pen, line_type(record));
	put_char(&pen, '|');
	put_number(&pen, record->time_s);
	if (record->type == MRT_BGP4MP_ET) {
		put_char(&pen, '.');
		for (uint32_t unit = 100000; unit; unit /= 10)
			put_char(&pen, (char)('0' + record->microseconds / unit % 10));
	}
	put_text(&pen, kinds[entry->kind]);
	put_ip(&pen, entry->peer->address);
	put_char(&pen, '|');
	put_number(&pen, entry->peer->asn.number);
	put_char(&pen, '|');
	pen_off(head, pen);
}

void
view_mrt_fini(struct view_mrt *view)
{
	buf_fini(&view->head);
	buf_fini(&view->tail);
}

void
view_mrt_line(struct view_mrt *view, struct buf *out, const struct mrt_entry *entry)
{
	if (entry->kind == MRT_END_OF_RIB || entry->kind == MRT_OTHER)
		return;
	if (entry->group != view->group) {
		make_head(&view->head, entry);
		make_tail(&view->tail, entry);
		view->group = entry->group;
	}
	struct pen pen = pen_on(out, view->head.length + LINE_FIXED + view->tail.length);
	if (!pen.at)
		return;
	memcpy(pen.at, view->head.data, view->head.length);
	pen.at += view->head.length;
	if (entry->kind == MRT_STATE) {
		put_number(&pen, entry->old_state);
		put_char(&pen, '|');
		put_number(&pen, entry->new_state);
	} else {
		put_prefix(&pen, entry->prefix);
		if (view->tail.length)
			memcpy(pen.at, view->tail.data, view->tail.length);
		pen.at += view->tail.length;
	}
	put_char(&pen, '\n');
	pen_off(out, pen);
}

/* --- JSON --- */

static void
json_communities(struct json *j, const struct mrt_attrs *attrs)
{
	char text[48];
	json_array(j, "communities");
	for (struct cursor c = attrs->communities; cursor_left(&c);) {
		unsigned high = cursor_u16(&c), low = cursor_u16(&c);
		(void)snprintf(text, sizeof(text), "%u:%u", high, low);
		json_str(j, NULL, text);
	}
	json_array_end(j);
	json_array(j, "large_communities");
	for (struct cursor c = attrs->large_communities; cursor_left(&c);) {
		uint32_t global = cursor_u32(&c), first = cursor_u32(&c), second = cursor_u32(&c);
		(void)snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32 ":%" PRIu32, global,
			       first, second);
		json_str(j, NULL, text);
	}
	json_array_end(j);
	json_array(j, "ext_communities");
	for (struct cursor c = attrs->ext_communities; cursor_left(&c);)
		json_str(j, NULL, view_ext_community(text, cursor_u64(&c)));
	json_array_end(j);
}

static void
json_number_if(struct json *j, const struct mrt_attrs *attrs, uint8_t type, const char *key,
	       uint32_t value)
{
	if (mrt_attrs_have(attrs, type))
		json_u64(j, key, value);
	else
		json_null(j, key);
}

static void
json_attributes(struct json *j, const struct mrt_entry *entry)
{
	static const char *const origins[] = {"igp", "egp", "incomplete"};
	const struct mrt_attrs *attrs = entry->attrs;
	struct buf path = {0};
	bgp_as_path_text(&path, attrs->as_path);
	buf_u8(&path, 0);
	json_str(j, "as_path", path.failed ? NULL : (const char *)path.data);
	buf_fini(&path);
	if (attrs->origin_as.number)
		json_u64(j, "origin_asn", attrs->origin_as.number);
	else
		json_null(j, "origin_asn");
	bool known =
		mrt_attrs_have(attrs, BGP_ATTR_ORIGIN) && attrs->origin <= BGP_ORIGIN_INCOMPLETE;
	json_str(j, "origin", known ? origins[attrs->origin] : NULL);
	json_ip(j, "next_hop", next_hop_of(entry));
	json_number_if(j, attrs, BGP_ATTR_LOCAL_PREF, "local_pref", attrs->local_pref);
	json_number_if(j, attrs, BGP_ATTR_MED, "med", attrs->med);
	json_communities(j, attrs);
	json_bool(j, "atomic_aggregate", mrt_attrs_have(attrs, BGP_ATTR_ATOMIC_AGGREGATE));
	if (mrt_attrs_have(attrs, BGP_ATTR_AGGREGATOR)) {
		json_object(j, "aggregator");
		json_u64(j, "asn", attrs->aggregator_as.number);
		json_ip(j, "address", attrs->aggregator);
		json_object_end(j);
	} else {
		json_null(j, "aggregator");
	}
	json_number_if(j, attrs, BGP_ATTR_OTC, "otc", attrs->otc.number);
}

static const char *
json_kind(const struct mrt_entry *entry)
{
	static const char *const messages[] = {NULL,           "open",      "update",
					       "notification", "keepalive", "refresh"};
	static const char *const kinds[] = {
		[MRT_ROUTE] = "route", [MRT_ANNOUNCE] = "announce",     [MRT_WITHDRAW] = "withdraw",
		[MRT_STATE] = "state", [MRT_END_OF_RIB] = "end-of-rib",
	};
	return entry->kind == MRT_OTHER ? messages[entry->message] : kinds[entry->kind];
}

static void
json_head(struct json *j, const struct mrt_entry *entry)
{
	const struct mrt_record *record = entry->record;
	char time[CLOCK_TEXT];
	utc_format(time, (struct utc_s){record->time_s});
	if (record->type == MRT_BGP4MP_ET) {
		char exact[CLOCK_TEXT + 32];
		(void)snprintf(exact, sizeof(exact), "%.*s.%06" PRIu32 "Z", CLOCK_TEXT - 2, time,
			       record->microseconds % 1000000);
		json_str(j, "time", exact);
	} else {
		json_str(j, "time", time);
	}
	json_str(j, "kind", json_kind(entry));
	json_ip(j, "peer", entry->peer->address);
	json_u64(j, "peer_asn", entry->peer->asn.number);
}

void
view_mrt_json(struct buf *out, const struct mrt_entry *entry)
{
	static const char *const states[] = {NULL,       "idle",        "connect",    "active",
					     "opensent", "openconfirm", "established"};
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_head(&j, entry);
	if (entry->attrs || entry->kind == MRT_WITHDRAW) {
		json_prefix(&j, "prefix", entry->prefix);
		if (entry->has_path_id)
			json_u64(&j, "path_id", entry->path_id);
		if (entry->multicast)
			json_bool(&j, "multicast", true);
	}
	if (entry->kind == MRT_ROUTE)
		json_utc(&j, "since", (struct utc_s){entry->since_s});
	if (entry->kind == MRT_END_OF_RIB)
		json_str(&j, "family", entry->prefix.ip.family == IP_V4 ? "ipv4" : "ipv6");
	if (entry->kind == MRT_STATE) {
		json_str(&j, "old", entry->old_state < 7 ? states[entry->old_state] : NULL);
		json_str(&j, "new", entry->new_state < 7 ? states[entry->new_state] : NULL);
	}
	if (entry->attrs)
		json_attributes(&j, entry);
	json_object_end(&j);
	buf_u8(out, '\n');
}
