/* Origin validation (RFC 6811), and why. */

#include "exchange/rpki/rpki_private.h"

const char *
rpki_state_name(enum rpki_state state)
{
	static const char *const names[] = {
		[RPKI_NOT_CHECKED] = "not checked",
		[RPKI_VALID] = "valid",
		[RPKI_UNKNOWN] = "unknown",
		[RPKI_INVALID_AS] = "invalid (origin)",
		[RPKI_INVALID_LENGTH] = "invalid (length)",
	};
	return names[state];
}

struct judging {
	const struct rpki_table *table;
	uint32_t origin;
	uint8_t length; /* of the route */
	enum rpki_state state;
};

/* What the VRPs of one covering prefix make of a route's state so far. The most specific ones come first, which are
 * the likeliest to fit. */
static bool
judge(void *context, const void *value, uint8_t length)
{
	struct judging *j = context;
	(void)length;
	for (const struct vrp *v = value; v; v = vrp_next(j->table, v)) {
		if (!(v->flags & IN_EFFECT))
			continue;
		if (v->asn != j->origin || j->origin == 0) {
			if (j->state == RPKI_UNKNOWN)
				j->state = RPKI_INVALID_AS;
			continue;
		}
		j->state = j->length <= v->max_length ? RPKI_VALID : RPKI_INVALID_LENGTH;
		if (j->state == RPKI_VALID)
			return false;
	}
	return true;
}

/* The state by the table's VRPs, ready or not. */
static enum rpki_state
validate(const struct rpki_table *t, const struct prefix *prefix, struct asn origin)
{
	struct judging judging = {t, origin.number, prefix->length, RPKI_UNKNOWN};
	rpki_tree_covering(tree_of(t, prefix), prefix, &(struct rpki_tree_visit){judge, &judging});
	return judging.state;
}

enum rpki_state
rpki_validate(const struct rpki_table *t, const struct prefix *prefix, struct asn origin)
{
	return t->ready ? validate(t, prefix, origin) : RPKI_NOT_CHECKED;
}

void
rpki_hint(const struct rpki_table *t, const struct prefix *prefix, bool again)
{
	rpki_tree_hint(tree_of(t, prefix), prefix, again);
}

enum rpki_state
rpki_validate_with(const struct rpki_table *t, const struct prefix *prefix, struct asn origin,
		   const struct rpki_vrp *extra, size_t count)
{
	bool ready = t && t->ready;
	if (!ready && count == 0)
		return RPKI_NOT_CHECKED;
	enum rpki_state state = ready ? validate(t, prefix, origin) : RPKI_UNKNOWN;
	for (size_t i = 0; i < count && state != RPKI_VALID; i++) {
		if (!prefix_covers(extra[i].prefix, *prefix))
			continue;
		if (extra[i].asn.number != origin.number || origin.number == 0)
			state = state == RPKI_UNKNOWN ? RPKI_INVALID_AS : state;
		else
			state = prefix->length <= extra[i].max_length ? RPKI_VALID
								      : RPKI_INVALID_LENGTH;
	}
	return state;
}

static enum rpki_fit
fit(const struct vrp *v, const struct prefix *prefix, struct asn origin)
{
	if (!(v->flags & IN_EFFECT))
		return RPKI_FITS_FILTERED;
	if (v->asn != origin.number || origin.number == 0)
		return RPKI_FITS_NOT_AS;
	return prefix->length <= v->max_length ? RPKI_FITS : RPKI_FITS_LONG;
}

struct found {
	const struct vrp *first[RPKI_TREE_COVERING_MAX];
	uint8_t lengths[RPKI_TREE_COVERING_MAX];
	size_t count;
};

static bool
find(void *context, const void *value, uint8_t length)
{
	struct found *found = context;
	found->first[found->count] = value;
	found->lengths[found->count++] = length;
	return true;
}

void
rpki_each_covering(const struct rpki_table *t, const struct prefix *prefix, struct asn origin,
		   void (*visit)(void *context, const struct rpki_cover *cover), void *context)
{
	struct found found = {.count = 0};
	if (t->ready)
		rpki_tree_covering(tree_of(t, prefix), prefix,
				   &(struct rpki_tree_visit){find, &found});
	for (size_t k = found.count; k-- > 0;) {
		for (const struct vrp *v = found.first[k]; v; v = vrp_next(t, v)) {
			if (!(v->flags & (IN_EFFECT | HIDDEN)))
				continue;
			struct prefix space = prefix_of(prefix->ip, found.lengths[k]);
			struct rpki_cover cover = {
				.vrp = {space, v->max_length, {v->asn}},
				.fit = fit(v, prefix, origin),
				.asserted = v->sources >> SLURM_SOURCE & 1,
				.sources =
					(uint16_t)(v->sources & t->active & ~(1u << SLURM_SOURCE)),
			};
			visit(context, &cover);
		}
	}
}

struct rpki_counts
rpki_counts(const struct rpki_table *t)
{
	return t->counts;
}

bool
rpki_ready(const struct rpki_table *t)
{
	return t->ready;
}

size_t
rpki_memory(const struct rpki_table *t)
{
	size_t sum = sizeof(*t) + t->trees[0].memory + t->trees[1].memory +
		     t->chunk_room * sizeof(*t->chunks) +
		     (size_t)t->chunk_count * VRP_CHUNK * sizeof(struct vrp) +
		     t->customer_room * sizeof(*t->customers) + t->aspa_memory +
		     filters_memory(&t->filters) + t->touched_room * sizeof(*t->touched) +
		     t->touched_customer_room * sizeof(*t->touched_customers);
	for (unsigned i = 0; i < SOURCES; i++)
		sum += t->sources[i].prefix_room * sizeof(struct prefix) +
		       t->sources[i].aspa_room * sizeof(uint32_t);
	return sum;
}
