/* What the store holds of a time, as batches of a day. */
#include "ledger/ledger_traffic.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

enum stage { BATCHES, PORTS, SUMS, PART, WHOLE };

struct ledger_traffic {
	struct ledger_store *store;
	const struct hub *hub;
	struct ledger_traffic_span span;
	enum ledger_sum_kind kind;
	struct arena *arena;         /* ports; pairs and networks of a part are on the heap */
	bool *wanted;                /* by port: it is told */
	uint32_t *numbers;           /* of the wanted ones */
	struct ledger_worth *worths; /* theirs, step by step */
	struct ledger_steps steps;   /* that they are of */
	uint32_t number_count;
	enum stage stage;
	struct utc_s at, day_to; /* the day that is read ends at day_to; sums are read up to `at` */
	uint32_t port;           /* the next one of numbers to be read */
	struct ledger_sums sums;
	struct traffic_batch day;
	struct traffic_unattributed unattributed;
	struct ledger_traffic_told told;
};

enum ledger_sum_kind
ledger_traffic_kind(enum traffic_what what)
{
	switch (what) {
	case TRAFFIC_WHAT_PAIR:
	case TRAFFIC_WHAT_FAMILY:
	case TRAFFIC_WHAT_LOCAL:
		return LEDGER_PAIRS;
	case TRAFFIC_WHAT_AS:
	case TRAFFIC_WHAT_NEXT_AS:
	case TRAFFIC_WHAT_MEMBER_AS:
	case TRAFFIC_WHAT_COUNTRY:
		return LEDGER_ORIGINS;
	default:
		return 0;
	}
}

void
ledger_traffic_fit(struct ledger_traffic_span *span, struct utc_s now)
{
	enum ledger_sum_kind kind = ledger_traffic_kind(span->what);
	if (!kind || span->from.s >= ledger_folded_before(kind, now).s)
		return;
	uint32_t folded_s = ledger_folds[kind - 1].folded_s;
	span->from.s -= span->from.s % folded_s;
	if (span->step_s && span->step_s < folded_s)
		span->step_s = folded_s;
}

size_t
ledger_traffic_steps(const struct ledger_traffic_span *span)
{
	assert(span->step_s);
	return span->to.s > span->from.s ? (size_t)(span->to.s - span->from.s) / span->step_s + 2
					 : 0;
}

/* Pairs need all ports: both ends are brought into line with what was counted. */
static bool
is_wanted(const struct ledger_traffic *t, const char *port)
{
	uint32_t found = hub_port_by_id(t->hub, port);
	return t->span.member == HUB_NONE || t->kind == LEDGER_PAIRS ||
	       (found != HUB_NONE && t->hub->ports[found].member == t->span.member);
}

/* All ports that the store knows now. One that it first hears of while this runs is left out. */
static int
list_ports(struct ledger_traffic *t)
{
	uint32_t count = 0;
	while (ledger_store_port_name(t->store, count + 1))
		count++;
	t->day.ports = arena_take(t->arena, (count + 1) * sizeof(*t->day.ports));
	t->wanted = arena_take(t->arena, count + 1);
	t->numbers = arena_take(t->arena, (count + 1) * sizeof(*t->numbers));
	if (!t->day.ports || !t->wanted || !t->numbers)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		const char *name = arena_str(t->arena, ledger_store_port_name(t->store, i + 1));
		if (!name)
			return -1;
		t->day.ports[i] = (struct traffic_port){.port = name};
		t->wanted[i] = is_wanted(t, name);
		if (t->wanted[i])
			t->numbers[t->number_count++] = i + 1;
	}
	t->day.port_count = count;
	size_t each = (size_t)t->store->engine->stride.days * DAY_S / t->steps.step_s;
	t->worths = arena_take(t->arena, (t->number_count * each + 1) * sizeof(*t->worths));
	return t->worths ? 0 : -1;
}

struct ledger_traffic *
ledger_traffic_new(struct ledger_store *store, const struct hub *hub,
		   const struct ledger_traffic_span *span)
{
	assert(store && hub && span);
	struct ledger_traffic *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	*t = (struct ledger_traffic){
		.store = store,
		.hub = hub,
		.span = *span,
		.kind = ledger_traffic_kind(span->what),
		.arena = arena_new(),
		.steps.step_s = span->step_s ? span->step_s : DAY_S,
		.day_to = span->from,
		.stage = WHOLE,
		.unattributed = {.cause = "not attributed"},
	};
	if (t->arena && list_ports(t) == 0)
		return t;
	ledger_traffic_free(t);
	return NULL;
}

static void
forget_part(struct ledger_traffic *t)
{
	free(t->day.pairs);
	free(t->day.origins);
	t->day.pairs = NULL;
	t->day.origins = NULL;
	t->day.pair_count = t->day.origin_count = 0;
	ledger_sums_fini(&t->sums);
}

void
ledger_traffic_free(struct ledger_traffic *t)
{
	if (!t)
		return;
	forget_part(t);
	arena_free(t->arena);
	free(t);
}

const struct traffic_batch *
ledger_traffic_part(const struct ledger_traffic *t)
{
	return &t->day;
}

const struct ledger_traffic_told *
ledger_traffic_told(const struct ledger_traffic *t)
{
	return t->stage == WHOLE ? &t->told : NULL;
}

/* --- a day --- */

static enum ledger_traffic_turn
of_error(enum ledger_store_error error)
{
	return error == LEDGER_STORE_OK       ? LEDGER_TRAFFIC_MORE
	       : error == LEDGER_STORE_MEMORY ? LEDGER_TRAFFIC_MEMORY
					      : LEDGER_TRAFFIC_STORE;
}

/* The next day, or the part of one at either end. */
static enum ledger_traffic_turn
begin_day(struct ledger_traffic *t)
{
	int64_t step_s = t->steps.step_s;
	forget_part(t);
	if (t->day_to.s >= t->span.to.s)
		return LEDGER_TRAFFIC_END;
	t->at = t->day.start = t->day_to;
	t->day_to.s = t->at.s - t->at.s % step_s + step_s;
	if (t->day_to.s > t->span.to.s)
		t->day_to = t->span.to;
	t->day.length_s = (uint32_t)(t->day_to.s - t->at.s);
	t->stage = BATCHES;
	return LEDGER_TRAFFIC_MORE;
}

/* Several runs of the meter may have listened in one bin, but not for longer than it lasts. */
static void
add_batches(struct ledger_traffic *t, const struct ledger_batch_row *rows, size_t count)
{
	uint32_t bin_s = 0;
	t->day.covered_s = 0;
	t->told = (struct ledger_traffic_told){0};
	for (size_t i = 0; i < count; i++) {
		const struct ledger_batch_row *row = &rows[i];
		if (i && rows[i - 1].start.s != row->start.s)
			bin_s = 0;
		uint32_t left = row->length_s - bin_s;
		uint32_t covered = row->covered_s < left ? row->covered_s : left;
		bin_s += covered;
		t->day.covered_s += covered;
		t->told.simulated |= row->simulated;
		t->told.not_attributed += row->unattributed;
		t->told.entered += row->in;
		t->told.lost += row->lost_records;
	}
	t->told.covered_s = t->day.covered_s;
	t->day.simulated = t->told.simulated;
	t->unattributed.octets = t->told.not_attributed;
	t->day.unattributed = &t->unattributed;
	t->day.unattributed_count = 1;
}

static enum ledger_traffic_turn
read_batches(struct ledger_traffic *t)
{
	struct ledger_batch_row *rows;
	size_t count;
	struct arena *arena = arena_new();
	enum ledger_store_error error = arena ? ledger_store_batches(t->store, arena, t->day.start,
								     t->day_to, &rows, &count)
					      : LEDGER_STORE_MEMORY;
	t->stage = WHOLE;
	if (!error && count) {
		add_batches(t, rows, count);
		t->stage = PORTS;
	}
	arena_free(arena);
	return of_error(error);
}

/* A put that failed, or a store that was opened again, may give a number to another port. */
static bool
ports_moved(const struct ledger_traffic *t)
{
	for (uint32_t i = 0; i < t->day.port_count; i++) {
		const char *name = ledger_store_port_name(t->store, i + 1);
		if (!name || strcmp(name, t->day.ports[i].port) != 0)
			return true;
	}
	return false;
}

/* The ports of the next days. */
static void
begin_worths(struct ledger_traffic *t)
{
	t->steps.from = t->day.start;
	t->steps.to.s = (t->day.start.s / DAY_S + t->store->engine->stride.days) * DAY_S;
	if (t->steps.to.s > t->span.to.s)
		t->steps.to = t->span.to;
	t->port = 0;
	size_t count = t->number_count * ledger_steps_count(&t->steps);
	for (size_t i = 0; i < count; i++)
		t->worths[i] = (struct ledger_worth){0};
}

/* A port's octets as they would be billed stand where a bin has what was counted, so that samples are
 * brought into line with them; a port that nothing was heard of stays missing. */
static void
set_ports(struct ledger_traffic *t)
{
	size_t each = ledger_steps_count(&t->steps),
	       step = ledger_steps_at(&t->steps, t->day.start);
	for (uint32_t i = 0; i < t->number_count; i++) {
		struct traffic_port *port = &t->day.ports[t->numbers[i] - 1];
		const struct ledger_worth *worth = &t->worths[i * each + step];
		*port = (struct traffic_port){
			.port = port->port,
			.state = worth->heard ? TRAFFIC_COUNTER : TRAFFIC_MISSING,
			.counter_in = worth->in,
			.counter_out = worth->out,
			.counter_covered_s = t->day.covered_s,
			.flow_in = worth->flow_in,
			.flow_out = worth->flow_out,
			.samples_in = worth->samples_in,
			.samples_out = worth->samples_out,
		};
	}
	t->stage = SUMS;
}

static enum ledger_traffic_turn
read_ports(struct ledger_traffic *t)
{
	if (t->day.start.s >= t->steps.to.s)
		begin_worths(t);
	uint32_t left = t->number_count - t->port, stride = t->store->engine->stride.ports;
	uint32_t count = left < stride ? left : stride;
	if (!count) {
		set_ports(t);
		return LEDGER_TRAFFIC_MORE;
	}
	if (ports_moved(t))
		return LEDGER_TRAFFIC_MOVED;
	enum ledger_store_error error =
		ledger_store_worths(t->worths + t->port * ledger_steps_count(&t->steps), t->store,
				    t->numbers + t->port, count, &t->steps);
	t->port += count;
	return of_error(error);
}

/* --- its sums --- */

static bool
has_port(const struct ledger_traffic *t, uint32_t number)
{
	return number >= 1 && number <= t->day.port_count;
}

static void
make_pairs(struct ledger_traffic *t)
{
	for (size_t i = 0; i < t->sums.count; i++) {
		const struct ledger_sum *sum = &t->sums.items[i];
		struct ledger_pair_key key = ledger_pair_key(sum);
		if (!has_port(t, key.from) || !has_port(t, key.to))
			continue;
		t->day.pairs[t->day.pair_count++] = (struct traffic_pair){
			.from = key.from - 1,
			.to = key.to - 1,
			.family = key.family,
			.octets = sum->octets,
			.packets = sum->packets,
			.samples = sum->samples,
		};
	}
}

static void
make_origins(struct ledger_traffic *t)
{
	for (size_t i = 0; i < t->sums.count; i++) {
		const struct ledger_sum *sum = &t->sums.items[i];
		struct ledger_origin_key key = ledger_origin_key(sum);
		if (!has_port(t, key.port) || !t->wanted[key.port - 1])
			continue;
		t->day.origins[t->day.origin_count++] = (struct traffic_origin){
			.port = key.port - 1,
			.outgoing = key.outgoing,
			.asn = key.asn,
			.country = {key.country[0], key.country[1]},
			.octets = sum->octets,
			.samples = sum->samples,
			.next = key.next,
		};
	}
}

static enum ledger_traffic_turn
end_day(struct ledger_traffic *t)
{
	t->stage = WHOLE;
	if (t->kind != LEDGER_PAIRS)
		return LEDGER_TRAFFIC_PART;
	if (ports_moved(t))
		return LEDGER_TRAFFIC_MOVED;
	t->day.pairs = calloc(t->sums.count + 1, sizeof(*t->day.pairs));
	if (!t->day.pairs)
		return LEDGER_TRAFFIC_MEMORY;
	/* In one order, however they are kept: the same octets come out when they are folded. */
	ledger_sums_sort(&t->sums);
	make_pairs(t);
	ledger_sums_fini(&t->sums);
	return LEDGER_TRAFFIC_PART;
}

/* Networks need nothing of each other: what was read of them is a part at once. What is told of the day
 * itself stays with its last part. */
static enum ledger_traffic_turn
part_of_day(struct ledger_traffic *t)
{
	if (ports_moved(t))
		return LEDGER_TRAFFIC_MOVED;
	t->day.origins = calloc(t->sums.count + 1, sizeof(*t->day.origins));
	if (!t->day.origins)
		return LEDGER_TRAFFIC_MEMORY;
	make_origins(t);
	ledger_sums_fini(&t->sums);
	t->stage = PART;
	return LEDGER_TRAFFIC_PART;
}

static enum ledger_traffic_turn
read_sums(struct ledger_traffic *t)
{
	if (!t->kind || t->at.s >= t->day_to.s)
		return end_day(t);
	const struct ledger_store_stride *stride = &t->store->engine->stride;
	int64_t step_s = t->kind == LEDGER_PAIRS ? stride->pairs_s : stride->origins_s;
	struct utc_s to = {t->at.s - t->at.s % step_s + step_s};
	if (to.s > t->day_to.s)
		to = t->day_to;
	enum ledger_store_error error = ledger_store_sums(t->store, t->kind, t->at, to, &t->sums);
	t->at = to;
	if (t->sums.failed)
		return LEDGER_TRAFFIC_MEMORY;
	return !error && t->kind == LEDGER_ORIGINS ? part_of_day(t) : of_error(error);
}

enum ledger_traffic_turn
ledger_traffic_next(struct ledger_traffic *t)
{
	switch (t->stage) {
	case BATCHES:
		return read_batches(t);
	case PORTS:
		return read_ports(t);
	case SUMS:
		return read_sums(t);
	case PART:
		forget_part(t);
		t->stage = SUMS;
		return LEDGER_TRAFFIC_MORE;
	case WHOLE:
		break;
	}
	return begin_day(t);
}
