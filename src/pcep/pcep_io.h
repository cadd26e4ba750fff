/* PCEP on the event loop: the listening socket, a connection for each router, the clock. Decides
 * nothing. */
#pragma once

#include "net/loop.h"
#include "pcep/pcep_pce.h"

struct pcep_service;

/* `plan` as for pcep_pce_new. Listens if its hub says so. NULL, and the reason in words in `why`
 * (of `size` octets). */
struct pcep_service *pcep_service_new(struct loop *loop, const struct pcep_plan *plan, char *why,
				      size_t size);
/* Goes over to another picture. 0, or -1 and the reason: it cannot listen where that says, or there
 * is no memory. */
int pcep_service_use(struct pcep_service *service, const struct pcep_plan *plan, char *why,
		     size_t size);
/* Says so to all routers, as far as their sockets take it. */
void pcep_service_free(struct pcep_service *service);

struct pcep_pce *pcep_service_engine(struct pcep_service *service);
/* Sends what a wish has brought, and sets the clock. */
void pcep_service_flush(struct pcep_service *service);
