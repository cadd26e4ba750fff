/* The filters of SLURM files (RFC 8416 section 3.3), made to be asked for each of a million VRPs. */
#include <stdlib.h>
#include <string.h>

#include "exchange/rpki/rpki_private.h"

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static bool
is_in(const uint32_t *sorted, size_t count, uint32_t number)
{
	return count && bsearch(&number, sorted, count, sizeof(number), by_number);
}

static bool
take_prefix_filter(struct filters *f, const struct slurm_prefix_filter *from, uint32_t *used)
{
	if (from->prefix.ip.family == IP_NONE) {
		f->asns[f->asn_count++] = from->asn.number;
		return true;
	}
	struct rpki_tree *tree = &f->trees[from->prefix.ip.family == IP_V6];
	bool is_new;
	uint32_t *first = rpki_tree_add(tree, &from->prefix, &is_new);
	if (!first)
		return false;
	f->rules[++*used] = (struct filter_rule){from->has_asn, from->asn.number, *first};
	*first = *used;
	return true;
}

bool
filters_init(struct filters *out, const struct slurm *const *files, size_t count)
{
	*out = (struct filters){0};
	rpki_tree_init(&out->trees[0], IP_V4, sizeof(uint32_t));
	rpki_tree_init(&out->trees[1], IP_V6, sizeof(uint32_t));
	size_t rules = 0, customers = 0;
	for (size_t i = 0; i < count; i++) {
		rules += files[i]->prefix_filter_count;
		customers += files[i]->aspa_filter_count;
	}
	out->rules = calloc(rules + 1, sizeof(*out->rules));
	out->asns = calloc(rules + 1, sizeof(*out->asns));
	out->customers = calloc(customers + 1, sizeof(*out->customers));
	bool done = out->rules && out->asns && out->customers;
	uint32_t used = 0;
	for (size_t i = 0; done && i < count; i++) {
		for (size_t k = 0; done && k < files[i]->prefix_filter_count; k++)
			done = take_prefix_filter(out, &files[i]->prefix_filters[k], &used);
		for (size_t k = 0; done && k < files[i]->aspa_filter_count; k++)
			out->customers[out->customer_count++] = files[i]->aspa_filters[k].number;
	}
	if (!done) {
		filters_fini(out);
		return false;
	}
	qsort(out->asns, out->asn_count, sizeof(*out->asns), by_number);
	qsort(out->customers, out->customer_count, sizeof(*out->customers), by_number);
	return true;
}

void
filters_fini(struct filters *f)
{
	rpki_tree_fini(&f->trees[0]);
	rpki_tree_fini(&f->trees[1]);
	free(f->rules);
	free(f->asns);
	free(f->customers);
	f->rules = NULL;
	f->asns = f->customers = NULL;
	f->asn_count = f->customer_count = 0;
}

struct match {
	const struct filters *filters;
	uint32_t asn;
	bool found;
};

static bool
match_rules(void *context, const void *value, uint8_t length)
{
	struct match *m = context;
	const struct filter_rule *rules = m->filters->rules;
	uint32_t first;
	(void)length;
	memcpy(&first, value, sizeof(first));
	for (uint32_t i = first; i && !m->found; i = rules[i].next)
		m->found = !rules[i].has_asn || rules[i].asn == m->asn;
	return !m->found;
}

bool
filters_match(const struct filters *f, const struct prefix *prefix, uint32_t asn)
{
	if (is_in(f->asns, f->asn_count, asn))
		return true;
	const struct rpki_tree *tree = &f->trees[prefix->ip.family == IP_V6];
	struct match match = {.filters = f, .asn = asn};
	if (tree->prefixes)
		rpki_tree_covering(tree, prefix, &(struct rpki_tree_visit){match_rules, &match});
	return match.found;
}

bool
filters_match_customer(const struct filters *f, uint32_t asn)
{
	return is_in(f->customers, f->customer_count, asn);
}

size_t
filters_memory(const struct filters *f)
{
	return f->trees[0].memory + f->trees[1].memory +
	       (f->trees[0].prefixes + f->trees[1].prefixes) * sizeof(struct filter_rule) +
	       (f->asn_count + f->customer_count) * sizeof(uint32_t);
}
