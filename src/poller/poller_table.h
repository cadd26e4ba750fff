/* What one walk through an agent's IF-MIB (RFC 2863) has said: cells by interface, and which of the
 * hub's ports they are. Pure.
 *
 *	poller_table_begin(t, targets);
 *	while ((from = poller_table_next(t)) >= 0)
 *		ask for poller_columns after ifIndex `from`; for each answer poller_table_take(...);
 *		poller_table_answered(t, ...);
 *	for each target poller_table_reading(t, ...)
 *
 * Names are looked for in every walk, so that a machine that numbers its interfaces anew is followed at
 * once. Where all ports are given by number only their rows are asked for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum poller_column {
	POLLER_DESCR, /* first: every interface has one, so it leads the walk */
	POLLER_NAME,
	POLLER_ALIAS,
	POLLER_IN_OCTETS,
	POLLER_OUT_OCTETS,
	POLLER_IN_OCTETS_32, /* where there are no 64 bits */
	POLLER_OUT_OCTETS_32,
	POLLER_IN_UNICAST,
	POLLER_IN_MULTICAST,
	POLLER_IN_BROADCAST,
	POLLER_OUT_UNICAST,
	POLLER_OUT_MULTICAST,
	POLLER_OUT_BROADCAST,
	POLLER_IN_ERRORS,
	POLLER_OUT_ERRORS,
	POLLER_IN_DISCARDS,
	POLLER_OUT_DISCARDS,
	POLLER_SPEED_MEGABITS,
	POLLER_DISCONTINUITY,
	POLLER_OPER_STATUS, /* asked for only where somebody wants to know it */
	POLLER_COLUMNS      /* how many there are */
};

enum { POLLER_OID_MAX = 12, POLLER_ROWS_MAX = 65536 };

/* An object identifier without the index of the row. */
struct poller_oid {
	uint32_t number[POLLER_OID_MAX];
	uint8_t length;
};
/* By enum poller_column. */
extern const struct poller_oid poller_columns[POLLER_COLUMNS];

/* An interface that is looked for: of a port, or one that tells the state of a segment. */
struct poller_target {
	uint32_t port; /* index in the picture; of the source where `is_source` */
	bool is_source;
	uint32_t if_index;     /* given; 0: by name */
	const char *interface; /* name; NULL: by number. Lives as long as the picture */
	/* What the walk has found. */
	uint32_t found;   /* ifIndex, 0: none */
	uint8_t found_by; /* the column of the name */
	bool several;     /* the name is that of more than one interface */
};

struct poller_row;

struct poller_table {
	struct poller_target *targets; /* not owned */
	size_t target_count;
	bool named;              /* some are given by name: all rows are walked through */
	bool sourced;            /* some tell the state of segments */
	struct poller_row *rows; /* in order of their index */
	size_t row_count, row_space;
	uint32_t at;        /* rows up to this index have been asked for */
	bool ended, failed; /* all seen; no memory, or an answer that leads nowhere */
	/* Of the answer in hand: the last row that is whole, the last one begun, its cells so far. */
	uint32_t step_last, step_lead, step_cells;
	uint32_t uptime_ticks;
	bool has_uptime;
};

void poller_table_fini(struct poller_table *t);
/* Begins a walk. A zeroed table will do. */
void poller_table_begin(struct poller_table *t, struct poller_target *targets, size_t count);
/* The ifIndex after which rows are to be asked for now, or -1 when the walk is over. */
int64_t poller_table_next(struct poller_table *t);

/* One variable of an answer, in the order of the answer. */
struct poller_variable {
	const uint32_t *oid;
	size_t oid_length;
	bool is_number;
	uint64_t number;  /* counters, gauges, ticks */
	const char *text; /* otherwise, may hold anything; `length` octets */
	size_t length;
};
/* sysUpTime, in hundredths of a second: that of all that follows in this answer. */
void poller_table_uptime(struct poller_table *t, uint32_t ticks);
void poller_table_take(struct poller_table *t, const struct poller_variable *v, struct utc_s now);
/* The answer is at its end. */
void poller_table_answered(struct poller_table *t);
/* Which columns are asked for: a set. Names only where somebody is looked for by name. */
uint32_t poller_table_columns(const struct poller_table *t);

/* What a target's counters are; not told: UINT64_MAX. */
struct poller_reading {
	uint32_t if_index;
	struct utc_s time;
	uint64_t in_octets, out_octets, in_packets, out_packets;
	uint64_t in_errors, out_errors, in_discards, out_discards;
	uint8_t width;      /* of the octet counters */
	uint64_t speed_bps; /* 0: not told */
	uint32_t uptime_ms;
	bool has_uptime;
	uint32_t discontinuity_ticks; /* 0: not told, or never */
};
/* ifOperStatus of a target: 1 where packets pass, 0 where they do not, -1 where it is not told (RFC 2863
 * section 3.1.15). */
int poller_table_passes(const struct poller_table *t, const struct poller_target *target);
/* False when the walk found no such interface, several of that name, or no octets for it. */
bool poller_table_reading(const struct poller_table *t, const struct poller_target *target,
			  struct poller_reading *out);
