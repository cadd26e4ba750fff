/* The address of a Unix socket, also where the path is longer than sun_path allows. */
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

/* Fills *out for `path`. A path too long is reached through its opened folder, whose descriptor is
 * given in *folder (else -1): the caller closes it after bind or connect. 0, or -1 and errno. */
int control_address(struct sockaddr_un *out, const char *path, int *folder);
