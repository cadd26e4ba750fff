/* The running month in one line. */
#include "web/web_month.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "web/web_value.h"

enum { CURRENCIES_MAX = 32, DIGITS_MAX = 6 };

struct sum {
	char currency[8];
	int64_t minor;
	int digits; /* behind the point */
	bool broken;
};

/* "-12.50" as -1250 with two digits behind the point. False: it is none, or does not fit. */
static bool
read_amount(int64_t *minor, int *digits, const char *text)
{
	bool below = *text == '-', point = false;
	*minor = 0;
	*digits = 0;
	if (!*(text += below))
		return false;
	for (; *text; text++) {
		if (*text == '.' && !point) {
			point = true;
			continue;
		}
		int digit = *text - '0';
		if (digit < 0 || digit > 9 || (*digits += point) > DIGITS_MAX ||
		    __builtin_mul_overflow(*minor, 10, minor) ||
		    __builtin_add_overflow(*minor, below ? -digit : digit, minor))
			return false;
	}
	return true;
}

static struct sum *
sum_of(struct sum *sums, size_t *count, const char *currency)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(sums[i].currency, currency) == 0)
			return &sums[i];
	if (*count == CURRENCIES_MAX || strlen(currency) >= sizeof(sums->currency))
		return NULL;
	struct sum *sum = &sums[(*count)++];
	*sum = (struct sum){.digits = -1};
	(void)snprintf(sum->currency, sizeof(sum->currency), "%s", currency);
	return sum;
}

static void
add(struct sum *sum, const char *amount)
{
	int64_t minor;
	int digits;
	if (!read_amount(&minor, &digits, amount) || (sum->digits >= 0 && digits != sum->digits) ||
	    __builtin_add_overflow(sum->minor, minor, &sum->minor))
		sum->broken = true;
	sum->digits = digits;
}

static void
put_sum(struct json *j, const struct sum *sum)
{
	char text[40], digits[32];
	uint64_t size = sum->minor < 0 ? 0 - (uint64_t)sum->minor : (uint64_t)sum->minor;
	int behind = sum->digits > 0 ? sum->digits : 0;
	int length = snprintf(digits, sizeof(digits), "%0*" PRIu64, behind + 1, size);
	(void)snprintf(text, sizeof(text), "%s%.*s%s%s", sum->minor < 0 ? "-" : "", length - behind,
		       digits, behind ? "." : "", digits + length - behind);
	json_object(j, NULL);
	json_str(j, "amount", sum->broken ? NULL : text);
	json_str(j, "currency", sum->currency);
	json_object_end(j);
}

static void
put_totals(struct json *j, const struct json_value *invoices)
{
	struct sum sums[CURRENCIES_MAX];
	size_t count = 0, seen = 0;
	bool simulated = false;
	for (const struct json_value *i = web_items(invoices, "invoices"); i; i = i->next) {
		/* What the hub buys is no income. */
		if (json_read_is_true(json_read_get(i, "purchase")))
			continue;
		const struct json_value *total = json_read_get(i, "total");
		struct sum *sum = sum_of(sums, &count, web_text(total, "currency"));
		if (sum)
			add(sum, web_text(total, "amount"));
		simulated |= json_read_is_true(json_read_get(i, "simulated"));
		seen++;
	}
	json_u64(j, "invoices", seen);
	json_array(j, "totals");
	for (size_t i = 0; i < count; i++)
		put_sum(j, &sums[i]);
	json_array_end(j);
	json_bool(j, "simulated", simulated);
}

int
web_month_join(struct buf *out, const struct json_value *total, const struct json_value *invoices)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	web_pass_on(&j, "month", json_read_get(invoices, "month"));
	web_pass_number(&j, "p95_in_bps", json_read_get(total, "p95_in_bps"));
	web_pass_number(&j, "p95_out_bps", json_read_get(total, "p95_out_bps"));
	if (invoices) {
		put_totals(&j, invoices);
	} else {
		json_null(&j, "invoices");
		json_null(&j, "totals");
		json_null(&j, "simulated");
	}
	json_object_end(&j);
	return out->failed ? -1 : 0;
}
