/* Over what traffic between two ports goes, by what the corridor said of its ways (hub/ways.h); each path
 * once, with a number. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "hub/ways.h"

/* How it is known. */
enum ledger_way_basis {
	LEDGER_WAY_UNKNOWN,
	LEDGER_WAY_SITE,    /* both ports are at one site: no segment is crossed */
	LEDGER_WAY_STEERED, /* by the plan of exits that was in force */
	LEDGER_WAY_CONTRACT, /* a contract says where it runs, and nobody has steered it: an estimate */
	LEDGER_WAY_BASES,
};
/* "unknown", "site", "steered", "contract" */
const char *ledger_way_basis_name(enum ledger_way_basis basis);

struct ledger_way_path {
	enum ledger_way_basis basis;
	bool estimated; /* by contract, or where a segment runs is an estimate */
	struct ways_names segments;
	struct ways_names crosses[WAYS_CLASSES]; /* sorted; the sites' countries too */
	uint64_t length_m, latency_us;
};

/* Paths by number; 0 is that of what is unknown. */
struct ledger_way_paths;
/* NULL without memory. */
struct ledger_way_paths *ledger_way_paths_new(void);
void ledger_way_paths_free(struct ledger_way_paths *paths);
const struct ledger_way_path *ledger_way_paths_at(const struct ledger_way_paths *paths, uint32_t n);
uint32_t ledger_way_paths_count(const struct ledger_way_paths *paths);

/* What was said once, made ready for many questions. `ways` outlives it; NULL without memory. */
struct ledger_way_view;
struct ledger_way_view *ledger_way_view_new(struct arena *arena, const struct ways *ways);

/* The number of the path from a port to another (index into ways->ports, or UINT32_MAX) of one family (enum
 * ip_family). Of several sessions that may be the exit all have to agree, else it is unknown. UINT32_MAX
 * without memory. */
uint32_t ledger_way_path_of(struct ledger_way_paths *paths, struct ledger_way_view *view,
			    uint32_t from, uint32_t to, uint8_t family);
