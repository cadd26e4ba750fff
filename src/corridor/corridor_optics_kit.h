/* The parts of a kit; used by the files that light segments only. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_optics_lit.h"

struct corridor_kit {
	const struct hub *hub;
	struct arena *arena;
	struct corridor_equipment equipment;
	const struct hub_optics_mode *modes;
	size_t mode_count;
	double low_hz, high_hz;
	double site_osnr_db, add_drop_osnr_db;
};
