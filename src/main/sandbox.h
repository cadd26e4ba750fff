/* What a room's process gives up before it reads its first byte from outside. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SANDBOX_READABLE = 16 };

struct sandbox {
	const char *room;        /* for the log */
	const char *user;        /* to become, when we are root; NULL: stay who we are */
	bool privileged_ports;   /* keep the right to listen below 1024 */
	bool internet;           /* sockets of the Internet families */
	bool programs;           /* other programs may be run; they stay in this sandbox */
	const char *writable[4]; /* folders; NULL ends the list */
	const char *readable[SANDBOX_READABLE]; /* further folders or files to read */
};

/* Closes the sandbox of this process: another user, no new privileges, no core files, Landlock,
 * seccomp. What the kernel does not have is left out with a line in the log. -1 only when the user
 * cannot be changed: to go on as root would be worse than to stop. */
int sandbox_close(const struct sandbox *sandbox);
