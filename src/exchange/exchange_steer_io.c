/* Reads the corridor's plan when it is another file than before. */
#include "exchange/exchange_steer_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"

enum { LOOK_AGAIN_MS = 1000, LENGTH_MAX = 64 * 1024 * 1024 };

struct exchange_steer_file {
	struct loop *loop;
	struct loop_timer timer;
	char *path;
	struct stat seen; /* of the file last read; st_ino 0: none */
	struct exchange *engine;
};

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int
read_all(struct buf *out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	for (;;) {
		enum { PIECE = 65536 };
		ssize_t got = buf_reserve(out, PIECE) && out->length <= LENGTH_MAX
				      ? read(fd, out->data + out->length, PIECE)
				      : -1;
		if (got < 0 && errno == EINTR && !out->failed)
			continue;
		if (got <= 0) {
			close(fd);
			return got < 0 ? -1 : 0;
		}
		out->length += (size_t)got;
	}
}

static const char *
take(struct exchange_steer_file *f, const struct buf *octets, struct exchange_steer_moment came)
{
	const char *why = "there is no memory for it";
	struct steer_plan plan;
	struct arena *arena = arena_new();
	if (!arena)
		return why;
	if (steer_decode(&plan, arena, cursor_of(octets->data, octets->length), &why) < 0) {
		arena_free(arena);
		return why;
	}
	exchange_tick(f->engine, loop_now(f->loop), clock_utc());
	return exchange_steer_take(f->engine, &plan, arena, came, &why) < 0 ? why : NULL;
}

const char *
exchange_steer_file_look(struct exchange_steer_file *f)
{
	struct stat st;
	if (stat(f->path, &st) < 0)
		return "there is no plan";
	if (same_file(&st, &f->seen))
		return "the plan was read before";
	f->seen = st;
	struct exchange_steer_moment came = {clock_mono(), clock_utc_us()};
	struct buf octets = {0};
	const char *why = st.st_size > LENGTH_MAX || read_all(&octets, f->path) < 0
				  ? "it cannot be read"
				  : take(f, &octets, came);
	buf_fini(&octets);
	if (why)
		log_warn("%s: %s", f->path, why);
	return why;
}

static void
look_again(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_steer_file *f =
		(struct exchange_steer_file *)((char *)timer -
					       offsetof(struct exchange_steer_file, timer));
	(void)exchange_steer_file_look(f);
	loop_timer_set(f->loop, timer, mono_add_ms(now, LOOK_AGAIN_MS));
}

struct exchange_steer_file *
exchange_steer_file_open(struct loop *loop, const char *folder, struct exchange *engine)
{
	struct exchange_steer_file *f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	*f = (struct exchange_steer_file){
		.loop = loop, .timer = {.fire = look_again}, .engine = engine};
	if (asprintf(&f->path, "%s/" STEER_FILE, folder) < 0) {
		free(f);
		return NULL;
	}
	loop_timer_set(loop, &f->timer, loop_now(loop));
	return f;
}

void
exchange_steer_file_close(struct exchange_steer_file *f)
{
	if (!f)
		return;
	loop_timer_stop(f->loop, &f->timer);
	free(f->path);
	free(f);
}
