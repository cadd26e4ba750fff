/* Stations on sockets.
 *
 *   IDLE --timer--> RESOLVING --> CONNECTING --> UP --lost--> IDLE, for longer each time
 *
 * A station is written to only when its socket says that it takes octets, WRITE_OCTETS at a time, so that
 * telling one everything goes on beside BGP and never before it. */
#include "exchange/bmp_io.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "exchange/monitor/bmp_feed.h"
#include "net/address.h"
#include "net/resolve_io.h"

enum {
	WRITE_OCTETS = 64 * 1024,
	RETRY_MIN_MS = 1000,
	RETRY_MAX_MS = 120 * 1000,
	CONNECT_MS = 15 * 1000,
	STEADY_MS = 30 * 1000, /* one that was there for so long is called again soon */
	STUCK_MS = 120 * 1000, /* one that takes nothing for so long is given up */
};

enum state { IDLE, RESOLVING, CONNECTING, UP };

struct station {
	struct bmp_service *service;
	struct station *next;
	struct hub_station is; /* with strings of its own */
	char *name, *host;
	struct bmp_station *feed;
	enum state state;
	bool kept;   /* while a picture is applied */
	bool failed; /* told once, until it is up again */
	uint32_t retry_ms;
	struct net_resolve *lookup;
	struct ip ip; /* that it is, or is to be, connected to */
	struct loop_watch watch;
	struct loop_timer timer;      /* retry, poll, give up */
	struct loop_timer statistics; /* while it is up */
	struct buf out;
	bool writing; /* waits for the socket */
	/* For those who look. */
	struct mono_us since, next_try, error_since;
	uint64_t octets;
	uint32_t connections, failures, overruns;
	char error[96];
};

struct bmp_service {
	struct loop *loop;
	struct exchange *engine;
	void (*ends)(void *context, unsigned slot, struct bmp_ends *out);
	void *context;
	struct bmp_feed *feed; /* NULL: no station */
	char name[256], description[64];
	struct station *stations;
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* --- a station's connection --- */

static void
after(struct station *s, struct loop_timer *timer, int64_t ms)
{
	struct loop *loop = s->service->loop;
	loop_timer_set(loop, timer, mono_add_ms(loop_now(loop), ms));
}

static void
go_to(struct station *s, enum state state)
{
	s->state = state;
	s->since = loop_now(s->service->loop);
}

static void
close_socket(struct station *s)
{
	struct loop *loop = s->service->loop;
	if (s->watch.fd >= 0) {
		loop_forget(loop, &s->watch);
		close(s->watch.fd);
		s->watch.fd = -1;
	}
	net_resolve_cancel(s->lookup);
	s->lookup = NULL;
	loop_timer_stop(loop, &s->timer);
	loop_timer_stop(loop, &s->statistics);
	buf_fini(&s->out);
	s->writing = false;
	bmp_station_end(s->feed);
	go_to(s, IDLE);
}

/* The connection failed, or is lost: again later. */
static void
fail(struct station *s, const char *why)
{
	if (s->state == UP || !s->failed)
		log_warn("station %s: %s", s->name, why);
	s->failed = true;
	/* Being told everything is no small thing: who hangs up again and again waits for it. */
	if (s->state == UP && loop_now(s->service->loop).us >= mono_add_ms(s->since, STEADY_MS).us)
		s->retry_ms = RETRY_MIN_MS;
	s->failures++;
	(void)snprintf(s->error, sizeof(s->error), "%s", why);
	close_socket(s);
	s->error_since = s->since;
	s->next_try = mono_add_ms(s->since, s->retry_ms);
	after(s, &s->timer, s->retry_ms);
	s->retry_ms = s->retry_ms * 2 < RETRY_MAX_MS ? s->retry_ms * 2 : RETRY_MAX_MS;
}

static void
wait_for(struct station *s, bool output)
{
	if (output && !s->writing)
		after(s, &s->timer, STUCK_MS);
	else if (!output)
		loop_timer_stop(s->service->loop, &s->timer);
	s->writing = output;
	(void)loop_change(s->service->loop, &s->watch, EPOLLIN | (output ? EPOLLOUT : 0u));
}

static void
went_up(struct station *s)
{
	char text[IP_TEXT];
	log_info("station %s: connected to %s port %u", s->name, ip_format(text, s->ip),
		 s->is.port);
	go_to(s, UP);
	s->connections++;
	s->failed = false;
	loop_timer_stop(s->service->loop, &s->timer);
	bmp_station_begin(s->feed);
	if (s->is.statistics_s)
		after(s, &s->statistics, (int64_t)s->is.statistics_s * 1000);
	wait_for(s, true);
}

/* One that falls behind is told so before the connection ends. */
static void
fell_behind(struct station *s)
{
	struct buf words = {0};
	bmp_termination_write(&words, BMP_END_RESOURCES);
	if (!s->out.length && !words.failed)
		(void)send(s->watch.fd, words.data, words.length, MSG_DONTWAIT | MSG_NOSIGNAL);
	buf_fini(&words);
	s->overruns++;
	fail(s, "too slow, it is told everything again");
}

static void
write_out(struct station *s)
{
	if (!s->out.length && bmp_station_waiting(s->feed) &&
	    bmp_station_fill(s->feed, &s->out, WRITE_OCTETS) == BMP_FILL_BEHIND) {
		fell_behind(s);
		return;
	}
	if (s->out.length) {
		ssize_t sent =
			send(s->watch.fd, s->out.data, s->out.length, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno != EAGAIN && errno != EINTR) {
			fail(s, strerror(errno));
			return;
		}
		if (sent > 0) {
			s->octets += (uint64_t)sent;
			buf_consume(&s->out, (size_t)sent);
			after(s, &s->timer, STUCK_MS);
		}
	}
	if (!s->out.length) {
		buf_fini(&s->out);
		wait_for(s, bmp_station_waiting(s->feed));
	}
}

/* A station says nothing; what it says is not looked at. */
static bool
still_there(struct station *s)
{
	uint8_t octets[1024];
	ssize_t length = recv(s->watch.fd, octets, sizeof(octets), MSG_DONTWAIT);
	return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

static void
ready(struct loop_watch *watch, uint32_t events)
{
	struct station *s = OWNER(watch, struct station, watch);
	if (s->state == CONNECTING) {
		int error = 0;
		socklen_t length = sizeof(error);
		(void)getsockopt(watch->fd, SOL_SOCKET, SO_ERROR, &error, &length);
		if (error)
			fail(s, strerror(error));
		else
			went_up(s);
		return;
	}
	if (events & ~(uint32_t)EPOLLOUT && !still_there(s)) {
		fail(s, "the connection is lost");
		return;
	}
	if (events & EPOLLOUT)
		write_out(s);
}

static void
connect_to(struct station *s, struct ip ip)
{
	struct sockaddr_storage address;
	socklen_t length = net_address(&address, ip, s->is.port);
	go_to(s, CONNECTING);
	s->ip = ip;
	s->watch.fd = socket(ip.family == IP_V4 ? AF_INET : AF_INET6,
			     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->watch.fd >= 0 && loop_watch(s->service->loop, &s->watch, EPOLLOUT) < 0) {
		int reason = errno;
		close(s->watch.fd);
		s->watch.fd = -1;
		errno = reason;
	}
	if (s->watch.fd < 0 || (connect(s->watch.fd, (struct sockaddr *)&address, length) < 0 &&
				errno != EINPROGRESS)) {
		fail(s, strerror(errno));
		return;
	}
	after(s, &s->timer, CONNECT_MS);
}

static void
resolved(void *context, const struct ip *ips, size_t count, const char *error)
{
	struct station *s = context;
	s->lookup = NULL;
	if (count)
		connect_to(s, ips[0]);
	else
		fail(s, error);
}

static void
begin(struct station *s)
{
	go_to(s, RESOLVING);
	s->lookup = net_resolve_start(s->service->loop, s->host, resolved, s);
	if (!s->lookup)
		fail(s, strerror(errno));
}

static void
timer_fired(struct loop_timer *timer, struct mono_us now)
{
	struct station *s = OWNER(timer, struct station, timer);
	(void)now;
	switch (s->state) {
	case IDLE:
		begin(s);
		break;
	case RESOLVING: /* has no timer */
		break;
	case CONNECTING:
		fail(s, "no answer");
		break;
	case UP:
		fail(s, "takes nothing");
		break;
	}
}

static void
statistics_due(struct loop_timer *timer, struct mono_us now)
{
	struct station *s = OWNER(timer, struct station, statistics);
	(void)now;
	bmp_station_count(s->feed);
	after(s, &s->statistics, (int64_t)s->is.statistics_s * 1000);
}

/* --- what the feed asks --- */

static void
numbers(void *context, int slot, struct bmp_numbers *out)
{
	struct exchange *x = ((struct bmp_service *)context)->engine;
	for (unsigned i = 0; i < 2; i++) {
		struct rib *rib = exchange_rib(x, i ? IP_V6 : IP_V4);
		struct rib_totals totals;
		uint32_t accepted, refused;
		if (slot < 0) {
			rib_total(rib, &totals);
			out->adj_in[i] = totals.prefixes;
		} else {
			rib_session_count(rib, (unsigned)slot, &accepted, &refused);
			out->adj_in[i] = (uint64_t)accepted + refused;
			struct rib_duplicates twice = rib_session_duplicates(rib, (unsigned)slot);
			out->duplicates += twice.announced;
			out->duplicate_withdrawals += twice.withdrawn;
		}
	}
	if (slot < 0)
		return;
	out->adj_out = exchange_exported(x)[slot];
	out->treated_as_withdraw =
		session_counters(exchange_session(x, (unsigned)slot))->treated_as_withdraw;
}

static struct bmp_time
time_now(void *context)
{
	struct exchange *x = ((struct bmp_service *)context)->engine;
	return (struct bmp_time){.s = (uint32_t)exchange_now(x).s};
}

/* --- taps --- */

void
bmp_service_up(struct bmp_service *service, unsigned slot)
{
	if (!service->feed)
		return;
	struct exchange *x = service->engine;
	const struct session *session = exchange_session(x, slot);
	const struct session_agreed *agreed = session_agreed(session);
	struct exchange_target target;
	struct bmp_ends ends = {0};
	if (!exchange_target_of(x, slot, &target))
		return;
	service->ends(service->context, slot, &ends);
	struct bmp_neighbour neighbour = {
		.peer = {target.address, exchange_asn_at(x, slot), agreed->remote_router_id},
		.up = {.local = ends.local,
		       .local_port = ends.local_port,
		       .remote_port = ends.remote_port,
		       .sent = session_open_message(session, SESSION_OPEN_SENT),
		       .received = session_open_message(session, SESSION_OPEN_RECEIVED)},
		.since = {.s = (uint32_t)exchange_utc(x, session_since(session)).s},
		.family = {agreed->ipv4, agreed->ipv6},
		.add_path_in = {agreed->add_path_in_ipv4, agreed->add_path_in_ipv6},
		.add_path_out = {agreed->add_path_out_ipv4, agreed->add_path_out_ipv6},
	};
	bool routes = false;
	for (unsigned i = 0; i < 2; i++) {
		uint32_t accepted, refused;
		rib_session_count(exchange_rib(x, i ? IP_V6 : IP_V4), slot, &accepted, &refused);
		routes |= accepted || refused;
	}
	if (!bmp_feed_up(service->feed, slot, &neighbour, routes))
		log_warn("stations: no memory to tell them of a session");
}

/* A NOTIFICATION as it was on the wire, as far as the session remembers it. */
static void
put_notification(struct buf *to, const struct session_error *error)
{
	bool text = error->code == BGP_ERR_CEASE &&
		    (error->subcode == BGP_CEASE_SHUTDOWN || error->subcode == BGP_CEASE_RESET);
	struct bgp_error plain = {error->code, error->subcode, cursor_of(NULL, 0)};
	if (text)
		bgp_cease_write(to, error->subcode, error->text[0] ? error->text : NULL);
	else
		bgp_notification_write(to, plain);
}

void
bmp_service_down(struct bmp_service *service, unsigned slot)
{
	if (!service->feed)
		return;
	enum { SEND_HOLD_TIMER_EXPIRES = 29 }; /* RFC 9687 section 3.2 */
	const struct session_error *error =
		session_last_error(exchange_session(service->engine, slot));
	enum bmp_down reason = BMP_DOWN_EVENT;
	struct buf data = {0};
	switch (error->kind) {
	case SESSION_ERROR_SENT:
		reason = BMP_DOWN_SENT;
		put_notification(&data, error);
		break;
	case SESSION_ERROR_RECEIVED:
		reason = BMP_DOWN_RECEIVED;
		put_notification(&data, error);
		break;
	case SESSION_ERROR_CLOSED:
		reason = BMP_DOWN_CLOSED;
		break;
	default:
		buf_u16(&data,
			error->kind == SESSION_ERROR_SEND_HOLD ? SEND_HOLD_TIMER_EXPIRES : 0);
		break;
	}
	bmp_feed_down(service->feed, slot, reason, cursor_of(data.data, data.length));
	buf_fini(&data);
}

void
bmp_service_decided(struct bmp_service *service)
{
	if (service->feed)
		bmp_feed_decided(service->feed);
}

void
bmp_service_turn_end(struct bmp_service *service)
{
	for (struct station *s = service->stations; s; s = s->next)
		if (s->state == UP && !s->writing && bmp_station_waiting(s->feed))
			wait_for(s, true);
}

/* --- stations --- */

static void
free_station(struct station *s)
{
	if (s->state == UP && !s->out.length) {
		struct buf words = {0};
		bmp_termination_write(&words, BMP_END_CLOSED);
		if (!words.failed)
			(void)send(s->watch.fd, words.data, words.length,
				   MSG_DONTWAIT | MSG_NOSIGNAL);
		buf_fini(&words);
	}
	close_socket(s);
	bmp_station_free(s->feed);
	free(s->name);
	free(s->host);
	free(s);
}

static bool
same(const struct station *s, const struct hub_station *is)
{
	return strcmp(s->name, is->name) == 0 && strcmp(s->host, is->host) == 0 &&
	       s->is.port == is->port && s->is.pre_policy == is->pre_policy &&
	       s->is.post_policy == is->post_policy && s->is.out_pre_policy == is->out_pre_policy &&
	       s->is.out_post_policy == is->out_post_policy && s->is.loc_rib == is->loc_rib &&
	       s->is.statistics_s == is->statistics_s;
}

static struct station *
new_station(struct bmp_service *service, const struct hub_station *is)
{
	struct station *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	struct bmp_wish wish = {.views = {[BMP_IN_PRE] = is->pre_policy,
					  [BMP_IN_POST] = is->post_policy,
					  [BMP_LOC] = is->loc_rib,
					  [BMP_OUT_PRE] = is->out_pre_policy,
					  [BMP_OUT_POST] = is->out_post_policy}};
	s->service = service;
	s->is = *is;
	s->name = strdup(is->name);
	s->host = strdup(is->host);
	s->watch = (struct loop_watch){.fd = -1, .ready = ready};
	s->timer.fire = timer_fired;
	s->statistics.fire = statistics_due;
	s->retry_ms = RETRY_MIN_MS;
	s->feed = bmp_station_new(service->feed, wish);
	if (!s->name || !s->host || !s->feed) {
		bmp_station_free(s->feed);
		free(s->name);
		free(s->host);
		free(s);
		return NULL;
	}
	s->is.name = s->name;
	s->is.host = s->host;
	after(s, &s->timer, 0);
	return s;
}

/* Those whom the picture no longer names, or names otherwise, go. */
static void
drop_others(struct bmp_service *service, const struct hub *hub)
{
	for (struct station **at = &service->stations; *at;) {
		struct station *s = *at;
		s->kept = false;
		for (size_t i = 0; i < hub->station_count; i++)
			s->kept |= same(s, &hub->stations[i]);
		if (s->kept) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		free_station(s);
	}
}

static bool
make_feed(struct bmp_service *service)
{
	struct exchange *x = service->engine;
	const struct hub *hub = exchange_hub(x);
	(void)snprintf(service->name, sizeof(service->name), "%s", hub->short_name);
	(void)snprintf(service->description, sizeof(service->description), "route server of AS%u",
		       hub->asn.number);
	struct bmp_feed_source source = {
		.ribs = {exchange_rib(x, IP_V4), exchange_rib(x, IP_V6)},
		.asn = hub->asn,
		.router_id = ip_v4_number(hub->router_id),
		.name = service->name,
		.description = service->description,
		.numbers = numbers,
		.now = time_now,
		.context = service,
	};
	service->feed = bmp_feed_new(&source);
	if (!service->feed)
		return false;
	for (unsigned slot = 0; slot < exchange_slots(x); slot++) {
		const struct session *session = exchange_session(x, slot);
		if (session && session_state(session) == SESSION_ESTABLISHED)
			bmp_service_up(service, slot);
	}
	return true;
}

void
bmp_service_apply(struct bmp_service *service)
{
	const struct hub *hub = exchange_hub(service->engine);
	drop_others(service, hub);
	if (hub->station_count && !service->feed && !make_feed(service)) {
		log_warn("stations: no memory for them");
		return;
	}
	for (size_t i = 0; i < hub->station_count; i++) {
		struct station *s = service->stations;
		while (s && !same(s, &hub->stations[i]))
			s = s->next;
		if (s)
			continue;
		s = new_station(service, &hub->stations[i]);
		if (!s) {
			log_warn("station %s: no memory for it", hub->stations[i].name);
			continue;
		}
		s->next = service->stations;
		service->stations = s;
	}
	if (!hub->station_count) {
		bmp_feed_free(service->feed);
		service->feed = NULL;
	}
}

bool
bmp_service_wanted(const struct bmp_service *service)
{
	return service->feed != NULL;
}

struct bmp_service *
bmp_service_new(struct loop *loop, struct exchange *engine,
		void (*ends)(void *context, unsigned slot, struct bmp_ends *out), void *context)
{
	struct bmp_service *service = calloc(1, sizeof(*service));
	if (!service)
		return NULL;
	service->loop = loop;
	service->engine = engine;
	service->ends = ends;
	service->context = context;
	bmp_service_apply(service);
	return service;
}

void
bmp_service_free(struct bmp_service *service)
{
	if (!service)
		return;
	while (service->stations) {
		struct station *s = service->stations;
		service->stations = s->next;
		free_station(s);
	}
	bmp_feed_free(service->feed);
	free(service);
}

static void
describe(const struct station *s, struct exchange_station *out)
{
	*out = (struct exchange_station){
		.name = s->name,
		.host = s->host,
		.port = s->is.port,
		.state = s->state == UP           ? STATION_IS_UP
			 : s->state == CONNECTING ? STATION_CONNECTS
			 : s->state == RESOLVING  ? STATION_RESOLVES
						  : STATION_WAITS,
		.caught_up = s->state == UP && !s->out.length && !bmp_station_waiting(s->feed),
		.address = s->ip,
		.since = s->since,
		.next_try = s->next_try,
		.octets = s->octets,
		.connections = s->connections,
		.failures = s->failures,
		.overruns = s->overruns,
		.error = s->error,
		.error_since = s->error_since,
	};
}

size_t
bmp_service_stations(const struct bmp_service *service, struct exchange_station *out, size_t max)
{
	const struct hub *hub = exchange_hub(service->engine);
	size_t count = 0;
	for (size_t i = 0; i < hub->station_count && count < max; i++)
		for (const struct station *s = service->stations; s && count < max; s = s->next)
			if (same(s, &hub->stations[i]))
				describe(s, &out[count++]);
	return count;
}
