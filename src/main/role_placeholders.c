/* Weak stand-ins, overridden by role_<name>.c of each room. */
#include "main/role.h"

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	(void)context;
	(void)reason;
	return 0;
}

#define PLACEHOLDER(r)                                                                             \
	__attribute__((weak)) const struct role role_##r = {.name = #r, .start = start};

PLACEHOLDER(meter)
PLACEHOLDER(ledger)
PLACEHOLDER(corridor)
PLACEHOLDER(web)
