/* The address of a Unix socket. */
#include "net/control_address.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
control_address(struct sockaddr_un *out, const char *path, int *folder)
{
	*folder = -1;
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	size_t length = strlen(path);
	if (length < sizeof(out->sun_path)) {
		memcpy(out->sun_path, path, length + 1);
		return 0;
	}
	const char *name = strrchr(path, '/');
	if (length >= PATH_MAX || !name || strlen(name) > 64) {
		errno = ENAMETOOLONG;
		return -1;
	}
	char parent[PATH_MAX];
	memcpy(parent, path, (size_t)(name - path));
	parent[name - path] = '\0';
	*folder = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*folder < 0)
		return -1;
	(void)snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d%s", *folder, name);
	return 0;
}
