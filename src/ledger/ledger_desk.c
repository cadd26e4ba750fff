/* The desk. */
#include "ledger/ledger_desk.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* The last invoice that was made for a contract. */
struct remembered {
	bool there;
	struct utc_s month; /* its first second */
	uint64_t changes;   /* of the store */
	struct utc_s due;
	bool final;
	struct ledger_invoice invoice;
};

struct ledger_desk {
	struct ledger_store *store;
	const struct hub *hub;
	struct remembered *remembered; /* one a contract */
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

void
ledger_desk_free(struct ledger_desk *desk)
{
	if (!desk)
		return;
	free(desk->remembered);
	free(desk);
}

bool
ledger_desk_apply(struct ledger_desk *desk, const struct hub *hub)
{
	struct remembered *fresh = calloc(hub->contract_count + 1, sizeof(*fresh));
	if (!fresh)
		return false;
	free(desk->remembered);
	desk->remembered = fresh;
	desk->hub = hub;
	return true;
}

/* Which bins are asked for: those of some ports in a part of a period. */
struct request {
	const uint32_t *ports; /* index in hub->ports; NULL: those of the member */
	uint32_t member;
	size_t port_count;
	struct ledger_period period; /* from, to */
	struct utc_s now, newest_end;
};

static enum ledger_desk_answer
answer_of(enum ledger_store_error error)
{
	if (!error)
		return LEDGER_DESK_OK;
	return error == LEDGER_STORE_MEMORY ? LEDGER_DESK_MEMORY : LEDGER_DESK_STORE;
}

/* Adds one port to the series. Its bins may be longer than those of the series (the hub's bin
 * length was changed inside the period): then *longer_s says how long, and nothing is added. */
static enum ledger_desk_answer
add_port(struct ledger_desk *desk, struct ledger_series *series, const char *port,
	 uint32_t *longer_s)
{
	struct arena *arena = arena_new();
	if (!arena)
		return LEDGER_DESK_MEMORY;
	struct utc_s to = {series->from.s + (int64_t)series->count * series->length_s};
	struct ledger_facts facts;
	enum ledger_desk_answer answer =
		answer_of(ledger_store_bins(&facts, desk->store, arena, port, series->from, to));
	if (!answer) {
		*longer_s = ledger_facts_length(facts.items, facts.count, series->length_s);
		if (*longer_s == series->length_s)
			ledger_series_add(series, facts.items, facts.count);
	}
	arena_free(arena);
	return answer;
}

static enum ledger_desk_answer
gather_at(struct ledger_desk *desk, struct ledger_series *out, const struct request *request,
	  uint32_t *length_s)
{
	struct utc_s due =
		ledger_invoice_due(&request->period, *length_s, request->now, request->newest_end);
	if (ledger_series_init(out, request->period.from, due, *length_s) < 0)
		return errno == ENOMEM ? LEDGER_DESK_MEMORY : LEDGER_DESK_OVERFLOW;
	uint32_t first = desk->hub->members[request->member].first_port;
	for (size_t i = 0; i < request->port_count; i++) {
		uint32_t port = request->ports ? request->ports[i] : first + (uint32_t)i;
		uint32_t needed_s = *length_s;
		enum ledger_desk_answer answer =
			add_port(desk, out, desk->hub->ports[port].id, &needed_s);
		if (answer || needed_s != *length_s) {
			ledger_series_fini(out);
			*length_s = needed_s;
			return answer;
		}
	}
	return LEDGER_DESK_OK;
}

/* The bins of the request, in bins as long as the longest that the period has. */
static enum ledger_desk_answer
gather(struct ledger_desk *desk, struct ledger_series *out, const struct request *request)
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
	return memory->there && memory->month.s == now->month.s &&
	       memory->changes == now->changes && memory->due.s == now->due.s &&
	       memory->final == now->final;
}

/* Makes the invoice of a request from its bins; they go to *series if that is wanted. */
static enum ledger_desk_answer
make(struct ledger_desk *desk, struct ledger_invoice *out, struct ledger_series *series,
     uint32_t contract, const struct request *request)
{
	struct ledger_series gathered;
	enum ledger_desk_answer answer = gather(desk, &gathered, request);
	if (answer)
		return answer;
	if (ledger_invoice_make(out, desk->hub, contract, &request->period, &gathered,
				request->now) < 0) {
		answer = errno == EOVERFLOW ? LEDGER_DESK_OVERFLOW : LEDGER_DESK_MEMORY;
		ledger_series_fini(&gathered);
		return answer;
	}
	out->series = series;
	if (series)
		*series = gathered;
	else
		ledger_series_fini(&gathered);
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
	struct remembered *memory = &desk->remembered[contract];
	struct remembered fresh = {
		.there = true,
		.month = request.period.month_from,
		.changes = totals.changes,
		.due = ledger_invoice_due(&request.period, desk->hub->bin_length_s, now,
					  totals.newest_end),
		.final = now.s >= request.period.month_to.s + LEDGER_SETTLING_S,
	};
	if (!series && still_good(memory, &fresh)) {
		*out = memory->invoice;
		return LEDGER_DESK_OK;
	}
	answer = make(desk, out, series, contract, &request);
	if (answer)
		return answer;
	fresh.invoice = *out;
	fresh.invoice.series = NULL;
	*memory = fresh;
	return LEDGER_DESK_OK;
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
		bool in_force = c->starts.s <= at.s && (c->ends.s == 0 || at.s < c->ends.s);
		if (c->member == member && c->kind == HUB_COMMIT && in_force)
			commit_bps += c->commit_bps;
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
	answer = whole_hub ? gather_hub(desk, &curve.series, &request)
			   : gather(desk, &curve.series, &request);
	if (answer)
		return answer;
	curve.bins = ledger_series_counts(&curve.series);
	struct utc_s last = {to.s > now.s ? now.s : to.s - 1};
	curve.commit_bps = whole_hub ? 0 : commit_of(desk->hub, member, last);
	if (ledger_percentile_of(&curve.p95, &curve.series) < 0) {
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
