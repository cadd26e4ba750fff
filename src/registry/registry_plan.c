/* Which sets are asked about, when, and what is believed of the answers. */
#include "registry/registry_plan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	RETRY_FIRST_S = 60,
	RETRY_UNKNOWN_S = 10, /* when nothing is known: the network may just be coming up */
	RETRY_MOST_S = 1800,
	REFRESH_LEAST_S = 60,
	JITTER_PERCENT = 10,
};

static uint64_t
random_next(struct registry_plan *plan)
{
	plan->random += UINT64_C(0x9e3779b97f4a7c15);
	return hash_u64(plan->random);
}

/* `delay_s` from now, give or take a tenth: so that not all ask at once for ever. */
static struct mono_us
jittered(struct registry_plan *plan, struct mono_us now, int64_t delay_s)
{
	int64_t spread_ms = delay_s * 10 * JITTER_PERCENT;
	int64_t shift_ms = (int64_t)(random_next(plan) % (uint64_t)(2 * spread_ms + 1)) - spread_ms;
	return mono_add_ms(now, delay_s * 1000 + shift_ms);
}

static int64_t
refresh_s(const struct registry_plan *plan)
{
	return plan->rules.refresh_s > REFRESH_LEAST_S ? plan->rules.refresh_s : REFRESH_LEAST_S;
}

static void
known_fini(struct registry_known *known)
{
	buf_fini(&known->octets);
	*known = (struct registry_known){0};
}

static void
item_free(struct registry_item *item)
{
	if (!item)
		return;
	known_fini(&item->good);
	known_fini(&item->held);
	free(item->members);
	free(item);
}

void
registry_plan_init(struct registry_plan *plan, uint64_t seed)
{
	*plan = (struct registry_plan){.random = seed};
}

void
registry_plan_fini(struct registry_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		item_free(plan->items[i]);
	free(plan->items);
	*plan = (struct registry_plan){0};
}

/* --- the picture --- */

static int
compare(const char *name, enum ip_family family, const struct registry_item *item)
{
	int order = strcmp(name, item->name);
	return order ? order : (int)family - (int)item->family;
}

/* Where the set is among the items, or where it would be. */
static size_t
place_of(const struct registry_plan *plan, const char *name, enum ip_family family)
{
	size_t from = 0, to = plan->count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (compare(name, family, plan->items[middle]) > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct registry_item *
registry_plan_find(const struct registry_plan *plan, const char *name, enum ip_family family)
{
	size_t at = place_of(plan, name, family);
	return at < plan->count && compare(name, family, plan->items[at]) == 0 ? plan->items[at]
									       : NULL;
}

/* A set of a member, as a picture has it. */
struct use {
	char name[REGISTRY_NAME];
	enum ip_family family;
	uint32_t member;
};

struct uses {
	struct use *list;
	size_t count, capacity;
};

static int
by_set(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	if (order == 0)
		order = (int)x->family - (int)y->family;
	return order ? order : (x->member > y->member) - (x->member < y->member);
}

static int
add_use(struct uses *uses, const struct use *use)
{
	if (uses->count == uses->capacity) {
		size_t capacity = uses->capacity ? 2 * uses->capacity : 64;
		struct use *list = realloc(uses->list, capacity * sizeof(*list));
		if (!list)
			return -1;
		uses->list = list;
		uses->capacity = capacity;
	}
	uses->list[uses->count++] = *use;
	return 0;
}

static bool
has_family(const struct hub *hub, const struct hub_member *member, enum ip_family family)
{
	for (uint32_t i = 0; i < member->session_count; i++) {
		const struct hub_session *s = &hub->sessions[member->first_session + i];
		if (family == IP_V4 ? s->ipv4 : s->ipv6)
			return true;
	}
	return false;
}

static int
collect_uses(struct uses *uses, const struct hub *hub)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	for (uint32_t m = 0; hub->irr.enabled && m < hub->member_count; m++) {
		const struct hub_member *member = &hub->members[m];
		if (!member->policy.irr.origin && !member->policy.irr.prefix &&
		    !member->policy.blackhole.announce)
			continue;
		for (size_t f = 0; f < 2; f++) {
			struct use use = {.family = families[f], .member = m};
			if (!has_family(hub, member, use.family))
				continue;
			for (size_t i = 0; registry_member_set(use.name, member, use.family, i);
			     i++)
				if (add_use(uses, &use) < 0)
					return -1;
		}
	}
	if (uses->count)
		qsort(uses->list, uses->count, sizeof(*uses->list), by_set);
	return 0;
}

/* The members of the uses at `from`, all of one set; *to is where the next set begins. */
static uint32_t *
members_of(const struct uses *uses, size_t from, size_t *to, size_t *count)
{
	const struct use *first = &uses->list[from];
	size_t end = from;
	while (end < uses->count && strcmp(uses->list[end].name, first->name) == 0 &&
	       uses->list[end].family == first->family)
		end++;
	uint32_t *members = malloc((end - from) * sizeof(*members));
	*to = end;
	*count = 0;
	for (size_t i = from; members && i < end; i++) /* a member may name a set twice */
		if (*count == 0 || members[*count - 1] != uses->list[i].member)
			members[(*count)++] = uses->list[i].member;
	return members;
}

/* New items for all sets of the picture, with nothing known yet. NULL without memory. */
static struct registry_item **
make_items(const struct uses *uses, size_t *count)
{
	struct registry_item **items = calloc(uses->count + 1, sizeof(struct registry_item *));
	*count = 0;
	for (size_t from = 0, to; items && from < uses->count; from = to) {
		struct registry_item *item = calloc(1, sizeof(*item));
		if (item)
			item->members = members_of(uses, from, &to, &item->member_count);
		if (!item || !item->members) {
			free(item);
			while (*count > 0)
				item_free(items[--*count]);
			free(items);
			return NULL;
		}
		memcpy(item->name, uses->list[from].name, sizeof(item->name));
		item->family = uses->list[from].family;
		items[(*count)++] = item;
	}
	return items;
}

/* Puts the items that are known already in the place of their new twins. */
static void
keep_known(struct registry_plan *plan, struct registry_item **items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct registry_item *old =
			registry_plan_find(plan, items[i]->name, items[i]->family);
		if (!old)
			continue;
		uint32_t *members = old->members;
		old->members = items[i]->members;
		old->member_count = items[i]->member_count;
		items[i]->members = members;
		item_free(items[i]);
		items[i] = old;
		old->wanted = true;
	}
}

int
registry_plan_use(struct registry_plan *plan, const struct hub *hub, struct registry_moment now)
{
	struct uses uses = {0};
	size_t count = 0;
	struct registry_item **items =
		collect_uses(&uses, hub) == 0 ? make_items(&uses, &count) : NULL;
	free(uses.list);
	if (!items)
		return -1;
	for (size_t i = 0; i < count; i++)
		items[i]->due = now.mono;
	keep_known(plan, items, count);
	plan->asking = 0;
	for (size_t i = 0; i < plan->count; i++) {
		struct registry_item *old = plan->items[i];
		plan->asking += old->wanted && old->asking;
		if (!old->wanted)
			item_free(old);
		else
			old->wanted = false;
	}
	free(plan->items);
	plan->items = items;
	plan->count = count;
	plan->rules = (struct registry_rules){hub->irr.refresh_s, hub->irr.shrink_percent,
					      hub->irr.at_once, hub->irr.prefixes_max};
	return 0;
}

/* --- the schedule --- */

struct registry_item *
registry_plan_next(struct registry_plan *plan, struct mono_us now)
{
	struct registry_item *first = NULL;
	if (plan->asking >= (plan->rules.at_once ? plan->rules.at_once : 1))
		return NULL;
	for (size_t i = 0; i < plan->count; i++) {
		struct registry_item *item = plan->items[i];
		if (!item->asking && item->due.us <= now.us &&
		    (!first || item->due.us < first->due.us))
			first = item;
	}
	if (first) {
		first->asking = true;
		plan->asking++;
	}
	return first;
}

struct mono_us
registry_plan_due(const struct registry_plan *plan)
{
	struct mono_us due = {INT64_MAX};
	if (plan->asking >= (plan->rules.at_once ? plan->rules.at_once : 1))
		return due;
	for (size_t i = 0; i < plan->count; i++)
		if (!plan->items[i]->asking && plan->items[i]->due.us < due.us)
			due = plan->items[i]->due;
	return due;
}

static void
asked(struct registry_plan *plan, struct registry_item *item, struct mono_us now, int64_t delay_s)
{
	assert(item->asking && plan->asking > 0);
	item->asking = false;
	plan->asking--;
	item->due = item->asked_again ? now : jittered(plan, now, delay_s);
	item->asked_again = false;
}

void
registry_plan_failed(struct registry_plan *plan, struct registry_item *item, const char *why,
		     struct registry_moment now)
{
	int64_t delay_s = item->good.there ? RETRY_FIRST_S : RETRY_UNKNOWN_S;
	for (unsigned i = 0; i < item->failures && delay_s < RETRY_MOST_S; i++)
		delay_s *= 2;
	if (delay_s > RETRY_MOST_S)
		delay_s = RETRY_MOST_S;
	if (delay_s > refresh_s(plan))
		delay_s = refresh_s(plan);
	item->failures++;
	item->failed = now.utc;
	(void)snprintf(item->error, sizeof(item->error), "%s", why);
	asked(plan, item, now.mono, delay_s);
}

void
registry_plan_refresh(struct registry_item *item, struct mono_us now)
{
	if (item->asking)
		item->asked_again = true;
	else
		item->due = now;
}

/* --- the guard --- */

static bool
shrunk(uint32_t from, uint32_t to, uint8_t percent)
{
	return (uint64_t)to * 100 < (uint64_t)from * (percent < 100 ? 100u - percent : 0);
}

/* Why `size` is not plausible after `before`; false when it is. */
static bool
implausible(const struct registry_rules *rules, const struct registry_size *before,
	    const struct registry_size *size, char why[REGISTRY_WHY])
{
	const struct {
		const char *what;
		uint32_t from, to;
	} counts[] = {{"prefixes", before->prefixes, size->prefixes},
		      {"origins", before->origins, size->origins}};
	for (size_t i = 0; i < 2; i++) {
		if (!shrunk(counts[i].from, counts[i].to, rules->shrink_percent))
			continue;
		if (counts[i].to)
			(void)snprintf(why, REGISTRY_WHY,
				       "%u %s, where there were %u: more than %u %% fewer",
				       counts[i].to, counts[i].what, counts[i].from,
				       rules->shrink_percent);
		else
			(void)snprintf(why, REGISTRY_WHY, "no %s, where there were %u",
				       counts[i].what, counts[i].from);
		return true;
	}
	return false;
}

static bool
too_large(const struct registry_rules *rules, const struct registry_item *item,
	  const struct registry_size *size)
{
	return rules->prefixes_max && size->prefixes > rules->prefixes_max &&
	       size->prefixes > (item->good.there ? item->good.size.prefixes : 0);
}

/* The octets say the same times as the rest. */
static void
stamp(struct registry_known *known)
{
	if (known->octets.length)
		registry_set_mark(&known->octets, known->fetched, known->since);
}

static void
forget_held(struct registry_item *item)
{
	known_fini(&item->held);
	item->held_answers = 0;
	item->held_too_large = false;
	item->held_why[0] = '\0';
}

static void
put_in_force(struct registry_item *item, struct registry_known *known)
{
	known_fini(&item->good);
	item->good = *known;
	*known = (struct registry_known){0};
	forget_held(item);
}

/* Whether a newer answer is like the one that is held: in neither direction an implausible change.
 */
static bool
like_held(const struct registry_rules *rules, const struct registry_item *item,
	  const struct registry_size *size)
{
	char why[REGISTRY_WHY];
	return item->held.there && !implausible(rules, &item->held.size, size, why) &&
	       !implausible(rules, size, &item->held.size, why);
}

struct utc_s
registry_item_taken_at(const struct registry_item *item)
{
	if (!item->held.there || item->held_too_large)
		return (struct utc_s){0};
	return (struct utc_s){item->held.since.s + REGISTRY_HOLD_S};
}

/* Holds the answer. True if it has been held long enough to be believed. */
static bool
hold(struct registry_plan *plan, struct registry_item *item, struct registry_known *known,
     const char *why)
{
	if (like_held(&plan->rules, item, &known->size)) {
		known->since = item->held.since;
		stamp(known);
		item->held_answers++;
	} else {
		item->held_answers = 1;
	}
	known_fini(&item->held);
	item->held = *known;
	*known = (struct registry_known){0};
	item->held_too_large = too_large(&plan->rules, item, &item->held.size);
	if (item->held_too_large)
		(void)snprintf(item->held_why, REGISTRY_WHY,
			       "%u prefixes, more than the limit of %u", item->held.size.prefixes,
			       plan->rules.prefixes_max);
	else
		(void)snprintf(item->held_why, REGISTRY_WHY, "%s", why);
	return !item->held_too_large && item->held_answers >= REGISTRY_HOLD_ANSWERS &&
	       item->held.fetched.s >= registry_item_taken_at(item).s;
}

enum registry_verdict
registry_plan_answered(struct registry_plan *plan, struct registry_item *item,
		       struct registry_size size, struct buf *octets, struct registry_moment now)
{
	struct registry_known known = {true, size, now.utc, now.utc, *octets};
	*octets = (struct buf){0};
	char why[REGISTRY_WHY] = "";
	item->failures = 0;
	item->error[0] = '\0';
	asked(plan, item, now.mono, refresh_s(plan));
	if (item->good.there && item->good.size.hash == size.hash) {
		known_fini(&known);
		forget_held(item);
		item->good.fetched = now.utc;
		stamp(&item->good);
		return REGISTRY_SAME;
	}
	bool doubtful =
		(item->good.there && implausible(&plan->rules, &item->good.size, &size, why)) ||
		too_large(&plan->rules, item, &size);
	if (!doubtful)
		put_in_force(item, &known);
	else if (hold(plan, item, &known, why))
		put_in_force(item, &item->held);
	else
		return REGISTRY_HOLD;
	return REGISTRY_TAKE;
}

bool
registry_plan_accept(struct registry_item *item)
{
	if (!item->held.there)
		return false;
	put_in_force(item, &item->held);
	return true;
}

void
registry_plan_remember(struct registry_plan *plan, struct registry_item *item,
		       const struct registry_set *set, struct buf *octets, bool held,
		       struct registry_moment now)
{
	struct registry_known known = {
		.there = true,
		.size = {(uint32_t)registry_set_prefixes(set), (uint32_t)registry_set_origins(set),
			 registry_set_hash(set)},
		.fetched = registry_set_fetched(set),
		.since = registry_set_since(set),
		.octets = *octets,
	};
	*octets = (struct buf){0};
	if (held) {
		char why[REGISTRY_WHY] = "held before the last start";
		if (item->good.there)
			(void)implausible(&plan->rules, &item->good.size, &known.size, why);
		(void)hold(plan, item, &known, why);
		return;
	}
	known_fini(&item->good);
	item->good = known;
	int64_t age_s = now.utc.s - known.fetched.s;
	if (age_s >= 0 && age_s < refresh_s(plan))
		item->due = jittered(plan, now.mono, refresh_s(plan) - age_s);
}

enum registry_state
registry_item_state(const struct registry_item *item)
{
	if (item->held.there)
		return REGISTRY_HELD;
	return item->failures ? REGISTRY_STALE : REGISTRY_FRESH;
}
