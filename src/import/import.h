/* Moving in: what another route server's configuration or a public record says about an exchange,
 * made into a hub file.
 *
 * Everything that the source says is either in the hub file, or in a list beside it: what has no
 * counterpart, what means something else now, what was left out and why, what a human must decide.
 * Each entry names file, line and column. What cannot be understood at all is an error, as in a hub
 * file, and there is no result. Nothing outside is touched: files, URLs and variables of the
 * environment come through callbacks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/ip.h"
#include "hub/hub_file.h"

enum import_source {
	IMPORT_AROUTESERVER, /* general.yml and clients.yml, 0.5 to 1.24, and what comes after it */
	IMPORT_IXF,          /* IX-F member export, 0.4 to 1.0 */
	IMPORT_PEERINGDB,    /* PeeringDB's ix, ixlan, ixpfx, net and netixlan */
};

struct import_request {
	enum import_source from;
	/* arouteserver: general.yml, clients.yml; IX-F: a file or URL; PeeringDB: a file, a folder or
	 * the URL of an API. */
	const char *paths[2];
	const char *bogons;   /* arouteserver: bogons.yml, or NULL for the usual ones */
	const char *exchange; /* number or name of the one meant; NULL: the only one */
	const char *name;     /* of the hub; NULL: as the source says */
	struct asn asn;       /* of the route server; 0: as the source says */
	struct ip router_id;  /* the same; IP_NONE */
	/* A variable of the environment, NULL when not set; may be NULL. */
	const char *(*variable)(const char *name);
};

struct import_result {
	struct buf text;  /* the hub file, with the list as comments at its end */
	struct buf notes; /* the list: "file:line:column: kind: text" lines */
	size_t note_count;
	bool secret;              /* passwords are in the text */
	struct hub_report report; /* errors, when there is no result */
};

/* Makes the hub file. True if *out has one, which then is good: it has been read back. False with at
 * least one error in out->report. *out is initialised here; the caller ends it. */
bool import_run(const struct import_request *request, struct hub_source source,
		struct import_result *out);
void import_result_fini(struct import_result *out);
