/* The octets of a registry file, as drawn in hub/registry.h. Used by its reader and its writer
 * only. */
#pragma once

#include <assert.h>
#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/ip.h"
#include "hub/registry.h"

#define REGISTRY_FILE_MAGIC "sarairg2"
#define REGISTRY_SET_MAGIC  "sarairs2"

enum {
	REGISTRY_ALIGN = 64,
	REGISTRY_SHORT_V4 = 31, /* bits of the longest short prefix */
	REGISTRY_SHORT_V6 = 56,
	REGISTRY_NO_TEXT = UINT32_MAX,
	REGISTRY_PREFIXES_MAX = 1 << 28, /* of a set, so that its octets fit into 4 GiB */
	REGISTRY_COUNT_MAX = 1 << 20,    /* sets, networks: far beyond what there are */
	REGISTRY_RECORDS_MAX = 1 << 24,
	REGISTRY_RECORD_ALIGN = 16,
	REGISTRY_CHECKSUM_FROM = 16, /* checksums cover all behind themselves */
};

struct registry_head {
	char magic[8];
	uint64_t checksum;
	uint64_t head_length, file_length;
	int64_t written;
	uint64_t networks_hash;
	uint32_t set_count, network_count, texts_length, zero;
	uint64_t record_lengths[2]; /* bit l: some record of IPv4, of IPv6, has l bits */
	uint64_t record_seed;
	uint32_t record_count, record_places;
	uint64_t more_zero[4];
};

/* A network that says from which AS a prefix comes; with AS 0: that somebody says so of the prefix. */
struct registry_record_entry {
	uint64_t key; /* a short prefix; 0: an empty place */
	uint32_t origin;
	uint8_t family, sources, zero[2];
};

/* Where a set is. By name, then family. */
struct registry_place {
	uint64_t offset, length;
	uint64_t state; /* enum registry_state */
};

struct registry_network_entry {
	uint32_t asn, prefixes_ipv4, prefixes_ipv6, never_via_route_servers;
	uint32_t as_set; /* offset in the texts, or REGISTRY_NO_TEXT */
};

struct registry_set_header {
	char magic[8];
	uint64_t checksum;
	uint64_t length;
	uint64_t hash, seed;
	int64_t fetched, since;
	uint32_t short_count, short_places, long_count, long_places, origin_count, origin_places;
	uint64_t lengths[3]; /* bit l: some prefix has l bits */
	uint8_t family, zero[7];
	char name[REGISTRY_NAME];
	uint8_t more_zero[16];
};

/* A prefix that is not short. */
struct registry_long {
	uint64_t high, low;
	uint64_t length; /* plus one; 0: an empty place */
};

static_assert(sizeof(struct registry_head) == 128, "tables behind it stay aligned");
static_assert(sizeof(struct registry_record_entry) == REGISTRY_RECORD_ALIGN, "no gaps");
static_assert(sizeof(struct registry_set_header) == 256, "tables behind it stay aligned");

static inline uint64_t
registry_aligned(uint64_t length)
{
	return (length + REGISTRY_ALIGN - 1) / REGISTRY_ALIGN * REGISTRY_ALIGN;
}

/* Where the records begin, behind the texts; a head with none ends as if there were no such part. */
static inline uint64_t
registry_records_at(uint64_t before)
{
	return (before + REGISTRY_RECORD_ALIGN - 1) / REGISTRY_RECORD_ALIGN * REGISTRY_RECORD_ALIGN;
}

/* The upper and lower 64 bits of an address; IPv4 stands in the upper 32. */
static inline uint64_t
registry_high(const struct ip *ip)
{
	uint64_t bits;
	memcpy(&bits, ip->octets, sizeof(bits));
	return be64toh(bits);
}

static inline uint64_t
registry_low(const struct ip *ip)
{
	uint64_t bits;
	memcpy(&bits, ip->octets + sizeof(bits), sizeof(bits));
	return be64toh(bits);
}

static inline bool
registry_is_short(enum ip_family family, unsigned length)
{
	return length <= (family == IP_V4 ? REGISTRY_SHORT_V4 : REGISTRY_SHORT_V6);
}

/* Octets of a place in the table of short prefixes. */
static inline size_t
registry_short_size(enum ip_family family)
{
	return family == IP_V4 ? sizeof(uint32_t) : sizeof(uint64_t);
}

/* The upper bits of `high` as a short IPv6 prefix of `length` bits; records of both families have them too. */
static inline uint64_t
registry_short_v6(uint64_t high, unsigned length)
{
	uint64_t mask = length ? ~UINT64_C(0) << (64 - length) : 0;
	return (high & mask) | (length + 1);
}

/* The same for IPv4: a bit behind the prefix says how long it is. */
static inline uint32_t
registry_short_v4(uint64_t high, unsigned length)
{
	uint32_t address = (uint32_t)(high >> 32), end = UINT32_C(1) << (31 - length);
	return (address & ~(end | (end - 1))) | end;
}

/* --- where a key's search begins --- */

static inline uint32_t
registry_begin(uint64_t hash, uint32_t places)
{
	return (uint32_t)((unsigned __int128)hash * places >> 64);
}

static inline uint64_t
registry_hash_record(uint64_t key, uint32_t origin, unsigned family, uint64_t seed)
{
	return hash_u64(hash_u64(key ^ seed) + ((uint64_t)origin << 8) + family);
}

static inline uint64_t
registry_hash_long(const struct registry_long *key, uint64_t seed)
{
	return hash_u64(hash_u64(key->high ^ seed) + key->low + (key->length << 56));
}
