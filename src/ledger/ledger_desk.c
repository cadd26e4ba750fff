/* The desk. */
#include "ledger/ledger_desk_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct ledger_desk *
ledger_desk_new(struct ledger_store *store, const struct hub *hub)
{
	struct ledger_desk *desk = calloc(1, sizeof(*desk));
	if (!desk)
		return NULL;
	desk->store = store;
	if (!ledger_desk_apply(desk, hub)) {
		free(desk);
		return NULL;
	}
	return desk;
}

static void
forget(struct ledger_desk *desk)
{
	for (size_t i = 0; i < desk->remembered_count; i++)
		arena_free(desk->remembered[i].arena);
	free(desk->remembered);
}

struct ledger_store *
ledger_desk_store(const struct ledger_desk *desk)
{
	return desk->store;
}

void
ledger_desk_free(struct ledger_desk *desk)
{
	if (!desk)
		return;
	forget(desk);
	free(desk);
}

bool
ledger_desk_apply(struct ledger_desk *desk, const struct hub *hub)
{
	struct ledger_desk_remembered *fresh = calloc(hub->contract_count + 1, sizeof(*fresh));
	if (!fresh)
		return false;
	forget(desk);
	desk->remembered = fresh;
	desk->remembered_count = hub->contract_count;
	desk->hub = hub;
	return true;
}

void
ledger_desk_others(struct ledger_desk *desk, struct ledger_others others)
{
	desk->others = others;
}

const char *
ledger_desk_fault(const struct ledger_desk *desk)
{
	return desk->fault;
}

static bool
same_basis(const struct ledger_desk_basis *a, const struct ledger_desk_basis *b)
{
	return a->month.s == b->month.s && a->batches == b->batches && a->others == b->others &&
	       a->due.s == b->due.s && a->final == b->final;
}

static enum ledger_desk_answer
count_batches(struct ledger_desk *desk, const struct ledger_period *period, uint64_t changes,
	      uint64_t *batches)
{
	const struct utc_s from = period->month_from, to = period->month_to;
	struct ledger_desk_counted *place = NULL;
	for (size_t i = 0; i < LEDGER_DESK_COUNTED && !place; i++)
		if (desk->counted[i].from.s == from.s && desk->counted[i].to.s == to.s)
			place = &desk->counted[i];
	if (!place || place->changes != changes) {
		struct ledger_desk_counted fresh = {.from = from, .to = to, .changes = changes};
		enum ledger_desk_answer answer = ledger_desk_answer_of(
			ledger_store_count(desk->store, from, to, &fresh.batches));
		if (answer)
			return answer;
		if (!place)
			place = &desk->counted[desk->next_counted++ % LEDGER_DESK_COUNTED];
		*place = fresh;
	}
	*batches = place->batches;
	return LEDGER_DESK_OK;
}

/* Makes the invoice of a request from its bins, in `arena`; the bins go to *series if that is
 * wanted. */
static enum ledger_desk_answer
make(struct ledger_desk *desk, struct ledger_invoice *out, struct arena *arena,
     struct ledger_series *series, const struct ledger_desk_request *request)
{
	struct ledger_gathered g;
	struct ledger_lived lived;
	bool has_lived;
	enum ledger_desk_answer answer = ledger_desk_live(desk, &lived, &has_lived, request);
	if (!answer)
		answer = ledger_desk_gather(desk, &g, request);
	if (answer)
		return answer;
	const struct hub_contract *c = request->contract;
	struct ledger_invoice_source source = {
		.hub = desk->hub,
		.contract = (uint32_t)(c - desk->hub->contracts),
		.period = request->period,
		.usage = {.sum = &g.sum, .ports = g.ports, .port_count = g.port_count},
		.now = request->now,
		.lived = has_lived ? &lived : NULL,
	};
	for (size_t i = 0; i < c->port_count; i++)
		source.usage.speed_bps += desk->hub->ports[c->ports[i]].speed_bps;
	if (ledger_invoice_make(out, arena, &source) < 0) {
		answer = errno == EOVERFLOW ? LEDGER_DESK_OVERFLOW : LEDGER_DESK_MEMORY;
		(void)snprintf(desk->fault, sizeof(desk->fault), "contract %.64s: %.120s", c->id,
			       out->charge.fault ? out->charge.fault : "an amount does not fit");
		ledger_gathered_fini(&g);
		return answer;
	}
	out->series = series;
	if (series) {
		*series = g.sum;
		g.sum = (struct ledger_series){0};
	}
	ledger_gathered_fini(&g);
	return LEDGER_DESK_OK;
}

/* Makes it, and remembers it instead of the one before. */
static enum ledger_desk_answer
make_anew(struct ledger_desk *desk, struct ledger_invoice *out, struct ledger_series *series,
	  const struct ledger_desk_request *request, const struct ledger_desk_basis *basis)
{
	struct ledger_desk_remembered *memory =
		&desk->remembered[request->contract - desk->hub->contracts];
	struct arena *arena = arena_new();
	if (!arena)
		return LEDGER_DESK_MEMORY;
	enum ledger_desk_answer answer = make(desk, out, arena, series, request);
	if (answer) {
		arena_free(arena);
		return answer;
	}
	arena_free(memory->arena);
	memory->arena = arena;
	memory->basis = *basis;
	memory->invoice = *out;
	memory->invoice.series = NULL;
	return LEDGER_DESK_OK;
}

/* The request for a contract's bins of a month, and what the store has. */
static enum ledger_desk_answer
begin_request(struct ledger_desk *desk, struct ledger_desk_request *out,
	      struct ledger_store_totals *totals, uint32_t contract, struct utc_s month,
	      struct utc_s now)
{
	assert(contract < desk->hub->contract_count);
	const struct hub_contract *c = &desk->hub->contracts[contract];
	struct utc_date date = utc_to_date(month);
	struct ledger_desk_request request = {
		.ports = c->ports,
		.member = c->member,
		.port_count = c->port_count,
		.contract = c,
		.now = now,
	};
	if (ledger_period_of(&request.period, c, date.year, date.month) < 0 ||
	    request.period.from.s > now.s)
		return LEDGER_DESK_NOT_IN_FORCE;
	enum ledger_desk_answer answer =
		ledger_desk_answer_of(ledger_store_totals(desk->store, totals));
	if (answer)
		return answer;
	request.newest_end = totals->newest_end;
	*out = request;
	return 0;
}

/* That for its invoice, and what it rests on. */
static enum ledger_desk_answer
request_of(struct ledger_desk *desk, struct ledger_desk_request *out,
	   struct ledger_desk_basis *basis, uint32_t contract, struct utc_s month, struct utc_s now)
{
	struct ledger_desk_request request;
	struct ledger_store_totals totals;
	enum ledger_desk_answer answer =
		begin_request(desk, &request, &totals, contract, month, now);
	if (answer)
		return answer;
	*basis = (struct ledger_desk_basis){
		.month = request.period.month_from,
		.others = desk->others.changes ? desk->others.changes(desk->others.context) : 0,
		.due = ledger_invoice_due(&request.period, desk->hub->bin_length_s, now,
					  totals.newest_end),
		.final = now.s >= request.period.month_to.s + LEDGER_SETTLING_S,
	};
	*out = request;
	return count_batches(desk, &request.period, totals.changes, &basis->batches);
}

enum ledger_desk_answer
ledger_desk_invoice(struct ledger_desk *desk, struct ledger_invoice *out,
		    struct ledger_series *series, uint32_t contract, struct utc_s month,
		    struct utc_s now)
{
	struct ledger_desk_request request;
	struct ledger_desk_basis basis;
	enum ledger_desk_answer answer = request_of(desk, &request, &basis, contract, month, now);
	if (answer)
		return answer;
	const struct ledger_desk_remembered *memory = &desk->remembered[contract];
	if (!series && memory->arena && same_basis(&memory->basis, &basis)) {
		*out = memory->invoice;
		return LEDGER_DESK_OK;
	}
	return make_anew(desk, out, series, &request, &basis);
}

enum ledger_desk_answer
ledger_desk_earned(struct ledger_desk *desk, struct ledger_earned *out, uint32_t contract,
		   struct utc_s month, struct utc_s now)
{
	struct ledger_desk_request request;
	struct ledger_desk_basis basis;
	struct ledger_invoice invoice;
	enum ledger_desk_answer answer = request_of(desk, &request, &basis, contract, month, now);
	if (answer)
		return answer;
	size_t at = (size_t)request.period.month - 1;
	struct ledger_desk_remembered *memory = &desk->remembered[contract];
	if (memory->months[at].known && same_basis(&memory->months[at].basis, &basis)) {
		*out = memory->months[at].earned;
		return LEDGER_DESK_OK;
	}
	answer = ledger_desk_invoice(desk, &invoice, NULL, contract, month, now);
	if (answer)
		return answer;
	if (!ledger_earned_of(out, &invoice))
		return LEDGER_DESK_OVERFLOW;
	memory->months[at].known = true;
	memory->months[at].basis = basis;
	memory->months[at].earned = *out;
	return LEDGER_DESK_OK;
}

enum ledger_desk_answer
ledger_desk_forecast(struct ledger_desk *desk, struct ledger_forecast *out, uint32_t contract,
		     struct utc_s month, struct utc_s now)
{
	struct ledger_desk_request request;
	struct ledger_store_totals totals;
	enum ledger_desk_answer answer =
		begin_request(desk, &request, &totals, contract, month, now);
	if (answer)
		return answer;
	const struct ledger_period period = request.period;
	struct ledger_gathered g;
	struct ledger_lived lived;
	bool has_lived;
	answer = ledger_desk_live(desk, &lived, &has_lived, &request);
	request.period.from.s -= LEDGER_FORECAST_HISTORY_S;
	if (!answer)
		answer = ledger_desk_gather(desk, &g, &request);
	if (answer)
		return answer;
	struct ledger_forecast_source source = {
		.hub = desk->hub,
		.contract = contract,
		.period = period,
		.sum = &g.sum,
		.ports = g.ports,
		.port_count = g.port_count,
		.now = now,
		.lived = has_lived ? &lived : NULL,
	};
	if (ledger_forecast_make(out, &source) < 0) {
		answer = errno == EOVERFLOW ? LEDGER_DESK_OVERFLOW : LEDGER_DESK_MEMORY;
		(void)snprintf(desk->fault, sizeof(desk->fault),
			       "contract %.64s: an amount does not fit", request.contract->id);
	}
	ledger_gathered_fini(&g);
	return answer;
}

/* The batches of a range as facts of one port, the hub: runs of one bin are added up. */
static size_t
facts_of_hub(struct ledger_fact *facts, const struct ledger_batch_row *rows, size_t count)
{
	size_t used = 0;
	for (size_t i = 0; i < count; i++) {
		struct ledger_fact fact = {
			.start = rows[i].start,
			.length_s = rows[i].length_s,
			.runs = 1,
			.counter_covered_s =
				rows[i].state == TRAFFIC_COUNTER ? rows[i].covered_s : 0,
			.counter_in = rows[i].in,
			.counter_out = rows[i].out,
			.claim = rows[i].state,
			.simulated = rows[i].simulated,
		};
		if (used && facts[used - 1].start.s == fact.start.s)
			ledger_fact_add(&facts[used - 1], &fact);
		else
			facts[used++] = fact;
	}
	return used;
}

static enum ledger_desk_answer
gather_hub(struct ledger_desk *desk, struct ledger_series *out,
	   const struct ledger_desk_request *request)
{
	struct arena *arena = arena_new();
	struct ledger_batch_row *rows;
	size_t count;
	if (!arena)
		return LEDGER_DESK_MEMORY;
	enum ledger_desk_answer answer = ledger_desk_answer_of(ledger_store_batches(
		desk->store, arena, request->period.from, request->period.to, &rows, &count));
	if (answer)
		goto out;
	answer = LEDGER_DESK_MEMORY;
	struct ledger_fact *facts = arena_take(arena, (count + 1) * sizeof(*facts));
	if (!facts)
		goto out;
	count = facts_of_hub(facts, rows, count);
	uint32_t length_s = ledger_facts_length(facts, count, desk->hub->bin_length_s);
	struct utc_s due =
		ledger_invoice_due(&request->period, length_s, request->now, request->newest_end);
	if (ledger_series_init(out, request->period.from, due, length_s) < 0) {
		answer = errno == ENOMEM ? LEDGER_DESK_MEMORY : LEDGER_DESK_OVERFLOW;
		goto out;
	}
	ledger_series_add(out, facts, count);
	answer = LEDGER_DESK_OK;
out:
	arena_free(arena);
	return answer;
}

static uint64_t
commit_of(const struct hub *hub, uint32_t member, struct utc_s at)
{
	uint64_t commit_bps = 0;
	for (size_t i = 0; i < hub->contract_count; i++) {
		const struct hub_contract *c = &hub->contracts[i];
		if (c->member == member && !c->purchase)
			commit_bps += ledger_contract_commit(c, at);
	}
	return commit_bps;
}

enum ledger_desk_answer
ledger_desk_curve(struct ledger_desk *desk, struct ledger_curve *out, uint32_t member,
		  struct utc_s from, struct utc_s to, struct utc_s now)
{
	bool whole_hub = member == HUB_NONE;
	assert(whole_hub || member < desk->hub->member_count);
	struct ledger_store_totals totals;
	enum ledger_desk_answer answer =
		ledger_desk_answer_of(ledger_store_totals(desk->store, &totals));
	if (answer)
		return answer;
	struct ledger_desk_request request = {
		.member = member,
		.port_count = whole_hub ? 0 : desk->hub->members[member].port_count,
		.period = {.from = from, .to = to},
		.now = now,
		.newest_end = totals.newest_end,
	};
	struct ledger_curve curve = {.from = from, .to = to};
	if (!whole_hub)
		curve.member = &desk->hub->members[member];
	struct ledger_gathered g = {0};
	answer = whole_hub ? gather_hub(desk, &g.sum, &request)
			   : ledger_desk_gather(desk, &g, &request);
	if (answer)
		return answer;
	curve.series = g.sum;
	curve.bins = ledger_series_counts(&curve.series);
	struct utc_s last = {to.s > now.s ? now.s : to.s - 1};
	curve.commit_bps = whole_hub ? 0 : commit_of(desk->hub, member, last);
	struct ledger_usage usage = {.sum = &curve.series};
	if (ledger_percentile_of(&curve.p95, NULL, &ledger_percentile_usual, &usage,
				 &request.period, NULL) < 0) {
		ledger_series_fini(&curve.series);
		return LEDGER_DESK_MEMORY;
	}
	*out = curve;
	return LEDGER_DESK_OK;
}

void
ledger_curve_fini(struct ledger_curve *curve)
{
	ledger_series_fini(&curve->series);
}
