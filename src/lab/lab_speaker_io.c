/* One BGP session as its member's side has it. The machine is the exchange's own
 * (exchange/session), playing the active part. */
#include "lab/lab_speaker.h"
#include "net/address.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/session/session.h"
#include "lab/lab_announce.h"
#include "lab/lab_socket.h"

enum { RETRY_S = 3, INPUT_OCTETS = 65536 };

struct lab_speaker {
	struct loop_watch watch; /* first: the loop gives it back; fd -1: no connection */
	struct loop_timer timer;
	struct loop *loop;
	const struct lab_plan *plan;
	const struct hub_session *session; /* of the picture */
	struct session *machine;
	bool connecting, warned, was_up;
	struct buf out; /* whole messages, the first perhaps half sent */
	size_t sent;
	uint64_t announced, received;
};

static void pump(struct lab_speaker *speaker);

static const struct hub_member *
member_of(const struct lab_speaker *speaker)
{
	return &speaker->plan->hub->members[speaker->session->member];
}

static const char *
name_of(const struct lab_speaker *speaker)
{
	const struct hub_member *member = member_of(speaker);
	return member->short_name ? member->short_name : member->name;
}

static void
let_go(struct lab_speaker *speaker)
{
	if (speaker->watch.fd < 0)
		return;
	loop_forget(speaker->loop, &speaker->watch);
	close(speaker->watch.fd);
	speaker->watch.fd = -1;
	speaker->connecting = false;
	buf_clear(&speaker->out);
	speaker->sent = 0;
}

/* --- what the machine wants --- */

/* The hub's listener of the family that the member's address has. IP_NONE if there is none. */
static struct hub_endpoint
listener_for(const struct hub *hub, enum ip_family family)
{
	for (size_t i = 0; i < hub->bgp_listen_count; i++)
		if (hub->bgp_listen[i].ip.family == family)
			return lab_socket_target(hub->bgp_listen[i]);
	return (struct hub_endpoint){0};
}

static int
set_md5(int fd, const struct sockaddr_storage *to, const char *password)
{
	struct tcp_md5sig sig = {.tcpm_keylen = (uint16_t)strlen(password)};
	if (sig.tcpm_keylen > TCP_MD5SIG_MAXKEYLEN) {
		errno = EINVAL;
		return -1;
	}
	memcpy(&sig.tcpm_addr, to, sizeof(*to));
	memcpy(sig.tcpm_key, password, sig.tcpm_keylen);
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof(sig));
}

/* Begins a connection. 0, or -1 and errno. */
static int
begin_connection(struct lab_speaker *speaker)
{
	const struct hub_session *session = speaker->session;
	struct hub_endpoint to = listener_for(speaker->plan->hub, session->address.family);
	if (to.ip.family == IP_NONE) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	struct sockaddr_storage target;
	socklen_t length = net_address(&target, to.ip, to.port);
	int fd = lab_socket_open(SOCK_STREAM, session->address);
	if (fd < 0)
		return -1;
	int one = 1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if ((session->md5 && set_md5(fd, &target, session->md5) < 0) ||
	    (connect(fd, (struct sockaddr *)&target, length) < 0 && errno != EINPROGRESS)) {
		int reason = errno;
		close(fd);
		errno = reason;
		return -1;
	}
	speaker->watch.fd = fd;
	speaker->connecting = true;
	if (loop_watch(speaker->loop, &speaker->watch, EPOLLOUT) < 0) {
		close(fd);
		speaker->watch.fd = -1;
		return -1;
	}
	return 0;
}

static void
want_connect(struct lab_speaker *speaker)
{
	char text[IP_TEXT];
	let_go(speaker);
	if (begin_connection(speaker) == 0)
		return;
	int reason = errno;
	if (!speaker->warned)
		log_warn("%s: cannot connect from %s: %s", name_of(speaker),
			 ip_format(text, speaker->session->address), strerror(reason));
	speaker->warned = true;
	session_connect_failed(speaker->machine, strerror(reason), loop_now(speaker->loop));
}

/* Moves what the machine has to say behind what is on its way; always before routes are added, since
 * the KEEPALIVE that opens the session must come first. */
static void
collect_output(struct lab_speaker *speaker)
{
	struct cursor words = session_output(speaker->machine, SESSION_OUT);
	size_t length = cursor_left(&words);
	buf_put(&speaker->out, words.at, length);
	session_output_done(speaker->machine, SESSION_OUT, length);
}

static void
announce_all(struct lab_speaker *speaker, enum ip_family family)
{
	const struct lab_routes *routes = &speaker->plan->members[speaker->session->member];
	uint32_t messages = 0;
	collect_output(speaker);
	for (size_t i = 0; i < routes->count; i++) {
		const struct lab_route *route = &routes->routes[i];
		if (route->prefix.ip.family == family)
			messages += lab_announce(&speaker->out, speaker->plan,
						 speaker->session->port, route);
	}
	speaker->announced += messages;
	bgp_end_of_rib_write(&speaker->out, family);
	session_updates_sent(speaker->machine, messages + 1, loop_now(speaker->loop));
}

static void
is_up(struct lab_speaker *speaker)
{
	const struct session_agreed *agreed = session_agreed(speaker->machine);
	speaker->was_up = true;
	speaker->announced = speaker->received = 0;
	if (agreed->ipv4)
		announce_all(speaker, IP_V4);
	if (agreed->ipv6)
		announce_all(speaker, IP_V6);
	log_info("%s: up, %llu routes announced", name_of(speaker),
		 (unsigned long long)speaker->announced);
}

static void
is_down(struct lab_speaker *speaker)
{
	struct buf text = {0};
	session_error_text(&text, session_last_error(speaker->machine));
	log_info("%s: down: %.*s", name_of(speaker), (int)text.length,
		 text.data ? (const char *)text.data : "");
	buf_fini(&text);
}

static void
count_update(struct lab_speaker *speaker, const struct bgp_update *update)
{
	struct prefix prefix;
	for (size_t i = 0; i < update->announced_count; i++) {
		struct bgp_nlri list = update->announced[i];
		while (bgp_nlri_next(&list, &prefix, NULL))
			speaker->received++;
	}
}

static void
want_close(struct lab_speaker *speaker, struct cursor last_words)
{
	if (speaker->watch.fd >= 0 && !speaker->connecting)
		(void)!send(speaker->watch.fd, last_words.at, cursor_left(&last_words),
			    MSG_NOSIGNAL | MSG_DONTWAIT);
	let_go(speaker);
}

/* --- octets --- */

static void
write_out(struct lab_speaker *speaker)
{
	struct buf *out = &speaker->out;
	if (speaker->watch.fd < 0 || speaker->connecting)
		return;
	collect_output(speaker);
	ssize_t n = 0;
	if (out->length > speaker->sent)
		n = send(speaker->watch.fd, out->data + speaker->sent, out->length - speaker->sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		speaker->sent += (size_t)n;
	bool all = speaker->sent == out->length;
	if (all) {
		buf_clear(out);
		speaker->sent = 0;
	}
	session_progress(speaker->machine,
			 all     ? SESSION_SENT_ALL
			 : n > 0 ? SESSION_SENT_SOME
				 : SESSION_SENT_NOTHING,
			 loop_now(speaker->loop));
	(void)loop_change(speaker->loop, &speaker->watch, EPOLLIN | (all ? 0 : EPOLLOUT));
}

/* Does what the machine says until it says no more. */
static void
pump(struct lab_speaker *speaker)
{
	static struct bgp_scratch scratch; /* one for all speakers: one thread */
	struct session_event event;
	while (session_next(speaker->machine, &event, &scratch) != SESSION_NOTHING) {
		switch (event.kind) {
		case SESSION_WANT_CONNECT:
			want_connect(speaker);
			break;
		case SESSION_WANT_CLOSE:
			if (event.conn == SESSION_OUT)
				want_close(speaker, event.octets);
			break;
		case SESSION_UP:
			is_up(speaker);
			break;
		case SESSION_DOWN:
			is_down(speaker);
			break;
		case SESSION_UPDATE:
			count_update(speaker, &event.update);
			break;
		case SESSION_REFRESH:
			announce_all(speaker, event.family);
			break;
		case SESSION_END_OF_RIB:
		case SESSION_REFRESH_BEGIN:
		case SESSION_REFRESH_END:
		case SESSION_NOTHING:
			break;
		}
	}
	write_out(speaker);
	struct mono_us due = session_deadline(speaker->machine);
	if (due.us == INT64_MAX)
		loop_timer_stop(speaker->loop, &speaker->timer);
	else
		loop_timer_set(speaker->loop, &speaker->timer, due);
}

static void
connection_made(struct lab_speaker *speaker)
{
	int error = 0;
	socklen_t length = sizeof(error);
	if (getsockopt(speaker->watch.fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		error = errno;
	if (error) {
		let_go(speaker);
		session_connect_failed(speaker->machine, strerror(error), loop_now(speaker->loop));
		return;
	}
	speaker->connecting = false;
	(void)loop_change(speaker->loop, &speaker->watch, EPOLLIN);
	session_connected(speaker->machine, SESSION_OUT, speaker->session->address,
			  loop_now(speaker->loop));
}

static void
ready(struct loop_watch *watch, uint32_t events)
{
	static uint8_t input[INPUT_OCTETS]; /* taken whole by pump() before the next one */
	struct lab_speaker *speaker = (struct lab_speaker *)watch;
	struct mono_us now = loop_now(speaker->loop);
	if (speaker->connecting) {
		connection_made(speaker);
	} else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		ssize_t got = recv(watch->fd, input, sizeof(input), MSG_DONTWAIT);
		if (got > 0) {
			session_input(speaker->machine, SESSION_OUT, input, (size_t)got, now);
		} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
			let_go(speaker);
			session_disconnected(speaker->machine, SESSION_OUT, now);
		}
	}
	pump(speaker);
}

static void
timer_fired(struct loop_timer *timer, struct mono_us now)
{
	struct lab_speaker *speaker =
		(struct lab_speaker *)((char *)timer - offsetof(struct lab_speaker, timer));
	session_tick(speaker->machine, now);
	pump(speaker);
}

/* --- life --- */

static struct session_config
config_of(const struct hub *hub, const struct hub_session *session, uint32_t index)
{
	return (struct session_config){
		.local_asn = hub->members[session->member].asn,
		.remote_asn = hub->asn,
		.router_id = UINT32_C(0x0a000001) + index,
		.hold_time_s = session->hold_time_s,
		.connect_retry_s = RETRY_S,
		.ipv4 = session->ipv4,
		.ipv6 = session->ipv6,
		.extended_messages = true,
		.role = BGP_ROLE_NONE,
		.seed = index,
	};
}

struct lab_speaker *
lab_speaker_new(struct loop *loop, const struct lab_plan *plan, uint32_t session)
{
	struct lab_speaker *speaker = calloc(1, sizeof(*speaker));
	if (!speaker)
		return NULL;
	*speaker = (struct lab_speaker){.watch = {.fd = -1, .ready = ready},
					.timer.fire = timer_fired,
					.loop = loop,
					.plan = plan,
					.session = &plan->hub->sessions[session]};
	struct session_config config = config_of(plan->hub, speaker->session, session);
	speaker->machine = session_new(&config);
	if (!speaker->machine) {
		free(speaker);
		return NULL;
	}
	session_start(speaker->machine, clock_mono());
	pump(speaker);
	return speaker;
}

void
lab_speaker_free(struct lab_speaker *speaker)
{
	if (!speaker)
		return;
	session_stop(speaker->machine, BGP_CEASE_SHUTDOWN, "the lab ends", loop_now(speaker->loop));
	pump(speaker);
	let_go(speaker);
	loop_timer_stop(speaker->loop, &speaker->timer);
	session_free(speaker->machine);
	buf_fini(&speaker->out);
	free(speaker);
}

bool
lab_speaker_established(const struct lab_speaker *speaker)
{
	return session_state(speaker->machine) == SESSION_ESTABLISHED;
}

uint32_t
lab_speaker_member(const struct lab_speaker *speaker)
{
	return speaker->session->member;
}

uint64_t
lab_speaker_announced(const struct lab_speaker *speaker)
{
	return speaker->announced;
}

uint64_t
lab_speaker_received(const struct lab_speaker *speaker)
{
	return speaker->received;
}

void
lab_speaker_change(struct lab_speaker *speaker, const struct lab_route *route, bool announce)
{
	const struct session_agreed *agreed = session_agreed(speaker->machine);
	bool v4 = route->prefix.ip.family == IP_V4;
	if (!lab_speaker_established(speaker) || !(v4 ? agreed->ipv4 : agreed->ipv6))
		return;
	uint32_t messages =
		announce ? lab_announce(&speaker->out, speaker->plan, speaker->session->port, route)
			 : lab_withdraw(&speaker->out, route);
	session_updates_sent(speaker->machine, messages, loop_now(speaker->loop));
	write_out(speaker);
}
