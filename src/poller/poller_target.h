/* Which interfaces of an exporter are ports of the hub, or tell the state of its segments. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "hub/hub.h"
#include "poller/poller_table.h"

/* All of this exporter: each port's own, by number or name, and its further ones (a LAG, a second
 * switch), then those of sources of segments. To be freed; names are those of the picture. NULL if there is no memory. */
struct poller_target *poller_target_list(const struct hub *hub, uint32_t exporter, size_t *count);
