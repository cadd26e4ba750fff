/* Reads the corridor's plans, of exits and of SR policies, when one is another file than before. */
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
#include "hub/steer_sr.h"

enum { LOOK_AGAIN_MS = 1000 };

/* NULL, or why the plan in it is not taken: static text. */
typedef const char *take_plan(struct exchange_steer_file *f, const struct buf *octets,
			      struct exchange_steer_moment came);

struct followed {
	take_plan *take;
	char *path;
	struct stat seen; /* of the file last read; st_ino 0: none */
	const char *why;  /* that one was not taken; NULL: it was */
};

struct exchange_steer_file {
	struct loop *loop;
	struct loop_timer timer;
	struct followed exits, policies;
	struct exchange *engine;
	bool looked; /* what an earlier run left is known */
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
		ssize_t got = buf_reserve(out, PIECE) && out->length <= STEER_OCTETS_MAX
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
take_exits(struct exchange_steer_file *f, const struct buf *octets,
	   struct exchange_steer_moment came)
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
	if (!f->looked && plan.good_until.s <= clock_utc().s)
		exchange_steer_await(f->engine);
	return exchange_steer_take(f->engine, &plan, arena, came, &why) < 0 ? why : NULL;
}

static const char *
take_policies(struct exchange_steer_file *f, const struct buf *octets,
	      struct exchange_steer_moment came)
{
	const char *why = "there is no memory for it";
	struct steer_sr_plan plan;
	struct arena *arena = arena_new();
	(void)came;
	if (!arena)
		return why;
	if (steer_sr_decode(&plan, arena, cursor_of(octets->data, octets->length), &why) < 0) {
		arena_free(arena);
		return why;
	}
	exchange_tick(f->engine, loop_now(f->loop), clock_utc());
	return exchange_sr_follow(f->engine, &plan, arena, &why) < 0 ? why : NULL;
}

struct looked {
	bool there, fresh; /* a file; one that was not looked at before */
	const char *why;   /* its plan is not taken, now or then; NULL: it is */
};

static struct looked
look_at(struct exchange_steer_file *f, struct followed *file)
{
	struct stat st;
	if (stat(file->path, &st) < 0)
		return (struct looked){.why = "there is no plan"};
	if (same_file(&st, &file->seen))
		return (struct looked){.there = true, .why = file->why};
	file->seen = st;
	struct exchange_steer_moment came = {clock_mono(), clock_utc_us()};
	struct buf octets = {0};
	file->why = st.st_size > STEER_OCTETS_MAX || read_all(&octets, file->path) < 0
			    ? "it cannot be read"
			    : file->take(f, &octets, came);
	buf_fini(&octets);
	if (file->why)
		log_warn("%s: %s", file->path, file->why);
	return (struct looked){.there = true, .fresh = true, .why = file->why};
}

const char *
exchange_steer_file_look(struct exchange_steer_file *f)
{
	struct looked exits = look_at(f, &f->exits), policies = look_at(f, &f->policies);
	if (exits.fresh != policies.fresh)
		return exits.fresh ? exits.why : policies.why;
	if (exits.fresh)
		return exits.why && policies.why ? exits.why : NULL;
	/* Nothing came: it may be that the look of a second ago took what the caller has just written. */
	return exits.there ? exits.why : policies.why;
}

static void
look_again(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_steer_file *f =
		(struct exchange_steer_file *)((char *)timer -
					       offsetof(struct exchange_steer_file, timer));
	(void)exchange_steer_file_look(f);
	f->looked = true;
	loop_timer_set(f->loop, timer, mono_add_ms(now, LOOK_AGAIN_MS));
}

struct exchange_steer_file *
exchange_steer_file_open(struct loop *loop, const char *folder, struct exchange *engine)
{
	struct exchange_steer_file *f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	*f = (struct exchange_steer_file){.loop = loop,
					  .timer = {.fire = look_again},
					  .exits = {.take = take_exits},
					  .policies = {.take = take_policies},
					  .engine = engine};
	if (asprintf(&f->exits.path, "%s/" STEER_FILE, folder) < 0)
		f->exits.path = NULL;
	if (asprintf(&f->policies.path, "%s/" STEER_SR_FILE, folder) < 0)
		f->policies.path = NULL;
	if (!f->exits.path || !f->policies.path) {
		free(f->exits.path);
		free(f->policies.path);
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
	free(f->exits.path);
	free(f->policies.path);
	free(f);
}
