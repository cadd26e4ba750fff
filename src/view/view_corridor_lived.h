/* The part of `corridor availability` that tells of a month as it was. */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_lived.h"

struct json;

struct view_lived {
	const struct hub *hub;
	const struct corridor_lived *lived;
	struct utc_s month;                 /* its first second */
	double promised;                    /* of the time, 0 to 1; NAN: nothing */
	struct corridor_range availability; /* by the model */
};

/* "lived", an object, or its lines. */
void view_lived_json(struct json *j, const struct view_lived *view);
void view_lived_text(struct buf *out, const struct view_lived *view);
