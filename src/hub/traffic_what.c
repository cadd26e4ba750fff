/* What traffic may be summed up by. */
#include "hub/traffic_what.h"

#include <stddef.h>
#include <string.h>

const char *
traffic_what_name(enum traffic_what what)
{
	static const char *const names[TRAFFIC_WHATS] = {
		[TRAFFIC_WHAT_PAIR] = "pair",       [TRAFFIC_WHAT_AS] = "as",
		[TRAFFIC_WHAT_NEXT_AS] = "next-as", [TRAFFIC_WHAT_COUNTRY] = "country",
		[TRAFFIC_WHAT_SEGMENT] = "segment", [TRAFFIC_WHAT_SERVICE] = "service",
		[TRAFFIC_WHAT_LOCAL] = "local",     [TRAFFIC_WHAT_MEMBER] = "member",
		[TRAFFIC_WHAT_PORT] = "port",       [TRAFFIC_WHAT_FAMILY] = "family",
		[TRAFFIC_WHAT_PATH] = "path",       [TRAFFIC_WHAT_MEMBER_AS] = "member-as",
	};
	return what < TRAFFIC_WHATS ? names[what] : NULL;
}

bool
traffic_what_read(enum traffic_what *out, const char *word)
{
	for (int i = 0; i < TRAFFIC_WHATS; i++) {
		if (strcmp(traffic_what_name((enum traffic_what)i), word) != 0)
			continue;
		*out = (enum traffic_what)i;
		return true;
	}
	return false;
}
