/* Writing to descriptors that block. */
#include "base/descriptor_io.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

int
descriptor_write(int fd, const void *octets, size_t length)
{
	const uint8_t *at = octets;
	while (length > 0) {
		ssize_t written = write(fd, at, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		at += written;
		length -= (size_t)written;
	}
	return 0;
}
