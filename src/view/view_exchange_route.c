/* One prefix in full: every path, accepted or refused, why, what would mend it, and who hears it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { PATHS_MAX = 1024 };

/* --- one path as JSON --- */

static const char *
origin_name(uint8_t origin)
{
	static const char *const names[] = {"igp", "egp", "incomplete"};
	return origin < 3 ? names[origin] : "?";
}

static void
communities_json(struct json *j, const struct bgp_attrs *attrs)
{
	char text[48];
	json_array(j, "communities");
	for (struct cursor c = attrs->communities; cursor_left(&c) >= 4;) {
		unsigned high = cursor_u16(&c), low = cursor_u16(&c);
		(void)snprintf(text, sizeof(text), "%u:%u", high, low);
		json_str(j, NULL, text);
	}
	json_array_end(j);
	json_array(j, "large_communities");
	for (struct cursor c = attrs->large_communities; cursor_left(&c) >= 12;) {
		uint32_t global = cursor_u32(&c), first = cursor_u32(&c), second = cursor_u32(&c);
		(void)snprintf(text, sizeof(text), "%" PRIu32 ":%" PRIu32 ":%" PRIu32, global,
			       first, second);
		json_str(j, NULL, text);
	}
	json_array_end(j);
	json_array(j, "ext_communities");
	for (struct cursor c = attrs->ext_communities; cursor_left(&c) >= 8;) {
		view_ext_community(text, cursor_u64(&c));
		json_str(j, NULL, text);
	}
	json_array_end(j);
}

char *
view_ext_community(char out[48], uint64_t value)
{
	unsigned type = (unsigned)(value >> 56), subtype = (unsigned)(value >> 48 & 0xff);
	const char *name = subtype == 2 ? "rt" : subtype == 3 ? "soo" : NULL;
	unsigned high = (unsigned)(value >> 32 & 0xffff);
	uint32_t low = (uint32_t)value;
	if (name && (type & 0x3f) == 0) /* 2-octet AS: RFC 4360 section 3.1 */
		(void)snprintf(out, 48, "%s:%u:%" PRIu32, name, high, low);
	else if (name && (type & 0x3f) == 1) /* IPv4 address: section 3.2 */
		(void)snprintf(out, 48, "%s:%u.%u.%u.%u:%u", name, (unsigned)(value >> 40 & 0xff),
			       (unsigned)(value >> 32 & 0xff), (unsigned)(value >> 24 & 0xff),
			       (unsigned)(value >> 16 & 0xff), (unsigned)(value & 0xffff));
	else if (name && (type & 0x3f) == 2) /* 4-octet AS: RFC 5668 */
		(void)snprintf(out, 48, "%s:%" PRIu32 ":%u", name,
			       (uint32_t)(value >> 16 & 0xffffffff), (unsigned)(value & 0xffff));
	else
		(void)snprintf(out, 48, "generic:0x%08" PRIx32 ":0x%08" PRIx32,
			       (uint32_t)(value >> 32), low);
	return out;
}

static void
reasons_json(struct json *j, const struct exchange *x, const struct rib_path_view *path)
{
	uint32_t session = exchange_session_at(x, path->slot);
	json_array(j, "reasons");
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(path->reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		struct buf mend = {0};
		if (session != HUB_NONE)
			policy_reason_mend(&mend, exchange_policy(x), session,
					   (enum ip_family)path->prefix.ip.family, bit);
		buf_u8(&mend, 0);
		json_object(j, NULL);
		json_str(j, "reason", policy_reason_text(bit));
		json_str(j, "mend", mend.failed ? NULL : (const char *)mend.data);
		json_object_end(j);
		buf_fini(&mend);
	}
	json_array_end(j);
}

/* Calls back with each member of which a session is in the set of slots: each one once, in order of the hub file. */
static void
each_member_in(const struct exchange *x, const uint64_t *slots,
	       void (*visit)(void *context, const struct hub_member *member), void *context)
{
	const struct hub *hub = exchange_hub(x);
	for (size_t m = 0; m < hub->member_count; m++) {
		const struct hub_member *member = &hub->members[m];
		for (uint32_t i = 0; i < member->session_count; i++) {
			int slot = exchange_slot_of(x, member->first_session + i);
			if (slot < 0 || !(slots[slot / 64] >> (slot % 64) & 1) ||
			    session_state(exchange_session(x, (unsigned)slot)) !=
				    SESSION_ESTABLISHED)
				continue;
			visit(context, member);
			break;
		}
	}
}

static void
hearer_json(void *context, const struct hub_member *member)
{
	json_u64(context, NULL, member->asn.number);
}

void
view_path_json(struct json *j, const struct exchange *x, const struct rib_path_view *path,
	       const uint64_t *heard)
{
	const struct hub_member *member = view_member_of_slot(x, path->slot);
	uint32_t session = exchange_session_at(x, path->slot);
	struct buf text = {0};
	json_object(j, NULL);
	json_prefix(j, "prefix", path->prefix);
	json_u64(j, "member_asn", member ? member->asn.number : 0);
	json_str(j, "member_name", member ? member->name : NULL);
	json_str(j, "session", session == HUB_NONE ? NULL : exchange_hub(x)->sessions[session].id);
	json_bool(j, "best", path->best);
	json_str(j, "state", path->refused ? "filtered" : "accepted");
	bgp_as_path_text(&text, path->attrs.as_path);
	buf_u8(&text, 0);
	json_str(j, "as_path", text.failed ? NULL : (const char *)text.data);
	buf_fini(&text);
	json_str(j, "origin", origin_name(path->attrs.origin));
	json_ip(j, "next_hop", path->attrs.next_hop);
	if (path->attrs.has_med)
		json_u64(j, "med", path->attrs.med);
	else
		json_null(j, "med");
	communities_json(j, &path->attrs);
	json_i64(j, "age_s", exchange_now(x).s - (int64_t)path->since_s);
	reasons_json(j, x, path);
	if (heard) {
		json_array(j, "heard_by");
		each_member_in(x, heard, hearer_json, j);
		json_array_end(j);
	} else {
		json_null(j, "heard_by");
	}
	json_object_end(j);
}

/* --- one path as text --- */

static void
communities_text(struct buf *out, const struct bgp_attrs *attrs)
{
	struct buf text = {0};
	char one[48];
	for (struct cursor c = attrs->communities; cursor_left(&c) >= 4;) {
		unsigned high = cursor_u16(&c), low = cursor_u16(&c);
		buf_printf(&text, "%s%u:%u", text.length ? " " : "", high, low);
	}
	for (struct cursor c = attrs->large_communities; cursor_left(&c) >= 12;) {
		uint32_t global = cursor_u32(&c), first = cursor_u32(&c), second = cursor_u32(&c);
		buf_printf(&text, "%s%" PRIu32 ":%" PRIu32 ":%" PRIu32, text.length ? " " : "",
			   global, first, second);
	}
	for (struct cursor c = attrs->ext_communities; cursor_left(&c) >= 8;)
		buf_printf(&text, "%s%s", text.length ? " " : "",
			   view_ext_community(one, cursor_u64(&c)));
	if (text.length) {
		buf_u8(&text, 0);
		buf_str(out, "    communities ");
		view_wrapped(out, text.failed ? "" : (const char *)text.data, 16, 16);
	}
	buf_fini(&text);
}

static void
hearer_text(void *context, const struct hub_member *member)
{
	struct buf *names = context;
	buf_printf(names, "%s%s", names->length ? ", " : "", member->name);
}

static void
reasons_text(struct buf *out, const struct exchange *x, const struct rib_path_view *path)
{
	uint32_t session = exchange_session_at(x, path->slot);
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(path->reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		struct buf line = {0};
		buf_printf(&line, "%s", policy_reason_text(bit));
		if (session != HUB_NONE) {
			buf_str(&line, ": ");
			policy_reason_mend(&line, exchange_policy(x), session,
					   (enum ip_family)path->prefix.ip.family, bit);
		}
		buf_u8(&line, 0);
		buf_str(out, "    - ");
		view_wrapped(out, line.failed ? "" : (const char *)line.data, 6, 6);
		buf_fini(&line);
	}
}

static void
path_text(struct buf *out, const struct exchange *x, const struct rib_path_view *path,
	  const uint64_t *heard)
{
	const struct hub_member *member = view_member_of_slot(x, path->slot);
	char age[VIEW_AGE_TEXT], next_hop[IP_TEXT];
	struct buf text = {0};
	buf_printf(out, "%c AS%" PRIu32 " %s  %s, %s\n",
		   path->best      ? '*'
		   : path->refused ? 'x'
				   : ' ',
		   member ? member->asn.number : 0, member ? member->name : "?",
		   path->best      ? "best"
		   : path->refused ? "refused"
				   : "accepted",
		   view_age(age, exchange_now(x).s - (int64_t)path->since_s));
	buf_str(out, "    path        ");
	bgp_as_path_text(&text, path->attrs.as_path);
	buf_u8(&text, 0);
	view_wrapped(out, text.failed ? "" : (const char *)text.data, 16, 16);
	buf_fini(&text);
	buf_printf(out, "    next hop    %s, origin %s", ip_format(next_hop, path->attrs.next_hop),
		   origin_name(path->attrs.origin));
	if (path->attrs.has_med)
		buf_printf(out, ", MED %" PRIu32, path->attrs.med);
	buf_str(out, "\n");
	communities_text(out, &path->attrs);
	reasons_text(out, x, path);
	if (path->refused)
		return;
	struct buf names = {0};
	each_member_in(x, heard, hearer_text, &names);
	buf_u8(&names, 0);
	buf_str(out, "    heard by    ");
	view_wrapped(out, names.failed || names.length == 1 ? "nobody" : (const char *)names.data,
		     16, 16);
	buf_fini(&names);
}

/* --- the question --- */

/* The prefix that a query means: exactly that one when it has a path, else the longest that covers it. */
static int
find(const struct exchange *x, const char *query, struct prefix *found, bool *exact,
     struct view_complaint *complaint)
{
	struct ip ip;
	struct prefix asked;
	bool is_address = ip_parse(&ip, query) == 0;
	if (is_address)
		asked = prefix_of(ip, 128);
	else if (prefix_parse(&asked, query) < 0)
		return view_complain(complaint, 400, "%.60s is neither a prefix nor an address",
				     query);
	const struct rib *rib = exchange_rib(x, (enum ip_family)asked.ip.family);
	struct rib_path_view path;
	*exact = !is_address && rib_paths(rib, asked, &path, 1) > 0;
	*found = asked;
	if (*exact || rib_covering(rib, asked, true, found) ||
	    rib_covering(rib, asked, false, found))
		return 0;
	return view_complain(complaint, 404, "no route for %.60s", query);
}

static void
all_paths(struct buf *out, const struct exchange *x, enum view_form form,
	  const struct rib_path_view *paths, size_t count)
{
	const struct rib *rib = exchange_rib(x, (enum ip_family)paths[0].prefix.ip.family);
	struct json j = json_to(out);
	uint64_t *heard = calloc(exchange_slots(x) / 64 + 1, sizeof(*heard));
	if (!heard) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		rib_path_hearers(rib, paths[i].prefix, paths[i].slot, heard);
		if (form == VIEW_JSON)
			view_path_json(&j, x, &paths[i], heard);
		else
			path_text(out, x, &paths[i], heard);
	}
	free(heard);
}

int
view_route(struct buf *out, struct exchange *x, enum view_form form, const char *query,
	   struct view_complaint *complaint)
{
	struct prefix prefix;
	bool exact;
	char text[PREFIX_TEXT];
	if (form == VIEW_CSV)
		return view_complain(complaint, 400,
				     "this has no CSV; it has text, and JSON with -j");
	if (find(x, query, &prefix, &exact, complaint) < 0)
		return -1;
	struct rib_path_view *paths = calloc(PATHS_MAX, sizeof(*paths));
	if (!paths)
		return view_complain(complaint, 500, "out of memory");
	size_t count = rib_paths(exchange_rib(x, (enum ip_family)prefix.ip.family), prefix, paths,
				 PATHS_MAX);
	size_t shown = count < PATHS_MAX ? count : PATHS_MAX;
	prefix_format(text, prefix);
	if (form == VIEW_JSON) {
		buf_str(out, "{\"query\":");
		struct json j = json_to(out);
		json_str(&j, NULL, query);
		buf_printf(out, ",\"prefix\":\"%s\",\"exact\":%s,\"routes\":[", text,
			   exact ? "true" : "false");
		all_paths(out, x, form, paths, shown);
		buf_printf(out, "],\"total\":%zu,\"truncated\":%s}\n", count,
			   count > shown ? "true" : "false");
	} else {
		buf_printf(out, "%s%s%s: %zu path%s\n", text,
			   exact ? "" : ", the longest match of ", exact ? "" : query, count,
			   count == 1 ? "" : "s");
		all_paths(out, x, form, paths, shown);
	}
	free(paths);
	return 0;
}
