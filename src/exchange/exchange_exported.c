/* How many routes each neighbour may have: counted now and then, when somebody asks, and of a large table in stretches, one
 * a turn, so that updates go on meanwhile. */
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_private.h"

enum {
	EXPORTED_AGE_US = 2000000,
	STRETCH = 16 * 1024, /* prefixes: a millisecond or two */
	AT_ONCE = 4,         /* stretches of a count that is asked for */
};

/* True when all are counted. */
static bool
step(struct exchange *x)
{
	struct exchange_counting *c = &x->counting;
	if (rib_count_exported_next(x->ribs[c->family], &c->at, STRETCH, c->out, c->slots))
		return false;
	c->at = 0;
	if (++c->family < EXCHANGE_FAMILIES)
		return false;
	memcpy(x->exported, c->out, c->slots * sizeof(*x->exported));
	x->exported_at_changes = c->changes;
	x->exported_at = x->now;
	exchange_counting_end(x);
	return true;
}

void
exchange_counting_end(struct exchange *x)
{
	free(x->counting.out);
	x->counting = (struct exchange_counting){0};
}

void
exchange_counting_step(struct exchange *x)
{
	if (x->counting.out && !step(x))
		x->next_tick = x->now;
}

const uint32_t *
exchange_exported(struct exchange *x)
{
	uint64_t changes = exchange_changes(x);
	bool fresh = x->now.us - x->exported_at.us < EXPORTED_AGE_US;
	if (x->counting.out || (x->exported_at.us && (changes == x->exported_at_changes || fresh)))
		return x->exported;
	uint32_t *out = calloc(x->slots, sizeof(*out));
	if (!out)
		return x->exported;
	x->counting = (struct exchange_counting){.out = out, .slots = x->slots, .changes = changes};
	/* The first count is waited for: there is nothing older to be shown. */
	bool first = !x->exported_at.us;
	for (int i = 0; x->counting.out && (first || i < AT_ONCE); i++)
		(void)step(x);
	exchange_counting_step(x);
	return x->exported;
}
