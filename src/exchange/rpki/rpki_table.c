/* The table: its sources and their transactions, the choice among them, and what all this changed in effect.
 *
 * A record of several sources stands here once. What a source brings is put into the table as it comes and marked
 * `staged`; look-ups see only what is marked "in effect". So a transaction costs no second copy, a duplicate is
 * found at once, and a commit is a walk that turns staged marks into real ones, in one go with the choice of
 * the sources in use. */
#include "exchange/rpki/rpki_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/rpki/rpki_private.h"

enum { TOUCHED_MAX = 65536 }; /* beyond that everything is as quickly judged */

bool
rpki_room(void **array, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return true;
	size_t larger = *room ? *room * 2 : 16;
	void *moved = realloc(*array, larger * size);
	if (!moved)
		return false;
	*array = moved;
	*room = larger;
	return true;
}

struct rpki_table *
rpki_table_new(void)
{
	struct rpki_table *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	rpki_tree_init(&t->trees[0], IP_V4, sizeof(struct vrp));
	rpki_tree_init(&t->trees[1], IP_V6, sizeof(struct vrp));
	rpki_tree_init(&t->filters.trees[0], IP_V4, sizeof(uint32_t));
	rpki_tree_init(&t->filters.trees[1], IP_V6, sizeof(uint32_t));
	t->cache = -1;
	t->active = 1u << SLURM_SOURCE;
	return t;
}

void
rpki_table_free(struct rpki_table *t)
{
	if (!t)
		return;
	rpki_tree_fini(&t->trees[0]);
	rpki_tree_fini(&t->trees[1]);
	for (uint32_t i = 0; i < t->chunk_count; i++)
		free(t->chunks[i]);
	free(t->chunks);
	for (unsigned i = 0; i < SOURCES; i++) {
		free(t->sources[i].name);
		free(t->sources[i].prefix_log);
		free(t->sources[i].aspa_log);
	}
	aspa_fini(t);
	filters_fini(&t->filters);
	free(t->touched);
	free(t->touched_customers);
	free(t);
}

/* --- the pool of VRPs --- */

static bool
grow(struct rpki_table *t)
{
	if (t->chunk_count == t->chunk_room) {
		uint32_t room = t->chunk_room ? t->chunk_room * 2 : 64;
		struct vrp **chunks = realloc(t->chunks, room * sizeof(*chunks));
		if (!chunks)
			return false;
		t->chunks = chunks;
		t->chunk_room = room;
	}
	struct vrp *chunk = calloc(VRP_CHUNK, sizeof(*chunk));
	if (!chunk)
		return false;
	uint32_t first = t->chunk_count * VRP_CHUNK;
	for (uint32_t i = VRP_CHUNK; i-- > 0;)
		if (first + i) {
			chunk[i].next = t->free_vrps;
			t->free_vrps = first + i;
		}
	t->chunks[t->chunk_count++] = chunk;
	return true;
}

static void
fill(const struct rpki_table *t, struct vrp *v, const struct rpki_vrp *from, uint32_t next)
{
	*v = (struct vrp){.asn = from->asn.number, .next = next, .max_length = from->max_length};
	if (filters_match(&t->filters, &from->prefix, v->asn))
		v->flags = FILTERED;
}

/* Puts a VRP in front of a chain, into the tree: the one that stood there moves. False: no memory. */
static bool
push(struct rpki_table *t, struct vrp *first, const struct rpki_vrp *from)
{
	if (!t->free_vrps && !grow(t))
		return false;
	uint32_t number = t->free_vrps;
	struct vrp *moved = vrp_at(t, number);
	t->free_vrps = moved->next;
	*moved = *first;
	fill(t, first, from, number);
	return true;
}

static void
vrp_free(struct rpki_table *t, uint32_t number)
{
	vrp_at(t, number)->next = t->free_vrps;
	t->free_vrps = number;
}

static bool
is_dead(const struct vrp *v)
{
	return !v->sources && !v->staged;
}

/* Takes out of a chain what no source has or will have. False: nothing is left. */
static bool
sweep(struct rpki_table *t, struct vrp *first)
{
	for (uint32_t *at = &first->next; *at;) {
		uint32_t number = *at;
		struct vrp *v = vrp_at(t, number);
		if (is_dead(v)) {
			*at = v->next;
			vrp_free(t, number);
		} else {
			at = &v->next;
		}
	}
	if (!is_dead(first))
		return true;
	uint32_t second = first->next;
	if (!second)
		return false;
	*first = *vrp_at(t, second);
	vrp_free(t, second);
	return true;
}

/* --- settling a prefix --- */

struct settling {
	struct rpki_table *table;
	enum settle how;
	uint16_t bit; /* of the source whose staged marks become real */
	bool refilter;
};

static void
touch(struct rpki_table *t, const struct prefix *prefix, uint8_t max_length)
{
	if (t->all_prefixes)
		return;
	if (t->touched_count == TOUCHED_MAX || !rpki_room((void **)&t->touched, &t->touched_room,
							  t->touched_count, sizeof(*t->touched))) {
		t->all_prefixes = true;
		t->touched_count = 0;
		return;
	}
	t->touched[t->touched_count++] = (struct rpki_touched){*prefix, max_length};
}

static bool
has_origin(const struct rpki_table *t, const struct vrp *first, uint32_t asn, uint8_t flag)
{
	for (const struct vrp *v = first; v; v = vrp_next(t, v))
		if (v->asn == asn && v->flags & flag)
			return true;
	return false;
}

/* How long routes may be that a change at this prefix concerns. Where the prefix has VRPs of the same
 * origins as before, a route longer than all that came or went is invalid for the same reason as before. */
static uint8_t
reach(const struct rpki_table *t, const struct prefix *prefix, const struct vrp *first)
{
	uint8_t longest = 0;
	for (const struct vrp *v = first; v; v = vrp_next(t, v)) {
		bool was = v->flags & IN_EFFECT, is = v->flags & IN_EFFECT_NEXT;
		if (was == is)
			continue;
		if (!has_origin(t, first, v->asn, was ? IN_EFFECT_NEXT : IN_EFFECT))
			return (uint8_t)ip_bits(prefix->ip.family);
		longest = v->max_length > longest ? v->max_length : longest;
	}
	return longest;
}

static void
settle_marks(struct vrp *v, enum settle how, uint16_t bit)
{
	if (how == SETTLE_WHOLE)
		v->sources = (uint16_t)((v->sources & ~bit) | (v->staged & bit));
	else if (how == SETTLE_DELTA)
		v->sources ^= v->staged & bit;
	else if (how == SETTLE_DROP)
		v->sources &= (uint16_t)~bit;
	if (how != SETTLE_NOTHING && how != SETTLE_DROP)
		v->staged &= (uint16_t)~bit;
}

/* What the marks of a VRP make of it. Returns whether it comes into effect or goes out of it. */
static bool
settle_vrp(const struct settling *s, const struct prefix *prefix, struct vrp *v)
{
	const uint16_t slurm = 1u << SLURM_SOURCE;
	struct rpki_counts *counts = &s->table->counts;
	bool was_asserted = v->sources & slurm, was_hidden = v->flags & HIDDEN;
	settle_marks(v, s->how, s->bit);
	if (s->refilter) {
		bool match = filters_match(&s->table->filters, prefix, v->asn);
		v->flags = (uint8_t)((v->flags & ~FILTERED) | (match ? FILTERED : 0));
	}
	uint16_t in = v->sources & s->table->active;
	bool is = in & slurm || (in && !(v->flags & FILTERED)), hidden = in && !is;
	v->flags &= (uint8_t) ~(IN_EFFECT_NEXT | HIDDEN);
	v->flags |= (uint8_t)((is ? IN_EFFECT_NEXT : 0) | (hidden ? HIDDEN : 0));
	counts->filtered += (uint32_t)hidden - (uint32_t)was_hidden;
	counts->asserted += (uint32_t) !!(v->sources & slurm) - (uint32_t)was_asserted;
	bool was = v->flags & IN_EFFECT;
	uint32_t *count = prefix->ip.family == IP_V6 ? &counts->vrps_ipv6 : &counts->vrps_ipv4;
	*count += (uint32_t)is - (uint32_t)was;
	return was != is;
}

/* True: the prefix still has VRPs. */
static bool
settle_prefix(void *context, const struct prefix *prefix, void *value)
{
	const struct settling *s = context;
	struct rpki_table *t = s->table;
	struct vrp *first = value;
	bool changed = false, dead = false;
	for (struct vrp *v = first; v; v = vrp_next(t, v)) {
		changed |= settle_vrp(s, prefix, v);
		dead |= is_dead(v);
	}
	if (changed) {
		if (!t->all_prefixes)
			touch(t, prefix, reach(t, prefix, first));
		for (struct vrp *v = first; v; v = vrp_next(t, v))
			v->flags = (uint8_t)((v->flags & ~IN_EFFECT) |
					     (v->flags & IN_EFFECT_NEXT ? IN_EFFECT : 0));
	}
	return !dead || sweep(t, first);
}

static void
settle_all(struct settling *s)
{
	rpki_tree_walk(&s->table->trees[0], settle_prefix, s);
	rpki_tree_walk(&s->table->trees[1], settle_prefix, s);
	aspa_settle_all(s->table, s->how, s->bit);
}

static void
settle_logged(struct settling *s, const struct source *source)
{
	for (size_t i = 0; i < source->prefix_logged; i++) {
		const struct prefix *prefix = &source->prefix_log[i];
		struct rpki_tree *tree = &s->table->trees[prefix->ip.family == IP_V6];
		struct vrp *first = rpki_tree_find(tree, prefix);
		if (first && !settle_prefix(s, prefix, first))
			rpki_tree_remove(tree, prefix);
	}
	for (size_t i = 0; i < source->aspa_logged; i++)
		aspa_settle(s->table, source->aspa_log[i], s->how, s->bit);
}

/* --- the choice of sources --- */

/* Is cache `a` to be used rather than `b`? */
static bool
rather(const struct rpki_table *t, int a, int b)
{
	const struct source *x = &t->sources[a], *y = &t->sources[b];
	if (x->alive != y->alive)
		return x->alive;
	/* Of those that are lost, the one in use has the newest data. */
	if (!x->alive && (a == t->cache || b == t->cache))
		return a == t->cache;
	if (x->preference != y->preference)
		return x->preference < y->preference;
	return a < b;
}

/* Chooses anew. Returns whether other sources are in use than before. */
static bool
choose(struct rpki_table *t)
{
	uint16_t active = 1u << SLURM_SOURCE;
	int cache = -1;
	bool aspas = t->sources[SLURM_SOURCE].aspas > 0;
	for (int i = 0; i < RPKI_SOURCES_MAX; i++) {
		const struct source *s = &t->sources[i];
		if (!s->name || !s->complete)
			continue;
		if (s->kind == RPKI_FILE)
			active |= (uint16_t)(1u << i);
		else if (cache < 0 || rather(t, i, cache))
			cache = i;
	}
	if (cache >= 0)
		active |= (uint16_t)(1u << cache);
	for (int i = 0; i < RPKI_SOURCES_MAX; i++)
		aspas |= active >> i & 1 && t->sources[i].with_aspas;
	bool ready = active != 1u << SLURM_SOURCE;
	if (ready != t->ready) {
		t->all_prefixes = true;
		t->touched_count = 0;
	}
	if ((ready && aspas) != t->aspa_ready) {
		t->all_paths = true;
		t->touched_customer_count = 0;
	}
	bool changed = active != t->active;
	t->ready = ready;
	t->aspa_ready = ready && aspas;
	t->cache = cache;
	t->active = active;
	return changed;
}

static void
choose_and_settle(struct rpki_table *t)
{
	struct settling s = {t, SETTLE_NOTHING, 0, false};
	if (choose(t))
		settle_all(&s);
}

/* --- sources --- */

int
rpki_source_add(struct rpki_table *t, enum rpki_kind kind, const char *name, uint32_t preference)
{
	for (int i = 0; i < RPKI_SOURCES_MAX; i++) {
		struct source *s = &t->sources[i];
		if (s->name)
			continue;
		char *copy = strdup(name);
		if (!copy)
			return -1;
		*s = (struct source){.name = copy, .kind = kind, .preference = preference};
		return i;
	}
	return -1;
}

void
rpki_source_prefer(struct rpki_table *t, unsigned source, uint32_t preference)
{
	t->sources[source].preference = preference;
	choose_and_settle(t);
}

void
rpki_source_drop(struct rpki_table *t, unsigned source)
{
	struct source *s = &t->sources[source];
	if (s->loading && s->load == RPKI_DELTA)
		rpki_abort(t, source);
	if (!s->complete)
		return;
	s->complete = s->with_aspas = false;
	s->vrps[0] = s->vrps[1] = s->aspas = 0;
	choose(t);
	settle_all(&(struct settling){t, SETTLE_DROP, (uint16_t)(1u << source), false});
}

void
rpki_source_remove(struct rpki_table *t, unsigned source)
{
	struct source *s = &t->sources[source];
	rpki_abort(t, source);
	rpki_source_drop(t, source);
	free(s->name);
	free(s->prefix_log);
	free(s->aspa_log);
	*s = (struct source){0};
}

void
rpki_source_alive(struct rpki_table *t, unsigned source, bool alive)
{
	t->sources[source].alive = alive;
	choose_and_settle(t);
}

struct rpki_source_state
rpki_source_state(const struct rpki_table *t, unsigned source)
{
	const struct source *s = &t->sources[source];
	return (struct rpki_source_state){
		.complete = s->complete,
		.alive = s->alive,
		.in_use = t->active >> source & 1,
		.vrps_ipv4 = s->vrps[0],
		.vrps_ipv6 = s->vrps[1],
		.aspas = s->aspas,
	};
}

const char *
rpki_source_name(const struct rpki_table *t, unsigned number)
{
	return number < RPKI_SOURCES_MAX ? t->sources[number].name : NULL;
}

/* --- transactions --- */

void
rpki_begin(struct rpki_table *t, unsigned source, enum rpki_load load)
{
	struct source *s = &t->sources[source];
	assert(s->name || source == SLURM_SOURCE);
	assert(load == RPKI_WHOLE || s->complete);
	rpki_abort(t, source);
	s->loading = true;
	s->load = load;
	bool whole = load == RPKI_WHOLE;
	s->staged_vrps[0] = whole ? 0 : s->vrps[0];
	s->staged_vrps[1] = whole ? 0 : s->vrps[1];
	s->staged_aspas = whole ? 0 : s->aspas;
}

static void
end(struct source *s)
{
	s->loading = false;
	s->prefix_logged = s->aspa_logged = 0;
}

/* Will the source have this VRP, as things stand in its transaction? */
static bool
will_have(const struct source *s, const struct vrp *v, uint16_t bit)
{
	uint16_t marks = s->load == RPKI_WHOLE ? v->staged : (uint16_t)(v->sources ^ v->staged);
	return marks & bit;
}

static struct vrp *
chain_find(const struct rpki_table *t, struct vrp *first, const struct rpki_vrp *vrp,
	   unsigned *length)
{
	*length = 0;
	for (struct vrp *v = first; v; v = vrp_next(t, v), ++*length)
		if (v->asn == vrp->asn.number && v->max_length == vrp->max_length)
			return v;
	return NULL;
}

/* Turns the source's mark over, and writes down where. */
static bool
stage(struct source *s, struct vrp *v, uint16_t bit, const struct prefix *prefix)
{
	if (s->load == RPKI_DELTA) {
		if (!rpki_room((void **)&s->prefix_log, &s->prefix_room, s->prefix_logged,
			       sizeof(*s->prefix_log)))
			return false;
		s->prefix_log[s->prefix_logged++] = *prefix;
	}
	v->staged ^= bit;
	return true;
}

static void
assert_vrp(const struct rpki_vrp *vrp)
{
	assert(vrp->prefix.ip.family == IP_V4 || vrp->prefix.ip.family == IP_V6);
	assert(vrp->prefix.length <= vrp->max_length &&
	       vrp->max_length <= ip_bits(vrp->prefix.ip.family));
}

/* Finds the VRP, or puts it in with no source. */
static enum rpki_result
find_or_add(struct rpki_table *t, const struct rpki_vrp *vrp, struct vrp **out)
{
	struct rpki_tree *tree = &t->trees[vrp->prefix.ip.family == IP_V6];
	bool is_new;
	struct vrp *first = rpki_tree_add(tree, &vrp->prefix, &is_new);
	if (!first)
		return RPKI_NO_MEMORY;
	if (is_new)
		fill(t, first, vrp, 0);
	unsigned length;
	*out = chain_find(t, first, vrp, &length);
	if (*out)
		return RPKI_OK;
	if (length >= RPKI_PER_PREFIX_MAX)
		return RPKI_TOO_MANY;
	if (!push(t, first, vrp))
		return RPKI_NO_MEMORY;
	*out = first;
	return RPKI_OK;
}

enum rpki_result
rpki_announce(struct rpki_table *t, unsigned source, const struct rpki_vrp *vrp)
{
	struct source *s = &t->sources[source];
	assert(s->loading);
	assert_vrp(vrp);
	uint16_t bit = (uint16_t)(1u << source);
	if (s->staged_vrps[0] + s->staged_vrps[1] >= RPKI_VRPS_MAX ||
	    s->prefix_logged >= RPKI_VRPS_MAX)
		return RPKI_TOO_MANY;
	struct vrp *v;
	enum rpki_result result = find_or_add(t, vrp, &v);
	if (result != RPKI_OK)
		return result;
	if (will_have(s, v, bit))
		return RPKI_DUPLICATE;
	if (!stage(s, v, bit, &vrp->prefix))
		return RPKI_NO_MEMORY;
	s->staged_vrps[vrp->prefix.ip.family == IP_V6]++;
	return RPKI_OK;
}

enum rpki_result
rpki_withdraw(struct rpki_table *t, unsigned source, const struct rpki_vrp *vrp)
{
	struct source *s = &t->sources[source];
	assert(s->loading);
	assert_vrp(vrp);
	uint16_t bit = (uint16_t)(1u << source);
	if (s->prefix_logged >= RPKI_VRPS_MAX)
		return RPKI_TOO_MANY;
	struct vrp *first = rpki_tree_find(tree_of(t, &vrp->prefix), &vrp->prefix);
	unsigned length;
	struct vrp *v = chain_find(t, first, vrp, &length);
	if (!v || !will_have(s, v, bit))
		return RPKI_MISSING;
	if (!stage(s, v, bit, &vrp->prefix))
		return RPKI_NO_MEMORY;
	s->staged_vrps[vrp->prefix.ip.family == IP_V6]--;
	return RPKI_OK;
}

/* After its staged marks were to be made real, or forgotten. */
static void
settle_source(struct rpki_table *t, unsigned source, enum settle how, bool everything)
{
	struct source *s = &t->sources[source];
	struct settling settling = {t, how, (uint16_t)(1u << source), source == SLURM_SOURCE};
	if (everything || s->load == RPKI_WHOLE)
		settle_all(&settling);
	else
		settle_logged(&settling, s);
	end(s);
}

void
rpki_commit(struct rpki_table *t, unsigned source, bool with_aspas)
{
	struct source *s = &t->sources[source];
	assert(s->loading);
	s->complete = s->alive = true;
	s->with_aspas = with_aspas;
	s->vrps[0] = s->staged_vrps[0];
	s->vrps[1] = s->staged_vrps[1];
	s->aspas = s->staged_aspas;
	bool others = choose(t);
	settle_source(t, source, s->load == RPKI_WHOLE ? SETTLE_WHOLE : SETTLE_DELTA, others);
}

void
rpki_abort(struct rpki_table *t, unsigned source)
{
	if (t->sources[source].loading)
		settle_source(t, source, SETTLE_ABORT, false);
}

static enum rpki_result
assert_slurm(struct rpki_table *t, const struct slurm *slurm)
{
	enum rpki_result result = RPKI_OK;
	for (size_t i = 0; i < slurm->prefix_assertion_count; i++) {
		result = rpki_announce(t, SLURM_SOURCE, &slurm->prefix_assertions[i]);
		if (result != RPKI_OK && result != RPKI_DUPLICATE)
			return result;
	}
	for (size_t i = 0; i < slurm->aspa_assertion_count; i++) {
		const struct slurm_aspa *a = &slurm->aspa_assertions[i];
		result = rpki_announce_aspa(t, SLURM_SOURCE, a->customer, a->providers, a->count);
		if (result != RPKI_OK)
			return result;
	}
	return RPKI_OK;
}

bool
rpki_table_slurm(struct rpki_table *t, const struct slurm *const *files, size_t count)
{
	struct filters filters;
	if (!filters_init(&filters, files, count))
		return false;
	t->sources[SLURM_SOURCE].kind = RPKI_FILE;
	rpki_begin(t, SLURM_SOURCE, RPKI_WHOLE);
	enum rpki_result result = RPKI_OK;
	for (size_t i = 0; i < count && result == RPKI_OK; i++)
		result = assert_slurm(t, files[i]);
	if (result != RPKI_OK) {
		rpki_abort(t, SLURM_SOURCE);
		filters_fini(&filters);
		return false;
	}
	filters_fini(&t->filters);
	t->filters = filters;
	rpki_commit(t, SLURM_SOURCE, false);
	return true;
}

/* --- what changed --- */

static int
by_prefix(const void *a, const void *b)
{
	const struct rpki_touched *x = a, *y = b;
	int order = prefix_compare(x->prefix, y->prefix);
	return order ? order : (x->max_length < y->max_length) - (x->max_length > y->max_length);
}

static int
by_number(const void *a, const void *b)
{
	const struct asn *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

/* Drops what lies in another that reaches as far. Of those kept that cover an entry the innermost reaches
 * furthest, else it had not been kept. */
static size_t
condense(struct rpki_touched *touched, size_t count)
{
	uint32_t above[RPKI_TREE_COVERING_MAX]; /* kept ones, each covering the next */
	size_t depth = 0, kept = 0;
	for (size_t i = 0; i < count; i++) {
		while (depth > 0 &&
		       !prefix_covers(touched[above[depth - 1]].prefix, touched[i].prefix))
			depth--;
		if (depth > 0 && touched[above[depth - 1]].max_length >= touched[i].max_length)
			continue;
		touched[kept] = touched[i];
		above[depth++] = (uint32_t)kept++;
	}
	return kept;
}

bool
rpki_take_changes(struct rpki_table *t, struct rpki_changes *out)
{
	if (t->touched_count > 1) {
		qsort(t->touched, t->touched_count, sizeof(*t->touched), by_prefix);
		t->touched_count = condense(t->touched, t->touched_count);
	}
	size_t customers = 0;
	if (t->touched_customer_count > 1)
		qsort(t->touched_customers, t->touched_customer_count,
		      sizeof(*t->touched_customers), by_number);
	for (size_t i = 0; i < t->touched_customer_count; i++)
		if (i == 0 ||
		    t->touched_customers[i].number != t->touched_customers[customers - 1].number)
			t->touched_customers[customers++] = t->touched_customers[i];
	*out = (struct rpki_changes){
		.all_prefixes = t->all_prefixes,
		.all_paths = t->all_paths,
		.prefixes = t->touched,
		.prefix_count = t->touched_count,
		.customers = t->touched_customers,
		.customer_count = customers,
	};
	t->all_prefixes = t->all_paths = false;
	t->touched_count = t->touched_customer_count = 0;
	return out->all_prefixes || out->all_paths || out->prefix_count || out->customer_count;
}
