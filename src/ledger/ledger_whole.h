/* One bin whole: all that a store keeps of it. What is put, exported and imported: the engines write
 * nothing else.
 *
 *   batches   what each run of a meter said, one or several
 *   ports     what all of them saw of a port, added up
 *   sums      pairs, networks, countries of each run; or folded ones that begin here and stand for
 *             an hour or a day
 *
 * Ports in sums are numbers: number n is name n - 1 of ledger_wholes.names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "hub/traffic.h"
#include "ledger/ledger_batch.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_pack.h"
#include "ledger/ledger_port_names.h"
#include "ledger/ledger_rows.h"

struct ledger_whole_batch {
	struct traffic_batch told; /* without ports, pairs, networks and countries */
	struct ledger_check check; /* what its ports added up to */
	uint64_t in, out;          /* octets of the whole hub (ledger_batch_worth) */
	enum traffic_state state;
};

struct ledger_whole_port {
	const char *port;
	struct ledger_fact fact;
};

struct ledger_whole_sums {
	enum ledger_sum_kind kind;
	bool folded;
	uint64_t run;      /* folded: 0 */
	uint32_t length_s; /* of the bin; folded: an hour or a day */
	struct ledger_sums sums;
};

struct ledger_whole {
	struct utc_s start;
	struct ledger_rows batches; /* of struct ledger_whole_batch */
	struct ledger_rows ports;   /* of struct ledger_whole_port */
	struct ledger_rows sums;    /* of struct ledger_whole_sums */
};

/* Several bins. Owns an arena for what is in them. */
struct ledger_wholes {
	struct arena *arena;
	struct ledger_rows items;              /* of struct ledger_whole */
	const struct ledger_port_names *names; /* not owned */
	bool lost_sums; /* of a damaged store: sums could not be read, and none is here */
};

static inline struct ledger_whole *
ledger_wholes_item(const struct ledger_wholes *wholes, size_t i)
{
	return (struct ledger_whole *)wholes->items.items + i;
}

static inline struct ledger_whole_batch *
ledger_whole_batch(const struct ledger_whole *whole, size_t i)
{
	return (struct ledger_whole_batch *)whole->batches.items + i;
}

static inline struct ledger_whole_port *
ledger_whole_port(const struct ledger_whole *whole, size_t i)
{
	return (struct ledger_whole_port *)whole->ports.items + i;
}

static inline struct ledger_whole_sums *
ledger_whole_sums(const struct ledger_whole *whole, size_t i)
{
	return (struct ledger_whole_sums *)whole->sums.items + i;
}

/* False if there is no memory. */
bool ledger_wholes_init(struct ledger_wholes *wholes, const struct ledger_port_names *names);
void ledger_wholes_fini(struct ledger_wholes *wholes);
/* Leaves the bins without sums. */
void ledger_wholes_drop_sums(struct ledger_wholes *wholes);
/* A further bin at the end, or the one with this start, which is looked for from the end. NULL if there
 * is no memory. */
struct ledger_whole *ledger_wholes_add(struct ledger_wholes *wholes, struct utc_s start);
struct ledger_whole *ledger_wholes_at(struct ledger_wholes *wholes, struct utc_s start);
/* Sorts bins by start, batches by run, ports by name, sums by kind and run; and each heap. */
void ledger_wholes_sort(struct ledger_wholes *wholes);

/* Gives the ports of all sums new numbers, in the order of their names, which go into *sorted; and sorts
 * the sums by them: so that what two stores say of a bin is the same octets. False if there is no
 * memory. */
bool ledger_wholes_order(struct ledger_wholes *wholes, struct ledger_port_names *sorted);

/* The sums of this kind and run, new if need be. NULL if there is no memory. */
struct ledger_sums *ledger_whole_sums_of(struct ledger_whole *whole,
					 const struct ledger_whole_sums *key);

/* A bin of one batch; *names must have its ports. NULL if there is no memory. */
struct ledger_whole *ledger_wholes_add_batch(struct ledger_wholes *wholes,
					     const struct traffic_batch *batch);

/* Why a bin that came from outside cannot be: static text, or NULL. It must be sorted. */
const char *ledger_whole_fault(const struct ledger_whole *whole);
