/* What a plan of reach needs to know of a hub, from the hub to who makes the plan. */
#pragma once

#include "base/buf.h"
#include "hub/hub.h"

/* As JSON. */
void view_reach_settings(struct buf *out, const struct hub *hub);
/* A picture with nothing but that in it; hub_free. NULL when the text is not what the function
 * before writes, or there is no memory. */
struct hub *view_reach_settings_read(const char *text, size_t length);
