/* The registry's files. */
#include "registry/registry_store_io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptor_io.h"

bool
registry_store_path(char out[REGISTRY_PATH], const char *folder, const char *name,
		    const char *suffix)
{
	int length = snprintf(out, REGISTRY_PATH, "%s/%s%s", folder, name, suffix);
	if (length > 0 && length < REGISTRY_PATH)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

static int
read_all(int fd, size_t size, struct buf *out)
{
	if (!buf_reserve(out, size)) {
		errno = ENOMEM;
		return -1;
	}
	while (out->length < size) {
		ssize_t got = read(fd, out->data + out->length, size - out->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO; /* it was longer a moment ago */
		if (got <= 0)
			return -1;
		out->length += (size_t)got;
	}
	return 0;
}

int
registry_store_read(struct buf *out, const char *path, size_t max)
{
	/* Not to hang on a pipe that has no writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	struct stat st;
	int result = fstat(fd, &st);
	if (result == 0 && !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		result = -1;
	}
	if (result == 0 && (uint64_t)st.st_size > max) {
		errno = EFBIG;
		result = -1;
	}
	if (result == 0)
		result = read_all(fd, (size_t)st.st_size, out);
	int reason = errno;
	close(fd);
	errno = reason;
	return result;
}

int
registry_store_write(const char *path, const struct registry_store_piece *pieces, size_t count)
{
	char part[REGISTRY_PATH + 8];
	(void)snprintf(part, sizeof(part), "%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	int result = fd < 0 ? -1 : 0;
	for (size_t i = 0; i < count && result == 0; i++)
		result = descriptor_write(fd, pieces[i].octets, pieces[i].length);
	if (result == 0)
		result = fdatasync(fd);
	int reason = errno;
	if (fd >= 0)
		close(fd);
	if (result == 0) {
		result = rename(part, path);
		reason = errno;
	}
	if (result < 0 && fd >= 0)
		(void)unlink(part);
	errno = reason;
	return result;
}

void
registry_store_remove(const char *path)
{
	(void)unlink(path);
}

void
registry_store_touch(const char *path)
{
	(void)utimensat(AT_FDCWD, path, NULL, 0);
}

void
registry_store_sweep(const char *folder, int64_t age_s)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return;
	time_t now = time(NULL);
	const struct dirent *entry;
	while ((entry = readdir(dir)) != NULL) {
		struct stat st;
		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > age_s)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
}

uint64_t
registry_store_random(void)
{
	uint64_t number = 0;
	(void)!getrandom(&number, sizeof(number), 0);
	return number;
}
