/* What the RPKI says about routes: origin validation (RFC 6811) and verification of paths by ASPA
 * (draft-ietf-sidrops-aspa-verification). This header is for those who ask; who brings the data in reads
 * rpki_table.h.
 *
 * A table without any complete set of data says "not checked", never "invalid" and never "unknown": a lost
 * cache must not change what is accepted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/ip.h"

struct rpki_table;

/* --- origins --- */

enum rpki_state {
	RPKI_NOT_CHECKED, /* there is no complete data */
	RPKI_VALID,
	RPKI_UNKNOWN,    /* RFC 6811 calls it NotFound: no VRP covers the prefix */
	RPKI_INVALID_AS, /* VRPs cover it, none of them for this origin */
	RPKI_INVALID_LENGTH, /* a covering VRP has this origin, but the prefix is too long for each such */
};

/* "not checked", "valid", "unknown", "invalid (origin)", "invalid (length)". */
const char *rpki_state_name(enum rpki_state state);

/* RFC 6811 section 2. `origin` is 0 where the path ends in an AS_SET or is empty: such a route is never
 * valid. A VRP of AS 0 covers, and matches nothing (RFC 6483 section 4). */
enum rpki_state rpki_validate(const struct rpki_table *table, const struct prefix *prefix,
			      struct asn origin);
/* Fetches memory that rpki_validate will read; to be called for some prefixes, then for the same ones `again`, when
 * what the first calls asked for is there. Needs no call, and changes nothing. */
void rpki_hint(const struct rpki_table *table, const struct prefix *prefix, bool again);

/* A validated ROA payload. */
struct rpki_vrp {
	struct prefix prefix;
	uint8_t max_length; /* prefix.length to 32 or 128 */
	struct asn asn;
};

/* What would it say if these VRPs were there too? With some, it is never "not checked". `table` may be NULL here:
 * nothing else is there. */
enum rpki_state rpki_validate_with(const struct rpki_table *table, const struct prefix *prefix,
				   struct asn origin, const struct rpki_vrp *extra, size_t count);

/* How a VRP stands to a route that it covers. */
enum rpki_fit {
	RPKI_FITS,          /* it makes the route valid */
	RPKI_FITS_NOT_AS,   /* another origin; AS 0 among them */
	RPKI_FITS_LONG,     /* this origin, but the route is longer than it allows */
	RPKI_FITS_FILTERED, /* not in effect: a SLURM filter takes it out */
};

struct rpki_cover {
	struct rpki_vrp vrp;
	enum rpki_fit fit;
	bool asserted;    /* by a SLURM file */
	uint16_t sources; /* those in use that have it, a bit each; see rpki_source_name */
};

/* Calls back for each VRP that covers `prefix`, shortest prefixes first, in effect or filtered. */
void rpki_each_covering(const struct rpki_table *table, const struct prefix *prefix,
			struct asn origin,
			void (*visit)(void *context, const struct rpki_cover *cover),
			void *context);

/* The name given to the source of bit `number`; NULL if there is none. */
const char *rpki_source_name(const struct rpki_table *table, unsigned number);

/* --- paths --- */

enum aspa_state {
	ASPA_NOT_CHECKED, /* no source that is in use carries ASPAs */
	ASPA_VALID,
	ASPA_UNKNOWN,
	ASPA_INVALID,
};

const char *aspa_state_name(enum aspa_state state);

/* Verification of a path heard from a customer or lateral peer, and so from the client of a route server
 * ("upstream path"). `as_path4` is the value of an AS_PATH with numbers of 4 octets; its left-most AS is the
 * client, for the route server itself does not stand in it. Empty paths, AS_SETs and segments of
 * confederations are invalid. */
enum aspa_state rpki_aspa_verify(const struct rpki_table *table, struct cursor as_path4);

/* Is `provider` a provider of `customer`, by what the customer attests? */
enum aspa_hop {
	ASPA_NO_ATTESTATION,
	ASPA_PROVIDER,
	ASPA_NOT_PROVIDER,
};

enum aspa_hop rpki_aspa_hop(const struct rpki_table *table, struct asn customer,
			    struct asn provider);
/* Calls back for each hop of the path, the client's first, doubled numbers taken out; does nothing for
 * a path that is not of AS_SEQUENCEs only. */
void rpki_aspa_each_hop(const struct rpki_table *table, struct cursor as_path4,
			void (*visit)(void *context, struct asn customer, struct asn provider,
				      enum aspa_hop hop),
			void *context);
/* Copies up to `room` of the providers in effect, ascending, and returns how many there are; -1 if the
 * customer attests nothing. */
ptrdiff_t rpki_aspa_providers(const struct rpki_table *table, struct asn customer, struct asn *out,
			      size_t room);

/* --- in numbers --- */

struct rpki_counts {
	uint32_t vrps_ipv4, vrps_ipv6, aspas; /* in effect */
	uint32_t filtered, asserted;          /* VRPs and ASPAs taken out and put in by SLURM */
};

struct rpki_counts rpki_counts(const struct rpki_table *table);
/* Is there complete data? */
bool rpki_ready(const struct rpki_table *table);
/* Octets held. */
size_t rpki_memory(const struct rpki_table *table);
