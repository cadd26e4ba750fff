/* The names of what can be wrong with a datagram. */
#include "meter/flow.h"

#include <assert.h>

const char *
flow_refusal_text(enum flow_refusal refusal)
{
	static const char *const text[FLOW_REFUSALS] = {
		[FLOW_ACCEPTED] = "accepted",
		[FLOW_UNKNOWN_EXPORTER] = "unknown exporter",
		[FLOW_OTHER_AGENT] = "another agent's address",
		[FLOW_TOO_SHORT] = "shorter than its header",
		[FLOW_UNKNOWN_VERSION] = "unknown version",
		[FLOW_ADDRESS_TYPE] = "unknown address type",
		[FLOW_LENGTHS] = "lengths do not add up",
		[FLOW_BAD_SAMPLE] = "malformed sample",
		[FLOW_BAD_TEMPLATE] = "malformed template",
		[FLOW_TEMPLATE_LIMIT] = "too many templates",
		[FLOW_DOMAIN_LIMIT] = "too many observation domains",
		[FLOW_RESERVED_SET] = "reserved set",
		[FLOW_NO_TEMPLATE] = "data without its template",
		[FLOW_BAD_RECORD] = "malformed record",
		[FLOW_BAD_SAMPLING] = "senseless sampling interval",
		[FLOW_REPEATED] = "came before",
		[FLOW_TOTALS] = "sums of a flow that goes on",
	};
	assert(refusal < FLOW_REFUSALS);
	return text[refusal];
}
