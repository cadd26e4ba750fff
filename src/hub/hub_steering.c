/* Whose token it is. */
#include "hub/hub_steering.h"

#include <string.h>

#include "hub/hub.h"

/* Takes as long whether they are the same or not, for what is shown at a length. */
static bool
same(const char *given, const char *secret)
{
	size_t length = strlen(given), wanted = strlen(secret);
	unsigned differ = length != wanted;
	for (size_t i = 0; i < length; i++)
		differ |= (unsigned)(given[i] ^ secret[wanted ? i % wanted : 0]);
	return !differ;
}

const struct hub_steering_token *
hub_steering_whose(const struct hub *hub, const char *token)
{
	const struct hub_steering_token *whose = NULL;
	for (size_t i = 0; i < hub->steering.token_count; i++)
		if (same(token, hub->steering.tokens[i].token))
			whose = &hub->steering.tokens[i];
	return whose;
}
