/* Origin validation (RFC 6811), and why. */
#include <assert.h>

#include "exchange/rpki/rpki_private.h"

static_assert((int)RPKI_AHEAD == (int)RPKI_TREE_AHEAD, "looked up side by side");

enum { FEW = 8 }; /* covering prefixes: hardly a route has more */

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

/* What the VRPs of one covering prefix make of a route's state so far. */
static enum rpki_state
judge(const struct rpki_table *t, uint32_t first, const struct prefix *prefix, struct asn origin,
      enum rpki_state state)
{
	for (uint32_t i = first; i != RPKI_TREE_NONE;) {
		const struct vrp *v = vrp_at(t, i);
		i = v->next;
		if (!(v->flags & IN_EFFECT))
			continue;
		if (v->asn != origin.number || origin.number == 0) {
			if (state == RPKI_UNKNOWN)
				state = RPKI_INVALID_AS;
			continue;
		}
		if (prefix->length <= v->max_length)
			return RPKI_VALID;
		state = RPKI_INVALID_LENGTH;
	}
	return state;
}

static enum rpki_state
judge_all(const struct rpki_table *t, const struct prefix *prefix, struct asn origin,
	  const uint32_t *found, size_t count)
{
	enum rpki_state state = RPKI_UNKNOWN;
	/* The most specific one is the likeliest to fit. */
	while (count > 0 && state != RPKI_VALID)
		state = judge(t, found[--count], prefix, origin, state);
	return state;
}

/* The state by the table's VRPs, ready or not. */
static enum rpki_state
validate(const struct rpki_table *t, const struct prefix *prefix, struct asn origin)
{
	uint32_t found[RPKI_TREE_COVERING_MAX];
	uint8_t lengths[RPKI_TREE_COVERING_MAX];
	size_t count = rpki_tree_covering(tree_of(t, prefix), prefix, found, lengths);
	return judge_all(t, prefix, origin, found, count);
}

enum rpki_state
rpki_validate(const struct rpki_table *t, const struct prefix *prefix, struct asn origin)
{
	return t->ready ? validate(t, prefix, origin) : RPKI_NOT_CHECKED;
}

/* Searches for all first, then looks at the VRPs of all: what one search found is fetched during the next. */
void
rpki_validate_many(const struct rpki_table *t, const struct prefix *prefixes, size_t count,
		   struct asn origin, enum rpki_state *states)
{
	uint32_t found[RPKI_AHEAD][FEW];
	size_t counts[RPKI_AHEAD];
	assert(count <= RPKI_AHEAD);
	if (t->ready && count)
		rpki_tree_hint(tree_of(t, &prefixes[0]), prefixes, count);
	for (size_t i = 0; t->ready && i < count; i++) {
		uint32_t all[RPKI_TREE_COVERING_MAX];
		uint8_t lengths[RPKI_TREE_COVERING_MAX];
		counts[i] =
			rpki_tree_covering(tree_of(t, &prefixes[i]), &prefixes[i], all, lengths);
		for (size_t k = 0; k < counts[i] && k < FEW; k++) {
			found[i][k] = all[k];
			__builtin_prefetch(vrp_at(t, all[k]));
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!t->ready || counts[i] > FEW) {
			states[i] = rpki_validate(t, &prefixes[i], origin);
			continue;
		}
		states[i] = judge_all(t, &prefixes[i], origin, found[i], counts[i]);
	}
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

void
rpki_each_covering(const struct rpki_table *t, const struct prefix *prefix, struct asn origin,
		   void (*visit)(void *context, const struct rpki_cover *cover), void *context)
{
	if (!t->ready)
		return;
	uint32_t found[RPKI_TREE_COVERING_MAX];
	uint8_t lengths[RPKI_TREE_COVERING_MAX];
	size_t count = rpki_tree_covering(tree_of(t, prefix), prefix, found, lengths);
	for (size_t k = 0; k < count; k++) {
		for (uint32_t i = found[k]; i != RPKI_TREE_NONE; i = vrp_at(t, i)->next) {
			const struct vrp *v = vrp_at(t, i);
			if (!(v->flags & (IN_EFFECT | HIDDEN)))
				continue;
			struct rpki_cover cover = {
				.vrp = {prefix_of(prefix->ip, lengths[k]), v->max_length, {v->asn}},
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
