/* Graceful restart (RFC 4724, 8538, 9494): which ends of a session leave routes behind, how long, and
 * a neighbour that comes back before its end was noticed. */
#include "exchange/session/session.h"

#include "neighbour.h"
#include "tap.h"

static struct session_config
graceful_config(void)
{
	struct session_config config = neighbour_config();
	config.graceful_restart = true;
	config.restart_time_s = 120;
	config.stale_time_s = 3600;
	return config;
}

/* They restart in 90 s at most, understand RFC 8538 if `notified`, and IPv4 may stay for a day. */
static struct bgp_open
graceful_open(bool notified)
{
	struct bgp_open open = neighbour_open();
	open.capabilities.graceful_restart = true;
	open.capabilities.restart_notified = notified;
	open.capabilities.restart_time_s = 90;
	open.capabilities.restart_ipv4 = open.capabilities.restart_ipv6 = true;
	open.capabilities.restart_ipv4_kept = true;
	open.capabilities.long_lived = true;
	open.capabilities.stale_ipv4_s = 86400;
	return open;
}

static const char *
stay_text(const struct session_graceful *g, char text[64])
{
	size_t used = 0;
	text[0] = 0;
	if (g->ipv4.on)
		used = (size_t)snprintf(text, 64, "4:%u+%u ", g->ipv4.restart_s, g->ipv4.stale_s);
	if (g->ipv6.on)
		snprintf(text + used, 64 - used, "6:%u+%u ", g->ipv6.restart_s, g->ipv6.stale_s);
	return text;
}

static void
said(void)
{
	struct session_config config = graceful_config();
	for (unsigned restarting = 0; restarting < 2; restarting++) {
		struct neighbour n;
		struct bgp_open open;
		struct bgp_error error;
		config.restarting = restarting;
		neighbour_init(&n, &config);
		session_start(n.session, n.now);
		(void)neighbour_connect_in(&n);
		struct cursor body = cursor_of(n.said[SESSION_IN].data, n.said[SESSION_IN].length);
		cursor_skip(&body, BGP_HEADER);
		ok(bgp_open_read(&open, &error, body) == 0, "our OPEN is read");
		const struct bgp_capabilities *c = &open.capabilities;
		ok(c->graceful_restart && c->restart_notified && c->restart_time_s == 120 &&
			   c->restart_ipv4 && c->restart_ipv6,
		   "4724 3, 8538 2: graceful restart for both families, with the N bit");
		ok(c->long_lived && c->stale_ipv4_s == 3600 && c->stale_ipv6_s == 3600,
		   "9494 3.1: and the long one");
		ok(c->restarting == restarting && c->restart_ipv4_kept == restarting &&
			   c->restart_ipv6_kept == restarting && c->stale_ipv4_kept == restarting &&
			   c->stale_ipv6_kept == restarting,
		   restarting ? "4724 3: coming back, with R and F bits"
			      : "4724 3: without R and F bits while nothing was restarted");
		neighbour_fini(&n);
	}
}

static void
agreed(void)
{
	struct session_config config = graceful_config();
	struct bgp_open open = graceful_open(true);
	struct neighbour n;
	char text[64];
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	const struct session_agreed *a = session_agreed(n.session);
	ok(a->graceful_restart && a->graceful_notified && !a->remote_restarting && a->kept_ipv4 &&
		   !a->kept_ipv6,
	   "what they say of their restart is known");
	is_str(stay_text(&a->graceful, text), "4:90+3600 6:90+0 ",
	       "their restart time counts; our stale time bounds theirs");
	neighbour_fini(&n);

	open.capabilities.restart_ipv4 = false;
	open.capabilities.ipv6 = false;
	open.capabilities.restarting = true;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	a = session_agreed(n.session);
	is_str(stay_text(&a->graceful, text), "4:0+3600 ",
	       "9494 4.2: a family of the long one only has no restart time; none that is not "
	       "agreed "
	       "on stays");
	ok(a->remote_restarting, "4724 3: the R bit");
	neighbour_fini(&n);

	config.stale_time_s = 0;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	is_str(stay_text(&session_agreed(n.session)->graceful, text), "",
	       "9494: what we do not announce does not count");
	neighbour_fini(&n);

	config.graceful_restart = false;
	open = graceful_open(true);
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	ok(!session_agreed(n.session)->graceful_restart, "4724: nor does theirs alone");
	neighbour_disconnect(&n, SESSION_IN);
	is_str(stay_text(&n.graceful, text), "", "and nothing stays");
	neighbour_fini(&n);
}

enum way {
	CLOSED,
	GARBAGE,
	BAD_UPDATE,
	HOLD,
	THEIR_CEASE,
	THEIR_HARD_RESET,
	SHUTDOWN,
	RESET,
	MAX_PREFIXES,
	BFD
};

static void
end_it(struct neighbour *n, enum way way)
{
	const uint8_t garbage[19] = {0};
	struct buf octets = {0};
	switch (way) {
	case CLOSED:
		neighbour_disconnect(n, SESSION_IN);
		break;
	case GARBAGE:
		neighbour_send(n, SESSION_IN, garbage, sizeof(garbage));
		break;
	case BAD_UPDATE: /* lengths beyond the message */
		bgp_end_of_rib_write(&octets, IP_V4);
		octets.data[BGP_HEADER] = 9;
		neighbour_send(n, SESSION_IN, octets.data, octets.length);
		break;
	case HOLD:
		neighbour_wait_s(n, 91);
		break;
	case THEIR_CEASE:
		bgp_cease_write(&octets, BGP_CEASE_RESET, NULL);
		neighbour_send(n, SESSION_IN, octets.data, octets.length);
		break;
	case THEIR_HARD_RESET:
		bgp_hard_reset_write(&octets, BGP_CEASE_SHUTDOWN, "for good");
		neighbour_send(n, SESSION_IN, octets.data, octets.length);
		break;
	case SHUTDOWN:
		session_stop(n->session, BGP_CEASE_SHUTDOWN, "for good", n->now);
		break;
	case RESET:
		session_reset(n->session, BGP_CEASE_RESET, NULL, 0, n->now);
		break;
	case MAX_PREFIXES:
		session_reset(n->session, BGP_CEASE_MAX_PREFIXES, NULL, 900, n->now);
		break;
	case BFD:
		session_reset(n->session, BGP_CEASE_BFD_DOWN, NULL, 0, n->now);
		break;
	}
	neighbour_pump(n);
	buf_fini(&octets);
}

static void
ends(void)
{
	static const char ALL[] = "4:90+3600 6:90+0 ";
	static const struct {
		const char *name;
		enum way way;
		bool notified;
		const char *stays, *end, *error;
	} cases[] = {
		{"4724 4.2: closed without a word", CLOSED, false, ALL, NULL,
		 "connection closed by the other side"},
		{"4724 4: we send a NOTIFICATION", GARBAGE, false, "", "notify:1.1",
		 "sent message header error: connection not synchronised"},
		{"4724 4: they send one", THEIR_CEASE, false, "", "close",
		 "received Cease: administrative reset"},
		{"4724 4: the hold timer", HOLD, false, "", "notify:4.0",
		 "sent hold timer expired"},
		{"8538 4: closed without a word", CLOSED, true, ALL, NULL,
		 "connection closed by the other side"},
		{"8538 4: we send a NOTIFICATION", GARBAGE, true, ALL, "notify:1.1",
		 "sent message header error: connection not synchronised"},
		{"8538 4: for an UPDATE", BAD_UPDATE, true, ALL, "notify:3.1",
		 "sent UPDATE message error: malformed attribute list (UPDATE: lengths go beyond "
		 "the message (session reset))"},
		{"8538 4: the hold timer", HOLD, true, ALL, "notify:4.0",
		 "sent hold timer expired"},
		{"8538 4: they send one", THEIR_CEASE, true, ALL, "close",
		 "received Cease: administrative reset"},
		{"8538 3.1: they send a Hard Reset", THEIR_HARD_RESET, true, "", "close",
		 "received hard reset: Cease: administrative shutdown (for good)"},
		{"without RFC 8538 there is none", SHUTDOWN, false, "", "notify:6.2",
		 "sent Cease: administrative shutdown (for good)"},
		{"8538 5.1: an end for good is a Hard Reset", SHUTDOWN, true, "", "notify:6.9",
		 "sent hard reset: Cease: administrative shutdown (for good)"},
		{"8538 5.1: a reset is not", RESET, true, ALL, "notify:6.4",
		 "sent Cease: administrative reset"},
		{"8538 5.1: one for too many prefixes is", MAX_PREFIXES, true, "", "notify:6.9",
		 "sent hard reset: Cease: maximum number of prefixes reached"},
		{"9384 3: one for BFD is", BFD, true, "", "notify:6.9",
		 "sent hard reset: Cease: BFD down"},
		{"9384 3: and plain where that is not understood", BFD, false, "", "notify:6.10",
		 "sent Cease: BFD down"},
	};
	struct session_config config = graceful_config();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_open open = graceful_open(cases[i].notified);
		struct neighbour n;
		struct buf error = {0};
		char text[64], end[32];
		neighbour_init(&n, &config);
		(void)neighbour_establish(&n, &open);
		end_it(&n, cases[i].way);
		ok(!n.up, "%s", cases[i].name);
		is_str(stay_text(&n.graceful, text), cases[i].stays, "what may stay");
		if (cases[i].end)
			is_str(neighbour_end(&n, SESSION_IN, end), cases[i].end, "what is said");
		session_error_text(&error, session_last_error(n.session));
		buf_u8(&error, 0);
		is_str((char *)error.data, cases[i].error, "what is kept of it");
		buf_fini(&error);
		neighbour_fini(&n);
	}
}

static void
comes_back(void)
{
	struct session_config config = graceful_config();
	struct bgp_open open = graceful_open(false);
	struct neighbour n;
	char text[64];
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	n.said[SESSION_IN].length = 0;
	ok(neighbour_connect_in(&n) && !n.up && n.downs == 1,
	   "4724 5: who connects again has restarted, unnoticed");
	is_str(stay_text(&n.graceful, text), "4:90+3600 6:90+0 ", "its routes stay");
	is_int(neighbour_said(&n, SESSION_IN, BGP_NOTIFICATION), 0,
	       "the old connection gets no NOTIFICATION");
	is_int(neighbour_said(&n, SESSION_IN, BGP_OPEN), 1, "the new one an OPEN");
	open.capabilities.restarting = true;
	neighbour_send_open(&n, SESSION_IN, &open);
	neighbour_send_keepalive(&n, SESSION_IN);
	ok(n.up && n.ups == 2 && session_agreed(n.session)->remote_restarting,
	   "and it is up again");
	struct buf octets = {0};
	bgp_end_of_rib_write(&octets, IP_V6);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	ok(n.end_of_rib == IP_V6 && !n.updates && session_counters(n.session)->ends_of_rib_in == 1,
	   "4724 2: its End-of-RIB is told as such");
	neighbour_fini(&n);

	/* The same over a connection that we had made. */
	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	neighbour_wait_s(&n, 1);
	session_connected(n.session, SESSION_OUT, ip_v4(0xc0000201), n.now);
	neighbour_pump(&n);
	neighbour_send_open(&n, SESSION_OUT, &open);
	neighbour_send_keepalive(&n, SESSION_OUT);
	ok(n.up && neighbour_connect_in(&n) && n.closed[SESSION_OUT] && !n.up,
	   "whoever made the old connection");
	neighbour_fini(&n);

	config.graceful_restart = false;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	ok(!neighbour_connect_in(&n) && n.up,
	   "4271 6.8: if it was not agreed on, the old one stays");
	neighbour_fini(&n);

	config.graceful_restart = true;
	open = graceful_open(false);
	open.capabilities.restart_ipv4 = open.capabilities.restart_ipv6 = false;
	open.capabilities.long_lived = false;
	open.capabilities.stale_ipv4_s = 0;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	ok(!neighbour_connect_in(&n) && n.up, "4724 5: nor of a neighbour that only helps others");
	neighbour_fini(&n);
	buf_fini(&octets);
}

int
main(void)
{
	said();
	agreed();
	ends();
	comes_back();
	return done_testing();
}
