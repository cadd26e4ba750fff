/* What a running hub tells of its hub file to who makes the plan: the wishes, and the places that
 * fibre may start from. */
#include "view/view_corridor_reach_settings.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"

static const char *const item_names[] = {"km", "road", "site", "shared", "upgrade"};
static const char *const count_names[] = {"number", "traffic", "weight"};

static void
write_costs(struct json *j, const struct hub_reach *reach)
{
	json_array(j, "costs");
	for (size_t i = 0; i < reach->cost_count; i++) {
		const struct hub_reach_cost *c = &reach->costs[i];
		json_object(j, NULL);
		json_str(j, "item", item_names[c->item]);
		json_str(j, "terrain", c->terrain);
		json_double(j, "amount", c->amount);
		json_double(j, "low", c->basis.low);
		json_double(j, "high", c->basis.high);
		json_u64(j, "confidence", c->basis.confidence);
		json_str(j, "source", c->basis.source);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
write_reach(struct json *j, const struct hub_reach *reach)
{
	json_str(j, "towers", reach->towers);
	json_str(j, "fibre", reach->fibre);
	json_str(j, "currency", reach->currency.code);
	json_str(j, "count", count_names[reach->count]);
	json_bool(j, "sites", reach->sites);
	json_bool(j, "segments", reach->segments);
	json_u64(j, "years", reach->years);
	json_u64(j, "first_year", reach->first_year);
	json_double(j, "stretch_max_km", reach->stretch_max_km);
	json_array(j, "targets");
	for (size_t i = 0; i < reach->target_count; i++)
		json_u64(j, NULL, reach->targets[i]);
	json_array_end(j);
	json_array(j, "budgets");
	for (size_t i = 0; i < reach->budget_count; i++)
		json_u64(j, NULL, reach->budgets[i]);
	json_array_end(j);
	write_costs(j, reach);
}

void
view_reach_settings(struct buf *out, const struct hub *hub)
{
	assert(out && hub);
	struct json j = json_to(out);
	json_object(&j, NULL);
	write_reach(&j, &hub->reach);
	json_array(&j, "places");
	for (size_t i = 0; i < hub->site_count; i++) {
		json_object(&j, NULL);
		json_str(&j, "id", hub->sites[i].id);
		json_double(&j, "lat", hub->sites[i].latitude);
		json_double(&j, "lon", hub->sites[i].longitude);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "in_use");
	for (size_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		if (!s->usable)
			continue;
		json_object(&j, NULL);
		json_str(&j, "id", s->id);
		json_str(&j, "type", s->type);
		json_u64(&j, "a", s->a);
		json_u64(&j, "b", s->b);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- and back --- */

static size_t
length_of(const struct json_value *list)
{
	size_t count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		count++;
	return count;
}

static double
number_or(const struct json_value *of, const char *key, double otherwise)
{
	double value;
	return json_read_number(&value, json_read_get(of, key)) ? value : otherwise;
}

/* 0 for what is no whole number up to `most`. */
static uint64_t
whole(const struct json_value *value, double most)
{
	double number;
	if (!json_read_number(&number, value) || !(number >= 0) || number > most)
		return 0;
	return (uint64_t)number;
}

static const char *
text_of(struct arena *arena, const struct json_value *of, const char *key)
{
	const char *text = json_read_text(json_read_get(of, key));
	return text ? arena_str(arena, text) : NULL;
}

static int
word_of(const char *const *words, int count, const struct json_value *value)
{
	const char *text = json_read_text(value);
	for (int i = 0; text && i < count; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return 0;
}

static int
read_costs(struct hub *hub, const struct json_value *list)
{
	struct hub_reach *reach = &hub->reach;
	size_t count = length_of(list);
	reach->costs = arena_take(hub->arena, (count + 1) * sizeof(*reach->costs));
	if (!reach->costs)
		return -1;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		reach->costs[reach->cost_count++] = (struct hub_reach_cost){
			.item = (enum hub_reach_item)word_of(item_names, 5,
							     json_read_get(v, "item")),
			.terrain = text_of(hub->arena, v, "terrain"),
			.amount = number_or(v, "amount", 0),
			.basis = {.low = number_or(v, "low", NAN),
				  .high = number_or(v, "high", NAN),
				  .confidence = (enum hub_confidence)whole(
					  json_read_get(v, "confidence"), HUB_ESTIMATED),
				  .source = text_of(hub->arena, v, "source")},
		};
	return 0;
}

static int
read_years(struct hub *hub, const struct json_value *root)
{
	struct hub_reach *reach = &hub->reach;
	const struct json_value *targets = json_read_get(root, "targets");
	const struct json_value *budgets = json_read_get(root, "budgets");
	reach->targets = arena_take(hub->arena, (length_of(targets) + 1) * sizeof(*reach->targets));
	reach->budgets = arena_take(hub->arena, (length_of(budgets) + 1) * sizeof(*reach->budgets));
	if (!reach->targets || !reach->budgets)
		return -1;
	for (const struct json_value *v = json_read_first(targets); v; v = v->next)
		reach->targets[reach->target_count++] = (uint32_t)whole(v, 10000);
	for (const struct json_value *v = json_read_first(budgets); v; v = v->next)
		reach->budgets[reach->budget_count++] = whole(v, 1e15);
	return 0;
}

static int
read_places(struct hub *hub, const struct json_value *root)
{
	const struct json_value *places = json_read_get(root, "places");
	const struct json_value *in_use = json_read_get(root, "in_use");
	hub->sites = arena_take(hub->arena, (length_of(places) + 1) * sizeof(*hub->sites));
	hub->segments = arena_take(hub->arena, (length_of(in_use) + 1) * sizeof(*hub->segments));
	if (!hub->sites || !hub->segments)
		return -1;
	for (const struct json_value *v = json_read_first(places); v; v = v->next)
		hub->sites[hub->site_count++] =
			(struct hub_site){.id = text_of(hub->arena, v, "id"),
					  .latitude = number_or(v, "lat", NAN),
					  .longitude = number_or(v, "lon", NAN)};
	for (const struct json_value *v = json_read_first(in_use); v; v = v->next) {
		struct hub_segment s = {
			.id = text_of(hub->arena, v, "id"),
			.type = text_of(hub->arena, v, "type"),
			.a = (uint32_t)whole(json_read_get(v, "a"), UINT32_MAX),
			.b = (uint32_t)whole(json_read_get(v, "b"), UINT32_MAX),
			.usable = true,
		};
		if (s.a >= hub->site_count || s.b >= hub->site_count)
			return -1;
		hub->segments[hub->segment_count++] = s;
	}
	return 0;
}

struct hub *
view_reach_settings_read(const char *text, size_t length)
{
	struct arena *arena = arena_new(), *scratch = arena_new();
	struct hub *hub = arena && scratch ? arena_take(arena, sizeof(*hub)) : NULL;
	const struct json_value *root = hub ? json_read(scratch, text, length) : NULL;
	bool good = root && root->type == JSON_OBJECT;
	if (good) {
		const char *currency = json_read_text(json_read_get(root, "currency"));
		struct hub_reach *reach = &hub->reach;
		hub->arena = arena;
		reach->towers = text_of(arena, root, "towers");
		reach->fibre = text_of(arena, root, "fibre");
		reach->count =
			(enum hub_reach_count)word_of(count_names, 3, json_read_get(root, "count"));
		reach->sites = json_read_is_true(json_read_get(root, "sites"));
		reach->segments = json_read_is_true(json_read_get(root, "segments"));
		reach->years = (uint32_t)whole(json_read_get(root, "years"), 30);
		reach->first_year = (uint32_t)whole(json_read_get(root, "first_year"), 9999);
		reach->stretch_max_km = number_or(root, "stretch_max_km", NAN);
		good = currency && currency_parse(&reach->currency, currency) == 0 &&
		       read_years(hub, root) == 0 &&
		       read_costs(hub, json_read_get(root, "costs")) == 0 &&
		       read_places(hub, root) == 0;
	}
	arena_free(scratch);
	if (good)
		return hub;
	arena_free(arena);
	return NULL;
}
