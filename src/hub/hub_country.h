/* The countries of ISO 3166-1. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hub/hub.h"

/* True for an officially assigned alpha-2 code, and for XK (Kosovo), which networks use. */
bool hub_country_known(struct country country);
/* The number of UN M49 that communities name a country by: PK is 586. 0 when there is none. */
uint16_t hub_country_number(struct country country);
/* The number of UN M49 of its continent: 2 Africa, 9 Oceania, 19 the Americas, 142 Asia, 150 Europe.
 * 0 when there is none. */
uint16_t hub_country_continent(struct country country);
/* What it is called in English, e.g. "Pakistan"; NULL when the code is not known. */
const char *hub_country_name(struct country country);
/* The country that is called so, in any case; an empty code when there is none. */
struct country hub_country_of_name(const char *name);
