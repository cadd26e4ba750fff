/* Unknown MACs in buckets of eight: a sample looks at one bucket and no further. */
#include "meter/attribution_unknown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { WAYS = 8, BUCKETS = ATTRIBUTION_UNKNOWN_MAX / WAYS };

void
attribution_strangers_fini(struct attribution_strangers *s)
{
	free(s->list);
	*s = (struct attribution_strangers){0};
}

static size_t
bucket_of(const struct attribution_stranger *seen)
{
	uint64_t mac = 0;
	memcpy(&mac, seen->mac.octets, sizeof(seen->mac.octets));
	uint64_t place = (uint64_t)seen->exporter << 32 | seen->if_index;
	return hash_u64(hash_u64(mac << 16 | seen->vlan) ^ place) % BUCKETS;
}

static bool
is_same(const struct attribution_stranger *a, const struct attribution_stranger *b)
{
	return memcmp(&a->mac, &b->mac, sizeof(a->mac)) == 0 && a->vlan == b->vlan &&
	       a->exporter == b->exporter && a->if_index == b->if_index;
}

static void
join(struct attribution_stranger *to, const struct attribution_stranger *seen)
{
	to->octets_sent += seen->octets_sent;
	to->samples_sent += seen->samples_sent;
	to->octets_received += seen->octets_received;
	to->samples_received += seen->samples_received;
	if (seen->first_s < to->first_s)
		to->first_s = seen->first_s;
	if (seen->last_s > to->last_s)
		to->last_s = seen->last_s;
}

void
attribution_strangers_add(struct attribution_strangers *s, const struct attribution_stranger *seen)
{
	if (!s->list)
		s->list = calloc(ATTRIBUTION_UNKNOWN_MAX, sizeof(*s->list));
	if (!s->list)
		return;
	struct attribution_stranger *bucket = &s->list[bucket_of(seen) * WAYS], *oldest = bucket;
	for (int i = 0; i < WAYS; i++) {
		if (bucket[i].last_s && is_same(&bucket[i], seen)) {
			join(&bucket[i], seen);
			return;
		}
		if (bucket[i].last_s < oldest->last_s)
			oldest = &bucket[i];
	}
	s->forgotten += oldest->last_s != 0;
	*oldest = *seen;
}

static uint64_t
weight(const struct attribution_stranger *s)
{
	return s->octets_sent + s->octets_received;
}

size_t
attribution_strangers_list(const struct attribution_strangers *s, int64_t since_s,
			   struct attribution_stranger *out, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; s->list && i < ATTRIBUTION_UNKNOWN_MAX; i++) {
		const struct attribution_stranger *one = &s->list[i];
		if (!one->last_s || one->last_s < since_s)
			continue;
		size_t at = count;
		while (at && weight(&out[at - 1]) < weight(one))
			at--;
		if (at == max)
			continue;
		if (count < max)
			count++;
		memmove(&out[at + 1], &out[at], (count - 1 - at) * sizeof(*out));
		out[at] = *one;
	}
	return count;
}

void
attribution_strangers_clear(struct attribution_strangers *s)
{
	if (s->list)
		memset(s->list, 0, ATTRIBUTION_UNKNOWN_MAX * sizeof(*s->list));
	s->forgotten = 0;
}
