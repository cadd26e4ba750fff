/* Sessions that come, go, are judged anew and looked at. */
#include <string.h>

#include "base/hash.h"
#include "exchange/flowspec/flowspec_private.h"
#include "hub/hub.h"

enum { REMOVED_MAX = 16384 }; /* withdrawn rules that somebody has not heard the end of */

bool
flowspec_session_takes(const struct flowspec_table *t, unsigned slot, enum ip_family family)
{
	const struct flow_session *session = &t->sessions[slot];
	unsigned i = flow_family(family);
	return session->open[i] && !session->lost[i];
}

bool
flowspec_session_lost(const struct flowspec_table *t, unsigned slot, enum ip_family family)
{
	return t->sessions[slot].lost[flow_family(family)];
}

static bool
is_open(const struct flow_session *session)
{
	return session->open[FLOWSPEC_V4] || session->open[FLOWSPEC_V6];
}

void
flowspec_session_open(struct flowspec_table *t, unsigned slot, const struct flowspec_peer *peer)
{
	struct flow_session *session = &t->sessions[slot];
	assert(!is_open(session) && !session->rules && !session->due);
	*session = (struct flow_session){
		.open = {peer->ipv4, peer->ipv6},
		.end_of_rib = {peer->ipv4, peer->ipv6},
		.peer = *peer,
	};
	for (uint32_t number = 0; number < t->rule_count; number++) {
		struct held_rule *rule = t->rules[number];
		if (rule && session->open[flow_family(rule->rule.family)] &&
		    flowspec_choose(t, rule, slot))
			flowspec_owe(t, rule, slot, true);
	}
}

/* Withdraws what the slot says: rules of all families or of one. */
static void
withdraw_all(struct flowspec_table *t, unsigned slot, enum ip_family family, bool only_stale)
{
	for (uint32_t number = 0; number < t->rule_count; number++) {
		const struct held_rule *rule = t->rules[number];
		if (!rule || (family != IP_NONE && rule->rule.family != family))
			continue;
		struct held_path *path = flowspec_path_of(rule, slot);
		if (path && (path->stale || !only_stale))
			flowspec_remove_path(t, number, path);
	}
}

void
flowspec_session_close(struct flowspec_table *t, unsigned slot)
{
	struct flow_session *session = &t->sessions[slot];
	if (!is_open(session))
		return;
	withdraw_all(t, slot, IP_NONE, false);
	for (uint32_t number = 0; number < t->rule_count; number++) {
		struct held_rule *rule = t->rules[number];
		if (!rule)
			continue;
		for (struct held_path *path = rule->paths; path; path = path->next)
			set_put(path->told, slot, false);
		flowspec_owe(t, rule, slot, false);
		flowspec_hold(t, rule, slot, false);
		flowspec_forget_if_over(t, number);
	}
	buf_fini(&session->out);
	*session = (struct flow_session){0};
}

void
flowspec_session_lose(struct flowspec_table *t, unsigned slot, enum ip_family family)
{
	withdraw_all(t, slot, family, false);
	t->sessions[slot].lost[flow_family(family)] = true;
	t->sessions[slot].left_out[flow_family(family)] = false;
}

void
flowspec_session_stale(struct flowspec_table *t, unsigned slot, enum ip_family family, bool begins)
{
	if (!begins) {
		withdraw_all(t, slot, family, true);
		return;
	}
	for (uint32_t number = 0; number < t->rule_count; number++) {
		const struct held_rule *rule = t->rules[number];
		struct held_path *path =
			rule && rule->rule.family == family ? flowspec_path_of(rule, slot) : NULL;
		if (path)
			path->stale = true;
	}
}

bool
flowspec_session_wants(struct flowspec_table *t, unsigned slot, enum ip_family family)
{
	struct flow_session *session = &t->sessions[slot];
	uint32_t place;
	const struct hub_policy_flowspec *terms = t->hooks.terms(t->hooks.context, slot, &place);
	bool *left_out = &session->left_out[flow_family(family)];
	if (!*left_out || !terms || session->rules >= terms->max_rules)
		return false;
	*left_out = false;
	return true;
}

/* --- judging anew --- */

void
flowspec_rejudge(struct flowspec_table *t, enum flowspec_change change)
{
	/* One that goes on begins anew, and knows of both changes. */
	bool goes_on = t->rejudged < t->rule_count;
	if (!goes_on || change > t->change)
		t->change = change;
	t->rejudged = 0;
}

/* What of a path decides who gets it. */
struct standing {
	bool refused;
	uint8_t preference;
	uint64_t hash;
};

static struct standing
standing_of(const struct flowspec_table *t, const struct held_path *path)
{
	struct standing standing = {path->refused, path->preference, 0};
	uint64_t sets[] = {hash_bytes(path->receivers, t->words * sizeof(*path->receivers)),
			   path->edits ? hash_bytes(path->edits, t->slots) : 0, path->form};
	standing.hash = hash_bytes(sets, sizeof(sets));
	return standing;
}

/* Judges what one session says of a rule. True if that changes who gets it. */
static bool
rejudge_path(struct flowspec_table *t, struct held_rule *rule, struct held_path *path)
{
	struct standing before = standing_of(t, path);
	flowspec_unlink_path(t, rule, path);
	(void)flowspec_judge(t, rule, path); /* without memory it stays as it was */
	flowspec_link_path(t, rule, path);
	struct standing after = standing_of(t, path);
	return before.refused != after.refused || before.preference != after.preference ||
	       before.hash != after.hash;
}

static void
rejudge_rule(struct flowspec_table *t, struct held_rule *rule)
{
	bool changed = t->change != FLOWSPEC_RULES;
	/* A path that moves towards the end is met once more, and stays then. */
	for (struct held_path *path = rule->paths, *next; path; path = next) {
		next = path->next;
		changed |= rejudge_path(t, rule, path);
	}
	if (changed)
		flowspec_owe_all(t, rule);
}

bool
flowspec_rejudge_step(struct flowspec_table *t, size_t budget)
{
	for (; t->rejudged < t->rule_count && budget; t->rejudged++, budget--)
		if (t->rules[t->rejudged])
			rejudge_rule(t, t->rules[t->rejudged]);
	return t->rejudged < t->rule_count;
}

int
flowspec_worst(const struct flowspec_table *t)
{
	int worst = -1;
	uint32_t most = 0;
	if (t->removed <= REMOVED_MAX)
		return -1;
	for (unsigned slot = 0; slot < t->slots; slot++) {
		if (t->sessions[slot].due <= most)
			continue;
		most = t->sessions[slot].due;
		worst = (int)slot;
	}
	return worst;
}

/* --- looking --- */

size_t
flowspec_walk(const struct flowspec_table *t, const struct flowspec_rule *after, size_t max,
	      void (*visit)(void *context, const struct flowspec_view *view), void *context,
	      const struct flowspec_rule **last)
{
	uint32_t at = after ? flowspec_place(t, after) : 0;
	size_t count = 0;
	if (after && at < t->used &&
	    flowspec_rule_compare(&t->rules[t->order[at]]->rule, after) == 0)
		at++;
	for (; at < t->used && count < max; at++, count++) {
		const struct held_rule *rule = t->rules[t->order[at]];
		*last = &rule->rule;
		for (const struct held_path *path = rule->paths; path; path = path->next) {
			struct flowspec_view view = {
				.rule = &rule->rule,
				.attrs = &path->attrs->attrs,
				.slot = path->slot,
				.since_s = path->since_s,
				.policy_reasons = path->policy_reasons,
				.reasons = path->reasons,
				.refused = path->refused,
				.told = path->told,
				.words = t->words,
			};
			visit(context, &view);
		}
	}
	return count;
}

void
flowspec_session_totals(const struct flowspec_table *t, unsigned slot, struct flowspec_totals *out)
{
	*out = t->sessions[slot].totals;
}

size_t
flowspec_count(const struct flowspec_table *t)
{
	return t->paths;
}

size_t
flowspec_memory(const struct flowspec_table *t)
{
	return sizeof(*t) + t->memory + t->slots * sizeof(*t->sessions);
}
