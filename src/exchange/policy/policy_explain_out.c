/* The decisions on the way out, in words. Who hears a route is asked of the same code that decides
 * it; what is looked for here is which word of whom decided. */
#include <assert.h>

#include "exchange/policy/policy_explain.h"
#include "exchange/policy/policy_teller.h"

enum { NAMED_MAX = 16 };

/* How much a community weighs for one receiver; 0: nothing. What weighs more holds. */
struct weight {
	unsigned level;
	bool against;
};

/* Levels by action, pairs of "to" and "not to": all, continent, country, metro, site, time, peer. */
enum {
	LEVEL_ALL = 1,
	LEVEL_ANY = 2,
	LEVEL_PLACE = 3,
	LEVEL_RTT = 11,
	LEVEL_PEER = 13,
	LEVEL_LARGE = 16, /* above these, where large communities come first */
};

static bool
is_there(const struct policy_session *to, unsigned kind, uint32_t number)
{
	const uint16_t numbers[4] = {to->site, to->metro, to->country, to->continent};
	return number && numbers[kind] == number;
}

static uint32_t
threshold(const struct policy_meaning *meaning, uint32_t p)
{
	if (!meaning->has_p)
		return meaning->ms;
	return p > UINT16_MAX ? UINT16_MAX : p;
}

/* Is the receiver among those that the community speaks of? */
static bool
is_meant(const struct policy_meaning *meaning, uint32_t p, const struct policy_session *to)
{
	switch (meaning->action) {
	case HUB_DO_NOT_ANNOUNCE_TO:
	case HUB_ANNOUNCE_TO:
	case HUB_PREPEND_TO:
	case HUB_NO_PREPEND_TO:
	case HUB_NO_EXPORT_TO:
	case HUB_NO_ADVERTISE_TO:
		return p && (p == to->member->asn.number || p == to->member->alias_asn);
	case HUB_DO_NOT_ANNOUNCE_SLOWER:
	case HUB_ANNOUNCE_SLOWER:
	case HUB_PREPEND_SLOWER:
		return to->rtt_ms && to->rtt_ms > threshold(meaning, p);
	case HUB_DO_NOT_ANNOUNCE_FASTER:
	case HUB_ANNOUNCE_FASTER:
	case HUB_PREPEND_FASTER:
		return to->rtt_ms && to->rtt_ms <= threshold(meaning, p);
	default:
		if (meaning->action >= HUB_DO_NOT_ANNOUNCE_SITE &&
		    meaning->action <= HUB_ANNOUNCE_CONTINENT)
			return is_there(to, (meaning->action - HUB_DO_NOT_ANNOUNCE_SITE) / 2, p);
		return meaning->action <= HUB_NO_ADVERTISE_TO_ANY;
	}
}

static struct weight
weight_of(const struct policy_meaning *meaning)
{
	switch (meaning->action) {
	case HUB_ANNOUNCE_TO_ANY:
		return (struct weight){LEVEL_ALL, false};
	case HUB_DO_NOT_ANNOUNCE_TO_ANY:
		return (struct weight){LEVEL_ANY, true};
	case HUB_ANNOUNCE_SLOWER:
	case HUB_ANNOUNCE_FASTER:
		return (struct weight){LEVEL_RTT, false};
	case HUB_DO_NOT_ANNOUNCE_SLOWER:
	case HUB_DO_NOT_ANNOUNCE_FASTER:
		return (struct weight){LEVEL_RTT + 1, true};
	case HUB_ANNOUNCE_TO:
		return (struct weight){LEVEL_PEER, false};
	case HUB_DO_NOT_ANNOUNCE_TO:
		return (struct weight){LEVEL_PEER + 1, true};
	default:
		break;
	}
	if (meaning->action < HUB_DO_NOT_ANNOUNCE_SITE || meaning->action > HUB_ANNOUNCE_CONTINENT)
		return (struct weight){0};
	unsigned row = meaning->action - HUB_DO_NOT_ANNOUNCE_SITE;
	bool against = row % 2 == 0;
	return (struct weight){LEVEL_PLACE + 2 * (3 - row / 2) + against, against};
}

/* The same for prepends: about all, by time, about one peer. Of times those that fewer peers are
 * meant by, and who is far away before who is near. */
static uint64_t
prepend_level(const struct policy_meaning *meaning, uint32_t p)
{
	switch (meaning->action) {
	case HUB_PREPEND_TO_ANY:
		return 1;
	case HUB_PREPEND_FASTER:
		return (uint64_t)2 << 32 | (UINT32_MAX - threshold(meaning, p));
	case HUB_PREPEND_SLOWER:
		return (uint64_t)3 << 32 | threshold(meaning, p);
	case HUB_PREPEND_TO:
	case HUB_NO_PREPEND_TO:
		return (uint64_t)4 << 32;
	default:
		return 0;
	}
}

/* --- which community decided --- */

struct decided {
	bool any;
	struct policy_word word;
	struct weight weight;
	uint64_t level; /* of a prepend */
	unsigned times;
};

static void
weigh(const struct policy_teller *t, const struct policy_meaning *meaning, uint32_t p,
      const struct policy_word *word, struct decided *announce, struct decided *prepend)
{
	struct weight weight = weight_of(meaning);
	if (weight.level && t->policy->large_first && word->form == POLICY_LARGE)
		weight.level += LEVEL_LARGE;
	if (weight.level > announce->weight.level)
		*announce = (struct decided){.any = true, .word = *word, .weight = weight};
	uint64_t level = prepend_level(meaning, p);
	unsigned times = meaning->action == HUB_NO_PREPEND_TO ? 0 : meaning->number;
	bool before =
		t->policy->highest_prepend_first ? times > prepend->times : times < prepend->times;
	if (level && (level > prepend->level || (level == prepend->level && before)))
		*prepend = (struct decided){
			.any = true, .word = *word, .level = level, .times = times};
}

static void
find_deciding(const struct policy_teller *t, const struct policy_session *to,
	      struct decided *announce, struct decided *prepend)
{
	const struct bgp_attrs *attrs = t->question->attrs;
	struct cursor lists[3] = {attrs->communities, attrs->ext_communities,
				  attrs->large_communities};
	struct policy_word word;
	*announce = *prepend = (struct decided){0};
	while (policy_words_next(&word, lists)) {
		uint32_t p;
		const struct policy_meaning *m =
			policy_pattern_find(t->policy->patterns, &word, &p);
		for (; m; m = policy_pattern_next(t->policy->patterns, m))
			if (is_meant(m, p, to))
				weigh(t, m, p, &word, announce, prepend);
	}
}

static void
tell_communities(struct policy_teller *t, const struct policy_session *to,
		 const struct decided *announce)
{
	if (!announce->any) {
		buf_str(&t->found, "say nothing against it");
		policy_teller_line(t, "communities", POLICY_PASSED, 0);
		return;
	}
	unsigned level = announce->weight.level % LEVEL_LARGE;
	policy_word_text(&t->found, &announce->word);
	buf_printf(&t->found, ": %sto ", announce->weight.against ? "not " : "");
	if (level == LEVEL_ALL)
		buf_str(&t->found, "everybody");
	else if (level == LEVEL_ANY)
		buf_str(&t->found, "anybody who is not named");
	else if (level < LEVEL_RTT)
		buf_printf(&t->found, "those where it is, at %s",
			   to->site_name ? to->site_name : "an unknown site");
	else if (level < LEVEL_PEER)
		buf_printf(&t->found, "those as far away as it is, %u ms", to->rtt_ms);
	else
		buf_printf(&t->found, "AS%u", to->member->asn.number);
	if (announce->weight.against)
		buf_str(&t->mend, "the sender may change its communities");
	policy_teller_line(t, "communities",
			   announce->weight.against ? POLICY_FAILED : POLICY_PASSED, 0);
}

/* --- members' rules --- */

static void
put_rule(struct buf *to, const struct hub_member_rule *rule)
{
	static const char *const words[] = {"accept", "deny", "prepend"};
	char text[PREFIX_TEXT];
	buf_str(to, words[rule->action]);
	if (rule->action == HUB_RULE_PREPEND)
		buf_printf(to, " %u times", rule->prepend);
	if (rule->peer.number)
		buf_printf(to, ", AS%u", rule->peer.number);
	if (rule->prefix.ip.family != IP_NONE)
		buf_printf(to, ", inside %s", prefix_format(text, rule->prefix));
	if (!rule->peer.number && rule->prefix.ip.family == IP_NONE)
		buf_str(to, ", all");
}

/* Returns how often the rule prepends. */
static unsigned
tell_rule(struct policy_teller *t, const char *check, const struct hub_member_rule *rule)
{
	enum policy_outcome outcome = !rule                           ? POLICY_NOT_APPLIED
				      : rule->action == HUB_RULE_DENY ? POLICY_FAILED
								      : POLICY_PASSED;
	if (rule)
		put_rule(&t->found, rule);
	else
		buf_str(&t->found, "no rule speaks of it");
	policy_teller_line(t, check, outcome, 0);
	return rule && rule->action == HUB_RULE_PREPEND ? rule->prepend : 0;
}

static unsigned
tell_rules(struct policy_teller *t, const struct policy_session *to)
{
	const struct policy_member *from = t->member, *other = to->member;
	unsigned out = tell_rule(t, "sender's rules",
				 policy_rule_deciding(from->announce, from->announce_count,
						      other->asn, t->question->prefix));
	unsigned in = tell_rule(t, "receiver's rules",
				policy_rule_deciding(other->receive, other->receive_count,
						     from->asn, t->question->prefix));
	return out > in ? out : in;
}

/* --- what is sent --- */

static void
tell_prepend(struct policy_teller *t, const struct decided *prepend, unsigned by_rules,
	     uint32_t edit)
{
	unsigned times = edit & EDIT_PREPEND;
	if (!times && !prepend->any)
		return;
	buf_printf(&t->found, "AS%u %u time%s", t->member->asn.number, times,
		   times == 1 ? "" : "s");
	if (times == by_rules && by_rules) {
		buf_str(&t->found, ", by a member's rule");
	} else if (prepend->any) {
		buf_str(&t->found, ", by ");
		policy_word_text(&t->found, &prepend->word);
	}
	policy_teller_line(t, "prepended", POLICY_SAID, 0);
}

static void
tell_scrubbed(struct policy_teller *t)
{
	const struct bgp_attrs *attrs = t->question->attrs;
	struct cursor lists[3] = {attrs->communities, attrs->ext_communities,
				  attrs->large_communities};
	struct policy_word word;
	unsigned count = 0;
	while (policy_words_next(&word, lists)) {
		bool said = policy_word_is_blackhole(&word) && policy_discards(t->facts);
		said |= t->facts & POLICY_FACT_FABRIC &&
			policy_word_is_fabric(t->policy->patterns, &word);
		if (said || !policy_word_is_scrubbed(t->policy->patterns,
						     t->policy->pass_unknown_hub, &word))
			continue;
		if (count++ >= NAMED_MAX)
			continue;
		buf_str(&t->found, count > 1 ? " " : "");
		policy_word_text(&t->found, &word);
	}
	if (!count)
		return;
	if (count > NAMED_MAX)
		buf_printf(&t->found, " and %u more", count - NAMED_MAX);
	policy_teller_line(t, "communities taken out", POLICY_SAID, 0);
}

static void
add_word(struct policy_teller *t, bool condition, const char *word)
{
	if (condition)
		buf_printf(&t->found, "%s%s", t->found.length ? ", " : "", word);
}

/* The communities of the hub for this member, as they are in messages. */
static void
tell_attached(struct policy_teller *t)
{
	const struct policy_octets *octets = t->member->attach;
	struct cursor lists[3];
	struct policy_word word;
	for (unsigned i = 0; i < 3; i++)
		lists[i] = octets[i].length ? cursor_of(octets[i].at, octets[i].length)
					    : (struct cursor){0};
	while (policy_words_next(&word, lists)) {
		buf_str(&t->found, t->found.length ? ", " : "");
		policy_word_text(&t->found, &word);
	}
}

static bool
is_crossed(const struct policy_teller *t)
{
	return policy_is_crossed(t->policy, t->family, t->question->attrs->next_hop, t->facts);
}

static void
tell_added(struct policy_teller *t, uint32_t edit)
{
	char text[IP_TEXT];
	const struct policy *policy = t->policy;
	bool blackhole = policy_discards(t->facts);
	struct ip hole = policy_hole_for(policy, t->family, t->question->attrs->next_hop);
	bool role = policy->role != ((edit & EDIT_ROLE_OTHER) != 0);
	add_word(t, policy->graceful_shutdown, "GRACEFUL_SHUTDOWN: this route server is leaving");
	add_word(t, blackhole, "BLACKHOLE");
	add_word(t, edit & EDIT_NO_EXPORT || (blackhole && policy->blackhole_no_export),
		 "NO_EXPORT");
	add_word(t, edit & EDIT_NO_ADVERTISE, "NO_ADVERTISE");
	add_word(t, edit & EDIT_HUB_FIRST, "the exchange's AS first in the path");
	add_word(t, role && !t->question->attrs->has_otc, "OTC (RFC 9234)");
	tell_attached(t);
	add_word(t, policy->tell_members || t->reasons, "what the exchange tells, as communities");
	if (t->found.length)
		policy_teller_line(t, "added", POLICY_SAID, 0);
	if (!blackhole || hole.family == IP_NONE)
		return;
	buf_str(&t->found, ip_format(text, hole));
	policy_teller_line(t, "next hop instead", POLICY_SAID, 0);
}

/* --- whether it may have it --- */

static bool
tell_obstacle(struct policy_teller *t, const char *check, bool applies, bool passed,
	      const char *words)
{
	buf_str(&t->found, applies ? words : "");
	policy_teller_line(t, check,
			   !applies ? POLICY_NOT_APPLIED
			   : passed ? POLICY_PASSED
				    : POLICY_FAILED,
			   0);
	return passed || !applies;
}

static bool
takes_crossed(const struct policy_teller *t, const struct policy_session *to)
{
	return t->question->able ? t->question->able->extended_next_hop : to->extended_next_hop;
}

static bool
has(const uint64_t *set, uint32_t slot)
{
	return set[slot / 64] >> slot % 64 & 1;
}

/* The first of the receiver's choices that speaks against the route; CHOICES: none. */
static unsigned
choice_against(const struct policy_teller *t, const struct policy_session *to)
{
	unsigned choices = policy_choices_of(&t->finding, t->reasons, t->facts), i = 0;
	for (; i < CHOICES; i++) {
		const uint64_t *without = t->policy->without[i];
		if (without && choices >> i & 1 && has(without, to->slot))
			break;
	}
	return i;
}

static void
tell_choice(struct policy_teller *t, const struct policy_session *to)
{
	static const char *const words[CHOICES + 1] = {
		[CHOICE_ROV_INVALID] = "the receiver wants none that the RPKI says are invalid",
		[CHOICE_ROV_UNKNOWN] = "the receiver wants none without a ROA",
		[CHOICE_IRR] = "the receiver wants none that are not registered",
		[CHOICE_ASPA] = "the receiver wants none whose path ASPA says is invalid",
		[CHOICES] = "the receiver wants such",
	};
	unsigned choice = choice_against(t, to);
	if (t->policy->any_without)
		tell_obstacle(t, "receiver's choice", true, choice == CHOICES, words[choice]);
}

static void
tell_obstacles(struct policy_teller *t, const struct policy_session *to, bool collector)
{
	bool refused = policy_refuses(t->member, t->reasons);
	bool own = to->member == t->member;
	bool crossed = is_crossed(t);
	tell_obstacle(t, "accepted", true, collector == refused,
		      collector && refused ? "it is refused, and a collector hears those"
		      : collector          ? "a collector hears refused routes only"
		      : refused            ? "it is refused on the way in"
					   : "it is");
	tell_obstacle(t, "another member's route", true, !own,
		      own ? "it is the receiver's own" : "it is");
	bool apart = policy_is_transit(t->session) != policy_is_transit(to);
	tell_obstacle(t, "route server or transit", apart, false,
		      policy_is_transit(to)
			      ? "the receiver is the hub's own AS's neighbour, and the "
				"sender the route server's client"
			      : "the receiver is a client of the route server, and the "
				"sender is not");
	tell_obstacle(t, "next hop of the other family", crossed, takes_crossed(t, to),
		      t->question->able       ? takes_crossed(t, to)
							? "both sides agreed on that (RFC 8950)"
							: "that was not agreed on (RFC 8950)"
		      : to->extended_next_hop ? "the session may have it, if both agree (RFC 8950)"
					      : "the session does not take it (RFC 8950)");
	const struct policy_able *able = t->question->able;
	bool large = t->reasons & reason_bit(POLICY_TOO_LARGE);
	tell_obstacle(t, "size of attributes", able && (large || !able->size), able && able->size,
		      able && able->size ? "fit its messages"
					 : "do not fit its messages (RFC 8654)");
	const struct policy_request *request = &t->policy->request;
	bool stays = policy_stays_here(t->member, request) ||
		     (policy_is_transit(to) && !policy_transit_may_go(request, to));
	tell_obstacle(t, "well-known communities", stays, false,
		      policy_is_transit(to)
			      ? "the hub's own AS obeys NO_EXPORT and the like (RFC 1997)"
			      : "the exchange obeys NO_EXPORT and the like (RFC 1997)");
	tell_choice(t, to);
	if (to->fabric || t->facts & POLICY_FACT_FABRIC) {
		bool hears = to->fabric && t->facts & POLICY_FACT_BLACKHOLE;
		tell_obstacle(t, "the exchange's fabric", true, hears,
			      hears        ? "it drops what the sender asks"
			      : to->fabric ? "it hears blackholes and no other routes"
					   : "a part of the traffic is to be dropped: that is for "
					     "the exchange's fabric alone");
		return;
	}
	tell_obstacle(t, "blackhole", t->facts & POLICY_FACT_BLACKHOLE,
		      to->member->blackhole_receive,
		      to->member->blackhole_receive ? "the receiver takes blackholes"
						    : "the receiver does not want blackholes");
}

/* What the deciding code says, refusals left aside. */
static bool
ask(struct policy_teller *t, const struct policy_session *to, uint32_t *edit)
{
	struct policy *policy = t->policy;
	struct policy_effects effects;
	struct policy_asked asked = {
		.from = t->member,
		.request = &policy->request,
		.effects = &effects,
		.facts = t->facts,
		.ipv4_over_ipv6 = is_crossed(t),
	};
	size_t count;
	policy->room_used = 0;
	*edit = to->standing;
	if (policy_is_transit(t->session) != policy_is_transit(to))
		return false;
	asked.usual = policy_is_transit(to)
			      ? policy_transit_receivers(policy, t->session, t->question->attrs)
			      : t->member->usual;
	policy_effects_of(policy, t->member, t->question->prefix, &effects);
	const uint64_t *hear = policy_audience(policy, &asked, policy->variants, &count);
	for (size_t i = 0; i < count; i++)
		if (has(policy->variants[i].slots, to->slot))
			*edit = policy->variants[i].edit;
	return has(hear, to->slot);
}

bool
policy_explain_out(struct policy *policy, const struct policy_question *question, uint32_t receiver,
		   policy_visit *visit, void *context, struct policy_answer *out)
{
	assert(receiver < policy->session_count);
	const struct policy_session *to = &policy->sessions[receiver];
	struct policy_teller teller;
	struct decided announce, prepend;
	policy_teller_init(&teller, policy, question, visit, context);
	bool refused = policy_refuses(teller.member, teller.reasons);
	bool collector = has(policy->collectors, to->slot);
	*out = (struct policy_answer){.reasons = teller.reasons, .refused = refused};
	bool may = ask(&teller, to, &out->edit);
	may = may && choice_against(&teller, to) == CHOICES;
	out->hears = collector ? refused && teller.member->refusal != HUB_REFUSE : may && !refused;
	const struct policy_able *able = question->able;
	out->hears &= !able || (able->size && (able->extended_next_hop || !is_crossed(&teller)));
	find_deciding(&teller, to, &announce, &prepend);
	tell_obstacles(&teller, to, collector);
	tell_communities(&teller, to, &announce);
	unsigned by_rules = tell_rules(&teller, to);
	buf_str(&teller.found, out->hears ? "may have it" : "does not get it");
	policy_teller_line(&teller, "export", POLICY_SAID, 0);
	if (out->hears) {
		tell_prepend(&teller, &prepend, by_rules, out->edit);
		tell_scrubbed(&teller);
		tell_added(&teller, out->edit);
	}
	bool failed = teller.failed;
	policy_teller_fini(&teller);
	return !failed;
}
