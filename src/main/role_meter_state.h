/* What the meter's process leaves to the one after it (run/meter.state): put together, and taken over. Wiring. */
#pragma once

#include "base/buf.h"
#include "meter/inlet_workers_io.h"
#include "meter/meter.h"

/* What would be lost now, into *out; ask out->failed. `workers` NULL: the meter takes samples in itself. */
void meter_state_write(struct buf *out, const struct meter *meter, struct inlet_workers *workers,
		       struct utc_s now);
/* Takes over what a run that died has left in that folder; what cannot be is logged. */
void meter_state_recover(struct meter *meter, struct inlet_workers *workers,
			 const char *run_directory);
