/* The rules between items of policies, and of what communities mean. */
#include <inttypes.h>
#include <stddef.h>

#include "hub/hub_check.h"
#include "hub/hub_community.h"
#include "hub/hub_policy.h"
#include "hub/hub_profile.h"
#include "hub/hub_read.h"

void
hub_fill_policy(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_policy *policy = element;
	const struct hub *hub = r->hub;
	bool checked = hub->rpki_cache_count || hub->validation.vrp_file_count;
	if (policy == &hub->policy && !hub_node_get(map, "rov"))
		policy->rov = checked ? HUB_CHECK_REFUSE : HUB_CHECK_OFF;
	if (hub_policy_apply_exceptions(policy, r->hub->arena) < 0)
		hub_complain(r->report, hub_reader_mark(map, "allow_prefixes"), "out of memory");
}

/* What asks for something that nothing comes of. */
static void
check_effect(struct hub_reader *r, const struct hub_policy *policy, const struct hub_node *map)
{
	const struct hub *hub = r->hub;
	if (policy->next_hop == HUB_NEXT_HOP_LIST && !policy->next_hop_count)
		hub_complain(r->report, hub_reader_mark(map, "next_hop"),
			     "next_hop: found list, and next_hops names none");
	if (policy->next_hop != HUB_NEXT_HOP_LIST && hub_node_get(map, "next_hops") &&
	    policy->next_hop_count)
		hub_warn(r->report, hub_reader_mark(map, "next_hops"),
			 "next_hops: says nothing unless next_hop is list");
	if (hub_node_get(map, "rov") && policy->rov != HUB_CHECK_OFF && !hub->rpki_cache_count &&
	    !hub->validation.vrp_file_count)
		hub_warn(r->report, hub_reader_mark(map, "rov"),
			 "rov: nothing is checked, since there are no rpki caches and no "
			 "validation.vrp_files");
	if (hub_node_get(map, "rov_unknown") && policy->rov_unknown && policy->rov == HUB_CHECK_OFF)
		hub_warn(r->report, hub_reader_mark(map, "rov_unknown"),
			 "rov_unknown: says nothing, since rov is off");
	/* RFC 7999 section 3.3: only from those who are entitled to the addresses. */
	const struct hub_node *blackhole = hub_node_get(map, "blackhole");
	if (policy->blackhole.announce && hub_node_get(blackhole, "announce") &&
	    policy->irr.prefix != HUB_CHECK_REFUSE && policy->rov != HUB_CHECK_REFUSE)
		hub_warn(r->report, hub_reader_mark(blackhole, "announce"),
			 "announce: members could blackhole anybody's addresses, since neither "
			 "irr.prefix nor rov is refuse");
}

/* What the hub puts on routes is taken from nobody: it must not be what members ask with. */
static void
check_attached(struct hub_reader *r, const struct hub_policy *policy, const struct hub_node *map)
{
	const struct hub_communities *communities = &r->hub->communities;
	struct hub_mark at = hub_reader_mark(map, "attach");
	char text[HUB_COMMUNITY_TEXT];
	if (policy->attach_count > HUB_ATTACH_MAX)
		hub_complain(r->report, at,
			     "attach: there are %zu with those of the hub, expected %d at most",
			     policy->attach_count, HUB_ATTACH_MAX);
	for (size_t i = 0; i < policy->attach_count; i++) {
		const struct hub_community *c = &policy->attach[i];
		hub_community_format(text, c);
		/* RFC 1997: those of 65535 mean something to everybody. */
		if (c->form == HUB_COMMUNITY_STANDARD && c->fields[0].number == UINT16_MAX)
			hub_complain(r->report, at,
				     "attach: found \"%s\", which is well known and not the hub's",
				     text);
		for (size_t j = 0; j < communities->in_force_count; j++) {
			const struct hub_community *other = &communities->in_force[j];
			if (!hub_community_asks(other->action) ||
			    !hub_community_covers(other, c, r->hub->asn))
				continue;
			hub_complain(r->report, at,
				     "attach: found \"%s\", with which members ask for %s", text,
				     hub_community_action_name(other->action));
			break;
		}
	}
}

/* RFC 8955 section 6, RFC 9117: a rule is only for those to whom the traffic goes. */
static void
check_flowspec(struct hub_reader *r, const struct hub_policy *policy, const struct hub_node *map)
{
	const struct hub_policy_flowspec *flowspec = &policy->flowspec;
	const struct hub_node *node = hub_node_get(map, "flowspec");
	if (!node || !flowspec->announce)
		return;
	if (!flowspec->with_route && policy->irr.prefix != HUB_CHECK_REFUSE &&
	    policy->rov != HUB_CHECK_REFUSE)
		hub_complain(r->report, hub_reader_mark(node, "with_route"),
			     "with_route: members could have anybody's traffic dropped, since "
			     "neither irr.prefix nor rov is refuse");
	if (flowspec->ipv4_min < policy->ipv4_max)
		hub_warn(r->report, hub_reader_mark(node, "ipv4_min"),
			 "ipv4_min: a rule about a /%u could concern longer routes of others, up "
			 "to the policy's ipv4_max, /%u",
			 flowspec->ipv4_min, policy->ipv4_max);
	if (flowspec->ipv6_min < policy->ipv6_max)
		hub_warn(r->report, hub_reader_mark(node, "ipv6_min"),
			 "ipv6_min: a rule about a /%u could concern longer routes of others, up "
			 "to the policy's ipv6_max, /%u",
			 flowspec->ipv6_min, policy->ipv6_max);
}

void
hub_check_policy(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_policy *policy = element;
	check_effect(r, policy, map);
	if (hub_node_get(map, "attach"))
		check_attached(r, policy, map);
	check_flowspec(r, policy, map);
	static const struct {
		const char *low, *high;
		size_t low_at, high_at;
	} pairs[] = {
		{"as_path_min", "as_path_max", offsetof(struct hub_policy, as_path_min),
		 offsetof(struct hub_policy, as_path_max)},
		{"ipv4_min", "ipv4_max", offsetof(struct hub_policy, ipv4_min),
		 offsetof(struct hub_policy, ipv4_max)},
		{"ipv6_min", "ipv6_max", offsetof(struct hub_policy, ipv6_min),
		 offsetof(struct hub_policy, ipv6_max)},
	};
	if (policy->bogon_asn_count > HUB_BOGONS_MAX)
		hub_complain(r->report, hub_reader_mark(map, "allow_asns"),
			     "allow_asns: the exceptions split bogon_asns into %zu ranges, at most "
			     "%d can be held",
			     policy->bogon_asn_count, HUB_BOGONS_MAX);
	if (policy->martian_count > HUB_MARTIANS_MAX)
		hub_complain(r->report, hub_reader_mark(map, "allow_prefixes"),
			     "allow_prefixes: the exceptions split martians into %zu prefixes, at "
			     "most %d can be held",
			     policy->martian_count, HUB_MARTIANS_MAX);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		unsigned low = ((const uint8_t *)policy)[pairs[i].low_at];
		unsigned high = ((const uint8_t *)policy)[pairs[i].high_at];
		const char *at = hub_node_get(map, pairs[i].high) ? pairs[i].high : pairs[i].low;
		if (low > high)
			hub_complain(r->report, hub_reader_mark(map, at),
				     "%s: %s is %u and %s is %u, so nothing would be accepted", at,
				     pairs[i].low, low, pairs[i].high, high);
	}
}

/* Only the hub's own rules are worked out; a member's are copies of them. */
void
hub_fill_policy_irr(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_policy_irr *irr = element;
	enum hub_weight weight = r->hub->irr.enabled ? HUB_CHECK_REFUSE : HUB_CHECK_OFF;
	if (irr != &r->hub->policy.irr)
		return;
	if (!hub_node_get(map, "origin"))
		irr->origin = weight;
	if (!hub_node_get(map, "prefix"))
		irr->prefix = weight;
}

void
hub_check_policy_irr(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_policy_irr *irr = element;
	const char *const keys[] = {"origin", "prefix"};
	const enum hub_weight weights[] = {irr->origin, irr->prefix};
	for (size_t i = 0; i < 2; i++)
		if (weights[i] != HUB_CHECK_OFF && hub_node_get(map, keys[i]) &&
		    !r->hub->irr.enabled)
			hub_warn(r->report, hub_reader_mark(map, keys[i]),
				 "%s: nothing is checked, since the hub's irr is not enabled",
				 keys[i]);
}

/* What an action needs besides a pattern. */
struct need {
	enum { P_NONE, P_NEEDED, P_OR_MS, P_OR_VALUE, P_EITHER } p;
	bool prepend, codes;
};

static struct need
need_of(enum hub_community_action action)
{
	switch (action) {
	case HUB_DO_NOT_ANNOUNCE_TO_ANY:
	case HUB_ANNOUNCE_TO_ANY:
	case HUB_NO_EXPORT_TO_ANY:
	case HUB_NO_ADVERTISE_TO_ANY:
	case HUB_BLACKHOLE:
	case HUB_TELL_REFUSED:
		return (struct need){.p = P_NONE};
	case HUB_PREPEND_TO_ANY:
		return (struct need){.p = P_NONE, .prepend = true};
	case HUB_PREPEND_TO:
		return (struct need){.p = P_NEEDED, .prepend = true};
	case HUB_PREPEND_SLOWER:
	case HUB_PREPEND_FASTER:
		return (struct need){.p = P_OR_MS, .prepend = true};
	case HUB_DO_NOT_ANNOUNCE_SLOWER:
	case HUB_DO_NOT_ANNOUNCE_FASTER:
	case HUB_ANNOUNCE_SLOWER:
	case HUB_ANNOUNCE_FASTER:
		return (struct need){.p = P_OR_MS};
	case HUB_TELL_REASON:
	case HUB_TELL_RPKI:
	case HUB_TELL_IRR:
		return (struct need){.p = P_OR_VALUE, .codes = true};
	case HUB_INTERNAL:
	case HUB_FABRIC:
		return (struct need){.p = P_EITHER};
	default:
		return (struct need){.p = P_NEEDED};
	}
}

static void
check_p(struct hub_reader *r, const struct hub_community *c, struct need need,
	const struct hub_node *map)
{
	struct hub_mark at = hub_reader_mark(map, "pattern");
	char text[HUB_COMMUNITY_TEXT];
	bool p = hub_community_has_p(c);
	hub_community_format(text, c);
	if (need.p == P_NEEDED && !p)
		hub_complain(r->report, at,
			     "pattern: found \"%s\", which has no P to say whom or what it is "
			     "about",
			     text);
	if (need.p == P_NONE && p)
		hub_complain(r->report, at,
			     "pattern: found \"%s\", which has a P, and this action is about "
			     "nothing in particular",
			     text);
	if (need.p == P_OR_MS && p == (c->ms > 0))
		hub_complain(r->report, at,
			     "pattern: found \"%s\", and ms is %u; one of them, P or ms, must give "
			     "the time",
			     text, c->ms);
	if (p && c->value)
		hub_complain(r->report, hub_reader_mark(map, "value"),
			     "value: found %u, and the pattern \"%s\" has a P for it", c->value,
			     text);
	if (need.p == P_OR_VALUE && !p && !hub_node_get(map, "value"))
		hub_complain(
			r->report, at,
			"pattern: found \"%s\", and value is missing; one of them, P or value, "
			"must say what is told",
			text);
	if (need.p != P_OR_VALUE && c->value)
		hub_complain(
			r->report, hub_reader_mark(map, "value"),
			"value: found %u, and only tell-reason, tell-rpki and tell-irr have it",
			c->value);
	if (need.p != P_OR_MS && c->ms)
		hub_complain(r->report, hub_reader_mark(map, "ms"),
			     "ms: found %u, and the action is not about round-trip times", c->ms);
}

/* Told communities may share a pattern: their numbers do not meet. */
static bool
clash(const struct hub_community *a, const struct hub_community *b)
{
	return hub_community_same_pattern(a, b) &&
	       (hub_community_asks(a->action) || hub_community_asks(b->action));
}

void
hub_check_community(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_community *c = element;
	struct need need = need_of(c->action);
	char text[HUB_COMMUNITY_TEXT];
	hub_community_format(text, c);
	check_p(r, c, need, map);
	if (need.prepend && !c->number)
		hub_complain(r->report, hub_reader_mark(map, "prepend"),
			     "prepend: found 0, expected 1 to 3: the action prepends");
	if (!need.prepend && c->number)
		hub_complain(r->report, hub_reader_mark(map, "prepend"),
			     "prepend: found %u, and the action does not prepend", c->number);
	if (!need.codes && c->codes != HUB_CODES_EURO_IX)
		hub_complain(r->report, hub_reader_mark(map, "codes"),
			     "codes: only tell-reason, tell-rpki and tell-irr have them");
	if (c->codes == HUB_CODES_RFC8097 && need.codes && c->action != HUB_TELL_RPKI)
		hub_complain(r->report, hub_reader_mark(map, "codes"),
			     "codes: found rfc8097, which has numbers for tell-rpki alone");
	bool tells = c->action >= HUB_TELL_REASON && c->action <= HUB_TELL_CONTINENT;
	if (!tells && c->heard_by != HUB_HEARD_USUALLY)
		hub_complain(r->report, hub_reader_mark(map, "heard_by"),
			     "heard_by: only tell-... are heard; the action is %s",
			     hub_community_action_name(c->action));
	if (!hub_community_fits(c, r->hub->asn))
		hub_complain(r->report, hub_reader_mark(map, "pattern"),
			     "pattern: found \"%s\", and the hub's AS number, %" PRIu32
			     ", does not fit there; a large community has room for it",
			     text, r->hub->asn.number);
	/* Earlier ones only; the array is filled in order. */
	for (const struct hub_community *other = r->hub->communities.own; other < c; other++)
		if (clash(c, other))
			hub_complain(r->report, hub_reader_mark(map, "pattern"),
				     "pattern: found \"%s\" twice; it means %s already", text,
				     hub_community_action_name(other->action));
}

void
hub_fill_communities(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_communities *communities = element;
	(void)r;
	if (!hub_node_get(map, "tell_members"))
		communities->tell_members = communities->profile == HUB_PROFILE_AROUTESERVER ||
					    communities->profile == HUB_PROFILE_DE_CIX;
}

/* The hub's own patterns must not mean something else in the profile. */
void
hub_check_communities(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_communities *communities = element;
	if (hub_profile_apply(r->hub) < 0) {
		hub_complain(r->report, map ? map->mark : (struct hub_mark){0}, "out of memory");
		return;
	}
	const struct hub_node *list = hub_node_get(map, "own");
	const struct hub_node *own = list ? list->first : NULL;
	for (size_t i = 0; i < communities->own_count; i++, own = own ? own->next : NULL) {
		for (size_t j = communities->own_count; j < communities->in_force_count; j++) {
			const struct hub_community *c = &communities->in_force[j];
			char text[HUB_COMMUNITY_TEXT];
			if (!clash(&communities->own[i], c))
				continue;
			hub_complain(
				r->report, hub_reader_mark(own, "pattern"),
				"pattern: found \"%s\", which means %s in the profile; a pattern "
				"of your own for that, or profile: none, would free it",
				hub_community_format(text, c),
				hub_community_action_name(c->action));
		}
	}
}
