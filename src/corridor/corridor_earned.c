/* The ledger's revenue by segment, from its answer. */
#include "corridor/corridor_earned.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

static struct corridor_earned_sum *
sum_of(struct corridor_earned *e, struct arena *arena, const struct hub *hub, const char *currency)
{
	for (size_t i = 0; i < e->count; i++)
		if (strcmp(e->sums[i].currency, currency) == 0)
			return &e->sums[i];
	struct corridor_earned_sum *sum = &e->sums[e->count];
	*sum = (struct corridor_earned_sum){
		.currency = currency,
		.segments = arena_take(arena, (hub->segment_count + 1) * sizeof(*sum->segments)),
	};
	if (!sum->segments)
		return NULL;
	e->count++;
	return sum;
}

/* One row: 0; or -1 and errno. */
static int
take_row(struct corridor_earned *e, struct arena *arena, const struct hub *hub,
	 const struct json_value *row)
{
	const struct json_value *money = json_read_get(row, "sum");
	const char *key = json_read_text(json_read_get(row, "key"));
	const char *amount = json_read_text(json_read_get(money, "amount"));
	const char *currency = json_read_text(json_read_get(money, "currency"));
	char *end;
	errno = EINVAL;
	if (!key || !amount || !currency)
		return -1;
	double value = strtod(amount, &end);
	if (end == amount || *end)
		return -1;
	errno = ENOMEM;
	struct corridor_earned_sum *sum = sum_of(e, arena, hub, currency);
	if (!sum)
		return -1;
	uint32_t segment = hub_segment_by_id(hub, key);
	*(segment == HUB_NONE ? &sum->elsewhere : &sum->segments[segment]) += value;
	return 0;
}

int
corridor_earned_read(struct corridor_earned *out, struct arena *arena, const struct hub *hub,
		     const char *json, size_t length)
{
	assert(out && arena && hub && (json || length == 0));
	const struct json_value *root = json_read(arena, json, length);
	const struct json_value *rows = json_read_get(root, "rows");
	struct corridor_earned e = {
		.month = json_read_text(json_read_get(root, "span")),
		.running = json_read_is_true(json_read_get(root, "running")),
		.simulated = json_read_is_true(json_read_get(root, "simulated")),
	};
	size_t count = 0;
	errno = EINVAL;
	if (!e.month || !rows || rows->type != JSON_ARRAY)
		return -1;
	for (const struct json_value *row = rows->first; row; row = row->next)
		count++;
	e.sums = arena_take(arena, (count + 1) * sizeof(*e.sums));
	errno = ENOMEM;
	if (!e.sums)
		return -1;
	for (const struct json_value *row = rows->first; row; row = row->next)
		if (take_row(&e, arena, hub, row) < 0)
			return -1;
	*out = e;
	return 0;
}

const struct corridor_earned_sum *
corridor_earned_usd(const struct corridor_earned *earned)
{
	for (size_t i = 0; i < earned->count; i++)
		if (strcmp(earned->sums[i].currency, "USD") == 0)
			return &earned->sums[i];
	return NULL;
}

double
corridor_earned_by_class(const struct corridor_earned_sum *sum, const struct corridor_plan *plan,
			 enum corridor_class class, uint32_t name)
{
	const struct corridor_relation *r = &plan->classes[class];
	double all = 0;
	assert(sum && name < r->count);
	for (uint32_t i = r->first_segment[name]; i < r->first_segment[name + 1]; i++) {
		uint32_t s = r->segments[i];
		all += sum->segments[s] / (r->first[s + 1] - r->first[s]);
	}
	return all;
}

double
corridor_earned_on(const struct corridor_earned_sum *sum, const struct hub *hub,
		   const bool *segments)
{
	double all = 0;
	assert(sum && hub);
	for (size_t s = 0; s < hub->segment_count; s++)
		all += !segments || segments[s] ? sum->segments[s] : 0;
	return all;
}
