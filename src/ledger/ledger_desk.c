/* The desk. */
#include "ledger/ledger_desk.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The last invoice that was made for a contract. */
struct remembered {
	struct arena *arena; /* of the invoice; NULL: there is none */
	struct utc_s month;  /* its first second */
	uint64_t changes;    /* of the store, and of the other parties' records */
	struct utc_s due;
	bool final;
	struct ledger_invoice invoice;
};

struct ledger_desk {
	struct ledger_store *store;
	const struct hub *hub;
	struct ledger_others others;
	struct remembered *remembered; /* one a contract */
	size_t remembered_count;
	char fault[200];
};

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
	struct remembered *fresh = calloc(hub->contract_count + 1, sizeof(*fresh));
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

/* Which bins are asked for: those of some ports in a part of a period. */
struct request {
	const uint32_t *ports; /* index in hub->ports; NULL: those of the member */
	uint32_t member;
	size_t port_count;
	const struct hub_contract *contract; /* NULL: none; then all is as usual */
	struct ledger_period period;         /* from, to */
	struct utc_s now, newest_end;
};

/* The bins of a request: the sum of the ports, and each of them if the contract wants that. */
struct gathered {
	struct ledger_series sum;
	struct ledger_series *ports; /* NULL: not kept */
	size_t port_count;
};

static void
gathered_fini(struct gathered *g)
{
	ledger_series_fini(&g->sum);
	for (size_t i = 0; i < g->port_count; i++)
		ledger_series_fini(&g->ports[i]);
	free(g->ports);
	*g = (struct gathered){0};
}

static enum ledger_desk_answer
answer_of(enum ledger_store_error error)
{
	if (!error)
		return LEDGER_DESK_OK;
	return error == LEDGER_STORE_MEMORY ? LEDGER_DESK_MEMORY : LEDGER_DESK_STORE;
}

static uint32_t
port_of(const struct ledger_desk *desk, const struct request *request, size_t i)
{
	if (request->ports)
		return request->ports[i];
	return desk->hub->members[request->member].first_port + (uint32_t)i;
}

static struct utc_s
end_of(const struct ledger_series *series)
{
	return (struct utc_s){series->from.s + (int64_t)series->count * series->length_s};
}

/* The other party's records, where bins are missing. `port` NULL: of all together. */
static enum ledger_desk_answer
fill_other(struct ledger_desk *desk, struct ledger_series *series, const struct request *request,
	   const char *port)
{
	const struct hub_contract *contract = request->contract;
	if (!contract || contract->percentile.missing != HUB_MISSING_OTHER_PARTY ||
	    !desk->others.find)
		return LEDGER_DESK_OK;
	struct arena *arena = arena_new();
	struct ledger_other_bins others = {0};
	if (!arena)
		return LEDGER_DESK_MEMORY;
	enum ledger_desk_answer answer = LEDGER_DESK_OK;
	if (desk->others.find(desk->others.context, arena, contract->id, port, series->from,
			      end_of(series), &others) < 0)
		answer = LEDGER_DESK_STORE;
	else
		ledger_series_fill(series, others);
	arena_free(arena);
	return answer;
}

/* Bins that were put right by hand. */
static enum ledger_desk_answer
adjust(const struct ledger_desk *desk, struct arena *arena, struct ledger_facts *facts,
       const char *port, const struct ledger_series *like)
{
	struct ledger_other_bins by = {0};
	if (!desk->others.adjusted)
		return LEDGER_DESK_OK;
	if (desk->others.adjusted(desk->others.context, arena, port, like->from, end_of(like),
				  &by) < 0)
		return LEDGER_DESK_STORE;
	if (by.count && !ledger_facts_adjust(arena, facts, by))
		return LEDGER_DESK_MEMORY;
	return LEDGER_DESK_OK;
}

/* The bins of one port; `like` says which. They may be longer than those (the hub's bin length was
 * changed inside the period): then *longer_s says how long, and *out has nothing. */
static enum ledger_desk_answer
gather_port(struct ledger_desk *desk, struct ledger_series *out, const struct ledger_series *like,
	    const char *port, uint32_t *longer_s)
{
	struct arena *arena = arena_new();
	if (!arena || ledger_series_init(out, like->from, end_of(like), like->length_s) < 0) {
		arena_free(arena);
		return LEDGER_DESK_MEMORY;
	}
	struct ledger_facts facts;
	enum ledger_desk_answer answer = answer_of(
		ledger_store_bins(&facts, desk->store, arena, port, like->from, end_of(like)));
	if (!answer)
		answer = adjust(desk, arena, &facts, port, like);
	if (!answer) {
		*longer_s = ledger_facts_length(facts.items, facts.count, like->length_s);
		if (*longer_s == like->length_s)
			ledger_series_add(out, facts.items, facts.count);
	}
	arena_free(arena);
	if (answer || *longer_s != like->length_s)
		ledger_series_fini(out);
	return answer;
}

/* All ports in bins of one length, or the answer, or a longer length that is needed. */
static enum ledger_desk_answer
gather_ports(struct ledger_desk *desk, struct gathered *g, const struct request *request,
	     uint32_t *length_s)
{
	uint32_t tried_s = *length_s;
	for (size_t i = 0; i < request->port_count; i++) {
		const char *id = desk->hub->ports[port_of(desk, request, i)].id;
		struct ledger_series port;
		enum ledger_desk_answer answer = gather_port(desk, &port, &g->sum, id, length_s);
		if (answer || *length_s != tried_s)
			return answer;
		answer = fill_other(desk, &port, request, id);
		ledger_series_join(&g->sum, &port);
		if (g->ports)
			g->ports[g->port_count++] = port;
		else
			ledger_series_fini(&port);
		if (answer)
			return answer;
	}
	return fill_other(desk, &g->sum, request, NULL);
}

static enum ledger_desk_answer
gather_at(struct ledger_desk *desk, struct gathered *out, const struct request *request,
	  uint32_t *length_s)
{
	uint32_t tried_s = *length_s;
	struct gathered g = {0};
	struct utc_s due =
		ledger_invoice_due(&request->period, tried_s, request->now, request->newest_end);
	/* A bin belongs to the month that it begins in, also where the zone's midnight is inside. */
	if (due.s == request->period.month_to.s)
		due.s = (due.s + tried_s - 1) / tried_s * tried_s;
	if (ledger_series_init(&g.sum, request->period.from, due, tried_s) < 0)
		return errno == ENOMEM ? LEDGER_DESK_MEMORY : LEDGER_DESK_OVERFLOW;
	enum ledger_desk_answer answer = LEDGER_DESK_OK;
	bool apart =
		request->contract && request->contract->percentile.ports == HUB_PORTS_SUM_AFTER;
	if (apart && !(g.ports = calloc(request->port_count + 1, sizeof(*g.ports))))
		answer = LEDGER_DESK_MEMORY;
	if (!answer)
		answer = gather_ports(desk, &g, request, length_s);
	if (answer || *length_s != tried_s)
		gathered_fini(&g);
	else
		*out = g;
	return answer;
}

/* The bins of the request, in bins as long as the longest that the period has. */
static enum ledger_desk_answer
gather(struct ledger_desk *desk, struct gathered *out, const struct request *request)
{
	uint32_t length_s = desk->hub->bin_length_s;
	for (;;) {
		uint32_t tried_s = length_s;
		enum ledger_desk_answer answer = gather_at(desk, out, request, &length_s);
		if (answer || length_s == tried_s)
			return answer;
	}
}

static bool
still_good(const struct remembered *memory, const struct remembered *now)
{
	return memory->arena && memory->month.s == now->month.s &&
	       memory->changes == now->changes && memory->due.s == now->due.s &&
	       memory->final == now->final;
}

/* Makes the invoice of a request from its bins, in `arena`; the bins go to *series if that is
 * wanted. */
static enum ledger_desk_answer
make(struct ledger_desk *desk, struct ledger_invoice *out, struct arena *arena,
     struct ledger_series *series, const struct request *request)
{
	struct gathered g;
	enum ledger_desk_answer answer = gather(desk, &g, request);
	if (answer)
		return answer;
	const struct hub_contract *c = request->contract;
	struct ledger_invoice_source source = {
		.hub = desk->hub,
		.contract = (uint32_t)(c - desk->hub->contracts),
		.period = request->period,
		.usage = {.sum = &g.sum, .ports = g.ports, .port_count = g.port_count},
		.now = request->now,
	};
	for (size_t i = 0; i < c->port_count; i++)
		source.usage.speed_bps += desk->hub->ports[c->ports[i]].speed_bps;
	if (ledger_invoice_make(out, arena, &source) < 0) {
		answer = errno == EOVERFLOW ? LEDGER_DESK_OVERFLOW : LEDGER_DESK_MEMORY;
		(void)snprintf(desk->fault, sizeof(desk->fault), "contract %.64s: %.120s", c->id,
			       out->charge.fault ? out->charge.fault : "an amount does not fit");
		gathered_fini(&g);
		return answer;
	}
	out->series = series;
	if (series) {
		*series = g.sum;
		g.sum = (struct ledger_series){0};
	}
	gathered_fini(&g);
	return LEDGER_DESK_OK;
}

/* Makes it, and remembers it instead of the one before. */
static enum ledger_desk_answer
make_anew(struct ledger_desk *desk, struct ledger_invoice *out, struct ledger_series *series,
	  const struct request *request, struct remembered *fresh)
{
	struct remembered *memory = &desk->remembered[request->contract - desk->hub->contracts];
	fresh->arena = arena_new();
	if (!fresh->arena)
		return LEDGER_DESK_MEMORY;
	enum ledger_desk_answer answer = make(desk, out, fresh->arena, series, request);
	if (answer) {
		arena_free(fresh->arena);
		return answer;
	}
	fresh->invoice = *out;
	fresh->invoice.series = NULL;
	arena_free(memory->arena);
	*memory = *fresh;
	return LEDGER_DESK_OK;
}

enum ledger_desk_answer
ledger_desk_invoice(struct ledger_desk *desk, struct ledger_invoice *out,
		    struct ledger_series *series, uint32_t contract, struct utc_s month,
		    struct utc_s now)
{
	assert(contract < desk->hub->contract_count);
	const struct hub_contract *c = &desk->hub->contracts[contract];
	struct utc_date date = utc_to_date(month);
	struct request request = {
		.ports = c->ports,
		.member = c->member,
		.port_count = c->port_count,
		.contract = c,
		.now = now,
	};
	struct ledger_store_totals totals;
	if (ledger_period_of(&request.period, c, date.year, date.month) < 0 ||
	    request.period.from.s > now.s)
		return LEDGER_DESK_NOT_IN_FORCE;
	enum ledger_desk_answer answer = answer_of(ledger_store_totals(desk->store, &totals));
	if (answer)
		return answer;
	request.newest_end = totals.newest_end;
	uint64_t others = desk->others.changes ? desk->others.changes(desk->others.context) : 0;
	struct remembered fresh = {
		.month = request.period.month_from,
		.changes = totals.changes + others, /* both only grow */
		.due = ledger_invoice_due(&request.period, desk->hub->bin_length_s, now,
					  totals.newest_end),
		.final = now.s >= request.period.month_to.s + LEDGER_SETTLING_S,
	};
	const struct remembered *memory = &desk->remembered[contract];
	if (!series && still_good(memory, &fresh)) {
		*out = memory->invoice;
		return LEDGER_DESK_OK;
	}
	return make_anew(desk, out, series, &request, &fresh);
}

enum ledger_desk_answer
ledger_desk_forecast(struct ledger_desk *desk, struct ledger_forecast *out, uint32_t contract,
		     struct utc_s month, struct utc_s now)
{
	assert(contract < desk->hub->contract_count);
	const struct hub_contract *c = &desk->hub->contracts[contract];
	struct utc_date date = utc_to_date(month);
	struct request request = {
		.ports = c->ports,
		.member = c->member,
		.port_count = c->port_count,
		.contract = c,
		.now = now,
	};
	struct ledger_period period;
	struct ledger_store_totals totals;
	if (ledger_period_of(&period, c, date.year, date.month) < 0 || period.from.s > now.s)
		return LEDGER_DESK_NOT_IN_FORCE;
	enum ledger_desk_answer answer = answer_of(ledger_store_totals(desk->store, &totals));
	if (answer)
		return answer;
	request.newest_end = totals.newest_end;
	request.period = period;
	request.period.from.s -= LEDGER_FORECAST_HISTORY_S;
	struct gathered g;
	answer = gather(desk, &g, &request);
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
	};
	if (ledger_forecast_make(out, &source) < 0) {
		answer = errno == EOVERFLOW ? LEDGER_DESK_OVERFLOW : LEDGER_DESK_MEMORY;
		(void)snprintf(desk->fault, sizeof(desk->fault),
			       "contract %.64s: an amount does not fit", c->id);
	}
	gathered_fini(&g);
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
gather_hub(struct ledger_desk *desk, struct ledger_series *out, const struct request *request)
{
	struct arena *arena = arena_new();
	struct ledger_batch_row *rows;
	size_t count;
	if (!arena)
		return LEDGER_DESK_MEMORY;
	enum ledger_desk_answer answer = answer_of(ledger_store_batches(
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
	enum ledger_desk_answer answer = answer_of(ledger_store_totals(desk->store, &totals));
	if (answer)
		return answer;
	struct request request = {
		.member = member,
		.port_count = whole_hub ? 0 : desk->hub->members[member].port_count,
		.period = {.from = from, .to = to},
		.now = now,
		.newest_end = totals.newest_end,
	};
	struct ledger_curve curve = {.from = from, .to = to};
	if (!whole_hub)
		curve.member = &desk->hub->members[member];
	struct gathered g = {0};
	answer = whole_hub ? gather_hub(desk, &g.sum, &request) : gather(desk, &g, &request);
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
