/* Whether routes go by the corridor's plan of exits, and since when, as the exchange says so: it alone knows when the
 * dead man's switch acted, also when the corridor is gone. A file of one line, replaced by rename, for those who prove
 * which way traffic went:
 *
 *	by plan since 2026-11-22T01:00:00Z */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"

#define STEER_STATE_FILE "steer.state" /* below run/ of the data directory */

struct steer_state {
	bool by_plan; /* of now, or one that is held; else plain BGP */
	struct utc_s since;
};

void steer_state_write(const struct steer_state *state, struct buf *out);
/* 0, or -1: it is no such line. */
int steer_state_read(struct steer_state *out, struct cursor text);
