/* Money is exact: integers of minor units, prices in millionths, rounded once. */
#include "base/money.h"

#include "tap.h"

static void
formatting(void)
{
	static const struct {
		const char *name;
		struct money money;
		const char *expected;
	} cases[] = {
		{"cents", {123450, {"USD"}}, "1234.50 USD"},
		{"less than one", {5, {"PKR"}}, "0.05 PKR"},
		{"less than nothing", {-5, {"USD"}}, "-0.05 USD"},
		{"a currency without a minor unit", {1234, {"JPY"}}, "1234 JPY"},
		{"one with a thousandth", {1234, {"KWD"}}, "1.234 KWD"},
		{"the least there is", {INT64_MIN, {"USD"}}, "-92233720368547758.08 USD"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[MONEY_TEXT];
		is_str(money_format(text, cases[i].money), cases[i].expected, cases[i].name);
	}
	struct currency c;
	ok(currency_parse(&c, "USD") == 0 && strcmp(c.code, "USD") == 0, "USD is a currency");
	ok(currency_parse(&c, "usd") < 0 && currency_parse(&c, "US") < 0 &&
		   currency_parse(&c, "USDX") < 0 && currency_parse(&c, "") < 0,
	   "small letters, two letters, four and none are not");
	static const char *const there[] = {"AED", "USD", "PKR", "KZT", "KWD", "XOF", "ZWG"};
	static const char *const none[] = {"XXQ", "XXX", "XAU", "XTS", "CLF", "DEM", "SDU"};
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		(void)currency_parse(&c, there[i]);
		ok(currency_is_known(c), "%s can be paid in", there[i]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		(void)currency_parse(&c, none[i]);
		ok(!currency_is_known(c), "%s cannot", none[i]);
	}
}

static void
prices(void)
{
	static const struct {
		const char *name, *text;
		long long expected; /* -1: refused */
	} cases[] = {
		{"a whole price", "12", 12000000},
		{"two decimals", "0.35", 350000},
		{"six decimals", "0.000001", 1},
		{"seven decimals", "0.0000001", -1},
		{"a point without decimals", "1.", -1},
		{"a point first", ".5", -1},
		{"two points", "1.2.3", -1},
		{"a sign", "-1", -1},
		{"an exponent", "1e3", -1},
		{"a comma", "1,5", -1},
		{"nothing", "", -1},
		{"the largest", "9223372036853", 9223372036853000000},
		{"too large", "9223372036855", -1},
		{"far too large", "99999999999999999999999999", -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t micro;
		bool read = micro_parse(&micro, cases[i].text) == 0;
		is_int(read ? micro : -1, cases[i].expected, cases[i].name);
	}
}

static void
products(void)
{
	static const struct {
		const char *name;
		struct price price;
		int64_t quantity, divisor;
		bool fits;
		int64_t minor;
	} cases[] = {
		{"0.35 x 10000", {350000, {"USD"}}, 10000, 1, true, 350000},
		{"half a cent is rounded up", {5000, {"USD"}}, 1, 1, true, 1},
		{"less than half a cent is rounded down", {4999, {"USD"}}, 1, 1, true, 0},
		{"half a cent less than nothing is rounded down", {5000, {"USD"}}, -1, 1, true, -1},
		{"a third of a month", {1000000, {"USD"}}, 1, 3, true, 33},
		{"two thirds", {1000000, {"USD"}}, 2, 3, true, 67},
		{"a currency without a minor unit", {1500000, {"JPY"}}, 1, 1, true, 2},
		{"one with a thousandth", {1234567, {"KWD"}}, 1, 1, true, 1235},
		{"the largest that fits", {1000000, {"JPY"}}, INT64_MAX, 1, true, INT64_MAX},
		{"a product that does not fit", {1000000, {"USD"}}, INT64_MAX, 1, false, 0},
		{"one that does not fit in 128 bits", {INT64_MAX, {"KWD"}}, INT64_MAX, 1, false, 0},
		{"nor below nothing", {INT64_MAX, {"KWD"}}, INT64_MIN, 1, false, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct money m = {-77, {"XXX"}};
		int result = price_times(&m, cases[i].price, cases[i].quantity, cases[i].divisor,
					 MONEY_HALF_AWAY);
		ok((result == 0) == cases[i].fits, "%s: %s", cases[i].name,
		   cases[i].fits ? "fits" : "is refused");
		is_int(m.minor, cases[i].fits ? cases[i].minor : -77, cases[i].name);
	}
}

static void
halves(void)
{
	static const struct {
		int64_t minor, quantity, divisor, away, even;
		const char *name;
	} cases[] = {
		{1, 1, 2, 1, 0, "one half"},
		{3, 1, 2, 2, 2, "one and a half"},
		{5, 1, 2, 3, 2, "two and a half"},
		{-1, 1, 2, -1, 0, "one half below nothing"},
		{-3, 1, 2, -2, -2, "one and a half below"},
		{-5, 1, 2, -3, -2, "two and a half below"},
		{5, -1, 2, -3, -2, "a negative part"},
		{7, 1, 4, 2, 2, "more than a half"},
		{5, 1, 4, 1, 1, "less than a half"},
		{7, 1, 3, 2, 2, "a third"},
		{INT64_MAX, 1, 1, INT64_MAX, INT64_MAX, "the largest there is"},
		{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, "by a large part"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct money m = {cases[i].minor, {"USD"}}, away, even;
		ok(money_times(&away, m, cases[i].quantity, cases[i].divisor, MONEY_HALF_AWAY) ==
				   0 &&
			   money_times(&even, m, cases[i].quantity, cases[i].divisor,
				       MONEY_HALF_EVEN) == 0 &&
			   away.minor == cases[i].away && even.minor == cases[i].even,
		   "%s: %lld away from zero, %lld to the even", cases[i].name,
		   (long long)cases[i].away, (long long)cases[i].even);
	}
	struct money m = {INT64_MAX, {"USD"}};
	ok(money_times(&m, m, 2, 1, MONEY_HALF_EVEN) < 0 && m.minor == INT64_MAX,
	   "what does not fit is refused");
}

int
main(void)
{
	halves();
	formatting();
	prices();
	products();
	return done_testing();
}
