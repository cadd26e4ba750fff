/* What a month will come to. */
#include "ledger/ledger_forecast.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { WEEK_S = 7 * 86400, MILLION = 1000000, WEEKS_MAX = 9 };

__extension__ typedef unsigned __int128 wide;

enum outlook { LOW, LIKELY, HIGH };

/* The bin that begins at `t`; NULL when there is none, or it is missing. */
static const struct ledger_bin *
bin_at(const struct ledger_series *series, int64_t t)
{
	int64_t offset = t - series->from.s;
	if (offset < 0 || offset / series->length_s >= (int64_t)series->count)
		return NULL;
	const struct ledger_bin *bin = &series->bins[offset / series->length_s];
	return bin->state == TRAFFIC_MISSING ? NULL : bin;
}

static int64_t
end_of(const struct ledger_series *series)
{
	return series->from.s + (int64_t)series->count * series->length_s;
}

/* False when there are no two weeks with bins at the same times. */
static bool
growth_of(uint32_t *ppm, const struct ledger_series *series)
{
	wide last = 0, before = 0;
	int64_t end = end_of(series);
	for (int64_t t = end - WEEK_S; t < end; t += series->length_s) {
		const struct ledger_bin *a = bin_at(series, t), *b = bin_at(series, t - WEEK_S);
		if (!a || !b)
			continue;
		last += (wide)a->in + a->out;
		before += (wide)b->in + b->out;
	}
	if (!before || last > ~(wide)0 / MILLION)
		return false;
	wide ratio = (last * MILLION + before / 2) / before;
	*ppm = ratio < LEDGER_GROWTH_MIN_PPM   ? LEDGER_GROWTH_MIN_PPM
	       : ratio > LEDGER_GROWTH_MAX_PPM ? LEDGER_GROWTH_MAX_PPM
					       : (uint32_t)ratio;
	return true;
}

static uint64_t
scaled(uint64_t octets, uint32_t ppm, int weeks)
{
	wide value = octets;
	for (int i = 0; i < weeks; i++)
		value = (value * ppm + MILLION / 2) / MILLION;
	const uint64_t most = (UINT64_C(1) << LEDGER_OCTETS_LOG2) - 1;
	return value > most ? most : (uint64_t)value;
}

/* A bin to come, as the same one of the last week that is known. */
static bool
project(struct ledger_bin *out, const struct ledger_series *history, int64_t t, uint32_t growth_ppm)
{
	for (int weeks = 1; weeks <= WEEKS_MAX; weeks++) {
		const struct ledger_bin *model = bin_at(history, t - (int64_t)weeks * WEEK_S);
		if (!model)
			continue;
		out->in = scaled(model->in, growth_ppm, weeks);
		out->out = scaled(model->out, growth_ppm, weeks);
		return true;
	}
	return false;
}

/* The bins of the period: those that are there, and the others by the outlook. False: no memory.
 * *unknown counts those to come that nothing is known about. */
static bool
fill(struct ledger_series *out, const struct ledger_series *history, enum outlook outlook,
     const struct ledger_forecast *forecast, uint64_t speed_bps, size_t *unknown)
{
	const struct ledger_period *period = &forecast->period;
	int64_t length_s = history->length_s;
	struct utc_s to = {(period->to.s + length_s - 1) / length_s * length_s};
	if (ledger_series_init(out, period->from, to, history->length_s) < 0)
		return false;
	for (size_t i = 0; i < out->count; i++) {
		int64_t t = out->from.s + (int64_t)i * length_s;
		struct ledger_bin *bin = &out->bins[i];
		int64_t offset = t - history->from.s;
		if (offset >= 0 && t < end_of(history)) {
			*bin = history->bins[offset / length_s];
			continue;
		}
		bin->state = TRAFFIC_ESTIMATED;
		if (outlook == HIGH)
			bin->in = bin->out = (uint64_t)((wide)speed_bps * (uint64_t)length_s / 8);
		else if (outlook == LIKELY && !project(bin, history, t, forecast->growth_ppm))
			(*unknown)++;
	}
	return true;
}

struct filled {
	struct ledger_series sum;
	struct ledger_series *ports;
	size_t port_count;
	size_t unknown;
};

static void
filled_fini(struct filled *f)
{
	ledger_series_fini(&f->sum);
	for (size_t i = 0; i < f->port_count; i++)
		ledger_series_fini(&f->ports[i]);
	free(f->ports);
}

static bool
fill_all(struct filled *f, const struct ledger_forecast_source *source, enum outlook outlook,
	 const struct ledger_forecast *forecast, uint64_t speed_bps)
{
	const struct hub_contract *contract = forecast->contract;
	size_t ignored = 0;
	if (!fill(&f->sum, source->sum, outlook, forecast, speed_bps, &f->unknown))
		return false;
	if (!source->ports)
		return true;
	f->ports = calloc(source->port_count + 1, sizeof(*f->ports));
	for (size_t i = 0; f->ports && i < source->port_count; i++) {
		uint64_t speed = source->hub->ports[contract->ports[i]].speed_bps;
		if (!fill(&f->ports[i], &source->ports[i], outlook, forecast, speed, &ignored))
			return false;
		f->port_count++;
	}
	return f->ports != NULL;
}

/* As it will have been if the ways hold for the rest of the period: a promise is of all of it. */
static struct ledger_lived
lived_through(const struct ledger_lived *so_far, const struct ledger_period *period)
{
	struct ledger_lived whole = *so_far;
	whole.to = period->to;
	return whole;
}

/* 0, or -1 and errno. */
static int
look(struct ledger_outlook *out, const struct ledger_forecast_source *source, enum outlook outlook,
     const struct ledger_forecast *forecast)
{
	const struct hub_contract *contract = forecast->contract;
	struct filled f = {0};
	struct arena *arena = arena_new();
	uint64_t speed_bps = 0;
	int result = -1;
	for (size_t i = 0; i < contract->port_count; i++)
		speed_bps += source->hub->ports[contract->ports[i]].speed_bps;
	errno = ENOMEM;
	if (!arena || !fill_all(&f, source, outlook, forecast, speed_bps))
		goto out;
	struct ledger_lived lived;
	if (source->lived)
		lived = lived_through(source->lived, &source->period);
	struct ledger_invoice_source whole = {
		.hub = source->hub,
		.contract = source->contract,
		.period = source->period,
		.usage = {.sum = &f.sum,
			  .ports = f.ports,
			  .port_count = f.port_count,
			  .speed_bps = speed_bps},
		.now = source->now,
		.lived = source->lived ? &lived : NULL,
	};
	struct ledger_invoice invoice;
	if (ledger_invoice_make(&invoice, arena, &whole) < 0)
		goto out;
	*out = (struct ledger_outlook){
		.known = outlook != LIKELY || f.unknown == 0,
		.in_bps = invoice.p95.in_bps,
		.out_bps = invoice.p95.out_bps,
		.measured_bps = invoice.p95.billed_bps,
		.billed_bps = invoice.charge.billed_bps,
		.net = invoice.charge.net,
		.total = invoice.charge.total,
	};
	result = 0;
out:
	filled_fini(&f);
	arena_free(arena);
	return result;
}

/* How many bins of the period are there, and how many are to come. */
static void
count(struct ledger_forecast *forecast, const struct ledger_series *history)
{
	const struct ledger_period *period = &forecast->period;
	int64_t length_s = history->length_s;
	int64_t from = (period->from.s + length_s - 1) / length_s * length_s;
	for (int64_t t = from; t < period->to.s; t += length_s) {
		const struct ledger_bin *bin = bin_at(history, t);
		forecast->bins++;
		forecast->known += bin != NULL;
		forecast->left += t >= end_of(history);
		forecast->simulated |= bin && bin->simulated;
	}
}

int
ledger_forecast_make(struct ledger_forecast *out, const struct ledger_forecast_source *source)
{
	assert(source->contract < source->hub->contract_count);
	const struct hub_contract *contract = &source->hub->contracts[source->contract];
	struct ledger_forecast forecast = {
		.member = hub_contract_payer(source->hub, contract),
		.party = contract->member == HUB_NONE ? source->hub->parties[contract->party].id
						      : NULL,
		.contract = contract,
		.period = source->period,
		.bin_s = source->sum->length_s,
		.growth_ppm = MILLION,
		.final = source->now.s >= source->period.month_to.s + LEDGER_SETTLING_S,
	};
	count(&forecast, source->sum);
	forecast.grown = growth_of(&forecast.growth_ppm, source->sum);
	if (look(&forecast.low, source, LOW, &forecast) < 0 ||
	    look(&forecast.likely, source, LIKELY, &forecast) < 0)
		return -1;
	if (look(&forecast.high, source, HIGH, &forecast) < 0 && errno != EOVERFLOW)
		return -1;
	*out = forecast;
	return 0;
}
