/* The countries of ISO 3166-1. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hub/hub.h"

/* True for an officially assigned alpha-2 code, and for XK (Kosovo), which networks use. */
bool hub_country_known(struct country country);
/* What the country of a code is called in English; NULL when there is none. */
const char *hub_country_name(const char *code);
/* The number of UN M49 that communities name a country by: PK is 586. 0 when there is none. */
uint16_t hub_country_number(struct country country);
/* The number of UN M49 of its continent: 2 Africa, 9 Oceania, 19 the Americas, 142 Asia, 150 Europe.
 * 0 when there is none. */
uint16_t hub_country_continent(struct country country);
