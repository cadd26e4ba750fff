/* ASPAs: who names whom as provider, and what follows for a path. draft-ietf-sidrops-aspa-verification.
 *
 * Like a VRP, a list of providers that several sources name for a customer stands here once, with their bits. If
 * lists of several sources are in effect, what is attested is their union. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/rpki/rpki_private.h"

enum {
	AS_SEQUENCE = 2,
	MEMORY_MAX = 256 << 20, /* octets of lists, of all sources */
	TOUCHED_MAX = 65536,
};

const char *
aspa_state_name(enum aspa_state state)
{
	static const char *const names[] = {
		[ASPA_NOT_CHECKED] = "not checked",
		[ASPA_VALID] = "valid",
		[ASPA_UNKNOWN] = "unknown",
		[ASPA_INVALID] = "invalid",
	};
	return names[state];
}

/* --- customers, by number: open addressing, linear, a power of two of places --- */

static size_t
place(const struct rpki_table *t, uint32_t asn)
{
	size_t i = hash_u64(asn) & (t->customer_room - 1);
	while (t->customers[i].first && t->customers[i].asn != asn)
		i = (i + 1) & (t->customer_room - 1);
	return i;
}

/* Finds the customer; NULL if it attests nothing. */
static struct customer *
find_customer(const struct rpki_table *t, uint32_t asn)
{
	if (t->customer_count == 0)
		return NULL;
	struct customer *c = &t->customers[place(t, asn)];
	return c->first ? c : NULL;
}

static bool
grow(struct rpki_table *t)
{
	if (t->customer_count * 2 < t->customer_room)
		return true;
	struct rpki_table old = *t;
	size_t room = t->customer_room ? t->customer_room * 2 : 64;
	struct customer *customers = calloc(room, sizeof(*customers));
	if (!customers)
		return false;
	t->customers = customers;
	t->customer_room = room;
	for (size_t i = 0; i < old.customer_room; i++)
		if (old.customers[i].first)
			t->customers[place(t, old.customers[i].asn)] = old.customers[i];
	free(old.customers);
	return true;
}

/* Empties a place and moves up those behind it that would not be found any more. */
static void
cut(struct rpki_table *t, struct customer *c)
{
	size_t mask = t->customer_room - 1, hole = (size_t)(c - t->customers);
	t->customers[hole].first = NULL;
	t->customer_count--;
	for (size_t i = (hole + 1) & mask; t->customers[i].first; i = (i + 1) & mask) {
		size_t home = hash_u64(t->customers[i].asn) & mask;
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		t->customers[hole] = t->customers[i];
		t->customers[i].first = NULL;
		hole = i;
	}
}

static size_t
aspa_size(size_t count)
{
	return sizeof(struct aspa) + count * sizeof(uint32_t);
}

/* Frees what no source has or will have. */
static void
sweep(struct rpki_table *t, struct aspa **first)
{
	for (struct aspa **at = first; *at;) {
		struct aspa *a = *at;
		if (a->sources || a->staged) {
			at = &a->next;
			continue;
		}
		*at = a->next;
		t->aspa_memory -= aspa_size(a->count);
		free(a);
	}
}

void
aspa_fini(struct rpki_table *t)
{
	for (size_t i = 0; i < t->customer_room; i++)
		for (struct aspa *a = t->customers[i].first, *next; a; a = next) {
			next = a->next;
			free(a);
		}
	free(t->customers);
}

/* --- what is in effect --- */

/* The first place whose provider is not below this number. */
static uint32_t
lower(const struct aspa *a, int64_t provider)
{
	uint32_t low = 0, high = a->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (a->providers[middle] < provider)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
lists(const struct aspa *a, uint32_t provider)
{
	uint32_t i = lower(a, provider);
	return i < a->count && a->providers[i] == provider;
}

static bool
attested(const struct aspa *first, uint8_t flag)
{
	for (const struct aspa *a = first; a; a = a->next)
		if (a->flags & flag)
			return true;
	return false;
}

static bool
attests(const struct aspa *first, uint8_t flag, uint32_t provider)
{
	for (const struct aspa *a = first; a; a = a->next)
		if (a->flags & flag && lists(a, provider))
			return true;
	return false;
}

/* Is the union of those flagged `inner` within the union of those flagged `outer`? */
static bool
within(const struct aspa *first, uint8_t inner, uint8_t outer)
{
	for (const struct aspa *a = first; a; a = a->next)
		for (uint32_t i = 0; a->flags & inner && i < a->count; i++)
			if (!attests(first, outer, a->providers[i]))
				return false;
	return true;
}

static void
touch(struct rpki_table *t, uint32_t asn)
{
	if (t->all_paths)
		return;
	if (t->touched_customer_count == TOUCHED_MAX ||
	    !rpki_room((void **)&t->touched_customers, &t->touched_customer_room,
		       t->touched_customer_count, sizeof(*t->touched_customers))) {
		t->all_paths = true;
		t->touched_customer_count = 0;
		return;
	}
	t->touched_customers[t->touched_customer_count++] = (struct asn){asn};
}

static void
settle_marks(struct aspa *a, enum settle how, uint16_t bit)
{
	if (how == SETTLE_WHOLE)
		a->sources = (uint16_t)((a->sources & ~bit) | (a->staged & bit));
	else if (how == SETTLE_DELTA)
		a->sources ^= a->staged & bit;
	else if (how == SETTLE_DROP)
		a->sources &= (uint16_t)~bit;
	if (how != SETTLE_NOTHING && how != SETTLE_DROP)
		a->staged &= (uint16_t)~bit;
}

/* What a customer counts for. */
static void
count(struct rpki_table *t, const struct customer *c, uint32_t one)
{
	bool asserted = false;
	for (const struct aspa *a = c->first; a; a = a->next)
		asserted |= a->sources >> SLURM_SOURCE & 1;
	t->counts.aspas += attested(c->first, IN_EFFECT) ? one : 0;
	t->counts.filtered += attested(c->first, HIDDEN) ? one : 0;
	t->counts.asserted += asserted ? one : 0;
}

static void
settle(struct rpki_table *t, struct customer *c, enum settle how, uint16_t bit)
{
	const uint16_t slurm = 1u << SLURM_SOURCE;
	count(t, c, (uint32_t)-1);
	c->filtered = filters_match_customer(&t->filters, c->asn);
	bool changed = false;
	for (struct aspa *a = c->first; a; a = a->next) {
		settle_marks(a, how, bit);
		uint16_t in = a->sources & t->active;
		bool is = in & slurm || (in && !c->filtered), hidden = in && !is;
		a->flags = (uint8_t)((a->flags & IN_EFFECT) | (is ? IN_EFFECT_NEXT : 0) |
				     (hidden ? HIDDEN : 0));
		changed |= is != !!(a->flags & IN_EFFECT);
	}
	if (changed && (attested(c->first, IN_EFFECT) != attested(c->first, IN_EFFECT_NEXT) ||
			!within(c->first, IN_EFFECT, IN_EFFECT_NEXT) ||
			!within(c->first, IN_EFFECT_NEXT, IN_EFFECT)))
		touch(t, c->asn);
	for (struct aspa *a = c->first; a; a = a->next)
		a->flags = (uint8_t)((a->flags & HIDDEN) |
				     (a->flags & IN_EFFECT_NEXT ? IN_EFFECT : 0));
	count(t, c, 1);
}

/* Lets go of what nobody has; then of the customer, if nothing is left. */
static void
clear(struct rpki_table *t, struct customer *c)
{
	sweep(t, &c->first);
	if (!c->first)
		cut(t, c);
}

void
aspa_settle(struct rpki_table *t, uint32_t asn, enum settle how, uint16_t bit)
{
	struct customer *c = find_customer(t, asn);
	if (!c)
		return;
	settle(t, c, how, bit);
	clear(t, c);
}

void
aspa_settle_all(struct rpki_table *t, enum settle how, uint16_t bit)
{
	/* In two rounds, for a cut moves others to other places, and none may be settled twice. */
	for (size_t i = 0; i < t->customer_room; i++)
		if (t->customers[i].first)
			settle(t, &t->customers[i], how, bit);
	for (size_t i = 0; i < t->customer_room; i++)
		for (bool moved = true; moved && t->customers[i].first;) {
			size_t before = t->customer_count;
			clear(t, &t->customers[i]);
			moved = t->customer_count != before;
		}
}

/* --- what a source brings --- */

/* The list that the source will have, as things stand in its transaction. */
static struct aspa *
held(const struct source *s, const struct customer *c, uint16_t bit)
{
	for (struct aspa *a = c ? c->first : NULL; a; a = a->next) {
		uint16_t marks =
			s->load == RPKI_WHOLE ? a->staged : (uint16_t)(a->sources ^ a->staged);
		if (marks & bit)
			return a;
	}
	return NULL;
}

static struct aspa *
aspa_new(struct rpki_table *t, const uint32_t *providers, size_t count)
{
	struct aspa *a = t->aspa_memory > MEMORY_MAX ? NULL : malloc(aspa_size(count));
	if (!a)
		return NULL;
	*a = (struct aspa){.count = (uint32_t)count};
	memcpy(a->providers, providers, count * sizeof(*providers));
	t->aspa_memory += aspa_size(count);
	return a;
}

/* Finds the list among the customer's, or puts it there; the customer, too. NULL: no memory. */
static struct aspa *
find_or_add(struct rpki_table *t, uint32_t customer, const uint32_t *providers, size_t count)
{
	struct customer *c = find_customer(t, customer);
	for (struct aspa *a = c ? c->first : NULL; a; a = a->next)
		if (a->count == count &&
		    memcmp(a->providers, providers, count * sizeof(*providers)) == 0)
			return a;
	struct aspa *a = grow(t) ? aspa_new(t, providers, count) : NULL;
	if (!a)
		return NULL;
	c = &t->customers[place(t, customer)];
	if (!c->first) {
		*c = (struct customer){.asn = customer};
		t->customer_count++;
	}
	a->next = c->first;
	c->first = a;
	return a;
}

static bool
write_down(struct source *s, uint32_t customer)
{
	if (s->load == RPKI_WHOLE)
		return true;
	if (!rpki_room((void **)&s->aspa_log, &s->aspa_room, s->aspa_logged, sizeof(*s->aspa_log)))
		return false;
	s->aspa_log[s->aspa_logged++] = customer;
	return true;
}

/* The source has `a` from now on instead of `before`; either may be NULL. */
static void
replace(struct rpki_table *t, struct source *s, uint32_t customer, struct aspa *before,
	struct aspa *a)
{
	uint16_t bit = (uint16_t)(1u << (s - t->sources));
	if (before)
		before->staged ^= bit;
	if (a)
		a->staged ^= bit;
	s->staged_aspas += (uint32_t) !!a - (uint32_t) !!before;
	struct customer *c = find_customer(t, customer);
	if (c)
		clear(t, c);
}

/* The union of two lists; NULL if there is no memory. */
static uint32_t *
join(const struct aspa *a, const uint32_t *more, size_t count, size_t *joined)
{
	uint32_t *out = malloc((a->count + count + 1) * sizeof(*out));
	size_t i = 0, k = 0, n = 0;
	while (out && (i < a->count || k < count)) {
		bool from_a = k == count || (i < a->count && a->providers[i] <= more[k]);
		uint32_t next = from_a ? a->providers[i] : more[k];
		i += i < a->count && a->providers[i] == next;
		k += k < count && more[k] == next;
		out[n++] = next;
	}
	*joined = n;
	return out;
}

static void
assert_list(const uint32_t *providers, size_t count)
{
	assert(count > 0);
	for (size_t i = 1; i < count; i++)
		assert(providers[i - 1] < providers[i]);
}

enum rpki_result
rpki_announce_aspa(struct rpki_table *t, unsigned source, struct asn customer,
		   const uint32_t *providers, size_t count)
{
	struct source *s = &t->sources[source];
	assert(s->loading);
	assert_list(providers, count);
	struct aspa *before = held(s, find_customer(t, customer.number), (uint16_t)(1u << source));
	uint32_t *joined = NULL;
	if (before && s->kind == RPKI_FILE) {
		joined = join(before, providers, count, &count);
		if (!joined)
			return RPKI_NO_MEMORY;
		providers = joined;
	}
	enum rpki_result result = RPKI_TOO_MANY;
	if (count <= RPKI_PROVIDERS_MAX && s->staged_aspas < RPKI_ASPAS_MAX &&
	    s->aspa_logged < RPKI_VRPS_MAX) {
		struct aspa *a = write_down(s, customer.number)
					 ? find_or_add(t, customer.number, providers, count)
					 : NULL;
		if (a && a != before)
			replace(t, s, customer.number, before, a);
		result = a ? RPKI_OK : RPKI_NO_MEMORY;
	}
	free(joined);
	return result;
}

enum rpki_result
rpki_withdraw_aspa(struct rpki_table *t, unsigned source, struct asn customer)
{
	struct source *s = &t->sources[source];
	assert(s->loading);
	struct aspa *before = held(s, find_customer(t, customer.number), (uint16_t)(1u << source));
	if (!before)
		return RPKI_MISSING;
	if (s->aspa_logged >= RPKI_VRPS_MAX)
		return RPKI_TOO_MANY;
	if (!write_down(s, customer.number))
		return RPKI_NO_MEMORY;
	replace(t, s, customer.number, before, NULL);
	return RPKI_OK;
}

/* --- questions --- */

static enum aspa_hop
hop_of(const struct rpki_table *t, uint32_t customer, uint32_t provider)
{
	const struct customer *c = find_customer(t, customer);
	if (!c || !attested(c->first, IN_EFFECT))
		return ASPA_NO_ATTESTATION;
	return attests(c->first, IN_EFFECT, provider) ? ASPA_PROVIDER : ASPA_NOT_PROVIDER;
}

enum aspa_hop
rpki_aspa_hop(const struct rpki_table *t, struct asn customer, struct asn provider)
{
	return t->aspa_ready ? hop_of(t, customer.number, provider.number) : ASPA_NO_ATTESTATION;
}

/* A path's numbers, one after the other; `failed` where it is not of AS_SEQUENCEs only. */
struct path {
	struct cursor in;
	unsigned left; /* in this segment */
};

static bool
next_asn(struct path *p, uint32_t *asn)
{
	if (p->left == 0 && cursor_left(&p->in)) {
		uint8_t type = cursor_u8(&p->in);
		p->left = cursor_u8(&p->in);
		if (type != AS_SEQUENCE || p->left == 0 || cursor_left(&p->in) < p->left * 4)
			cursor_fail(&p->in);
	}
	if (p->in.failed || p->left == 0)
		return false;
	p->left--;
	*asn = cursor_u32(&p->in);
	return true;
}

/* The worst of the hops from the origin to the client decides: a valid ramp up has a provider at each, one
 * that is attested not to be makes it invalid. */
enum aspa_state
rpki_aspa_verify(const struct rpki_table *t, struct cursor as_path4)
{
	if (!t->aspa_ready)
		return ASPA_NOT_CHECKED;
	struct path p = {.in = as_path4};
	enum aspa_state state = ASPA_VALID;
	uint32_t provider = 0, customer = 0;
	size_t length = 0;
	for (; next_asn(&p, &customer); provider = customer, length++) {
		if (length == 0 || customer == provider || state == ASPA_INVALID)
			continue;
		enum aspa_hop hop = hop_of(t, customer, provider);
		if (hop == ASPA_NOT_PROVIDER)
			state = ASPA_INVALID;
		else if (hop == ASPA_NO_ATTESTATION)
			state = ASPA_UNKNOWN;
	}
	return p.in.failed || length == 0 ? ASPA_INVALID : state;
}

void
rpki_aspa_each_hop(const struct rpki_table *t, struct cursor as_path4,
		   void (*visit)(void *context, struct asn customer, struct asn provider,
				 enum aspa_hop hop),
		   void *context)
{
	struct path p = {.in = as_path4};
	uint32_t provider = 0, customer = 0;
	while (next_asn(&p, &customer))
		;
	if (p.in.failed)
		return;
	p = (struct path){.in = as_path4};
	for (size_t i = 0; next_asn(&p, &customer); provider = customer, i++)
		if (i > 0 && customer != provider)
			visit(context, (struct asn){customer}, (struct asn){provider},
			      rpki_aspa_hop(t, (struct asn){customer}, (struct asn){provider}));
}

ptrdiff_t
rpki_aspa_providers(const struct rpki_table *t, struct asn customer, struct asn *out, size_t room)
{
	const struct customer *c = t->aspa_ready ? find_customer(t, customer.number) : NULL;
	if (!c || !attested(c->first, IN_EFFECT))
		return -1;
	/* The smallest number not given yet, of any list, until there is none. */
	ptrdiff_t count = 0;
	for (int64_t last = -1, next;; last = next) {
		next = INT64_MAX;
		for (const struct aspa *a = c->first; a; a = a->next) {
			uint32_t i = a->flags & IN_EFFECT ? lower(a, last + 1) : a->count;
			if (i < a->count && a->providers[i] < next)
				next = a->providers[i];
		}
		if (next == INT64_MAX)
			return count;
		if ((size_t)count < room)
			out[count] = (struct asn){(uint32_t)next};
		count++;
	}
}
