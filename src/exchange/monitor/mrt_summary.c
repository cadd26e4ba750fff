/* Counting what MRT files hold. */
#include "exchange/monitor/mrt_summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_reader.h"

/* --- sets of hashes --- */

static bool
grow(struct mrt_seen *seen)
{
	size_t capacity = seen->capacity ? seen->capacity * 2 : 1024;
	uint64_t *slots = calloc(capacity, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < seen->capacity; i++) {
		uint64_t hash = seen->slots[i];
		size_t at = hash & (capacity - 1);
		while (hash && slots[at])
			at = (at + 1) & (capacity - 1);
		if (hash)
			slots[at] = hash;
	}
	free(seen->slots);
	seen->slots = slots;
	seen->capacity = capacity;
	return true;
}

static void
see(struct mrt_seen *seen, uint64_t hash)
{
	hash += hash == 0; /* 0 marks an empty place */
	if ((seen->count + 1) * 4 > seen->capacity * 3 && !grow(seen)) {
		seen->failed = true;
		return;
	}
	size_t mask = seen->capacity - 1, at = hash & mask;
	while (seen->slots[at] && seen->slots[at] != hash)
		at = (at + 1) & mask;
	seen->count += !seen->slots[at];
	seen->slots[at] = hash;
}

void
mrt_summary_fini(struct mrt_summary *s)
{
	for (unsigned i = 0; i < MRT_FAMILIES; i++)
		free(s->prefixes[i].slots);
	free(s->attributes.slots);
	free(s->peers.slots);
	memset(s, 0, sizeof(*s));
}

/* --- records --- */

static void
count_kind(struct mrt_summary *s, const struct mrt_record *record)
{
	size_t i = 0;
	while (i < s->kind_count &&
	       (s->kinds[i].type != record->type || s->kinds[i].subtype != record->subtype))
		i++;
	if (i == MRT_SUMMARY_KINDS)
		return;
	if (i == s->kind_count) {
		s->kinds[i].type = record->type;
		s->kinds[i].subtype = record->subtype;
		s->kind_count++;
	}
	s->kinds[i].count++;
}

void
mrt_summary_record(struct mrt_summary *s, const struct mrt_record *record, enum mrt_verdict verdict)
{
	s->records++;
	s->octets += MRT_HEADER + cursor_left(&record->body) +
		     (record->type == MRT_BGP4MP_ET && !record->body.failed ? 4 : 0);
	count_kind(s, record);
	s->verdicts[verdict]++;
	if (verdict >= MRT_SHORT && s->fault_count < MRT_SUMMARY_FAULTS) {
		size_t i = s->fault_count++;
		s->faults[i].verdict = verdict;
		s->faults[i].offset = record->offset;
		s->faults[i].type = record->type;
		s->faults[i].subtype = record->subtype;
	}
	if (!s->any_time || record->time_s < s->first_s)
		s->first_s = record->time_s;
	if (!s->any_time || record->time_s > s->last_s)
		s->last_s = record->time_s;
	s->any_time = true;
}

uint64_t
mrt_summary_malformed(const struct mrt_summary *s)
{
	uint64_t sum = 0;
	for (unsigned i = MRT_SHORT; i < MRT_VERDICTS; i++)
		sum += s->verdicts[i];
	return sum;
}

/* --- entries --- */

/* The same attributes with other prefixes in MP_REACH are the same set. */
static uint64_t
hash_attributes(const struct mrt_attrs *attrs)
{
	if (!mrt_attrs_have(attrs, BGP_ATTR_MP_REACH) &&
	    !mrt_attrs_have(attrs, BGP_ATTR_MP_UNREACH))
		return hash_bytes(attrs->octets.at, cursor_left(&attrs->octets));
	uint64_t hash = hash_bytes(&attrs->mp_next_hop, sizeof(attrs->mp_next_hop));
	struct cursor list = attrs->octets;
	struct bgp_attribute a;
	while (cursor_left(&list) && bgp_attribute_take(&a, &list) == BGP_REASON_NONE)
		if (!bgp_attribute_has_prefixes(a.type))
			hash = hash_u64(hash ^
					hash_bytes(a.whole.at, (size_t)(a.whole.end - a.whole.at)));
	return hash;
}

static void
see_prefix(struct mrt_summary *s, unsigned family, const struct prefix *prefix)
{
	see(&s->prefixes[family], hash_bytes(prefix, sizeof(*prefix)));
}

static void
see_group(struct mrt_summary *s, const struct mrt_entry *entry)
{
	uint8_t key[sizeof(struct ip) + sizeof(uint32_t)];
	memcpy(key, &entry->peer->address, sizeof(struct ip));
	memcpy(key + sizeof(struct ip), &entry->peer->asn.number, sizeof(uint32_t));
	see(&s->peers, hash_bytes(key, sizeof(key)));
	if (entry->attrs)
		see(&s->attributes, hash_attributes(entry->attrs));
	s->group = entry->group;
}

void
mrt_summary_entry(struct mrt_summary *s, const struct mrt_entry *entry)
{
	unsigned family = entry->prefix.ip.family == IP_V6;
	if (entry->group != s->group)
		see_group(s, entry);
	s->multicast += entry->multicast;
	switch (entry->kind) {
	case MRT_ROUTE:
		s->routes[family]++;
		see_prefix(s, family, &entry->prefix);
		break;
	case MRT_ANNOUNCE:
		s->announced[family]++;
		see_prefix(s, family, &entry->prefix);
		break;
	case MRT_WITHDRAW:
		s->withdrawn[family]++;
		break;
	case MRT_STATE:
		s->states++;
		break;
	case MRT_END_OF_RIB:
		s->ends_of_rib++;
		break;
	case MRT_OTHER:
		s->messages[entry->message]++;
		break;
	}
}
