/* Countries as people call them. */
#include "view/view_country.h"

#include "hub/hub_country.h"

const char *
view_country_name(const char *code)
{
	const char *name = hub_country_name(code);
	return name ? name : code;
}
