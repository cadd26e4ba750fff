/* What the registries say of the members: for each AS-SET and family the prefixes that may be
 * announced and the AS numbers they may come from, and for each network what PeeringDB knows.
 * Written by the registry's process, read by the exchange; immutable once written, replaced by
 * rename.
 *
 * Look-up tables stand in the file as they are used, so that 3.2 million prefixes are ready as soon
 * as they are read. All integers are in host order: the file never leaves the machine.
 *
 *   file: head | set | set | ...            each starts at a multiple of 64 octets
 *   head: magic, counts, lengths, checksum | where each set is, and its state | networks | texts |
 *         records, a hash table like those of sets
 *   set:  header, checksum | short prefixes | long prefixes | origins
 *
 * A set is the same octets in this file and in the registry's own cache. Its three tables are open
 * hash tables with linear probing, a quarter of the places empty, the place of a key being the high
 * bits of its hash times the size. A short prefix is one integer:
 *
 *   IPv4 up to /31: address, then a 1 and zeros (32 bits)              0: an empty place
 *   IPv6 up to /56: address, upper 56 bits | length + 1 (8 bits)       0: an empty place
 *
 * so it takes 5.3 or 10.7 octets. Longer ones are three integers; they are few. Hashes are keyed by
 * a seed in the set, which those who register routes do not know. Which lengths occur stands in a
 * bitmap: a covering look-up probes only those. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/ip.h"
#include "hub/hub.h"

/* --- names of sets --- */

enum { REGISTRY_NAME = 128 }; /* octets of a name, with the final zero */

/* Puts a set's name into the one form that is used everywhere: capitals; "AS64500", "AS-EXAMPLE",
 * "AS64500:AS-CUSTOMERS" (RFC 2622 section 5), each also as "SOURCE::AS-EXAMPLE". Nothing else
 * passes, so a name is harmless as an argument and as a file name. False, and *out untouched: it is
 * no such name. */
bool registry_name(char out[REGISTRY_NAME], const char *text);

/* The sets whose union is what a member may announce in a family: those given for the family, else
 * its as_set, else its AS number. Writes the i-th name; false when there are no more. A text that is
 * no name of a set counts as none (hub files with such are refused). */
bool registry_member_set(char out[REGISTRY_NAME], const struct hub_member *member,
			 enum ip_family family, size_t i);

/* --- reading --- */

struct registry;
struct registry_set;

/* How much an answer is worth today. */
enum registry_state {
	REGISTRY_FRESH, /* as last asked */
	REGISTRY_STALE, /* asked again without success: the last good answer */
	REGISTRY_HELD,  /* there is a newer answer, held because it is not plausible */
};

/* Takes octets that stay valid until registry_close, which frees only what it made itself. All
 * offsets, counts and checksums are checked, in one pass, so that no look-up can leave them. NULL,
 * and in words what is wrong with them. */
struct registry *registry_open(const uint8_t *octets, size_t length, const char **error);
void registry_close(struct registry *registry);
/* When the file was written. */
struct utc_s registry_written(const struct registry *registry);

/* NULL: nothing was ever heard about this set, which is not the same as an empty one. Small and
 * capital letters are alike. The set lives as long as its registry. */
const struct registry_set *registry_set_find(const struct registry *registry, const char *name,
					     enum ip_family family);
/* All sets, in the order of their names; `i` below registry_set_count. */
size_t registry_set_count(const struct registry *registry);
const struct registry_set *registry_set_at(const struct registry *registry, size_t i);

const char *registry_set_name(const struct registry_set *set);
enum ip_family registry_set_family(const struct registry_set *set);
/* How many it has. */
size_t registry_set_prefixes(const struct registry_set *set);
size_t registry_set_origins(const struct registry_set *set);
/* When it was last answered so, and since when it has been answered so. */
struct utc_s registry_set_fetched(const struct registry_set *set);
struct utc_s registry_set_since(const struct registry_set *set);
enum registry_state registry_set_state(const struct registry_set *set);
/* Of prefixes and origins, in whatever order they came: two files with the same hash for a set say
 * the same about it. */
uint64_t registry_set_hash(const struct registry_set *set);

/* Exactly this prefix; this one or a shorter one that covers it. Under 100 ns, and under 100 ns for
 * each length that occurs in the set. */
bool registry_set_has(const struct registry_set *set, const struct prefix *prefix);
bool registry_set_covers(const struct registry_set *set, const struct prefix *prefix);
/* False for AS 0, which stands for a route without one origin. */
bool registry_set_has_origin(const struct registry_set *set, struct asn origin);
/* Fetches the memory that registry_set_has will want. */
void registry_set_hint(const struct registry_set *set, const struct prefix *prefix);

/* What PeeringDB knows of a network. */
struct registry_network {
	struct asn asn;
	uint32_t prefixes_ipv4, prefixes_ipv6; /* it announces at most so many; 0: not known */
	bool never_via_route_servers;
	const char *as_set; /* as written there; NULL when not given */
};

/* NULL: PeeringDB does not know it, or was never asked. */
const struct registry_network *registry_network_find(const struct registry *registry,
						     struct asn asn);
/* The one thing that every AS of every path is asked for: does it never stand behind route servers? */
bool registry_network_never_via(const struct registry *registry, struct asn asn);
/* All of them by AS number; `i` below registry_network_count. */
size_t registry_network_count(const struct registry *registry);
const struct registry_network *registry_network_at(const struct registry *registry, size_t i);
/* Of all networks; equal when nothing changed. */
uint64_t registry_networks_hash(const struct registry *registry);

/* A prefix and the AS that it comes from, as the holder of the addresses told a registry that keeps
 * no route objects for that: in its whois data. */
enum registry_source { REGISTRY_ARIN = 1, REGISTRY_REGISTRO_BR = 2 }; /* bits */
struct registry_record {
	struct prefix prefix;
	struct asn origin;
	uint8_t sources;
};

/* Who says so of the prefix, or, if `longer`, of one around it: bits. Origin 0: of any AS. Prefixes of
 * more than 56 bits have none. */
unsigned registry_record_find(const struct registry *registry, const struct prefix *prefix,
			      struct asn origin, bool longer);
size_t registry_record_count(const struct registry *registry);
/* Goes through them, in no order: *at is 0 to begin with. False at the end. */
bool registry_record_next(const struct registry *registry, size_t *at, struct registry_record *out);

/* --- writing --- */

/* An answer about a set. */
struct registry_answer {
	const char *name; /* as registry_name makes it */
	enum ip_family family;
	struct utc_s fetched, since;
	uint64_t seed;                 /* any number that is not known outside */
	const struct prefix *prefixes; /* of the family; may hold some twice */
	size_t prefix_count;
	const struct asn *origins;
	size_t origin_count;
};

/* Writes the octets of a set into an empty buffer. 0, or -1 without memory, or when it would pass
 * 4 GiB. */
int registry_set_write(struct buf *out, const struct registry_answer *answer);

/* Puts other times into the octets of a set. */
void registry_set_mark(struct buf *octets, struct utc_s fetched, struct utc_s since);

/* Reads one set by itself, checked like a file; the octets stay valid until registry_set_close. NULL
 * if they are none. Its state is REGISTRY_FRESH. */
struct registry_set *registry_set_open(const uint8_t *octets, size_t length);
void registry_set_close(struct registry_set *set);

/* A set of a file. */
struct registry_part {
	const uint8_t *octets; /* by registry_set_write */
	size_t length;
	enum registry_state state;
};

struct registry_content {
	struct utc_s written;
	const struct registry_part *sets; /* each name and family once */
	size_t set_count;
	const struct registry_network *networks; /* each AS number once */
	size_t network_count;
	const struct registry_record *records; /* may hold some twice */
	size_t record_count;
	uint64_t record_seed; /* any number that is not known outside */
};

/* Appends the head of a file, which is followed by the octets of its sets in the order given: so a
 * file can be written without its sets being copied. 0; -1 without memory, or when a part is no set
 * or one is given twice. */
int registry_head_write(struct buf *out, const struct registry_content *content);
/* Appends a whole file. 0 or -1 as above. */
int registry_write(struct buf *out, const struct registry_content *content);
