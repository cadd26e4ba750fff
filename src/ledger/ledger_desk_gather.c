/* The bins of a contract or a member, from the store and all that corrects it. */
#include <errno.h>
#include <stdlib.h>

#include "ledger/ledger_desk_parts.h"

void
ledger_gathered_fini(struct ledger_gathered *g)
{
	ledger_series_fini(&g->sum);
	for (size_t i = 0; i < g->port_count; i++)
		ledger_series_fini(&g->ports[i]);
	free(g->ports);
	*g = (struct ledger_gathered){0};
}

enum ledger_desk_answer
ledger_desk_answer_of(enum ledger_store_error error)
{
	if (!error)
		return LEDGER_DESK_OK;
	return error == LEDGER_STORE_MEMORY ? LEDGER_DESK_MEMORY : LEDGER_DESK_STORE;
}

static uint32_t
port_of(const struct ledger_desk *desk, const struct ledger_desk_request *request, size_t i)
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
fill_other(struct ledger_desk *desk, struct ledger_series *series,
	   const struct ledger_desk_request *request, const char *port)
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
	enum ledger_desk_answer answer = ledger_desk_answer_of(
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
gather_ports(struct ledger_desk *desk, struct ledger_gathered *g,
	     const struct ledger_desk_request *request, uint32_t *length_s)
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
gather_at(struct ledger_desk *desk, struct ledger_gathered *out,
	  const struct ledger_desk_request *request, uint32_t *length_s)
{
	uint32_t tried_s = *length_s;
	struct ledger_gathered g = {0};
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
		ledger_gathered_fini(&g);
	else
		*out = g;
	return answer;
}

enum ledger_desk_answer
ledger_desk_gather(struct ledger_desk *desk, struct ledger_gathered *out,
		   const struct ledger_desk_request *request)
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
promises(const struct hub_contract *contract)
{
	for (size_t i = 0; i < contract->charge_count; i++)
		if (contract->charges[i].availability)
			return true;
	return false;
}

enum ledger_desk_answer
ledger_desk_live(struct ledger_desk *desk, struct ledger_lived *out, bool *has,
		 const struct ledger_desk_request *request)
{
	const struct hub_contract *contract = request->contract;
	struct utc_s from = request->period.from, to = request->period.to;
	*has = false;
	if (to.s > request->now.s)
		to = request->now;
	if (!promises(contract) || !desk->others.lived || from.s >= to.s)
		return LEDGER_DESK_OK;
	const char **ports = calloc(contract->port_count + 1, sizeof(*ports));
	if (!ports)
		return LEDGER_DESK_MEMORY;
	for (size_t i = 0; i < contract->port_count; i++)
		ports[i] = desk->hub->ports[contract->ports[i]].id;
	struct ledger_way_of of = {ports, contract->port_count,
				   desk->hub->members[contract->member].asn};
	*has = desk->others.lived(desk->others.context, &of, from, to, out) == 0;
	free(ports);
	return *has ? LEDGER_DESK_OK : LEDGER_DESK_STORE;
}
