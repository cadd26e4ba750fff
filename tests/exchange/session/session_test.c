/* The life of a session: who connects, which of two connections stays, what each message means in
 * each state, which timer does what. */
#include "exchange/session/session.h"

#include "neighbour.h"
#include "tap.h"

static const char *
state_of(const struct neighbour *n)
{
	return session_state_name(session_state(n->session));
}

static const char *
last_error(const struct neighbour *n, struct buf *text)
{
	buf_clear(text);
	session_error_text(text, session_last_error(n->session));
	buf_u8(text, 0);
	return (const char *)text->data;
}

static void
connect_out(struct neighbour *n)
{
	n->closed[SESSION_OUT] = false;
	session_connected(n->session, SESSION_OUT, ip_v4(0xc0000201), n->now);
	neighbour_pump(n);
}

static void
connecting(void)
{
	struct session_config config = neighbour_config();
	struct neighbour n;
	struct buf text = {0};
	neighbour_init(&n, &config);
	is_str(state_of(&n), "disabled", "a new session is disabled");
	ok(!neighbour_connect_in(&n), "and refuses connections");
	char end[32];
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:6.5",
	       "4486: with Cease, connection rejected");
	session_start(n.session, n.now);
	is_str(state_of(&n), "active", "started, it waits a moment");
	neighbour_wait_s(&n, 1);
	ok(n.connects == 1 && session_state(n.session) == SESSION_CONNECT,
	   "within a second it wants a connection");
	session_connect_failed(n.session, "Connection refused", n.now);
	neighbour_pump(&n);
	is_str(last_error(&n, &text), "cannot connect (Connection refused)",
	       "why it failed is kept");
	neighbour_wait_s(&n, 89);
	is_int(n.connects, 1, "4271 10: it is not tried again before 3/4 of the retry time");
	neighbour_wait_s(&n, 32);
	is_int(n.connects, 2, "but by then it is");
	neighbour_wait_s(&n, 121);
	ok(n.connects == 3 && n.closed[SESSION_OUT],
	   "4271 8.2.2: an attempt without an answer is given up for a new one");
	connect_out(&n);
	is_str(state_of(&n), "opensent", "connected, it sends its OPEN");
	is_int(neighbour_said(&n, SESSION_OUT, BGP_OPEN), 1, "one OPEN");
	neighbour_fini(&n);

	config.passive = true;
	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	ok(session_deadline(n.session).us == INT64_MAX,
	   "a passive session waits for nothing but them");
	neighbour_wait_s(&n, 1000);
	is_int(n.connects, 0, "and never connects");
	struct bgp_open open = neighbour_open();
	ok(neighbour_establish(&n, &open), "it is established when they do");
	neighbour_fini(&n);
	buf_fini(&text);
}

static void
agreed(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	open.hold_time_s = 30;
	open.capabilities.ipv6 = false;
	neighbour_init(&n, &config);
	ok(neighbour_establish(&n, &open), "OPEN and KEEPALIVE establish it");
	const struct session_agreed *a = session_agreed(n.session);
	ok(a->ipv4 && !a->ipv6 && a->as4 && a->refresh && !a->extended_messages,
	   "what both can is agreed on");
	is_int(a->hold_time_s, 30, "4271 4.2: the smaller hold time counts");
	is_int(a->remote_router_id, 0xc6336402, "their identifier is known");
	is_int(neighbour_said(&n, SESSION_IN, BGP_OPEN), 1, "we said one OPEN");
	struct cursor sent = session_open_message(n.session, SESSION_OPEN_SENT);
	struct cursor received = session_open_message(n.session, SESSION_OPEN_RECEIVED);
	ok(cursor_left(&sent) > BGP_HEADER && sent.at[18] == BGP_OPEN &&
		   sent.at[17] == cursor_left(&sent),
	   "our OPEN is kept whole");
	struct buf theirs = {0};
	bgp_open_write(&theirs, &open);
	ok(cursor_left(&received) == theirs.length &&
		   memcmp(received.at, theirs.data, theirs.length) == 0,
	   "and so is theirs, octet by octet");
	buf_fini(&theirs);
	is_int(neighbour_said(&n, SESSION_IN, BGP_KEEPALIVE), 1, "and one KEEPALIVE");
	ok(session_memory(n.session) < 10000, "an idle session takes less than 10 kB (%zu)",
	   session_memory(n.session));
	neighbour_fini(&n);
}

static void
open_refused(void)
{
	static const struct {
		const char *name;
		uint32_t asn;
		bool ipv4, ipv6, only_six;
		uint8_t ours, theirs; /* roles */
		const char *end, *text;
	} cases[] = {
		{"4271 6.2: another AS", 64999, true, true, false, BGP_ROLE_NONE, BGP_ROLE_NONE,
		 "notify:2.2", "sent OPEN message error: bad peer AS (AS 64999 instead of 65001)"},
		{"5492 5: no family in common", THEIR_AS, true, false, true, BGP_ROLE_NONE,
		 BGP_ROLE_NONE, "notify:2.7",
		 "sent OPEN message error: unsupported capability (no address family in common)"},
		{"9234 4.2: roles that do not go together", THEIR_AS, true, true, false,
		 BGP_ROLE_RS, BGP_ROLE_PEER, "notify:2.11",
		 "sent OPEN message error: role mismatch (role 4 does not go with our 1)"},
		{"9234 4.2: roles that do", THEIR_AS, true, true, false, BGP_ROLE_RS,
		 BGP_ROLE_RS_CLIENT, NULL, ""},
		{"9234 4.2: only we say a role", THEIR_AS, true, true, false, BGP_ROLE_RS,
		 BGP_ROLE_NONE, NULL, ""},
	};
	struct buf text = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct session_config config = neighbour_config();
		struct bgp_open open = neighbour_open();
		struct neighbour n;
		char end[32];
		config.ipv4 = !cases[i].only_six;
		config.role = cases[i].ours;
		open.asn.number = cases[i].asn;
		open.capabilities.ipv4 = cases[i].ipv4;
		open.capabilities.ipv6 = cases[i].ipv6;
		open.capabilities.role = cases[i].theirs;
		neighbour_init(&n, &config);
		(void)neighbour_establish(&n, &open);
		is_str(neighbour_end(&n, SESSION_IN, end), cases[i].end, cases[i].name);
		is_str(last_error(&n, &text), cases[i].text, cases[i].name);
		neighbour_fini(&n);
	}
	buf_fini(&text);
}

static void
timers(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf text = {0};
	char end[32];
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	unsigned sent = 0;
	for (unsigned i = 0; i < 9; i++) {
		neighbour_wait_s(&n, 30);
		neighbour_send_keepalive(&n, SESSION_IN);
	}
	sent = neighbour_said(&n, SESSION_IN, BGP_KEEPALIVE) - 1;
	ok(n.up && sent >= 9 && sent <= 12,
	   "4271 4.4: a KEEPALIVE every third of the hold time (%u)", sent);
	neighbour_wait_s(&n, 89);
	ok(n.up, "a session stays up for the hold time");
	neighbour_wait_s(&n, 2);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:4.0", "4271 6.5: and no longer");
	ok(n.downs == 1 && n.closed[SESSION_IN], "it is down and the connection closed");
	is_str(last_error(&n, &text), "sent hold timer expired", "the reason is kept");
	neighbour_wait_s(&n, 3);
	is_int(n.connects, 1, "and we connect again within seconds");
	neighbour_fini(&n);

	open.hold_time_s = 0;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	neighbour_wait_s(&n, 86400);
	ok(n.up && neighbour_said(&n, SESSION_IN, BGP_KEEPALIVE) == 1,
	   "4271 4.2: with hold time 0 nothing expires and nothing is sent");
	neighbour_fini(&n);

	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	(void)neighbour_connect_in(&n);
	neighbour_wait_s(&n, 241);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:4.0",
	       "4271 8.2.2: who says nothing for 4 minutes is closed");
	neighbour_fini(&n);

	open = neighbour_open();
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	session_updates_sent(n.session, 10, n.now);
	is_int((long long)session_counters(n.session)->updates_out, 10,
	       "UPDATEs that went out are counted");
	neighbour_wait_s(&n, 20);
	session_updates_sent(n.session, 1, n.now);
	neighbour_wait_s(&n, 20);
	is_int(neighbour_said(&n, SESSION_IN, BGP_KEEPALIVE), 1,
	       "4271 4.4: an UPDATE puts the KEEPALIVE off");
	neighbour_fini(&n);
	buf_fini(&text);
}

static void
send_hold(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf text = {0};
	open.hold_time_s = 0;
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	session_progress(n.session, SESSION_SENT_NOTHING, n.now);
	neighbour_wait_s(&n, 400);
	session_progress(n.session, SESSION_SENT_NOTHING, n.now);
	neighbour_wait_s(&n, 79);
	ok(n.up, "9687 3: a neighbour may take nothing for 8 minutes");
	session_progress(n.session, SESSION_SENT_SOME, n.now);
	neighbour_wait_s(&n, 479);
	ok(n.up, "what it takes in between starts the time anew");
	session_progress(n.session, SESSION_SENT_ALL, n.now);
	neighbour_wait_s(&n, 10000);
	ok(n.up, "and with nothing to send there is no limit");
	session_progress(n.session, SESSION_SENT_NOTHING, n.now);
	neighbour_wait_s(&n, 481);
	ok(!n.up && n.closed[SESSION_IN], "9687 3: after that it is closed");
	is_str(last_error(&n, &text), "closed: send hold timer expired", "and the reason kept");
	neighbour_fini(&n);

	config.send_hold_s = 5;
	open = neighbour_open();
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	session_progress(n.session, SESSION_SENT_NOTHING, n.now);
	neighbour_wait_s(&n, 80);
	neighbour_send_keepalive(&n, SESSION_IN);
	neighbour_wait_s(&n, 10);
	ok(n.up, "9687 4: it is never shorter than the hold time");
	neighbour_wait_s(&n, 2);
	ok(!n.up, "and one second longer, if less was wanted");
	neighbour_fini(&n);

	/* One that takes nothing at all: our own messages do not pile up. */
	config.send_hold_s = 100000;
	open = neighbour_open();
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	for (unsigned i = 0; i < 1000; i++) {
		n.now.us += 30 * INT64_C(1000000);
		neighbour_send_keepalive(&n, SESSION_IN);
	}
	struct session_event event;
	for (unsigned i = 0; i < 1000; i++) {
		n.now.us += 40 * INT64_C(1000000);
		session_tick(n.session, n.now);
		session_input(n.session, SESSION_IN, NULL, 0, n.now);
		(void)session_next(n.session, &event, &test_scratch);
	}
	struct cursor out = session_output(n.session, SESSION_IN);
	ok(cursor_left(&out) <= 100, "KEEPALIVEs that are not taken do not pile up");
	neighbour_fini(&n);
	buf_fini(&text);
}

/* Both sides connect at once; `first` is the connection whose OPEN comes first. */
static void
collide(const char *name, uint32_t their_id, uint32_t their_as, enum session_conn first,
	enum session_conn stays)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	char end[32];
	enum session_conn second = first == SESSION_OUT ? SESSION_IN : SESSION_OUT;
	enum session_conn goes = stays == SESSION_OUT ? SESSION_IN : SESSION_OUT;
	config.remote_asn.number = open.asn.number = their_as;
	open.router_id = their_id;
	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	neighbour_wait_s(&n, 1);
	connect_out(&n);
	(void)neighbour_connect_in(&n);
	neighbour_send_open(&n, first, &open);
	ok(!n.closed[SESSION_OUT] && !n.closed[SESSION_IN], "%s: both go on until both OPENs came",
	   name);
	neighbour_send_open(&n, second, &open);
	ok(n.closed[goes] && !n.closed[stays], "%s", name);
	is_str(neighbour_end(&n, goes, end), "notify:6.7", name);
	neighbour_send_keepalive(&n, stays);
	ok(n.up && session_agreed(n.session)->conn == stays && n.ups == 1 && !n.downs,
	   "%s: and the other is established", name);
	neighbour_fini(&n);
}

static void
collisions(void)
{
	const uint32_t lower = 0xc6336400, higher = 0xc6336402, same = 0xc6336401;
	collide("4271 6.8: ours is higher, theirs first", lower, THEIR_AS, SESSION_IN, SESSION_OUT);
	collide("4271 6.8: ours is higher, ours first", lower, THEIR_AS, SESSION_OUT, SESSION_OUT);
	collide("4271 6.8: theirs is higher, theirs first", higher, THEIR_AS, SESSION_IN,
		SESSION_IN);
	collide("4271 6.8: theirs is higher, ours first", higher, THEIR_AS, SESSION_OUT,
		SESSION_IN);
	collide("6286 2.3: the same identifier, their AS is higher", same, THEIR_AS, SESSION_OUT,
		SESSION_IN);
	collide("6286 2.3: the same identifier, our AS is higher", same, 64999, SESSION_IN,
		SESSION_OUT);

	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	char end[32];
	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	neighbour_wait_s(&n, 1);
	(void)neighbour_connect_in(&n);
	neighbour_send_open(&n, SESSION_IN, &open);
	neighbour_send_keepalive(&n, SESSION_IN);
	ok(n.up && n.closed[SESSION_OUT], "an attempt of ours that is still under way is given up");
	is_int((long long)session_output(n.session, SESSION_OUT).failed, 0, "without a word");
	ok(!n.said[SESSION_OUT].length, "for nobody would hear it");
	unsigned before = neighbour_said(&n, SESSION_IN, BGP_KEEPALIVE);
	n.said[SESSION_OUT].length = 0;
	struct buf refusal = {0};
	ok(!session_accept(n.session, &refusal, n.now),
	   "4271 6.8: no second connection once established");
	buf_put(&n.said[SESSION_OUT], refusal.data, refusal.length);
	is_str(neighbour_end(&n, SESSION_OUT, end), "notify:6.7", "it is told why");
	neighbour_pump(&n);
	is_int(neighbour_said(&n, SESSION_IN, BGP_KEEPALIVE), before + 1,
	       "and the old connection is tried, should they have lost it");
	ok(n.up, "which stays");
	buf_fini(&refusal);
	neighbour_fini(&n);

	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	(void)neighbour_connect_in(&n);
	neighbour_send_open(&n, SESSION_IN, &open);
	ok(neighbour_connect_in(&n),
	   "a neighbour that connects anew before it was established is taken");
	is_str(state_of(&n), "opensent", "from the beginning");
	neighbour_send_open(&n, SESSION_IN, &open);
	neighbour_send_keepalive(&n, SESSION_IN);
	ok(n.up, "to its end");
	neighbour_fini(&n);
}

static void
out_of_turn(void)
{
	static const struct {
		uint8_t type;
		const char *opensent, *openconfirm, *established;
	} cases[] = {
		{BGP_OPEN, NULL, "notify:5.2", "notify:5.3"},
		{BGP_UPDATE, "notify:5.1", "notify:5.2", NULL},
		{BGP_KEEPALIVE, "notify:5.1", NULL, NULL},
		{BGP_REFRESH, "notify:5.1", "notify:5.2", NULL},
		{BGP_NOTIFICATION, "close", "close", "close"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *expected[] = {cases[i].opensent, cases[i].openconfirm,
					  cases[i].established};
		for (unsigned steps = 0; steps < 3; steps++) {
			struct session_config config = neighbour_config();
			struct bgp_open open = neighbour_open();
			struct neighbour n;
			struct buf octets = {0};
			char end[32];
			if (cases[i].type == BGP_OPEN)
				bgp_open_write(&octets, &open);
			else if (cases[i].type == BGP_UPDATE)
				bgp_end_of_rib_write(&octets, IP_V4);
			else if (cases[i].type == BGP_KEEPALIVE)
				bgp_keepalive_write(&octets);
			else if (cases[i].type == BGP_REFRESH)
				bgp_refresh_write(&octets, IP_V4, BGP_REFRESH_ASK);
			else
				bgp_cease_write(&octets, BGP_CEASE_SHUTDOWN, "bye");
			neighbour_init(&n, &config);
			session_start(n.session, n.now);
			(void)neighbour_connect_in(&n);
			if (steps > 0)
				neighbour_send_open(&n, SESSION_IN, &open);
			if (steps > 1)
				neighbour_send_keepalive(&n, SESSION_IN);
			neighbour_send(&n, SESSION_IN, octets.data, octets.length);
			static const char *const where[] = {"OpenSent", "OpenConfirm",
							    "Established"};
			char name[64];
			snprintf(name, sizeof(name), "6608: message of type %u in %s",
				 cases[i].type, where[steps]);
			is_str(neighbour_end(&n, SESSION_IN, end), expected[steps], name);
			buf_fini(&octets);
			neighbour_fini(&n);
		}
	}
}

static void
operator_commands(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf text = {0};
	char end[32];
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	session_stop(n.session, BGP_CEASE_SHUTDOWN, "moving to a new rack", n.now);
	neighbour_pump(&n);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:6.2",
	       "4486: stopped with administrative shutdown");
	is_str(state_of(&n), "disabled", "and stays down");
	is_str(last_error(&n, &text), "sent Cease: administrative shutdown (moving to a new rack)",
	       "with its text");
	neighbour_wait_s(&n, 1000);
	is_int(n.connects, 0, "and does not connect");
	session_start(n.session, n.now);
	neighbour_wait_s(&n, 1);
	is_int(n.connects, 1, "until it is started");
	neighbour_fini(&n);

	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	session_reset(n.session, BGP_CEASE_MAX_PREFIXES, "1001 prefixes, 1000 allowed", 600, n.now);
	neighbour_pump(&n);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:6.1",
	       "4486: reset for too many prefixes");
	is_str(last_error(&n, &text),
	       "sent Cease: maximum number of prefixes reached (1001 prefixes, 1000 allowed)",
	       "our own words for it");
	neighbour_wait_s(&n, 599);
	ok(!neighbour_connect_in(&n) && session_state(n.session) == SESSION_IDLE,
	   "for the time given nothing is accepted");
	neighbour_wait_s(&n, 2);
	ok(neighbour_connect_in(&n), "then it is");
	neighbour_fini(&n);

	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	struct session_config changed = config;
	changed.connect_retry_s = 30;
	changed.passive = true;
	ok(!session_configure(n.session, &changed, n.now),
	   "a change that does not concern the other");
	neighbour_pump(&n);
	ok(n.up, "leaves the session alone");
	changed.hold_time_s = 30;
	ok(session_configure(n.session, &changed, n.now), "a change of what was agreed on");
	neighbour_pump(&n);
	is_str(neighbour_end(&n, SESSION_IN, end), "notify:6.6", "4486: ends it");
	neighbour_fini(&n);
	buf_fini(&text);
}

static void
their_words(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf octets = {0}, text = {0};
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	bgp_cease_write(&octets, BGP_CEASE_SHUTDOWN, "upgrade");
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	is_str(last_error(&n, &text), "received Cease: administrative shutdown (upgrade)",
	       "9003: their text is kept");
	ok(n.downs == 1 && session_counters(n.session)->flaps == 1, "the session is down");
	ok(neighbour_connect_in(&n), "and is taken back at once");
	neighbour_send_open(&n, SESSION_IN, &open);
	neighbour_send_keepalive(&n, SESSION_IN);
	ok(n.up, "established again");
	session_disconnected(n.session, SESSION_IN, n.now);
	neighbour_pump(&n);
	is_str(last_error(&n, &text), "connection closed by the other side",
	       "a silent end is told as such");
	neighbour_wait_s(&n, 2.1);
	is_int(n.connects, 1, "we connect again within two seconds");
	neighbour_fini(&n);
	buf_fini(&octets);
	buf_fini(&text);
}

static void
damping(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	const uint8_t bad[19] = {0};
	config.passive = true;
	neighbour_init(&n, &config);
	session_start(n.session, n.now);
	double waits[10] = {0};
	for (unsigned i = 0; i < 10; i++) {
		while (!neighbour_connect_in(&n)) {
			neighbour_wait_s(&n, 0.5);
			waits[i] += 0.5;
		}
		neighbour_send_open(&n, SESSION_IN, &open);
		neighbour_send_keepalive(&n, SESSION_IN);
		neighbour_send(&n, SESSION_IN, bad, sizeof(bad));
	}
	ok(waits[1] == 0 && waits[2] == 0, "4271 8.1.1: two errors are forgiven");
	ok(waits[3] >= 0.5 && waits[3] <= 1 && waits[4] >= 1.5 && waits[4] <= 2,
	   "then nothing is accepted for 1 s, 2 s");
	ok(waits[9] >= 7.5 && waits[9] <= 10, "and at most for 10 s");
	while (!neighbour_connect_in(&n))
		neighbour_wait_s(&n, 1);
	for (unsigned i = 0; i < 5; i++) {
		neighbour_send(&n, SESSION_IN, bad, sizeof(bad));
		ok(neighbour_connect_in(&n), "errors before it is established cost no wait");
	}
	neighbour_send_open(&n, SESSION_IN, &open);
	neighbour_send_keepalive(&n, SESSION_IN);
	for (unsigned i = 0; i < 11; i++) {
		neighbour_wait_s(&n, 30);
		neighbour_send_keepalive(&n, SESSION_IN);
	}
	neighbour_send(&n, SESSION_IN, bad, sizeof(bad));
	ok(neighbour_connect_in(&n), "after five good minutes all is forgiven");
	neighbour_fini(&n);
}

static void
refreshing(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf octets = {0};
	open.capabilities.ipv6 = false;
	neighbour_init(&n, &config);
	ok(!session_ask_refresh(n.session, IP_V4), "without a session there is nothing to ask");
	(void)neighbour_establish(&n, &open);
	bgp_refresh_write(&octets, IP_V4, BGP_REFRESH_ASK);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	is_int(n.refreshes, 1, "2918: they may ask for all routes again");
	buf_clear(&octets);
	bgp_refresh_write(&octets, IP_V6, BGP_REFRESH_ASK);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	ok(n.refreshes == 1 && n.up && session_counters(n.session)->refreshes_ignored == 1,
	   "2918 4: of a family that was not agreed on it is ignored, and counted");
	ok(session_ask_refresh(n.session, IP_V4), "and so may we");
	neighbour_pump(&n);
	is_int(neighbour_said(&n, SESSION_IN, BGP_REFRESH), 1, "with a ROUTE-REFRESH");
	ok(!session_ask_refresh(n.session, IP_V6), "but not for what was not agreed on");
	neighbour_fini(&n);
	buf_fini(&octets);
}

/* A stream of messages in pieces of any size gives the same as in one. */
static void
pieces(void)
{
	struct buf stream = {0}, attrs = {0};
	struct bgp_open open = neighbour_open();
	struct bgp_writer w;
	const uint8_t origin = 0, path[] = {2, 1, 0, 0, 0xfd, 0xe9};
	struct bgp_route_attrs route = {.next_hop = ip_v4(0xc0000202)};
	bgp_attr_put(&attrs, 0x40, 1, cursor_of(&origin, 1));
	bgp_attr_put(&attrs, 0x40, 2, cursor_of(path, sizeof(path)));
	bgp_attr_put(&attrs, 0x40, 3, cursor_of(route.next_hop.octets, 4));
	route.attrs = attrs.data;
	route.length = attrs.length;
	bgp_open_write(&stream, &open);
	bgp_keepalive_write(&stream);
	for (unsigned i = 0; i < 40; i++) {
		(void)bgp_announce_begin(&w, &stream, IP_V4, BGP_FORM_PLAIN, &route);
		for (unsigned j = 0; j < i * 20 + 1; j++)
			bgp_writer_add(&w, prefix_of(ip_v4(0xc6336400 + i), 32), 0);
		(void)bgp_writer_end(&w);
		bgp_keepalive_write(&stream);
	}
	uint64_t random = 7;
	bool all = true;
	for (unsigned round = 0; round < 60; round++) {
		struct session_config config = neighbour_config();
		struct neighbour n;
		neighbour_init(&n, &config);
		session_start(n.session, n.now);
		(void)neighbour_connect_in(&n);
		for (size_t at = 0; at < stream.length;) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			size_t most = round % 3 == 0 ? 25 : round % 3 == 1 ? 700 : 9000;
			size_t step = 1 + (random >> 33) % most;
			if (step > stream.length - at)
				step = stream.length - at;
			neighbour_send(&n, SESSION_IN, stream.data + at, step);
			at += step;
		}
		all &= n.up && n.updates == 40 && n.route_count == 40 &&
		       session_counters(n.session)->messages_in == 82 &&
		       session_counters(n.session)->octets_in == stream.length;
		neighbour_fini(&n);
	}
	ok(all, "messages in pieces of any size are the same messages");
	buf_fini(&stream);
	buf_fini(&attrs);
}

static void
long_messages(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf octets = {0};
	char end[32];
	/* 30000 withdrawn host routes do not fit, 5000 do. */
	for (unsigned i = 0; i < 16; i++)
		buf_u8(&octets, 0xff);
	buf_u16(&octets, 19 + 4 + 5 * 5000);
	buf_u8(&octets, BGP_UPDATE);
	buf_u16(&octets, 5 * 5000);
	for (unsigned i = 0; i < 5000; i++) {
		buf_u8(&octets, 32);
		buf_u32(&octets, 0x0a000000 + i);
	}
	buf_u16(&octets, 0);
	for (unsigned both = 0; both < 2; both++) {
		open.capabilities.extended_messages = both;
		neighbour_init(&n, &config);
		(void)neighbour_establish(&n, &open);
		for (size_t at = 0; at < octets.length; at += 1000) {
			size_t left = octets.length - at;
			neighbour_send(&n, SESSION_IN, octets.data + at, left < 1000 ? left : 1000);
		}
		is_str(neighbour_end(&n, SESSION_IN, end), both ? NULL : "notify:1.2",
		       both ? "8654: a long message, when both announced it"
			    : "8654: a long message, when they did not");
		ok(session_memory(n.session) < 10000, "its memory is given back");
		neighbour_fini(&n);
	}
	buf_fini(&octets);
}

static void
counters(void)
{
	struct session_config config = neighbour_config();
	struct bgp_open open = neighbour_open();
	struct neighbour n;
	struct buf octets = {0};
	neighbour_init(&n, &config);
	(void)neighbour_establish(&n, &open);
	/* An UPDATE without mandatory attributes. */
	for (unsigned i = 0; i < 16; i++)
		buf_u8(&octets, 0xff);
	buf_u16(&octets, 19 + 4 + 4);
	buf_u8(&octets, BGP_UPDATE);
	buf_u32(&octets, 0);
	buf_u32(&octets, 0x18cb0071);
	neighbour_send(&n, SESSION_IN, octets.data, octets.length);
	const struct session_counters *c = session_counters(n.session);
	ok(n.up && c->treated_as_withdraw == 1 && c->reasons[BGP_REASON_MISSING] == 3,
	   "what is treated as withdrawn is counted by reason");
	ok(c->messages_in == 3 && c->updates_in == 1 && c->keepalives_in == 1 &&
		   c->messages_out == 2,
	   "messages are counted");
	neighbour_fini(&n);
	buf_fini(&octets);
}

int
main(void)
{
	connecting();
	agreed();
	open_refused();
	timers();
	send_hold();
	collisions();
	out_of_turn();
	operator_commands();
	their_words();
	damping();
	refreshing();
	pieces();
	long_messages();
	counters();
	return done_testing();
}
