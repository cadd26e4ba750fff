/* The keys of arouteserver's general.yml and clients.yml, as its documentation has them, with their
 * defaults. Older spellings (before 0.6, 0.13, 0.17 and 1.0) are renamed before they are looked up,
 * as arouteserver itself does. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "import/import_ars.h"

enum type { T_BOOL, T_NUMBER, T_WORD, T_NODE };
enum { GENERAL = 1, CLIENT = 2, BOTH = 3 };

struct key {
	const char *path;
	uint8_t where;
	uint8_t type;
	uint32_t fallback;
	const char *const *words; /* T_WORD; the first may be "" for nothing */
};

static const char *const next_hop_words[] = {"strict", "same-as", "authorized_addresses", NULL};
static const char *const action_words[] = {"", "shutdown", "restart", "block", "warning", NULL};
static const char *const transit_words[] = {"", "reject", "warning", NULL};
static const char *const reject_words[] = {"reject", "tag", "tag_and_reject", NULL};
static const char *const source_words[] = {"ripe-rpki-validator-cache", "rtr", "rtrlib", NULL};
static const char *const aspa_words[] = {"json", "rtr", NULL};
static const char *const hole_words[] = {"", "propagate-unchanged", "rewrite-next-hop", NULL};
static const char *const rfc1997_words[] = {"pass", "rfc1997", NULL};
static const char *const role_words[] = {"rs", "rs-client", "provider", "customer", "peer", NULL};

static const struct key keys[ARS_KEYS] = {
	[ARS_RS_AS] = {"rs_as", GENERAL, .type = T_NODE},
	[ARS_ROUTER_ID] = {"router_id", GENERAL, .type = T_NODE},
	[ARS_PREPEND_RS_AS] = {"prepend_rs_as", BOTH, .type = T_BOOL},
	[ARS_PATH_HIDING] = {"path_hiding", GENERAL, .type = T_BOOL, .fallback = 1},
	[ARS_PASSIVE] = {"passive", BOTH, .type = T_BOOL, .fallback = 1},
	[ARS_MULTIHOP] = {"multihop", BOTH, .type = T_NUMBER},
	[ARS_GTSM] = {"gtsm", BOTH, .type = T_BOOL},
	[ARS_ADD_PATH] = {"add_path", BOTH, .type = T_BOOL},
	[ARS_RFC8950] = {"rfc8950", BOTH, .type = T_BOOL},
	[ARS_NEXT_HOP] = {"filtering.next_hop.policy", BOTH, .type = T_WORD, .fallback = ARS_STRICT,
			  .words = next_hop_words},
	[ARS_NEXT_HOP_LIST] = {"filtering.next_hop.authorized_addresses_list", CLIENT,
			       .type = T_NODE},
	[ARS_IPV4_LENGTH] = {"filtering.ipv4_pref_len", BOTH, .type = T_NODE},
	[ARS_IPV6_LENGTH] = {"filtering.ipv6_pref_len", BOTH, .type = T_NODE},
	[ARS_GLOBAL_BLACK_LIST] = {"filtering.global_black_list_pref", GENERAL, .type = T_NODE},
	[ARS_BLACK_LIST] = {"filtering.black_list_pref", CLIENT, .type = T_NODE},
	[ARS_AS_PATH_MAX] = {"filtering.max_as_path_len", BOTH, .type = T_NUMBER, .fallback = 32},
	[ARS_REJECT_INVALID_AS] = {"filtering.reject_invalid_as_in_as_path", BOTH, .type = T_BOOL,
				   .fallback = 1},
	/* from 1.24 on */
	[ARS_ALLOW_AS_SET] = {"filtering.allow_as_set", BOTH, .type = T_BOOL},
	[ARS_TRANSIT_FREE_ACTION] = {"filtering.transit_free.action", GENERAL, .type = T_WORD,
				     .fallback = ARS_TRANSIT_NONE, .words = transit_words},
	[ARS_TRANSIT_FREE_ASNS] = {"filtering.transit_free.asns", GENERAL, .type = T_NODE},
	[ARS_NEVER_VIA_PEERINGDB] = {"filtering.never_via_route_servers.peering_db", GENERAL,
				     .type = T_BOOL, .fallback = 1},
	[ARS_NEVER_VIA_ASNS] = {"filtering.never_via_route_servers.asns", GENERAL, .type = T_NODE},
	[ARS_AS_SETS] = {"filtering.irrdb.as_sets", CLIENT, .type = T_NODE},
	[ARS_ENFORCE_ORIGIN] = {"filtering.irrdb.enforce_origin_in_as_set", BOTH, .type = T_BOOL,
				.fallback = 1},
	[ARS_ENFORCE_PREFIX] = {"filtering.irrdb.enforce_prefix_in_as_set", BOTH, .type = T_BOOL,
				.fallback = 1},
	[ARS_LONGER] = {"filtering.irrdb.allow_longer_prefixes", GENERAL, .type = T_BOOL},
	[ARS_TAG_AS_SET] = {"filtering.irrdb.tag_as_set", GENERAL, .type = T_BOOL, .fallback = 1},
	[ARS_IRR_PEERINGDB] = {"filtering.irrdb.peering_db", GENERAL, .type = T_BOOL},
	[ARS_ROAS_AS_ROUTES] = {"filtering.irrdb.use_rpki_roas_as_route_objects.enabled", GENERAL,
				.type = T_BOOL},
	[ARS_ARIN] = {"filtering.irrdb.use_arin_bulk_whois_data.enabled", GENERAL, .type = T_BOOL},
	[ARS_ARIN_SOURCE] = {"filtering.irrdb.use_arin_bulk_whois_data.source", GENERAL,
			     .type = T_NODE},
	[ARS_REGISTROBR] = {"filtering.irrdb.use_registrobr_bulk_whois_data.enabled", GENERAL,
			    .type = T_BOOL},
	[ARS_REGISTROBR_SOURCE] = {"filtering.irrdb.use_registrobr_bulk_whois_data.source", GENERAL,
				   .type = T_NODE},
	[ARS_WHITE_PREFIXES] = {"filtering.irrdb.white_list_pref", CLIENT, .type = T_NODE},
	[ARS_WHITE_ASNS] = {"filtering.irrdb.white_list_asn", CLIENT, .type = T_NODE},
	[ARS_WHITE_ROUTES] = {"filtering.irrdb.white_list_route", CLIENT, .type = T_NODE},
	[ARS_ROV] = {"filtering.rpki_bgp_origin_validation.enabled", BOTH, .type = T_BOOL},
	[ARS_ROV_REJECT] = {"filtering.rpki_bgp_origin_validation.reject_invalid", BOTH,
			    .type = T_BOOL, .fallback = 1},
	/* younger than 1.24 */
	[ARS_ASPA] = {"filtering.rpki_aspa_verification.enabled", BOTH, .type = T_BOOL},
	[ARS_ASPA_REJECT] = {"filtering.rpki_aspa_verification.reject_invalid", BOTH,
			     .type = T_BOOL, .fallback = 1},
	[ARS_MAX_PREFIX_ACTION] = {"filtering.max_prefix.action", BOTH, .type = T_WORD,
				   .fallback = ARS_ACTION_NONE, .words = action_words},
	[ARS_MAX_PREFIX_RESTART] = {"filtering.max_prefix.restart_after", BOTH, .type = T_NUMBER,
				    .fallback = 15},
	[ARS_MAX_PREFIX_COUNT_REJECTED] = {"filtering.max_prefix.count_rejected_routes", BOTH,
					   .type = T_BOOL, .fallback = 1},
	[ARS_MAX_PREFIX_PEERINGDB] = {"filtering.max_prefix.peering_db.enabled", BOTH,
				      .type = T_BOOL, .fallback = 1},
	[ARS_MAX_PREFIX_ABSOLUTE] = {"filtering.max_prefix.peering_db.increment.absolute", BOTH,
				     .type = T_NUMBER, .fallback = 100},
	[ARS_MAX_PREFIX_RELATIVE] = {"filtering.max_prefix.peering_db.increment.relative", BOTH,
				     .type = T_NUMBER, .fallback = 15},
	[ARS_GENERAL_LIMIT_IPV4] = {"filtering.max_prefix.general_limit_ipv4", GENERAL,
				    .type = T_NUMBER, .fallback = 170000},
	[ARS_GENERAL_LIMIT_IPV6] = {"filtering.max_prefix.general_limit_ipv6", GENERAL,
				    .type = T_NUMBER, .fallback = 12000},
	[ARS_LIMIT_IPV4] = {"filtering.max_prefix.limit_ipv4", CLIENT, .type = T_NUMBER},
	[ARS_LIMIT_IPV6] = {"filtering.max_prefix.limit_ipv6", CLIENT, .type = T_NUMBER},
	[ARS_ROLES] = {"filtering.roles.enabled", BOTH, .type = T_BOOL},
	[ARS_ROLES_STRICT] = {"filtering.roles.strict_mode", BOTH, .type = T_BOOL},
	[ARS_ROLES_LOCAL] = {"filtering.roles.local_role", CLIENT, .type = T_WORD,
			     .fallback = ARS_ROLE_RS, .words = role_words},
	[ARS_REJECT_POLICY] = {"filtering.reject_policy.policy", BOTH, .type = T_WORD,
			       .fallback = ARS_POLICY_REJECT, .words = reject_words},
	[ARS_ROAS_SOURCE] = {"rpki_roas.source", GENERAL, .type = T_WORD,
			     .fallback = ARS_SOURCE_CACHE, .words = source_words},
	[ARS_ROAS_URLS] = {"rpki_roas.ripe_rpki_validator_url", GENERAL, .type = T_NODE},
	[ARS_ROAS_ANCHORS] = {"rpki_roas.allowed_trust_anchors", GENERAL, .type = T_NODE},
	[ARS_ROAS_AGE] = {"rpki_roas.ignore_cache_files_older_than", GENERAL, .type = T_NUMBER,
			  .fallback = 21600},
	[ARS_ASPAS_SOURCE] = {"rpki_aspas.source", GENERAL, .type = T_WORD, .fallback = 0,
			      .words = aspa_words},
	[ARS_ASPAS_URLS] = {"rpki_aspas.json_url", GENERAL, .type = T_NODE},
	[ARS_ASPAS_ANCHORS] = {"rpki_aspas.allowed_trust_anchors", GENERAL, .type = T_NODE},
	[ARS_ASPAS_AGE] = {"rpki_aspas.ignore_cache_files_older_than", GENERAL, .type = T_NUMBER,
			   .fallback = 21600},
	[ARS_BLACKHOLE_IPV4] = {"blackhole_filtering.policy_ipv4", GENERAL, .type = T_WORD,
				.fallback = ARS_HOLE_NONE, .words = hole_words},
	[ARS_BLACKHOLE_IPV6] = {"blackhole_filtering.policy_ipv6", GENERAL, .type = T_WORD,
				.fallback = ARS_HOLE_NONE, .words = hole_words},
	[ARS_BLACKHOLE_NEXT_HOP_IPV4] = {"blackhole_filtering.rewrite_next_hop_ipv4", GENERAL,
					 .type = T_NODE},
	[ARS_BLACKHOLE_NEXT_HOP_IPV6] = {"blackhole_filtering.rewrite_next_hop_ipv6", GENERAL,
					 .type = T_NODE},
	[ARS_BLACKHOLE_ANNOUNCE] = {"blackhole_filtering.announce_to_client", BOTH, .type = T_BOOL,
				    .fallback = 1},
	[ARS_BLACKHOLE_NO_EXPORT] = {"blackhole_filtering.add_noexport", GENERAL, .type = T_BOOL,
				     .fallback = 1},
	[ARS_GSHUT] = {"graceful_shutdown.enabled", BOTH, .type = T_BOOL},
	[ARS_GSHUT_LOCAL_PREF] = {"graceful_shutdown.local_pref", GENERAL, .type = T_NUMBER},
	[ARS_RFC1997] = {"rfc1997_wellknown_communities.policy", GENERAL, .type = T_WORD,
			 .fallback = ARS_PASS, .words = rfc1997_words},
	[ARS_RTT_THRESHOLDS] = {"rtt_thresholds", GENERAL, .type = T_NODE},
	[ARS_COMMUNITIES] = {"communities", GENERAL, .type = T_NODE},
	[ARS_CUSTOM_COMMUNITIES] = {"custom_communities", GENERAL, .type = T_NODE},
	[ARS_ATTACH] = {"attach_custom_communities", CLIENT, .type = T_NODE},
	[ARS_CUSTOM_OPTIONS] = {"custom_options", CLIENT, .type = T_NODE},
};

/* What it was called before; beginnings of paths. */
static const struct {
	const char *was, *is;
} renamed[] = {
	{"filtering.next_hop_policy", "filtering.next_hop.policy"},
	{"filtering.rpsl.", "filtering.irrdb."},
	{"filtering.rpki.", "filtering.rpki_bgp_origin_validation."},
	{"filtering.irrdb.use_rpki_roas_as_route_objects.source", "rpki_roas.source"},
	{"filtering.irrdb.use_rpki_roas_as_route_objects.ripe_rpki_validator_url",
	 "rpki_roas.ripe_rpki_validator_url"},
	{"filtering.irrdb.use_rpki_roas_as_route_objects.allowed_trust_anchors",
	 "rpki_roas.allowed_trust_anchors"},
};

const char *
ars_path(enum ars_key key)
{
	return keys[key].path;
}

void
ars_defaults(struct ars_settings *out)
{
	for (unsigned i = 0; i < ARS_KEYS; i++)
		out->values[i] = (struct ars_value){.number = keys[i].fallback};
}

struct hub_mark
ars_mark(const struct ars_settings *s, enum ars_key key, struct hub_mark otherwise)
{
	return s->values[key].node ? s->values[key].node->mark : otherwise;
}

bool
ars_differ(const struct ars_settings *a, const struct ars_settings *b, enum ars_key key)
{
	if (keys[key].type == T_NODE)
		return a->values[key].node != b->values[key].node;
	return a->values[key].number != b->values[key].number;
}

/* --- the walk --- */

enum { PATH_MAX_LENGTH = 256 };

struct walk {
	struct import *im;
	struct ars_settings *out;
	bool client;
};

static void
read_word(struct import *im, const struct hub_node *node, const struct key *key, uint32_t *out)
{
	const char *text = ars_text(im, node);
	struct hub_nearest nearest = {.word = text};
	for (unsigned i = 0; text && key->words[i]; i++) {
		if (key->words[i][0] && strcmp(key->words[i], text) == 0) {
			*out = i;
			return;
		}
		if (key->words[i][0])
			hub_nearest_offer(&nearest, key->words[i]);
	}
	if (!text)
		return;
	char known[160] = "";
	for (unsigned i = 0; key->words[i]; i++) {
		size_t used = strlen(known);
		(void)snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "",
			       key->words[i]);
	}
	hub_complain(im->report, node->mark, "%s: found \"%s\", expected one of: %s", key->path,
		     hub_show(text).text, known);
}

static void
read_leaf(struct walk *w, const struct hub_node *node, unsigned i)
{
	const struct key *key = &keys[i];
	struct ars_value *value = &w->out->values[i];
	value->node = node;
	if (key->type == T_BOOL)
		(void)ars_bool(w->im, node, &value->number);
	else if (key->type == T_NUMBER)
		(void)ars_number(w->im, node, UINT32_MAX, &value->number);
	else if (key->type == T_WORD)
		read_word(w->im, node, key, &value->number);
}

/* The row of a path, or ARS_KEYS. *section: it is the beginning of rows. */
static unsigned
find(const char *path, uint8_t where, bool *section)
{
	size_t length = strlen(path);
	*section = false;
	for (unsigned i = 0; i < ARS_KEYS; i++) {
		if (!(keys[i].where & where) || strncmp(keys[i].path, path, length) != 0)
			continue;
		if (keys[i].path[length] == '\0')
			return i;
		*section |= keys[i].path[length] == '.';
	}
	return ARS_KEYS;
}

static void
rename_path(char path[PATH_MAX_LENGTH])
{
	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++) {
		size_t length = strlen(renamed[i].was);
		char rest[PATH_MAX_LENGTH];
		bool whole = renamed[i].was[length - 1] != '.';
		if (strncmp(path, renamed[i].was, length) != 0 || (whole && path[length]))
			continue;
		(void)snprintf(rest, sizeof(rest), "%s", path + length);
		(void)snprintf(path, PATH_MAX_LENGTH, "%s%.128s", renamed[i].is, rest);
	}
}

static bool
is_old_section(const char *path)
{
	return strcmp(path, "filtering.rpsl") == 0 || strcmp(path, "filtering.rpki") == 0;
}

static void walk(struct walk *w, const struct hub_node *map, const char *path);

static void
unknown(struct walk *w, const struct hub_node *child, const char *path)
{
	const char *last = strrchr(path, '.');
	struct hub_nearest nearest = {.word = last ? last + 1 : path};
	size_t before = last ? (size_t)(last - path) + 1 : 0;
	for (unsigned i = 0; i < ARS_KEYS; i++)
		if (strncmp(keys[i].path, path, before) == 0 && !strchr(keys[i].path + before, '.'))
			hub_nearest_offer(&nearest, keys[i].path + before);
	if (nearest.best)
		import_note(w->im, IMPORT_UNKNOWN, child->key_mark,
			    "%s%s: not a key of arouteserver here; did you mean \"%s\"?",
			    w->client ? "cfg." : "", hub_show(path).text, nearest.best);
	else
		import_note(w->im, IMPORT_UNKNOWN, child->key_mark,
			    "%s%s: not a key of arouteserver here", w->client ? "cfg." : "",
			    hub_show(path).text);
}

static void
walk_child(struct walk *w, const struct hub_node *child, const char *parent)
{
	char path[PATH_MAX_LENGTH];
	bool section;
	(void)snprintf(path, sizeof(path), "%s%s%.100s", parent, *parent ? "." : "", child->key);
	/* Before 0.13 it was a yes or no. */
	if (strcmp(path, "filtering.max_prefix.peering_db") == 0 && child->kind == HUB_NODE_SCALAR)
		(void)snprintf(path, sizeof(path), "%s", keys[ARS_MAX_PREFIX_PEERINGDB].path);
	rename_path(path);
	unsigned i = find(path, w->client ? CLIENT : GENERAL, &section);
	if (i < ARS_KEYS) {
		if (!ars_absent(child))
			read_leaf(w, child, i);
	} else if (section || is_old_section(path)) {
		walk(w, child, path);
	} else {
		unknown(w, child, path);
	}
}

static void
walk(struct walk *w, const struct hub_node *map, const char *path)
{
	if (ars_absent(map))
		return;
	if (map->kind != HUB_NODE_MAP) {
		hub_complain(w->im->report, map->mark, "%s: found %s, expected a mapping",
			     *path ? path : "cfg", hub_node_kind_name(map->kind));
		return;
	}
	for (const struct hub_node *child = map->first; child; child = child->next)
		walk_child(w, child, path);
}

void
ars_read(struct import *im, const struct hub_node *cfg, bool client, struct ars_settings *out)
{
	struct walk w = {.im = im, .out = out, .client = client};
	if (cfg)
		walk(&w, cfg, "");
}
