/* arouteserver's cfg.filtering and its neighbours as the policy of a hub, and as that of members
 * who differ from it. What is checked here and not there is switched off, so that members do not
 * notice the move. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "import/import_ars.h"

struct policy {
	struct import *im;
	const struct ars_settings *s;
	const struct ars_settings *base; /* NULL: everything is said */
	/* Of a member: those of all its clients, `s` is the first. Their lists are put together. */
	const struct ars_settings *const *all;
	size_t count;
	struct import_yaml *out;
	struct hub_mark at; /* for what is written nowhere */
};

static uint32_t
number(const struct policy *p, enum ars_key key)
{
	return p->s->values[key].number;
}

static const struct hub_node *
node(const struct policy *p, enum ars_key key)
{
	return p->s->values[key].node;
}

static bool
wanted(const struct policy *p, enum ars_key key)
{
	return !p->base || ars_differ(p->s, p->base, key);
}

static void
put_word(struct import_yaml *map, const char *key, const char *word)
{
	(void)import_yaml_word(map, key, "%s", word);
}

static void
put_bool(struct import_yaml *map, const char *key, bool value)
{
	put_word(map, key, value ? "true" : "false");
}

static void
note(const struct policy *p, enum import_note_kind kind, enum ars_key key, const char *text)
{
	import_note(p->im, kind, ars_mark(p->s, key, p->at), "cfg.%s: %s", ars_path(key), text);
}

static void
put_next_hop(const struct policy *p)
{
	static const char *const words[] = {
		[ARS_STRICT] = "strict", [ARS_SAME_AS] = "same-as", [ARS_AUTHORIZED] = "list"};
	char text[IP_TEXT];
	if (wanted(p, ARS_NEXT_HOP))
		put_word(p->out, "next_hop", words[number(p, ARS_NEXT_HOP)]);
	if (!p->base)
		return;
	struct import_yaml *hops = import_yaml_list(p->out, "next_hops");
	for (size_t i = 0; i < p->count; i++) {
		const struct hub_node *list = p->all[i]->values[ARS_NEXT_HOP_LIST].node;
		for (const struct hub_node *n = ars_first(p->im, list); n; n = n->next) {
			struct ip ip;
			if (ars_ip(p->im, n, &ip))
				(void)import_yaml_word(hops, NULL, "%s", ip_format(text, ip));
		}
	}
	import_yaml_drop_repeats(hops);
}

static void
put_lengths(const struct policy *p, enum ars_key key, const char *const names[2], uint32_t bits,
	    const uint32_t fallback[2])
{
	static const char *const ends[] = {"min", "max"};
	const struct hub_node *map = node(p, key);
	if (!wanted(p, key))
		return;
	if (map && map->kind != HUB_NODE_MAP) {
		hub_complain(p->im->report, map->mark,
			     "found %s, expected a mapping of min and max",
			     hub_node_kind_name(map->kind));
		return;
	}
	for (unsigned i = 0; i < 2; i++) {
		uint32_t value = fallback[i];
		const struct hub_node *end = hub_node_get(map, ends[i]);
		if (!ars_absent(end) && !ars_number(p->im, end, bits, &value))
			continue;
		(void)import_yaml_word(p->out, names[i], "%" PRIu32, value);
	}
}

static void
put_all_lengths(const struct policy *p)
{
	static const char *const ipv4[] = {"ipv4_min", "ipv4_max"}, *const ipv6[] = {"ipv6_min",
										     "ipv6_max"};
	static const uint32_t usual_ipv4[] = {8, 24}, usual_ipv6[] = {12, 48};
	put_lengths(p, ARS_IPV4_LENGTH, ipv4, 32, usual_ipv4);
	put_lengths(p, ARS_IPV6_LENGTH, ipv6, 128, usual_ipv6);
}

/* A prefix list, one entry a line with its comment above it. */
static void
put_prefixes(const struct policy *p, const struct hub_node *list, struct import_yaml *out)
{
	for (const struct hub_node *n = ars_first(p->im, list); n; n = n->next) {
		struct ars_prefix entry;
		if (!ars_prefix(p->im, n, &entry))
			continue;
		struct import_yaml *line =
			import_yaml_word(out, NULL, "%s", ars_rule_text(p->im, &entry.rule));
		if (entry.comment)
			import_yaml_comment(line, "%s", entry.comment);
	}
}

static void
put_asns(const struct policy *p)
{
	if (wanted(p, ARS_AS_PATH_MAX)) {
		uint32_t max = number(p, ARS_AS_PATH_MAX);
		if (max < 1 || max > 255)
			hub_complain(p->im->report, ars_mark(p->s, ARS_AS_PATH_MAX, p->at),
				     "max_as_path_len: found %" PRIu32 ", expected 1 to 64", max);
		else
			(void)import_yaml_word(p->out, "as_path_max", "%" PRIu32, max);
	}
	bool reject = number(p, ARS_REJECT_INVALID_AS);
	if (!reject && wanted(p, ARS_REJECT_INVALID_AS)) {
		(void)import_yaml_flow_list(p->out, "bogon_asns");
	} else if (reject && p->base && wanted(p, ARS_REJECT_INVALID_AS)) {
		static const char *const ranges[] = {"0", "23456", "64496-131071",
						     "4200000000-4294967295"};
		struct import_yaml *list = import_yaml_flow_list(p->out, "bogon_asns");
		for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
			put_word(list, NULL, ranges[i]);
	}
}

static void
put_blocked(const struct policy *p)
{
	struct import_yaml *list = import_yaml_list(p->out, "blocked");
	if (!p->base)
		put_prefixes(p, node(p, ARS_GLOBAL_BLACK_LIST), list);
	for (size_t i = 0; i < p->count; i++)
		put_prefixes(p, p->all[i]->values[ARS_BLACK_LIST].node, list);
	import_yaml_drop_repeats(list);
}

static void
put_transit_free(const struct policy *p)
{
	uint32_t action = number(p, ARS_TRANSIT_FREE_ACTION);
	struct import_yaml *list = import_yaml_flow_list(p->out, "transit_free_asns");
	if (action == ARS_TRANSIT_REJECT)
		ars_asns(p->im, node(p, ARS_TRANSIT_FREE_ASNS), list);
	else if (action == ARS_TRANSIT_WARNING)
		note(p, IMPORT_CHANGED, ARS_TRANSIT_FREE_ACTION,
		     "arouteserver logs such routes and lets them pass; here they pass and nothing "
		     "is logged");
}

/* What passes there; the reason is for collectors. */
static void
put_tag_only(const struct policy *p)
{
	bool as_set = number(p, ARS_ALLOW_AS_SET);
	if (!wanted(p, ARS_ALLOW_AS_SET) || (!as_set && !p->base))
		return;
	struct import_yaml *list = import_yaml_flow_list(p->out, "tag_only");
	if (as_set)
		put_word(list, NULL, "as-set");
}

static void
put_never_via(const struct policy *p)
{
	put_bool(p->out, "never_via_route_servers", number(p, ARS_NEVER_VIA_PEERINGDB));
	struct import_yaml *list = import_yaml_flow_list(p->out, "never_via_asns");
	ars_asns(p->im, node(p, ARS_NEVER_VIA_ASNS), list);
}

static const char *
irr_weight(const struct policy *p, enum ars_key key)
{
	return number(p, key) ? "refuse" : number(p, ARS_TAG_AS_SET) ? "tag" : "off";
}

static void
put_route(const struct policy *p, const struct hub_node *n, struct import_yaml *list)
{
	struct ars_prefix entry;
	if (!ars_prefix(p->im, n, &entry))
		return;
	struct import_yaml *route = import_yaml_flow_map(list, NULL);
	put_word(route, "prefix", ars_rule_text(p->im, &entry.rule));
	if (entry.asn.number)
		(void)import_yaml_word(route, "origin", "%" PRIu32, entry.asn.number);
	if (entry.comment)
		import_yaml_comment(route, "%s", entry.comment);
}

static void
put_white_lists(const struct policy *p, const struct ars_settings *s, struct import_yaml *routes,
		struct import_yaml *origins, struct import_yaml *prefixes)
{
	const struct hub_node *list = s->values[ARS_WHITE_ROUTES].node;
	for (const struct hub_node *n = ars_first(p->im, list); n; n = n->next)
		put_route(p, n, routes);
	ars_asns(p->im, s->values[ARS_WHITE_ASNS].node, origins);
	put_prefixes(p, s->values[ARS_WHITE_PREFIXES].node, prefixes);
}

static void
put_irr(const struct policy *p)
{
	struct import_yaml *irr = import_yaml_map(p->out, "irr");
	if (wanted(p, ARS_ENFORCE_ORIGIN))
		put_word(irr, "origin", irr_weight(p, ARS_ENFORCE_ORIGIN));
	if (wanted(p, ARS_ENFORCE_PREFIX))
		put_word(irr, "prefix", irr_weight(p, ARS_ENFORCE_PREFIX));
	if (!p->base) {
		put_bool(irr, "longer", number(p, ARS_LONGER));
		put_bool(irr, "roas_are_routes", number(p, ARS_ROAS_AS_ROUTES));
		put_bool(irr, "whois_is_routes", number(p, ARS_ARIN) || number(p, ARS_REGISTROBR));
		return;
	}
	struct import_yaml *routes = import_yaml_list(irr, "allow_routes");
	struct import_yaml *origins = import_yaml_list(irr, "allow_origins");
	struct import_yaml *prefixes = import_yaml_list(irr, "allow_prefixes");
	for (size_t i = 0; i < p->count; i++)
		put_white_lists(p, p->all[i], routes, origins, prefixes);
	import_yaml_drop_repeats(routes);
	import_yaml_drop_repeats(origins);
	import_yaml_drop_repeats(prefixes);
}

static void
put_rov(const struct policy *p)
{
	bool on = number(p, ARS_ROV);
	if (!wanted(p, ARS_ROV) && !(on && wanted(p, ARS_ROV_REJECT)))
		return;
	/* Without reject_invalid, too, arouteserver announces invalid routes to nobody. */
	if (on && !number(p, ARS_ROV_REJECT))
		note(p, IMPORT_CHANGED, ARS_ROV_REJECT,
		     "invalid routes reach no member, as before; they are refused and kept, with "
		     "the reason, instead of tagged");
	if (!p->base || on != (bool)p->base->values[ARS_ROV].number)
		put_word(p->out, "rov", on ? "refuse" : "off");
}

static void
put_aspa(const struct policy *p)
{
	bool on = number(p, ARS_ASPA);
	if (p->base && !wanted(p, ARS_ASPA) && !(on && wanted(p, ARS_ASPA_REJECT)))
		return;
	if (on && !number(p, ARS_ASPA_REJECT))
		note(p, IMPORT_CHANGED, ARS_ASPA_REJECT,
		     "paths that ASPA makes invalid reach no member, as before; they are refused "
		     "and kept, with the reason, instead of tagged");
	if (!p->base || wanted(p, ARS_ASPA))
		put_word(p->out, "aspa", on ? "refuse" : "off");
}

static void
put_refusal(const struct policy *p)
{
	uint32_t policy = number(p, ARS_REJECT_POLICY);
	if (!wanted(p, ARS_REJECT_POLICY))
		return;
	put_word(p->out, "refusal", policy == ARS_POLICY_REJECT ? "refuse" : "tag-and-refuse");
	if (policy == ARS_POLICY_TAG)
		note(p, IMPORT_CHANGED, ARS_REJECT_POLICY,
		     "refused routes go, with their reasons, to sessions with collector: true; "
		     "there are none yet");
}

static void
put_roles(const struct policy *p)
{
	if (wanted(p, ARS_ROLES) || (number(p, ARS_ROLES) && wanted(p, ARS_ROLES_STRICT)))
		put_word(p->out, "role",
			 !number(p, ARS_ROLES)         ? "off"
			 : number(p, ARS_ROLES_STRICT) ? "strict"
						       : "on");
	if (number(p, ARS_ROLES_LOCAL) != ARS_ROLE_RS)
		note(p, IMPORT_NO_COUNTERPART, ARS_ROLES_LOCAL,
		     "the hub's role is that of a route server with everybody");
}

static void
put_graceful_shutdown(const struct policy *p)
{
	if (wanted(p, ARS_GSHUT))
		put_bool(p->out, "graceful_shutdown", number(p, ARS_GSHUT));
	if (p->base)
		return;
	if (number(p, ARS_GSHUT_LOCAL_PREF))
		note(p, IMPORT_CHANGED, ARS_GSHUT_LOCAL_PREF,
		     "there is no LOCAL_PREF here: such routes come after all others");
}

static void
put_blackhole(const struct policy *p)
{
	struct import_yaml *hole = import_yaml_map(p->out, "blackhole");
	bool four = number(p, ARS_BLACKHOLE_IPV4) != ARS_HOLE_NONE;
	bool six = number(p, ARS_BLACKHOLE_IPV6) != ARS_HOLE_NONE;
	if (!p->base) {
		put_bool(hole, "announce", four || six);
		/* Any length will do there. */
		put_word(hole, "ipv4_min", "0");
		put_word(hole, "ipv6_min", "0");
	}
	if (!p->base && four != six)
		note(p, IMPORT_CHANGED, four ? ARS_BLACKHOLE_IPV4 : ARS_BLACKHOLE_IPV6,
		     "blackholing is for both families or none here; it is on for both");
	if (wanted(p, ARS_BLACKHOLE_ANNOUNCE))
		put_bool(hole, "receive", number(p, ARS_BLACKHOLE_ANNOUNCE));
}

/* Thresholds mean something only where communities use them. */
static bool
asks_rtt(const struct policy *p)
{
	const struct hub_node *map = node(p, ARS_COMMUNITIES);
	if (!map || map->kind != HUB_NODE_MAP)
		return false;
	for (const struct hub_node *child = map->first; child; child = child->next)
		if (strstr(child->key, "_rtt_") && !ars_absent(child))
			return true;
	return false;
}

/* Where the source only says what is not so here, in a word or two. */
static void
say_differences(const struct policy *p)
{
	static const struct {
		enum ars_key key;
		uint32_t when; /* its value */
		enum import_note_kind kind;
		const char *text;
	} rows[] = {
		{ARS_PATH_HIDING, 0, IMPORT_CHANGED,
		 "no path is ever hidden here; that cannot be switched off"},
		{ARS_IRR_PEERINGDB, 1, IMPORT_CHANGED,
		 "a member without as_set is looked up by its AS number alone; give it the AS-SET "
		 "that PeeringDB has"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (number(p, rows[i].key) == rows[i].when)
			note(p, rows[i].kind, rows[i].key, rows[i].text);
	if (node(p, ARS_RTT_THRESHOLDS) && asks_rtt(p))
		note(p, IMPORT_CHANGED, ARS_RTT_THRESHOLDS,
		     "members may name any number of milliseconds, not only these");
}

static void
put_policy(const struct policy *p)
{
	put_next_hop(p);
	put_refusal(p);
	put_asns(p);
	put_all_lengths(p);
	put_blocked(p);
	if (!p->base) {
		put_transit_free(p);
		put_never_via(p);
		put_word(p->out, "communities_max", "0");
		put_word(p->out, "well_known",
			 number(p, ARS_RFC1997) == ARS_INTERPRET ? "obey" : "pass");
	}
	put_tag_only(p);
	put_roles(p);
	put_graceful_shutdown(p);
	put_rov(p);
	put_aspa(p);
	put_irr(p);
	put_blackhole(p);
}

/* --- what stands beside the policy --- */

static void
put_blackhole_values(const struct policy *p, struct import_yaml *sections)
{
	static const struct {
		enum ars_key policy, address;
		const char *key;
		enum ip_family family;
	} rows[] = {
		{ARS_BLACKHOLE_IPV4, ARS_BLACKHOLE_NEXT_HOP_IPV4, "ipv4", IP_V4},
		{ARS_BLACKHOLE_IPV6, ARS_BLACKHOLE_NEXT_HOP_IPV6, "ipv6", IP_V6},
	};
	char text[IP_TEXT];
	struct import_yaml *map = import_yaml_map(sections, "blackhole");
	for (size_t i = 0; i < 2; i++) {
		struct ip ip;
		const struct hub_node *address = node(p, rows[i].address);
		if (number(p, rows[i].policy) != ARS_HOLE_REWRITE)
			continue;
		if (!address)
			hub_complain(p->im->report, ars_mark(p->s, rows[i].policy, p->at),
				     "found \"rewrite-next-hop\", but there is no %s",
				     ars_path(rows[i].address));
		else if (ars_ip(p->im, address, &ip) && (enum ip_family)ip.family != rows[i].family)
			hub_complain(p->im->report, address->mark, "expected an IPv%d address",
				     (int)rows[i].family);
		else
			(void)import_yaml_word(map, rows[i].key, "%s", ip_format(text, ip));
	}
	put_bool(map, "no_export", number(p, ARS_BLACKHOLE_NO_EXPORT));
	put_word(map, "by_next_hop", "false");
}

static bool
is_url(const char *text)
{
	return strstr(text, "://") != NULL;
}

static void
put_file(const struct policy *p, const struct hub_node *url, struct import_yaml *files)
{
	const char *text = ars_text(p->im, url);
	if (!text)
		return;
	if (is_url(text))
		import_note(
			p->im, IMPORT_DECIDE, url->mark,
			"cfg.%s: %s is not fetched; name a cache under rpki:, or fetch it into a "
			"file and name that in validation.vrp_files",
			url->key ? hub_show(url->key).text : "rpki", hub_show(text).text);
	else
		(void)import_yaml_text(files, NULL, text);
}

/* Where ROAs and ASPAs come from there. A cache here, or a file of it, has both. */
struct validated {
	enum ars_key source, urls, anchors, age;
	uint32_t file; /* the word of `source` that means files */
	const char *by_default, *by_rtr;
};

static void
put_validated(const struct policy *p, const struct validated *v, struct import_yaml *files)
{
	const struct hub_node *urls = node(p, v->urls);
	bool file = number(p, v->source) == v->file;
	if (!file || !urls)
		note(p, IMPORT_DECIDE, v->source, file ? v->by_default : v->by_rtr);
	else if (urls->kind == HUB_NODE_LIST)
		for (const struct hub_node *n = urls->first; n; n = n->next)
			put_file(p, n, files);
	else
		put_file(p, urls, files);
	if (!file)
		return;
	note(p, IMPORT_NO_COUNTERPART, v->anchors,
	     "all trust anchors of a file or cache are used, ARIN's too");
	if (node(p, v->age))
		note(p, IMPORT_NO_COUNTERPART, v->age,
		     "a file of validation.vrp_files is used however old it is");
}

static void
put_validation(const struct policy *p, struct import_yaml *sections)
{
	static const struct validated roas = {
		ARS_ROAS_SOURCE,
		ARS_ROAS_URLS,
		ARS_ROAS_ANCHORS,
		ARS_ROAS_AGE,
		ARS_SOURCE_CACHE,
		"the public files that it reads by default are not fetched; name your RPKI caches "
		"under rpki: (name, host, port)",
		"the sessions are in the daemon's own rpki_rtr_config.local; name the same RPKI "
		"caches under rpki: (name, host, port)"};
	static const struct validated aspas = {
		ARS_ASPAS_SOURCE,
		ARS_ASPAS_URLS,
		ARS_ASPAS_ANCHORS,
		ARS_ASPAS_AGE,
		ARS_ASPA_JSON,
		"the public files that it reads by default are not fetched; RPKI caches under "
		"rpki: have ASPAs, too, with version_max: 2",
		"the sessions are in the daemon's own rpki_rtr_config.local; name the same RPKI "
		"caches under rpki:, with version_max: 2"};
	struct import_yaml *files =
		import_yaml_list(import_yaml_map(sections, "validation"), "vrp_files");
	if (number(p, ARS_ROV) || number(p, ARS_ROAS_AS_ROUTES))
		put_validated(p, &roas, files);
	if (number(p, ARS_ASPA))
		put_validated(p, &aspas, files);
	import_yaml_drop_repeats(files);
}

/* Whois data; the files that are read by default are not ours to name. */
static void
put_whois(const struct policy *p, struct import_yaml *irr)
{
	static const struct {
		enum ars_key on, source;
		const char *key;
	} rows[] = {
		{ARS_ARIN, ARS_ARIN_SOURCE, "arin"},
		{ARS_REGISTROBR, ARS_REGISTROBR_SOURCE, "registro_br"},
	};
	for (size_t i = 0; i < 2; i++) {
		const struct hub_node *source = node(p, rows[i].source);
		const char *text = source ? ars_text(p->im, source) : NULL;
		if (!number(p, rows[i].on))
			continue;
		if (text && (!is_url(text) || strncmp(text, "http", 4) == 0))
			(void)import_yaml_text(irr, rows[i].key, text);
		else
			import_note(p->im, IMPORT_DECIDE, ars_mark(p->s, rows[i].on, p->at),
				    "cfg.%s: name the file, or a URL with http or https, under "
				    "irr.%s",
				    ars_path(rows[i].on), rows[i].key);
	}
}

static void
put_registries(const struct policy *p, struct import_yaml *sections)
{
	bool irr = number(p, ARS_ENFORCE_ORIGIN) || number(p, ARS_ENFORCE_PREFIX) ||
		   number(p, ARS_TAG_AS_SET);
	struct import_yaml *map = import_yaml_map(sections, "irr");
	put_bool(map, "enabled", irr);
	put_whois(p, map);
	if (irr)
		import_note(p->im, IMPORT_DECIDE, p->at,
			    "irr: host and sources stand in arouteserver.yml, which is not read; "
			    "rr.ntt.net with its usual sources is asked");
}

static void
put_martians(const struct policy *p)
{
	const char *path = p->im->request->bogons;
	if (!path) {
		import_note(p->im, IMPORT_CHANGED, p->at,
			    "bogons.yml was not read: the hub's own policy.martians hold; --bogons "
			    "FILE takes those of the file");
		return;
	}
	const struct hub_node *root = import_include(p->im, path);
	const struct hub_node *list = hub_node_get(root, "bogons");
	if (root && !list)
		hub_complain(p->im->report, (struct hub_mark){path, 0, 0},
			     "found no \"bogons\" in it");
	if (list)
		put_prefixes(p, list, import_yaml_list(p->out, "martians"));
}

void
ars_general(struct import *im, const struct ars_settings *s, struct import_yaml *sections)
{
	struct policy p = {.im = im, .s = s, .at = {im->request->paths[0], 0, 0}};
	p.out = import_yaml_map(sections, "policy");
	import_yaml_comment(
		p.out, "As arouteserver did it: communities_max is 0 because it has no such check; "
		       "take the line away to have it");
	put_policy(&p);
	put_martians(&p);
	put_blackhole_values(&p, sections);
	put_validation(&p, sections);
	put_registries(&p, sections);
	say_differences(&p);
}

struct import_yaml *
ars_member_policy(struct import *im, const struct ars_settings *general,
		  const struct ars_settings *const *clients, size_t count)
{
	struct policy p = {.im = im,
			   .s = clients[0],
			   .base = general,
			   .all = clients,
			   .count = count,
			   .at = {im->request->paths[1], 0, 0}};
	p.out = import_yaml_root(im->arena);
	put_policy(&p);
	return p.out;
}
