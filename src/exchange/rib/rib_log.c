/* The log of UPDATEs. */
#include "exchange/rib/rib_log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "exchange/rib/rib_memory.h"

static void
add_batch(struct rib_log *log, uint32_t place)
{
	log->batches = rib_grow(log->batches, &log->batch_capacity, log->batch_count + 1,
				sizeof(*log->batches));
	log->batches[log->batch_count++] =
		(struct rib_log_batch){.first_run = rib_log_run_end(log), .place = place};
}

void
rib_log_init(struct rib_log *log)
{
	*log = (struct rib_log){0};
	add_batch(log, 0);
}

void
rib_log_fini(struct rib_log *log)
{
	for (size_t i = 0; i < log->chunk_count; i++)
		free(log->chunks[i]);
	free(log->chunks);
	free(log->spare_chunk);
	free(log->runs);
	free(log->batches);
	*log = (struct rib_log){0};
}

static void
add_chunk(struct rib_log *log)
{
	log->chunks = rib_grow(log->chunks, &log->chunk_capacity, log->chunk_count + 1,
			       sizeof(*log->chunks));
	uint8_t *chunk = log->spare_chunk ? log->spare_chunk : malloc(RIB_LOG_CHUNK);
	if (!chunk)
		fatal("rib: no memory for the log");
	log->spare_chunk = NULL;
	log->chunks[log->chunk_count++] = chunk;
}

uint8_t *
rib_log_room(struct rib_log *log, size_t length)
{
	assert(length && length <= RIB_LOG_CHUNK);
	uint64_t used = log->end % RIB_LOG_CHUNK;
	if (used + length > RIB_LOG_CHUNK)
		log->end += RIB_LOG_CHUNK - used;
	if (log->end / RIB_LOG_CHUNK - log->first_chunk >= log->chunk_count)
		add_chunk(log);
	return log->chunks[log->end / RIB_LOG_CHUNK - log->first_chunk] + log->end % RIB_LOG_CHUNK;
}

/* A run cannot go on into another chunk, another batch, or past what 32 bits count. */
static struct rib_log_run *
run_to_extend(struct rib_log *log, uint32_t receivers)
{
	uint64_t batch_run = log->batches[log->batch_count - 1].first_run;
	if (rib_log_run_end(log) == batch_run)
		return NULL;
	struct rib_log_run *run = &log->runs[log->run_count - 1];
	bool adjacent = run->offset + run->length == log->end &&
			run->offset / RIB_LOG_CHUNK == log->end / RIB_LOG_CHUNK;
	return adjacent && run->receivers == receivers ? run : NULL;
}

void
rib_log_commit(struct rib_log *log, size_t length, uint32_t receivers)
{
	struct rib_log_run *run = run_to_extend(log, receivers);
	if (!run) {
		log->runs = rib_grow(log->runs, &log->run_capacity, log->run_count + 1,
				     sizeof(*log->runs));
		run = &log->runs[log->run_count++];
		*run = (struct rib_log_run){.offset = log->end, .receivers = receivers};
	}
	run->length += (uint32_t)length;
	run->messages++;
	log->end += length;
	log->octets += length;
	log->octets_ever += length;
	log->messages_ever++;
}

/* Frees the batches before `keep`, with their runs and octets. */
static void
drop_before(struct rib_log *log, size_t keep)
{
	uint64_t first_run = log->batches[keep].first_run;
	for (uint64_t run = log->batches[0].first_run; run < first_run; run++)
		log->octets -= rib_log_run_at(log, run)->length;
	log->first_batch += keep;
	log->batch_count -= keep;
	memmove(log->batches, log->batches + keep, log->batch_count * sizeof(*log->batches));

	log->start = first_run < rib_log_run_end(log) ? rib_log_run_at(log, first_run)->offset
						      : log->end;
	size_t dead = (size_t)(first_run - log->first_run);
	if (dead * 2 >= log->run_count) { /* so each run is moved once at most, on average */
		log->run_count -= dead;
		log->first_run = first_run;
		memmove(log->runs, log->runs + dead, log->run_count * sizeof(*log->runs));
	}
	size_t chunks = (size_t)(log->start / RIB_LOG_CHUNK - log->first_chunk);
	if (chunks > log->chunk_count)
		chunks = log->chunk_count;
	for (size_t i = 0; i < chunks; i++) {
		if (log->spare_chunk)
			free(log->chunks[i]);
		else
			log->spare_chunk = log->chunks[i];
	}
	log->chunk_count -= chunks;
	log->first_chunk += chunks;
	memmove(log->chunks, log->chunks + chunks, log->chunk_count * sizeof(*log->chunks));
}

static void
drop_unread(struct rib_log *log)
{
	size_t keep = 0;
	while (keep + 1 < log->batch_count && !log->batches[keep].readers)
		keep++;
	if (keep)
		drop_before(log, keep);
}

void
rib_log_end_batch(struct rib_log *log, uint32_t place)
{
	if (rib_log_run_end(log) == log->batches[log->batch_count - 1].first_run)
		return;
	log->batches[log->batch_count - 1].place = place;
	add_batch(log, 0);
	drop_unread(log);
}

struct rib_log_position
rib_log_tail(const struct rib_log *log)
{
	return (struct rib_log_position){
		.batch = log->first_batch + log->batch_count - 1,
		.run = rib_log_run_end(log),
	};
}

void
rib_log_enter(struct rib_log *log, struct rib_log_position at)
{
	rib_log_batch_at(log, at.batch)->readers++;
}

void
rib_log_leave(struct rib_log *log, struct rib_log_position at)
{
	struct rib_log_batch *batch = rib_log_batch_at(log, at.batch);
	assert(batch->readers);
	batch->readers--;
	drop_unread(log);
}

void
rib_log_move(struct rib_log *log, struct rib_log_position *from, struct rib_log_position to)
{
	uint64_t before = from->batch;
	*from = to;
	if (before == to.batch)
		return;
	rib_log_batch_at(log, to.batch)->readers++;
	struct rib_log_batch *batch = rib_log_batch_at(log, before);
	assert(batch->readers);
	if (--batch->readers == 0 && before == log->first_batch)
		drop_unread(log);
}

uint64_t
rib_log_batch_of(const struct rib_log *log, uint64_t run, uint64_t from)
{
	uint64_t last = log->first_batch + log->batch_count - 1;
	while (from < last && log->batches[from + 1 - log->first_batch].first_run <= run)
		from++;
	return from;
}
