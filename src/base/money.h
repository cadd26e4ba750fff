/* Money: an integer of minor units with its currency; never floating point. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Three letters of ISO 4217, e.g. "USD". */
struct currency {
	char code[4];
};

struct money {
	int64_t minor; /* cents, paisa, ...: 10^-exponent of the unit */
	struct currency currency;
};

/* A price per unit (per Mbit/s, per month ...), finer than the minor unit: millionths of the unit.
 */
struct price {
	int64_t micro;
	struct currency currency;
};

/* "-92233720368547758.08 USD" and the zero */
enum { MONEY_TEXT = 32 };

/* Decimal digits of the minor unit (ISO 4217): 2, except 0 for JPY, KRW ..., 3 for KWD, BHD, OMR
 * ... */
int currency_exponent(struct currency c);
/* 0, or -1 unless the text is three capital letters. */
int currency_parse(struct currency *out, const char *text);
/* Is it one of ISO 4217 that money can be paid in today? What was written down once is read whatever it
 * is: of what is new this is asked. */
bool currency_is_known(struct currency c);
/* "1234.50 USD"; returns `out`. */
char *money_format(char out[MONEY_TEXT], struct money m);
/* The amount without its currency, "1234.50". */
char *money_format_amount(char out[MONEY_TEXT], struct money m);
/* Reads a decimal of up to six places, "0.35", as millionths. 0 or -1 (also when negative or too
 * large). */
int micro_parse(int64_t *out, const char *text);
/* What becomes of half a minor unit. */
enum money_rounding {
	MONEY_HALF_AWAY, /* from zero */
	MONEY_HALF_EVEN, /* to the even neighbour */
};

/* price x quantity / divisor, rounded once to the minor unit; the product is exact (128 bits).
 * `divisor` > 0. 0, or -1 when it does not fit. */
int price_times(struct money *out, struct price p, int64_t quantity, int64_t divisor,
		enum money_rounding rounding);
/* amount x quantity / divisor, likewise. */
int money_times(struct money *out, struct money amount, int64_t quantity, int64_t divisor,
		enum money_rounding rounding);
