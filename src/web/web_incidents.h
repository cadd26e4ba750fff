/* What is wrong, of all rooms in one list. */
#pragma once

#include "base/json.h"
#include "web/web_overview.h"

enum { WEB_INCIDENTS_MAX = 40 };

/* Writes "incidents" into the object that *out is in (docs/api.md). -1 if there is no memory. Pure. */
int web_incidents_put(struct json *out, const struct web_parts *parts);
