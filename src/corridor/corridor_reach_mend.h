/* A set of places at a price, made better where a shortest forest alone cannot: it always follows
 * the cheapest stretches, and so passes through places that are not worth their connection, and
 * misses those that lie behind such. */
#pragma once

#include "corridor/corridor_reach_select.h"

/* Adds places that pay for a way of their own from the set, with those on the way. 0, or -1 without
 * memory. */
int corridor_reach_mend_join(struct corridor_reach_select *select, bool *set);
/* Leaves out places that what hangs on them can do without. The tree is that of the set, before and
 * after. 0, or -1 without memory. */
int corridor_reach_mend_skip(struct corridor_reach_select *select, bool *set);
