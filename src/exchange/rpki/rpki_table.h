/* Who brings data into the table of rpki.h: caches, files, and SLURM files that overrule both.
 *
 * The table has one owner. Every record stands in it once, whoever has it, with a bit for each source. Of the
 * caches the most preferred one that is alive and complete is in use, of files all. A cache that was lost keeps
 * its data here until the owner drops it: it stays in use until another cache is complete.
 *
 * A source brings its data in a transaction, whole or as changes to what it has; nothing of it is seen before the
 * commit. Several sources may be in a transaction at the same time.
 *
 * What a call changed in effect is gathered until rpki_take_changes, which says what routes have to be judged
 * anew, and no others: a record that another source in use has too changes nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "exchange/rpki/rpki.h"
#include "exchange/rpki/slurm.h"

enum {
	RPKI_SOURCES_MAX = 15,      /* the 16th bit is that of SLURM's assertions */
	RPKI_VRPS_MAX = 4000000,    /* of a source; 700,000 are in the world in 2025 */
	RPKI_ASPAS_MAX = 500000,    /* of a source */
	RPKI_PER_PREFIX_MAX = 1024, /* VRPs of one prefix, of all sources; 127 is the most seen */
	RPKI_PROVIDERS_MAX = 16380, /* of one customer: what fits into a PDU */
};

enum rpki_kind { RPKI_CACHE, RPKI_FILE };

/* An empty table; NULL if there is no memory. */
struct rpki_table *rpki_table_new(void);
void rpki_table_free(struct rpki_table *table);

/* A new source without data; `name` is copied. Of caches the lowest preference is taken, then the lowest number.
 * Its number, or -1: there are RPKI_SOURCES_MAX, or no memory. */
int rpki_source_add(struct rpki_table *table, enum rpki_kind kind, const char *name,
		    uint32_t preference);
void rpki_source_prefer(struct rpki_table *table, unsigned source, uint32_t preference);
/* Its data goes; the number may be given again. */
void rpki_source_remove(struct rpki_table *table, unsigned source);
/* Its data goes, for it is too old. A whole load under way goes on, changes to what it had do not. */
void rpki_source_drop(struct rpki_table *table, unsigned source);
/* Does it answer? A commit makes it alive, too. */
void rpki_source_alive(struct rpki_table *table, unsigned source, bool alive);

/* What a source has, as of its last commit. */
struct rpki_source_state {
	bool complete, alive, in_use;
	uint32_t vrps_ipv4, vrps_ipv6, aspas;
};

struct rpki_source_state rpki_source_state(const struct rpki_table *table, unsigned source);

/* --- transactions --- */

enum rpki_load { RPKI_WHOLE, RPKI_DELTA };

enum rpki_result {
	RPKI_OK,
	RPKI_DUPLICATE, /* it is there already */
	RPKI_MISSING,   /* withdrawn, and not there */
	RPKI_TOO_MANY,  /* a bound above */
	RPKI_NO_MEMORY,
};

/* Begins; a transaction under way is aborted. RPKI_DELTA only of a complete source. */
void rpki_begin(struct rpki_table *table, unsigned source, enum rpki_load load);
enum rpki_result rpki_announce(struct rpki_table *table, unsigned source,
			       const struct rpki_vrp *vrp);
enum rpki_result rpki_withdraw(struct rpki_table *table, unsigned source,
			       const struct rpki_vrp *vrp);
/* Of a cache it replaces what the customer attested before; of a file the providers are added. They come in
 * ascending order, each once. */
enum rpki_result rpki_announce_aspa(struct rpki_table *table, unsigned source, struct asn customer,
				    const uint32_t *providers, size_t count);
enum rpki_result rpki_withdraw_aspa(struct rpki_table *table, unsigned source, struct asn customer);
/* Makes it all seen at once. `with_aspas`: the source can carry ASPAs, so that a customer it does not list attests
 * nothing. */
void rpki_commit(struct rpki_table *table, unsigned source, bool with_aspas);
/* Forgets what came since rpki_begin, if anything. */
void rpki_abort(struct rpki_table *table, unsigned source);

/* Puts these SLURM files in force instead of those before; they are not kept. False: no memory or too many
 * assertions, and those before stay. */
bool rpki_table_slurm(struct rpki_table *table, const struct slurm *const *files, size_t count);

/* --- what changed --- */

struct rpki_touched {
	struct prefix prefix;
	uint8_t max_length; /* routes inside `prefix` up to this length may have another state */
};

struct rpki_changes {
	bool all_prefixes; /* every route's origin is to be judged anew; `prefixes` is empty */
	bool all_paths;    /* every path, by ASPA; `customers` is empty */
	const struct rpki_touched
		*prefixes; /* in order; none lies in another that is touched as far */
	size_t prefix_count;
	const struct asn *customers; /* ascending: paths that hold one of these */
	size_t customer_count;
};

/* What changed since the last call: false if nothing did. Valid until the table is touched again. */
bool rpki_take_changes(struct rpki_table *table, struct rpki_changes *out);
