/* Secrets that stand in files of their own. */
#pragma once

#include <stddef.h>

enum { POLLER_SECRET_MAX = 256 };

/* The secret itself, or else the first line of the file. 0 and it in `out`; -1 and errno; ERANGE when
 * it is longer than fits, ENODATA when the line is empty. */
int poller_secret(char out[POLLER_SECRET_MAX], const char *itself, const char *file);
