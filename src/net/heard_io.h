/* What is heard of segments of the corridor, on its way there: lines "SOURCE up" and "SOURCE down", given to the
 * corridor's process over the control socket as `sarai corridor hear` gives them. Nothing waits: what cannot be sent
 * is forgotten, as it is said again soon. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct heard {
	const char *control_socket; /* not owned; NULL: nothing is sent */
	struct buf lines;
	int asked; /* the connection of the last; -1: none */
};

void heard_init(struct heard *heard, const char *control_socket);
void heard_fini(struct heard *heard);
/* `source` is the id of one of the hub's segment_sources. */
void heard_add(struct heard *heard, const char *source, bool up);
/* Sends what was added. */
void heard_send(struct heard *heard);
