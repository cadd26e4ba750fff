/* Numbers with units, as a planner types them: "380km", "2.13/1000km/y", "-3dBm", "0.5USD/Mbit/s/month".
 * A number without a unit is in the quantity's own. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

enum corridor_quantity {
	CORRIDOR_A_LENGTH,     /* km */
	CORRIDOR_A_DEGREE,     /* of latitude or longitude */
	CORRIDOR_A_POWER,      /* dBm */
	CORRIDOR_A_RATIO,      /* dB */
	CORRIDOR_A_LIGHT,      /* THz; also by its wavelength */
	CORRIDOR_A_WIDTH,      /* GHz */
	CORRIDOR_A_BAUD,       /* GBd */
	CORRIDOR_AN_AREA,      /* um2 */
	CORRIDOR_A_KERR,       /* m2/W */
	CORRIDOR_A_LOSS,       /* dB/km */
	CORRIDOR_A_DISPERSION, /* ps/nm/km */
	CORRIDOR_A_PMD,        /* ps/sqrt(km) */
	CORRIDOR_A_TRAFFIC,    /* Gbit/s */
	CORRIDOR_A_FAILURE,    /* /1000km/y */
	CORRIDOR_AN_EVENT,     /* /y */
	CORRIDOR_A_DURATION,   /* h */
	CORRIDOR_A_TIME,       /* y */
	CORRIDOR_A_SHARE,      /* 0 to 1; also in percent */
	CORRIDOR_A_YEARLY,     /* /y: a share by the year */
	CORRIDOR_A_SUM,        /* MUSD */
	CORRIDOR_AN_INCOME,    /* MUSD/y */
	CORRIDOR_A_RENT,       /* MUSD/month */
	CORRIDOR_A_PRICE,      /* USD/Mbit/s/month */
	CORRIDOR_A_NUMBER,     /* without a unit */
	CORRIDOR_A_TEXT,       /* no number */
	CORRIDOR_QUANTITIES,
};

/* "km"; "" for what has none. */
const char *corridor_quantity_unit(enum corridor_quantity quantity);
/* "km, m", all that are understood; "" likewise. It lives in `arena`; NULL without memory. */
const char *corridor_quantity_units(enum corridor_quantity quantity, struct arena *arena);

/* Reads `length` octets as one number in the quantity's own unit; "any" is INFINITY. A number over
 * another is a fraction ("1/1.5/y"). 0, or -1 when it is none or has another unit. */
int corridor_quantity_read(double *out, enum corridor_quantity quantity, const char *text,
			   size_t length);
