/* What members' communities mean: the profiles that exchanges are used to, and the hub's own
 * patterns on top. */
#pragma once

#include <stddef.h>

#include "hub/hub.h"

/* All patterns that mean something at this hub: the hub's own, then those of the profile that none
 * of its own stands for (an own one with the same action, form, number and codes does). Only
 * patterns that can be written with the hub's AS number are among them. They belong to the picture;
 * none before hub_profile_apply, which reading a hub file does.
 *
 * Where a community fits two patterns, the one without P is meant: "0:RS" before "0:P". Of those
 * with P, what is told to members (HUB_TELL_*) may share a pattern; their numbers do not meet. */
const struct hub_community *hub_communities_in_force(const struct hub *hub, size_t *count);

/* Works them out from hub->asn and hub->communities, with memory of hub->arena. 0, or -1 if there is
 * none. */
int hub_profile_apply(struct hub *hub);
