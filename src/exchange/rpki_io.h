/* The exchange's view of the RPKI, kept up to date: connections to the caches of the picture, and its files of VRPs
 * and SLURM, which are read again when they change. Decides nothing: rtr.h and rpki_table.h do. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "exchange/rpki/rpki_table.h"
#include "exchange/rpki/rtr.h"
#include "exchange/rpki/vrp_json.h"
#include "hub/hub.h"
#include "net/loop.h"

struct rpki_service;

/* Starts with what the picture says; nothing of it is kept. `changed` is called from the loop, at most once a turn
 * and never from inside a call of this header, with what has to be judged anew; what it is given is valid in the
 * call only. NULL: no memory. */
struct rpki_service *rpki_service_new(struct loop *loop, const struct hub *hub,
				      void (*changed)(void *context, const struct rpki_changes *c),
				      void *context);
/* Goes over to another picture; caches and files that are in it still are not touched. -1: no memory for some of
 * what is new, which is left out. */
int rpki_service_apply(struct rpki_service *service, const struct hub *hub);
void rpki_service_free(struct rpki_service *service);

/* Never NULL, and the same for the life of the service. */
const struct rpki_table *rpki_service_table(const struct rpki_service *service);
/* Asks all caches, and looks at all files, now. */
void rpki_service_refresh(struct rpki_service *service);

/* One of its sources, for those who look. Text is valid until the loop goes on. */
struct rpki_report {
	enum { RPKI_REPORT_CACHE, RPKI_REPORT_FILE, RPKI_REPORT_SLURM } kind;
	const char *name;              /* of a file its path */
	const char *error;             /* the last one, "" if there was none */
	struct rpki_source_state data; /* of caches and VRP files */
	/* Caches. */
	const char *host;
	uint16_t port;
	uint32_t preference;
	struct rtr_status rtr;
	/* Files. */
	struct utc_s modified, read; /* as of the contents in use; 0: there are none */
	struct vrp_json_counts counts;
	size_t filters, assertions; /* SLURM */
};

/* How many there are: caches, then VRP files, then SLURM files, each in the order of the picture. */
size_t rpki_service_count(const struct rpki_service *service);
void rpki_service_report(const struct rpki_service *service, size_t i, struct rpki_report *out);
