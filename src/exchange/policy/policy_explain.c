/* The checks on the way in, in words. */
#include "exchange/policy/policy_explain.h"

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/policy/policy_teller.h"

enum { NAMED_MAX = 8 }; /* of a list in a line */

/* --- what was found --- */

/* A check that is told: writes what it found and wants; false when it does not apply. */
struct check {
	const char *name;
	uint64_t reasons;
	bool (*say)(struct policy_teller *t);
};

/* The numbers of the path that `likes` is true for, each once. */
static void
name_asns(struct policy_teller *t, bool (*likes)(const struct policy_teller *t, uint32_t asn))
{
	struct cursor path = t->question->attrs->as_path;
	struct bgp_path_segment segment;
	uint32_t named[NAMED_MAX];
	unsigned count = 0;
	while (bgp_as_path_next(&segment, &path, 4)) {
		while (cursor_left(&segment.numbers)) {
			uint32_t asn = cursor_u32(&segment.numbers);
			bool again = count == NAMED_MAX || !likes(t, asn);
			for (unsigned i = 0; i < count; i++)
				again |= named[i] == asn;
			if (again)
				continue;
			buf_printf(&t->found, "%sAS%u", count ? ", " : "", asn);
			named[count++] = asn;
		}
	}
	if (!count)
		buf_str(&t->found, "none");
}

static bool
say_as_set(struct policy_teller *t)
{
	buf_str(&t->found, t->question->attrs->has_as_set ? "an AS_SET" : "sequences only");
	return true;
}

static bool
say_role(struct policy_teller *t)
{
	if (t->question->attrs->has_otc)
		buf_printf(&t->found, "OTC with AS%u", t->question->attrs->otc.number);
	else
		buf_str(&t->found, "no OTC");
	buf_str(&t->wanted, "no OTC from a client of the route server");
	return t->member->role;
}

static bool
say_max_prefixes(struct policy_teller *t)
{
	bool over = t->reasons & reason_bit(POLICY_MAX_PREFIXES);
	buf_str(&t->found, over ? "the session is over its limit" : "within the limit");
	return true;
}

static bool
say_room(struct policy_teller *t)
{
	bool missed = t->reasons & reason_bit(POLICY_NO_ROOM);
	buf_str(&t->found, "more different ones than there are numbers for");
	return missed;
}

static bool
say_next_hop(struct policy_teller *t)
{
	char text[IP_TEXT];
	struct ip next_hop = t->question->attrs->next_hop;
	buf_str(&t->found, ip_format(text, next_hop));
	if (policy_is_blackhole_next_hop(t->policy, next_hop))
		buf_str(&t->found, ", the address for blackholes");
	const char *between = "";
	for (size_t i = 0; i < t->session->next_hop_count && i < NAMED_MAX; i++) {
		if (!policy_next_hop_fits(t->session, t->family, t->session->next_hops[i]))
			continue;
		buf_printf(&t->wanted, "%s%s", between, ip_format(text, t->session->next_hops[i]));
		between = " or ";
	}
	return true;
}

static bool
say_path_length(struct policy_teller *t)
{
	buf_printf(&t->found, "%u", t->question->attrs->as_hops);
	buf_printf(&t->wanted, "%u to %u", t->member->as_path_min, t->member->as_path_max);
	return true;
}

static bool
say_first_as(struct policy_teller *t)
{
	if (t->question->attrs->first_as.number)
		buf_printf(&t->found, "AS%u", t->question->attrs->first_as.number);
	else
		buf_str(&t->found, "none");
	buf_printf(&t->wanted, "AS%u", t->member->asn.number);
	return t->member->first_as;
}

static bool
is_bogon(const struct policy_teller *t, uint32_t asn)
{
	return policy_asns_has(&t->member->bogons, asn) && asn != t->policy->hub_as.number;
}

static bool
say_bogons(struct policy_teller *t)
{
	name_asns(t, is_bogon);
	return t->member->bogons.count > 0;
}

static bool
is_hub(const struct policy_teller *t, uint32_t asn)
{
	return asn == t->policy->hub_as.number;
}

static bool
say_loop(struct policy_teller *t)
{
	name_asns(t, is_hub);
	return true;
}

static bool
is_transit_free(const struct policy_teller *t, uint32_t asn)
{
	return asn != t->member->asn.number && policy_asns_has(&t->member->transit_free, asn);
}

static bool
say_transit_free(struct policy_teller *t)
{
	name_asns(t, is_transit_free);
	return t->member->transit_free.count > 0;
}

static bool
is_never_via(const struct policy_teller *t, uint32_t asn)
{
	return asn != t->member->asn.number && policy_asn_never_via(t->policy, t->member, asn);
}

static bool
say_never_via(struct policy_teller *t)
{
	name_asns(t, is_never_via);
	if (t->member->never_via_registry && t->policy->sources.registry)
		buf_str(&t->found, " (by PeeringDB and the exchange's list)");
	return t->member->never_via.count > 0 ||
	       (t->member->never_via_registry && t->policy->sources.registry);
}

static bool
say_global_unicast(struct policy_teller *t)
{
	char text[PREFIX_TEXT];
	buf_str(&t->found, prefix_format(text, *t->question->prefix));
	buf_str(&t->wanted, "inside 2000::/3");
	return t->family == IP_V6 && t->member->only_global_unicast;
}

static bool
say_rule(struct policy_teller *t, const struct rule_pair *rules)
{
	char text[PREFIX_TEXT];
	struct prefix_rule rule;
	if (policy_rules_find(&rule, rules_of(rules, t->question->prefix), t->question->prefix))
		buf_printf(&t->found, "inside %s", prefix_format(text, rule.prefix));
	else
		buf_str(&t->found, "not on it");
	return true;
}

static bool
say_lans(struct policy_teller *t)
{
	return say_rule(t, &t->member->lans);
}

static bool
say_blocked(struct policy_teller *t)
{
	return say_rule(t, &t->member->blocked);
}

static bool
say_blocked_own(struct policy_teller *t)
{
	return say_rule(t, &t->member->blocked_own);
}

static bool
say_martians(struct policy_teller *t)
{
	return say_rule(t, &t->member->martians);
}

/* --- registries --- */

/* False, and it is said: there is nothing to check by. */
static bool
is_checked(struct policy_teller *t)
{
	if (t->finding.irr & POLICY_IRR_CHECKED)
		return true;
	buf_str(&t->found, t->policy->asks_registries
				   ? "not checked"
				   : "not checked: the exchange asks no registries");
	return false;
}

static void
put_sets(struct policy_teller *t)
{
	const struct policy_sets *sets = &t->member->sets[t->family == IP_V6];
	for (size_t i = 0; i < sets->name_count && i < NAMED_MAX; i++)
		buf_printf(&t->wanted, "%s%s", i ? " or " : "in ", sets->names[i]);
}

static bool
say_missing(struct policy_teller *t)
{
	const struct policy_sets *sets = &t->member->sets[t->family == IP_V6];
	if (!is_checked(t))
		return false;
	buf_printf(&t->found, "%zu of %zu known", sets->count, sets->name_count);
	put_sets(t);
	return true;
}

static bool
say_origin(struct policy_teller *t)
{
	uint32_t origin = t->question->attrs->origin_as.number;
	const struct policy_sets *sets = &t->member->sets[t->family == IP_V6];
	if (!is_checked(t))
		return false;
	if (!origin)
		buf_str(&t->found, "no single origin");
	else
		buf_printf(&t->found, "AS%u", origin);
	for (size_t i = 0; i < sets->count; i++)
		if (registry_set_has_origin(sets->sets[i], (struct asn){origin})) {
			buf_printf(&t->found, ", in %s", registry_set_name(sets->sets[i]));
			break;
		}
	if (policy_asns_has(&t->member->allow_origins, origin) ||
	    (t->finding.irr & POLICY_IRR_HOW) == POLICY_IRR_BY_LIST)
		buf_str(&t->found, ", on the exchange's white list");
	put_sets(t);
	return t->member->irr_origin != HUB_CHECK_OFF;
}

static bool
say_registered(struct policy_teller *t)
{
	const struct policy_sets *sets = &t->member->sets[t->family == IP_V6];
	const struct prefix *prefix = t->question->prefix;
	bool inside = t->member->irr_longer || t->facts & POLICY_FACT_BLACKHOLE;
	const char *where = NULL;
	if (!is_checked(t))
		return false;
	for (size_t i = 0; i < sets->count && !where; i++)
		if (registry_set_has(sets->sets[i], prefix))
			buf_printf(&t->found, "registered, %s",
				   where = registry_set_name(sets->sets[i]));
	for (size_t i = 0; i < sets->count && !where; i++)
		if (registry_set_covers(sets->sets[i], prefix))
			buf_printf(&t->found, "inside a registered prefix, %s",
				   where = registry_set_name(sets->sets[i]));
	unsigned how = t->finding.irr & POLICY_IRR_HOW;
	const struct rule_pair *listed =
		inside ? &t->member->allow_spaces : &t->member->allow_prefixes;
	if (how == POLICY_IRR_BY_LIST || policy_rules_match(rules_of(listed, prefix), prefix))
		buf_printf(&t->found, "%son the exchange's white list", where ? ", " : "");
	else if (how == POLICY_IRR_BY_ROA)
		buf_printf(&t->found, "%sa ROA stands for it", where ? ", " : "");
	else if (how >= POLICY_IRR_BY_ARIN)
		buf_printf(&t->found, "%swhois data of %s stands for it", where ? ", " : "",
			   how == POLICY_IRR_BY_ARIN ? "ARIN" : "Registro.br");
	else if (!where)
		buf_str(&t->found, policy_irr_has_prefix(t->finding.irr)
					   ? "registered, if it were so"
					   : "not registered");
	buf_str(&t->wanted, inside ? "it or a prefix around it " : "exactly it ");
	put_sets(t);
	return t->member->irr_prefix != HUB_CHECK_OFF || t->facts & POLICY_FACT_BLACKHOLE;
}

static bool
say_blackhole(struct policy_teller *t)
{
	bool asks = t->policy->request.blackhole || t->policy->request.fabric ||
		    policy_is_blackhole_next_hop(t->policy, t->question->attrs->next_hop);
	if (!asks)
		return false;
	if (!t->member->blackhole_announce) {
		buf_str(&t->found, "asked for, but not open to this member: a route like others");
		return false;
	}
	buf_printf(&t->found, "asked for%s, /%u",
		   t->facts & POLICY_FACT_FABRIC ? " of a part of the traffic" : "",
		   t->question->prefix->length);
	buf_printf(&t->wanted, "/%u or longer, inside the member's own registered space",
		   t->family == IP_V4 ? t->member->blackhole_ipv4_min
				      : t->member->blackhole_ipv6_min);
	return true;
}

/* --- RPKI --- */

struct covering {
	struct policy_teller *t;
	unsigned count;
};

static void
name_covering(void *context, const struct rpki_cover *cover)
{
	struct covering *c = context;
	char text[PREFIX_TEXT];
	if (c->count++ >= NAMED_MAX)
		return;
	const char *source = NULL;
	for (unsigned i = 0; i < 16 && !source; i++)
		if (cover->sources >> i & 1)
			source = rpki_source_name(c->t->policy->sources.rpki, i);
	buf_printf(&c->t->found, "%s%s-%u AS%u", c->count > 1 ? ", " : "; ",
		   prefix_format(text, cover->vrp.prefix), cover->vrp.max_length,
		   cover->vrp.asn.number);
	if (cover->fit == RPKI_FITS_FILTERED)
		buf_str(&c->t->found, " (filtered)");
	else if (cover->asserted)
		buf_str(&c->t->found, " (asserted here)");
	else if (source)
		buf_printf(&c->t->found, " (%s)", source);
}

static bool
say_rov(struct policy_teller *t)
{
	const struct policy_what_if *what_if = t->question->what_if;
	buf_str(&t->found, rpki_state_name(t->finding.rpki));
	if (what_if && what_if->vrp_count)
		buf_str(&t->found,
			t->member->rov == HUB_CHECK_OFF
				? ", if it were so; `rov` is off, so that decides nothing"
				: ", if it were so");
	struct covering covering = {t, 0};
	if (t->policy->sources.rpki)
		rpki_each_covering(t->policy->sources.rpki, t->question->prefix,
				   t->question->attrs->origin_as, name_covering, &covering);
	buf_str(&t->wanted, t->member->rov_unknown ? "valid" : "valid or unknown");
	return !(t->facts & POLICY_FACT_BLACKHOLE) && t->finding.rpki != RPKI_NOT_CHECKED &&
	       t->member->rov != HUB_CHECK_OFF;
}

struct hops {
	struct policy_teller *t;
	unsigned count;
};

static void
name_hop(void *context, struct asn customer, struct asn provider, enum aspa_hop hop)
{
	struct hops *h = context;
	if (hop == ASPA_NOT_PROVIDER && h->count++ < NAMED_MAX)
		buf_printf(&h->t->found, "; AS%u does not name AS%u as a provider", customer.number,
			   provider.number);
}

static bool
say_aspa(struct policy_teller *t)
{
	const struct rpki_table *rpki = t->policy->sources.rpki;
	struct cursor path = t->question->attrs->as_path;
	if (!rpki || t->member->aspa == HUB_CHECK_OFF)
		return false;
	enum aspa_state state = rpki_aspa_verify(rpki, path);
	struct hops hops = {t, 0};
	buf_str(&t->found, aspa_state_name(state));
	if (state == ASPA_INVALID)
		rpki_aspa_each_hop(rpki, path, name_hop, &hops);
	buf_str(&t->wanted, "valid or unknown");
	return state != ASPA_NOT_CHECKED;
}

/* --- the rest --- */

static bool
say_length(struct policy_teller *t)
{
	bool v4 = t->family == IP_V4;
	buf_printf(&t->found, "/%u", t->question->prefix->length);
	buf_printf(&t->wanted, "/%u to /%u", v4 ? t->member->ipv4_min : t->member->ipv6_min,
		   v4 ? t->member->ipv4_max : t->member->ipv6_max);
	return !(t->facts & POLICY_FACT_BLACKHOLE);
}

static bool
say_graceful_shutdown(struct policy_teller *t)
{
	if (!t->policy->request.graceful_shutdown)
		return false;
	bool strips = policy_strips_shutdown(t->policy, t->member);
	buf_str(&t->found, t->member->graceful_shutdown ? "asked for: the last resort"
			   : strips                     ? "asked for, not honoured, not passed on"
							: "asked for, not honoured, passed on");
	return t->member->graceful_shutdown;
}

static bool
say_communities(struct policy_teller *t)
{
	buf_printf(&t->found, "%u", t->policy->request.communities);
	buf_printf(&t->wanted, "at most %u", t->member->communities_max);
	return t->member->communities_max;
}

static bool
say_size(struct policy_teller *t)
{
	bool large = t->reasons & reason_bit(POLICY_TOO_LARGE);
	buf_str(&t->found, large ? "as they are sent, not all fit 4096 octets: the others are for "
				   "those who take longer messages (RFC 8654)"
				 : "fit a message");
	return true;
}

static const struct check checks[] = {
	{"AS_SET", 1ull << POLICY_AS_SET, say_as_set},
	{"role", 1ull << POLICY_LEAK, say_role},
	{"number of prefixes", 1ull << POLICY_MAX_PREFIXES, say_max_prefixes},
	{"next hop", 1ull << POLICY_NEXT_HOP, say_next_hop},
	{"hops", 1ull << POLICY_PATH_TOO_LONG | 1ull << POLICY_PATH_TOO_SHORT, say_path_length},
	{"first AS", 1ull << POLICY_FIRST_AS, say_first_as},
	{"reserved AS numbers", 1ull << POLICY_BOGON_ASN, say_bogons},
	{"the exchange's own AS", 1ull << POLICY_LOOP, say_loop},
	{"transit-free networks", 1ull << POLICY_TRANSIT_FREE, say_transit_free},
	{"never via route servers", 1ull << POLICY_NEVER_VIA, say_never_via},
	{"global unicast", 1ull << POLICY_NOT_GLOBAL_UNICAST, say_global_unicast},
	{"peering LANs", 1ull << POLICY_OWN_LAN, say_lans},
	{"blocked by the exchange", 1ull << POLICY_BLOCKED, say_blocked},
	{"blocked for the member", 1ull << POLICY_BLOCKED_BY_MEMBER, say_blocked_own},
	{"martians", 1ull << POLICY_MARTIAN, say_martians},
	{"AS-SETs", 1ull << POLICY_IRR_MISSING, say_missing},
	{"origin registered", 1ull << POLICY_IRR_ORIGIN, say_origin},
	{"prefix registered", 1ull << POLICY_IRR_PREFIX | 1ull << POLICY_OTHER_ORIGIN,
	 say_registered},
	{"blackhole", 1ull << POLICY_BLACKHOLE_LENGTH | 1ull << POLICY_BLACKHOLE_SPACE,
	 say_blackhole},
	{"RPKI origin", 1ull << POLICY_ROV_INVALID | 1ull << POLICY_ROV_UNKNOWN, say_rov},
	{"prefix length", 1ull << POLICY_PREFIX_TOO_LONG | 1ull << POLICY_PREFIX_TOO_SHORT,
	 say_length},
	{"graceful shutdown", 0, say_graceful_shutdown},
	{"number of communities", 1ull << POLICY_COMMUNITIES, say_communities},
	{"ASPA", 1ull << POLICY_ASPA_INVALID, say_aspa},
	{"decisions", 1ull << POLICY_NO_ROOM, say_room},
	{"size of attributes", 1ull << POLICY_TOO_LARGE, say_size},
};

static void
tell_check(struct policy_teller *t, const struct check *check)
{
	uint64_t reasons = t->reasons & check->reasons;
	bool applies = check->say(t);
	enum policy_outcome outcome = POLICY_PASSED;
	if (reasons)
		outcome = policy_refuses(t->member, reasons) ? POLICY_FAILED : POLICY_TAGGED;
	else if (!applies)
		outcome = POLICY_NOT_APPLIED;
	const char *between = "";
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		if (!(reasons >> bit & 1))
			continue;
		buf_str(&t->mend, between);
		policy_reason_mend(&t->mend, t->policy, t->question->session, t->family, bit);
		between = "; ";
	}
	policy_teller_line(t, check->name, outcome, reasons);
}

/* What is taken out before anything is kept (policy_scrub_import). */
static void
tell_forged(struct policy_teller *t)
{
	const struct bgp_attrs *attrs = t->question->attrs;
	struct cursor lists[3] = {attrs->communities, attrs->ext_communities,
				  attrs->large_communities};
	struct policy_word word;
	unsigned count = 0;
	while (policy_words_next(&word, lists)) {
		if (!policy_word_is_forged(t->policy->patterns, &word) || count++ >= NAMED_MAX)
			continue;
		buf_str(&t->found, count > 1 ? " " : "taken out: ");
		policy_word_text(&t->found, &word);
	}
	if (count)
		policy_teller_line(t, "communities of the exchange", POLICY_SAID, 0);
}

bool
policy_explain_in(struct policy *policy, const struct policy_question *question,
		  policy_visit *visit, void *context, struct policy_answer *out)
{
	struct policy_teller teller;
	policy_teller_init(&teller, policy, question, visit, context);
	tell_forged(&teller);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		tell_check(&teller, &checks[i]);
	*out = (struct policy_answer){
		.reasons = teller.reasons,
		.refused = policy_refuses(teller.member, teller.reasons),
	};
	buf_str(&teller.found, out->refused   ? "refused"
			       : out->reasons ? "accepted, and tagged with the reasons"
					      : "accepted");
	policy_teller_line(&teller, "import", POLICY_SAID, 0);
	bool failed = teller.failed;
	policy_teller_fini(&teller);
	return !failed;
}
