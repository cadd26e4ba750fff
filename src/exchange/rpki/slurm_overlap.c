/* Several SLURM files are used together only where their scopes are distinct: RFC 8416 section 4.2. */
#include <stdio.h>
#include <stdlib.h>

#include "base/ip.h"
#include "exchange/rpki/slurm.h"

enum { ADDRESS_BITS = 128 };

/* What a file speaks of, and which file. */
struct said {
	struct prefix prefix; /* family IP_NONE: of a customer */
	uint32_t customer;
	size_t file;
};

static int
compare(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int by_prefix = prefix_compare(x->prefix, y->prefix);
	if (by_prefix)
		return by_prefix;
	if (x->customer != y->customer)
		return x->customer < y->customer ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

static size_t
gather(struct said *out, const struct slurm *s, size_t file)
{
	size_t n = 0;
	/* A filter without a prefix names no address, so it overlaps with none. */
	for (size_t i = 0; i < s->prefix_filter_count; i++)
		if (s->prefix_filters[i].prefix.ip.family != IP_NONE)
			out[n++] =
				(struct said){.prefix = s->prefix_filters[i].prefix, .file = file};
	for (size_t i = 0; i < s->prefix_assertion_count; i++)
		out[n++] = (struct said){.prefix = s->prefix_assertions[i].prefix, .file = file};
	for (size_t i = 0; i < s->aspa_filter_count; i++)
		out[n++] = (struct said){.customer = s->aspa_filters[i].number, .file = file};
	for (size_t i = 0; i < s->aspa_assertion_count; i++)
		out[n++] = (struct said){.customer = s->aspa_assertions[i].customer.number,
					 .file = file};
	return n;
}

/* Prefixes are nested or apart, so those around one stand before it, the nearest last. */
static bool
find_overlap(struct slurm_overlap *out, const struct said *said, size_t count)
{
	char outer[PREFIX_TEXT], inner[PREFIX_TEXT];
	size_t around[ADDRESS_BITS + 2], depth = 0;
	const struct said *first = NULL, *second = NULL;
	for (size_t i = 0; i < count && !second; i++) {
		bool customer = said[i].prefix.ip.family == IP_NONE;
		while (depth &&
		       (customer ? said[around[depth - 1]].customer != said[i].customer
				 : !prefix_covers(said[around[depth - 1]].prefix, said[i].prefix)))
			depth--;
		first = depth ? &said[around[depth - 1]] : NULL;
		if (first && first->file != said[i].file)
			second = &said[i];
		/* One inside itself says nothing new, so there are never more than a prefix has bits. */
		if (!first || !prefix_equal(first->prefix, said[i].prefix))
			around[depth++] = i;
	}
	if (!second)
		return false;
	out->first = first->file;
	out->second = second->file;
	if (second->prefix.ip.family == IP_NONE)
		snprintf(out->what, sizeof(out->what), "AS%u", second->customer);
	else
		snprintf(out->what, sizeof(out->what), "%s and %s",
			 prefix_format(outer, first->prefix), prefix_format(inner, second->prefix));
	return true;
}

int
slurm_overlaps(struct slurm_overlap *out, const struct slurm *const *files, size_t count)
{
	size_t room = 1, used = 0;
	for (size_t i = 0; i < count; i++)
		room += files[i]->prefix_filter_count + files[i]->prefix_assertion_count +
			files[i]->aspa_filter_count + files[i]->aspa_assertion_count;
	struct said *said = malloc(room * sizeof(*said));
	if (!said)
		return -1;
	for (size_t i = 0; i < count; i++)
		used += gather(said + used, files[i], i);
	qsort(said, used, sizeof(*said), compare);
	bool found = find_overlap(out, said, used);
	free(said);
	return found;
}
