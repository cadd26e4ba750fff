/* Which rules hold, and why others do not.
 *
 * A rule makes others drop traffic, so it must be beyond doubt that it is about traffic to the member itself: the
 * destination lies in its address space (what decides about blackholes decides here), and the traffic goes to it, for the
 * longest route to the destination is its own (RFC 9117 section 4, rule b; that no longer route of others lies inside is
 * seen to by the shortest destinations allowed). Every check is made and every reason kept. */
#include <stdlib.h>
#include <string.h>

#include "exchange/flowspec/flowspec_private.h"
#include "hub/hub.h"

static_assert((int)HUB_FLOW_SOURCE + 2 == (int)FLOWSPEC_SOURCE, "types in the hub file's order");
static_assert((int)HUB_FLOW_LABEL + 2 == (int)FLOWSPEC_FLOW_LABEL, "to the end");

static uint32_t
bit(enum flowspec_reason reason)
{
	return UINT32_C(1) << reason;
}

static uint32_t
allowed_types(const struct hub_policy_flowspec *terms)
{
	uint32_t types = UINT32_C(1) << FLOWSPEC_DESTINATION;
	for (size_t i = 0; i < terms->match_count; i++)
		types |= UINT32_C(1) << ((unsigned)terms->matches[i] + FLOWSPEC_SOURCE);
	return types;
}

static uint32_t
allowed_actions(const struct hub_policy_flowspec *terms)
{
	uint32_t kinds = 0;
	for (size_t i = 0; i < terms->action_count; i++)
		kinds |= UINT32_C(1) << terms->actions[i];
	return kinds;
}

static uint32_t
judge_actions(const struct flowspec_actions *actions, const struct hub_policy_flowspec *terms)
{
	uint32_t reasons = 0, redirect = UINT32_C(1) << HUB_FLOW_REDIRECT;
	uint32_t forbidden = actions->kinds & ~allowed_actions(terms);
	if (forbidden & redirect)
		reasons |= bit(FLOWSPEC_REDIRECT);
	if (forbidden & ~redirect)
		reasons |= bit(FLOWSPEC_ACTION);
	if (actions->unknown)
		reasons |= bit(FLOWSPEC_UNKNOWN_ACTION);
	if (actions->contradictory)
		reasons |= bit(FLOWSPEC_CONTRADICTION);
	return reasons;
}

static uint32_t
judge_destination(const struct flowspec_table *t, unsigned slot, const struct prefix *destination,
		  const struct hub_policy_flowspec *terms)
{
	uint32_t reasons = 0;
	if (destination->ip.family == IP_NONE)
		return bit(FLOWSPEC_NO_DESTINATION);
	if (destination->length <
	    (destination->ip.family == IP_V4 ? terms->ipv4_min : terms->ipv6_min))
		reasons |= bit(FLOWSPEC_TOO_WIDE);
	if (terms->with_route && !t->hooks.follows(t->hooks.context, slot, destination))
		reasons |= bit(FLOWSPEC_NO_ROUTE);
	return reasons;
}

/* Edits by slot, if some slot has one other than 0. 0, or -1 if there is no memory. */
static int
edits_of(const struct flowspec_table *t, const struct policy_flow_verdict *verdict, uint8_t **out)
{
	*out = NULL;
	for (size_t i = 0; i < verdict->variant_count; i++) {
		const struct policy_variant *variant = &verdict->variants[i];
		if (!variant->edit)
			continue;
		if (!*out && !(*out = calloc(t->slots, 1)))
			return -1;
		for (unsigned slot = 0; slot < t->slots; slot++)
			if (set_has(variant->slots, slot))
				(*out)[slot] = (uint8_t)variant->edit;
	}
	return 0;
}

/* Those whose edit is another now have it no longer as it is. */
static void
forget_edited(const struct flowspec_table *t, struct held_path *path, const uint8_t *edits)
{
	for (unsigned slot = 0; slot < t->slots; slot++)
		if ((path->edits ? path->edits[slot] : 0) != (edits ? edits[slot] : 0))
			set_put(path->told, slot, false);
}

int
flowspec_judge(struct flowspec_table *t, const struct held_rule *rule, struct held_path *path)
{
	uint32_t session;
	const struct hub_policy_flowspec *terms =
		t->hooks.terms(t->hooks.context, path->slot, &session);
	const struct prefix *destination = &rule->facts.destination;
	bool named = destination->ip.family != IP_NONE;
	struct policy_flow_verdict verdict;
	uint8_t *edits;
	if (!terms) /* it is about to go */
		return 0;
	policy_flow_judge(t->policy, session, rule->rule.family, &path->attrs->attrs,
			  named ? destination : NULL, &verdict);
	if (edits_of(t, &verdict, &edits))
		return -1;
	path->policy_reasons = verdict.reasons;
	path->reasons = judge_actions(&path->attrs->actions, terms) |
			judge_destination(t, path->slot, destination, terms);
	if (!terms->announce)
		path->reasons |= bit(FLOWSPEC_MAY_NOT);
	if (verdict.foreign)
		path->reasons |= bit(FLOWSPEC_FOREIGN);
	if (rule->facts.types & ~allowed_types(terms))
		path->reasons |= bit(FLOWSPEC_MATCH);
	path->refused = path->reasons || path->policy_reasons;
	path->preference = verdict.preference;
	memcpy(path->receivers, verdict.receivers, t->words * sizeof(*path->receivers));
	forget_edited(t, path, edits);
	if (path->form != verdict.form)
		memset(path->told, 0, t->words * sizeof(*path->told));
	path->form = verdict.form;
	free(path->edits);
	path->edits = edits;
	return 0;
}

/* --- in words --- */

static const struct {
	const char *text, *mend; /* NULL: depends on values */
} words[FLOWSPEC_REASONS] = {
	[FLOWSPEC_MAY_NOT] = {"the member may not say rules about traffic",
			      "ask the exchange to allow them (policy.flowspec.announce)"},
	[FLOWSPEC_NO_DESTINATION] = {"no destination",
				     "name the destination prefix, from its first bit on"},
	[FLOWSPEC_TOO_WIDE] = {"destination too wide", NULL},
	[FLOWSPEC_FOREIGN] = {"destination is not the member's address space",
			      "register a route object or a ROA for the destination, or for a "
			      "prefix that covers it"},
	[FLOWSPEC_NO_ROUTE] = {"traffic to the destination does not go to the member",
			       "announce a route to the destination, longer than or as long as "
			       "those of others"},
	[FLOWSPEC_MATCH] = {"looks at something that rules may not look at here", NULL},
	[FLOWSPEC_ACTION] = {"asks for something that rules may not ask for here", NULL},
	[FLOWSPEC_REDIRECT] = {"redirects traffic",
			       "drop or limit it; others do not send traffic elsewhere for you"},
	[FLOWSPEC_UNKNOWN_ACTION] = {"asks for something that is not known here",
				     "use the actions of RFC 8955"},
	[FLOWSPEC_CONTRADICTION] = {"contradicts itself, or limits to what is no number",
				    "give one rate and one mark"},
};

const char *
flowspec_reason_text(unsigned reason)
{
	assert(reason < FLOWSPEC_REASONS);
	return words[reason].text;
}

static void
list(struct buf *to, const char *const *texts, uint32_t set)
{
	for (bool first = true; set; set &= set - 1, first = false)
		buf_printf(to, "%s%s", first ? "" : ", ", texts[__builtin_ctz(set)]);
}

void
flowspec_reason_mend(struct buf *to, unsigned reason, const struct hub_policy_flowspec *terms)
{
	static const char *const actions[] = {"accept", "drop", "limit octets", "limit packets",
					      "sample", "mark", "redirect"};
	static const char *const types[FLOWSPEC_TYPES] = {
		"",          "destination",      "source",      "protocol",
		"port",      "destination port", "source port", "ICMP type",
		"ICMP code", "TCP flags",        "length",      "DSCP",
		"fragment",  "flow label"};
	assert(reason < FLOWSPEC_REASONS);
	if (words[reason].mend) {
		buf_str(to, words[reason].mend);
	} else if (reason == FLOWSPEC_TOO_WIDE) {
		buf_printf(to, "name destinations of /%u (IPv4) or /%u (IPv6) or longer",
			   terms->ipv4_min, terms->ipv6_min);
	} else if (reason == FLOWSPEC_MATCH) {
		buf_str(to, "look at nothing but ");
		list(to, types, allowed_types(terms));
	} else {
		buf_str(to, "ask for nothing but ");
		list(to, actions, allowed_actions(terms));
	}
}
