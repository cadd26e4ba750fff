/* The spool's names. */
#include "ledger/ledger_spool.h"

#include <string.h>

bool
ledger_spool_name(const char *name, int64_t *start)
{
	static const char suffix[] = ".traffic";
	size_t length = strlen(name), tail = sizeof(suffix) - 1;
	if (name[0] == '.' || length <= tail || strcmp(name + length - tail, suffix) != 0)
		return false;
	int64_t number = 0;
	for (const char *digit = name; *digit >= '0' && *digit <= '9'; digit++) {
		if (number > (INT64_MAX - 9) / 10)
			break;
		number = number * 10 + (*digit - '0');
	}
	*start = number;
	return true;
}
