/* Where an import gets its bytes from: files, and URLs by libcurl. */
#pragma once

#include "hub/hub_file.h"

/* A source that reads files (regular ones, up to 64 MiB) and http:// and https:// URLs: up to 64 MiB,
 * at most five redirects (never from https to http), ten seconds to connect and two minutes in all.
 * A server that answers with an error is one (errno EREMOTEIO); the reason goes to *why, which is to
 * be freed. There is one such source at a time. */
struct import_fetch {
	struct hub_source files;
	char *why; /* of the last failure that errno does not tell; NULL: it does */
};

struct hub_source import_fetch_source(struct import_fetch *fetch);
void import_fetch_fini(struct import_fetch *fetch);
