/* The exchange as its neighbours see it: octets in, octets out, no sockets, a clock of our own. */
#include <stdlib.h>

#include "exchange/bgp/bgp_open.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/exchange.h"
#include "hub_text.h"
#include "tap.h"

enum { PEERS = 4, HELD_MAX = 64, WIRE_MAX = 512 };

/* --- the hub --- */

static const char head[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n";
static const char policy_plain[] = "policy: {bogon_asns: [0], role: off}\n";
static const char policy_short[] = "policy: {bogon_asns: [0], as_path_max: 2, role: off}\n";

/* A picture with the members 1001, 1002 ... whose bits are set in `members`. */
static struct hub *
hub_of(const char *policy, unsigned members, const char *extra)
{
	struct buf text = {0};
	buf_printf(&text, "%s%smembers:\n", head, policy);
	for (unsigned i = 0; i < PEERS; i++)
		if (members >> i & 1)
			buf_printf(&text,
				   "  - asn: %u\n    name: Member %u\n    kind: access\n"
				   "    ports: [{id: p%u, lan: p, speed: 10G, ipv4: 192.0.2.%u, "
				   "ipv6: \"2001:db8:100::%u\"}]\n"
				   "    sessions: [{port: p%u, address: 192.0.2.%u, "
				   "families: [ipv4, ipv6]%s}]\n",
				   1001 + i, i, i, 11 + i, 11 + i, i, 11 + i, extra);
	buf_u8(&text, 0);
	struct hub *hub = hub_of_text((const char *)text.data);
	buf_fini(&text);
	return hub;
}

/* --- neighbours --- */

struct held {
	struct prefix prefix;
	uint8_t wire[WIRE_MAX]; /* attributes as they came */
	size_t length;
	struct ip next_hop;
};

struct peer {
	int slot;
	bool connected, as2;
	struct buf in; /* what we have not read yet */
	struct held held[HELD_MAX];
	size_t held_count;
	unsigned updates, keepalives, ends_of_rib;
	int closed_with;    /* code * 256 + subcode of a NOTIFICATION, -1: none */
	uint8_t order[256]; /* types of messages as they came */
	size_t order_count;
};

static struct exchange *x;
static struct mono_us now = {1000000};
static struct peer peers[PEERS];
static struct bgp_scratch scratch;

static struct ip
address_of(unsigned i)
{
	return ip_v4(0xc0000200 + 11 + i);
}

static struct peer *
peer_at(unsigned slot)
{
	for (unsigned i = 0; i < PEERS; i++)
		if (peers[i].connected && peers[i].slot == (int)slot)
			return &peers[i];
	return NULL;
}

static void
want_connect(void *context, unsigned slot, const struct exchange_target *target)
{
	(void)context;
	(void)slot;
	(void)target;
}

static void
want_close(void *context, unsigned slot, enum session_conn conn, struct cursor words)
{
	(void)context;
	(void)conn;
	struct peer *p = peer_at(slot);
	if (!p)
		return;
	buf_put(&p->in, words.at, cursor_left(&words));
	p->connected = false;
}

static void
hold(struct peer *p, struct prefix prefix, const struct bgp_update *update, struct ip next_hop)
{
	size_t at = 0;
	while (at < p->held_count && !prefix_equal(p->held[at].prefix, prefix))
		at++;
	if (!update) {
		if (at < p->held_count)
			p->held[at] = p->held[--p->held_count];
		return;
	}
	struct held *h = &p->held[at];
	p->held_count += at == p->held_count;
	h->prefix = prefix;
	h->next_hop = next_hop;
	struct buf wire = {0};
	struct bgp_communities all = {update->attrs.communities, update->attrs.ext_communities,
				      update->attrs.large_communities};
	bgp_attrs_encode(&wire, &update->attrs, all);
	h->length = wire.length;
	memcpy(h->wire, wire.data, wire.length);
	buf_fini(&wire);
}

static void
take_update(struct peer *p, struct cursor body)
{
	struct bgp_peer how = {.as4 = !p->as2, .ipv4 = true, .ipv6 = true};
	struct bgp_update update;
	p->updates++;
	ok(bgp_update_read(&update, body, &how, &scratch) == BGP_VERDICT_OK && !update.remark_count,
	   "what the exchange sends is a sound UPDATE");
	p->ends_of_rib += update.end_of_rib != IP_NONE;
	struct prefix prefix;
	for (unsigned i = 0; i < update.withdrawn_count; i++)
		while (bgp_nlri_next(&update.withdrawn[i], &prefix, NULL))
			hold(p, prefix, NULL, (struct ip){0});
	for (unsigned i = 0; i < update.announced_count; i++) {
		struct ip next_hop = update.announced[i].next_hop;
		while (bgp_nlri_next(&update.announced[i], &prefix, NULL))
			hold(p, prefix, &update, next_hop);
	}
}

static void
take_messages(struct peer *p)
{
	size_t at = 0;
	while (p->in.length - at >= BGP_HEADER) {
		const uint8_t *m = p->in.data + at;
		size_t length = (size_t)m[16] << 8 | m[17];
		if (p->in.length - at < length)
			break;
		struct cursor body = cursor_of(m + BGP_HEADER, length - BGP_HEADER);
		p->order[p->order_count++ % sizeof(p->order)] = m[18];
		if (m[18] == BGP_UPDATE)
			take_update(p, body);
		else if (m[18] == BGP_KEEPALIVE)
			p->keepalives++;
		else if (m[18] == BGP_NOTIFICATION)
			p->closed_with = m[19] << 8 | m[20];
		at += length;
	}
	buf_consume(&p->in, at);
}

/* Lets the peer take up to `octets` of what is there for it; returns how many it took. */
static size_t
take_some(struct peer *p, size_t octets)
{
	struct iovec pieces[8];
	size_t count = exchange_output(x, (unsigned)p->slot, SESSION_IN, pieces, 8);
	size_t taken = 0, total = 0;
	for (size_t i = 0; i < count; i++) {
		size_t n = pieces[i].iov_len < octets - taken ? pieces[i].iov_len : octets - taken;
		buf_put(&p->in, pieces[i].iov_base, n);
		taken += n;
		total += pieces[i].iov_len;
	}
	exchange_output_done(x, (unsigned)p->slot, SESSION_IN, taken, taken == total, now);
	return taken;
}

static void
settle(void)
{
	exchange_turn_end(x);
	for (unsigned i = 0; i < PEERS; i++) {
		struct peer *p = &peers[i];
		while (p->connected && exchange_waiting(x, (unsigned)p->slot, SESSION_IN))
			if (!take_some(p, SIZE_MAX))
				break;
		take_messages(p);
	}
}

static void
say(unsigned i, const struct buf *octets)
{
	if (peers[i].connected)
		exchange_input(x, (unsigned)peers[i].slot, SESSION_IN, octets->data, octets->length,
			       now);
}

static void
connect_peer(unsigned i, bool as2)
{
	struct peer *p = &peers[i];
	buf_fini(&p->in);
	*p = (struct peer){.closed_with = -1, .as2 = as2};
	p->slot = exchange_accept(x, address_of(i), now);
	ok(p->slot >= 0, "a member's connection is taken");
	p->connected = true;
	exchange_connected(x, (unsigned)p->slot, SESSION_IN, ip_v4(0xc0000201), now);
	struct buf m = {0};
	struct bgp_open open = {
		.asn.number = 1001 + i,
		.hold_time_s = 90,
		.router_id = 100 + i,
		.capabilities = {.multiprotocol = true,
				 .ipv4 = true,
				 .ipv6 = true,
				 .as4 = !as2,
				 .refresh = true,
				 .role = BGP_ROLE_NONE},
	};
	bgp_open_write(&m, &open);
	bgp_keepalive_write(&m);
	say(i, &m);
	buf_fini(&m);
	settle();
	ok(session_state(exchange_session(x, (unsigned)p->slot)) == SESSION_ESTABLISHED &&
		   p->ends_of_rib == 2 && p->order[0] == BGP_OPEN && p->order[1] == BGP_KEEPALIVE,
	   "the session comes up, and End-of-RIB is sent for both families");
}

/* --- routes --- */

struct route {
	uint32_t path[6];
	const char *prefix;
	const char *next_hop; /* NULL: the peer's own */
	uint32_t standard[3], large[3];
};

/* An UPDATE of peer `i`; `withdraw`: the prefix goes. */
static void
announce(unsigned i, struct route r, bool withdraw)
{
	struct buf m = {0}, attrs_bytes = {0}, path = {0}, standard = {0}, large = {0};
	struct prefix prefix;
	prefix_parse(&prefix, r.prefix);
	enum ip_family family = (enum ip_family)prefix.ip.family;
	uint8_t hops = 0;
	while (hops < 6 && r.path[hops])
		hops++;
	buf_u8(&path, 2);
	buf_u8(&path, hops);
	for (unsigned h = 0; h < hops; h++)
		buf_u32(&path, r.path[h]);
	for (unsigned c = 0; c < 3 && r.standard[c]; c++)
		buf_u32(&standard, r.standard[c]);
	for (unsigned c = 0; c < 3 && r.large[0]; c++)
		buf_u32(&large, r.large[c]);
	struct ip next_hop = address_of(i);
	uint8_t v6[16] = {0x20, 1, 0xd, 0xb8, 1, 0, [15] = (uint8_t)(0x11 + i)};
	if (family == IP_V6)
		next_hop = ip_v6(v6);
	if (r.next_hop)
		ip_parse(&next_hop, r.next_hop);
	struct bgp_attrs attrs = {.as_path = cursor_of(path.data, path.length),
				  .as_hops = hops,
				  .next_hop = next_hop,
				  .has_med = true,
				  .med = 7};
	struct bgp_communities communities = {cursor_of(standard.data, standard.length),
					      cursor_of("", 0),
					      cursor_of(large.data, large.length)};
	attrs.communities = communities.standard;
	attrs.others = cursor_of("", 0);
	bgp_attrs_encode(&attrs_bytes, &attrs, communities);
	struct bgp_route_attrs route = {attrs_bytes.data, attrs_bytes.length, next_hop, {0}};
	struct bgp_writer w;
	if (withdraw)
		bgp_withdraw_begin(&w, &m, family, BGP_FORM_PLAIN);
	else
		bgp_announce_begin(&w, &m, family, BGP_FORM_PLAIN, &route);
	bgp_writer_add(&w, prefix, 0);
	bgp_writer_end(&w);
	say(i, &m);
	buf_fini(&m);
	buf_fini(&attrs_bytes);
	buf_fini(&path);
	buf_fini(&standard);
	buf_fini(&large);
}

static const struct held *
held(unsigned i, const char *text)
{
	struct prefix prefix;
	prefix_parse(&prefix, text);
	for (size_t h = 0; h < peers[i].held_count; h++)
		if (prefix_equal(peers[i].held[h].prefix, prefix))
			return &peers[i].held[h];
	return NULL;
}

/* Through which peer does `i` hold the prefix? -1: through none. */
static int
holds_from(unsigned i, const char *text)
{
	const struct held *h = held(i, text);
	for (unsigned from = 0; h && from < PEERS; from++)
		if (ip_equal(h->next_hop, address_of(from)))
			return (int)from;
	return h ? 99 : -1;
}

static void
begin(struct hub *hub)
{
	static const struct exchange_shell shell = {.connect = want_connect, .close = want_close};
	x = exchange_new(hub, 1, &shell, now);
	exchange_tick(x, now, (struct utc_s){1800000000});
	for (unsigned i = 0; i < 3; i++)
		connect_peer(i, false);
}

static void
finish(struct hub *hub)
{
	exchange_free(x);
	hub_free(hub);
	for (unsigned i = 0; i < PEERS; i++) {
		buf_fini(&peers[i].in);
		peers[i] = (struct peer){0};
	}
}

/* --- what is seen --- */

static void
transparent(void)
{
	struct hub *hub = hub_of(policy_plain, 7, "");
	begin(hub);
	ok(exchange_accept(x, ip_v4(0x01020304), now) < 0, "a stranger is not let in");
	ok(exchange_accept(x, address_of(0), now) < 0,
	   "a second connection of one who is up is not taken");
	announce(0, (struct route){{1001, 7}, "20.1.0.0/16", NULL, {0x03e90005}, {0}}, false);
	announce(0, (struct route){{1001, 8}, "2600:1::/32", "2001:db8:100::11", {0}, {0}}, false);
	settle();
	ok(holds_from(1, "20.1.0.0/16") == 0 && holds_from(2, "20.1.0.0/16") == 0,
	   "what one announces, the others get, with its own next hop");
	ok(holds_from(0, "20.1.0.0/16") < 0, "and it does not get it back");
	ok(held(1, "2600:1::/32") != NULL, "IPv6 alike");
	/* ORIGIN, AS_PATH, NEXT_HOP, MED, COMMUNITIES: nothing added, nothing taken away */
	static const uint8_t wire[] = {0x40, 1, 1, 0, 0x40, 2,    10, 2,   2, 0,    0,  3,    0xe9,
				       0,    0, 0, 7, 0x40, 3,    4,  192, 0, 2,    11, 0x80, 4,
				       4,    0, 0, 0, 7,    0xc0, 8,  4,   3, 0xe9, 0,  5};
	const struct held *h = held(1, "20.1.0.0/16");
	ok(h && h->length == sizeof(wire) && memcmp(h->wire, wire, sizeof(wire)) == 0,
	   "path, MED and communities are as they came");
	announce(0, (struct route){.prefix = "20.1.0.0/16"}, true);
	settle();
	ok(holds_from(1, "20.1.0.0/16") < 0 && held(1, "2600:1::/32"),
	   "a withdrawn route goes, the others stay");
	finish(hub);
}

static void
control(void)
{
	struct hub *hub = hub_of(policy_plain, 7, "");
	begin(hub);
	/* 0:1002, and a community that is not ours */
	announce(0, (struct route){{1001, 7}, "20.1.0.0/16", NULL, {1002, 0x03e90005}, {0}}, false);
	announce(2, (struct route){{1003, 7, 8}, "20.1.0.0/16", NULL, {0}, {64500, 0, 1001}},
		 false);
	settle();
	ok(holds_from(2, "20.1.0.0/16") == 0, "the best path goes to those who may have it");
	ok(holds_from(1, "20.1.0.0/16") == 2, "one that may not gets the next: no path is hidden");
	ok(holds_from(0, "20.1.0.0/16") < 0, "and one that may have neither gets none");
	const struct held *h = held(2, "20.1.0.0/16");
	ok(h && h->length == 38 && h->wire[37] == 5, "communities for us are not passed on");
	h = held(1, "20.1.0.0/16");
	ok(h && h->wire[h->length - 7] == 0x80, "an attribute that held only those is left out");
	announce(2, (struct route){.prefix = "20.1.0.0/16"}, true);
	settle();
	ok(holds_from(1, "20.1.0.0/16") < 0, "when the next goes, it is withdrawn");
	ok(holds_from(2, "20.1.0.0/16") == 0, "and nobody else is told");
	finish(hub);
}

static void
refused_and_new_policy(void)
{
	struct hub *hub = hub_of(policy_short, 7, "");
	begin(hub);
	announce(0, (struct route){{1001, 7, 8}, "20.1.0.0/16", NULL, {0}, {0}}, false);
	announce(0, (struct route){{1001, 7}, "20.2.0.0/25", NULL, {0}, {0}}, false);
	announce(0, (struct route){{1001, 7}, "20.3.0.0/16", "192.0.2.12", {0}, {0}}, false);
	announce(0, (struct route){{1001, 7}, "20.4.0.0/16", NULL, {0}, {0}}, false);
	settle();
	ok(peers[1].held_count == 1 && holds_from(1, "20.4.0.0/16") == 0,
	   "only the good one of four is passed on");
	struct rib_path_view path;
	struct prefix prefix;
	prefix_parse(&prefix, "20.2.0.0/25");
	ok(rib_paths(exchange_rib(x, IP_V4), prefix, &path, 1) == 1 &&
		   path.reasons == 1u << POLICY_PREFIX_TOO_LONG,
	   "the others are kept with their reasons");
	unsigned updates = peers[1].updates;
	struct hub *same = hub_of(policy_short, 7, "");
	ok(exchange_apply(x, same, now) == 0, "another picture is taken");
	hub_free(hub);
	settle();
	ok(peers[1].updates == updates && peers[0].connected && peers[1].connected,
	   "one that says the same changes nothing");
	struct hub *wider = hub_of(policy_plain, 7, "");
	exchange_apply(x, wider, now);
	hub_free(same);
	settle();
	ok(holds_from(1, "20.1.0.0/16") == 0, "a wider policy lets a kept route pass");
	ok(peers[0].connected && peers[0].closed_with < 0, "without a word from its announcer");
	struct hub *fewer = hub_of(policy_plain, 6, "");
	exchange_apply(x, fewer, now);
	hub_free(wider);
	settle();
	ok(!peers[0].connected &&
		   peers[0].closed_with == (BGP_ERR_CEASE << 8 | BGP_CEASE_DECONFIGURED),
	   "a member that is gone from the picture is told so");
	ok(peers[1].held_count == 0 && peers[1].connected, "its routes go, the others stay");
	struct hub *again = hub_of(policy_plain, 15, "");
	exchange_apply(x, again, now);
	hub_free(fewer);
	connect_peer(0, false);
	connect_peer(3, false);
	announce(3, (struct route){{1004}, "20.9.0.0/16", NULL, {0}, {0}}, false);
	settle();
	ok(holds_from(1, "20.9.0.0/16") == 3 && holds_from(0, "20.9.0.0/16") == 3,
	   "new members come in beside them");
	finish(again);
}

static void
down_and_refresh(void)
{
	struct hub *hub = hub_of(policy_plain, 7, "");
	begin(hub);
	for (unsigned i = 0; i < 20; i++) {
		char text[PREFIX_TEXT];
		snprintf(text, sizeof(text), "20.%u.0.0/16", i);
		announce(0, (struct route){{1001, 7}, text, NULL, {0}, {0}}, false);
	}
	settle();
	ok(peers[1].held_count == 20, "twenty routes arrive");
	peers[1].held_count = 0;
	struct buf m = {0};
	bgp_refresh_write(&m, IP_V4, BGP_REFRESH_ASK);
	say(1, &m);
	buf_fini(&m);
	settle();
	ok(peers[1].held_count == 20, "and again when a refresh is asked for (RFC 2918)");
	peers[0].connected = false;
	exchange_disconnected(x, (unsigned)peers[0].slot, SESSION_IN, now);
	settle();
	ok(peers[1].held_count == 0 && peers[2].held_count == 0,
	   "a session that is lost takes its routes with it");
	connect_peer(0, true);
	announce(1, (struct route){{1002, 4200000000}, "20.77.0.0/16", NULL, {0}, {0}}, false);
	settle();
	const struct held *h = held(0, "20.77.0.0/16");
	ok(h && h->wire[13] == 0xfa && h->wire[14] == 0x56,
	   "a neighbour of 2-octet numbers gets the path whole, by AS4_PATH (RFC 6793)");
	finish(hub);
}

static void
limits(void)
{
	struct hub *hub = hub_of(policy_plain, 7, ", max_prefixes_ipv4: 3");
	begin(hub);
	static const char *const prefixes[] = {"20.1.0.0/16", "20.2.0.0/16", "20.3.0.0/25",
					       "20.4.0.0/16"};
	for (unsigned i = 0; i < 3; i++)
		announce(0, (struct route){{1001}, prefixes[i], NULL, {0}, {0}}, false);
	settle();
	ok(peers[0].connected && peers[1].held_count == 2, "as many prefixes as allowed are fine");
	announce(0, (struct route){{1001}, prefixes[3], NULL, {0}, {0}}, false);
	settle();
	ok(!peers[0].connected &&
		   peers[0].closed_with == (BGP_ERR_CEASE << 8 | BGP_CEASE_MAX_PREFIXES),
	   "one more, and the session is closed with Cease/1; refused ones count");
	ok(peers[1].held_count == 0, "and its routes are withdrawn");
	ok(exchange_accept(x, address_of(0), now) < 0, "it is not let in again for some time");

	struct hub *higher = hub_of(policy_plain, 7, ", max_prefixes_ipv4: 4");
	exchange_apply(x, higher, now);
	connect_peer(0, false);
	for (unsigned i = 0; i < 4; i++)
		announce(0, (struct route){{1001}, prefixes[i], NULL, {0}, {0}}, false);
	settle();
	ok(peers[0].connected && peers[1].held_count == 3,
	   "a higher limit lets it in at once, and as many as that are fine");
	struct hub *lower = hub_of(policy_plain, 7, ", max_prefixes_ipv4: 2");
	exchange_apply(x, lower, now);
	settle();
	ok(!peers[0].connected && peers[1].connected && peers[1].held_count == 0 &&
		   peers[0].closed_with == (BGP_ERR_CEASE << 8 | BGP_CEASE_MAX_PREFIXES),
	   "a limit lowered below what is there acts at once, on that session alone");
	exchange_peer_up(x, (unsigned)peers[0].slot, now);
	connect_peer(0, false);
	hub_free(higher);
	hub_free(hub);
	finish(lower);
}

/* A backlog of routes, of which a little is taken: the message begun is finished, then KEEPALIVE. */
static void
keepalive_first(void)
{
	struct hub *hub = hub_of(policy_plain, 7, "");
	begin(hub);
	for (unsigned i = 0; i < 60; i++) {
		char text[PREFIX_TEXT];
		snprintf(text, sizeof(text), "20.%u.0.0/16", i);
		announce(0, (struct route){{1001, 100 + i}, text, NULL, {0}, {0}}, false);
	}
	exchange_turn_end(x);
	peers[1].order_count = 0;
	take_some(&peers[1], 100); /* a message and a half */
	now = mono_add_ms(now, 40000);
	/* The neighbour is alive, only slow in reading. */
	struct buf m = {0};
	bgp_keepalive_write(&m);
	for (unsigned i = 0; i < 3; i++)
		say(i, &m);
	buf_fini(&m);
	exchange_tick(x, now, (struct utc_s){1800000040});
	take_some(&peers[1], SIZE_MAX);
	take_messages(&peers[1]);
	ok(peers[1].order_count == 3 && peers[1].order[1] == BGP_UPDATE &&
		   peers[1].order[2] == BGP_KEEPALIVE,
	   "after the message begun comes the KEEPALIVE, before all other routes");
	settle();
	ok(peers[1].held_count == 60, "which come after it, whole");
	finish(hub);
}

int
main(void)
{
	transparent();
	control();
	refused_and_new_policy();
	down_and_refresh();
	limits();
	keepalive_first();
	return done_testing();
}
