/* What entries of the journal of ways say of themselves. */
#include "ledger/ledger_said.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Octets of "until ", a time, and " since ". */
enum { UNTIL = 6, TIME = CLOCK_TEXT - 1, SINCE = 7 };

char *
ledger_said_action(char out[LEDGER_SAID_ACTION], const struct ledger_said *said)
{
	char until[CLOCK_TEXT], since[SINCE + 24] = "";
	if (said->since)
		(void)snprintf(since, sizeof(since), " since %" PRIu64, said->since);
	(void)snprintf(out, LEDGER_SAID_ACTION, "until %s%s", utc_format(until, said->until),
		       since);
	return out;
}

int
ledger_said_parse(struct ledger_said *said, const char *action)
{
	char time[TIME + 1] = "", again[LEDGER_SAID_ACTION];
	struct ledger_said is = *said;
	size_t length = strlen(action);
	is.since = 0;
	if (length >= UNTIL + TIME)
		memcpy(time, action + UNTIL, TIME);
	if (length > UNTIL + TIME + SINCE)
		is.since = strtoull(action + UNTIL + TIME + SINCE, NULL, 10);
	if (utc_parse(&is.until, time) < 0 || is.until.s < is.from.s ||
	    strcmp(ledger_said_action(again, &is), action) != 0)
		return -1;
	*said = is;
	return 0;
}

bool
ledger_said_all(const struct ledger_said *said, size_t count, uint64_t entry)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (said[middle].entry < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && said[low].entry == entry && !said[low].since;
}
