/* Files that a thread writes, so that no disk keeps anybody waiting: written aside, renamed when they are whole.
 * One batch of octets is on its way at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct mrt_output;

/* `directory`/`name` is written as `directory`/.`name`.part until it is whole. When it is, files rib.* and updates.*
 * in the directory whose names begin with a date before `keep_from` ("20261031", "": none) are deleted. NULL if there is
 * no memory or no thread. */
struct mrt_output *mrt_output_open(const char *directory, const char *name, bool compress,
				   const char *keep_from);
/* Takes the batch and leaves an empty one; false: it is still busy with the one before. */
bool mrt_output_take(struct mrt_output *output, struct buf *batch);
/* Nothing more comes. `whole`: the file is to have its name; else it is thrown away. False: it is still busy. */
bool mrt_output_end(struct mrt_output *output, bool whole);
/* How it ended. */
struct mrt_output_result {
	int error;       /* 0 or an errno */
	uint64_t octets; /* of the file that is whole, as it lies there */
};
/* After that: true when the thread is done; then *result is set and the output is freed. `wait`: until then. */
bool mrt_output_done(struct mrt_output *output, bool wait, struct mrt_output_result *result);
