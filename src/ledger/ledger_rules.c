/* The rules of a contract in words. */
#include "ledger/ledger_rules.h"

#include <stdio.h>
#include <string.h>

#include "ledger/ledger_tariff.h"

enum { WHOLE = 10000, RULES_MAX = 16 };

char *
ledger_rate_words(char out[LEDGER_RATE_WORDS], uint64_t bps)
{
	char number[32];
	int64_t rate = bps > INT64_MAX ? INT64_MAX : (int64_t)bps;
	bool giga = bps >= 1000000000;
	(void)snprintf(out, LEDGER_RATE_WORDS, "%.20s %s",
		       ledger_quantity_format(number, rate, giga ? 1000000000 : 1000000),
		       giga ? "Gbit/s" : "Mbit/s");
	return out;
}

/* "95th", "92.5th", "91st". */
static char *
ordinal(char out[16], uint32_t hundredths)
{
	char number[32];
	uint32_t whole = hundredths / 100, last = whole % 10;
	bool tens = whole / 10 % 10 == 1 || hundredths % 100;
	(void)snprintf(out, 16, "%.8s%s", ledger_quantity_format(number, hundredths, 100),
		       tens        ? "th"
		       : last == 1 ? "st"
		       : last == 2 ? "nd"
		       : last == 3 ? "rd"
				   : "th");
	return out;
}

char *
ledger_rules_measure(char out[LEDGER_MEASURE], const struct hub_percentile *rules)
{
	char rank[16];
	(void)ordinal(rank, rules->rank);
	switch (rules->method) {
	case HUB_METHOD_MONTH:
		(void)snprintf(out, LEDGER_MEASURE, "%s percentile", rank);
		break;
	case HUB_METHOD_DAILY_MEAN:
		(void)snprintf(out, LEDGER_MEASURE, "mean of the daily %s percentiles", rank);
		break;
	case HUB_METHOD_DAILY_MAX:
		(void)snprintf(out, LEDGER_MEASURE, "highest daily %s percentile", rank);
		break;
	case HUB_METHOD_TOP_DAYS:
		(void)snprintf(out, LEDGER_MEASURE, "mean of the %u highest daily peaks",
			       (unsigned)rules->top_days);
		break;
	}
	return out;
}

struct sayer {
	struct arena *arena;
	const char **rules;
	size_t count;
	bool failed;
};

static void
say(struct sayer *s, const char *text)
{
	s->failed |= !text;
	if (!s->failed && s->count < RULES_MAX)
		s->rules[s->count++] = text;
}

static void
say_percentile(struct sayer *s, const struct hub_percentile *p)
{
	static const char *const directions[] = {
		[HUB_DIRECTION_LARGER] = "per direction, the larger",
		[HUB_DIRECTION_BIN_LARGER] = "of the larger of in and out in each bin",
		[HUB_DIRECTION_SUM] = "of in and out together in each bin",
		[HUB_DIRECTION_IN] = "in only",
		[HUB_DIRECTION_OUT] = "out only",
	};
	char measure[LEDGER_MEASURE], rank[64], percent[32];
	(void)ledger_rules_measure(measure, p);
	if (p->method == HUB_METHOD_TOP_DAYS)
		(void)snprintf(rank, sizeof(rank), "a day's peak is number %u of its highest bins",
			       (unsigned)p->peak_bin);
	else if (p->rank == 9500)
		(void)snprintf(rank, sizeof(rank), "rank n - floor(n/20)");
	else
		(void)snprintf(rank, sizeof(rank), "rank n - floor(n x %s / 100)",
			       ledger_quantity_format(percent, WHOLE - p->rank, 100));
	say(s, arena_printf(s->arena, "%s, %s, %s", measure, rank, directions[p->direction]));
}

static void
say_bins(struct sayer *s, const struct hub_contract *c)
{
	static const char *const missing[] = {
		[HUB_MISSING_LEFT_OUT] = "missing bins stay out of n",
		[HUB_MISSING_ZERO] = "missing bins count as bins without traffic",
		[HUB_MISSING_OTHER_PARTY] = ("where bins are missing the other party's records "
					     "stand in; where it has none they stay out of n"),
	};
	const struct hub_percentile *p = &c->percentile;
	char words[LEDGER_RATE_WORDS], percent[32];
	if (p->ports == HUB_PORTS_SUM_AFTER)
		say(s, "each port has its own percentile, and those are added up");
	else if (c->port_count != 1)
		say(s, "ports are added up bin by bin before the percentile");
	say(s, missing[p->missing]);
	if (p->valid_days)
		say(s, "only days with traffic count; rates are paid for those days over the days "
		       "of the month");
	if (p->baseline)
		say(s, arena_printf(s->arena, "at least %s %% of %s are billed",
				    ledger_quantity_format(percent, p->baseline, 100),
				    p->baseline_of == HUB_BASELINE_PEAK ? "the highest bin"
									: "the ports' speed"));
	if (p->round_up_bps)
		say(s, arena_printf(s->arena, "the rate is rounded up to a multiple of %s",
				    ledger_rate_words(words, p->round_up_bps)));
}

/* Whether prices of the traffic change while the contract runs. */
static bool
changes(const struct hub_contract *c)
{
	size_t rates = 0;
	for (size_t i = 0; i < c->charge_count; i++)
		rates += c->charges[i].kind == HUB_CHARGE_COMMIT ||
			 c->charges[i].kind == HUB_CHARGE_TIERS ||
			 c->charges[i].kind == HUB_CHARGE_SLABS ||
			 c->charges[i].kind == HUB_CHARGE_TRANSIT;
	return rates > 1;
}

static void
say_money(struct sayer *s, const struct hub_contract *c)
{
	char rate[32];
	if (changes(c))
		say(s, c->price_change == HUB_CHANGE_APART
			       ? "when the price changes inside a month each part has its own rate"
			       : "when the price changes inside a month the rate of the month is "
				 "paid at "
				 "each price for its days");
	say(s, c->rounding == MONEY_HALF_EVEN ? "each line is rounded once, halves to even"
					      : "each line is rounded once, halves away from zero");
	if (c->exchange.currency.code[0])
		say(s, arena_printf(s->arena, "1 %.3s = %s %.3s%s%s", c->currency.code,
				    ledger_price_format(rate, c->exchange.rate),
				    c->exchange.currency.code, c->exchange.source ? ", " : "",
				    c->exchange.source ? c->exchange.source : ""));
	if (c->reverse_charge)
		say(s, "reverse charge: who is billed owes the tax");
	if (c->tax_note)
		say(s, arena_str(s->arena, c->tax_note));
}

int
ledger_rules_say(struct arena *arena, const struct hub_contract *contract,
		 const struct ledger_lived *lived, struct utc_s end, const char *const **rules,
		 size_t *count)
{
	struct sayer s = {.arena = arena, .rules = arena_take(arena, RULES_MAX * sizeof(char *))};
	if (!s.rules)
		return -1;
	say_percentile(&s, &contract->percentile);
	say_bins(&s, contract);
	say(&s, contract->zone
			? arena_printf(arena, "months and days of %s; a day that has begun counts",
				       zone_name(contract->zone))
			: "months and days of UTC; a day that has begun counts");
	say_money(&s, contract);
	if (lived)
		say(&s, ledger_lived_words(arena, lived));
	if (lived && lived->to.s < end.s)
		say(&s, "availability that was promised is weighed against these seconds, not yet "
			"the whole "
			"month: what is given back for it may still change, or fall away");
	*rules = s.rules;
	*count = s.count;
	return s.failed ? -1 : 0;
}
