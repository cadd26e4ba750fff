/* Listening for members: who calls is looked at before anything is read. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "exchange/exchange_io_parts.h"
#include "net/address.h"

enum {
	BACKLOG = 4096,
	ACCEPT_PAUSE_MS = 1000,
	RESERVED_DESCRIPTORS = 48, /* for listening, questions and the snapshot */
};

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
		slot >= 0 ? exchange_connection_new(service, (unsigned)slot, SESSION_IN) : NULL;
	if (!connection) {
		char text[IP_TEXT];
		log_debug("connection from %s: not taken", ip_format(text, remote));
		exchange_connection_last_words(fd, exchange_refusal(service->engine));
		close(fd);
		return;
	}
	exchange_connection_options(fd, remote.family);
	connection->watch.fd = fd;
	if (loop_watch(service->loop, &connection->watch, EPOLLIN) < 0) {
		connection->watch.fd = -1;
		exchange_connection_free(connection);
		close(fd);
		return;
	}
	exchange_connected(service->engine, (unsigned)slot, SESSION_IN,
			   exchange_connection_local(fd), now);
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

void
exchange_listen_again(struct loop_timer *timer, struct mono_us now)
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

int
exchange_listen(struct exchange_service *service, const struct hub *hub,
		char reason[EXCHANGE_REASON])
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

int
exchange_listen_keys(struct exchange_service *service)
{
	return exchange_guard_keys(service->guard, service->listening, service->listener_count,
				   service->engine);
}
