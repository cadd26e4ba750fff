/* The meter's files, written by a thread of their own: a disk that takes its time does not keep the meter
 * from its sockets.
 *
 *	the meter --a job: state, bins, traffic.now--> writer --> inlet_spool_io.h
 *	          <--the job, done, with what waits---
 *
 * One job is under way; what is given meanwhile is put together as the next one: of states and of
 * traffic.now the newest, of bins all, as many as the spool lets wait. In a job the state is written
 * first, which says that the bins with it were given, so that the run after a death does not give them
 * too. All functions are called by one thread, and none but inlet_writer_finish waits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "hub/traffic.h"
#include "meter/inlet_spool_io.h"

/* How it goes, as of the last job that was done. */
struct inlet_status {
	size_t waiting;     /* bins that are not on the disk, those of jobs too */
	size_t octets;      /* theirs */
	uint64_t forgotten; /* bins that waited too long */
	char trouble[INLET_TROUBLE];
};

struct inlet_writer;

/* Starts the thread. The folders are kept, not copied. NULL and errno. */
struct inlet_writer *inlet_writer_new(const char *run_directory, const char *spool_directory);
/* Writes what was given, waits for it, and ends the thread. */
void inlet_writer_free(struct inlet_writer *w);

/* Can be read when a job is done: then inlet_writer_go_on is to be called. */
int inlet_writer_fd(const struct inlet_writer *w);
/* Takes a job back that is done, and sends the next when there is anything in it. */
void inlet_writer_go_on(struct inlet_writer *w);
/* The same, and has what waits for the disk tried again. */
void inlet_writer_retry(struct inlet_writer *w);
/* A job is under way: what is given now is written after it. */
bool inlet_writer_busy(const struct inlet_writer *w);

/* Each takes the bytes, and leaves other memory in their place to be used again. */
void inlet_writer_keep(struct inlet_writer *w, struct buf *state);
void inlet_writer_now(struct inlet_writer *w, struct buf *bytes);
/* Encodes a bin; `newest`: it is also run/traffic.latest. */
void inlet_writer_hand_on(struct inlet_writer *w, const struct traffic_batch *batch, bool newest);

/* Returns when all that was given was written, or tried. */
void inlet_writer_finish(struct inlet_writer *w);
const struct inlet_status *inlet_writer_status(const struct inlet_writer *w);
