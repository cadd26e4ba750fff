/* MRT files on disk: plain, or packed by gzip or bzip2, which their first octets tell. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "exchange/monitor/mrt.h"

/* How the reading of a file ended. */
enum mrt_end {
	MRT_END_OK,
	MRT_END_TRUNCATED, /* within a record, or within the packed data */
	MRT_END_BROKEN,  /* what follows is no record, or no packed data: nothing of it was read */
	MRT_END_ERROR,   /* it cannot be opened or read: errno */
	MRT_END_STOPPED, /* `record` wanted no more */
};

/* Reads a file, "-" for standard input, and calls `record` for each record, in order, until it returns
 * non-zero. *offset is where reading ended, counted in unpacked octets. */
enum mrt_end mrt_file_read(const char *path,
			   int (*record)(void *context, const struct mrt_record *record),
			   void *context, uint64_t *offset);
