/* The countries of ISO 3166-1. */
#pragma once

#include <stdbool.h>

#include "hub/hub.h"

/* True for an officially assigned alpha-2 code, and for XK (Kosovo), which networks use. */
bool hub_country_known(struct country country);
