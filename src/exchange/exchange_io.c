/* The exchange's sockets.
 *
 * A turn of the loop reads what there is, up to READ_BUDGET in all, so that many small UPDATEs are told to
 * everybody together and a flood does not delay what is to be sent. At its end the engine encodes what
 * changed, and each connection that can take octets is written with one writev from the shared log. A socket
 * that is full is waited for; it costs nothing until it takes again. */
#include "exchange/exchange_io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/bfd_io.h"
#include "exchange/exchange_guard_io.h"
#include "exchange/exchange_monitor_io.h"
#include "exchange/exchange_registry_io.h"
#include "exchange/exchange_sights.h"
#include "exchange/exchange_snapshot_io.h"
#include "exchange/rpki_io.h"
#include "net/address.h"

enum {
	READ_MAX = 64 * 1024,
	READ_BUDGET = 256 * 1024, /* of a turn */
	/* When so much waits to be sent, and most are slow in taking it, reading pauses: else they would fall
	 * out of the log one by one, and be served from the table at a cost each. */
	BACKLOG_HIGH = 2 * 1024 * 1024,
	BACKLOG_LOW = 512 * 1024,
	PAUSE_MS = 50,  /* at most, and as long again before the next */
	STUCK_MS = 500, /* one that took nothing for so long is not slow but stuck */
	WRITE_PIECES = 256,
	WRITE_ROUNDS = 8, /* of one connection in a turn */
	BACKLOG = 4096,
	ACCEPT_PAUSE_MS = 1000,
	RTT_EVERY_MS = 30000,
	RESERVED_DESCRIPTORS = 48, /* for listening, questions and the snapshot */
	CONTROL_TRAFFIC = 0xc0,    /* IP precedence of routing protocols, RFC 4271 appendix E */
};

struct connection {
	struct loop_watch watch;
	struct exchange_service *service;
	unsigned slot;
	enum session_conn kind;
	bool connecting;
	bool full; /* the socket takes nothing now */
	struct mono_us full_since;
	bool muted;         /* has something to read, which waits until the pause ends */
	const char *failed; /* why an attempt failed at once; told at the end of the turn */
};

struct listener {
	struct loop_watch watch;
	struct exchange_service *service;
};

struct exchange_service {
	struct loop *loop;
	struct exchange *engine;
	bool broken;                     /* the engine: it has no picture */
	struct connection **connections; /* by slot and kind */
	unsigned slots;
	struct listener *listeners;
	struct exchange_listening *listening; /* the same, for the guard */
	size_t listener_count;
	struct exchange_guard *guard;
	struct bfd_service *bfd;
	struct loop_timer timer, accept_timer, pause_timer, rtt_timer;
	bool paused;
	struct mono_us pause_again; /* not before */
	struct mono_us timer_due;
	size_t open;                          /* connections */
	size_t read_left;                     /* of READ_BUDGET */
	bool failures;                        /* some connection has `failed` */
	struct exchange_snapshots *snapshots; /* NULL: not wanted */
	struct exchange_monitors *monitors;
	char *dumps; /* the folder of MRT files that there was at the start, or NULL */
	struct exchange_registry *registry; /* NULL: not wanted */
	struct rpki_service *rpki;
	uint8_t input[READ_MAX];
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* --- addresses --- */

static uint16_t
port_of(const struct sockaddr_storage *from)
{
	return ntohs(from->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)from)->sin6_port
						 : ((const struct sockaddr_in *)from)->sin_port);
}

static struct ip
local_address(int fd)
{
	struct sockaddr_storage local = {0};
	socklen_t length = sizeof(local);
	(void)getsockname(fd, (struct sockaddr *)&local, &length);
	return net_ip_of(&local);
}

static void
set_options(int fd, enum ip_family family)
{
	int one = 1, precedence = CONTROL_TRAFFIC;
	/* One write a turn holds all there is, so there is nothing that Nagle could join. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (family == IP_V4)
		(void)setsockopt(fd, IPPROTO_IP, IP_TOS, &precedence, sizeof(precedence));
	else
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &precedence, sizeof(precedence));
}

/* --- connections --- */

static struct connection **
place_of(struct exchange_service *service, unsigned slot, enum session_conn kind)
{
	return &service->connections[(size_t)slot * SESSION_CONNS + kind];
}

/* The engine may have more slots after it took a picture, and calls back while it does. */
static void
make_room(struct exchange_service *service, unsigned slots)
{
	if (slots <= service->slots)
		return;
	unsigned wide = slots > service->slots * 2 ? slots : service->slots * 2;
	struct connection **connections = realloc(
		service->connections, (size_t)wide * SESSION_CONNS * sizeof(struct connection *));
	if (!connections)
		fatal("no memory for %u sessions", wide);
	memset(connections + (size_t)service->slots * SESSION_CONNS, 0,
	       (size_t)(wide - service->slots) * SESSION_CONNS * sizeof(struct connection *));
	service->connections = connections;
	service->slots = wide;
}

static void
free_connection(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	*place_of(service, connection->slot, connection->kind) = NULL;
	service->open--;
	if (connection->watch.fd >= 0) {
		loop_forget(service->loop, &connection->watch);
		close(connection->watch.fd);
	}
	free(connection);
}

static void
wait_for(struct connection *connection, bool output)
{
	uint32_t events = (connection->muted ? 0u : EPOLLIN) | (output ? EPOLLOUT : 0u);
	if (output && !connection->full)
		connection->full_since = loop_now(connection->service->loop);
	connection->full = output;
	(void)loop_change(connection->service->loop, &connection->watch, events);
}

static void
lost(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	unsigned slot = connection->slot;
	enum session_conn kind = connection->kind;
	free_connection(connection);
	exchange_disconnected(service->engine, slot, kind, loop_now(service->loop));
}

/* A closed socket is noticed by the next read, which also takes what was sent before. */
static void
read_some(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	if (service->paused) {
		connection->muted = true;
		wait_for(connection, connection->full);
		return;
	}
	if (!service->read_left)
		return; /* epoll tells again */
	ssize_t length = recv(connection->watch.fd, service->input, READ_MAX, MSG_DONTWAIT);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		lost(connection);
		return;
	}
	service->read_left -=
		(size_t)length < service->read_left ? (size_t)length : service->read_left;
	exchange_input(service->engine, connection->slot, connection->kind, service->input,
		       (size_t)length, loop_now(service->loop));
}

static void
finish_connect(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	int error = 0;
	socklen_t length = sizeof(error);
	(void)getsockopt(connection->watch.fd, SOL_SOCKET, SO_ERROR, &error, &length);
	unsigned slot = connection->slot;
	if (error) {
		free_connection(connection);
		exchange_connect_failed(service->engine, slot, strerror(error),
					loop_now(service->loop));
		return;
	}
	connection->connecting = false;
	wait_for(connection, false);
	struct ip local = local_address(connection->watch.fd);
	exchange_connected(service->engine, slot, SESSION_OUT, local, loop_now(service->loop));
}

static void
connection_ready(struct loop_watch *watch, uint32_t events)
{
	struct connection *connection = OWNER(watch, struct connection, watch);
	if (connection->connecting) {
		finish_connect(connection);
		return;
	}
	if (events & EPOLLOUT)
		connection->full = false;
	if (events & ~(uint32_t)EPOLLOUT)
		read_some(connection);
}

static struct connection *
new_connection(struct exchange_service *service, unsigned slot, enum session_conn kind)
{
	make_room(service, slot + 1);
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection)
		return NULL;
	connection->service = service;
	connection->slot = slot;
	connection->kind = kind;
	connection->watch.fd = -1;
	connection->watch.ready = connection_ready;
	*place_of(service, slot, kind) = connection;
	service->open++;
	return connection;
}

/* --- what the engine wants --- */

/* Why a socket call failed. */
static const char *
reason_of(int error)
{
	return strerror(error ? error : EIO);
}

/* NULL, or why it cannot be done. */
static const char *
begin_connect(const struct exchange_guard *guard, int fd, const struct exchange_target *target)
{
	struct sockaddr_storage address;
	set_options(fd, target->address.family);
	const char *why = exchange_guard_connecting(guard, fd, target);
	if (why)
		return why;
	if (target->local_address.family != IP_NONE) {
		int one = 1;
		(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
		socklen_t length = net_address(&address, target->local_address, 0);
		if (bind(fd, (struct sockaddr *)&address, length) < 0)
			return reason_of(errno);
	}
	socklen_t length = net_address(&address, target->address, target->port);
	if (connect(fd, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS)
		return reason_of(errno);
	return NULL;
}

static const char *
start_connect(struct connection *connection, const struct exchange_target *target)
{
	struct exchange_service *service = connection->service;
	int domain = target->address.family == IP_V4 ? AF_INET : AF_INET6;
	int fd = socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return reason_of(errno);
	const char *why = begin_connect(service->guard, fd, target);
	connection->watch.fd = fd;
	if (!why && loop_watch(service->loop, &connection->watch, EPOLLIN | EPOLLOUT) < 0)
		why = reason_of(errno);
	if (why) {
		connection->watch.fd = -1;
		close(fd);
	}
	return why;
}

/* A failure is told at the end of the turn: the engine cannot be called from here. */
static void
want_connect(void *context, unsigned slot, const struct exchange_target *target)
{
	struct exchange_service *service = context;
	struct connection *connection = new_connection(service, slot, SESSION_OUT);
	if (!connection)
		fatal("no memory for a connection");
	connection->connecting = true;
	connection->failed = start_connect(connection, target);
	if (connection->failed)
		service->failures = true;
}

/* Before a close. Octets that were not read would turn it into a reset, which discards our words at
 * the other end. */
static void
say_last(int fd, struct cursor words)
{
	uint8_t unread[4096];
	if (cursor_left(&words))
		(void)send(fd, words.at, cursor_left(&words), MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	for (int i = 0; i < 256; i++)
		if (recv(fd, unread, sizeof(unread), MSG_DONTWAIT) <= 0)
			break;
}

static void
want_close(void *context, unsigned slot, enum session_conn kind, struct cursor last_words)
{
	struct exchange_service *service = context;
	if (slot >= service->slots || !*place_of(service, slot, kind))
		return;
	struct connection *connection = *place_of(service, slot, kind);
	if (!connection->connecting)
		say_last(connection->watch.fd, last_words);
	free_connection(connection);
}

static void
tell_failures(struct exchange_service *service)
{
	service->failures = false;
	for (unsigned slot = 0; slot < service->slots; slot++) {
		struct connection *connection = *place_of(service, slot, SESSION_OUT);
		if (!connection || !connection->failed)
			continue;
		const char *why = connection->failed;
		free_connection(connection);
		exchange_connect_failed(service->engine, slot, why, loop_now(service->loop));
	}
}

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
		.local = local_address((*place_of(service, slot, conn))->watch.fd),
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
	exchange_bfd_changed(service->engine, slot, event, b->diagnostic, loop_now(service->loop));
}

/* --- writing --- */

static void
write_out(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	struct iovec pieces[WRITE_PIECES];
	unsigned slot = connection->slot;
	struct mono_us now = loop_now(service->loop);
	for (int round = 0; round < WRITE_ROUNDS; round++) {
		size_t count = exchange_output(service->engine, slot, connection->kind, pieces,
					       WRITE_PIECES);
		if (!count) {
			exchange_output_done(service->engine, slot, connection->kind, 0, true, now);
			if (!exchange_waiting(service->engine, slot, connection->kind))
				break;
			continue;
		}
		size_t total = 0;
		for (size_t i = 0; i < count; i++)
			total += pieces[i].iov_len;
		struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
		ssize_t sent = sendmsg(connection->watch.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		bool gone = sent < 0 && errno != EAGAIN && errno != EINTR;
		size_t taken = sent > 0 ? (size_t)sent : 0;
		exchange_output_done(service->engine, slot, connection->kind, taken, taken == total,
				     now);
		if (gone) {
			lost(connection);
			return;
		}
		if (taken < total) {
			wait_for(connection, true);
			return;
		}
		if (!exchange_waiting(service->engine, slot, connection->kind))
			break;
	}
	/* What is left after so many rounds is written in the next turn. */
	bool more = exchange_waiting(service->engine, slot, connection->kind);
	wait_for(connection, more);
	connection->full = false;
}

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
		wait_for(connection, connection->full);
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
		tell_failures(service);
	exchange_turn_end(service->engine);
	exchange_monitors_turn_end(service->monitors);
	size_t full = 0, all = 0;
	for (size_t i = 0; i < (size_t)service->slots * SESSION_CONNS; i++) {
		struct connection *connection = service->connections[i];
		if (!connection || connection->connecting)
			continue;
		if (!connection->full &&
		    exchange_waiting(service->engine, connection->slot, connection->kind))
			write_out(connection);
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

/* --- listening --- */

/* Why a connection is not protected as it has to be; NULL if it is. Who is unknown is not for us. */
static const char *
why_unprotected(const struct exchange_service *service, int fd, struct ip remote)
{
	struct exchange_target target;
	const struct exchange *engine = service->engine;
	int slot = exchange_slot_of(engine, hub_session_by_address(exchange_hub(engine), remote));
	if (slot < 0 || !exchange_target_of(engine, (unsigned)slot, &target))
		return NULL;
	return exchange_guard_accepted(service->guard, fd, &target);
}

static void
accept_one(struct exchange_service *service, int fd, struct ip remote)
{
	struct mono_us now = loop_now(service->loop);
	const char *unprotected = why_unprotected(service, fd, remote);
	if (unprotected) {
		char text[IP_TEXT];
		log_debug("connection from %s: not taken: %s", ip_format(text, remote),
			  unprotected);
		close(fd);
		return;
	}
	int slot = exchange_accept(service->engine, remote, now);
	struct connection *connection =
		slot >= 0 ? new_connection(service, (unsigned)slot, SESSION_IN) : NULL;
	if (!connection) {
		char text[IP_TEXT];
		log_debug("connection from %s: not taken", ip_format(text, remote));
		say_last(fd, exchange_refusal(service->engine));
		close(fd);
		return;
	}
	set_options(fd, remote.family);
	connection->watch.fd = fd;
	if (loop_watch(service->loop, &connection->watch, EPOLLIN) < 0) {
		connection->watch.fd = -1;
		free_connection(connection);
		close(fd);
		return;
	}
	exchange_connected(service->engine, (unsigned)slot, SESSION_IN, local_address(fd), now);
}

/* Without descriptors or memory a pending connection would make the loop spin. */
static void
pause_accept(struct exchange_service *service, int reason)
{
	log_warn("cannot accept connections for %d ms: %s", ACCEPT_PAUSE_MS, strerror(reason));
	for (size_t i = 0; i < service->listener_count; i++)
		(void)loop_change(service->loop, &service->listeners[i].watch, 0);
	loop_timer_set(service->loop, &service->accept_timer,
		       mono_add_ms(loop_now(service->loop), ACCEPT_PAUSE_MS));
}

static void
accept_again(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_service *service = OWNER(timer, struct exchange_service, accept_timer);
	(void)now;
	for (size_t i = 0; i < service->listener_count; i++)
		(void)loop_change(service->loop, &service->listeners[i].watch, EPOLLIN);
}

/* The last descriptors are not for members, so that one can still ask what is the matter. */
static bool
descriptors_left(const struct exchange_service *service)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return true;
	size_t all = (size_t)limit.rlim_cur;
	size_t reserved = all > 2 * RESERVED_DESCRIPTORS ? RESERVED_DESCRIPTORS : all / 2;
	size_t open = service->open + bfd_service_descriptors(service->bfd);
	return open < all - reserved;
}

static void
listener_ready(struct loop_watch *watch, uint32_t events)
{
	struct exchange_service *service = OWNER(watch, struct listener, watch)->service;
	(void)events;
	for (int i = 0; i < 64; i++) {
		struct sockaddr_storage remote;
		socklen_t length = sizeof(remote);
		if (!descriptors_left(service)) {
			pause_accept(service, EMFILE);
			return;
		}
		int fd = accept4(watch->fd, (struct sockaddr *)&remote, &length,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			accept_one(service, fd, net_ip_of(&remote));
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_accept(service, errno);
		if (errno == EAGAIN || errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			return;
	}
}

static int
listen_at(const struct hub_endpoint *endpoint)
{
	int fd = socket(endpoint->ip.family == IP_V4 ? AF_INET : AF_INET6,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	int one = 1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (endpoint->ip.family == IP_V6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	exchange_guard_listener(fd, (enum ip_family)endpoint->ip.family);
	struct sockaddr_storage address;
	socklen_t length = net_address(&address, endpoint->ip, endpoint->port);
	if (bind(fd, (struct sockaddr *)&address, length) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

static int
listen_all(struct exchange_service *service, const struct hub *hub, char reason[EXCHANGE_REASON])
{
	service->listeners = calloc(hub->bgp_listen_count + 1, sizeof(*service->listeners));
	service->listening = calloc(hub->bgp_listen_count + 1, sizeof(*service->listening));
	if (!service->listeners || !service->listening) {
		(void)snprintf(reason, EXCHANGE_REASON, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < hub->bgp_listen_count; i++) {
		const struct hub_endpoint *endpoint = &hub->bgp_listen[i];
		struct listener *listener = &service->listeners[service->listener_count];
		char text[IP_TEXT];
		if (endpoint->ip.family == IP_NONE)
			continue;
		*listener = (struct listener){.watch.ready = listener_ready, .service = service};
		listener->watch.fd = listen_at(endpoint);
		if (listener->watch.fd < 0 && errno == EAFNOSUPPORT) {
			log_warn("no IPv6 on this machine: not listening on [%s]:%u",
				 ip_format(text, endpoint->ip), endpoint->port);
			continue;
		}
		if (listener->watch.fd < 0 ||
		    loop_watch(service->loop, &listener->watch, EPOLLIN) < 0) {
			(void)snprintf(reason, EXCHANGE_REASON, "cannot listen on %s port %u: %s",
				       ip_format(text, endpoint->ip), endpoint->port,
				       strerror(errno));
			return -1;
		}
		service->listening[service->listener_count++] = (struct exchange_listening){
			listener->watch.fd, (enum ip_family)endpoint->ip.family};
	}
	return 0;
}

/* The listening sockets learn the passwords and keys of the picture. */
static int
set_keys(struct exchange_service *service)
{
	return exchange_guard_keys(service->guard, service->listening, service->listener_count,
				   service->engine);
}

/* --- the service --- */

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
		const struct connection *c = *place_of(service, slot, (enum session_conn)kind);
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
		slot < service->slots ? *place_of(service, slot, kind) : NULL;
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
	service->accept_timer.fire = accept_again;
	service->pause_timer.fire = pause_over;
	service->rtt_timer.fire = measure;
	uint64_t seed = random_seed();
	struct exchange_shell shell = {want_connect, want_close,   service,
				       want_bfd,     rpki_reports, &sights};
	service->guard = exchange_guard_open();
	service->bfd = bfd_service_open(loop, seed, bfd_says, service);
	if (service->guard && service->bfd && listen_all(service, hub, reason) == 0)
		service->engine = exchange_new(hub, seed, &shell, loop_now(loop));
	if (service->engine && folders->run)
		service->snapshots = exchange_snapshots_open(loop, service->engine, folders->run);
	if (service->engine && folders->registry)
		service->registry =
			exchange_registry_open(loop, folders->registry, registry_changed, service);
	if (hub->dumps.directory)
		service->dumps = strdup(hub->dumps.directory);
	if (service->engine)
		service->monitors = exchange_monitors_open(loop, service->engine, ends_of, service);
	if (service->engine)
		service->rpki = rpki_service_new(loop, hub, rpki_changed, service);
	if (!service->engine || !service->monitors || !service->rpki || set_keys(service) ||
	    (folders->run && !service->snapshots) || (folders->registry && !service->registry)) {
		exchange_service_close(service, false);
		return NULL;
	}
	exchange_use_rpki(service->engine, rpki_service_table(service->rpki), loop_now(loop));
	make_room(service, exchange_slots(service->engine));
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
	if (service->broken || set_keys(service))
		return -1;
	make_room(service, exchange_slots(service->engine));
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
			free_connection(service->connections[i]);
	for (size_t i = 0; i < service->listener_count; i++) {
		loop_forget(service->loop, &service->listeners[i].watch);
		close(service->listeners[i].watch.fd);
	}
	loop_timer_stop(service->loop, &service->timer);
	loop_timer_stop(service->loop, &service->accept_timer);
	loop_timer_stop(service->loop, &service->pause_timer);
	loop_timer_stop(service->loop, &service->rtt_timer);
	exchange_snapshots_close(service->snapshots);
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

struct exchange *
exchange_service_engine(struct exchange_service *service)
{
	exchange_tick(service->engine, loop_now(service->loop), clock_utc());
	return service->engine;
}
