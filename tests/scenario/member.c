/* A simple BGP speaker: says OPEN, KEEPALIVE when it is time, remembers what it hears. It trusts nobody's word that
 * the hub is right: what cannot be read is noted as "nonsense", which every scenario expects not to happen. */
#include "scenario/member.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_open.h"

static const struct mono_us never = {INT64_MAX};
static const char NO_LLGR[] = "65535:7";
enum { RETURN_MAX_MS = 360 * 1000, AGAIN_MAX_MS = 360 * 1000, AGAIN_SAME_MS = 10 * 1000 };

/* --- tables --- */

static void
free_route(struct member_route *route)
{
	free(route->judged);
	free(route->words);
	free(route);
}

/* Where the route stands; all of a prefix stand side by side. */
static struct member_route **
place(const struct member_table *table, struct prefix prefix, const uint32_t *path_id)
{
	uint8_t key[18] = {prefix.ip.family, prefix.length};
	memcpy(key + 2, prefix.ip.octets, 16);
	struct member_route *const *at =
		&table->buckets[hash_bytes(key, sizeof(key)) % MEMBER_BUCKETS];
	while (*at &&
	       !(prefix_equal((*at)->prefix, prefix) && (!path_id || (*at)->path_id == *path_id)))
		at = &(*at)->next;
	return (struct member_route **)at;
}

const struct member_route *
member_find(const struct member_table *table, struct prefix prefix)
{
	return *place(table, prefix, NULL);
}

const struct member_route *
member_next(const struct member_route *route)
{
	struct prefix prefix = route->prefix;
	do
		route = route->next;
	while (route && !prefix_equal(route->prefix, prefix));
	return route;
}

void
member_put(struct member_table *table, struct prefix prefix, uint32_t path_id, const char *words)
{
	struct member_route **at = place(table, prefix, &path_id), *old = *at;
	if (old) {
		*at = old->next;
		free_route(old);
		table->count--;
	}
	if (!words)
		return;
	static uint64_t serial;
	struct member_route *route = calloc(1, sizeof(*route));
	char *copy = strdup(words);
	if (!route || !copy)
		abort();
	at = place(table, prefix, NULL);
	*route = (struct member_route){.prefix = prefix,
				       .path_id = path_id,
				       .words = copy,
				       .serial = ++serial,
				       .next = *at};
	*at = route;
	table->count++;
}

void
member_clear(struct member_table *table)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++) {
		while (table->buckets[i]) {
			struct member_route *gone = table->buckets[i];
			table->buckets[i] = gone->next;
			free_route(gone);
		}
	}
	table->count = 0;
}

/* --- rules about traffic --- */

static void
clear_rules(struct member *m)
{
	while (m->rules) {
		struct member_rule *rule = m->rules;
		m->rules = rule->next;
		free(rule->hex);
		free(rule->words);
		free(rule);
	}
}

static struct member_rule **
place_of_rule(struct member_rule **at, enum ip_family family, const char *hex)
{
	while (*at && ((*at)->family != family || strcmp((*at)->hex, hex) != 0))
		at = &(*at)->next;
	return at;
}

const struct member_rule *
member_rule(const struct member *m, enum ip_family family, const char *hex)
{
	struct member_rule *first = m->rules;
	return *place_of_rule(&first, family, hex);
}

static void
put_rule(struct member *m, enum ip_family family, const char *hex, const char *words)
{
	struct member_rule **at = place_of_rule(&m->rules, family, hex), *rule = *at;
	if (rule) {
		*at = rule->next;
		free(rule->hex);
		free(rule->words);
		free(rule);
	}
	if (!words)
		return;
	rule = calloc(1, sizeof(*rule));
	if (!rule)
		abort();
	*rule = (struct member_rule){family, strdup(hex), strdup(words), m->rules};
	m->rules = rule;
}

/* --- made and freed --- */

struct member *
member_new(const char *id)
{
	struct member *m = calloc(1, sizeof(*m));
	char *copy = strdup(id);
	if (!m || !copy)
		abort();
	m->id = copy;
	m->reads = true;
	m->window = MEMBER_SOCKET;
	return m;
}

static void
end_conn(struct member_conn *conn)
{
	buf_fini(&conn->from_hub);
	buf_fini(&conn->message);
	buf_fini(&conn->to_hub);
	*conn = (struct member_conn){.keepalive = never};
}

void
member_free(struct member *m)
{
	for (unsigned i = 0; i < SESSION_CONNS; i++)
		end_conn(&m->conns[i]);
	member_clear(&m->holds);
	clear_rules(m);
	member_clear(&m->said);
	member_clear(&m->kept);
	free(m->notes);
	free(m->id);
	free(m);
}

void
member_note(struct member *m, struct mono_us now, const char *format, ...)
{
	if (m->note_count == m->note_capacity) {
		m->note_capacity = m->note_capacity ? m->note_capacity * 2 : 64;
		m->notes = realloc(m->notes, m->note_capacity * sizeof(*m->notes));
		if (!m->notes)
			abort();
	}
	struct member_note *note = &m->notes[m->note_count++];
	*note = (struct member_note){.at = now};
	va_list args;
	va_start(args, format);
	(void)vsnprintf(note->text, sizeof(note->text), format, args);
	va_end(args);
}

/* --- connections --- */

struct member_conn *
member_up(struct member *m)
{
	for (unsigned i = 0; i < SESSION_CONNS; i++)
		if (m->conns[i].state == MEMBER_UP)
			return &m->conns[i];
	return NULL;
}

void
member_connected(struct member *m, enum session_conn c, unsigned slot, struct mono_us now)
{
	struct member_conn *conn = &m->conns[c];
	end_conn(conn);
	conn->state = MEMBER_OPENSENT;
	conn->slot = slot;
	member_note(m, now, "connection");
	if (!m->says.mute)
		bgp_open_write(&conn->to_hub, &m->says.open);
}

void
member_close(struct member *m, enum session_conn c)
{
	if (m->conns[c].state == MEMBER_UP) {
		member_clear(&m->holds);
		clear_rules(m);
		member_clear(&m->said);
		m->again[0] = m->again[1] = false;
	}
	end_conn(&m->conns[c]);
}

void
member_hung_up(struct member *m, enum session_conn c, struct mono_us now)
{
	member_note(m, now, "close");
	member_close(m, c);
}

/* --- what both can do --- */

static uint8_t
add_path(const struct bgp_capabilities *can, enum ip_family family)
{
	return family == IP_V4 ? can->add_path_ipv4 : can->add_path_ipv6;
}

bool
member_sends_ids(const struct member *m, const struct member_conn *conn, enum ip_family family)
{
	return add_path(&m->says.open.capabilities, family) & BGP_ADD_PATH_SEND &&
	       add_path(&conn->theirs, family) & BGP_ADD_PATH_RECEIVE;
}

bool
member_hears_ids(const struct member *m, const struct member_conn *conn, enum ip_family family)
{
	return add_path(&m->says.open.capabilities, family) & BGP_ADD_PATH_RECEIVE &&
	       add_path(&conn->theirs, family) & BGP_ADD_PATH_SEND;
}

uint16_t
member_message_max(const struct member *m, const struct member_conn *conn)
{
	bool extended =
		m->says.open.capabilities.extended_messages && conn->theirs.extended_messages;
	return extended ? BGP_MAX_EXTENDED : BGP_MAX;
}

/* --- what the hub keeps of it --- */

static void
take_family(struct member_table *table, enum ip_family family, const char *but)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++) {
		struct member_route *next;
		for (struct member_route *r = table->buckets[i]; r; r = next) {
			next = r->next;
			char words[ROUTE_FIELD_MAX];
			bool spared = but && !(route_field(words, r->words, "community") &&
					       strstr(words, but));
			if (!spared && (family == IP_NONE || r->prefix.ip.family == family))
				member_put(table, r->prefix, r->path_id, NULL);
		}
	}
}

static void
drop_stale(struct member_table *table, enum ip_family family)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++) {
		struct member_route *next;
		for (struct member_route *r = table->buckets[i]; r; r = next) {
			next = r->next;
			if (r->stale && (family == IP_NONE || r->prefix.ip.family == family))
				member_put(table, r->prefix, r->path_id, NULL);
		}
	}
}

static bool
restarts(const struct member *m, const struct member_conn *conn)
{
	return m->says.open.capabilities.graceful_restart && conn->theirs.graceful_restart;
}

/* What it has said stays for a while. Of what is stale already nothing does (RFC 4724 section 4.2). */
static void
keep_said(struct member *m, const struct member_conn *conn, struct mono_us now)
{
	const struct bgp_capabilities *can = &m->says.open.capabilities;
	uint32_t ours = can->stale_ipv4_s ? can->stale_ipv4_s : can->stale_ipv6_s;
	uint32_t theirs =
		conn->theirs.stale_ipv4_s ? conn->theirs.stale_ipv4_s : conn->theirs.stale_ipv6_s;
	member_clear(&m->kept);
	drop_stale(&m->said, IP_NONE);
	m->kept = m->said;
	m->said = (struct member_table){0};
	m->kept_long = false;
	m->kept_until = mono_add_ms(now, can->restart_time_s * 1000);
	m->kept_long_s = ours < theirs ? ours : theirs;
}

static bool
is_notification(struct cursor octets)
{
	for (unsigned i = 0; i < 16; i++)
		if (cursor_u8(&octets) != 0xff)
			return false;
	uint16_t length = cursor_u16(&octets);
	return cursor_u8(&octets) == BGP_NOTIFICATION &&
	       cursor_left(&octets) + BGP_HEADER == length;
}

void
member_told_off(struct member *m, enum session_conn c, struct cursor last_words, struct mono_us now)
{
	const struct member_conn *conn = &m->conns[c];
	struct bgp_notification said = {0};
	if (conn->state != MEMBER_UP)
		return;
	/* The rest of a message that was half sent may stand before it. */
	while (cursor_left(&last_words) >= BGP_HEADER && !is_notification(last_words))
		cursor_skip(&last_words, 1);
	if (is_notification(last_words)) {
		cursor_skip(&last_words, BGP_HEADER);
		bgp_notification_read(&said, last_words);
	}
	bool hard = conn->said_hard || said.hard;
	bool both = m->says.open.capabilities.restart_notified && conn->theirs.restart_notified;
	if (restarts(m, conn) && both && !hard)
		keep_said(m, conn, now);
	else
		member_clear(&m->kept);
}

void
member_lost(struct member *m, enum session_conn c, struct mono_us now)
{
	const struct member_conn *conn = &m->conns[c];
	if (conn->state == MEMBER_UP && restarts(m, conn))
		keep_said(m, conn, now);
	else if (conn->state == MEMBER_UP)
		member_clear(&m->kept);
	member_close(m, c);
}

void
member_told_all(struct member *m, enum ip_family family)
{
	take_family(&m->kept, family, NULL);
}

/* --- all of it again --- */

static void
mark_stale(struct member_table *table, enum ip_family family)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++)
		for (struct member_route *r = table->buckets[i]; r; r = r->next)
			r->stale |= r->prefix.ip.family == family;
}

void
member_asks_again(struct member *m, const struct member_conn *conn, enum ip_family family)
{
	const struct bgp_capabilities *can = &m->says.open.capabilities;
	bool marked = can->enhanced_refresh && conn->theirs.enhanced_refresh;
	bool carried =
		family == IP_V4 ? can->ipv4 && conn->theirs.ipv4 : can->ipv6 && conn->theirs.ipv6;
	if (conn->state == MEMBER_UP && !conn->closed && can->refresh && conn->theirs.refresh &&
	    !marked && carried)
		take_family(&m->holds, family, NULL);
}

void
member_says_again(struct member *m, const struct member_conn *conn, enum ip_family family,
		  bool begins, struct mono_us now)
{
	bool *again = &m->again[family == IP_V6];
	struct mono_us *until = &m->again_until[family == IP_V6];
	if (conn->state != MEMBER_UP || !m->says.open.capabilities.enhanced_refresh ||
	    !conn->theirs.enhanced_refresh)
		return;
	if (!begins && *again) {
		drop_stale(&m->said, family);
		*again = false;
	}
	/* To begin again at once is the same beginning. */
	int64_t begun = until->us - (int64_t)AGAIN_MAX_MS * 1000;
	if (begins && !(*again && now.us < begun + (int64_t)AGAIN_SAME_MS * 1000)) {
		mark_stale(&m->said, family);
		*until = mono_add_ms(now, AGAIN_MAX_MS);
		*again = true;
	}
}

void
member_age(struct member *m, struct mono_us now)
{
	for (unsigned i = 0; i < 2; i++) {
		if (!m->again[i] || now.us < m->again_until[i].us)
			continue;
		drop_stale(&m->said, i ? IP_V6 : IP_V4);
		m->again[i] = false;
	}
	if (!m->kept.count || now.us < m->kept_until.us)
		return;
	if (m->kept_long_s) {
		m->kept_long = true;
		take_family(&m->kept, IP_NONE, NO_LLGR);
		m->kept_until = mono_add_ms(m->kept_until, m->kept_long_s * 1000);
		m->kept_long_s = 0;
	} else {
		member_clear(&m->kept);
	}
}

/* --- messages --- */

struct hearing {
	struct member *member;
	struct mono_us now;
};

static void
hear_route(void *context, struct prefix prefix, uint32_t path_id, const char *words)
{
	struct hearing *hearing = context;
	struct member *m = hearing->member;
	bool held = path_id && member_find(&m->holds, prefix);
	m->prefixes_told++;
	member_put(&m->holds, prefix, path_id, words);
	if (held && !member_find(&m->holds, prefix)) {
		char text[PREFIX_TEXT];
		prefix_format(text, prefix);
		member_note(m, hearing->now, "loss %s", text);
	}
}

static void
hear_rule(void *context, enum ip_family family, const char *hex, const char *words)
{
	struct hearing *hearing = context;
	put_rule(hearing->member, family, hex, words);
}

static bool
agrees_on_rules(const struct member *m, const struct member_conn *conn)
{
	const struct bgp_capabilities *can = &m->says.open.capabilities;
	return (can->flow_ipv4 && conn->theirs.flow_ipv4) ||
	       (can->flow_ipv6 && conn->theirs.flow_ipv6);
}

static void
hear_update(struct member *m, const struct member_conn *conn, struct cursor body,
	    struct mono_us now)
{
	struct hearing hearing = {.member = m, .now = now};
	struct route_ear ear = {
		.rule = agrees_on_rules(m, conn) ? hear_rule : NULL,
		.as4 = m->says.open.capabilities.as4,
		.add_path = {member_hears_ids(m, conn, IP_V4), member_hears_ids(m, conn, IP_V6)},
	};
	int end = route_read(body, &ear, hear_route, &hearing);
	m->updates += end == IP_NONE;
	if (end < 0)
		member_note(m, now, "nonsense UPDATE that cannot be read");
	else if (end > ROUTE_END_OF_RULES)
		member_note(m, now, "end-of-rules ipv%d", end - ROUTE_END_OF_RULES);
	else if (end != IP_NONE)
		member_note(m, now, "end-of-rib ipv%d", end);
	else
		member_note(m, now, "update");
}

static void
hear_open(struct member *m, struct member_conn *conn, struct cursor body, struct mono_us now)
{
	struct bgp_open open;
	struct bgp_error error;
	if (conn->heard_open || bgp_open_read(&open, &error, body) < 0) {
		member_note(m, now, "nonsense OPEN");
		return;
	}
	member_note(m, now, "open as %u hold %u", open.asn.number, open.hold_time_s);
	uint16_t ours = m->says.open.hold_time_s;
	conn->hold_s = ours < open.hold_time_s ? ours : open.hold_time_s;
	conn->heard_open = true;
	conn->theirs = open.capabilities;
	if (m->says.mute)
		return;
	bgp_keepalive_write(&conn->to_hub);
	conn->state = MEMBER_CONFIRM;
	if (conn->hold_s)
		conn->keepalive = mono_add_ms(now, conn->hold_s * 1000 / 3);
}

static void
hear_keepalive(struct member *m, struct member_conn *conn, struct mono_us now)
{
	member_note(m, now, "keepalive");
	if (conn->state != MEMBER_CONFIRM && !(conn->state == MEMBER_OPENSENT && m->says.mute))
		return;
	conn->state = MEMBER_UP;
	member_clear(&m->holds);
	clear_rules(m);
	member_clear(&m->said);
	m->updates = m->prefixes_told = 0;
	const struct bgp_capabilities *can = &m->says.open.capabilities;
	bool kept = can->graceful_restart && conn->theirs.graceful_restart &&
		    (can->restart_ipv4_kept || can->stale_ipv4_kept || can->restart_ipv6_kept ||
		     can->stale_ipv6_kept);
	if (!kept)
		member_clear(&m->kept);
	m->kept_until = mono_add_ms(now, RETURN_MAX_MS);
	m->kept_long_s = 0;
}

static void
hear_notification(struct member *m, struct cursor body, struct mono_us now)
{
	struct bgp_notification notification;
	bgp_notification_read(&notification, body);
	member_note(m, now, "notification %u.%u%s%s", notification.code, notification.subcode,
		    notification.text[0] ? " " : "", notification.text);
}

static const char *const refreshes[] = {[BGP_REFRESH_ASK] = "refresh",
					[BGP_REFRESH_BEGIN] = "begin-of-refresh",
					[BGP_REFRESH_END] = "end-of-refresh"};

static void
hear(struct member *m, enum session_conn c, struct cursor message, struct mono_us now)
{
	struct member_conn *conn = &m->conns[c];
	struct bgp_refresh refresh;
	uint8_t type = message.at[18];
	cursor_skip(&message, BGP_HEADER);
	switch (type) {
	case BGP_OPEN:
		hear_open(m, conn, message, now);
		break;
	case BGP_UPDATE:
		if (conn->state == MEMBER_UP)
			hear_update(m, conn, message, now);
		else
			member_note(m, now, "nonsense UPDATE before its time");
		break;
	case BGP_KEEPALIVE:
		hear_keepalive(m, conn, now);
		break;
	case BGP_NOTIFICATION:
		hear_notification(m, message, now);
		break;
	case BGP_REFRESH:
		if (bgp_refresh_read(&refresh, message) < 0)
			break;
		member_note(m, now, "%s %sipv%u", refreshes[refresh.kind],
			    refresh.flow ? "rules " : "", refresh.family);
		if (refresh.kind == BGP_REFRESH_BEGIN && !refresh.flow)
			mark_stale(&m->holds, refresh.family);
		if (refresh.kind == BGP_REFRESH_END && !refresh.flow)
			drop_stale(&m->holds, refresh.family);
		break;
	default:
		member_note(m, now, "nonsense message of type %u", type);
	}
}

/* Takes whole messages out of what was read. */
static void
hear_all(struct member *m, enum session_conn c, struct mono_us now)
{
	struct buf *in = &m->conns[c].message;
	size_t at = 0;
	while (in->length - at >= BGP_HEADER) {
		const uint8_t *message = in->data + at;
		size_t length = (size_t)message[16] << 8 | message[17];
		bool marked = true;
		for (unsigned i = 0; i < 16; i++)
			marked &= message[i] == 0xff;
		if (!marked || length < BGP_HEADER ||
		    length > member_message_max(m, &m->conns[c])) {
			member_note(m, now, "nonsense header: the messages do not line up");
			at = in->length;
			break;
		}
		if (in->length - at < length)
			break;
		at += length;
		hear(m, c, cursor_of(message, length), now);
	}
	buf_consume(in, at);
}

bool
member_read(struct member *m, enum session_conn c, struct mono_us now)
{
	struct member_conn *conn = &m->conns[c];
	size_t count = conn->from_hub.length;
	if (!m->reads && count > m->take)
		count = m->take;
	if (!m->reads)
		m->take -= count;
	buf_put(&conn->message, conn->from_hub.data, count);
	buf_consume(&conn->from_hub, count);
	if (count) {
		conn->full = false;
		hear_all(m, c, now);
	}
	/* What the hub wrote before it closed is read first. */
	if (conn->closed && !conn->from_hub.length) {
		if (conn->message.length && !conn->cut)
			member_note(m, now, "nonsense: half a message before the close");
		member_hung_up(m, c, now);
		return true;
	}
	return count > 0;
}

void
member_tick(struct member *m, struct mono_us now)
{
	for (unsigned i = 0; i < SESSION_CONNS; i++) {
		struct member_conn *conn = &m->conns[i];
		if (conn->keepalive.us > now.us)
			continue;
		if (!m->silent)
			bgp_keepalive_write(&conn->to_hub);
		conn->keepalive = mono_add_ms(conn->keepalive, conn->hold_s * 1000 / 3);
	}
}
