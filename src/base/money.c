/* Money: an integer of minor units with its currency. */
#include "base/money.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int
currency_exponent(struct currency c)
{
	/* ISO 4217, table A.1: the currencies whose minor unit is not a hundredth. */
	static const char none[][4] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
				       "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
				       "VND", "VUV", "XAF", "XOF", "XPF"};
	static const char three[][4] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (memcmp(none[i], c.code, 3) == 0)
			return 0;
	for (size_t i = 0; i < sizeof(three) / sizeof(three[0]); i++)
		if (memcmp(three[i], c.code, 3) == 0)
			return 3;
	return 2;
}

int
currency_parse(struct currency *out, const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return -1;
	if (text[3])
		return -1;
	memcpy(out->code, text, 4);
	return 0;
}

bool
currency_is_known(struct currency c)
{
	/* Table A.1 without funds, metals and codes for tests. */
	static const char known[] =
		"AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND "
		"BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF "
		"DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
		"HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW "
		"KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
		"MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
		"PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
		"SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED "
		"VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ";
	for (const char *at = known; *at; at += 4)
		if (memcmp(at, c.code, 3) == 0)
			return true;
	return false;
}

static int64_t
power_of_ten(int exponent)
{
	int64_t power = 1;
	while (exponent-- > 0)
		power *= 10;
	return power;
}

char *
money_format_amount(char out[MONEY_TEXT], struct money m)
{
	int exponent = currency_exponent(m.currency);
	uint64_t unit = (uint64_t)power_of_ten(exponent);
	uint64_t size = m.minor < 0 ? 0 - (uint64_t)m.minor : (uint64_t)m.minor;
	const char *sign = m.minor < 0 ? "-" : "";
	if (exponent)
		(void)snprintf(out, MONEY_TEXT, "%s%" PRIu64 ".%0*" PRIu64, sign, size / unit,
			       exponent, size % unit);
	else
		(void)snprintf(out, MONEY_TEXT, "%s%" PRIu64, sign, size);
	return out;
}

char *
money_format(char out[MONEY_TEXT], struct money m)
{
	char amount[MONEY_TEXT];
	(void)snprintf(out, MONEY_TEXT, "%.26s %.3s", money_format_amount(amount, m),
		       m.currency.code);
	return out;
}

int
micro_parse(int64_t *out, const char *text)
{
	int64_t value = 0;
	int places = -1;
	if (!isdigit((unsigned char)*text))
		return -1;
	for (; *text; text++) {
		if (*text == '.' && places < 0) {
			places = 0;
			if (!isdigit((unsigned char)text[1]))
				return -1;
			continue;
		}
		if (!isdigit((unsigned char)*text) || places == 6)
			return -1;
		if (value > (INT64_MAX - 9) / 10)
			return -1;
		value = value * 10 + (*text - '0');
		if (places >= 0)
			places++;
	}
	int64_t scale = power_of_ten(6 - (places < 0 ? 0 : places));
	if (value > INT64_MAX / scale)
		return -1;
	*out = value * scale;
	return 0;
}

__extension__ typedef __int128 wide;

/* value / by, rounded; by > 0. */
static int
divide(int64_t *out, wide value, wide by, enum money_rounding rounding)
{
	wide whole = value / by, rest = value % by;
	wide size = rest < 0 ? -rest : rest;
	bool up = size > by - size;
	if (size == by - size)
		up = rounding == MONEY_HALF_AWAY || whole % 2 != 0;
	if (up)
		whole += value < 0 ? -1 : 1;
	if (whole > INT64_MAX || whole < INT64_MIN)
		return -1;
	*out = (int64_t)whole;
	return 0;
}

int
price_times(struct money *out, struct price p, int64_t quantity, int64_t divisor,
	    enum money_rounding rounding)
{
	assert(divisor > 0);
	wide product;
	int64_t minor;
	/* Two of 64 bits fit in 128; the power of ten may not. */
	if (__builtin_mul_overflow((wide)p.micro * quantity,
				   (wide)power_of_ten(currency_exponent(p.currency)), &product) ||
	    divide(&minor, product, (wide)divisor * 1000000, rounding) < 0)
		return -1;
	*out = (struct money){minor, p.currency};
	return 0;
}

int
money_times(struct money *out, struct money amount, int64_t quantity, int64_t divisor,
	    enum money_rounding rounding)
{
	assert(divisor > 0);
	int64_t minor;
	if (divide(&minor, (wide)amount.minor * quantity, divisor, rounding) < 0)
		return -1;
	*out = (struct money){minor, amount.currency};
	return 0;
}
