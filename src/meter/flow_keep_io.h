/* The files of flow records: appended to, looked through, removed when their time is over. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "meter/flow_keep.h"

/* Appends a block to the file of its hour; what a program that was cut off left behind is cut away before.
 * 0, or -1 and errno: then the file is as it was. */
int flow_keep_append(const char *folder, const struct flow_keep_block *block);

/* Removes what is too old at `now`, or too much, or of members that want none (any more). Returns how many
 * files. */
size_t flow_keep_expire(const char *folder, const struct hub *hub, struct utc_s now);

/* The hours that are kept of a member, from the oldest: `*out` is to be freed. Their number; 0: none. */
size_t flow_keep_hours(const char *folder, struct asn member, struct utc_s **out);

/* A file that is being read. */
struct flow_keep_file {
	int fd; /* -1: none */
	uint64_t at;
};
/* 0, or -1 and errno. */
int flow_keep_open(struct flow_keep_file *out, const char *folder, struct asn member,
		   struct utc_s hour);
/* Reads the next block into `bytes`. 1; 0 at the end, or where a block is not whole. */
int flow_keep_read(struct flow_keep_file *file, struct buf *bytes);
void flow_keep_close(struct flow_keep_file *file);
