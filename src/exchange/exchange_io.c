/* The exchange's sockets.
 *
 * A turn of the loop reads what there is, up to READ_BUDGET in all, so that many small UPDATEs are told to
 * everybody together and a flood does not delay what is to be sent. At its end the engine encodes what
 * changed, and each connection that can take octets is written with one writev from the shared log. A socket
 * that is full is waited for; it costs nothing until it takes again. */
#include "exchange/exchange_io.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/exchange_io_parts.h"
#include "exchange/exchange_sights.h"
#include "exchange/exchange_state_io.h"
#include "net/address.h"

enum {
	READ_BUDGET = 256 * 1024, /* of a turn */
	/* When so much waits to be sent, and most are slow in taking it, reading pauses: else they would fall
	 * out of the log one by one, and be served from the table at a cost each. */
	BACKLOG_HIGH = 2 * 1024 * 1024,
	BACKLOG_LOW = 512 * 1024,
	PAUSE_MS = 50,  /* at most, and as long again before the next */
	STUCK_MS = 500, /* one that took nothing for so long is not slow but stuck */
	RTT_EVERY_MS = 30000,
};

/* --- BFD --- */

static void
want_bfd(void *context, unsigned slot, enum session_conn conn, const struct exchange_target *target)
{
	struct exchange_service *service = context;
	char name[EXCHANGE_PEER_TEXT];
	if (!target) {
		bfd_service_forget(service->bfd, slot);
		return;
	}
	struct bfd_neighbour neighbour = {
		.address = target->address,
		.local = exchange_connection_local(
			(*exchange_connection_place(service, slot, conn))->watch.fd),
		.config = target->bfd,
	};
	if (bfd_service_watch(service->bfd, slot, &neighbour) < 0)
		log_warn("session %s: goes on without BFD: %s",
			 exchange_peer_text(service->engine, slot, name), strerror(errno));
}

static void
bfd_says(void *context, unsigned slot, enum bfd_event event, const struct bfd *b)
{
	struct exchange_service *service = context;
	if (service->heard)
		exchange_heard_bfd(service->heard, slot, event);
	exchange_bfd_changed(service->engine, slot, event, b->diagnostic, loop_now(service->loop));
}

/* --- turns --- */

static void
set_timer(struct exchange_service *service)
{
	struct mono_us due = exchange_deadline(service->engine);
	if (due.us == service->timer_due.us)
		return;
	service->timer_due = due;
	if (due.us == INT64_MAX)
		loop_timer_stop(service->loop, &service->timer);
	else
		loop_timer_set(service->loop, &service->timer, due);
}

static void
end_pause(struct exchange_service *service)
{
	service->paused = false;
	service->pause_again = mono_add_ms(loop_now(service->loop), PAUSE_MS);
	loop_timer_stop(service->loop, &service->pause_timer);
	for (size_t i = 0; i < (size_t)service->slots * SESSION_CONNS; i++) {
		struct connection *connection = service->connections[i];
		if (!connection || !connection->muted)
			continue;
		connection->muted = false;
		exchange_connection_wait(connection, connection->full);
	}
}

static void
pause_over(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	end_pause(OWNER(timer, struct exchange_service, pause_timer));
}

static bool
is_stuck(const struct connection *connection)
{
	int64_t since_us = connection->full_since.us;
	return connection->full &&
	       loop_now(connection->service->loop).us - since_us > (int64_t)STUCK_MS * 1000;
}

/* `full` of `all` connections take nothing at the moment. The stuck are not among them: however many
 * they are, nobody waits for them. */
static void
judge_pause(struct exchange_service *service, size_t full, size_t all)
{
	uint64_t backlog = exchange_backlog(service->engine);
	struct mono_us now = loop_now(service->loop);
	if (service->paused && (backlog < BACKLOG_LOW || full * 2 < all)) {
		end_pause(service);
	} else if (!service->paused && backlog > BACKLOG_HIGH && full && full * 2 >= all &&
		   now.us >= service->pause_again.us) {
		service->paused = true;
		loop_timer_set(service->loop, &service->pause_timer, mono_add_ms(now, PAUSE_MS));
	}
}

static void
end_turn(void *context)
{
	struct exchange_service *service = context;
	if (service->failures)
		exchange_connections_tell_failures(service);
	exchange_turn_end(service->engine);
	exchange_monitors_turn_end(service->monitors);
	size_t full = 0, all = 0;
	for (size_t i = 0; i < (size_t)service->slots * SESSION_CONNS; i++) {
		struct connection *connection = service->connections[i];
		if (!connection || connection->connecting)
			continue;
		if (!connection->full &&
		    exchange_waiting(service->engine, connection->slot, connection->kind))
			exchange_connection_write(connection);
		connection = service->connections[i]; /* it may be gone */
		if (!connection || is_stuck(connection))
			continue;
		all++;
		full += connection->full;
	}
	judge_pause(service, full, all);
	service->read_left = READ_BUDGET;
	set_timer(service);
}

static void
timer_fired(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_service *service = OWNER(timer, struct exchange_service, timer);
	service->timer_due.us = -1;
	exchange_tick(service->engine, now, clock_utc());
}

/* The kernel measures how far away each neighbour is (tcp(7): TCP_INFO). Small changes are smoothed there, and
 * ignored by those who are told. */
static void
measure(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_service *service = OWNER(timer, struct exchange_service, rtt_timer);
	for (size_t i = 0; i < (size_t)service->slots * SESSION_CONNS; i++) {
		const struct connection *connection = service->connections[i];
		struct tcp_info info = {0};
		socklen_t length = sizeof(info);
		if (!connection || connection->connecting ||
		    getsockopt(connection->watch.fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0 ||
		    !info.tcpi_rtt)
			continue;
		uint32_t ms = (info.tcpi_rtt + 999) / 1000;
		exchange_rtt(service->engine, connection->slot,
			     ms < UINT16_MAX ? (uint16_t)ms : UINT16_MAX, now);
	}
	loop_timer_set(service->loop, &service->rtt_timer, mono_add_ms(now, RTT_EVERY_MS));
}

/* --- the service --- */

static uint16_t
port_of(const struct sockaddr_storage *from)
{
	return ntohs(from->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)from)->sin6_port
						 : ((const struct sockaddr_in *)from)->sin_port);
}

static size_t
rpki_reports(void *context, struct rpki_report *out, size_t max)
{
	const struct exchange_service *service = context;
	size_t count = rpki_service_count(service->rpki);
	count = count < max ? count : max;
	for (size_t i = 0; i < count; i++)
		rpki_service_report(service->rpki, i, &out[i]);
	return count;
}

static const struct bfd *
see_bfd(void *context, unsigned slot)
{
	return bfd_service_session(((struct exchange_service *)context)->bfd, slot);
}

static const uint64_t *
see_bfd_faults(void *context)
{
	return bfd_service_faults(((struct exchange_service *)context)->bfd);
}

static size_t
see_stations(void *context, struct exchange_station *out, size_t max)
{
	return exchange_monitors_stations(((struct exchange_service *)context)->monitors, out, max);
}

static void
see_dumps(void *context, struct exchange_dumps *out)
{
	exchange_monitors_dumps(((struct exchange_service *)context)->monitors, out);
}

static struct mono_us
see_full_since(void *context, unsigned slot)
{
	struct exchange_service *service = context;
	for (unsigned kind = 0; slot < service->slots && kind < SESSION_CONNS; kind++) {
		const struct connection *c =
			*exchange_connection_place(service, slot, (enum session_conn)kind);
		if (c && c->full)
			return c->full_since;
	}
	return (struct mono_us){0};
}

static const struct exchange_sights sights = {
	.bfd = see_bfd,
	.bfd_faults = see_bfd_faults,
	.stations = see_stations,
	.dumps = see_dumps,
	.full_since = see_full_since,
};

/* The engine's tables are by family. */
static void
rpki_changed(void *context, const struct rpki_changes *changes)
{
	struct exchange_service *service = context;
	size_t room = changes->prefix_count, counts[2] = {0};
	struct rib_touched *prefixes = malloc((2 * room + 1) * sizeof(*prefixes));
	struct exchange_touched touched = {
		/* Without memory for the list it is all of them. */
		.all = changes->all_prefixes || changes->all_paths || !prefixes,
		.customers = changes->customers,
		.customer_count = changes->customer_count,
	};
	for (size_t i = 0; prefixes && i < room; i++) {
		const struct rpki_touched *one = &changes->prefixes[i];
		size_t family = one->prefix.ip.family == IP_V4 ? 0 : 1;
		prefixes[family * room + counts[family]++] =
			(struct rib_touched){one->prefix, one->max_length};
	}
	for (size_t i = 0; prefixes && i < 2; i++) {
		touched.prefixes[i] = prefixes + i * room;
		touched.prefix_counts[i] = counts[i];
	}
	exchange_rpki_changed(service->engine, &touched, loop_now(service->loop));
	free(prefixes);
}

static void
registry_changed(void *context, const struct registry *now, const struct registry *before)
{
	struct exchange_service *service = context;
	(void)before; /* what was judged by it is judged anew */
	exchange_use_registry(service->engine, now, loop_now(service->loop));
}

/* The ends of the connection that carries the session, for monitoring stations. */
static void
ends_of(void *context, unsigned slot, struct bmp_ends *out)
{
	struct exchange_service *service = context;
	enum session_conn kind = session_agreed(exchange_session(service->engine, slot))->conn;
	struct connection *connection =
		slot < service->slots ? *exchange_connection_place(service, slot, kind) : NULL;
	struct sockaddr_storage address = {0};
	socklen_t length = sizeof(address);
	if (!connection)
		return;
	(void)getsockname(connection->watch.fd, (struct sockaddr *)&address, &length);
	out->local = net_ip_of(&address);
	out->local_port = port_of(&address);
	length = sizeof(address);
	(void)getpeername(connection->watch.fd, (struct sockaddr *)&address, &length);
	out->remote_port = port_of(&address);
}

static uint64_t
random_seed(void)
{
	uint64_t seed = (uint64_t)clock_mono().us;
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		log_debug("no random numbers yet, timers spread by the clock");
	return seed;
}

struct exchange_service *
exchange_service_open(struct loop *loop, const struct hub *hub,
		      const struct exchange_folders *folders, char reason[EXCHANGE_REASON])
{
	struct exchange_service *service = calloc(1, sizeof(*service));
	(void)snprintf(reason, EXCHANGE_REASON, "out of memory");
	if (!service)
		return NULL;
	service->loop = loop;
	service->read_left = READ_BUDGET;
	service->timer.fire = timer_fired;
	service->accept_timer.fire = exchange_listen_again;
	service->pause_timer.fire = pause_over;
	service->rtt_timer.fire = measure;
	uint64_t seed = random_seed();
	struct exchange_shell shell = {exchange_connection_want,
				       exchange_connection_want_close,
				       service,
				       want_bfd,
				       rpki_reports,
				       &sights};
	service->guard = exchange_guard_open();
	service->bfd = bfd_service_open(loop, seed, bfd_says, service);
	if (service->guard && service->bfd && exchange_listen(service, hub, reason) == 0)
		service->engine = exchange_new(hub, seed, &shell, loop_now(loop));
	if (service->engine && folders->run)
		service->snapshots = exchange_snapshots_open(loop, service->engine, folders->run);
	if (service->engine && folders->run)
		service->states = exchange_states_open(loop, service->engine, folders->run);
	if (service->engine && folders->control)
		service->heard = exchange_heard_open(loop, service->engine, folders->control);
	service->steer = exchange_steer_file_open(loop, folders->run, service->engine);
	if (service->engine && folders->registry)
		service->registry =
			exchange_registry_open(loop, folders->registry, registry_changed, service);
	if (hub->dumps.directory)
		service->dumps = strdup(hub->dumps.directory);
	if (service->engine)
		service->monitors = exchange_monitors_open(loop, service->engine, ends_of, service);
	if (service->engine)
		service->rpki = rpki_service_new(loop, hub, rpki_changed, service);
	if (!service->engine || !service->monitors || !service->rpki ||
	    exchange_listen_keys(service) ||
	    (folders->run && (!service->snapshots || !service->states || !service->steer)) ||
	    (folders->registry && !service->registry)) {
		exchange_service_close(service, false);
		return NULL;
	}
	exchange_use_rpki(service->engine, rpki_service_table(service->rpki), loop_now(loop));
	exchange_connections_widen(service, exchange_slots(service->engine));
	exchange_tick(service->engine, loop_now(loop), clock_utc());
	set_timer(service);
	loop_timer_set(loop, &service->rtt_timer, mono_add_ms(loop_now(loop), RTT_EVERY_MS));
	loop_on_turn_end(loop, end_turn, service);
	return service;
}

int
exchange_service_check(const struct exchange_service *service, const struct hub *next,
		       char reason[EXCHANGE_REASON])
{
	const struct hub *hub = exchange_hub(service->engine);
	if (next->asn.number != hub->asn.number || !ip_equal(next->router_id, hub->router_id)) {
		(void)snprintf(reason, EXCHANGE_REASON,
			       "AS number and router id of the hub change only with a restart");
		return -1;
	}
	if (next->session_count > RIB_SLOTS_MAX) {
		(void)snprintf(reason, EXCHANGE_REASON, "more than %d sessions", RIB_SLOTS_MAX);
		return -1;
	}
	/* Its process may write nowhere else. */
	if (next->dumps.directory &&
	    (!service->dumps || strcmp(next->dumps.directory, service->dumps) != 0)) {
		(void)snprintf(reason, EXCHANGE_REASON,
			       "dumps.directory changes only with a restart");
		return -1;
	}
	bool same = next->bgp_listen_count == hub->bgp_listen_count;
	for (size_t i = 0; same && i < next->bgp_listen_count; i++)
		same = ip_equal(next->bgp_listen[i].ip, hub->bgp_listen[i].ip) &&
		       next->bgp_listen[i].port == hub->bgp_listen[i].port;
	if (same)
		return 0;
	(void)snprintf(reason, EXCHANGE_REASON,
		       "addresses that BGP listens on change only with a restart");
	return -1;
}

int
exchange_service_apply(struct exchange_service *service, const struct hub *hub)
{
	service->broken = exchange_apply(service->engine, hub, loop_now(service->loop)) != 0;
	if (service->broken || exchange_listen_keys(service))
		return -1;
	exchange_connections_widen(service, exchange_slots(service->engine));
	exchange_monitors_apply(service->monitors);
	if (rpki_service_apply(service->rpki, hub))
		log_warn("no memory for all caches and files of the RPKI");
	set_timer(service);
	return 0;
}

void
exchange_service_close(struct exchange_service *service, bool leaves)
{
	if (!service)
		return;
	loop_on_turn_end(service->loop, NULL, NULL);
	/* One that could not go over to a picture may not be asked for last words. */
	bool whole = service->engine && !service->broken;
	if (whole && leaves)
		exchange_leave(service->engine, loop_now(service->loop));
	else if (whole)
		exchange_shut_down(service->engine, loop_now(service->loop));
	for (size_t i = 0; i < (size_t)service->slots * SESSION_CONNS; i++)
		if (service->connections[i])
			exchange_connection_free(service->connections[i]);
	for (size_t i = 0; i < service->listener_count; i++) {
		loop_forget(service->loop, &service->listeners[i].watch);
		close(service->listeners[i].watch.fd);
	}
	loop_timer_stop(service->loop, &service->timer);
	loop_timer_stop(service->loop, &service->accept_timer);
	loop_timer_stop(service->loop, &service->pause_timer);
	loop_timer_stop(service->loop, &service->rtt_timer);
	exchange_snapshots_close(service->snapshots);
	exchange_steer_file_close(service->steer);
	exchange_states_close(service->states);
	exchange_heard_close(service->heard);
	exchange_monitors_close(service->monitors);
	exchange_free(service->engine);
	exchange_registry_close(service->registry);
	rpki_service_free(service->rpki);
	free(service->dumps);
	free(service->connections);
	free(service->listeners);
	free(service->listening);
	exchange_guard_close(service->guard);
	bfd_service_close(service->bfd);
	free(service);
}

int
exchange_service_dump(struct exchange_service *service, bool refused, char text[EXCHANGE_DUMP_TEXT])
{
	static_assert((int)EXCHANGE_DUMP_TEXT == (int)MRT_DUMP_TEXT, "one text");
	return exchange_monitors_dump(service->monitors, refused, text);
}

size_t
exchange_service_rpki_refresh(struct exchange_service *service)
{
	rpki_service_refresh(service->rpki);
	return rpki_service_count(service->rpki);
}

const char *
exchange_service_steer(struct exchange_service *service)
{
	return service->steer ? exchange_steer_file_look(service->steer)
			      : "there are no plans here";
}

void
exchange_service_keep(struct exchange_service *service)
{
	exchange_states_keep(service->states);
}

struct exchange *
exchange_service_engine(struct exchange_service *service)
{
	exchange_tick(service->engine, loop_now(service->loop), clock_utc());
	return service->engine;
}
