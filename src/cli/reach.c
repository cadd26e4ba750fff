/* The words of `corridor reach`: what overrides the hub file, and where answers go. */
#include "cli/reach.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int complain(struct reach_request *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int
complain(struct reach_request *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(r->complaint, sizeof(r->complaint), format, args);
	va_end(args);
	return -1;
}

/* A number that may end with k, M or G: thousands, millions, thousand millions. */
static bool
read_amount(double *out, const char *text, size_t length)
{
	char digits[32];
	double factor = 1;
	if (length > 1 && strchr("kMG", text[length - 1])) {
		factor = text[length - 1] == 'k' ? 1e3 : text[length - 1] == 'M' ? 1e6 : 1e9;
		length--;
	}
	if (length == 0 || length >= sizeof(digits) || !isdigit((unsigned char)text[0]))
		return false;
	memcpy(digits, text, length);
	digits[length] = '\0';
	if (strspn(digits, "0123456789.") != length)
		return false;
	char *end;
	*out = strtod(digits, &end) * factor;
	return *end == '\0';
}

/* The parts of a list with commas between them, each an amount up to `most`. */
static int
read_list(struct reach_request *r, const char *option, const char *list, double most, double *out)
{
	int count = 0;
	for (const char *at = list;; at++) {
		size_t length = strcspn(at, ",");
		if (count == REACH_LIST_MAX)
			return complain(r, "%s: more than %d years", option, REACH_LIST_MAX);
		if (!read_amount(&out[count], at, length) || out[count] > most)
			return complain(r,
					"%s: found \"%.40s\", expected numbers from 0 to %.0f, "
					"with commas between them",
					option, list, most);
		count++;
		at += length;
		if (*at == '\0')
			return count;
	}
}

static int
take_targets(struct reach_request *r, const char *option, const char *value)
{
	double values[REACH_LIST_MAX];
	int count = read_list(r, option, value, 100, values);
	for (int i = 0; i < count; i++) {
		r->targets[i] = (uint32_t)lround(values[i] * 100);
		/* Rounded it would be another target, and might want a tower more. */
		if (fabs(values[i] * 100 - r->targets[i]) > 1e-6)
			return complain(r,
					"%s: found \"%.40s\", expected percents of at most two "
					"decimals",
					option, value);
	}
	r->target_count = count > 0 ? (size_t)count : 0;
	return count < 0 ? -1 : 0;
}

static int
take_budgets(struct reach_request *r, const char *option, const char *value)
{
	double values[REACH_LIST_MAX];
	int count = read_list(r, option, value, 1e12, values);
	for (int i = 0; i < count; i++)
		r->budgets[i] = (uint64_t)llround(values[i]);
	r->budget_count = count > 0 ? (size_t)count : 0;
	return count < 0 ? -1 : 0;
}

static int
take_number(struct reach_request *r, const char *option, const char *value, double least,
	    double most, double *out)
{
	if (read_amount(out, value, strlen(value)) && *out >= least && *out <= most)
		return 0;
	return complain(r, "%s: found \"%.40s\", expected a number from %g to %g", option, value,
			least, most);
}

static int
take_years(struct reach_request *r, const char *option, const char *value)
{
	double years;
	if (take_number(r, option, value, 1, REACH_LIST_MAX, &years) < 0)
		return -1;
	r->years = (uint32_t)years;
	return 0;
}

static int
take_first(struct reach_request *r, const char *option, const char *value)
{
	double year;
	if (take_number(r, option, value, 1, 9999, &year) < 0)
		return -1;
	r->first_year = (uint32_t)year;
	return 0;
}

static int
take_stretch(struct reach_request *r, const char *option, const char *value)
{
	return take_number(r, option, value, 0.001, 20040, &r->stretch_max_km);
}

static int
take_count(struct reach_request *r, const char *option, const char *value)
{
	static const char *const words[] = {"number", "traffic", "weight"};
	for (int i = 0; i < 3; i++) {
		if (strcasecmp(value, words[i]) != 0)
			continue;
		r->count = i;
		return 0;
	}
	return complain(r, "%s: found \"%.40s\", expected number, traffic or weight", option,
			value);
}

/* ITEM[:TERRAIN]=AMOUNT */
static int
take_cost(struct reach_request *r, const char *option, const char *value)
{
	static const char *const items[] = {"km", "road", "site", "shared", "upgrade"};
	const char *equals = strchr(value, '='), *colon = strchr(value, ':');
	size_t length = equals ? (size_t)((colon && colon < equals ? colon : equals) - value) : 0;
	struct hub_reach_cost cost = {
		.basis = {.low = NAN, .high = NAN, .source = "said with --cost"}};
	int item = -1;
	for (int i = 0; i < 5; i++)
		if (strlen(items[i]) == length && strncmp(items[i], value, length) == 0)
			item = i;
	bool good = item >= 0 && read_amount(&cost.amount, equals + 1, strlen(equals + 1)) &&
		    cost.amount <= 1e7;
	if (good && item == HUB_REACH_ROAD)
		good = cost.amount >= 1 && cost.amount <= 10;
	if (good && colon && colon < equals)
		good = item <= HUB_REACH_ROAD && equals - colon - 1 < REACH_TERRAIN &&
		       equals > colon + 1;
	if (!good)
		return complain(r,
				"%s: found \"%.40s\", expected km, road, site, shared or "
				"upgrade, = and a number, such as km:mountain=54000",
				option, value);
	if (r->cost_count == REACH_COSTS_MAX)
		return complain(r, "%s: more than %d of them", option, REACH_COSTS_MAX);
	if (colon && colon < equals) {
		char *terrain = r->terrains[r->cost_count];
		memcpy(terrain, colon + 1, (size_t)(equals - colon - 1));
		terrain[equals - colon - 1] = '\0';
		cost.terrain = terrain;
	}
	cost.item = (enum hub_reach_item)item;
	r->costs[r->cost_count++] = cost;
	return 0;
}

/* One after the other, commas between. */
static int
take_costs(struct reach_request *r, const char *option, const char *value)
{
	char one[REACH_COST_TEXT];
	for (const char *at = value;; at += *at == ',') {
		size_t length = strcspn(at, ",");
		(void)snprintf(one, sizeof(one), "%.*s", (int)length, at);
		if (length >= sizeof(one))
			return complain(r, "%s: found \"%.40s\", expected less", option, one);
		if (take_cost(r, option, one) < 0)
			return -1;
		at += length;
		if (!*at)
			return 0;
	}
}

static int
take_path(struct reach_request *r, const char *option, const char *value)
{
	static const char *const names[REACH_PATHS] = {
		[REACH_TOWERS] = "--towers", [REACH_FIBRE] = "--fibre", [REACH_HUB] = "--hub",
		[REACH_MAP] = "--map",       [REACH_CURVE] = "--curve", [REACH_PLAN] = "--plan",
	};
	for (int i = 0; i < REACH_PATHS; i++)
		if (strcmp(names[i], option) == 0)
			r->paths[i] = value;
	return *value ? 0 : complain(r, "%s: nothing after it", option);
}

static const struct option {
	const char *name;
	int (*take)(struct reach_request *r, const char *option, const char *value);
} options[] = {
	{"--towers", take_path},      {"--fibre", take_path},     {"--hub", take_path},
	{"--map", take_path},         {"--curve", take_path},     {"--plan", take_path},
	{"--target", take_targets},   {"--budget", take_budgets}, {"--years", take_years},
	{"--first-year", take_first}, {"--count", take_count},    {"--stretch", take_stretch},
	{"--cost", take_costs},
};

int
reach_request_parse(struct reach_request *r, const char *const *words, size_t count)
{
	*r = (struct reach_request){.count = -1, .stretch_max_km = NAN};
	for (size_t i = 0; i < count; i++) {
		const struct option *option = NULL;
		const char *value = NULL;
		for (size_t k = 0; k < sizeof(options) / sizeof(options[0]); k++) {
			size_t length = strlen(options[k].name);
			if (strncmp(words[i], options[k].name, length) != 0 ||
			    (words[i][length] && words[i][length] != '='))
				continue;
			option = &options[k];
			value = words[i][length] ? words[i] + length + 1 : NULL;
		}
		if (!option)
			return complain(r,
					"found \"%.40s\", expected --towers, --fibre, --target, "
					"--years, --budget, --count, --cost, --stretch, "
					"--first-year, --map, --curve, --plan or --hub",
					words[i]);
		if (!value && i + 1 == count)
			return complain(r, "%s: nothing after it", option->name);
		if (option->take(r, option->name, value ? value : words[++i]) < 0)
			return -1;
	}
	return 0;
}

static bool
is_said(const struct reach_request *r, const struct hub_reach_cost *cost)
{
	for (size_t i = 0; i < r->cost_count; i++) {
		const char *a = r->costs[i].terrain, *b = cost->terrain;
		if (r->costs[i].item == cost->item && !a == !b && (!a || strcasecmp(a, b) == 0))
			return true;
	}
	return false;
}

int
reach_request_apply(struct reach_request *r, const struct hub_reach *from, struct hub_reach *out)
{
	*out = *from;
	if (r->paths[REACH_TOWERS])
		out->towers = r->paths[REACH_TOWERS];
	if (r->paths[REACH_FIBRE])
		out->fibre = r->paths[REACH_FIBRE];
	if (r->count >= 0)
		out->count = (enum hub_reach_count)r->count;
	if (!isnan(r->stretch_max_km))
		out->stretch_max_km = r->stretch_max_km;
	if (r->first_year)
		out->first_year = r->first_year;
	/* What is said about years replaces all that the file says of them and does not fit it. */
	if (r->target_count) {
		out->targets = r->targets;
		out->target_count = r->target_count;
	}
	if (r->budget_count) {
		out->budgets = r->budgets;
		out->budget_count = r->budget_count;
		if (!r->target_count)
			out->target_count = 0;
	}
	if (r->years || r->target_count > 1 || r->budget_count > 1)
		out->years = r->years;
	if (r->cost_count == 0)
		return 0;
	r->merged = calloc(from->cost_count + r->cost_count, sizeof(*r->merged));
	if (!r->merged)
		return complain(r, "out of memory");
	out->costs = r->merged;
	out->cost_count = 0;
	for (size_t i = 0; i < from->cost_count; i++)
		if (!is_said(r, &from->costs[i]))
			r->merged[out->cost_count++] = from->costs[i];
	for (size_t i = 0; i < r->cost_count; i++)
		r->merged[out->cost_count++] = r->costs[i];
	return 0;
}

void
reach_request_fini(struct reach_request *r)
{
	free(r->merged);
	r->merged = NULL;
}
