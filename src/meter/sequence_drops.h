/* Datagrams that our own socket dropped: a gap that shows soon after is explained by them, up to
 * their number. Whose they were nobody knows, so there is one pool for all exporters. */
#pragma once

#include <stdint.h>

enum { SEQUENCE_DROPS_S = 60 }; /* drops explain gaps for so long */

struct sequence_drops {
	uint64_t left; /* that no gap was explained by yet */
	int64_t at_s;  /* when a datagram was taken first after the last of them; 0: not yet */
};

/* `count` more datagrams were lost before they were taken. */
static inline void
sequence_drops_add(struct sequence_drops *d, uint64_t count)
{
	d->left += count;
	d->at_s = 0;
}

/* A datagram is taken. */
static inline void
sequence_drops_age(struct sequence_drops *d, int64_t now_s)
{
	if (!d->left)
		return;
	if (!d->at_s)
		d->at_s = now_s;
	if (now_s - d->at_s > SEQUENCE_DROPS_S)
		d->left = 0;
}

/* How many of `datagrams` that are missing we dropped ourselves; they leave the pool. */
static inline uint64_t
sequence_drops_use(struct sequence_drops *d, uint64_t datagrams)
{
	uint64_t used = datagrams < d->left ? datagrams : d->left;
	d->left -= used;
	return used;
}
