/* What two speakers agree on: each capability only if both announced it, and what follows from it. */
#include "exchange/session/session.h"

#include "neighbour.h"
#include "tap.h"

static struct session_config
able_config(void)
{
	struct session_config config = neighbour_config();
	config.enhanced_refresh = true;
	config.extended_next_hop = true;
	config.add_path_ipv4 = config.add_path_ipv6 = BGP_ADD_PATH_BOTH;
	return config;
}

static struct bgp_open
able_open(void)
{
	struct bgp_open open = neighbour_open();
	open.capabilities.enhanced_refresh = true;
	open.capabilities.extended_messages = true;
	open.capabilities.extended_next_hop = true;
	open.capabilities.add_path_ipv4 = BGP_ADD_PATH_BOTH;
	open.capabilities.add_path_ipv6 = BGP_ADD_PATH_BOTH;
	return open;
}

/* "messages refresh next-hop 4in 4out 6in 6out": what is agreed on. */
static const char *
agreed_text(const struct session_agreed *a, char text[96])
{
	snprintf(text, 96, "%s%s%s%s%s%s%s", a->extended_messages ? "messages " : "",
		 a->enhanced_refresh ? "refresh " : "", a->extended_next_hop ? "next-hop " : "",
		 a->add_path_in_ipv4 ? "4in " : "", a->add_path_out_ipv4 ? "4out " : "",
		 a->add_path_in_ipv6 ? "6in " : "", a->add_path_out_ipv6 ? "6out " : "");
	return text;
}

static const char *
agreed_with(const struct session_config *config, const struct bgp_open *open, char text[96])
{
	struct neighbour n;
	neighbour_init(&n, config);
	bool up = neighbour_establish(&n, open);
	agreed_text(session_agreed(n.session), text);
	neighbour_fini(&n);
	return up ? text : "down";
}

/* Our OPEN, as they read it. */
static struct bgp_open
our_open(const struct session_config *config)
{
	struct neighbour n;
	struct bgp_open open = {0};
	struct bgp_error error;
	struct bgp_header header;
	neighbour_init(&n, config);
	session_start(n.session, n.now);
	(void)neighbour_connect_in(&n);
	struct cursor said = cursor_of(n.said[SESSION_IN].data, n.said[SESSION_IN].length);
	ok(bgp_header_read(&header, &error, said, BGP_MAX) == 0 && header.type == BGP_OPEN,
	   "the first we say is OPEN");
	struct cursor body = cursor_sub(&said, header.length);
	cursor_skip(&body, BGP_HEADER);
	ok(bgp_open_read(&open, &error, body) == 0, "and it can be read");
	neighbour_fini(&n);
	return open;
}

static void
both_or_none(void)
{
	const char *all = "messages refresh next-hop 4in 4out 6in 6out ";
	struct session_config config = able_config(), plain = neighbour_config();
	struct bgp_open open = able_open(), plain_open = neighbour_open();
	char text[96];
	plain.extended_messages = false;
	is_str(agreed_with(&config, &open, text), all, "what both announce is agreed on");
	is_str(agreed_with(&plain, &open, text), "", "what only they announce is not");
	is_str(agreed_with(&config, &plain_open, text), "", "what only we announce is not");
	const struct bgp_capabilities ours = our_open(&config).capabilities;
	ok(ours.enhanced_refresh && ours.extended_messages && ours.extended_next_hop &&
		   ours.add_path_ipv4 == BGP_ADD_PATH_BOTH &&
		   ours.add_path_ipv6 == BGP_ADD_PATH_BOTH,
	   "what the configuration has stands in our OPEN");
	const struct bgp_capabilities bare = our_open(&plain).capabilities;
	ok(!bare.enhanced_refresh && !bare.extended_messages && !bare.extended_next_hop &&
		   !bare.add_path_ipv4 && !bare.graceful_restart && !bare.long_lived,
	   "and nothing else");

	static const struct {
		const char *name;
		enum bgp_add_path ours, theirs;
		const char *expected;
	} ways[] = {
		{"7911 4: we send, they receive", BGP_ADD_PATH_SEND, BGP_ADD_PATH_RECEIVE,
		 "4out 6out "},
		{"7911 4: they send, we receive", BGP_ADD_PATH_RECEIVE, BGP_ADD_PATH_SEND,
		 "4in 6in "},
		{"7911 4: both only send", BGP_ADD_PATH_SEND, BGP_ADD_PATH_SEND, ""},
		{"7911 4: both only receive", BGP_ADD_PATH_RECEIVE, BGP_ADD_PATH_RECEIVE, ""},
		{"7911 4: we can both, they receive", BGP_ADD_PATH_BOTH, BGP_ADD_PATH_RECEIVE,
		 "4out 6out "},
	};
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		plain.add_path_ipv4 = plain.add_path_ipv6 = ways[i].ours;
		plain_open.capabilities.add_path_ipv4 = ways[i].theirs;
		plain_open.capabilities.add_path_ipv6 = ways[i].theirs;
		is_str(agreed_with(&plain, &plain_open, text), ways[i].expected, ways[i].name);
	}
	open.capabilities.ipv6 = false;
	is_str(agreed_with(&config, &open, text), "messages refresh next-hop 4in 4out ",
	       "a family that is not agreed on has no identifiers");
	config.ipv4 = false;
	open.capabilities.ipv6 = true;
	is_str(agreed_with(&config, &open, text), "messages refresh 6in 6out ",
	       "8950: nor IPv4 over IPv6 next hops without IPv4");
}

/* What was agreed decides how an UPDATE is read. */
static void
updates_with_identifiers(void)
{
	struct session_config config = able_config();
	struct bgp_open open = able_open();
	struct neighbour n;
	struct buf octets = {0};
	char end[32];
	const struct bgp_form form = {.max = BGP_MAX_EXTENDED, .add_path = true};
	struct bgp_writer w;
	struct prefix prefix = prefix_of(ip_v4(0xcb007100), 24);
	bgp_withdraw_begin(&w, &octets, IP_V4, form);
	for (unsigned i = 0; i < 2000; i++)
		bgp_writer_add(&w, prefix, i);
	is_int(bgp_writer_end(&w), 1, "2000 prefixes with identifiers in one long message");
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	ok(n.up && n.updates == 1, "are read where both can");
	neighbour_fini(&n);
	config.extended_messages = false;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:1.2",
	       "8654 4: a long message is an error if we did not announce it");
	neighbour_fini(&n);
	config.extended_messages = true;
	config.add_path_ipv4 = BGP_ADD_PATH_SEND;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:3.10",
	       "7911: and identifiers are, if we do not receive them");
	neighbour_fini(&n);
	buf_fini(&octets);
}

static void
send_refresh(struct neighbour *n, enum ip_family family, enum bgp_refresh_kind kind)
{
	struct buf octets = {0};
	bgp_refresh_write(&octets, family, kind);
	neighbour_send(n, SESSION_IN, octets.data, octets.length);
	buf_fini(&octets);
}

static void
refresh_marks(void)
{
	struct session_config config = able_config();
	struct bgp_open open = able_open();
	struct neighbour n;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	send_refresh(&n, IP_V4, BGP_REFRESH_END);
	ok(!n.refresh_ends && session_counters(n.session)->refreshes_ignored == 1,
	   "7313 4: an end without its beginning is ignored, and counted");
	send_refresh(&n, IP_V4, BGP_REFRESH_BEGIN);
	send_refresh(&n, IP_V6, BGP_REFRESH_END);
	ok(n.refresh_begins == 1 && !n.refresh_ends, "7313 4: each family has its own");
	send_refresh(&n, IP_V4, BGP_REFRESH_BEGIN);
	ok(n.refresh_begins == 2, "a second beginning begins anew");
	send_refresh(&n, IP_V4, BGP_REFRESH_END);
	send_refresh(&n, IP_V4, BGP_REFRESH_END);
	ok(n.refresh_ends == 1 && n.up, "and ends once");
	neighbour_fini(&n);

	static const struct {
		const char *name;
		uint8_t body[6], length;
		bool enhanced;
		const char *end;
	} cases[] = {
		{"7313 5: a begin of three octets is answered with 7.1",
		 {0, 1, 1},
		 3,
		 true,
		 "notify:7.1"},
		{"7313 5: an end of six octets is answered with 7.1",
		 {0, 1, 2, 1, 0, 0},
		 6,
		 true,
		 "notify:7.1"},
		{"7313 5: not if it was not agreed on", {0, 1, 1}, 3, false, NULL},
		{"7313 5: a request of three octets is ignored", {0, 1, 0}, 3, true, NULL},
		{"7313 5: an unknown subtype is ignored", {0, 1, 3, 1}, 4, true, NULL},
		{"7313 5: even with a wrong length", {0, 1, 255, 1, 9}, 5, true, NULL},
		{"7313 3: a begin is ignored if it was not agreed on",
		 {0, 1, 1, 1},
		 4,
		 false,
		 NULL},
		{"2918: two octets are ignored", {0, 1}, 2, true, NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0};
		char end[32];
		open.capabilities.enhanced_refresh = cases[i].enhanced;
		neighbour_init(&n, &config);
		(void)neighbour_establish(&n, &open);
		for (unsigned j = 0; j < 16; j++)
			buf_u8(&octets, 0xff);
		buf_u16(&octets, BGP_HEADER + cases[i].length);
		buf_u8(&octets, BGP_REFRESH);
		buf_put(&octets, cases[i].body, cases[i].length);
		neighbour_send(&n, SESSION_IN, octets.data, octets.length);
		is_str(neighbour_end(&n, SESSION_IN, end), cases[i].end, cases[i].name);
		ok(!n.refreshes && !n.refresh_begins && !n.refresh_ends, "and nothing is told");
		struct buf *said = &n.said[SESSION_IN];
		if (cases[i].end)
			ok(said->length > octets.length &&
				   memcmp(said->data + said->length - octets.length, octets.data,
					  octets.length) == 0,
			   "7313 5: the whole message is the data");
		neighbour_fini(&n);
		buf_fini(&octets);
	}
}

static void
strict_role(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	char end[32];
	config.role = BGP_ROLE_RS;
	config.role_strict = true;
	neighbour_init(&n, &config);
	ok(!neighbour_establish(&n, &open), "9234 4.2: strict, a neighbour must say its role");
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:2.11", "or it is a role mismatch");
	neighbour_fini(&n);
	open.capabilities.role = BGP_ROLE_RS_CLIENT;
	neighbour_init(&n, &config);
	ok(neighbour_establish(&n, &open), "with the right one it is established");
	neighbour_fini(&n);

	open.capabilities.role = BGP_ROLE_NONE;
	config.role_strict = false;
	neighbour_init(&n, &config);
	ok(neighbour_establish(&n, &open), "not strict, it may say none");
	config.role_strict = true;
	ok(session_configure(n.session, &config, n.now), "until it becomes strict");
	neighbour_pump(&n);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:6.6", "which ends the session");
	neighbour_fini(&n);
}

static void
changes(void)
{
	struct session_config config = able_config(), changed;
	struct bgp_open open = able_open();
	struct neighbour n;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	changed = config;
	changed.graceful_restart = true;
	changed.restart_time_s = 60;
	changed.stale_time_s = 3600;
	changed.restarting = true;
	ok(!session_configure(n.session, &changed, n.now) && n.up,
	   "what is said of restarts waits for the next OPEN");
	changed.add_path_ipv6 = BGP_ADD_PATH_SEND;
	ok(session_configure(n.session, &changed, n.now), "other capabilities need a new session");
	neighbour_pump(&n);
	ok(!n.up, "so the old one ends");
	neighbour_fini(&n);
}

int
main(void)
{
	both_or_none();
	updates_with_identifiers();
	refresh_marks();
	strict_role();
	changes();
	return done_testing();
}
