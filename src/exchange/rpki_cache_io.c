/* The connections to caches of the RPKI. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "exchange/rpki_io_parts.h"
#include "net/address.h"

enum {
	DRAIN_MAX = 1024 * 1024, /* octets thrown away before a close */
	KEEPALIVE_IDLE_S = 30,
	KEEPALIVE_INTERVAL_S = 10,
	KEEPALIVE_PROBES = 3,
};

static void
close_socket(struct rpki_cache *cache)
{
	net_resolve_cancel(cache->lookup);
	cache->lookup = NULL;
	cache->connecting = false;
	if (cache->watch.fd < 0)
		return;
	loop_forget(cache->service->loop, &cache->watch);
	close(cache->watch.fd);
	cache->watch.fd = -1;
}

/* Octets that were not read when a socket is closed would make the kernel throw away our last words. */
static void
say_goodbye(struct rpki_cache *cache)
{
	int fd = cache->watch.fd;
	struct cursor out = rtr_output(cache->rtr);
	if (fd < 0 || cache->connecting)
		return;
	if (cursor_left(&out))
		(void)send(fd, out.at, cursor_left(&out), MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	for (size_t drained = 0; drained < DRAIN_MAX;) {
		ssize_t n = recv(fd, cache->service->input, RPKI_READ_MAX, MSG_DONTWAIT);
		if (n <= 0)
			break;
		drained += (size_t)n;
	}
}

static void
set_options(int fd)
{
	int one = 1, idle = KEEPALIVE_IDLE_S, interval = KEEPALIVE_INTERVAL_S,
	    probes = KEEPALIVE_PROBES;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

static int
try_address(struct rpki_cache *cache, struct ip ip)
{
	struct sockaddr_storage to;
	socklen_t length = net_address(&to, ip, cache->port);
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	set_options(fd);
	cache->watch.fd = fd;
	if ((connect(fd, (struct sockaddr *)&to, length) < 0 && errno != EINPROGRESS) ||
	    loop_watch(cache->service->loop, &cache->watch, EPOLLOUT) < 0) {
		int error = errno;
		close(fd);
		cache->watch.fd = -1;
		errno = error;
		return -1;
	}
	cache->connecting = true;
	return 0;
}

/* Goes on with the next address; when none is left, the last error is the reason. */
static void
try_next(struct rpki_cache *cache, int error)
{
	while (cache->ip_next < cache->ip_count) {
		if (try_address(cache, cache->ips[cache->ip_next++]) == 0)
			return;
		error = errno;
	}
	rtr_connect_failed(cache->rtr, strerror(error), loop_now(cache->service->loop));
	rpki_cache_pump(cache);
}

static void
resolved(void *context, const struct ip *ips, size_t count, const char *error)
{
	struct rpki_cache *cache = context;
	cache->lookup = NULL;
	if (count == 0) {
		rtr_connect_failed(cache->rtr, error, loop_now(cache->service->loop));
		rpki_cache_pump(cache);
		return;
	}
	memcpy(cache->ips, ips, count * sizeof(*ips));
	cache->ip_count = count;
	cache->ip_next = 0;
	try_next(cache, 0);
}

static void
start_connecting(struct rpki_cache *cache)
{
	cache->lookup = net_resolve_start(cache->service->loop, cache->host, resolved, cache);
	if (!cache->lookup)
		rtr_connect_failed(cache->rtr, strerror(errno), loop_now(cache->service->loop));
}

/* Changes of state and new errors, each once. */
static void
write_log(struct rpki_cache *cache)
{
	const struct rtr_status *s = rtr_status(cache->rtr);
	if (s->error[0] && s->error_at.us != cache->error_told.us) {
		log_warn("rpki cache %s: %s", cache->name, s->error);
		cache->error_told = s->error_at;
	}
	if (s->state == cache->told)
		return;
	cache->told = s->state;
	struct rpki_source_state data = rpki_source_state(cache->service->table, cache->source);
	if (s->state == RTR_SYNCED)
		log_info("rpki cache %s: version %u, serial %u, %u + %u VRPs, %u ASPAs",
			 cache->name, s->version, s->serial, data.vrps_ipv4, data.vrps_ipv6,
			 data.aspas);
	else
		log_debug("rpki cache %s: %s", cache->name, rtr_state_name(s->state));
}

static void
write_output(struct rpki_cache *cache)
{
	if (cache->watch.fd < 0 || cache->connecting)
		return;
	struct cursor out = rtr_output(cache->rtr);
	if (cursor_left(&out)) {
		ssize_t n = send(cache->watch.fd, out.at, cursor_left(&out),
				 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			rtr_output_done(cache->rtr, (size_t)n);
	}
	/* A broken connection shows when it is read. */
	out = rtr_output(cache->rtr);
	(void)loop_change(cache->service->loop, &cache->watch,
			  EPOLLIN | (cursor_left(&out) ? EPOLLOUT : 0u));
}

void
rpki_cache_pump(struct rpki_cache *cache)
{
	for (enum rtr_event event; (event = rtr_next(cache->rtr)) != RTR_NOTHING;) {
		if (event == RTR_WANT_CLOSE) {
			say_goodbye(cache);
			close_socket(cache);
		} else {
			start_connecting(cache);
		}
	}
	write_output(cache);
	write_log(cache);
	loop_timer_set(cache->service->loop, &cache->timer, rtr_deadline(cache->rtr));
	rpki_service_tell_soon(cache->service);
}

static void
cache_timer(struct loop_timer *timer, struct mono_us now)
{
	struct rpki_cache *cache = OWNER(timer, struct rpki_cache, timer);
	rtr_tick(cache->rtr, now);
	rpki_cache_pump(cache);
}

static void
finish_connecting(struct rpki_cache *cache)
{
	int error = 0;
	socklen_t length = sizeof(error);
	if (getsockopt(cache->watch.fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		error = errno;
	if (error) {
		close_socket(cache);
		try_next(cache, error);
		return;
	}
	cache->connecting = false;
	rtr_connected(cache->rtr, loop_now(cache->service->loop));
	rpki_cache_pump(cache);
}

static void
read_some(struct rpki_cache *cache)
{
	struct rpki_service *service = cache->service;
	ssize_t n = recv(cache->watch.fd, service->input, RPKI_READ_MAX, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	struct mono_us now = loop_now(service->loop);
	if (n > 0) {
		rtr_input(cache->rtr, service->input, (size_t)n, now);
	} else {
		const char *why = n < 0 ? strerror(errno) : "the cache closed it";
		close_socket(cache);
		rtr_disconnected(cache->rtr, why, now);
	}
	rpki_cache_pump(cache);
}

static void
cache_ready(struct loop_watch *watch, uint32_t events)
{
	struct rpki_cache *cache = OWNER(watch, struct rpki_cache, watch);
	if (cache->connecting)
		finish_connecting(cache);
	else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		read_some(cache);
	else
		write_output(cache);
}

void
rpki_cache_free(struct rpki_cache *cache)
{
	struct rpki_service *service = cache->service;
	close_socket(cache);
	loop_timer_stop(service->loop, &cache->timer);
	rtr_free(cache->rtr);
	rpki_source_remove(service->table, cache->source);
	free(cache->name);
	free(cache->host);
	free(cache);
}

static struct rtr_config
config_of(const struct hub_rpki_cache *from, const struct hub *hub)
{
	return (struct rtr_config){.version_max = from->version_max,
				   .expire_s = hub->validation.expire_s};
}

static struct rpki_cache *
cache_new(struct rpki_service *service, const struct hub_rpki_cache *from, const struct hub *hub)
{
	struct rpki_cache *cache = calloc(1, sizeof(*cache));
	int source = rpki_source_add(service->table, RPKI_CACHE, from->name, from->preference);
	if (!cache || source < 0)
		goto fail;
	*cache = (struct rpki_cache){.service = service,
				     .name = strdup(from->name),
				     .host = strdup(from->host),
				     .port = from->port,
				     .preference = from->preference,
				     .source = (unsigned)source,
				     .watch = {.fd = -1, .ready = cache_ready},
				     .timer = {.fire = cache_timer}};
	struct rtr_config config = config_of(from, hub);
	if (cache->name && cache->host)
		cache->rtr =
			rtr_new(&config, service->table, cache->source, loop_now(service->loop));
	if (!cache->rtr)
		goto fail;
	rpki_cache_pump(cache);
	return cache;
fail:
	if (source >= 0)
		rpki_source_remove(service->table, (unsigned)source);
	if (cache) {
		free(cache->name);
		free(cache->host);
	}
	free(cache);
	return NULL;
}

/* --- the picture --- */

/* Takes the cache of a name and place out of a list; NULL if it is not there. */
static struct rpki_cache *
pick_cache(struct rpki_cache **caches, size_t count, const struct hub_rpki_cache *wanted)
{
	for (size_t i = 0; i < count; i++) {
		struct rpki_cache *c = caches[i];
		if (!c || strcmp(c->name, wanted->name) != 0 ||
		    strcmp(c->host, wanted->host) != 0 || c->port != wanted->port)
			continue;
		caches[i] = NULL;
		return c;
	}
	return NULL;
}

static void
adopt_cache(struct rpki_cache *cache, const struct hub_rpki_cache *from, const struct hub *hub)
{
	struct rtr_config config = config_of(from, hub);
	if (cache->preference != from->preference)
		rpki_source_prefer(cache->service->table, cache->source, from->preference);
	cache->preference = from->preference;
	rtr_configure(cache->rtr, &config, loop_now(cache->service->loop));
	rpki_cache_pump(cache);
}

/* Those that stay are taken over first, so that what goes makes room for what comes. */
int
rpki_caches_apply(struct rpki_service *service, const struct hub *hub)
{
	struct rpki_cache **old = service->caches;
	size_t old_count = service->cache_count;
	struct rpki_cache **caches = calloc(hub->rpki_cache_count + 1, sizeof(struct rpki_cache *));
	if (!caches)
		return -1;
	for (size_t i = 0; i < hub->rpki_cache_count; i++)
		caches[i] = pick_cache(old, old_count, &hub->rpki_caches[i]);
	for (size_t i = 0; i < old_count; i++)
		if (old[i])
			rpki_cache_free(old[i]);
	free(old);
	service->caches = caches;
	service->cache_count = 0;
	int result = 0;
	for (size_t i = 0; i < hub->rpki_cache_count; i++) {
		const struct hub_rpki_cache *from = &hub->rpki_caches[i];
		struct rpki_cache *cache = caches[i];
		if (cache)
			adopt_cache(cache, from, hub);
		else
			cache = cache_new(service, from, hub);
		if (cache) {
			caches[service->cache_count++] = cache;
			continue;
		}
		log_error("rpki cache %s: no memory, or more than %d sources", from->name,
			  RPKI_SOURCES_MAX);
		result = -1;
	}
	return result;
}
