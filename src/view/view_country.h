/* Countries as people call them. */
#pragma once

/* "Pakistan" of "PK"; the code itself when it is of no country. */
const char *view_country_name(const char *code);
