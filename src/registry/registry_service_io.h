/* The registry's work: asks the registries about the sets of the picture, keeps what they answered,
 * and writes the file that the exchange reads (hub/registry.h).
 *
 *   <folder>/registry.snapshot       all that is in force; rewritten soon after a change
 *   <folder>/<SET>.v4, .v6           the last good answer about a set
 *   <folder>/<SET>.v4.held, ...      one that is held
 *   <folder>/peeringdb               what PeeringDB knows, as a registry file without sets
 *   <folder>/arin, registro-br       what their whois data says of origins, likewise
 *
 * Files that no picture of the last 30 days had a use for are removed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "hub/hub.h"
#include "net/loop.h"
#include "registry/registry_dump_io.h"
#include "registry/registry_peeringdb.h"
#include "registry/registry_plan.h"

enum { REGISTRY_REASON = 256 };

struct registry_service;

/* Begins with what was kept. `folder` exists; `hub` stays the caller's. NULL with the reason. */
struct registry_service *registry_service_open(struct loop *loop, const struct hub *hub,
					       const char *folder, char reason[REGISTRY_REASON]);
void registry_service_close(struct registry_service *service);

/* Would the picture do? 0, or -1 with the reason. */
int registry_service_check(const struct hub *next, char reason[REGISTRY_REASON]);
/* Goes over to `hub`; the old picture is not used any more. 0; -1 without memory, then nothing has
 * changed. */
int registry_service_apply(struct registry_service *service, const struct hub *hub);

/* To look at: valid until the service goes on. */
const struct registry_plan *registry_service_plan(const struct registry_service *service);
const struct registry_dumps *registry_service_dumps(const struct registry_service *service);
const struct registry_peeringdb *registry_service_peeringdb(const struct registry_service *service);
struct registry_moment registry_service_now(const struct registry_service *service);

/* Asks now about a set ("AS-EXAMPLE"), the sets of a member (its name or AS number), "peeringdb",
 * "whois" (the dumps), or "all" of it. How many sets, in both families, and dumps that are; -1: there is
 * no such thing. */
int registry_service_refresh(struct registry_service *service, const char *what);
/* What is held of a set comes into force. In how many families; -1: no such set. */
int registry_service_accept(struct registry_service *service, const char *set);
