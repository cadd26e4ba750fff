/* The log: UPDATE messages in the order they are to be sent, each with the set of its receivers. It
 * is written once and read by all sessions, each at a position of its own.
 *
 *   batches    | 7            | 8      | 9          |      a batch is one turn
 *   runs       | r  | r  | r  | r  | r | r  | r     |      neighbours with the same receivers
 *   chunks     [ octets ......   ][ octets ......   ]      no message lies across two
 *
 * A batch counts the sessions whose next octet lies in it; the batch that does not exist yet counts
 * those that have read everything. Memory goes when the oldest batch counts none. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RIB_LOG_CHUNK = 64 * 1024 };

struct rib_log_run {
	uint64_t offset;        /* in the log as a whole; chunk = offset / RIB_LOG_CHUNK */
	uint32_t length : 20;   /* never beyond the chunk */
	uint32_t messages : 12; /* of 23 octets at least */
	uint32_t receivers;
};

struct rib_log_batch {
	uint64_t first_run;
	uint32_t place;   /* in the list of changes: what changed since lies at or after it */
	uint32_t readers; /* sessions in front that are in this batch */
};

/* Runs and batches are numbered from the beginning of time; the arrays hold the latest. */
struct rib_log {
	uint8_t **chunks; /* NULL where freed */
	size_t chunk_count, chunk_capacity;
	uint64_t first_chunk; /* number of chunks[0] */
	uint8_t *spare_chunk;
	uint64_t start, end; /* octets retained: [start, end) */
	uint64_t octets;     /* of messages retained, without the gaps at ends of chunks */
	struct rib_log_run *runs;
	size_t run_count, run_capacity;
	uint64_t first_run; /* number of runs[0] */
	struct rib_log_batch *batches;
	size_t batch_count, batch_capacity; /* the last one is the batch to come */
	uint64_t first_batch;
	uint64_t octets_ever, messages_ever;
};

struct rib_log_position {
	uint64_t batch, run;
	uint32_t offset; /* in the run */
};

void rib_log_init(struct rib_log *log);
void rib_log_fini(struct rib_log *log);

/* Room for one message of `length` octets, to be committed next. */
uint8_t *rib_log_room(struct rib_log *log, size_t length);
void rib_log_commit(struct rib_log *log, size_t length, uint32_t receivers);
/* Ends the batch that is being written, if it has a run; `place` is where its changes begin. */
void rib_log_end_batch(struct rib_log *log, uint32_t place);

/* Everything read. */
struct rib_log_position rib_log_tail(const struct rib_log *log);
/* A session enters at the tail, or leaves from where it is. */
void rib_log_enter(struct rib_log *log, struct rib_log_position at);
void rib_log_leave(struct rib_log *log, struct rib_log_position at);
/* Moves a reader and frees what nobody needs any more. */
void rib_log_move(struct rib_log *log, struct rib_log_position *from, struct rib_log_position to);

static inline bool
rib_log_at_tail(const struct rib_log *log, struct rib_log_position at)
{
	return at.batch == log->first_batch + log->batch_count - 1;
}
static inline const struct rib_log_run *
rib_log_run_at(const struct rib_log *log, uint64_t run)
{
	return &log->runs[run - log->first_run];
}
static inline const uint8_t *
rib_log_octets(const struct rib_log *log, uint64_t offset)
{
	return log->chunks[offset / RIB_LOG_CHUNK - log->first_chunk] + offset % RIB_LOG_CHUNK;
}
static inline uint64_t
rib_log_run_end(const struct rib_log *log)
{
	return log->first_run + log->run_count;
}
static inline struct rib_log_batch *
rib_log_batch_at(const struct rib_log *log, uint64_t batch)
{
	return &log->batches[batch - log->first_batch];
}
/* The batch that holds the run, not before `from`. */
uint64_t rib_log_batch_of(const struct rib_log *log, uint64_t run, uint64_t from);
