/* What the registry keeps in its folder (drawn in registry_service_io.h): read at the start,
 * written after each change. Failures are told in the log, and nothing more comes of them: what is
 * in memory stays in force. */
#pragma once

#include "registry/registry_dump_io.h"
#include "registry/registry_peeringdb.h"
#include "registry/registry_plan.h"

#define REGISTRY_SNAPSHOT "registry.snapshot"

/* Reads what was kept of an item, in force and held, into the plan; once for each item. Harmed files
 * are left aside. */
void registry_keep_read(const char *folder, struct registry_plan *plan, struct registry_item *item,
			struct registry_moment now);
/* Writes the item's answer in force, or the one held; none there: removes the file. */
void registry_keep_answer(const char *folder, const struct registry_item *item, bool held);

/* Likewise for PeeringDB, which is due at once after it was read: old or not, that costs little. */
void registry_keep_read_networks(const char *folder, struct registry_peeringdb *peeringdb,
				 uint32_t refresh_s, struct mono_us now);
void registry_keep_networks(const char *folder, const struct registry_peeringdb *peeringdb);

/* Writes the file for the exchange: everything in force. 0, or -1 and errno. */
int registry_keep_snapshot(const char *folder, const struct registry_plan *plan,
			   const struct registry_peeringdb *peeringdb,
			   const struct registry_dumps *dumps, struct utc_s now);
