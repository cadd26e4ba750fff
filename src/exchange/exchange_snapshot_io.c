/* The routes for the meter, written beside the work. */
#include "exchange/exchange_snapshot_io.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor_io.h"
#include "base/log.h"
#include "exchange/rib/rib_snapshot.h"

enum {
	INTERVAL_MS = 5000,
	STRETCH = 8192, /* prefixes copied in a turn: less than a millisecond */
};

enum stage { IDLE, COPYING, WRITING };

struct exchange_snapshots {
	struct loop *loop;
	const struct exchange *engine;
	struct loop_timer timer;
	char *path, *part;
	enum stage stage;
	uint64_t written, copied; /* exchange_changes, plus one, of the file and of the copy */
	/* The copy; the thread's own while it writes. */
	struct rib_snapshot_route *routes;
	size_t count, capacity;
	struct rib_snapshot_paths *paths;
	enum ip_family family;
	uint32_t at;
	pthread_t thread;
	int result;       /* errno of the thread */
	atomic_bool done; /* the thread is */
};

/* --- the thread --- */

static int
write_file(const struct exchange_snapshots *s, const struct buf *contents)
{
	int fd = open(s->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	int written = descriptor_write(fd, contents->data, contents->length);
	int closed = close(fd);
	if (written < 0 || closed < 0)
		return -1;
	return rename(s->part, s->path);
}

static void *
write_copy(void *context)
{
	struct exchange_snapshots *s = context;
	struct buf contents = {0};
	s->result = 0;
	if (rib_snapshot_build(&contents, s->routes, s->count, s->paths))
		s->result = ENOMEM;
	else if (write_file(s, &contents) < 0)
		s->result = errno ? errno : EIO;
	buf_fini(&contents);
	atomic_store(&s->done, true);
	return NULL;
}

/* --- the loop's side --- */

static void
forget_copy(struct exchange_snapshots *s)
{
	free(s->routes);
	rib_snapshot_paths_free(s->paths);
	s->routes = NULL;
	s->paths = NULL;
	s->count = s->capacity = 0;
	s->stage = IDLE;
}

static void
again(struct exchange_snapshots *s, int64_t ms)
{
	loop_timer_set(s->loop, &s->timer, mono_add_ms(loop_now(s->loop), ms));
}

static void
give_up(struct exchange_snapshots *s)
{
	log_warn("%s: no memory for it", s->path);
	forget_copy(s);
	again(s, INTERVAL_MS);
}

static void
finish(struct exchange_snapshots *s)
{
	(void)pthread_join(s->thread, NULL);
	if (s->result)
		log_warn("%s: cannot be written: %s", s->path, strerror(s->result));
	else
		s->written = s->copied;
	forget_copy(s);
	again(s, INTERVAL_MS);
}

static void
begin(struct exchange_snapshots *s)
{
	s->copied = exchange_changes(s->engine) + 1;
	if (s->copied == s->written) {
		again(s, INTERVAL_MS);
		return;
	}
	s->paths = rib_snapshot_paths_new();
	if (!s->paths) {
		give_up(s);
		return;
	}
	s->stage = COPYING;
	s->family = IP_V4;
	s->at = 0;
	again(s, 0);
}

static void
start_writing(struct exchange_snapshots *s)
{
	atomic_store(&s->done, false);
	s->stage = WRITING;
	int error = pthread_create(&s->thread, NULL, write_copy, s);
	if (!error) {
		again(s, 100);
		return;
	}
	log_warn("%s: no thread to write it: %s", s->path, strerror(error));
	forget_copy(s);
	again(s, INTERVAL_MS);
}

/* The next stretch of one family into the copy. */
static void
copy(struct exchange_snapshots *s)
{
	static struct rib_best best[STRETCH];
	size_t count = rib_best_next(exchange_rib(s->engine, s->family), &s->at, best, STRETCH);
	if (s->count + count > s->capacity) {
		size_t capacity = (s->count + count) * 2;
		struct rib_snapshot_route *routes = realloc(s->routes, capacity * sizeof(*routes));
		if (!routes) {
			give_up(s);
			return;
		}
		s->routes = routes;
		s->capacity = capacity;
	}
	for (size_t i = 0; i < count; i++) {
		struct rib_snapshot_route *route = &s->routes[s->count++];
		*route = (struct rib_snapshot_route){
			.prefix = best[i].prefix,
			.origin = {.origin_as = best[i].origin_as.number,
				   .member_as = exchange_asn_at(s->engine, best[i].slot).number},
		};
		route->origin.path =
			rib_snapshot_paths_add(s->paths, best[i].as_path, &route->origin.next_as);
	}
	if (count) {
		again(s, 0);
	} else if (s->family == IP_V4) {
		s->family = IP_V6;
		s->at = 0;
		again(s, 0);
	} else {
		start_writing(s);
	}
}

static void
fire(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_snapshots *s =
		(struct exchange_snapshots *)((char *)timer -
					      offsetof(struct exchange_snapshots, timer));
	(void)now;
	switch (s->stage) {
	case IDLE:
		begin(s);
		break;
	case COPYING:
		copy(s);
		break;
	case WRITING:
		if (atomic_load(&s->done))
			finish(s);
		else
			again(s, 100);
		break;
	}
}

static char *
joined(const char *directory, const char *name)
{
	size_t length = strlen(directory) + strlen(name) + 2;
	char *path = malloc(length);
	if (path)
		(void)snprintf(path, length, "%s/%s", directory, name);
	return path;
}

struct exchange_snapshots *
exchange_snapshots_open(struct loop *loop, const struct exchange *engine, const char *directory)
{
	struct exchange_snapshots *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->loop = loop;
	s->engine = engine;
	s->timer.fire = fire;
	s->path = joined(directory, "routes.snapshot");
	s->part = joined(directory, "routes.snapshot.part");
	if (!s->path || !s->part) {
		exchange_snapshots_close(s);
		return NULL;
	}
	again(s, 0);
	return s;
}

void
exchange_snapshots_close(struct exchange_snapshots *s)
{
	if (!s)
		return;
	loop_timer_stop(s->loop, &s->timer);
	if (s->stage == WRITING)
		(void)pthread_join(s->thread, NULL);
	free(s->routes);
	rib_snapshot_paths_free(s->paths);
	free(s->path);
	free(s->part);
	free(s);
}
