/* Reads the first line of a file. */
#include "base/secret_io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int
read_line(char out[SECRET_MAX], const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t length = read(fd, out, SECRET_MAX - 1);
	int why = errno;
	close(fd);
	if (length < 0) {
		errno = why;
		return -1;
	}
	out[length] = '\0';
	size_t end = strcspn(out, "\r\n");
	if (end == SECRET_MAX - 1) {
		errno = ERANGE;
		return -1;
	}
	out[end] = '\0';
	return 0;
}

int
secret_read(char out[SECRET_MAX], const char *itself, const char *file)
{
	if (!itself) {
		if (read_line(out, file) < 0)
			return -1;
	} else if (strlen(itself) >= SECRET_MAX) {
		errno = ERANGE;
		return -1;
	} else {
		strcpy(out, itself);
	}
	if (out[0])
		return 0;
	errno = ENODATA;
	return -1;
}
