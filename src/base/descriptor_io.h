/* Descriptors that block. */
#pragma once

#include <stddef.h>

/* Writes all of it, however often that is interrupted. 0, or -1 with errno; part of it may be written then. */
int descriptor_write(int fd, const void *octets, size_t length);
