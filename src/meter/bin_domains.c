/* Rows of the loss ledger: an array, and an open-addressing hash into it. */
#include "meter/bin_domains.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { FIRST_CAPACITY = 16 };

void
bin_domains_fini(struct bin_domains *d)
{
	free(d->list);
	free(d->slots);
	*d = (struct bin_domains){0};
}

void
bin_domains_clear(struct bin_domains *d)
{
	if (d->count)
		memset(d->slots, 0, (d->mask + 1) * sizeof(*d->slots));
	d->count = 0;
}

static uint32_t *
find(const struct bin_domains *d, const struct bin_domain *row)
{
	uint64_t place = (uint64_t)row->exporter << 8 | row->protocol;
	size_t at = hash_u64(hash_u64(row->number) ^ place) & d->mask;
	for (; d->slots[at]; at = (at + 1) & d->mask) {
		const struct bin_domain *have = &d->list[d->slots[at] - 1];
		if (have->exporter == row->exporter && have->protocol == row->protocol &&
		    have->number == row->number)
			break;
	}
	return &d->slots[at];
}

int
bin_domains_reserve(struct bin_domains *d, size_t more)
{
	if (d->count + more <= d->capacity)
		return 0;
	struct bin_domains larger = {.capacity = d->capacity ? d->capacity : FIRST_CAPACITY,
				     .count = d->count};
	while (larger.capacity < d->count + more)
		larger.capacity *= 2;
	larger.mask = larger.capacity * 2 - 1;
	larger.list = malloc(larger.capacity * sizeof(*larger.list));
	larger.slots = calloc(larger.mask + 1, sizeof(*larger.slots));
	if (!larger.list || !larger.slots) {
		bin_domains_fini(&larger);
		return -1;
	}
	for (size_t i = 0; i < d->count; i++) {
		larger.list[i] = d->list[i];
		*find(&larger, &larger.list[i]) = (uint32_t)i + 1;
	}
	bin_domains_fini(d);
	*d = larger;
	return 0;
}

void
bin_domains_add(struct bin_domains *d, const struct bin_domain *row)
{
	assert(d->count < d->capacity);
	uint32_t *slot = find(d, row);
	if (!*slot) {
		d->list[d->count++] = *row;
		*slot = (uint32_t)d->count;
		return;
	}
	struct domain_sums *to = &d->list[*slot - 1].sums;
	to->received += row->sums.received;
	to->lost += row->sums.lost;
	to->lost_here += row->sums.lost_here;
	to->restarts += row->sums.restarts;
	to->repeated += row->sums.repeated;
}

size_t
bin_domains_size(const struct bin_domains *d)
{
	return d->list ? d->capacity * sizeof(*d->list) + (d->mask + 1) * sizeof(*d->slots) : 0;
}
