/* The registry's files: read whole, and complete when they appear. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { REGISTRY_PATH = 4096 };

/* "<folder>/<name><suffix>". False, and errno, when that is too long. */
bool registry_store_path(char out[REGISTRY_PATH], const char *folder, const char *name,
			 const char *suffix);
/* Reads all of a regular file into an empty buffer. 0, or -1 and errno; EFBIG: longer than `max`. */
int registry_store_read(struct buf *out, const char *path, size_t max);

struct registry_store_piece {
	const void *octets;
	size_t length;
};

/* Writes the pieces one after another, aside, to the disk, and renames. 0, or -1 and errno. */
int registry_store_write(const char *path, const struct registry_store_piece *pieces, size_t count);
/* Removes what is there; nothing there is as good. */
void registry_store_remove(const char *path);
/* Somebody has a use for this file: it counts as written now. */
void registry_store_touch(const char *path);
/* Removes files of `folder` that nobody wrote for `age_s`. */
void registry_store_sweep(const char *folder, int64_t age_s);
/* A number that nobody can guess. */
uint64_t registry_store_random(void);
