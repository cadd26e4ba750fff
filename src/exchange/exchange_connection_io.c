/* The exchange's connections: made, read, written and closed as the engine wants. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/exchange_io_parts.h"
#include "net/address.h"

enum {
	WRITE_PIECES = 256,
	WRITE_ROUNDS = 8,       /* of one connection in a turn */
	CONTROL_TRAFFIC = 0xc0, /* IP precedence of routing protocols, RFC 4271 appendix E */
};

struct ip
exchange_connection_local(int fd)
{
	struct sockaddr_storage local = {0};
	socklen_t length = sizeof(local);
	(void)getsockname(fd, (struct sockaddr *)&local, &length);
	return net_ip_of(&local);
}

void
exchange_connection_options(int fd, enum ip_family family)
{
	int one = 1, precedence = CONTROL_TRAFFIC;
	/* One write a turn holds all there is, so there is nothing that Nagle could join. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (family == IP_V4)
		(void)setsockopt(fd, IPPROTO_IP, IP_TOS, &precedence, sizeof(precedence));
	else
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &precedence, sizeof(precedence));
}

struct connection **
exchange_connection_place(struct exchange_service *service, unsigned slot, enum session_conn kind)
{
	return &service->connections[(size_t)slot * SESSION_CONNS + kind];
}

/* The engine may have more slots after it took a picture, and calls back while it does. */
void
exchange_connections_widen(struct exchange_service *service, unsigned slots)
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

void
exchange_connection_free(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	*exchange_connection_place(service, connection->slot, connection->kind) = NULL;
	service->open--;
	if (connection->watch.fd >= 0) {
		loop_forget(service->loop, &connection->watch);
		close(connection->watch.fd);
	}
	free(connection);
}

void
exchange_connection_wait(struct connection *connection, bool output)
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
	exchange_connection_free(connection);
	exchange_disconnected(service->engine, slot, kind, loop_now(service->loop));
}

/* A closed socket is noticed by the next read, which also takes what was sent before. */
static void
read_some(struct connection *connection)
{
	struct exchange_service *service = connection->service;
	if (service->paused) {
		connection->muted = true;
		exchange_connection_wait(connection, connection->full);
		return;
	}
	if (!service->read_left)
		return; /* epoll tells again */
	ssize_t length =
		recv(connection->watch.fd, service->input, EXCHANGE_READ_MAX, MSG_DONTWAIT);
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
		exchange_connection_free(connection);
		exchange_connect_failed(service->engine, slot, strerror(error),
					loop_now(service->loop));
		return;
	}
	connection->connecting = false;
	exchange_connection_wait(connection, false);
	struct ip local = exchange_connection_local(connection->watch.fd);
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

struct connection *
exchange_connection_new(struct exchange_service *service, unsigned slot, enum session_conn kind)
{
	exchange_connections_widen(service, slot + 1);
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection)
		return NULL;
	connection->service = service;
	connection->slot = slot;
	connection->kind = kind;
	connection->watch.fd = -1;
	connection->watch.ready = connection_ready;
	*exchange_connection_place(service, slot, kind) = connection;
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
	exchange_connection_options(fd, target->address.family);
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
void
exchange_connection_want(void *context, unsigned slot, const struct exchange_target *target)
{
	struct exchange_service *service = context;
	struct connection *connection = exchange_connection_new(service, slot, SESSION_OUT);
	if (!connection)
		fatal("no memory for a connection");
	connection->connecting = true;
	connection->failed = start_connect(connection, target);
	if (connection->failed)
		service->failures = true;
}

/* Before a close. Octets that were not read would turn it into a reset, which discards our words at
 * the other end. */
void
exchange_connection_last_words(int fd, struct cursor words)
{
	uint8_t unread[4096];
	if (cursor_left(&words))
		(void)send(fd, words.at, cursor_left(&words), MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	for (int i = 0; i < 256; i++)
		if (recv(fd, unread, sizeof(unread), MSG_DONTWAIT) <= 0)
			break;
}

void
exchange_connection_want_close(void *context, unsigned slot, enum session_conn kind,
			       struct cursor last_words)
{
	struct exchange_service *service = context;
	if (slot >= service->slots || !*exchange_connection_place(service, slot, kind))
		return;
	struct connection *connection = *exchange_connection_place(service, slot, kind);
	if (!connection->connecting)
		exchange_connection_last_words(connection->watch.fd, last_words);
	exchange_connection_free(connection);
}

void
exchange_connections_tell_failures(struct exchange_service *service)
{
	service->failures = false;
	for (unsigned slot = 0; slot < service->slots; slot++) {
		struct connection *connection =
			*exchange_connection_place(service, slot, SESSION_OUT);
		if (!connection || !connection->failed)
			continue;
		const char *why = connection->failed;
		exchange_connection_free(connection);
		exchange_connect_failed(service->engine, slot, why, loop_now(service->loop));
	}
}

/* --- writing --- */

void
exchange_connection_write(struct connection *connection)
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
				     clock_mono());
		if (gone) {
			lost(connection);
			return;
		}
		if (taken < total) {
			exchange_connection_wait(connection, true);
			return;
		}
		if (!exchange_waiting(service->engine, slot, connection->kind))
			break;
	}
	/* What is left after so many rounds is written in the next turn. */
	bool more = exchange_waiting(service->engine, slot, connection->kind);
	exchange_connection_wait(connection, more);
	connection->full = false;
}
