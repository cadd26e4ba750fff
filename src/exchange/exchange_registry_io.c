/* The registry's file, as the exchange follows it. It is read into memory of our own, not mapped:
 * the process that writes it parses what strangers register, and must not be able to take the
 * ground from under a look-up by cutting a mapped file short. For 3.2 million prefixes that costs
 * 35 MB and some 20 ms, once for each new file; and the memory may have large pages. */
#include "exchange/exchange_registry_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

/* A reload of the registries is to be in force within a second, so little of that is for noticing it. */
enum { LOOK_AGAIN_MS = 200 };

/* Far beyond what there is to register. */
#define LENGTH_MAX (INT64_C(1) << 31)

/* A registry and the memory it points into. */
struct contents {
	uint8_t *octets;
	size_t length;
	struct registry *registry;
};

struct exchange_registry {
	struct loop *loop;
	struct loop_timer timer;
	char *path;
	struct stat seen; /* of the file last read, good or not; st_ino 0: none */
	struct contents current;
	exchange_registry_changed *changed;
	void *context;
};

static void
contents_free(struct contents *c)
{
	registry_close(c->registry);
	if (c->octets)
		(void)munmap(c->octets, c->length);
	*c = (struct contents){0};
}

static int
read_all(int fd, uint8_t *octets, size_t length)
{
	size_t done = 0;
	while (done < length) {
		ssize_t got = read(fd, octets + done, length - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		done += (size_t)got;
	}
	return 0;
}

/* Reads and checks the file. 0; or -1 and why not. */
static int
contents_read(struct contents *out, int fd, const struct stat *st, const char **error)
{
	struct contents c = {.length = (size_t)st->st_size};
	*error = "not a file of a sensible size";
	if (!S_ISREG(st->st_mode) || st->st_size <= 0 || st->st_size > LENGTH_MAX)
		return -1;
	void *memory =
		mmap(NULL, c.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*error = "no memory for it";
	if (memory == MAP_FAILED)
		return -1;
	c.octets = memory;
	(void)madvise(memory, c.length, MADV_HUGEPAGE);
	*error = "it cannot be read";
	if (read_all(fd, c.octets, c.length) == 0)
		c.registry = registry_open(c.octets, c.length, error);
	if (!c.registry) {
		contents_free(&c);
		return -1;
	}
	*out = c;
	return 0;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void
take(struct exchange_registry *f, int fd, const struct stat *st)
{
	struct contents next;
	const char *error;
	f->seen = *st;
	if (contents_read(&next, fd, st, &error) < 0) {
		log_warn("%s: %s; what was known stays in force", f->path, error);
		return;
	}
	struct contents before = f->current;
	f->current = next;
	bool same = before.registry && registry_networks_hash(before.registry) ==
					       registry_networks_hash(next.registry);
	log_debug("%s: %zu sets, %zu networks%s, %zu records", f->path,
		  registry_set_count(next.registry), registry_network_count(next.registry),
		  same ? " as before" : "", registry_record_count(next.registry));
	f->changed(f->context, next.registry, before.registry);
	contents_free(&before);
}

static void
look(struct exchange_registry *f)
{
	struct stat st;
	if (stat(f->path, &st) < 0 || same_file(&st, &f->seen))
		return;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0)
		take(f, fd, &st);
	close(fd);
}

static void
look_again(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_registry *f =
		(struct exchange_registry *)((char *)timer -
					     offsetof(struct exchange_registry, timer));
	look(f);
	loop_timer_set(f->loop, timer, mono_add_ms(now, LOOK_AGAIN_MS));
}

struct exchange_registry *
exchange_registry_open(struct loop *loop, const char *folder, exchange_registry_changed *changed,
		       void *context)
{
	struct exchange_registry *f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	*f = (struct exchange_registry){.loop = loop,
					.timer = {.fire = look_again},
					.changed = changed,
					.context = context};
	if (asprintf(&f->path, "%s/registry.snapshot", folder) < 0) {
		free(f);
		return NULL;
	}
	look(f);
	loop_timer_set(loop, &f->timer, mono_add_ms(loop_now(loop), LOOK_AGAIN_MS));
	return f;
}

void
exchange_registry_close(struct exchange_registry *f)
{
	if (!f)
		return;
	loop_timer_stop(f->loop, &f->timer);
	contents_free(&f->current);
	free(f->path);
	free(f);
}
