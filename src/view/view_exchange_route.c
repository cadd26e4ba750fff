/* One route, in JSON, as a line of a table, in full, as CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

static const char *const origins[] = {"igp", "egp", "incomplete"};

static const struct hub_session *
session_of(struct exchange *x, unsigned slot)
{
	uint32_t index = exchange_session_at(x, slot);
	return index == HUB_NONE ? NULL : &exchange_hub(x)->sessions[index];
}

static const struct hub_member *
member_of(struct exchange *x, unsigned slot)
{
	const struct hub_session *session = session_of(x, slot);
	return session ? &exchange_hub(x)->members[session->member] : NULL;
}

static int64_t
age_of(struct exchange *x, const struct rib_path_view *path)
{
	int64_t age = exchange_now(x).s - (int64_t)path->since_s;
	return age < 0 ? 0 : age;
}

/* A text made in a buffer, as a string; "" when there was no memory. */
static const char *
string_in(struct buf *text)
{
	buf_u8(text, 0);
	return text->failed ? "" : (const char *)text->data;
}

/* --- communities --- */

enum { COMMUNITY_TEXT = 48 };

static void
standard_text(char out[COMMUNITY_TEXT], struct cursor c)
{
	unsigned high = cursor_u16(&c), low = cursor_u16(&c);
	(void)snprintf(out, COMMUNITY_TEXT, "%u:%u", high, low);
}

static void
large_text(char out[COMMUNITY_TEXT], struct cursor c)
{
	uint32_t a = cursor_u32(&c), b = cursor_u32(&c), d = cursor_u32(&c);
	(void)snprintf(out, COMMUNITY_TEXT, "%u:%u:%u", a, b, d);
}

/* RFC 4360 section 4, RFC 5668: route target and origin in their three forms; others as they are. */
static void
extended_text(char out[COMMUNITY_TEXT], struct cursor c)
{
	struct cursor whole = c;
	unsigned type = cursor_u8(&c), subtype = cursor_u8(&c);
	unsigned form = type & 0x3f;
	const char *name = subtype == 2 ? "rt" : subtype == 3 ? "ro" : NULL;
	if (!name || form > 2) {
		uint64_t number = cursor_u64(&whole);
		(void)snprintf(out, COMMUNITY_TEXT, "0x%016llx", (unsigned long long)number);
	} else if (form == 0) {
		unsigned as = cursor_u16(&c);
		(void)snprintf(out, COMMUNITY_TEXT, "%s:%u:%u", name, as, cursor_u32(&c));
	} else if (form == 1) {
		char ip[IP_TEXT];
		ip_format(ip, ip_v4(cursor_u32(&c)));
		(void)snprintf(out, COMMUNITY_TEXT, "%s:%.15s:%u", name, ip, cursor_u16(&c));
	} else {
		uint32_t as = cursor_u32(&c);
		(void)snprintf(out, COMMUNITY_TEXT, "%s:%u:%u", name, as, cursor_u16(&c));
	}
}

static const struct {
	const char *key, *label;
	size_t size;
	void (*text)(char out[COMMUNITY_TEXT], struct cursor c);
} kinds[] = {
	{"communities", "Communities", 4, standard_text},
	{"large_communities", "Large communities", 12, large_text},
	{"ext_communities", "Ext. communities", 8, extended_text},
};

static struct cursor
list_of(const struct bgp_attrs *attrs, size_t kind)
{
	const struct cursor lists[] = {attrs->communities, attrs->large_communities,
				       attrs->ext_communities};
	return lists[kind];
}

/* --- JSON --- */

static void
reasons_json(struct json *j, struct exchange *x, const struct rib_path_view *path)
{
	uint32_t session = exchange_session_at(x, path->slot);
	json_array(j, "reasons");
	for (unsigned bit = 0; bit < 32 && session != HUB_NONE; bit++) {
		if (!(path->reasons >> bit & 1))
			continue;
		struct buf mend = {0};
		policy_reason_mend(&mend, exchange_policy(x), session,
				   (enum ip_family)path->prefix.ip.family, bit);
		json_object(j, NULL);
		json_str(j, "reason", policy_reason_text(bit));
		json_str(j, "mend", string_in(&mend));
		json_object_end(j);
		buf_fini(&mend);
	}
	json_array_end(j);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

/* The AS numbers of members that hear the path, sorted, each once; NULL without memory. */
static uint32_t *
hearers(struct exchange *x, const struct rib_path_view *path, size_t *count)
{
	struct rib *rib = exchange_rib(x, (enum ip_family)path->prefix.ip.family);
	unsigned slots = exchange_slots(x);
	uint64_t *bits = calloc(rib_sets_in(rib)->words, sizeof(*bits));
	uint32_t *numbers = calloc(slots + 1, sizeof(*numbers));
	*count = 0;
	if (bits && numbers) {
		rib_path_hearers(rib, path->prefix, path->slot, bits);
		for (unsigned slot = 0; slot < slots; slot++) {
			const struct hub_member *member = member_of(x, slot);
			if (bits[slot / 64] >> slot % 64 & 1 && member &&
			    rib_session_is_open(rib, slot))
				numbers[(*count)++] = member->asn.number;
		}
		qsort(numbers, *count, sizeof(*numbers), by_number);
		size_t kept = 0;
		for (size_t i = 0; i < *count; i++)
			if (!kept || numbers[kept - 1] != numbers[i])
				numbers[kept++] = numbers[i];
		*count = kept;
	}
	free(bits);
	return numbers;
}

static void
heard_json(struct json *j, struct exchange *x, const struct rib_path_view *path)
{
	size_t count;
	uint32_t *numbers = hearers(x, path, &count);
	json_array(j, "heard_by");
	for (size_t i = 0; numbers && i < count; i++)
		json_u64(j, NULL, numbers[i]);
	json_array_end(j);
	free(numbers);
}

static void
communities_json(struct json *j, const struct bgp_attrs *attrs)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct cursor list = list_of(attrs, k);
		json_array(j, kinds[k].key);
		while (cursor_left(&list) >= kinds[k].size) {
			char text[COMMUNITY_TEXT];
			kinds[k].text(text, cursor_sub(&list, kinds[k].size));
			json_str(j, NULL, text);
		}
		json_array_end(j);
	}
}

void
view_route_json(struct json *j, struct exchange *x, const struct rib_path_view *path, bool heard_by)
{
	const struct bgp_attrs *attrs = &path->attrs;
	const struct hub_session *session = session_of(x, path->slot);
	const struct hub_member *member = member_of(x, path->slot);
	json_object(j, NULL);
	json_prefix(j, "prefix", path->prefix);
	if (member)
		json_u64(j, "member_asn", member->asn.number);
	else
		json_null(j, "member_asn");
	json_str(j, "member_name", member ? member->name : NULL);
	json_str(j, "session", session ? session->id : NULL);
	json_bool(j, "best", path->best);
	json_str(j, "state", path->reasons ? "filtered" : "accepted");
	struct buf as_path = {0};
	bgp_as_path_text(&as_path, attrs->as_path);
	json_str(j, "as_path", string_in(&as_path));
	buf_fini(&as_path);
	json_str(j, "origin", attrs->origin < 3 ? origins[attrs->origin] : NULL);
	json_ip(j, "next_hop", attrs->next_hop);
	if (attrs->has_med)
		json_u64(j, "med", attrs->med);
	else
		json_null(j, "med");
	communities_json(j, attrs);
	json_i64(j, "age_s", age_of(x, path));
	reasons_json(j, x, path);
	if (heard_by)
		heard_json(j, x, path);
	else
		json_null(j, "heard_by");
	json_object_end(j);
}

/* --- text --- */

void
view_route_line(struct buf *out, struct exchange *x, const struct rib_path_view *path)
{
	char prefix[PREFIX_TEXT], number[16], age[VIEW_AGE_TEXT];
	const struct hub_member *member = member_of(x, path->slot);
	buf_str(out, path->reasons ? "x " : path->best ? "* " : "  ");
	prefix_format(prefix, path->prefix);
	view_cell(out, prefix, strlen(prefix) <= 20 ? 20 : 43);
	(void)snprintf(number, sizeof(number), "%u", member ? member->asn.number : 0);
	view_cell(out, number, -11);
	buf_str(out, " ");
	view_cell(out, view_age(age, age_of(x, path)), -8);
	buf_str(out, "  ");
	struct buf text = {0};
	if (path->reasons) {
		const char *between = "";
		for (unsigned bit = 0; bit < 32; bit++) {
			if (!(path->reasons >> bit & 1))
				continue;
			buf_printf(&text, "%s%s", between, policy_reason_text(bit));
			between = "; ";
		}
	} else {
		bgp_as_path_text(&text, path->attrs.as_path);
	}
	size_t indent = strlen(prefix) <= 20 ? 44 : 67;
	if (indent > 60) { /* a long IPv6 prefix: the rest goes under it */
		view_end_line(out);
		buf_str(out, "      ");
		indent = 6;
	}
	view_wrapped(out, string_in(&text), indent, indent);
	buf_fini(&text);
}

static void
communities_text(struct buf *out, const struct bgp_attrs *attrs)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct cursor list = list_of(attrs, k);
		struct buf all = {0};
		while (cursor_left(&list) >= kinds[k].size) {
			char text[COMMUNITY_TEXT];
			kinds[k].text(text, cursor_sub(&list, kinds[k].size));
			buf_printf(&all, "%s%s", all.length ? " " : "", text);
		}
		if (all.length) {
			buf_str(out, "    ");
			view_cell(out, kinds[k].label, 18);
			view_wrapped(out, string_in(&all), 22, 22);
		}
		buf_fini(&all);
	}
}

static void
reasons_text(struct buf *out, struct exchange *x, const struct rib_path_view *path)
{
	uint32_t session = exchange_session_at(x, path->slot);
	for (unsigned bit = 0; bit < 32 && session != HUB_NONE; bit++) {
		if (!(path->reasons >> bit & 1))
			continue;
		struct buf text = {0};
		buf_printf(&text, "%s: ", policy_reason_text(bit));
		policy_reason_mend(&text, exchange_policy(x), session,
				   (enum ip_family)path->prefix.ip.family, bit);
		buf_str(out, "    refused           ");
		view_wrapped(out, string_in(&text), 22, 22);
		buf_fini(&text);
	}
}

static void
heard_text(struct buf *out, struct exchange *x, const struct rib_path_view *path)
{
	size_t count;
	uint32_t *numbers = hearers(x, path, &count);
	struct buf text = {0};
	if (!count)
		buf_str(&text, "nobody");
	else
		buf_printf(&text, "%zu member%s:", count, count == 1 ? "" : "s");
	for (size_t i = 0; numbers && i < count; i++)
		buf_printf(&text, " %u", numbers[i]);
	buf_str(out, "    heard by          ");
	view_wrapped(out, string_in(&text), 22, 22);
	buf_fini(&text);
	free(numbers);
}

void
view_route_text(struct buf *out, struct exchange *x, const struct rib_path_view *path)
{
	const struct bgp_attrs *attrs = &path->attrs;
	const struct hub_member *member = member_of(x, path->slot);
	const struct hub_session *session = session_of(x, path->slot);
	char text[IP_TEXT], age[VIEW_AGE_TEXT];
	buf_printf(out, "  %s AS%u %s, session %s, for %s\n",
		   path->reasons ? "refused from"
		   : path->best  ? "best, from"
				 : "also from",
		   member ? member->asn.number : 0, member ? member->name : "-",
		   session ? session->id : "-", view_age(age, age_of(x, path)));
	struct buf as_path = {0};
	bgp_as_path_text(&as_path, attrs->as_path);
	buf_str(out, "    AS path           ");
	view_wrapped(out, string_in(&as_path), 22, 22);
	buf_fini(&as_path);
	buf_printf(out, "    next hop          %s", ip_format(text, attrs->next_hop));
	if (attrs->link_local.family)
		buf_printf(out, ", %s", ip_format(text, attrs->link_local));
	buf_printf(out, "\n    origin            %s",
		   attrs->origin < 3 ? origins[attrs->origin] : "?");
	if (attrs->has_med)
		buf_printf(out, ", MED %u", attrs->med);
	buf_str(out, "\n");
	communities_text(out, attrs);
	reasons_text(out, x, path);
	if (!path->reasons)
		heard_text(out, x, path);
}

void
view_route_csv(struct buf *out, struct exchange *x, const struct rib_path_view *path)
{
	char prefix[PREFIX_TEXT], next_hop[IP_TEXT];
	const struct hub_member *member = member_of(x, path->slot);
	struct buf as_path = {0};
	bgp_as_path_text(&as_path, path->attrs.as_path);
	buf_printf(out, "%s,%u,%s,%s,", prefix_format(prefix, path->prefix),
		   member ? member->asn.number : 0, path->reasons ? "filtered" : "accepted",
		   path->best ? "best" : "");
	view_csv_field(out, string_in(&as_path));
	buf_printf(out, ",%s,", ip_format(next_hop, path->attrs.next_hop));
	struct buf reasons = {0};
	for (unsigned bit = 0; bit < 32; bit++)
		if (path->reasons >> bit & 1)
			buf_printf(&reasons, "%s%s", reasons.length ? "; " : "",
				   policy_reason_text(bit));
	view_csv_field(out, string_in(&reasons));
	buf_str(out, "\n");
	buf_fini(&as_path);
	buf_fini(&reasons);
}
