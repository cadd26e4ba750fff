/* Writing files aside. The loop's side hands over one batch, the thread takes it and says when it is written:
 * `busy` is the only thing that both touch while a batch is on its way, and says whose the batch is. */
#include "exchange/mrt_output_io.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/descriptor_io.h"

struct mrt_output {
	char *directory, *path, *part;
	char keep_from[16];
	bool compress;
	pthread_t thread;
	sem_t work;
	atomic_bool busy, done;
	bool last, whole; /* nothing more comes; written while the thread waits for work */
	struct buf batch; /* the thread's while busy */
	/* The thread's own. */
	int fd;
	gzFile gzip;
	int error;
	uint64_t octets; /* of the file, once it is whole */
};

static void
open_part(struct mrt_output *o)
{
	o->fd = open(o->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (o->fd < 0) {
		o->error = errno;
		return;
	}
	if (!o->compress)
		return;
	o->gzip = gzdopen(o->fd, "wb6");
	if (!o->gzip) {
		o->error = ENOMEM;
		close(o->fd);
	}
}

static void
write_plain(struct mrt_output *o)
{
	if (descriptor_write(o->fd, o->batch.data, o->batch.length) < 0)
		o->error = errno;
}

/* After an error the rest is taken and thrown away, so that nobody waits. */
static void
write_batch(struct mrt_output *o)
{
	if (o->error || !o->batch.length)
		return;
	if (!o->compress) {
		write_plain(o);
		return;
	}
	errno = 0;
	if (gzwrite(o->gzip, o->batch.data, (unsigned)o->batch.length) <= 0)
		o->error = errno ? errno : EIO;
}

static bool
is_outdated(const struct mrt_output *o, const char *name)
{
	const char *date = strncmp(name, "rib.", 4) == 0       ? name + 4
			   : strncmp(name, "updates.", 8) == 0 ? name + 8
							       : NULL;
	if (!date || strlen(date) < 9 || date[8] != '.')
		return false;
	for (unsigned i = 0; i < 8; i++)
		if (!isdigit((unsigned char)date[i]))
			return false;
	return strncmp(date, o->keep_from, 8) < 0;
}

static void
delete_outdated(const struct mrt_output *o)
{
	DIR *dir = o->keep_from[0] ? opendir(o->directory) : NULL;
	for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
		if (is_outdated(o, entry->d_name))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static void
close_part(struct mrt_output *o)
{
	bool opened = o->fd >= 0 && (!o->compress || o->gzip);
	errno = 0;
	int result = !opened ? 0 : o->compress ? (gzclose(o->gzip) != Z_OK) : close(o->fd);
	if (result && !o->error)
		o->error = errno ? errno : EIO;
	if (!o->error && o->whole && rename(o->part, o->path) < 0)
		o->error = errno;
	if (o->error || !o->whole) {
		(void)unlink(o->part);
		return;
	}
	struct stat file;
	if (stat(o->path, &file) == 0)
		o->octets = (uint64_t)file.st_size;
	delete_outdated(o);
}

static void *
run(void *context)
{
	struct mrt_output *o = context;
	open_part(o);
	for (;;) {
		while (sem_wait(&o->work) < 0)
			continue;
		if (o->last)
			break;
		write_batch(o);
		buf_fini(&o->batch);
		atomic_store(&o->busy, false);
	}
	close_part(o);
	atomic_store(&o->done, true);
	return NULL;
}

static char *
path_of(const char *directory, const char *before, const char *name, const char *after)
{
	size_t length = strlen(directory) + strlen(before) + strlen(name) + strlen(after) + 2;
	char *path = malloc(length);
	if (path)
		(void)snprintf(path, length, "%s/%s%s%s", directory, before, name, after);
	return path;
}

static void
free_output(struct mrt_output *o)
{
	(void)sem_destroy(&o->work);
	buf_fini(&o->batch);
	free(o->directory);
	free(o->path);
	free(o->part);
	free(o);
}

struct mrt_output *
mrt_output_open(const char *directory, const char *name, bool compress, const char *keep_from)
{
	struct mrt_output *o = calloc(1, sizeof(*o));
	if (!o)
		return NULL;
	o->directory = strdup(directory);
	o->path = path_of(directory, "", name, "");
	o->part = path_of(directory, ".", name, ".part");
	(void)snprintf(o->keep_from, sizeof(o->keep_from), "%s", keep_from);
	o->compress = compress;
	o->fd = -1;
	(void)sem_init(&o->work, 0, 0);
	atomic_init(&o->busy, false);
	atomic_init(&o->done, false);
	bool named = o->directory && o->path && o->part;
	if (!named || pthread_create(&o->thread, NULL, run, o)) {
		free_output(o);
		return NULL;
	}
	return o;
}

bool
mrt_output_take(struct mrt_output *o, struct buf *batch)
{
	if (atomic_load(&o->busy))
		return false;
	o->batch = *batch;
	*batch = (struct buf){0};
	atomic_store(&o->busy, true);
	(void)sem_post(&o->work);
	return true;
}

bool
mrt_output_end(struct mrt_output *o, bool whole)
{
	if (atomic_load(&o->busy))
		return false;
	o->last = true;
	o->whole = whole;
	(void)sem_post(&o->work);
	return true;
}

bool
mrt_output_done(struct mrt_output *o, bool wait, struct mrt_output_result *result)
{
	if (!wait && !atomic_load(&o->done))
		return false;
	(void)pthread_join(o->thread, NULL);
	*result = (struct mrt_output_result){o->error, o->octets};
	free_output(o);
	return true;
}
