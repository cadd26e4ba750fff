/* What parent and room say to each other over their second socket pair, one record a message. The
 * first socket pair carries only questions (net/control.h), so that neither waits for the other. */
#pragma once

#include <stdint.h>

#include "main/role.h"

/* A change of the picture goes in two steps, so that all rooms take it or none:
 *
 *   parent   PREPARE g --> rooms                        APPLY g (all prepared) or DROP g (one not)
 *   room                   PREPARED g or REFUSED g -->                                          */
enum order_kind {
	/* to the room */
	ORDER_PREPARE,
	ORDER_APPLY,
	ORDER_DROP,
	ORDER_STOP,
	ORDER_LEAVE, /* the same, but another process will take over at once */
	/* from the room */
	ORDER_STARTED,
	ORDER_FAILED, /* could not start; text says why, and the process ends */
	ORDER_PREPARED,
	ORDER_REFUSED, /* text says why */
};

struct order {
	uint32_t kind;
	uint32_t generation;
	char text[ROLE_REASON];
};

/* Descriptors of a room's process, as exec leaves them. */
enum { ROOM_REQUESTS_FD = 3, ROOM_ORDERS_FD = 4 };

/* The process of a room: argv is {"sarai: NAME", ".room", NAME, GENERATION, PICTURE, "simulated" or
 * "real", "returns" or "begins"}. Returns its exit status. */
int room_main(int argc, char **argv);
