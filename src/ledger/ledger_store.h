/* The store: where closed bins are kept. One interface, so that an embedded engine and a cluster
 * answer the same questions (and pass the same tests); the numbers that are billed are computed
 * from its answers by the same integer code, never by an engine.
 *
 * A batch is known by (start, run): putting it again changes nothing. What several runs saw of one
 * bin adds up. A put is whole or not at all, and has reached the disk when it returns.
 *
 * All calls may wait for the disk; one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "hub/traffic.h"
#include "ledger/ledger_batch.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_pack.h"
#include "ledger/ledger_whole.h"

struct ledger_store;

enum { LEDGER_STORE_REASON = 256 }; /* why a store cannot be opened */

/* What became of one batch of a put. */
enum ledger_put {
	LEDGER_PUT_NEW,
	LEDGER_PUT_KNOWN,  /* was there already: nothing changed */
	LEDGER_PUT_REFUSED /* makes no sense (ledger_batch_fault), or overlaps bins of another
			      length */
};

/* Why a call failed. What was asked for is still to be done: keep it, and try again. */
enum ledger_store_error {
	LEDGER_STORE_OK = 0,
	LEDGER_STORE_FULL,   /* no room on the disk */
	LEDGER_STORE_BUSY,   /* someone else holds the lock */
	LEDGER_STORE_BROKEN, /* input/output error, or the file is damaged */
	LEDGER_STORE_MEMORY,
	LEDGER_STORE_UNFIT, /* the engine cannot hold this batch, now or later */
};

/* One batch that is there, without its tables. */
struct ledger_batch_row {
	struct utc_s start;
	uint64_t run;
	uint32_t length_s, covered_s;
	bool simulated;
	uint64_t in, out; /* octets of the whole hub (ledger_batch_worth) */
	enum traffic_state state;
	uint64_t kernel_drops, lost_records, refused_datagrams; /* over all exporters */
	uint64_t unattributed;                                  /* octets */
	struct ledger_check check;                              /* what its ports added up to */
};

/* What there is at all. */
struct ledger_store_totals {
	uint64_t batches, ports, bytes;  /* bytes on disk */
	struct utc_s oldest, newest_end; /* 0 when empty */
	uint64_t changes; /* counts what was put since the store was opened: while it is the same
			     nothing has changed */
};

/* How much is asked for at once where an answer is made step by step: a file is asked often for
 * little, so that others get a turn; servers seldom for much. */
struct ledger_store_stride {
	uint32_t ports, days, pairs_s, origins_s;
};

/* The bins that begin in [from, to), in steps that begin at multiples of their length since 1970; those at
 * the ends in part. */
struct ledger_steps {
	struct utc_s from, to;
	uint32_t step_s;
};

struct ledger_store_engine {
	const char *name;
	struct ledger_store_stride stride;
	enum ledger_store_error (*take)(struct ledger_store *store, struct ledger_wholes *bins,
					bool dry, enum ledger_put *results);
	enum ledger_store_error (*read)(struct ledger_store *store, struct ledger_wholes *out,
					struct utc_s from, struct utc_s to);
	enum ledger_store_error (*bins)(struct ledger_facts *out, struct ledger_store *store,
					struct arena *arena, const char *port, struct utc_s from,
					struct utc_s to);
	enum ledger_store_error (*worths)(struct ledger_worth *worths, struct ledger_store *store,
					  const uint32_t *ports, size_t count,
					  const struct ledger_steps *steps);
	enum ledger_store_error (*batches)(struct ledger_store *store, struct arena *arena,
					   struct utc_s from, struct utc_s to,
					   struct ledger_batch_row **rows, size_t *count);
	enum ledger_store_error (*sums)(struct ledger_store *store, enum ledger_sum_kind kind,
					struct utc_s from, struct utc_s to,
					struct ledger_sums *sums);
	const char *(*port_name)(struct ledger_store *store, uint32_t number);
	enum ledger_store_error (*count)(struct ledger_store *store, struct utc_s from,
					 struct utc_s to, uint64_t *batches);
	enum ledger_store_error (*totals)(struct ledger_store *store,
					  struct ledger_store_totals *totals);
	enum ledger_store_error (*fold)(struct ledger_store *store, struct utc_s now, bool *more);
	enum ledger_store_error (*verify)(struct ledger_store *store, struct buf *faults);
	const char *(*error_text)(const struct ledger_store *store);
	void (*close)(struct ledger_store *store);
};

/* Begins every engine's own struct. */
struct ledger_store {
	const struct ledger_store_engine *engine;
};

/* Keeps `count` batches in one transaction: all of them, or on failure none. results[i] says what
 * became of batches[i]; a refused one does not keep the others out. */
enum ledger_store_error ledger_store_put(struct ledger_store *store,
					 const struct traffic_batch *const *batches, size_t count,
					 enum ledger_put *results);

/* The same for whole bins, which come in order of start: new, when none of a bin's batches is there;
 * known, when all are; refused, when some are, or it overlaps bins of another length, or its folded
 * sums stand for bins that are there. `dry`: only says what would become of each. Numbers and order
 * of the sums in *bins are changed. */
static inline enum ledger_store_error
ledger_store_take(struct ledger_store *store, struct ledger_wholes *bins, bool dry,
		  enum ledger_put *results)
{
	return store->engine->take(store, bins, dry, results);
}

/* Reads all that begins in [from, to) into *out, which is empty and gets its names, valid until the
 * next put; sorted. */
static inline enum ledger_store_error
ledger_store_read(struct ledger_store *store, struct ledger_wholes *out, struct utc_s from,
		  struct utc_s to)
{
	return store->engine->read(store, out, from, to);
}

/* The bins of one port that begin in [from, to), in order of start; from `arena`. None is not a
 * failure, nor is a port that the store has never seen. */
static inline enum ledger_store_error
ledger_store_bins(struct ledger_facts *out, struct ledger_store *store, struct arena *arena,
		  const char *port, struct utc_s from, struct utc_s to)
{
	return store->engine->bins(out, store, arena, port, from, to);
}

/* How many there are. */
static inline size_t
ledger_steps_count(const struct ledger_steps *steps)
{
	int64_t from = steps->from.s / steps->step_s, to = steps->to.s;
	return to > steps->from.s ? (size_t)((to - 1) / steps->step_s - from + 1) : 0;
}

/* The one that `time` is in. */
static inline size_t
ledger_steps_at(const struct ledger_steps *steps, struct utc_s time)
{
	return (size_t)(time.s / steps->step_s - steps->from.s / steps->step_s);
}

/* Adds what ports came to, step by step: step `s` of port `i` of the list is worths[i * steps + s]. Ports
 * are numbers, in ascending order. On failure some may have been added. */
static inline enum ledger_store_error
ledger_store_worths(struct ledger_worth *worths, struct ledger_store *store, const uint32_t *ports,
		    size_t count, const struct ledger_steps *steps)
{
	return store->engine->worths(worths, store, ports, count, steps);
}

/* The batches that begin in [from, to), in order of (start, run). */
static inline enum ledger_store_error
ledger_store_batches(struct ledger_store *store, struct arena *arena, struct utc_s from,
		     struct utc_s to, struct ledger_batch_row **rows, size_t *count)
{
	return store->engine->batches(store, arena, from, to, rows, count);
}

/* Adds up all sums of one kind that begin in [from, to). What is so old that it was folded counts
 * where its hour or day begins. Ports in the keys are numbers: see ledger_store_port_name. */
static inline enum ledger_store_error
ledger_store_sums(struct ledger_store *store, enum ledger_sum_kind kind, struct utc_s from,
		  struct utc_s to, struct ledger_sums *sums)
{
	return store->engine->sums(store, kind, from, to, sums);
}

/* The port's id, or NULL. Valid until the next put. */
static inline const char *
ledger_store_port_name(struct ledger_store *store, uint32_t number)
{
	return store->engine->port_name(store, number);
}

/* How many batches begin in [from, to). None is ever taken away or changed: while they are as many, all
 * that was computed from those bins is as it was. */
static inline enum ledger_store_error
ledger_store_count(struct ledger_store *store, struct utc_s from, struct utc_s to,
		   uint64_t *batches)
{
	return store->engine->count(store, from, to, batches);
}

static inline enum ledger_store_error
ledger_store_totals(struct ledger_store *store, struct ledger_store_totals *totals)
{
	return store->engine->totals(store, totals);
}

/* Folds one hour or day of sums that are old enough (ledger_folds); *more: there may be another. */
static inline enum ledger_store_error
ledger_store_fold(struct ledger_store *store, struct utc_s now, bool *more)
{
	return store->engine->fold(store, now, more);
}

/* Checks everything: the engine's own pages, that the ports of each bin add up to what its batches
 * brought, that all packed sums read back. One line a fault is appended; none: the store is sound.
 */
static inline enum ledger_store_error
ledger_store_verify(struct ledger_store *store, struct buf *faults)
{
	return store->engine->verify(store, faults);
}

/* What the engine said about the last failure. */
static inline const char *
ledger_store_error_text(const struct ledger_store *store)
{
	return store->engine->error_text(store);
}

static inline void
ledger_store_close(struct ledger_store *store)
{
	if (store)
		store->engine->close(store);
}
