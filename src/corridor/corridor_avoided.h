/* The countries that a member has its traffic kept out of: what the hub file's steering says of the member, and what
 * any of its demands avoids. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "hub/hub.h"

struct corridor_avoided {
	const struct country *countries; /* each once, in the order of the hub file */
	size_t count;
};

/* What the hub file's steering says of a member; NULL: nothing. */
const struct hub_steering_member *corridor_steering_of(const struct hub *hub, uint32_t member);
/* From `arena`. 0, or -1 without memory. */
int corridor_avoided_by(struct corridor_avoided *out, struct arena *arena, const struct hub *hub,
			uint32_t member);
/* Puts those of `more` that are not among them behind the *count countries; there is room for all. */
void corridor_avoided_add(struct country *countries, size_t *count, const struct country *more,
			  size_t more_count);
/* What goes to a customer or a peer is its traffic as what comes from it is, and is kept out of the same countries; what goes
 * to an upstream is others'. HUB_NONE: nobody avoids anything for what leaves by that port. */
uint32_t corridor_avoider_behind(const struct hub *hub, uint32_t port);
