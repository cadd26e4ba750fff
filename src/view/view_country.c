/* Countries as people call them. */
#include "view/view_country.h"

#include <string.h>

#include "hub/hub_country.h"

const char *
view_country_name(const char *code)
{
	struct country country = {""};
	if (strlen(code) < sizeof(country.code))
		memcpy(country.code, code, strlen(code));
	const char *name = hub_country_name(country);
	return name ? name : code;
}
