/* Sockets of PCEP. */
#include "pcep/pcep_io.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "net/address.h"

enum { READ_OCTETS = 64 * 1024, BACKLOG = 16, TURNS = 8 };

struct connection {
	struct connection *next;
	struct pcep_service *service;
	struct loop_watch watch;
	struct ip remote;
	unsigned peer;
	bool writing;
};

struct pcep_service {
	struct loop *loop;
	struct pcep_pce *pce;
	struct loop_watch listener; /* fd -1: nobody listens */
	struct ip listen;
	uint16_t port;
	struct loop_timer timer;
	struct connection *connections;
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

static void
set_timer(struct pcep_service *service)
{
	struct mono_us due = pcep_pce_deadline(service->pce);
	if (due.us == INT64_MAX)
		loop_timer_stop(service->loop, &service->timer);
	else
		loop_timer_set(service->loop, &service->timer, due);
}

static void
drop(struct connection *connection, const char *why)
{
	struct pcep_service *service = connection->service;
	struct connection **at = &service->connections;
	while (*at != connection)
		at = &(*at)->next;
	*at = connection->next;
	loop_forget(service->loop, &connection->watch);
	close(connection->watch.fd);
	pcep_pce_lost(service->pce, connection->peer, why, loop_now(service->loop));
	free(connection);
}

/* Sends what there is. False: the connection is gone. */
static bool
flush(struct connection *connection)
{
	struct pcep_service *service = connection->service;
	struct cursor out = pcep_pce_output(service->pce, connection->peer);
	while (cursor_left(&out)) {
		ssize_t sent = send(connection->watch.fd, out.at, cursor_left(&out),
				    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			break;
		if (sent <= 0) {
			drop(connection, sent < 0 ? strerror(errno) : "it takes nothing");
			return false;
		}
		pcep_pce_output_done(service->pce, connection->peer, (size_t)sent,
				     loop_now(service->loop));
		out = pcep_pce_output(service->pce, connection->peer);
	}
	if (pcep_pce_ended(service->pce, connection->peer)) {
		drop(connection, "the connection is closed");
		return false;
	}
	bool writing = cursor_left(&out) > 0;
	if (writing != connection->writing)
		(void)loop_change(service->loop, &connection->watch,
				  EPOLLIN | (writing ? EPOLLOUT : 0u));
	connection->writing = writing;
	return true;
}

static void
ready(struct loop_watch *watch, uint32_t events)
{
	struct connection *connection = OWNER(watch, struct connection, watch);
	struct pcep_service *service = connection->service;
	static uint8_t octets[READ_OCTETS];
	for (unsigned turn = 0; events & ~(uint32_t)EPOLLOUT && turn < TURNS; turn++) {
		ssize_t got = recv(watch->fd, octets, sizeof(octets), MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		if (got <= 0) {
			drop(connection, got < 0 ? strerror(errno) : "the connection is lost");
			set_timer(service);
			return;
		}
		pcep_pce_input(service->pce, connection->peer, cursor_of(octets, (size_t)got),
			       loop_now(service->loop));
	}
	(void)flush(connection);
	set_timer(service);
}

static void
take(struct pcep_service *service, int fd, struct ip remote)
{
	struct buf refusal = {0};
	char text[IP_TEXT];
	int peer = pcep_pce_accept(service->pce, remote, &refusal, loop_now(service->loop));
	struct connection *connection = peer < 0 ? NULL : calloc(1, sizeof(*connection));
	if (peer < 0)
		log_warn("pcep: a connection from %s, refused", ip_format(text, remote));
	if (refusal.length)
		(void)send(fd, refusal.data, refusal.length, MSG_DONTWAIT | MSG_NOSIGNAL);
	buf_fini(&refusal);
	if (!connection) {
		if (peer >= 0)
			pcep_pce_lost(service->pce, (unsigned)peer, "out of memory",
				      loop_now(service->loop));
		close(fd);
		return;
	}
	int yes = 1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	*connection = (struct connection){.next = service->connections,
					  .service = service,
					  .watch = {.fd = fd, .ready = ready},
					  .remote = remote,
					  .peer = (unsigned)peer};
	service->connections = connection;
	if (loop_watch(service->loop, &connection->watch, EPOLLIN) < 0)
		drop(connection, strerror(errno));
	else
		(void)flush(connection);
}

static void
accept_ready(struct loop_watch *watch, uint32_t events)
{
	struct pcep_service *service = OWNER(watch, struct pcep_service, listener);
	struct sockaddr_storage from = {0};
	socklen_t length = sizeof(from);
	(void)events;
	int fd =
		accept4(watch->fd, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	take(service, fd, net_ip_of(&from));
	set_timer(service);
}

static void
fired(struct loop_timer *timer, struct mono_us now)
{
	struct pcep_service *service = OWNER(timer, struct pcep_service, timer);
	pcep_pce_tick(service->pce, now);
	pcep_service_flush(service);
}

void
pcep_service_flush(struct pcep_service *service)
{
	for (struct connection *c = service->connections, *next; c; c = next) {
		next = c->next;
		(void)flush(c);
	}
	set_timer(service);
}

/* --- where to listen --- */

static void
close_listener(struct pcep_service *service)
{
	if (service->listener.fd < 0)
		return;
	loop_forget(service->loop, &service->listener);
	close(service->listener.fd);
	service->listener.fd = -1;
}

static int
open_listener(struct pcep_service *service, const struct hub_pcep *pcep, char *why, size_t size)
{
	struct sockaddr_storage address;
	char text[IP_TEXT];
	if (service->listener.fd >= 0 && ip_equal(service->listen, pcep->listen) &&
	    service->port == pcep->port)
		return 0;
	close_listener(service);
	if (pcep->listen.family == IP_NONE)
		return 0;
	socklen_t length = net_address(&address, pcep->listen, pcep->port);
	int fd = socket(pcep->listen.family == IP_V4 ? AF_INET : AF_INET6,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int yes = 1;
	service->listener.fd = fd;
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, BACKLOG) < 0 ||
	    loop_watch(service->loop, &service->listener, EPOLLIN) < 0) {
		(void)snprintf(why, size, "cannot listen for PCEP on %s port %u: %s",
			       ip_format(text, pcep->listen), pcep->port, strerror(errno));
		if (fd >= 0)
			close(fd);
		service->listener.fd = -1;
		return -1;
	}
	service->listen = pcep->listen;
	service->port = pcep->port;
	log_info("pcep: on %s port %u", ip_format(text, pcep->listen), pcep->port);
	return 0;
}

struct pcep_service *
pcep_service_new(struct loop *loop, const struct pcep_plan *plan, char *why, size_t size)
{
	struct pcep_service *service = calloc(1, sizeof(*service));
	if (service) {
		service->loop = loop;
		service->listener = (struct loop_watch){.fd = -1, .ready = accept_ready};
		service->timer.fire = fired;
		service->pce = pcep_pce_new(plan, loop_now(loop));
	}
	if (!service || !service->pce) {
		(void)snprintf(why, size, "out of memory");
		free(service);
		return NULL;
	}
	if (open_listener(service, &plan->hub->pcep, why, size) < 0) {
		pcep_pce_free(service->pce);
		free(service);
		return NULL;
	}
	return service;
}

static bool
names(const struct hub_pcep *pcep, struct ip address)
{
	for (size_t i = 0; i < pcep->router_count; i++)
		if (ip_equal(pcep->routers[i].address, address))
			return true;
	return false;
}

/* Peers have other numbers now; one whose router has another name is nobody's. */
static void
follow(struct pcep_service *service)
{
	for (struct connection **at = &service->connections; *at;) {
		struct connection *c = *at;
		int peer = pcep_pce_connected(service->pce, c->remote);
		if (peer >= 0) {
			c->peer = (unsigned)peer;
			at = &c->next;
			continue;
		}
		*at = c->next;
		loop_forget(service->loop, &c->watch);
		close(c->watch.fd);
		free(c);
	}
}

int
pcep_service_use(struct pcep_service *service, const struct pcep_plan *plan, char *why, size_t size)
{
	for (struct connection *c = service->connections, *next; c; c = next) {
		next = c->next;
		if (names(&plan->hub->pcep, c->remote))
			continue;
		pcep_pce_end(service->pce, c->peer, "the hub file no longer has it");
		(void)flush(c);
	}
	if (pcep_pce_use(service->pce, plan, loop_now(service->loop)) < 0) {
		(void)snprintf(why, size, "out of memory");
		return -1;
	}
	follow(service);
	int result = open_listener(service, &plan->hub->pcep, why, size);
	pcep_service_flush(service);
	return result;
}

void
pcep_service_free(struct pcep_service *service)
{
	if (!service)
		return;
	for (struct connection *c = service->connections, *next; c; c = next) {
		next = c->next;
		pcep_pce_end(service->pce, c->peer, "the hub ends");
		(void)flush(c);
	}
	while (service->connections)
		drop(service->connections, "the hub ends");
	close_listener(service);
	loop_timer_stop(service->loop, &service->timer);
	pcep_pce_free(service->pce);
	free(service);
}

struct pcep_pce *
pcep_service_engine(struct pcep_service *service)
{
	return service->pce;
}
