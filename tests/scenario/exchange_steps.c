/* Lines about members, what happens to them and what they do. M is a session's id, or an AS number for its first
 * session; "everybody" stands for all members of the hub file.
 *
 *	M connects [OPEN ...]         TCP from the member, then OPEN and KEEPALIVE of both sides
 *	M listens [OPEN ...] | M refuses | M ignores      what becomes of the hub's calls (ignores, if not said)
 *	     OPEN: hold 30, router-id 10.0.0.1, as 64999, without ipv6|as4|refresh, with extended-messages|extended-next-hop|
 *	     enhanced-refresh|ipv6, add-path send|receive|both, role customer|provider|peer|rs-client,
 *	     restart-time 120 (graceful restart), long-lived 3600, notified (also after NOTIFICATIONs), returning (restarts, has
 *	     kept what it forwards), emptied (restarts, has not), mute (says nothing)
 *	M announces P ... [id N] [ROUTE]   ROUTE: the fields of route.h; N routes from P: that many, one after the other; id: of
 *	     the path, where identifiers were agreed on
 *	M withdraws P ... [id N]      also N routes from P
 *	M says rule [ipv6] OCTETS [ROUTE] | M withdraws rule [ipv6] OCTETS      a rule about traffic, without its length
 *	M sends hex OCTETS ... | keepalive | open [OPEN ...] | refresh ipv4 | end-of-rib ipv4 | begin-of-refresh
 *	     ipv4 | end-of-refresh ipv4 | notification 6.2 ["text"]
 *	M falls silent                no more keepalives
 *	M stops reading | M takes 1000 octets | M reads on | M has a window of 4096
 *	M closes                      the TCP connection
 *	operator takes M down ["text"] | operator brings M up | operator asks M again | the hub shuts down
 *	operator blackholes P of ASN for 30m [is refused: TEXT] | operator ends the blackhole P
 *	the hub leaves | the hub returns                  one process goes, another comes in its place
 *	M has a round trip of 30 ms   measured by the hub
 *	registry <<END                what the registries say: `set AS-EXAMPLE as 64601 64701 prefixes P ...`, `set AS64601`,
 *	     `network 64601 ipv4 100 ipv6 10 [never-via]`; registry goes: there is none
 *	rpki <<END                    what the RPKI says, all of it: `roa P [max N] as N`, `aspa N providers N ...`;
 *	     rpki is lost: the cache does not answer any more, its data stays until rpki expires
 *	plan [is refused: TEXT] <<END, transit holds what it should, transit storm of N lines from seed S      transit_steps.c
 *	in one turn ... end of turn   what is between reaches the hub before it tells anybody
 *	M forgets                     the notes so far
 *
 * What is expected is said in exchange_expect.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_flow.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/exchange_blackhole.h"
#include "scenario/exchange_steps.h"
#include "scenario/reference.h"
#include "scenario/transit.h"

/* --- the shell: sockets that are none --- */

static struct member *
member_of_slot(struct scenario *s, unsigned slot, enum session_conn c)
{
	for (struct member *m = s->members; m; m = m->next)
		if (m->conns[c].state != MEMBER_CLOSED && m->conns[c].slot == slot &&
		    !m->conns[c].closed)
			return m;
	return NULL;
}

static void
call(void *context, unsigned slot, const struct exchange_target *target)
{
	struct scenario *s = context;
	for (struct member *m = s->members; m; m = m->next) {
		if (!ip_equal(m->address, target->address))
			continue;
		member_note(m, s->now, "call");
		member_close(m, SESSION_OUT);
		m->conns[SESSION_OUT].state = MEMBER_CALLED;
		m->conns[SESSION_OUT].slot = slot;
	}
}

static void
hang_up(void *context, unsigned slot, enum session_conn c, struct cursor last_words)
{
	struct scenario *s = context;
	struct member *m = member_of_slot(s, slot, c);
	if (!m) /* one that the member had closed before */
		return;
	struct member_conn *conn = &m->conns[c];
	if (conn->state == MEMBER_CALLED) {
		conn->state = MEMBER_CLOSED;
		return;
	}
	size_t room = m->window - conn->from_hub.length;
	size_t length = cursor_left(&last_words);
	conn->cut = length > room;
	buf_put(&conn->from_hub, last_words.at, conn->cut ? room : length);
	conn->closed = true;
	member_told_off(m, c, last_words, s->now);
}

/* --- octets and turns --- */

/* How many of `length` octets go at once. */
static size_t
piece(struct scenario *s, size_t length)
{
	if (!s->random)
		return length;
	size_t most = (size_t)1 << scenario_random(s) % 14;
	size_t count = 1 + scenario_random(s) % most;
	return count < length ? count : length;
}

static bool
is_connected(const struct member_conn *conn)
{
	return conn->state >= MEMBER_OPENSENT && !conn->closed;
}

/* What the member sent reaches the hub. The copy is exactly as long, so that a sanitizer sees who reads beyond. */
static bool
deliver(struct scenario *s, struct member *m, enum session_conn c)
{
	struct member_conn *conn = &m->conns[c];
	if (!is_connected(conn))
		return false;
	if (conn->to_hub.length) {
		size_t count = piece(s, conn->to_hub.length);
		s->spoke = true;
		uint8_t *octets = malloc(count);
		if (!octets)
			abort();
		memcpy(octets, conn->to_hub.data, count);
		buf_consume(&conn->to_hub, count);
		exchange_input(s->exchange, conn->slot, c, octets, count, s->now);
		free(octets);
		return true;
	}
	if (!conn->closing)
		return false;
	unsigned slot = conn->slot;
	member_lost(m, c, s->now);
	exchange_disconnected(s->exchange, slot, c, s->now);
	return true;
}

/* What the hub has to send, as far as the member's socket takes it. */
static bool
fetch(struct scenario *s, struct member *m, enum session_conn c)
{
	struct member_conn *conn = &m->conns[c];
	struct iovec pieces[16];
	bool any = false;
	while (is_connected(conn) && !conn->full) {
		size_t count = exchange_output(s->exchange, conn->slot, c, pieces, 16);
		size_t total = 0;
		for (size_t i = 0; i < count; i++)
			total += pieces[i].iov_len;
		size_t room = m->window - conn->from_hub.length;
		size_t taken = total ? piece(s, total) : 0;
		taken = taken < room ? taken : room;
		for (size_t i = 0, left = taken; i < count && left; i++) {
			size_t part = pieces[i].iov_len < left ? pieces[i].iov_len : left;
			buf_put(&conn->from_hub, pieces[i].iov_base, part);
			left -= part;
		}
		conn->full = taken < total && taken == room;
		exchange_output_done(s->exchange, conn->slot, c, taken, taken == total, s->now);
		any |= taken > 0;
		if (!exchange_waiting(s->exchange, conn->slot, c) || taken < total)
			break;
	}
	return any;
}

/* The hub's calls. */
static bool
answer_call(struct scenario *s, struct member *m)
{
	struct member_conn *conn = &m->conns[SESSION_OUT];
	if (conn->state != MEMBER_CALLED || m->door == MEMBER_IGNORES)
		return false;
	unsigned slot = conn->slot;
	if (m->door == MEMBER_REFUSES) {
		conn->state = MEMBER_CLOSED;
		exchange_connect_failed(s->exchange, slot, "Connection refused", s->now);
		return true;
	}
	member_connected(m, SESSION_OUT, slot, s->now);
	exchange_connected(s->exchange, slot, SESSION_OUT, s->hub->router_id, s->now);
	return true;
}

static bool
move_member(struct scenario *s, struct member *m)
{
	bool any = answer_call(s, m);
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++) {
		any |= deliver(s, m, c);
		if (m->conns[c].state >= MEMBER_OPENSENT)
			any |= member_read(m, c, s->now);
	}
	return any;
}

void
exchange_settle(struct scenario *s)
{
	if (!s->exchange || s->in_turn)
		return;
	for (bool any = true; any;) {
		any = false;
		for (struct member *m = s->members; m; m = m->next)
			any |= move_member(s, m);
		exchange_turn_end(s->exchange);
		for (struct member *m = s->members; m; m = m->next)
			for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
				any |= fetch(s, m, c);
	}
}

struct mono_us
exchange_next(const struct scenario *s)
{
	if (!s->exchange)
		return (struct mono_us){INT64_MAX};
	struct mono_us next = exchange_deadline(s->exchange);
	for (const struct member *m = s->members; m; m = m->next)
		for (unsigned c = 0; c < SESSION_CONNS; c++)
			if (m->conns[c].state >= MEMBER_CONFIRM &&
			    m->conns[c].keepalive.us < next.us)
				next = m->conns[c].keepalive;
	return next;
}

void
exchange_pass(struct scenario *s)
{
	if (!s->exchange)
		return;
	for (struct member *m = s->members; m; m = m->next) {
		member_tick(m, s->now);
		member_age(m, s->now);
	}
	/* What can be read is read before it is seen what is overdue. */
	exchange_settle(s);
	exchange_tick(s->exchange, s->now, scenario_utc(s));
	exchange_settle(s);
}

/* --- hub files --- */

static struct member *
member_by_id(struct scenario *s, const char *id)
{
	for (struct member *m = s->members; m; m = m->next)
		if (strcmp(m->id, id) == 0)
			return m;
	return NULL;
}

static void
take_session(struct scenario *s, const struct hub *hub, const struct hub_session *session)
{
	struct member *m = member_by_id(s, session->id);
	if (!m) {
		struct member **last = &s->members;
		while (*last)
			last = &(*last)->next;
		m = *last = member_new(session->id);
	}
	const struct hub_port *port = &hub->ports[session->port];
	m->next_hops[0] = port->ipv4;
	m->next_hops[1] = port->ipv6;
	m->asn = hub->members[session->member].asn;
	m->address = session->address;
	m->ipv4 = session->ipv4;
	m->ipv6 = session->ipv6;
}

void
exchange_take_hub(struct scenario *s, const struct hub *hub)
{
	for (size_t i = 0; i < hub->session_count; i++)
		take_session(s, hub, &hub->sessions[i]);
	for (struct member *m = s->members; m; m = m->next)
		if (hub_session_by_id(hub, m->id) == HUB_NONE) {
			member_clear(&m->kept);
			m->rtt_ms = 0;
		}
	struct exchange_shell shell = {.connect = call, .close = hang_up, .context = s};
	if (!s->exchange) {
		s->exchange = exchange_new(hub, 1, &shell, s->now);
		if (s->exchange)
			exchange_tick(s->exchange, s->now, scenario_utc(s));
		else
			scenario_broken(s, "no exchange for that hub file");
	} else if (exchange_apply(s->exchange, hub, s->now) < 0) {
		scenario_broken(s, "the exchange does not take that hub file");
	}
	const struct hub *old = s->hub;
	s->hub = (struct hub *)hub;
	exchange_settle(s);
	s->hub = (struct hub *)old;
}

void
exchange_finish(struct scenario *s)
{
	exchange_free(s->exchange);
	source_finish(s);
	transit_finish(s);
	while (s->members) {
		struct member *gone = s->members;
		s->members = gone->next;
		member_free(gone);
	}
}

/* --- words --- */

struct member *
exchange_member(struct scenario *s, const char *word)
{
	struct member *m = member_by_id(s, word);
	char first[64];
	(void)snprintf(first, sizeof(first), "%s-1", word);
	return m ? m : member_by_id(s, first);
}

/* P ..., or N routes from P. The array is the scenario's. */
bool
exchange_take_prefixes(struct scenario *s, struct prefix **out, size_t *count)
{
	struct line *line = &s->line;
	uint64_t number = 0;
	const char *word = line_peek(line);
	bool many = word && line->at + 3 < line->count &&
		    strcmp(line->words[line->at + 1], "routes") == 0 &&
		    strcmp(line->words[line->at + 2], "from") == 0 && script_number(&number, word);
	if (many)
		line->at += 3;
	size_t room = many && number > line->count ? number : line->count;
	struct prefix *list = arena_take(s->arena, room * sizeof(*list));
	*count = 0;
	while (list && (word = line_peek(line)) && prefix_parse(&list[*count], word) == 0) {
		line->at++;
		++*count;
	}
	if (!list || !*count || (many && *count != 1))
		return !scenario_broken(s, "no prefix at \"%s\"", word ? word : "");
	while (many && *count < number) {
		struct prefix *next = &list[*count];
		*next = next[-1];
		/* The next one of the same length. */
		for (unsigned bit = next->length; bit-- > 0;) {
			next->ip.octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
			if (next->ip.octets[bit / 8] & 0x80 >> bit % 8)
				break;
		}
		++*count;
	}
	*out = list;
	return true;
}

static void
usual_open(const struct member *m, struct member_open *out)
{
	*out = (struct member_open){.open = {.asn = m->asn,
					     .hold_time_s = 90,
					     .router_id = m->next_hops[0].family == IP_V4
								  ? ip_v4_number(m->next_hops[0])
								  : m->asn.number,
					     .capabilities = {.multiprotocol = true,
							      .ipv4 = m->ipv4,
							      .ipv6 = m->ipv6,
							      .as4 = true,
							      .refresh = true,
							      .role = BGP_ROLE_NONE}}};
}

static bool
take_add_path(struct line *line, struct bgp_capabilities *can)
{
	uint8_t both = line_is(line, "add-path send")      ? BGP_ADD_PATH_SEND
		       : line_is(line, "add-path receive") ? BGP_ADD_PATH_RECEIVE
		       : line_is(line, "add-path both")    ? BGP_ADD_PATH_BOTH
							   : BGP_ADD_PATH_NONE;
	if (both)
		can->add_path_ipv4 = can->add_path_ipv6 = both;
	return both;
}

static bool
take_role(struct line *line, struct bgp_capabilities *can)
{
	if (line_is(line, "role rs-client"))
		can->role = BGP_ROLE_RS_CLIENT;
	else if (line_is(line, "role customer"))
		can->role = BGP_ROLE_CUSTOMER;
	else if (line_is(line, "role provider"))
		can->role = BGP_ROLE_PROVIDER;
	else if (line_is(line, "role peer"))
		can->role = BGP_ROLE_PEER;
	else
		return false;
	return true;
}

static bool
take_restart(struct line *line, const struct member *m, struct bgp_capabilities *can)
{
	uint64_t number = 0;
	if (line_is(line, "restart-time") && script_number(&number, line_take(line))) {
		can->graceful_restart = true;
		can->restart_time_s = (uint16_t)number;
		can->restart_ipv4 = m->ipv4;
		can->restart_ipv6 = m->ipv6;
	} else if (line_is(line, "long-lived") && script_number(&number, line_take(line))) {
		can->graceful_restart = can->long_lived = true;
		can->stale_ipv4_s = m->ipv4 ? (uint32_t)number : 0;
		can->stale_ipv6_s = m->ipv6 ? (uint32_t)number : 0;
	} else if (line_is(line, "notified")) {
		can->restart_notified = true;
	} else if (line_is(line, "returning")) {
		can->restarting = true;
		can->restart_ipv4_kept = can->restart_ipv4;
		can->restart_ipv6_kept = can->restart_ipv6;
		can->stale_ipv4_kept = can->stale_ipv4_s;
		can->stale_ipv6_kept = can->stale_ipv6_s;
	} else if (line_is(line, "emptied")) {
		can->restarting = true;
	} else {
		return false;
	}
	return true;
}

/* Takes the words that say how its OPEN differs from the usual one. */
static bool
take_open(struct scenario *s, const struct member *m, struct member_open *out)
{
	struct line *line = &s->line;
	struct bgp_capabilities *can = &out->open.capabilities;
	usual_open(m, out);
	while (line_peek(line)) {
		uint64_t number = 0;
		struct ip ip;
		if (line_is(line, "hold") && script_number(&number, line_take(line)))
			out->open.hold_time_s = (uint16_t)number;
		else if (line_is(line, "as") && script_number(&number, line_take(line)))
			out->open.asn.number = (uint32_t)number;
		else if (line_is(line, "router-id") && line_peek(line) &&
			 ip_parse(&ip, line_take(line)) == 0 && ip.family == IP_V4)
			out->open.router_id = ip_v4_number(ip);
		else if (line_is(line, "without ipv4"))
			can->ipv4 = false;
		else if (line_is(line, "without ipv6"))
			can->ipv6 = false;
		else if (line_is(line, "without as4"))
			can->as4 = false;
		else if (line_is(line, "without refresh"))
			can->refresh = false;
		else if (line_is(line, "with ipv6"))
			can->ipv6 = true;
		else if (line_is(line, "with extended-messages"))
			can->extended_messages = true;
		else if (line_is(line, "with extended-next-hop"))
			can->extended_next_hop = true;
		else if (line_is(line, "with enhanced-refresh"))
			can->enhanced_refresh = true;
		else if (line_is(line, "with flowspec"))
			can->flow_ipv4 = can->flow_ipv6 = true;
		else if (take_add_path(line, can) || take_role(line, can) ||
			 take_restart(line, m, can))
			continue;
		else if (line_is(line, "mute"))
			out->mute = true;
		else
			return !scenario_broken(s, "an OPEN does not differ by \"%s\"",
						line_peek(line));
	}
	return true;
}

/* --- what members do --- */

/* "refusal 6.7", or "refusal" when the hub closes without a word. */
static void
note_refusal(struct scenario *s, struct member *m, struct cursor refusal)
{
	struct bgp_notification said;
	bool worded = cursor_left(&refusal) > 0;
	cursor_skip(&refusal, BGP_HEADER);
	bgp_notification_read(&said, refusal);
	if (worded)
		member_note(m, s->now, "refusal %u.%u", said.code, said.subcode);
	else
		member_note(m, s->now, "refusal");
}

static void
connect(struct scenario *s, struct member *m)
{
	struct member_open says;
	if (!s->exchange) {
		scenario_broken(s, "the hub is away");
		return;
	}
	if (!take_open(s, m, &says))
		return;
	/* What the hub said on the connection before is heard first. */
	exchange_settle(s);
	int slot = exchange_accept(s->exchange, m->address, s->now);
	if (m->conns[SESSION_IN].state != MEMBER_CLOSED && m->conns[SESSION_IN].closed)
		member_hung_up(m, SESSION_IN, s->now);
	if (slot < 0) {
		note_refusal(s, m, exchange_refusal(s->exchange));
		return;
	}
	m->says = says;
	m->silent = false;
	member_connected(m, SESSION_IN, (unsigned)slot, s->now);
	exchange_connected(s->exchange, (unsigned)slot, SESSION_IN, s->hub->router_id, s->now);
}

/* The connection it speaks on; NULL, and broken, if there is none. */
static struct member_conn *
speaking(struct scenario *s, struct member *m)
{
	struct member_conn *up = member_up(m);
	for (unsigned c = 0; !up && c < SESSION_CONNS; c++)
		if (is_connected(&m->conns[c]))
			up = &m->conns[c];
	if (!up)
		scenario_broken(s, "%s is not connected", m->id);
	return up;
}

static void
announce(struct scenario *s, struct member *m, bool withdraw)
{
	struct prefix *prefixes;
	size_t count;
	struct member_conn *conn = speaking(s, m);
	if (!conn || !exchange_take_prefixes(s, &prefixes, &count))
		return;
	uint64_t path_id = 0;
	if (line_is(&s->line, "id") && !script_number(&path_id, line_take(&s->line))) {
		scenario_broken(s, "an id is a number");
		return;
	}
	const char *words = line_rest(&s->line, s->arena);
	struct route_speaker speaker = {
		.asn = m->asn,
		.next_hops = {m->next_hops[0], m->next_hops[1]},
		.as4 = m->says.open.capabilities.as4,
		.add_path = {member_sends_ids(m, conn, IP_V4), member_sends_ids(m, conn, IP_V6)},
		.path_id = (uint32_t)path_id,
		.max = member_message_max(m, conn),
	};
	if (withdraw && *words)
		scenario_broken(s, "a withdrawal has no \"%s\"", words);
	else if (withdraw)
		route_withdraw(&conn->to_hub, &speaker, prefixes, count);
	else if (!route_announce(&conn->to_hub, &speaker, prefixes, count, words))
		scenario_broken(s, "no route can be made of \"%s\"", words);
	if (s->world && !withdraw)
		words = reference_as_taken(s, words);
	/* Who does not read may not know yet that the hub has closed: nobody hears it. */
	for (size_t i = 0; i < count && !s->broken && !conn->closed; i++) {
		member_put(&m->said, prefixes[i], speaker.path_id, withdraw ? NULL : words);
		member_put(&m->kept, prefixes[i], speaker.path_id, NULL);
	}
}

/* "says rule [ipv6] OCTETS [ROUTE]". */
static void
say_rule(struct scenario *s, struct member *m, bool withdraw)
{
	struct member_conn *conn = speaking(s, m);
	enum ip_family family = line_is(&s->line, "ipv6") ? IP_V6 : IP_V4;
	const char *hex = line_take(&s->line);
	struct buf rule = {0};
	if (!conn)
		return;
	struct route_speaker speaker = {.asn = m->asn, .as4 = true};
	const char *words = line_rest(&s->line, s->arena);
	bool good = hex && route_hex(&rule, hex) &&
		    route_rule(&conn->to_hub, &speaker, family, cursor_of(rule.data, rule.length),
			       withdraw ? NULL : words);
	buf_fini(&rule);
	if (!good)
		scenario_broken(s, "no rule can be made of that");
}

static bool
send_hex(struct buf *to, struct line *line)
{
	bool good = line_peek(line) != NULL;
	for (const char *word; good && (word = line_take(line));)
		good = route_hex(to, word);
	return good;
}

static bool
send_notification(struct scenario *s, struct member_conn *conn)
{
	struct buf *to = &conn->to_hub;
	const char *codes = line_take(&s->line);
	unsigned code, subcode;
	if (!codes || sscanf(codes, "%u.%u", &code, &subcode) != 2)
		return false;
	const char *text = line_take(&s->line);
	conn->said_hard = code == BGP_ERR_CEASE && subcode == BGP_CEASE_HARD_RESET;
	if (code == BGP_ERR_CEASE)
		bgp_cease_write(to, (uint8_t)subcode, text);
	else
		bgp_notification_write(to,
				       (struct bgp_error){(uint8_t)code, (uint8_t)subcode, {0}});
	return true;
}

static bool
send_refresh(struct scenario *s, struct member *m, struct member_conn *conn,
	     enum bgp_refresh_kind kind)
{
	bool rules = line_is(&s->line, "rules");
	enum ip_family family = line_is(&s->line, "ipv4")   ? IP_V4
				: line_is(&s->line, "ipv6") ? IP_V6
							    : IP_NONE;
	if (family == IP_NONE)
		return false;
	if (rules) {
		bgp_flow_refresh_write(&conn->to_hub, family, kind);
		return true;
	}
	bgp_refresh_write(&conn->to_hub, family, kind);
	if (kind == BGP_REFRESH_ASK)
		member_asks_again(m, conn, family);
	else
		member_says_again(m, conn, family, kind == BGP_REFRESH_BEGIN, s->now);
	return true;
}

static void
send_end_of_rib(struct member *m, struct member_conn *conn, enum ip_family family)
{
	bgp_end_of_rib_write(&conn->to_hub, family);
	if (!conn->closed)
		member_told_all(m, family);
}

static void
send_message(struct scenario *s, struct member *m)
{
	struct member_conn *conn = speaking(s, m);
	struct line *line = &s->line;
	struct member_open open;
	if (!conn)
		return;
	struct buf *to = &conn->to_hub;
	bool good = true;
	if (line_is(line, "hex"))
		good = send_hex(to, line);
	else if (line_is(line, "keepalive"))
		bgp_keepalive_write(to);
	else if (line_is(line, "refresh"))
		good = send_refresh(s, m, conn, BGP_REFRESH_ASK);
	else if (line_is(line, "begin-of-refresh"))
		good = send_refresh(s, m, conn, BGP_REFRESH_BEGIN);
	else if (line_is(line, "end-of-refresh"))
		good = send_refresh(s, m, conn, BGP_REFRESH_END);
	else if (line_is(line, "end-of-rib ipv4"))
		send_end_of_rib(m, conn, IP_V4);
	else if (line_is(line, "end-of-rib ipv6"))
		send_end_of_rib(m, conn, IP_V6);
	else if (line_is(line, "notification"))
		good = send_notification(s, conn);
	else if (line_is(line, "open") && take_open(s, m, &open))
		bgp_open_write(to, &open.open);
	else
		good = s->broken;
	if (!good)
		scenario_broken(s, "that cannot be sent");
}

static void
open_door(struct scenario *s, struct member *m, enum member_door door)
{
	m->door = door;
	if (door == MEMBER_LISTENS)
		(void)take_open(s, m, &m->says);
}

static void
hang_up_all(struct member *m)
{
	for (unsigned c = 0; c < SESSION_CONNS; c++)
		m->conns[c].closing = is_connected(&m->conns[c]);
}

static bool
reading_step(struct scenario *s, struct member *m)
{
	struct line *line = &s->line;
	uint64_t octets;
	if (line_is(line, "stops reading")) {
		m->reads = false;
		m->take = 0;
	} else if (line_is(line, "reads on")) {
		m->reads = true;
	} else if (line_is(line, "takes") && script_number(&octets, line_take(line)) &&
		   line_is(line, "octets")) {
		m->take += octets;
	} else if (line_is(line, "has a round trip of") &&
		   script_number(&octets, line_take(line)) && line_is(line, "ms")) {
		uint32_t index = hub_session_by_id(s->hub, m->id);
		if (!s->exchange || index == HUB_NONE)
			return true;
		m->rtt_ms = (uint16_t)octets;
		exchange_rtt(s->exchange, (unsigned)exchange_slot_of(s->exchange, index), m->rtt_ms,
			     s->now);
	} else if (line_is(line, "has a window of") && script_number(&octets, line_take(line))) {
		m->window = octets;
	} else {
		return false;
	}
	return true;
}

static bool
member_step(struct scenario *s, struct member *m)
{
	struct line *line = &s->line;
	if (line_is(line, "connects"))
		connect(s, m);
	else if (line_is(line, "listens"))
		open_door(s, m, MEMBER_LISTENS);
	else if (line_is(line, "refuses"))
		open_door(s, m, MEMBER_REFUSES);
	else if (line_is(line, "ignores"))
		open_door(s, m, MEMBER_IGNORES);
	else if (line_is(line, "announces"))
		announce(s, m, false);
	else if (line_is(line, "withdraws rule"))
		say_rule(s, m, true);
	else if (line_is(line, "withdraws"))
		announce(s, m, true);
	else if (line_is(line, "says rule"))
		say_rule(s, m, false);
	else if (line_is(line, "sends"))
		send_message(s, m);
	else if (line_is(line, "falls silent"))
		m->silent = true;
	else if (line_is(line, "closes"))
		hang_up_all(m);
	else if (line_is(line, "forgets"))
		m->note_count = 0;
	else
		return reading_step(s, m);
	return true;
}

/* --- what the operator does --- */

/* operator blackholes P of M for 30m [is refused: TEXT] */
static bool
blackhole_step(struct scenario *s)
{
	struct line *line = &s->line;
	const char *prefix = line_take(line);
	struct exchange_blackhole what = {0};
	char why[EXCHANGE_BLACKHOLE_WHY] = "";
	if (!prefix || prefix_parse(&what.prefix, prefix) < 0 || !line_is(line, "of") ||
	    asn_parse(&what.member, line_take(line)) < 0 || !line_is(line, "for"))
		return scenario_broken(s, "operator blackholes P of ASN for TIME");
	int64_t us = script_time(line_take(line));
	what.ends = (struct utc_s){scenario_utc(s).s + us / 1000000};
	exchange_tick(s->exchange, s->now, scenario_utc(s));
	int status = exchange_blackhole_add(s->exchange, &what, why);
	bool refused = line_is(line, "is refused:");
	const char *wanted = refused ? line_rest(line, s->arena) : "";
	scenario_expect(s, (status != 0) == refused && strcmp(why, wanted) == 0, "%s", why);
	return true;
}

static bool
operator_step(struct scenario *s)
{
	struct line *line = &s->line;
	struct prefix prefix;
	if (line_is(line, "blackholes"))
		return blackhole_step(s);
	if (line_is(line, "ends the blackhole")) {
		const char *text = line_take(line);
		if (!text || prefix_parse(&prefix, text) < 0 ||
		    exchange_blackhole_remove(s->exchange, &prefix) < 0)
			return scenario_broken(s, "there is no such blackhole");
		return true;
	}
	bool down = line_is(line, "takes"), asks = !down && line_is(line, "asks");
	if (!down && !asks && !line_is(line, "brings"))
		return false;
	const char *word = line_take(line);
	struct member *m = word ? exchange_member(s, word) : NULL;
	int slot = m && s->exchange
			   ? exchange_slot_of(s->exchange, hub_session_by_id(s->hub, m->id))
			   : -1;
	if (slot < 0 || !line_is(line, down ? "down" : asks ? "again" : "up"))
		return scenario_broken(s, "operator takes M down [\"text\"], operator brings M up, "
					  "operator asks M again");
	if (asks) {
		(void)exchange_peer_refresh(s->exchange, (unsigned)slot);
		return true;
	}
	if (!down) {
		exchange_peer_up(s->exchange, (unsigned)slot, s->now);
		return true;
	}
	member_clear(&m->kept);
	exchange_peer_down(s->exchange, (unsigned)slot, line_take(line), s->now);
	return true;
}

static bool
everybody_step(struct scenario *s)
{
	size_t at = s->line.at;
	bool known = false;
	for (struct member *m = s->members; m && !s->broken; m = m->next) {
		if (hub_session_by_id(s->hub, m->id) == HUB_NONE)
			continue;
		s->line.at = at;
		known = member_step(s, m) || exchange_expect_of(s, m);
	}
	return known;
}

static bool
deed(struct scenario *s)
{
	struct line *line = &s->line;
	if (line_is(line, "everybody"))
		return everybody_step(s);
	if (line_is(line, "operator"))
		return operator_step(s);
	if (line_is(line, "in one turn")) {
		s->in_turn = true;
		return true;
	}
	if (line_is(line, "end of turn")) {
		/* All of it reaches the hub, then the turn ends. */
		for (struct member *m = s->members; m; m = m->next)
			for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
				while (deliver(s, m, c))
					continue;
		s->in_turn = false;
		return true;
	}
	if (line_is(line, "the hub shuts down")) {
		exchange_shut_down(s->exchange, s->now);
		return true;
	}
	if (source_step(s) || transit_step(s))
		return true;
	struct member *m = line_peek(line) ? exchange_member(s, line_peek(line)) : NULL;
	if (!m)
		return false;
	line->at++;
	return member_step(s, m) || exchange_expect_of(s, m);
}

bool
exchange_step(struct scenario *s)
{
	bool known = deed(s) || (!s->line.at && exchange_expect(s));
	if (known)
		exchange_settle(s);
	else
		s->line.at = 0;
	return known;
}
