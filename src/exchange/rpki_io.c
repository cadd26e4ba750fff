/* The sockets and files behind the RPKI table.
 *
 * A file of VRPs is read in slices, one a turn, so that a hundred megabytes of JSON delay nobody; what it says
 * is seen when it is at its end and has not changed meanwhile. */
#include "exchange/rpki_io.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "net/address.h"
#include "net/resolve_io.h"

enum {
	READ_MAX = 64 * 1024,
	DRAIN_MAX = 1024 * 1024, /* octets thrown away before a close */
	SLICE = 256 * 1024,      /* of a file, a turn */
	POLL_MS = 2000,          /* between looks at the files */
	FILE_MAX = 1 << 29,      /* octets; larger ones are refused */
	KEEPALIVE_IDLE_S = 30,
	KEEPALIVE_INTERVAL_S = 10,
	KEEPALIVE_PROBES = 3,
	ERROR = 256,
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

struct cache {
	struct rpki_service *service;
	char *name, *host;
	uint16_t port;
	uint32_t preference;
	unsigned source;
	struct rtr *rtr;
	struct loop_watch watch; /* fd -1: no socket */
	bool connecting;
	struct loop_timer timer;
	struct net_resolve *lookup;
	struct ip ips[NET_RESOLVE_MAX]; /* to be tried */
	size_t ip_count, ip_next;
	enum rtr_state told; /* in the log */
	struct mono_us error_told;
};

/* What tells one version of a file from another. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
};

struct file {
	struct rpki_service *service;
	char *path;
	bool slurm;
	unsigned source; /* of VRPs */
	struct stamp seen, used;
	struct utc_s read;
	char error[ERROR];
	/* VRPs: while they are read. */
	int fd; /* -1: nothing is read */
	struct vrp_json *reader;
	struct loop_timer slice;
	struct vrp_json_counts counts;
	/* SLURM: what is in force. */
	struct arena *arena;
	struct slurm contents;
	bool overlaps; /* with another one, so that none of them is put in force */
};

struct rpki_service {
	struct loop *loop;
	struct rpki_table *table;
	void (*changed)(void *context, const struct rpki_changes *c);
	void *context;
	uint32_t expire_s;
	struct cache **caches;
	size_t cache_count;
	struct file **files; /* of VRPs, then SLURM */
	size_t file_count;
	struct loop_timer poll, tell;
	uint8_t input[READ_MAX];
};

/* Changes are told at the end of the turn, those of all sources together. */
static void
tell_soon(struct rpki_service *service)
{
	if (!service->tell.heap_index)
		loop_timer_set(service->loop, &service->tell, loop_now(service->loop));
}

static void
tell(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	struct rpki_service *service = OWNER(timer, struct rpki_service, tell);
	struct rpki_changes changes;
	if (rpki_take_changes(service->table, &changes))
		service->changed(service->context, &changes);
}

/* --- caches --- */

static void pump(struct cache *cache);

static void
close_socket(struct cache *cache)
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
say_goodbye(struct cache *cache)
{
	int fd = cache->watch.fd;
	struct cursor out = rtr_output(cache->rtr);
	if (fd < 0 || cache->connecting)
		return;
	if (cursor_left(&out))
		(void)send(fd, out.at, cursor_left(&out), MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	for (size_t drained = 0; drained < DRAIN_MAX;) {
		ssize_t n = recv(fd, cache->service->input, READ_MAX, MSG_DONTWAIT);
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
try_address(struct cache *cache, struct ip ip)
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
try_next(struct cache *cache, int error)
{
	while (cache->ip_next < cache->ip_count) {
		if (try_address(cache, cache->ips[cache->ip_next++]) == 0)
			return;
		error = errno;
	}
	rtr_connect_failed(cache->rtr, strerror(error), loop_now(cache->service->loop));
	pump(cache);
}

static void
resolved(void *context, const struct ip *ips, size_t count, const char *error)
{
	struct cache *cache = context;
	cache->lookup = NULL;
	if (count == 0) {
		rtr_connect_failed(cache->rtr, error, loop_now(cache->service->loop));
		pump(cache);
		return;
	}
	memcpy(cache->ips, ips, count * sizeof(*ips));
	cache->ip_count = count;
	cache->ip_next = 0;
	try_next(cache, 0);
}

static void
start_connecting(struct cache *cache)
{
	cache->lookup = net_resolve_start(cache->service->loop, cache->host, resolved, cache);
	if (!cache->lookup)
		rtr_connect_failed(cache->rtr, strerror(errno), loop_now(cache->service->loop));
}

/* Changes of state and new errors, each once. */
static void
write_log(struct cache *cache)
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
write_output(struct cache *cache)
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

/* Does what the machine wants, writes, and sets the timer. */
static void
pump(struct cache *cache)
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
	tell_soon(cache->service);
}

static void
cache_timer(struct loop_timer *timer, struct mono_us now)
{
	struct cache *cache = OWNER(timer, struct cache, timer);
	rtr_tick(cache->rtr, now);
	pump(cache);
}

static void
finish_connecting(struct cache *cache)
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
	pump(cache);
}

static void
read_some(struct cache *cache)
{
	struct rpki_service *service = cache->service;
	ssize_t n = recv(cache->watch.fd, service->input, READ_MAX, MSG_DONTWAIT);
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
	pump(cache);
}

static void
cache_ready(struct loop_watch *watch, uint32_t events)
{
	struct cache *cache = OWNER(watch, struct cache, watch);
	if (cache->connecting)
		finish_connecting(cache);
	else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		read_some(cache);
	else
		write_output(cache);
}

static void
cache_free(struct cache *cache)
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

static struct cache *
cache_new(struct rpki_service *service, const struct hub_rpki_cache *from, const struct hub *hub)
{
	struct cache *cache = calloc(1, sizeof(*cache));
	int source = rpki_source_add(service->table, RPKI_CACHE, from->name, from->preference);
	if (!cache || source < 0)
		goto fail;
	*cache = (struct cache){.service = service,
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
	pump(cache);
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

/* --- files --- */

__attribute__((format(printf, 2, 3))) static void
fault(struct file *file, const char *format, ...)
{
	char error[ERROR];
	va_list args;
	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);
	if (strcmp(error, file->error) != 0)
		log_warn("%s: %s", file->path, error);
	memcpy(file->error, error, sizeof(error));
}

static bool
same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->modified.tv_sec == b->modified.tv_sec &&
	       a->modified.tv_nsec == b->modified.tv_nsec;
}

static struct stamp
stamp_of(const struct stat *st)
{
	return (struct stamp){st->st_dev, st->st_ino, st->st_size, st->st_mtim};
}

/* Opens it for reading. -1: it is no file, or too large; the fault is told. */
static int
open_file(struct file *file, off_t most)
{
	struct stat st;
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0) {
		fault(file, "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		fault(file, "not a file");
	} else if (st.st_size > most) {
		fault(file, "larger than %lld octets", (long long)most);
	} else {
		file->seen = stamp_of(&st);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
stop_reading(struct file *file)
{
	if (file->fd < 0)
		return;
	loop_timer_stop(file->service->loop, &file->slice);
	vrp_json_free(file->reader);
	file->reader = NULL;
	close(file->fd);
	file->fd = -1;
}

static void
taken(struct file *file)
{
	file->used = file->seen;
	file->read = clock_utc();
	file->error[0] = '\0';
	tell_soon(file->service);
}

static void
finish_reading(struct file *file)
{
	struct stat st;
	struct stamp now = {0};
	if (fstat(file->fd, &st) == 0)
		now = stamp_of(&st);
	if (!same_stamp(&now, &file->seen)) {
		/* Somebody writes it at this moment; the next look finds it changed. */
		file->seen = (struct stamp){0};
		return;
	}
	if (vrp_json_end(file->reader) != 0) {
		fault(file, "%s", vrp_json_error(file->reader));
		return;
	}
	file->counts = *vrp_json_counts(file->reader);
	taken(file);
	struct rpki_source_state data = rpki_source_state(file->service->table, file->source);
	log_info("%s: %u + %u VRPs, %u ASPAs", file->path, data.vrps_ipv4, data.vrps_ipv6,
		 data.aspas);
	if (file->counts.expired)
		log_warn("%s: %llu of %llu records have expired", file->path,
			 (unsigned long long)file->counts.expired,
			 (unsigned long long)file->counts.records);
}

static void
read_slice(struct loop_timer *timer, struct mono_us now)
{
	struct file *file = OWNER(timer, struct file, slice);
	struct rpki_service *service = file->service;
	for (size_t done = 0; done < SLICE;) {
		ssize_t n = read(file->fd, service->input, READ_MAX);
		if (n > 0 && vrp_json_feed(file->reader, service->input, (size_t)n) == 0) {
			done += (size_t)n;
			continue;
		}
		if (n == 0)
			finish_reading(file);
		else if (n > 0)
			fault(file, "%s", vrp_json_error(file->reader));
		else
			fault(file, "%s", strerror(errno));
		stop_reading(file);
		return;
	}
	loop_timer_set(service->loop, timer, now);
}

static void
read_vrps(struct file *file)
{
	stop_reading(file);
	file->fd = open_file(file, FILE_MAX);
	if (file->fd < 0)
		return;
	file->reader = vrp_json_new(file->service->table, file->source, clock_utc());
	if (!file->reader) {
		fault(file, "no memory");
		close(file->fd);
		file->fd = -1;
		return;
	}
	loop_timer_set(file->service->loop, &file->slice, loop_now(file->service->loop));
}

/* All of a file into memory of the arena; NULL: the fault is told. */
static char *
read_text(struct file *file, struct arena *arena, size_t *length)
{
	int fd = open_file(file, SLURM_FILE_MAX);
	if (fd < 0)
		return NULL;
	size_t size = (size_t)file->seen.size;
	char *text = arena_take(arena, size + 1);
	*length = 0;
	for (ssize_t n = 1; text && n > 0 && *length<size; *length += n> 0 ? (size_t)n : 0)
		n = read(fd, text + *length, size - *length);
	close(fd);
	if (!text || *length < size) {
		fault(file, text ? "it became shorter while it was read" : "no memory");
		return NULL;
	}
	return text;
}

/* True: there is something new to be put in force. */
static bool
read_slurm(struct file *file)
{
	struct arena *arena = arena_new();
	size_t length = 0;
	char *text = arena ? read_text(file, arena, &length) : NULL;
	char error[SLURM_ERROR];
	struct slurm contents;
	if (!text || slurm_read(&contents, arena, text, length, error) != 0) {
		if (text)
			fault(file, "%s", error);
		arena_free(arena);
		return false;
	}
	arena_free(file->arena);
	file->arena = arena;
	file->contents = contents;
	taken(file);
	log_info("%s: %zu filters, %zu assertions", file->path,
		 contents.prefix_filter_count + contents.aspa_filter_count,
		 contents.prefix_assertion_count + contents.aspa_assertion_count);
	return true;
}

/* Tells of two files that they do not go together; of the others, that this is past. */
static void
tell_overlap(struct file *const *files, size_t count, const struct slurm_overlap *overlap)
{
	for (size_t i = 0; i < count; i++) {
		bool first = overlap && i == overlap->first,
		     second = overlap && i == overlap->second;
		if (first || second)
			fault(files[i],
			      "overlaps with %s: %s; what was in force before stays "
			      "(RFC 8416 section 4.2)",
			      files[first ? overlap->second : overlap->first]->path, overlap->what);
		else if (files[i]->overlaps)
			files[i]->error[0] = '\0';
		files[i]->overlaps = first || second;
	}
}

static void
enforce_slurm(struct rpki_service *service)
{
	const struct slurm **contents = calloc(service->file_count + 1, sizeof(*contents));
	struct file **files = calloc(service->file_count + 1, sizeof(*files));
	struct slurm_overlap overlap;
	size_t count = 0;
	for (size_t i = 0; contents && files && i < service->file_count; i++) {
		if (!service->files[i]->slurm || !service->files[i]->arena)
			continue;
		files[count] = service->files[i];
		contents[count++] = &service->files[i]->contents;
	}
	int overlaps = contents && files ? slurm_overlaps(&overlap, contents, count) : -1;
	if (overlaps >= 0)
		tell_overlap(files, count, overlaps ? &overlap : NULL);
	if (overlaps < 0 || (!overlaps && !rpki_table_slurm(service->table, contents, count)))
		log_error("rpki: SLURM files are not put in force: no memory, or too much in them");
	free(files);
	free(contents);
	tell_soon(service);
}

static bool
too_old(const struct rpki_service *service, const struct stamp *stamp)
{
	return service->expire_s &&
	       clock_utc().s - stamp->modified.tv_sec > (int64_t)service->expire_s;
}

/* A file that is not written any more is of no use from some age on. */
static void
check_age(struct file *file)
{
	struct rpki_service *service = file->service;
	if (!rpki_source_state(service->table, file->source).complete ||
	    !too_old(service, &file->used))
		return;
	rpki_source_drop(service->table, file->source);
	file->used = (struct stamp){0};
	file->read.s = 0;
	file->seen = (struct stamp){0};
	tell_soon(service);
}

/* Looks whether a file is another one than was read last. True: what is in force by SLURM changes. */
static bool
look_at(struct file *file)
{
	struct stat st;
	struct stamp now = {0};
	bool slurm = false;
	if (stat(file->path, &st) == 0) {
		now = stamp_of(&st);
		if (!file->slurm && too_old(file->service, &now)) {
			fault(file, "older than %u s, and not used", file->service->expire_s);
		} else if (!same_stamp(&now, &file->seen)) {
			file->seen = now;
			slurm = file->slurm && read_slurm(file);
			if (!file->slurm)
				read_vrps(file);
		}
	} else if (file->fd < 0) {
		fault(file, "%s", strerror(errno));
		file->seen = now;
	}
	if (!file->slurm)
		check_age(file);
	return slurm;
}

static void
look_at_all(struct rpki_service *service)
{
	bool slurm = false;
	for (size_t i = 0; i < service->file_count; i++)
		slurm |= look_at(service->files[i]);
	if (slurm)
		enforce_slurm(service);
}

static void
poll_files(struct loop_timer *timer, struct mono_us now)
{
	struct rpki_service *service = OWNER(timer, struct rpki_service, poll);
	look_at_all(service);
	loop_timer_set(service->loop, timer, mono_add_ms(now, POLL_MS));
}

static void
file_free(struct file *file)
{
	stop_reading(file);
	if (!file->slurm)
		rpki_source_remove(file->service->table, file->source);
	arena_free(file->arena);
	free(file->path);
	free(file);
}

static struct file *
file_new(struct rpki_service *service, const char *path, bool slurm)
{
	int source = slurm ? 0 : rpki_source_add(service->table, RPKI_FILE, path, 0);
	struct file *file = source < 0 ? NULL : calloc(1, sizeof(*file));
	char *copy = strdup(path);
	if (!file || !copy) {
		if (source >= 0 && !slurm)
			rpki_source_remove(service->table, (unsigned)source);
		free(copy);
		free(file);
		return NULL;
	}
	*file = (struct file){.service = service,
			      .path = copy,
			      .slurm = slurm,
			      .source = (unsigned)source,
			      .fd = -1,
			      .slice = {.fire = read_slice}};
	return file;
}

/* --- the picture --- */

/* Takes the cache of a name and place out of a list; NULL if it is not there. */
static struct cache *
pick_cache(struct cache **caches, size_t count, const struct hub_rpki_cache *wanted)
{
	for (size_t i = 0; i < count; i++) {
		struct cache *c = caches[i];
		if (!c || strcmp(c->name, wanted->name) != 0 ||
		    strcmp(c->host, wanted->host) != 0 || c->port != wanted->port)
			continue;
		caches[i] = NULL;
		return c;
	}
	return NULL;
}

static struct file *
pick_file(struct file **files, size_t count, const char *path, bool slurm)
{
	for (size_t i = 0; i < count; i++) {
		struct file *f = files[i];
		if (!f || f->slurm != slurm || strcmp(f->path, path) != 0)
			continue;
		files[i] = NULL;
		return f;
	}
	return NULL;
}

static void
adopt_cache(struct cache *cache, const struct hub_rpki_cache *from, const struct hub *hub)
{
	struct rtr_config config = config_of(from, hub);
	if (cache->preference != from->preference)
		rpki_source_prefer(cache->service->table, cache->source, from->preference);
	cache->preference = from->preference;
	rtr_configure(cache->rtr, &config, loop_now(cache->service->loop));
	pump(cache);
}

/* Those that stay are taken over first, so that what goes makes room for what comes. */
static int
apply_caches(struct rpki_service *service, const struct hub *hub)
{
	struct cache **old = service->caches;
	size_t old_count = service->cache_count;
	struct cache **caches = calloc(hub->rpki_cache_count + 1, sizeof(struct cache *));
	if (!caches)
		return -1;
	for (size_t i = 0; i < hub->rpki_cache_count; i++)
		caches[i] = pick_cache(old, old_count, &hub->rpki_caches[i]);
	for (size_t i = 0; i < old_count; i++)
		if (old[i])
			cache_free(old[i]);
	free(old);
	service->caches = caches;
	service->cache_count = 0;
	int result = 0;
	for (size_t i = 0; i < hub->rpki_cache_count; i++) {
		const struct hub_rpki_cache *from = &hub->rpki_caches[i];
		struct cache *cache = caches[i];
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

static int
apply_files(struct rpki_service *service, const struct hub *hub)
{
	const struct hub_validation *v = &hub->validation;
	struct file **old = service->files;
	size_t old_count = service->file_count, count = v->vrp_file_count + v->slurm_file_count;
	struct file **files = calloc(count + 1, sizeof(struct file *));
	if (!files)
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool slurm = i >= v->vrp_file_count;
		const char *path = slurm ? v->slurm_files[i - v->vrp_file_count] : v->vrp_files[i];
		files[i] = pick_file(old, old_count, path, slurm);
	}
	bool slurm_gone = false;
	for (size_t i = 0; i < old_count; i++) {
		if (!old[i])
			continue;
		slurm_gone |= old[i]->slurm;
		file_free(old[i]);
	}
	free(old);
	service->files = files;
	service->file_count = 0;
	int result = 0;
	for (size_t i = 0; i < count; i++) {
		bool slurm = i >= v->vrp_file_count;
		const char *path = slurm ? v->slurm_files[i - v->vrp_file_count] : v->vrp_files[i];
		struct file *file = files[i] ? files[i] : file_new(service, path, slurm);
		if (file) {
			files[service->file_count++] = file;
			continue;
		}
		log_error("%s: no memory, or more than %d sources", path, RPKI_SOURCES_MAX);
		result = -1;
	}
	if (slurm_gone)
		enforce_slurm(service);
	return result;
}

int
rpki_service_apply(struct rpki_service *service, const struct hub *hub)
{
	service->expire_s = hub->validation.expire_s;
	/* SLURM is in force before the first data comes. */
	int files = apply_files(service, hub);
	look_at_all(service);
	int caches = apply_caches(service, hub);
	tell_soon(service);
	return files || caches ? -1 : 0;
}

struct rpki_service *
rpki_service_new(struct loop *loop, const struct hub *hub,
		 void (*changed)(void *context, const struct rpki_changes *c), void *context)
{
	struct rpki_service *service = calloc(1, sizeof(*service));
	if (!service)
		return NULL;
	service->loop = loop;
	service->changed = changed;
	service->context = context;
	service->poll.fire = poll_files;
	service->tell.fire = tell;
	service->table = rpki_table_new();
	if (!service->table) {
		free(service);
		return NULL;
	}
	(void)rpki_service_apply(service, hub);
	loop_timer_set(loop, &service->poll, mono_add_ms(loop_now(loop), POLL_MS));
	return service;
}

void
rpki_service_free(struct rpki_service *service)
{
	if (!service)
		return;
	for (size_t i = 0; i < service->cache_count; i++)
		cache_free(service->caches[i]);
	for (size_t i = 0; i < service->file_count; i++)
		file_free(service->files[i]);
	loop_timer_stop(service->loop, &service->poll);
	loop_timer_stop(service->loop, &service->tell);
	free(service->caches);
	free(service->files);
	rpki_table_free(service->table);
	free(service);
}

/* --- to look at --- */

const struct rpki_table *
rpki_service_table(const struct rpki_service *service)
{
	return service->table;
}

void
rpki_service_refresh(struct rpki_service *service)
{
	for (size_t i = 0; i < service->cache_count; i++) {
		rtr_refresh(service->caches[i]->rtr, loop_now(service->loop));
		pump(service->caches[i]);
	}
	look_at_all(service);
}

size_t
rpki_service_count(const struct rpki_service *service)
{
	return service->cache_count + service->file_count;
}

void
rpki_service_report(const struct rpki_service *service, size_t i, struct rpki_report *out)
{
	if (i < service->cache_count) {
		const struct cache *cache = service->caches[i];
		const struct rtr_status *status = rtr_status(cache->rtr);
		*out = (struct rpki_report){
			.kind = RPKI_REPORT_CACHE,
			.name = cache->name,
			.error = status->error,
			.data = rpki_source_state(service->table, cache->source),
			.host = cache->host,
			.port = cache->port,
			.preference = cache->preference,
			.rtr = *status,
		};
		return;
	}
	const struct file *file = service->files[i - service->cache_count];
	const struct slurm *s = &file->contents;
	*out = (struct rpki_report){
		.kind = file->slurm ? RPKI_REPORT_SLURM : RPKI_REPORT_FILE,
		.name = file->path,
		.error = file->error,
		.modified.s = file->used.modified.tv_sec,
		.read = file->read,
		.counts = file->counts,
		.filters = s->prefix_filter_count + s->aspa_filter_count,
		.assertions = s->prefix_assertion_count + s->aspa_assertion_count,
	};
	if (!file->slurm)
		out->data = rpki_source_state(service->table, file->source);
}
