/* A second route server, slow and obvious, to compare the hub with. It looks at the hub file, at what members said,
 * and at nothing that the exchange has worked out; with one exception: which routes of a session were one too many,
 * for that depends on what came first. */
#pragma once

#include "scenario/scenario.h"

/* What storms have made the registries and the RPKI say. */
struct reference_roa {
	struct prefix prefix;
	uint8_t max_length;
	uint32_t asn;
};

enum { REFERENCE_ROAS = 16, REFERENCE_OBJECTS = 64, REFERENCE_ORIGINS = 4 };

/* Of one member, in place of an AS-SET. */
struct reference_registered {
	uint32_t member;
	struct prefix prefixes[REFERENCE_OBJECTS];
	size_t prefix_count;
	uint32_t origins[REFERENCE_ORIGINS];
	size_t origin_count;
};

struct reference_world {
	bool rpki, registry; /* there is any */
	struct reference_roa roas[REFERENCE_ROAS];
	size_t roa_count;
	struct reference_registered *registered;
	size_t registered_count;
};

/* A route that a member announced, taken apart and judged. */
enum { REFERENCE_WORDS = 24, REFERENCE_HOPS = 32 };
struct reference_route {
	const struct member *from;
	const struct hub_member *member;
	const struct hub_session *session;
	struct prefix prefix;
	const char *words;
	uint32_t path_id;
	bool late; /* stale for long */

	uint32_t path[REFERENCE_HOPS];
	size_t hops;
	uint32_t med;
	uint32_t standard[REFERENCE_WORDS][2];
	size_t standard_count;
	uint32_t large[REFERENCE_WORDS][3];
	size_t large_count;
	bool otc;

	uint64_t reasons; /* bits of enum policy_reason */
	bool refused, blackhole, last_resort;
	unsigned rpki, irr; /* as Euro-IX numbers them */
};

/* Takes the words apart and judges them; `blocked`: it is one too many. */
void reference_judge(const struct scenario *s, struct reference_route *route, bool blocked);
bool reference_has(const struct reference_route *route, uint32_t a, uint32_t b);
bool reference_has_large(const struct reference_route *route, uint32_t a, uint32_t b, uint32_t c);

/* False: some member does not hold exactly what it should; then `wrong` says who and what. */
bool reference_check(const struct scenario *s, char *wrong, size_t size);
