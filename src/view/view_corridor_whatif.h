/* The parts of `corridor whatif`; used by view_corridor_whatif*.c only. */
#pragma once

#include "corridor/corridor_whatif.h"
#include "corridor/corridor_whatif_lease.h"
#include "view/view_corridor_way.h"

enum { VIEW_WHATIF_NAMES = 32 };

struct view_whatif_question {
	struct corridor_terms terms;
	struct corridor_named names[VIEW_WHATIF_NAMES]; /* what is cut; none: all of a kind */
	size_t count;
	enum corridor_kind kind;
	bool pairs;
	bool depth_told; /* single or double was there */
	size_t top;
	bool of_all;         /* --of, --top, single or double were there */
	uint64_t lease_days; /* 0: nothing is to be leased */
};

struct view_whatif {
	const struct view_corridor *view;
	const struct view_whatif_question *question;
	const struct corridor_plan *plan;
	struct corridor_whatif *whatif;
	struct corridor_consequences all;
	struct corridor_consequence one;
	uint32_t order[VIEW_WHATIF_NAMES];  /* in which to mend, if `mendable` */
	struct corridor_range until_mended; /* Gbit/s times hours */
	bool mendable;
	struct corridor_leases leases; /* with lease_days */
};

/* Demands of which nobody has said how much they ask for. */
size_t view_whatif_unmeasured(const struct view_whatif *a);
/* How many of all cuts are shown. */
size_t view_whatif_shown(const struct view_whatif *a);

/* --- view_corridor_whatif_lease.c: what to lease --- */
void view_whatif_lease_json(struct json *j, const struct view_whatif *a);
void view_whatif_lease_csv(struct buf *out, const struct view_whatif *a);
void view_whatif_lease_text(struct buf *out, const struct view_whatif *a);

/* --- view_corridor_whatif_text.c --- */
void view_whatif_text(struct buf *out, const struct view_whatif *a);
