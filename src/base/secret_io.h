/* Secrets that stand in files of their own. */
#pragma once

#include <stddef.h>

enum { SECRET_MAX = 256 };

/* The secret itself, or else the first line of the file. 0 and it in `out`; -1 and errno; ERANGE when
 * it is longer than fits, ENODATA when the line is empty. */
int secret_read(char out[SECRET_MAX], const char *itself, const char *file);
