/* A new file appears complete, by rename, so that its number and time say whether it is another. */
#include "exchange/exchange_registry_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "hub/registry.h"

enum { LOOK_EVERY_MS = 1000, FILE_MAX = 1 << 30 };

struct exchange_registry {
	struct loop *loop;
	struct exchange *engine;
	struct loop_timer timer;
	char *path;
	struct stat last; /* of the file that was looked at last */
	uint8_t *octets;  /* that `registry` points into */
	struct registry *registry;
};

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The whole file; NULL with errno. */
static uint8_t *
read_all(int fd, size_t length)
{
	uint8_t *octets = malloc(length ? length : 1);
	size_t got = 0;
	while (octets && got < length) {
		ssize_t some = read(fd, octets + got, length - got);
		if (some < 0 && errno == EINTR)
			continue;
		if (some <= 0) {
			errno = some < 0 ? errno : EIO; /* shorter than it was: somebody is at it */
			free(octets);
			return NULL;
		}
		got += (size_t)some;
	}
	return octets;
}

static void
take(struct exchange_registry *r, uint8_t *octets, size_t length)
{
	const char *error = "no memory";
	struct registry *fresh = registry_open(octets, length, &error);
	if (!fresh) {
		log_warn("%s: not used, what was there before stays: %s", r->path, error);
		free(octets);
		return;
	}
	exchange_use_registry(r->engine, fresh, loop_now(r->loop));
	registry_close(r->registry);
	free(r->octets);
	r->registry = fresh;
	r->octets = octets;
	log_info("registry: %zu octets of sets and networks are in force", length);
}

static void
look(struct exchange_registry *r)
{
	struct stat status;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return; /* nothing was found out yet */
	if (fstat(fd, &status) == 0 && !same_file(&status, &r->last)) {
		r->last = status;
		bool sound = S_ISREG(status.st_mode) && status.st_size <= FILE_MAX;
		errno = EFBIG;
		uint8_t *octets = sound ? read_all(fd, (size_t)status.st_size) : NULL;
		if (octets)
			take(r, octets, (size_t)status.st_size);
		else
			log_warn("%s: cannot be read: %s", r->path, strerror(errno));
	}
	close(fd);
}

static void
look_again(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_registry *r =
		(struct exchange_registry *)((char *)timer -
					     offsetof(struct exchange_registry, timer));
	look(r);
	loop_timer_set(r->loop, &r->timer, mono_add_ms(now, LOOK_EVERY_MS));
}

struct exchange_registry *
exchange_registry_open(struct loop *loop, struct exchange *engine, const char *directory)
{
	struct exchange_registry *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->loop = loop;
	r->engine = engine;
	r->timer.fire = look_again;
	size_t length = strlen(directory) + sizeof("/registry.snapshot");
	r->path = malloc(length);
	if (!r->path) {
		free(r);
		return NULL;
	}
	(void)snprintf(r->path, length, "%s/registry.snapshot", directory);
	look(r);
	loop_timer_set(loop, &r->timer, mono_add_ms(loop_now(loop), LOOK_EVERY_MS));
	return r;
}

void
exchange_registry_close(struct exchange_registry *r)
{
	if (!r)
		return;
	loop_timer_stop(r->loop, &r->timer);
	registry_close(r->registry);
	free(r->octets);
	free(r->path);
	free(r);
}
