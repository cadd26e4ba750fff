/* Writing to descriptors that block. */
#include "base/descriptor_io.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { OCTETS = 1 << 20 }; /* more than a pipe holds */

/* Reads all of the pipe, in small pieces; says how many octets were as they should be. */
static int
reader(int fd)
{
	unsigned char piece[999];
	size_t at = 0;
	for (ssize_t n; (n = read(fd, piece, sizeof(piece))) > 0;)
		for (ssize_t i = 0; i < n; i++, at++)
			if (piece[i] != (unsigned char)(at * 7))
				return 1;
	return at != OCTETS;
}

int
main(void)
{
	int ends[2], status = -1;
	unsigned char *octets = malloc(OCTETS);
	if (!octets || pipe(ends) < 0)
		abort();
	for (size_t i = 0; i < OCTETS; i++)
		octets[i] = (unsigned char)(i * 7);
	pid_t child = fork();
	if (child == 0) {
		close(ends[1]);
		_exit(reader(ends[0]));
	}
	close(ends[0]);
	is_int(descriptor_write(ends[1], octets, OCTETS), 0, "more than fits at once is written");
	is_int(descriptor_write(ends[1], octets, 0), 0, "nothing, too");
	close(ends[1]);
	(void)waitpid(child, &status, 0);
	is_int(status, 0, "and arrives whole");
	ok(descriptor_write(ends[1], octets, 1) < 0 && errno == EBADF, "a failure has its reason");
	free(octets);
	return done_testing();
}
