/* A neighbour that says anything, at any time, in any pieces. The input is a list of steps:
 * an octet that says what happens, for some of them one or two octets more. Whatever comes, the
 * session stays in order: up and down alternate, a closed connection says no more. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_open.h"
#include "exchange/session/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bgp_scratch scratch;

struct world {
	struct session *session;
	struct mono_us now;
	bool up, connecting, open[SESSION_CONNS];
};

static void
pump(struct world *w)
{
	struct session_event event;
	struct prefix prefix;
	while (session_next(w->session, &event, &scratch) != SESSION_NOTHING) {
		switch (event.kind) {
		case SESSION_WANT_CONNECT:
			assert(!w->connecting && !w->open[SESSION_OUT]);
			w->connecting = true;
			break;
		case SESSION_WANT_CLOSE:
			w->open[event.conn] = false;
			if (event.conn == SESSION_OUT)
				w->connecting = false;
			break;
		case SESSION_UP:
			assert(!w->up);
			w->up = true;
			break;
		case SESSION_DOWN:
			assert(w->up);
			assert(event.graceful.ipv6.stale_s <= 3600);
			w->up = false;
			break;
		case SESSION_UPDATE:
			assert(w->up && event.update.verdict != BGP_VERDICT_RESET);
			for (unsigned i = 0; i < event.update.announced_count; i++)
				while (bgp_nlri_next(&event.update.announced[i], &prefix, NULL))
					continue;
			break;
		case SESSION_END_OF_RIB:
		case SESSION_REFRESH:
		case SESSION_REFRESH_BEGIN:
		case SESSION_REFRESH_END:
			assert(w->up && (event.family == IP_V4 || event.family == IP_V6));
			break;
		default:
			abort();
		}
	}
	assert(w->up == (session_state(w->session) == SESSION_ESTABLISHED));
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++) {
		struct cursor out = session_output(w->session, c);
		assert(!cursor_left(&out) || w->open[c]);
	}
}

static void
say(struct world *w, enum session_conn c, struct cursor octets)
{
	uint8_t *exact = malloc(cursor_left(&octets) + 1);
	if (!exact || !w->open[c]) {
		free(exact);
		return;
	}
	size_t length = cursor_left(&octets);
	memcpy(exact, octets.at, length);
	session_input(w->session, c, exact, length, w->now);
	pump(w);
	free(exact);
}

static void
say_usual(struct world *w, enum session_conn c, uint8_t what)
{
	struct buf out = {0};
	const struct bgp_open open = {.asn = {65001},
				      .hold_time_s = what & 2 ? 9 : 90,
				      .router_id = what & 4 ? 1 : 0xf0000000,
				      .capabilities = {.ipv4 = true,
						       .ipv6 = true,
						       .as4 = !(what & 8),
						       .refresh = true,
						       .extended_messages = what & 16,
						       .graceful_restart = what & 32,
						       .restart_notified = what & 64,
						       .restart_time_s = 90,
						       .restart_ipv4 = true,
						       .long_lived = what & 64,
						       .stale_ipv6_s = 60,
						       .enhanced_refresh = what & 128,
						       .add_path_ipv4 = what & 128 ? 3 : 0,
						       .role = BGP_ROLE_NONE}};
	if (what & 1)
		bgp_open_write(&out, &open);
	else
		bgp_keepalive_write(&out);
	say(w, c, cursor_of(out.data, out.length));
	buf_fini(&out);
}

static void
come_in(struct world *w)
{
	struct buf refusal = {0};
	bool taken = session_accept(w->session, &refusal, w->now);
	assert(taken == !refusal.length);
	pump(w);
	if (taken) {
		assert(!w->open[SESSION_IN]);
		w->open[SESSION_IN] = true;
		session_connected(w->session, SESSION_IN, ip_v4(0xc0000201), w->now);
	}
	buf_fini(&refusal);
}

static void
step(struct world *w, struct cursor *in)
{
	uint8_t what = cursor_u8(in);
	enum session_conn c = what & 0x10 ? SESSION_OUT : SESSION_IN;
	switch (what & 0x0f) {
	case 0:
		come_in(w);
		break;
	case 1:
		if (w->connecting) {
			w->connecting = false;
			w->open[SESSION_OUT] = true;
			session_connected(w->session, SESSION_OUT, ip_v4(0xc0000201), w->now);
		}
		break;
	case 2:
		if (w->connecting)
			session_connect_failed(w->session, "refused", w->now);
		w->connecting = false;
		break;
	case 3:
		if (w->open[c])
			session_disconnected(w->session, c, w->now);
		break;
	case 4:
	case 5:
	case 6: {
		size_t length = cursor_u8(in);
		if (length > cursor_left(in))
			length = cursor_left(in);
		say(w, c, cursor_sub(in, length));
		break;
	}
	case 7:
		say_usual(w, c, cursor_u8(in));
		break;
	case 8:
		w->now.us += (int64_t)cursor_u8(in) * 1000000;
		session_tick(w->session, w->now);
		break;
	case 9:
		session_stop(w->session, BGP_CEASE_SHUTDOWN, "fuzz", w->now);
		break;
	case 10:
		session_start(w->session, w->now);
		break;
	case 11:
		session_reset(w->session, BGP_CEASE_RESET, NULL, cursor_u8(in), w->now);
		break;
	case 12:
		(void)session_ask_refresh(w->session, what & 0x10 ? IP_V4 : IP_V6);
		break;
	case 13:
		session_progress(w->session, (enum session_sent)((what >> 4) % 3), w->now);
		break;
	case 14: {
		struct cursor out = session_output(w->session, c);
		size_t left = cursor_left(&out);
		session_output_done(w->session, c, what & 0x20 ? left : left / 2);
		break;
	}
	default:
		session_updates_sent(w->session, 1, w->now);
		break;
	}
	pump(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct session_config config = {.local_asn = {65000},
					      .remote_asn = {65001},
					      .router_id = 0xc6336401,
					      .hold_time_s = 90,
					      .connect_retry_s = 30,
					      .ipv4 = true,
					      .ipv6 = true,
					      .extended_messages = true,
					      .enhanced_refresh = true,
					      .extended_next_hop = true,
					      .add_path_ipv4 = BGP_ADD_PATH_BOTH,
					      .graceful_restart = true,
					      .restart_time_s = 120,
					      .stale_time_s = 3600,
					      .role = BGP_ROLE_NONE};
	struct world w = {.now = {1000000}};
	struct cursor in = cursor_of(data, size);
	struct buf text = {0};
	w.session = session_new(&config);
	if (!w.session)
		return 0;
	session_start(w.session, w.now);
	while (cursor_left(&in))
		step(&w, &in);
	session_error_text(&text, session_last_error(w.session));
	buf_fini(&text);
	assert(session_memory(w.session) < 200000);
	session_free(w.session);
	return 0;
}
