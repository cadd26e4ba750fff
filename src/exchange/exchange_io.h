/* The exchange's sockets: listens, connects, reads and writes, and drives the engine by an event loop. It
 * decides nothing about routes or sessions. */
#pragma once

#include <stdbool.h>

#include "exchange/exchange.h"
#include "net/loop.h"

struct exchange_service;

enum { EXCHANGE_REASON = 256, EXCHANGE_DUMP_TEXT = 512 };

/* Folders of the data directory, and the control socket; each may be NULL: nothing is read or written there. */
struct exchange_folders {
	const char *run;      /* where routes.snapshot is kept */
	const char *registry; /* where registry.snapshot appears */
	const char *control;  /* the control socket: what BFD tells of segments goes there */
};

/* Listens where the picture says, and starts. `hub` must live until the next exchange_service_apply or the
 * close, folders as long as the service. Takes the loop's turn-end hook. NULL with the reason in words. */
struct exchange_service *exchange_service_open(struct loop *loop, const struct hub *hub,
					       const struct exchange_folders *folders,
					       char reason[EXCHANGE_REASON]);
/* Would this picture do? What was bound at the start cannot change: 0, or -1 with the reason. */
int exchange_service_check(const struct exchange_service *service, const struct hub *next,
			   char reason[EXCHANGE_REASON]);
/* Goes over to another picture. 0; or -1 if there is no memory: then only closing is left. */
int exchange_service_apply(struct exchange_service *service, const struct hub *hub);
/* Ends all sessions with a word, closes everything. `leaves`: another process takes over, see exchange_leave. */
void exchange_service_close(struct exchange_service *service, bool leaves);

/* Writes the table as an MRT file now; `refused` routes too. 0 with the file's name, which appears when it is whole; or
 * -1 with the reason. */
int exchange_service_dump(struct exchange_service *service, bool refused,
			  char text[EXCHANGE_DUMP_TEXT]);

/* Asks the caches of the RPKI, and looks at its files, now; returns how many there are. */
size_t exchange_service_rpki_refresh(struct exchange_service *service);

/* The engine, to be looked at by the view. Brought up to the present time. */
struct exchange *exchange_service_engine(struct exchange_service *service);
/* Looks at the corridor's plan now. NULL, or why there is nothing new: valid until the next call. */
const char *exchange_service_steer(struct exchange_service *service);
/* The operator has changed something that is to outlive this process: it is written down at once. */
void exchange_service_keep(struct exchange_service *service);
