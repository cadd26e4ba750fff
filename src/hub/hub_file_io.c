/* Reading hub files from disk. */
#include "hub/hub_file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20, CHUNK = 65536 };

static int
read_all(int fd, struct buf *out)
{
	for (;;) {
		if (!buf_reserve(out, CHUNK)) {
			errno = ENOMEM;
			return -1;
		}
		ssize_t got = read(fd, out->data + out->length, CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		out->length += (size_t)got;
		if (out->length > FILE_MAX) { /* it grew since we looked */
			errno = EFBIG;
			return -1;
		}
	}
}

static int
read_file(void *context, const char *path, struct buf *out)
{
	(void)context;
	/* Not to hang on a pipe that has no writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	struct stat st;
	int result = fstat(fd, &st);
	if (result == 0 && !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		result = -1;
	} else if (result == 0 && st.st_size > FILE_MAX) {
		errno = EFBIG;
		result = -1;
	}
	if (result == 0)
		result = read_all(fd, out);
	int saved = errno;
	(void)close(fd);
	errno = saved;
	return result;
}

static bool
exposed(void *context, const char *path)
{
	struct stat st;
	(void)context;
	return stat(path, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

struct hub_source
hub_file_disk(void)
{
	return (struct hub_source){.read = read_file, .exposed = exposed};
}
