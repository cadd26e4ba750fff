/* The table of rules: an array by number, a hash table over it, and in each rule its paths in order of preference:
 *
 *   accepted before refused; preference of the verdict; fewer AS hops; lower origin; lower router id; lower address
 *
 * which is the usual order (RFC 4271 section 9.1.2.2) without MED: nothing is nearer or farther here. */
#include "exchange/flowspec/flowspec_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_flow.h"
#include "exchange/flowspec/flowspec_private.h"
#include "hub/hub.h"

enum {
	/* Octets of attributes that are kept: with a rule, and what is added on the way out, they fit a message. */
	ATTRS_MAX = 2048,
	BUCKETS = 64, /* to begin with */
};

static_assert(ATTRS_MAX + FLOWSPEC_RULE_MAX + 512 <= BGP_MAX,
	      "a rule fits with what is usually added");

/* --- made and freed --- */

struct flowspec_table *
flowspec_table_new(unsigned slots, const struct flowspec_hooks *hooks)
{
	struct flowspec_table *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->hooks = *hooks;
	t->buckets = calloc(BUCKETS, sizeof(*t->buckets));
	t->bucket_mask = BUCKETS - 1;
	if (!t->buckets || flowspec_table_widen(t, slots)) {
		flowspec_table_free(t);
		return NULL;
	}
	return t;
}

static void
free_attrs(struct flowspec_table *t, struct held_attrs *attrs)
{
	if (--attrs->references)
		return;
	t->memory -= sizeof(*attrs);
	free(attrs);
}

static void
free_path(struct flowspec_table *t, struct held_path *path)
{
	free_attrs(t, path->attrs);
	free(path->edits);
	free(path->receivers);
	free(path->told);
	free(path);
	t->memory -= sizeof(*path) + 2 * t->words * sizeof(uint64_t);
	t->paths--;
}

static void
free_rule(struct held_rule *rule)
{
	free(rule->holds);
	free(rule->due);
	free(rule);
}

void
flowspec_table_free(struct flowspec_table *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->rule_count; i++) {
		struct held_rule *rule = t->rules[i];
		while (rule && rule->paths) {
			struct held_path *path = rule->paths;
			rule->paths = path->next;
			free_path(t, path);
		}
		if (rule)
			free_rule(rule);
	}
	for (unsigned slot = 0; slot < t->slots; slot++)
		buf_fini(&t->sessions[slot].out);
	buf_fini(&t->scratch);
	buf_fini(&t->attrs);
	free(t->rules);
	free(t->order);
	free(t->buckets);
	free(t->sessions);
	free(t);
}

static int
widen_set(uint64_t **set, size_t from, size_t to)
{
	uint64_t *wide = realloc(*set, to * sizeof(*wide));
	if (!wide)
		return -1;
	memset(wide + from, 0, (to - from) * sizeof(*wide));
	*set = wide;
	return 0;
}

static int
widen_path(struct flowspec_table *t, struct held_path *path, size_t words)
{
	if (widen_set(&path->receivers, t->words, words) || widen_set(&path->told, t->words, words))
		return -1;
	uint8_t *edits = path->edits ? realloc(path->edits, words * 64) : NULL;
	if (path->edits && !edits)
		return -1;
	if (edits)
		memset(edits + t->slots, 0, words * 64 - t->slots);
	path->edits = edits;
	return 0;
}

/* All sets or none count as wider: a longer one does no harm. */
static int
widen_rules(struct flowspec_table *t, size_t words)
{
	for (uint32_t i = 0; i < t->rule_count; i++) {
		struct held_rule *rule = t->rules[i];
		if (!rule)
			continue;
		if (widen_set(&rule->holds, t->words, words) ||
		    widen_set(&rule->due, t->words, words))
			return -1;
		for (struct held_path *path = rule->paths; path; path = path->next)
			if (widen_path(t, path, words))
				return -1;
	}
	return 0;
}

int
flowspec_table_widen(struct flowspec_table *t, unsigned slots)
{
	size_t words = (slots + 63) / 64;
	if (slots <= t->slots)
		return 0;
	struct flow_session *sessions = realloc(t->sessions, words * 64 * sizeof(*sessions));
	if (!sessions)
		return -1;
	memset(sessions + t->slots, 0, (words * 64 - t->slots) * sizeof(*sessions));
	t->sessions = sessions;
	if (widen_rules(t, words))
		return -1;
	t->memory += 2 * (t->used + t->paths) * (words - t->words) * sizeof(uint64_t);
	t->slots = (unsigned)words * 64;
	t->words = words;
	return 0;
}

void
flowspec_table_use(struct flowspec_table *t, struct policy *policy)
{
	t->policy = policy;
}

/* --- who has what, and who is owed something --- */

void
flowspec_hold(struct flowspec_table *t, struct held_rule *rule, unsigned slot, bool on)
{
	if (set_has(rule->holds, slot) == on)
		return;
	set_put(rule->holds, slot, on);
	t->sessions[slot].totals.told += on ? 1 : -1u;
}

void
flowspec_owe(struct flowspec_table *t, struct held_rule *rule, unsigned slot, bool on)
{
	if (set_has(rule->due, slot) == on)
		return;
	set_put(rule->due, slot, on);
	t->sessions[slot].due += on ? 1 : -1u;
}

void
flowspec_owe_all(struct flowspec_table *t, struct held_rule *rule)
{
	unsigned family = flow_family(rule->rule.family);
	for (size_t word = 0; word < t->words; word++) {
		uint64_t set = rule->holds[word];
		for (struct held_path *path = rule->paths; path; path = path->next)
			set |= path->refused ? 0 : path->receivers[word];
		for (set &= ~rule->due[word]; set; set &= set - 1) {
			unsigned slot = (unsigned)(64 * word) + (unsigned)__builtin_ctzll(set);
			if (t->sessions[slot].open[family])
				flowspec_owe(t, rule, slot, true);
		}
	}
}

struct held_path *
flowspec_choose(const struct flowspec_table *t, const struct held_rule *rule, unsigned slot)
{
	uint32_t session;
	const struct hub_policy_flowspec *terms = t->hooks.terms(t->hooks.context, slot, &session);
	if (!terms || !terms->receive)
		return NULL;
	for (struct held_path *path = rule->paths; path && !path->refused; path = path->next)
		if (set_has(path->receivers, slot))
			return path;
	return NULL;
}

/* --- rules by their octets --- */

static uint32_t *
bucket_of(const struct flowspec_table *t, const struct flowspec_rule *rule)
{
	uint64_t hash = hash_bytes(rule->octets, rule->length) + (uint64_t)rule->family;
	return &t->buckets[hash_u64(hash) & t->bucket_mask];
}

/* Its number, or UINT32_MAX. */
static uint32_t
find(const struct flowspec_table *t, const struct flowspec_rule *rule)
{
	for (uint32_t at = *bucket_of(t, rule); at; at = t->rules[at - 1]->next) {
		const struct flowspec_rule *other = &t->rules[at - 1]->rule;
		if (other->family == rule->family && other->length == rule->length &&
		    memcmp(other->octets, rule->octets, rule->length) == 0)
			return at - 1;
	}
	return UINT32_MAX;
}

static void
put_into_bucket(struct flowspec_table *t, uint32_t number)
{
	uint32_t *bucket = bucket_of(t, &t->rules[number]->rule);
	t->rules[number]->next = *bucket;
	*bucket = number + 1;
}

/* More buckets where there are as many rules; without memory the chains grow longer, no more. */
static void
spread(struct flowspec_table *t)
{
	if (t->used <= t->bucket_mask)
		return;
	uint32_t mask = 2 * t->bucket_mask + 1;
	uint32_t *buckets = calloc((size_t)mask + 1, sizeof(*buckets));
	if (!buckets)
		return;
	free(t->buckets);
	t->buckets = buckets;
	t->bucket_mask = mask;
	for (uint32_t i = 0; i < t->rule_count; i++)
		if (t->rules[i])
			put_into_bucket(t, i);
}

uint32_t
flowspec_place(const struct flowspec_table *t, const struct flowspec_rule *rule)
{
	uint32_t low = 0, high = t->used;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (flowspec_rule_compare(&t->rules[t->order[middle]]->rule, rule) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t
free_number(struct flowspec_table *t)
{
	while (t->taken < t->rule_count && t->rules[t->taken])
		t->taken++;
	if (t->taken < t->rule_count)
		return t->taken;
	if (t->rule_count == t->rule_capacity) {
		uint32_t capacity = t->rule_capacity ? 2 * t->rule_capacity : 64;
		struct held_rule **rules = realloc(t->rules, capacity * sizeof(struct held_rule *));
		if (!rules)
			return UINT32_MAX;
		t->rules = rules;
		uint32_t *order = realloc(t->order, capacity * sizeof(*order));
		if (!order)
			return UINT32_MAX;
		t->order = order;
		t->rule_capacity = capacity;
	}
	t->rules[t->rule_count] = NULL;
	return t->rule_count++;
}

/* A rule that nobody says yet: its number, or UINT32_MAX if there is no memory. */
static uint32_t
add_rule(struct flowspec_table *t, const struct flowspec_rule *rule)
{
	struct held_rule *held = calloc(1, sizeof(*held) + rule->length);
	uint64_t *holds = calloc(t->words, sizeof(*holds)), *due = calloc(t->words, sizeof(*due));
	uint32_t number = held && holds && due ? free_number(t) : UINT32_MAX;
	if (number == UINT32_MAX) {
		free(held);
		free(holds);
		free(due);
		return UINT32_MAX;
	}
	memcpy(held->octets, rule->octets, rule->length);
	held->rule = (struct flowspec_rule){rule->family, rule->length, held->octets};
	flowspec_rule_facts(&held->facts, &held->rule);
	held->holds = holds;
	held->due = due;
	t->rules[number] = held;
	uint32_t place = flowspec_place(t, &held->rule);
	memmove(t->order + place + 1, t->order + place, (t->used - place) * sizeof(*t->order));
	t->order[place] = number;
	t->used++;
	t->removed++; /* until somebody says it */
	t->memory += sizeof(*held) + rule->length + 2 * t->words * sizeof(uint64_t);
	put_into_bucket(t, number);
	spread(t);
	return number;
}

void
flowspec_forget_if_over(struct flowspec_table *t, uint32_t number)
{
	struct held_rule *rule = t->rules[number];
	uint64_t some = 0;
	for (size_t i = 0; i < t->words; i++)
		some |= rule->holds[i];
	if (rule->paths || some)
		return;
	for (unsigned slot = 0; slot < t->slots; slot++)
		flowspec_owe(t, rule, slot, false);
	uint32_t *at = bucket_of(t, &rule->rule);
	while (*at != number + 1)
		at = &t->rules[*at - 1]->next;
	*at = rule->next;
	t->memory -= sizeof(*rule) + rule->rule.length + 2 * t->words * sizeof(uint64_t);
	uint32_t place = flowspec_place(t, &rule->rule);
	assert(t->order[place] == number);
	t->used--;
	memmove(t->order + place, t->order + place + 1, (t->used - place) * sizeof(*t->order));
	t->rules[number] = NULL;
	if (number < t->taken)
		t->taken = number;
	t->removed--;
	free_rule(rule);
}

/* --- paths of a rule --- */

static bool
goes_before(const struct flowspec_table *t, const struct held_path *a, const struct held_path *b)
{
	const struct flowspec_peer *x = &t->sessions[a->slot].peer, *y = &t->sessions[b->slot].peer;
	if (a->refused != b->refused)
		return b->refused;
	if (a->preference != b->preference)
		return a->preference < b->preference;
	if (a->attrs->attrs.as_hops != b->attrs->attrs.as_hops)
		return a->attrs->attrs.as_hops < b->attrs->attrs.as_hops;
	if (a->attrs->attrs.origin != b->attrs->attrs.origin)
		return a->attrs->attrs.origin < b->attrs->attrs.origin;
	if (x->router_id != y->router_id)
		return x->router_id < y->router_id;
	int by_address = ip_compare(x->address, y->address);
	return by_address ? by_address < 0 : a->slot < b->slot;
}

static uint32_t *
count_of(struct flowspec_table *t, const struct held_path *path)
{
	struct flowspec_totals *totals = &t->sessions[path->slot].totals;
	return path->refused ? &totals->refused : &totals->accepted;
}

void
flowspec_link_path(struct flowspec_table *t, struct held_rule *rule, struct held_path *path)
{
	struct held_path **at = &rule->paths;
	t->removed -= !rule->paths;
	while (*at && goes_before(t, *at, path))
		at = &(*at)->next;
	path->next = *at;
	*at = path;
	++*count_of(t, path);
}

void
flowspec_unlink_path(struct flowspec_table *t, struct held_rule *rule, struct held_path *path)
{
	struct held_path **at = &rule->paths;
	while (*at != path)
		at = &(*at)->next;
	*at = path->next;
	t->removed += !rule->paths;
	--*count_of(t, path);
}

struct held_path *
flowspec_path_of(const struct held_rule *rule, unsigned slot)
{
	struct held_path *path = rule->paths;
	while (path && path->slot != slot)
		path = path->next;
	return path;
}

void
flowspec_remove_path(struct flowspec_table *t, uint32_t number, struct held_path *path)
{
	struct held_rule *rule = t->rules[number];
	flowspec_unlink_path(t, rule, path);
	t->sessions[path->slot].rules--;
	free_path(t, path);
	flowspec_owe_all(t, rule);
	flowspec_forget_if_over(t, number);
}

/* --- attributes --- */

static struct cursor
copy(uint8_t **to, struct cursor from)
{
	uint8_t *at = *to;
	size_t length = cursor_left(&from);
	if (!length)
		return cursor_of(NULL, 0);
	memcpy(at, from.at, length);
	*to += length;
	return cursor_of(at, length);
}

static size_t
length_of(const struct bgp_attrs *attrs)
{
	return cursor_left(&attrs->as_path) + cursor_left(&attrs->communities) +
	       cursor_left(&attrs->ext_communities) + cursor_left(&attrs->large_communities) +
	       cursor_left(&attrs->others);
}

/* With one reference; NULL if there is no memory. */
static struct held_attrs *
keep_attrs(struct flowspec_table *t, const struct bgp_attrs *attrs)
{
	struct held_attrs *kept = calloc(1, sizeof(*kept) + length_of(attrs));
	if (!kept)
		return NULL;
	uint8_t *to = kept->octets;
	kept->references = 1;
	kept->attrs = *attrs;
	kept->attrs.next_hop = kept->attrs.link_local = (struct ip){0};
	kept->attrs.as_path = copy(&to, attrs->as_path);
	kept->attrs.communities = copy(&to, attrs->communities);
	kept->attrs.ext_communities = copy(&to, attrs->ext_communities);
	kept->attrs.large_communities = copy(&to, attrs->large_communities);
	kept->attrs.others = copy(&to, attrs->others);
	flowspec_actions_read(&kept->actions, &kept->attrs);
	t->memory += sizeof(*kept);
	return kept;
}

static bool
same_octets(struct cursor a, struct cursor b)
{
	size_t length = cursor_left(&a);
	return length == cursor_left(&b) && (!length || memcmp(a.at, b.at, length) == 0);
}

bool
flowspec_same_attrs(const struct bgp_attrs *a, const struct bgp_attrs *b)
{
	return a->origin == b->origin && a->has_med == b->has_med && a->med == b->med &&
	       a->partial == b->partial && same_octets(a->as_path, b->as_path) &&
	       same_octets(a->communities, b->communities) &&
	       same_octets(a->ext_communities, b->ext_communities) &&
	       same_octets(a->large_communities, b->large_communities) &&
	       same_octets(a->others, b->others);
}

/* --- what sessions say --- */

static struct held_path *
new_path(struct flowspec_table *t, unsigned slot, struct held_attrs *attrs)
{
	struct held_path *path = calloc(1, sizeof(*path));
	uint64_t *receivers = calloc(t->words, sizeof(*receivers));
	uint64_t *told = calloc(t->words, sizeof(*told));
	if (!path || !receivers || !told) {
		free(path);
		free(receivers);
		free(told);
		return NULL;
	}
	attrs->references++;
	*path = (struct held_path){
		.attrs = attrs, .slot = slot, .receivers = receivers, .told = told};
	t->paths++;
	t->memory += sizeof(*path) + 2 * t->words * sizeof(uint64_t);
	return path;
}

/* It is said as before, or otherwise. */
static void
say_again(struct flowspec_table *t, struct held_path *path, struct held_attrs *attrs,
	  uint32_t now_s)
{
	path->stale = false;
	if (flowspec_same_attrs(&path->attrs->attrs, &attrs->attrs))
		return;
	attrs->references++;
	free_attrs(t, path->attrs);
	path->attrs = attrs;
	path->since_s = now_s;
	memset(path->told, 0, t->words * sizeof(*path->told));
}

static int
say_first(struct flowspec_table *t, unsigned slot, const struct flowspec_rule *rule,
	  uint32_t number, struct held_attrs *attrs, uint32_t now_s)
{
	if (number == UINT32_MAX)
		number = add_rule(t, rule);
	if (number == UINT32_MAX)
		return -1;
	struct held_path *path = new_path(t, slot, attrs);
	if (!path || flowspec_judge(t, t->rules[number], path)) {
		if (path)
			free_path(t, path);
		flowspec_forget_if_over(t, number);
		return -1;
	}
	path->since_s = now_s;
	t->sessions[slot].rules++;
	flowspec_link_path(t, t->rules[number], path);
	flowspec_owe_all(t, t->rules[number]);
	return 0;
}

static int
announce_one(struct flowspec_table *t, unsigned slot, const struct flowspec_rule *rule,
	     struct held_attrs *attrs, uint32_t now_s)
{
	struct flow_session *session = &t->sessions[slot];
	uint32_t number = find(t, rule), place;
	struct held_path *path =
		number != UINT32_MAX ? flowspec_path_of(t->rules[number], slot) : NULL;
	if (path) {
		flowspec_unlink_path(t, t->rules[number], path);
		say_again(t, path, attrs, now_s);
		int result = flowspec_judge(t, t->rules[number], path);
		flowspec_link_path(t, t->rules[number], path);
		flowspec_owe_all(t, t->rules[number]);
		return result;
	}
	const struct hub_policy_flowspec *terms = t->hooks.terms(t->hooks.context, slot, &place);
	if (terms && session->rules < terms->max_rules)
		return say_first(t, slot, rule, number, attrs, now_s);
	session->totals.left_out++;
	session->left_out[flow_family(rule->family)] = true;
	return 0;
}

int
flowspec_announce(struct flowspec_table *t, unsigned slot, enum ip_family family,
		  struct cursor list, const struct bgp_attrs *attrs, uint32_t now_s)
{
	struct flow_session *session = &t->sessions[slot];
	uint8_t storage[FLOWSPEC_RULE_MAX];
	struct flowspec_rule rule;
	struct cursor octets;
	int result = 0;
	if (!flowspec_session_takes(t, slot, family))
		return 0;
	if (length_of(attrs) > ATTRS_MAX) { /* what cannot be passed on must not stay as it was */
		session->totals.too_large++;
		flowspec_withdraw(t, slot, family, list);
		return 0;
	}
	struct held_attrs *kept = keep_attrs(t, attrs);
	if (!kept)
		return -1;
	while (result == 0 && bgp_flow_next(&octets, &list)) {
		enum flowspec_fault fault = flowspec_rule_read(&rule, storage, family, octets);
		if (fault == FLOWSPEC_SOUND)
			result = announce_one(t, slot, &rule, kept, now_s);
		else /* RFC 7606: as if withdrawn, and nobody can have announced it before */
			session->totals.faults[fault]++;
	}
	free_attrs(t, kept);
	return result;
}

void
flowspec_withdraw(struct flowspec_table *t, unsigned slot, enum ip_family family,
		  struct cursor list)
{
	uint8_t storage[FLOWSPEC_RULE_MAX];
	struct flowspec_rule rule;
	struct cursor octets;
	if (!flowspec_session_takes(t, slot, family))
		return;
	while (bgp_flow_next(&octets, &list)) {
		if (flowspec_rule_read(&rule, storage, family, octets) != FLOWSPEC_SOUND)
			continue;
		uint32_t number = find(t, &rule);
		struct held_path *path =
			number != UINT32_MAX ? flowspec_path_of(t->rules[number], slot) : NULL;
		if (path)
			flowspec_remove_path(t, number, path);
	}
}
