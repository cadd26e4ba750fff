/* The parts of corridor_formula; used by its files only. */
#pragma once

#include "corridor/corridor_formula.h"

/* --- corridor_formula.c --- */
/* An input's number; the first of a list. It has been said or is usual. */
double corridor_formula_one(const struct corridor_reckoning *r, const char *name);
/* All of it; ->text is NULL where it was not said and nothing is usual. */
const struct corridor_given *corridor_formula_all(const struct corridor_reckoning *r,
						  const char *name);
void corridor_formula_tell(struct corridor_reckoning *r, const char *name, double value,
			   const char *unit);
/* `text` NULL: none. */
void corridor_formula_say(struct corridor_reckoning *r, const char *name, const char *text);

/* --- corridor_formula_light.c, _up.c, _money.c, _ways.c: topics, up to one without a name --- */
extern const struct corridor_formula corridor_formulas_of_light[];
extern const struct corridor_formula corridor_formulas_of_up[];
extern const struct corridor_formula corridor_formulas_of_money[];
extern const struct corridor_formula corridor_formulas_of_ways[];

/* --- corridor_formula_maxmin.c, _disjoint.c --- */
int corridor_formula_maxmin(struct corridor_reckoning *r, struct corridor_complaint *complaint);
int corridor_formula_disjoint(struct corridor_reckoning *r, struct corridor_complaint *complaint);
