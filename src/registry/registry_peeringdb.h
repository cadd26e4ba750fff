/* What PeeringDB knows of networks: its JSON, and what is believed of it. Pure.
 *
 * The same rule as for sets: what was believed stays in force until something better is there. An
 * answer with less than half of the networks is no better. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "hub/registry.h"
#include "registry/registry_plan.h"

/* Networks from one or several answers; strings too belong to the arena. Zeroed: none. */
struct registry_networks {
	struct arena *arena;
	struct registry_network *list;
	size_t count, capacity;
};

void registry_networks_fini(struct registry_networks *networks);

/* Adds the networks of an answer of the API's `net`: {"data":[{"asn":..,"info_prefixes4":..,...}]}.
 * A network without an AS number, or with one that is not, is left out. 0; -1 when it is no such
 * answer, -2 without memory; then some may have been added. */
int registry_networks_read(struct registry_networks *networks, const char *json, size_t length);
/* Adds those of a registry file (our cache). 0, or -1 without memory. */
int registry_networks_copy(struct registry_networks *networks, const struct registry *registry);
/* Sorts them by AS number; several with the same number become one, the larger counts and the
 * stricter flag. */
void registry_networks_sort(struct registry_networks *networks);

/* True if the source is asked by HTTP; else it is a file, or a folder with "net.json" in it. */
bool registry_peeringdb_is_url(const char *source);
/* Appends the `i`-th address to ask, with its final zero; false when there are no more. A source
 * with a question mark is asked as it stands. Else it is the API ("https://www.peeringdb.com/api"),
 * and asked for what is wanted: all networks that are never reached via route servers, then those of
 * the members, some at a time. */
bool registry_peeringdb_url(struct buf *out, const struct hub *hub, size_t i);

/* What is known. */
struct registry_peeringdb {
	struct registry_networks known;
	bool there;
	struct utc_s fetched;
	bool asking;
	unsigned failures;        /* in a row */
	char error[REGISTRY_WHY]; /* of the last; "" */
	struct utc_s failed;
	struct mono_us due;
};

/* Takes over a whole new answer, sorted, or finds it implausible and counts a failure; *networks is
 * empty afterwards. True if it is in force. */
bool registry_peeringdb_answered(struct registry_peeringdb *p, struct registry_networks *networks,
				 uint32_t refresh_s, struct registry_moment now);
void registry_peeringdb_failed(struct registry_peeringdb *p, const char *why, uint32_t refresh_s,
			       struct registry_moment now);
