/* Amounts as text. */
#include "ledger/ledger_amount.h"

#include <stdbool.h>
#include <stddef.h>

#include "ledger/ledger_entry.h"

int
ledger_amount_parse(struct money *out, const char *text, struct currency currency)
{
	int places = currency_exponent(currency), decimals = -1;
	size_t digits = 0;
	int64_t minor = 0;
	bool negative = *text == '-';
	for (text += negative; *text; text++) {
		if (*text == '.' && decimals < 0 && digits) {
			decimals = 0;
			continue;
		}
		if (*text < '0' || *text > '9' || minor > LEDGER_AMOUNT_MAX / 10 ||
		    decimals == places)
			return -1;
		minor = minor * 10 + (*text - '0');
		digits++;
		decimals += decimals >= 0;
	}
	if (!digits || decimals == 0)
		return -1;
	for (int i = decimals < 0 ? 0 : decimals; i < places; i++) {
		if (minor > LEDGER_AMOUNT_MAX / 10)
			return -1;
		minor *= 10;
	}
	if (minor > LEDGER_AMOUNT_MAX)
		return -1;
	*out = (struct money){negative ? -minor : minor, currency};
	return 0;
}
