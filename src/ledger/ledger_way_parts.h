/* A month of ways; used by ledger_way*.c only. */
#pragma once

#include "ledger/ledger_way.h"

/* Their texts, and the list of them, are the arena's from then on. False without memory. */
bool ledger_way_copy_names(struct ways_names *names, struct arena *arena);

/* What was said, and the port there of each number of the store, less 1. */
struct way_view {
	struct ledger_way_view *view;
	uint32_t *port; /* index into its ports; UINT32_MAX: it knows of none */
};

struct ledger_way_month {
	struct ledger_store *store;
	struct ledger_way_setting setting;
	struct arena *arena;
	struct utc_s *bounds; /* of spans: in rising order, the first is from, the last is to */
	size_t bound_count;
	size_t at;          /* the span that is read */
	uint32_t port;      /* the next one of it */
	const char **ports; /* by number, less 1 */
	uint32_t *numbers;
	struct ledger_worth *worths; /* of the span */
	uint32_t port_count;
	struct way_view *views; /* of each state */
	struct ledger_way_paths *paths;
	/* upper: port's number * 2 + outgoing, lower: path, next: shared out by time, octets; packets
	 * are the octets of these by estimate */
	struct ledger_sums total;
};
