/* Bins whole. */
#include "ledger/ledger_whole.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

bool
ledger_wholes_init(struct ledger_wholes *wholes, const struct ledger_port_names *names)
{
	*wholes = (struct ledger_wholes){.arena = arena_new(), .names = names};
	wholes->items =
		(struct ledger_rows){.arena = wholes->arena, .size = sizeof(struct ledger_whole)};
	return wholes->arena != NULL;
}

void
ledger_wholes_drop_sums(struct ledger_wholes *wholes)
{
	for (size_t i = 0; i < wholes->items.count; i++) {
		struct ledger_whole *whole = ledger_wholes_item(wholes, i);
		for (size_t k = 0; k < whole->sums.count; k++)
			ledger_sums_fini(&ledger_whole_sums(whole, k)->sums);
		whole->sums.count = 0;
	}
}

void
ledger_wholes_fini(struct ledger_wholes *wholes)
{
	ledger_wholes_drop_sums(wholes);
	arena_free(wholes->arena);
	*wholes = (struct ledger_wholes){0};
}

struct ledger_whole *
ledger_wholes_add(struct ledger_wholes *wholes, struct utc_s start)
{
	struct arena *arena = wholes->arena;
	struct ledger_whole *whole = ledger_rows_next(&wholes->items);
	if (whole)
		*whole = (struct ledger_whole){
			.start = start,
			.batches = {.arena = arena, .size = sizeof(struct ledger_whole_batch)},
			.ports = {.arena = arena, .size = sizeof(struct ledger_whole_port)},
			.sums = {.arena = arena, .size = sizeof(struct ledger_whole_sums)},
		};
	return whole;
}

struct ledger_whole *
ledger_wholes_at(struct ledger_wholes *wholes, struct utc_s start)
{
	for (size_t i = wholes->items.count; i > 0; i--) {
		struct ledger_whole *whole = ledger_wholes_item(wholes, i - 1);
		if (whole->start.s == start.s)
			return whole;
	}
	return ledger_wholes_add(wholes, start);
}

static int
by_start(const void *a, const void *b)
{
	const struct ledger_whole *x = a, *y = b;
	return (x->start.s > y->start.s) - (x->start.s < y->start.s);
}

static int
by_run(const void *a, const void *b)
{
	const struct ledger_whole_batch *x = a, *y = b;
	return (x->told.run > y->told.run) - (x->told.run < y->told.run);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct ledger_whole_port *)a)->port,
		      ((const struct ledger_whole_port *)b)->port);
}

static int
by_kind_and_run(const void *a, const void *b)
{
	const struct ledger_whole_sums *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->folded != y->folded)
		return x->folded ? 1 : -1;
	return (x->run > y->run) - (x->run < y->run);
}

static void
sort(struct ledger_rows *rows, int (*compare)(const void *, const void *))
{
	if (rows->count)
		qsort(rows->items, rows->count, rows->size, compare);
}

void
ledger_wholes_sort(struct ledger_wholes *wholes)
{
	sort(&wholes->items, by_start);
	for (size_t i = 0; i < wholes->items.count; i++) {
		struct ledger_whole *whole = ledger_wholes_item(wholes, i);
		sort(&whole->batches, by_run);
		sort(&whole->ports, by_name);
		sort(&whole->sums, by_kind_and_run);
		for (size_t k = 0; k < whole->sums.count; k++)
			ledger_sums_sort(&ledger_whole_sums(whole, k)->sums);
	}
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool
ledger_wholes_order(struct ledger_wholes *wholes, struct ledger_port_names *sorted)
{
	uint32_t count = wholes->names->count;
	const char **texts = arena_take(wholes->arena, (count + (size_t)1) * sizeof(*texts));
	uint32_t *numbers = arena_take(wholes->arena, (count + (size_t)1) * sizeof(*numbers));
	if (!texts || !numbers)
		return false;
	for (uint32_t i = 0; i < count; i++)
		texts[i] = wholes->names->names[i];
	qsort(texts, count, sizeof(*texts), by_text);
	for (uint32_t i = 0; i < count; i++)
		if (!ledger_port_names_add(sorted, texts[i]))
			return false;
	for (uint32_t i = 0; i < count; i++)
		numbers[i + 1] = ledger_port_names_find(sorted, wholes->names->names[i]);
	for (size_t i = 0; i < wholes->items.count; i++) {
		const struct ledger_whole *whole = ledger_wholes_item(wholes, i);
		for (size_t k = 0; k < whole->sums.count; k++) {
			struct ledger_whole_sums *sums = ledger_whole_sums(whole, k);
			ledger_sums_renumber(&sums->sums, sums->kind, numbers);
			ledger_sums_sort(&sums->sums);
		}
	}
	wholes->names = sorted;
	return true;
}

struct ledger_sums *
ledger_whole_sums_of(struct ledger_whole *whole, const struct ledger_whole_sums *key)
{
	for (size_t i = whole->sums.count; i > 0; i--) {
		struct ledger_whole_sums *sums = ledger_whole_sums(whole, i - 1);
		if (sums->kind == key->kind && sums->folded == key->folded && sums->run == key->run)
			return &sums->sums;
	}
	struct ledger_whole_sums *sums = ledger_rows_next(&whole->sums);
	if (!sums)
		return NULL;
	*sums = (struct ledger_whole_sums){
		.kind = key->kind,
		.folded = key->folded,
		.run = key->run,
		.length_s = key->length_s,
	};
	return &sums->sums;
}

/* --- of a batch --- */

static bool
add_sums(struct ledger_whole *whole, const struct traffic_batch *batch, const uint32_t *numbers)
{
	for (int kind = 1; kind <= LEDGER_SUM_KINDS; kind++) {
		struct ledger_sums sums = {0};
		ledger_batch_sums(&sums, batch, (enum ledger_sum_kind)kind, numbers);
		bool failed = sums.failed;
		struct ledger_sums *place = NULL;
		if (sums.count)
			place = ledger_whole_sums_of(whole,
						     &(struct ledger_whole_sums){
							     .kind = (enum ledger_sum_kind)kind,
							     .run = batch->run,
							     .length_s = batch->length_s,
						     });
		if (failed || (sums.count && !place)) {
			ledger_sums_fini(&sums);
			return false;
		}
		if (!place)
			continue;
		*place = sums;
	}
	return true;
}

struct ledger_whole *
ledger_wholes_add_batch(struct ledger_wholes *wholes, const struct traffic_batch *batch)
{
	struct ledger_whole *whole = ledger_wholes_add(wholes, batch->start);
	struct ledger_whole_batch *said = whole ? ledger_rows_next(&whole->batches) : NULL;
	uint32_t *numbers = arena_take(wholes->arena, (batch->port_count + 1) * sizeof(*numbers));
	if (!said || !numbers)
		return NULL;
	struct ledger_bin worth = ledger_batch_worth(batch);
	*said = (struct ledger_whole_batch){
		.told = *batch,
		.check = ledger_batch_check(batch),
		.in = worth.in,
		.out = worth.out,
		.state = worth.state,
	};
	said->told.port_count = said->told.pair_count = 0;
	said->told.origin_count = said->told.country_count = 0;
	for (size_t i = 0; i < batch->port_count; i++) {
		struct ledger_whole_port *port = ledger_rows_next(&whole->ports);
		numbers[i] = ledger_port_names_find(wholes->names, batch->ports[i].port);
		if (!port)
			return NULL;
		assert(numbers[i]);
		*port = (struct ledger_whole_port){
			batch->ports[i].port,
			ledger_fact_of(batch, &batch->ports[i]),
		};
	}
	return add_sums(whole, batch, numbers) ? whole : NULL;
}

/* --- what cannot be --- */

static const char *
batches_fault(const struct ledger_whole *whole, struct ledger_check *check)
{
	for (size_t i = 0; i < whole->batches.count; i++) {
		const struct ledger_whole_batch *batch = ledger_whole_batch(whole, i);
		const char *fault = ledger_batch_fault(&batch->told);
		if (fault)
			return fault;
		if (batch->told.length_s != ledger_whole_batch(whole, 0)->told.length_s)
			return "its batches have different lengths";
		if (i && batch->told.run == ledger_whole_batch(whole, i - 1)->told.run)
			return "a batch is there twice";
		ledger_check_add(check, batch->check.counter, batch->check.flow);
	}
	return NULL;
}

static const char *
ports_fault(const struct ledger_whole *whole, const struct ledger_check *check)
{
	struct ledger_check sum = {0, 0};
	if (whole->ports.count && !whole->batches.count)
		return "there are ports and no batch";
	for (size_t i = 0; i < whole->ports.count; i++) {
		const struct ledger_whole_port *port = ledger_whole_port(whole, i);
		const struct ledger_fact *fact = &port->fact;
		if (!port->port[0])
			return "a port has no name";
		if (i && strcmp(port->port, ledger_whole_port(whole, i - 1)->port) == 0)
			return "a port is there twice";
		if (fact->length_s != ledger_whole_batch(whole, 0)->told.length_s)
			return "a port's bin has another length than its batch";
		if (fact->runs > whole->batches.count)
			return "a port has more runs than there are batches";
		ledger_check_add(&sum, fact->counter_in, fact->flow_in);
		ledger_check_add(&sum, fact->counter_out, fact->flow_out);
	}
	if (sum.counter != check->counter || sum.flow != check->flow)
		return "its ports do not add up to what its batches brought";
	return NULL;
}

static const char *
sums_fault(const struct ledger_whole *whole, const struct ledger_whole_sums *sums)
{
	if (sums->folded) {
		uint32_t length_s = ledger_folds[sums->kind - 1].folded_s;
		if (sums->length_s != length_s || whole->start.s % length_s != 0)
			return "folded sums have another length or start than they can have";
		return NULL;
	}
	for (size_t i = 0; i < whole->batches.count; i++)
		if (ledger_whole_batch(whole, i)->told.run == sums->run &&
		    ledger_whole_batch(whole, i)->told.length_s == sums->length_s)
			return NULL;
	return "there are sums without their batch";
}

const char *
ledger_whole_fault(const struct ledger_whole *whole)
{
	struct ledger_check check = {0, 0};
	const char *fault = batches_fault(whole, &check);
	if (!fault)
		fault = ports_fault(whole, &check);
	for (size_t i = 0; i < whole->sums.count && !fault; i++)
		fault = sums_fault(whole, ledger_whole_sums(whole, i));
	return fault;
}
