/* arouteserver's configuration: its keys, and what each becomes. Used inside import only.
 *
 * The keys are a table (import_ars_keys.c): a value of general.yml, and of a client that says
 * otherwise, is found by its number, whatever spelling the file used (older versions had others).
 * What stands in a file and in no row of the table is reported as unknown. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hub/hub_node.h"
#include "import/import_hub.h"
#include "import/import_state.h"
#include "import/import_yaml.h"

enum ars_key {
	ARS_RS_AS,
	ARS_ROUTER_ID,
	ARS_PREPEND_RS_AS,
	ARS_PATH_HIDING,
	ARS_PASSIVE,
	ARS_MULTIHOP,
	ARS_GTSM,
	ARS_ADD_PATH,
	ARS_RFC8950,
	ARS_NEXT_HOP,
	ARS_NEXT_HOP_LIST,
	ARS_IPV4_LENGTH,
	ARS_IPV6_LENGTH,
	ARS_GLOBAL_BLACK_LIST,
	ARS_BLACK_LIST,
	ARS_AS_PATH_MAX,
	ARS_REJECT_INVALID_AS,
	ARS_ALLOW_AS_SET,
	ARS_TRANSIT_FREE_ACTION,
	ARS_TRANSIT_FREE_ASNS,
	ARS_NEVER_VIA_PEERINGDB,
	ARS_NEVER_VIA_ASNS,
	ARS_AS_SETS,
	ARS_ENFORCE_ORIGIN,
	ARS_ENFORCE_PREFIX,
	ARS_LONGER,
	ARS_TAG_AS_SET,
	ARS_IRR_PEERINGDB,
	ARS_ROAS_AS_ROUTES,
	ARS_ARIN,
	ARS_ARIN_SOURCE,
	ARS_REGISTROBR,
	ARS_REGISTROBR_SOURCE,
	ARS_WHITE_PREFIXES,
	ARS_WHITE_ASNS,
	ARS_WHITE_ROUTES,
	ARS_ROV,
	ARS_ROV_REJECT,
	ARS_ASPA,
	ARS_ASPA_REJECT,
	ARS_MAX_PREFIX_ACTION,
	ARS_MAX_PREFIX_RESTART,
	ARS_MAX_PREFIX_COUNT_REJECTED,
	ARS_MAX_PREFIX_PEERINGDB,
	ARS_MAX_PREFIX_ABSOLUTE,
	ARS_MAX_PREFIX_RELATIVE,
	ARS_GENERAL_LIMIT_IPV4,
	ARS_GENERAL_LIMIT_IPV6,
	ARS_LIMIT_IPV4,
	ARS_LIMIT_IPV6,
	ARS_ROLES,
	ARS_ROLES_STRICT,
	ARS_ROLES_LOCAL,
	ARS_REJECT_POLICY,
	ARS_ROAS_SOURCE,
	ARS_ROAS_URLS,
	ARS_ROAS_ANCHORS,
	ARS_ROAS_AGE,
	ARS_ASPAS_SOURCE,
	ARS_ASPAS_URLS,
	ARS_ASPAS_ANCHORS,
	ARS_ASPAS_AGE,
	ARS_BLACKHOLE_IPV4,
	ARS_BLACKHOLE_IPV6,
	ARS_BLACKHOLE_NEXT_HOP_IPV4,
	ARS_BLACKHOLE_NEXT_HOP_IPV6,
	ARS_BLACKHOLE_ANNOUNCE,
	ARS_BLACKHOLE_NO_EXPORT,
	ARS_GSHUT,
	ARS_GSHUT_LOCAL_PREF,
	ARS_RFC1997,
	ARS_RTT_THRESHOLDS,
	ARS_COMMUNITIES,
	ARS_CUSTOM_COMMUNITIES,
	ARS_ATTACH,
	ARS_CUSTOM_OPTIONS,
	ARS_KEYS,
};

/* Numbers of the words of a key, where it takes words. */
enum { ARS_STRICT, ARS_SAME_AS, ARS_AUTHORIZED };
enum { ARS_ACTION_NONE, ARS_SHUTDOWN, ARS_RESTART, ARS_BLOCK, ARS_WARNING };
enum { ARS_TRANSIT_NONE, ARS_TRANSIT_REJECT, ARS_TRANSIT_WARNING };
enum { ARS_POLICY_REJECT, ARS_POLICY_TAG, ARS_POLICY_TAG_AND_REJECT };
enum { ARS_SOURCE_CACHE, ARS_SOURCE_RTR, ARS_SOURCE_RTRLIB };
enum { ARS_ASPA_JSON, ARS_ASPA_RTR };
enum { ARS_HOLE_NONE, ARS_HOLE_UNCHANGED, ARS_HOLE_REWRITE };
enum { ARS_PASS, ARS_INTERPRET };
enum { ARS_ROLE_RS };

struct ars_value {
	const struct hub_node *node; /* where it is written; NULL: it is the default */
	uint32_t number;             /* of a yes-or-no, a number or a word */
};

/* All keys of one level: what is not written has the value of the level above, or the default. */
struct ars_settings {
	struct ars_value values[ARS_KEYS];
};

/* The defaults of arouteserver. */
void ars_defaults(struct ars_settings *out);
/* Reads the mapping under cfg: of general.yml, or of a client. */
void ars_read(struct import *im, const struct hub_node *cfg, bool client, struct ars_settings *out);
/* "filtering.irrdb.tag_as_set": for messages. */
const char *ars_path(enum ars_key key);
/* Where the key is written, else `otherwise`. */
struct hub_mark ars_mark(const struct ars_settings *s, enum ars_key key, struct hub_mark otherwise);
/* True if the two say something else. */
bool ars_differ(const struct ars_settings *a, const struct ars_settings *b, enum ars_key key);

/* --- values; each complains about what it cannot read --- */
/* Yes or no. False when it is neither. */
bool ars_bool(struct import *im, const struct hub_node *node, uint32_t *out);
bool ars_number(struct import *im, const struct hub_node *node, uint32_t max, uint32_t *out);
bool ars_asn(struct import *im, const struct hub_node *node, struct asn *out);
bool ars_ip(struct import *im, const struct hub_node *node, struct ip *out);
/* The text of a scalar; NULL, and complained, for anything else. */
const char *ars_text(struct import *im, const struct hub_node *node);
/* Not there, or null. */
bool ars_absent(const struct hub_node *node);
/* The first of a list's elements, then ->next; NULL when it is absent, or, complained, no list. */
const struct hub_node *ars_first(struct import *im, const struct hub_node *list);
/* An entry of a prefix list: {prefix, length, exact, ge, le, comment}, and asn in a list of routes.
 */
struct ars_prefix {
	struct prefix_rule rule;
	struct asn asn; /* 0: any */
	const char *comment;
};
bool ars_prefix(struct import *im, const struct hub_node *node, struct ars_prefix *out);
/* "192.0.2.0/24", "192.0.2.0/24+" or "192.0.2.0/24{25,32}", as a hub file has it. */
const char *ars_rule_text(struct import *im, const struct prefix_rule *rule);
/* Adds AS numbers, written as a list, a number or text with commas, to a list. */
void ars_asns(struct import *im, const struct hub_node *node, struct import_yaml *out);

/* --- import_ars_policy.c --- */
/* The hub's policy and what belongs to it. */
void ars_general(struct import *im, const struct ars_settings *s, struct import_yaml *sections);
/* Where a member's differs from the hub's: a mapping without a parent. Of its clients the first
 * counts, lists of all are put together. */
struct import_yaml *ars_member_policy(struct import *im, const struct ars_settings *general,
				      const struct ars_settings *const *clients, size_t count);

/* --- import_ars_communities.c --- */
/* One of custom_communities: what it puts on routes, as a hub file has it. */
struct ars_custom {
	const char *name;
	struct import_texts texts;
	const struct ars_custom *next;
};
/* Writes the section; returns the custom communities. */
const struct ars_custom *ars_communities(struct import *im, const struct ars_settings *s,
					 struct import_yaml *sections);

/* --- import_ars_clients.c --- */
/* Members, and the section of the hub's that depends on what is asked of PeeringDB for them. */
void ars_clients(struct import *im, const struct hub_node *root, const struct ars_settings *general,
		 const struct ars_custom *custom);

/* --- import_include.c --- */
/* Reads a YAML file with !include lines and ${VARIABLES} put in, and says where things stand in the
 * files they come from. NULL, and complained, when it cannot be read. */
struct hub_node *import_include(struct import *im, const char *path);
