/* The picture of a hub: everything the operator wrote down, validated, immutable. Every room reads
 * it, none writes it; a new hub file gives a new picture, which is swapped in whole or refused
 * whole.
 *
 * All memory, strings too, belongs to the picture's arena and dies with hub_free. Optional strings
 * are NULL when absent. Cross references are indices into the arrays below; HUB_NONE means "no such
 * thing". Identifiers (member AS number, port id, session id, segment id, contract id) are what
 * stays the same from one picture to the next; indices do not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/money.h"
#include "hub/hub_contract.h"
#include "hub/hub_corridor.h"
#include "hub/hub_optics.h"
#include "hub/hub_settlement.h"
#include "hub/hub_sr.h"
#include "hub/hub_steering.h"
#include "hub/hub_transit.h"

enum { HUB_NONE = UINT32_MAX };
enum { HUB_ATTACH_MAX = 16 }; /* communities put on the routes of a member, by either list */

/* Two capital letters (ISO 3166-1 alpha-2). All zero when not given. */
struct country {
	char code[3];
};

/* An owner of cables, with what its bills say. */
struct hub_party {
	const char *id; /* unique, e.g. "azertelecom" */
	const char *name;
	struct country country;
	struct currency currency; /* that it likes to be paid in; told, never converted to */
	const char *address, *email, *tax_number;
	const char *bank, *account, *bic; /* where money goes to; account: an IBAN or a number */
	uint32_t *segments;               /* that are its own */
	size_t segment_count;
};

enum hub_member_kind {
	HUB_CARRIER,
	HUB_CONTENT,
	HUB_CLOUD,
	HUB_ACCESS,
	HUB_TRANSIT_CUSTOMER,
};

struct hub_lan {
	const char *name;
	uint16_t vlan;      /* 0: untagged or any */
	struct prefix ipv4; /* ip.family IP_NONE when absent */
	struct prefix ipv6;
};

struct hub_endpoint {
	struct ip ip; /* IP_NONE: not listening */
	uint16_t port;
};

struct hub_site {
	const char *id; /* unique, e.g. "KHI" */
	const char *name;
	const char *kind;
	struct country country;
	double latitude, longitude; /* degrees; NAN when unknown */
	const char *operator_name;
	const char *note, *source, *confidence_text;
	/* By which members' communities call it; 0: not at all. */
	uint16_t number, metro;
};

/* A stretch of fibre between two sites. */
struct hub_segment {
	const char *id; /* unique, e.g. "C01" */
	const char *name;
	uint32_t a, b;    /* index into sites */
	const char *type; /* submarine, terrestrial */
	double length_km;
	double great_circle_km;       /* NAN when unknown */
	uint32_t fibre_pairs;         /* 0 when unknown */
	double design_tbps, lit_tbps; /* Tbit/s; NAN when unknown */
	const char *status;           /* as written, e.g. "planned (end 2026; ...)" */
	/* Carries traffic today: status begins with "in service", "landed", "said" or "under". */
	bool usable;
	struct hub_basis length_from, pairs_from, design_from, lit_from; /* of the numbers above */
	struct utc_s from,
		until; /* carries traffic from and until these days; 0: as `status` says */
	const char *in_service, *operators;
	struct country *countries; /* crossed, territorial waters too */
	size_t country_count;
	const char **srlgs; /* shared risk link groups */
	size_t srlg_count;
	const char *medium, *check, *source, *confidence_text;
	struct hub_place *points; /* where it runs between its ends, from a to b */
	size_t point_count;       /* 0: nobody has told */
	uint32_t owner;           /* index into parties; HUB_NONE: the hub itself */
};

/* What one figure of the costs of reach is. */
enum hub_reach_item {
	HUB_REACH_KM,      /* building one kilometre of fibre */
	HUB_REACH_ROAD,    /* kilometres built for one of the straight line */
	HUB_REACH_SITE,    /* connecting the first tower of a mast, or a town */
	HUB_REACH_SHARED,  /* each further tower of the same mast */
	HUB_REACH_UPGRADE, /* opening the existing network where a new stretch leaves it */
};

/* What a share is a share of. */
enum hub_reach_count { HUB_REACH_NUMBER, HUB_REACH_TRAFFIC, HUB_REACH_WEIGHT };

struct hub_reach_cost {
	enum hub_reach_item item;
	const char *terrain; /* NULL: any that has no row of its own */
	double amount;
	struct hub_basis basis; /* of the amount */
};

/* Which towers are to be put on fibre. They themselves stay in a file of their own, which whoever
 * makes the plan reads: they are tens of thousands, and no process of a running hub needs them.
 * What is 0, NULL or empty is worked out in corridor/corridor_reach.h. */
struct hub_reach {
	const char *towers, *fibre; /* paths of CSV or GeoJSON */
	struct currency currency;
	enum hub_reach_count count;
	bool sites, segments; /* of the hub are existing fibre */
	uint32_t years, first_year;
	uint32_t *targets; /* hundredths of a percent */
	size_t target_count;
	uint64_t *budgets; /* whole units of the currency */
	size_t budget_count;
	double stretch_max_km; /* NAN: any */
	struct hub_reach_cost *costs;
	size_t cost_count;
};

struct hub_contact {
	const char *role; /* noc, peering, billing, abuse ... */
	const char *email, *phone;
};

/* What a member, or a port of it, is there for: traffic is summed up by it. */
enum hub_service { HUB_SERVICE_PEERING, HUB_SERVICE_CACHE, HUB_SERVICE_CLOUD, HUB_SERVICE_TRANSIT };

/* Who tells a port's counters. */
enum hub_counters { HUB_COUNTERS_SFLOW, HUB_COUNTERS_SNMP, HUB_COUNTERS_PUSH };

/* A further interface of a port: of a LAG, or on another switch. */
struct hub_interface {
	uint32_t exporter; /* index */
	uint32_t if_index;
};

/* Whom a member's invoices are addressed to. */
struct hub_bill_to {
	const char *name; /* NULL: the member's */
	const char **address;
	size_t address_count;
	const char *tax_number, *reference;
};

struct hub_port {
	const char *id;  /* unique in the hub; default "<asn>-<n>" */
	uint32_t member; /* index */
	uint32_t site;   /* index or HUB_NONE */
	uint32_t lan;    /* index into lans */
	uint64_t speed_bps;
	uint16_t vlan;           /* 0: the LAN's */
	const char *switch_name; /* where counters come from; NULL when unknown */
	uint32_t if_index;       /* interface index at the exporter; 0 when unknown */
	uint32_t exporter;       /* index of the exporter that counts this port, or HUB_NONE */
	const char *interface;   /* its name there: ifName, ifAlias or ifDescr; NULL: not known */
	struct hub_interface *interfaces; /* besides that one */
	size_t interface_count;
	enum hub_service service;    /* the member's, if not its own */
	enum hub_counters *counters; /* as in struct hub_metering; none: as there */
	size_t counters_count;
	struct mac *macs;
	size_t mac_count;
	struct ip ipv4, ipv6; /* on the peering LAN; IP_NONE when absent */
};

/* A range of AS numbers, both ends included. */
struct asn_range {
	uint32_t first, last;
};

/* A prefix and how much longer a route inside it may be. */
struct prefix_rule {
	struct prefix prefix;
	uint8_t min_length, max_length; /* lengths that match */
};

/* A route by prefix and origin, as it stands in a route object of an IRR. */
struct hub_route_object {
	struct prefix_rule prefix;
	struct asn origin; /* 0: any */
};

/* What a member says about its own routes, or about those it wants to have: the first rule that
 * fits decides. */
struct hub_member_rule {
	struct asn peer;      /* the member at the other side; 0: any */
	struct prefix prefix; /* this and all inside it; family IP_NONE: any of either family */
	enum { HUB_RULE_ACCEPT, HUB_RULE_DENY, HUB_RULE_PREPEND } action;
	uint8_t prepend; /* 1 to 3 */
};

/* What becomes of a route that a check speaks against. */
enum hub_refusal {
	HUB_REFUSE,         /* it is kept and shown, and goes to nobody */
	HUB_TAG,            /* it goes on, with communities that tell the reasons */
	HUB_TAG_AND_REFUSE, /* it goes to route collectors only, with them */
};

/* What a rule about traffic may ask for (RFC 8955 section 7). */
enum hub_flow_action {
	HUB_FLOW_ACCEPT, /* an exception to later rules */
	HUB_FLOW_DROP,
	HUB_FLOW_LIMIT,         /* octets a second */
	HUB_FLOW_LIMIT_PACKETS, /* packets a second */
	HUB_FLOW_SAMPLE,
	HUB_FLOW_MARK, /* another DSCP */
	HUB_FLOW_REDIRECT,
};

/* What it may look at besides the destination, in order of the component types of RFC 8955 section 4.2.2, from 2. */
enum hub_flow_match {
	HUB_FLOW_SOURCE,
	HUB_FLOW_PROTOCOL,
	HUB_FLOW_PORT,
	HUB_FLOW_DESTINATION_PORT,
	HUB_FLOW_SOURCE_PORT,
	HUB_FLOW_ICMP_TYPE,
	HUB_FLOW_ICMP_CODE,
	HUB_FLOW_TCP_FLAGS,
	HUB_FLOW_LENGTH,
	HUB_FLOW_DSCP,
	HUB_FLOW_FRAGMENT,
	HUB_FLOW_LABEL,
};

/* How much a check of a registry weighs. */
enum hub_weight { HUB_CHECK_OFF, HUB_CHECK_TAG, HUB_CHECK_REFUSE };

struct hub_community;

/* Checks that have no weight of their own, and may be let off with a tag. */
enum hub_taggable {
	HUB_TAGGED_NEXT_HOP,
	HUB_TAGGED_PATH_LENGTH,
	HUB_TAGGED_FIRST_AS,
	HUB_TAGGED_AS_SET,
	HUB_TAGGED_BOGON_ASNS,
	HUB_TAGGED_TRANSIT_FREE,
	HUB_TAGGED_NEVER_VIA,
	HUB_TAGGED_GLOBAL_UNICAST,
	HUB_TAGGED_OWN_LANS,
	HUB_TAGGED_MARTIANS,
	HUB_TAGGED_BLOCKED,
	HUB_TAGGED_LENGTH,
	HUB_TAGGED_COMMUNITIES,
	HUB_TAGGED_ROV_UNKNOWN,
	HUB_TAGGABLE,
};

/* What is checked on the way in. A member has its own copy, with its overrides filled in, so a
 * check never has to look in two places. Numbers are those of reference section "the checks, in
 * order". */
struct hub_policy {
	enum { HUB_NEXT_HOP_STRICT, HUB_NEXT_HOP_SAME_AS, HUB_NEXT_HOP_LIST } next_hop;
	struct ip *next_hops; /* HUB_NEXT_HOP_LIST: these too, besides the router's own */
	size_t next_hop_count;
	enum hub_refusal refusal;
	enum hub_taggable *tag_only; /* these do not refuse */
	size_t tag_only_count;
	uint8_t as_path_min, as_path_max; /* hops */
	bool first_as;                    /* left-most AS must be the member's */
	bool only_global_unicast;         /* IPv6 inside 2000::/3 */
	bool reject_own_lans;
	uint8_t ipv4_min, ipv4_max, ipv6_min, ipv6_max; /* prefix lengths accepted */
	/* What the exceptions below allow is already taken out of these two. */
	struct asn_range *bogon_asns;
	size_t bogon_asn_count;
	struct prefix_rule *martians;
	size_t martian_count;
	struct prefix_rule *blocked; /* the hub's list, then the member's own */
	size_t blocked_count;
	struct asn_range *allow_asns;
	size_t allow_asn_count;
	struct prefix *allow_prefixes; /* each with all that lies inside it */
	size_t allow_prefix_count;
	/* A path that holds one of these, unless it is the member's own number. */
	struct asn_range *transit_free_asns;
	size_t transit_free_asn_count;
	bool never_via_route_servers; /* refuse paths with networks that PeeringDB says so of ... */
	struct asn_range *never_via_asns; /* ... and these */
	size_t never_via_asn_count;
	uint16_t communities_max; /* standard, extended and large together; 0: no limit */
	/* NO_EXPORT, NO_ADVERTISE and NO_EXPORT_SUBCONFED of RFC 1997: for those that hear the route,
	 * or for the route server, which then tells nobody. */
	enum { HUB_WELL_KNOWN_PASS, HUB_WELL_KNOWN_OBEY } well_known;
	struct hub_community *attach; /* put on all routes of the member; patterns without P */
	size_t attach_count;
	enum { HUB_ROLE_OFF, HUB_ROLE_ON, HUB_ROLE_STRICT } role; /* RFC 9234; strict: 4.2 */
	bool graceful_shutdown; /* honour GRACEFUL_SHUTDOWN (RFC 8326) */

	struct hub_policy_irr {
		enum hub_weight origin, prefix;
		bool longer;          /* more specific prefixes of a registered one will do */
		bool roas_are_routes; /* a ROA does for a missing route object */
		bool whois_is_routes; /* and so do whois data of ARIN and Registro.br */
		struct hub_route_object *allow_routes; /* white list */
		size_t allow_route_count;
		struct asn_range *allow_origins;
		size_t allow_origin_count;
		struct prefix_rule *allow_prefixes; /* with an origin that is registered */
		size_t allow_prefix_count;
	} irr;
	enum hub_weight rov; /* RFC 6811 invalid */
	bool rov_unknown;    /* refuse what no ROA covers, too */
	enum hub_weight aspa;

	struct hub_policy_blackhole {
		bool announce;              /* the member may ask for blackholes (RFC 7999) */
		bool receive;               /* and hears those of others */
		uint8_t ipv4_min, ipv6_min; /* shortest prefixes; the longest are hosts */
	} blackhole;

	/* Whether the member hears routes that a check speaks against and that are only tagged. */
	struct hub_policy_hears {
		bool rov_invalid, rov_unknown, not_registered, aspa_invalid;
	} hears;

	/* Rules about traffic (RFC 8955), on sessions that carry them. */
	struct hub_policy_flowspec {
		bool announce;                 /* the member may say rules */
		bool receive;                  /* and hears those of others */
		bool with_route;               /* RFC 9117: only where its route is followed */
		uint8_t ipv4_min, ipv6_min;    /* shortest destinations; the longest are hosts */
		uint32_t max_rules;            /* of a session; the rest is not kept */
		enum hub_flow_action *actions; /* allowed; so are: */
		size_t action_count;
		enum hub_flow_match *matches;
		size_t match_count;
	} flowspec;
};

/* Which communities mean what (reference: route servers, communities). */
enum hub_community_action {
	HUB_DO_NOT_ANNOUNCE_TO_ANY, /* patterns without P */
	HUB_ANNOUNCE_TO_ANY,
	HUB_PREPEND_TO_ANY, /* `number` times */
	HUB_NO_EXPORT_TO_ANY,
	HUB_NO_ADVERTISE_TO_ANY,
	HUB_BLACKHOLE,
	HUB_DO_NOT_ANNOUNCE_TO, /* P is the peer's AS number */
	HUB_ANNOUNCE_TO,
	HUB_PREPEND_TO,
	HUB_NO_PREPEND_TO, /* undoes HUB_PREPEND_TO_ANY for one */
	HUB_NO_EXPORT_TO,
	HUB_NO_ADVERTISE_TO,
	HUB_DO_NOT_ANNOUNCE_SLOWER, /* P is milliseconds: not to peers further away */
	HUB_DO_NOT_ANNOUNCE_FASTER, /* not to peers nearer */
	HUB_ANNOUNCE_SLOWER,
	HUB_ANNOUNCE_FASTER,
	HUB_PREPEND_SLOWER,
	HUB_PREPEND_FASTER,
	HUB_DO_NOT_ANNOUNCE_SITE, /* P is a number of a place, see struct hub_site */
	HUB_ANNOUNCE_SITE,
	HUB_DO_NOT_ANNOUNCE_METRO,
	HUB_ANNOUNCE_METRO,
	HUB_DO_NOT_ANNOUNCE_COUNTRY, /* P is a number of UN M49 */
	HUB_ANNOUNCE_COUNTRY,
	HUB_DO_NOT_ANNOUNCE_CONTINENT,
	HUB_ANNOUNCE_CONTINENT,
	/* Told by the route server; never taken from members. */
	HUB_TELL_REASON, /* P is the number of the reason, one for each */
	HUB_TELL_REFUSED,
	HUB_TELL_ANNOUNCER, /* P is the AS number of the member that announced it */
	HUB_TELL_RPKI,
	HUB_TELL_IRR,
	HUB_TELL_SITE,
	HUB_TELL_METRO,
	HUB_TELL_COUNTRY,
	HUB_TELL_CONTINENT,
	HUB_INTERNAL, /* never taken from members, never passed on; P is any number */
	/* A part of the traffic to these addresses is to be dropped, which one the community says: for
	 * the exchange's own equipment. P is any number. */
	HUB_FABRIC,
	HUB_COMMUNITY_ACTIONS,
};

/* Do members ask for something with it? */
static inline bool
hub_community_asks(enum hub_community_action action)
{
	return action < HUB_TELL_REASON || action == HUB_FABRIC;
}

/* What the numbers of HUB_TELL_REASON, HUB_TELL_RPKI and HUB_TELL_IRR mean.
 * Euro-IX: reasons as in RS:1101:n; RPKI 1 valid, 2 unknown, 3 not checked, 4 invalid; IRR 0 not
 * registered, 1 registered, 2 not checked, 3 longer than registered.
 * RFC 8097: RPKI 0 valid, 1 unknown, 2 invalid.
 * arouteserver: reasons as in 65520:n; RPKI 51, 52, 50 and 53; IRR (several at once) 11 prefix
 * registered, 10 not, 21 origin registered, 20 not, 31 a ROA stood in, 41 white list. */
enum hub_codes { HUB_CODES_EURO_IX, HUB_CODES_AROUTESERVER, HUB_CODES_RFC8097 };
/* Who hears what is told; collectors do in any case. HUB_HEARD_USUALLY: as tell_members says. */
enum hub_hearers { HUB_HEARD_USUALLY, HUB_HEARD_BY_COLLECTORS, HUB_HEARD_BY_MEMBERS };

/* One field of a community. */
struct hub_community_field {
	enum { HUB_FIELD_NUMBER, HUB_FIELD_HUB, HUB_FIELD_P } kind; /* the route server's AS, P */
	uint32_t number;
};

/* A pattern: standard "0:P" (2 fields), extended "rt:0:P" (type, 2 fields), large "RS:0:P" (3).
 * Fields of an extended one have 16 and 32 bits (RFC 4360 section 3.1), or 32 and 16 if the first
 * needs that (RFC 5668); those of a generic one are the halves of its eight octets. */
struct hub_community {
	enum hub_community_action action;
	enum hub_codes codes;
	enum hub_hearers heard_by;
	enum { HUB_COMMUNITY_STANDARD, HUB_COMMUNITY_EXTENDED, HUB_COMMUNITY_LARGE } form;
	enum { HUB_EXTENDED_RT, HUB_EXTENDED_RO, HUB_EXTENDED_GENERIC } extended; /* RFC 4360 */
	struct hub_community_field fields[3];
	uint16_t ms;    /* of _SLOWER and _FASTER without P */
	uint16_t value; /* of _TELL_REASON, _RPKI and _IRR without P: told when it is this */
	uint8_t number; /* prepends */
};

enum hub_community_profile {
	HUB_PROFILE_EURO_IX,
	HUB_PROFILE_AROUTESERVER, /* its default values of the `configure` command */
	HUB_PROFILE_IXP_MANAGER,
	HUB_PROFILE_DE_CIX,
	HUB_PROFILE_NONE, /* only what is written down */
};

struct hub_communities {
	enum hub_community_profile profile;
	/* Besides those of the profile, or instead of those with the same action, form, number and
	 * codes. */
	struct hub_community *own;
	size_t own_count;
	struct hub_community *in_force; /* worked out of both, see hub/hub_profile.h */
	size_t in_force_count;
	bool pass_unknown_hub;       /* pass on communities RS:... that mean nothing */
	bool pass_graceful_shutdown; /* pass it on where a member's policy does not honour it */
	bool tell_members; /* _TELL_ communities go to all members, not to collectors only */
};

struct hub_session {
	const char *id;          /* unique; default "<asn>-<n>" */
	uint32_t member;         /* index */
	uint32_t port;           /* index: whose addresses are the next hops */
	struct ip address;       /* the other end of the TCP connection */
	uint16_t tcp_port;       /* of the other end, when we connect */
	struct ip local_address; /* IP_NONE: any */
	bool passive;            /* we never connect */
	bool enabled;
	bool ipv4, ipv6; /* families offered */
	uint16_t hold_time_s, send_hold_time_s, connect_retry_s;
	bool flowspec;        /* and rules about traffic of these families (RFC 8955) */
	bool sr_policy;       /* it is told SR policies (RFC 9830) */
	const char *md5;      /* TCP MD5 password (RFC 2385) or NULL */
	const char *tcp_ao;   /* TCP-AO key (RFC 5925, HMAC-SHA-1-96), or NULL */
	uint8_t tcp_ao_id;    /* its KeyID, both ways */
	uint8_t ttl_security; /* GTSM (RFC 5082): most hops away; 0: off */
	uint32_t max_prefixes_ipv4, max_prefixes_ipv6; /* 0: no limit */
	enum {
		HUB_MAX_PREFIXES_RESTART,
		HUB_MAX_PREFIXES_SHUTDOWN,
		HUB_MAX_PREFIXES_BLOCK,
		HUB_MAX_PREFIXES_WARN
	} max_prefixes_action;
	uint32_t max_prefixes_restart_s;   /* HUB_MAX_PREFIXES_RESTART: until it may come back */
	uint8_t max_prefixes_warn_percent; /* a warning from there on; 0: none */
	bool max_prefixes_count_refused;
	uint32_t max_prefixes_out_ipv4, max_prefixes_out_ipv6; /* that it is sent; 0: no limit */
	/* (PeeringDB's number + 100) * 1.15 stands for max_prefixes where PeeringDB has one. */
	bool max_prefixes_peeringdb;
	bool graceful_restart;   /* RFC 4724, as helper and for our own restart */
	uint16_t restart_time_s; /* ours */
	uint32_t stale_time_s;   /* RFC 9494 long-lived; 0: off */
	enum {
		HUB_ADD_PATH_OFF,
		HUB_ADD_PATH_SEND,
		HUB_ADD_PATH_RECEIVE,
		HUB_ADD_PATH_BOTH
	} add_path;
	/* Which paths of a prefix are sent: all, those that are as good as the best up to MED, or the
	 * best; of the two latter so many more, in order of preference; and never more than _max. */
	enum { HUB_PATHS_ALL, HUB_PATHS_EQUAL, HUB_PATHS_BEST } add_path_paths;
	uint8_t add_path_more, add_path_max; /* _max 0: no limit */
	bool extended_next_hop, extended_messages, enhanced_refresh;
	bool collector;      /* hears refused routes only, with their reasons */
	bool fabric;         /* hears blackholes only, and what is asked with HUB_FABRIC */
	bool prepend_hub_as; /* our AS stands first in what it is sent */
	/* Of the hub's own AS, instead of a client of the route server. */
	enum hub_transit_kind transit;
	enum hub_transit_next_hop transit_next_hop;
	uint32_t local_pref; /* of what it announces; 0: by kind */
	bool bfd;
	uint16_t bfd_transmit_ms, bfd_receive_ms;
	uint8_t bfd_multiplier;
	uint16_t rtt_ms; /* 0: measured on the session */
};

/* A member's own samples, sent on to it. */
struct hub_samples {
	struct hub_endpoint to; /* IP_NONE: not sent */
	enum { HUB_SAMPLES_SFLOW, HUB_SAMPLES_IPFIX } format;
	bool addresses; /* addresses and ports stay in; else nothing behind the MACs and VLAN */
	uint16_t header_octets; /* sFlow: of a frame, at most */
	uint32_t rate_max;      /* samples a second; 0: no limit */
};

/* Flow records of a member's ports that are kept for it. */
struct hub_flow_records {
	uint32_t keep_days; /* 0: none are kept */
	enum { HUB_ADDRESSES_NONE, HUB_ADDRESSES_PREFIX, HUB_ADDRESSES_FULL } addresses;
	uint32_t disk_max_mb; /* the oldest hours go first */
};

struct hub_member {
	struct asn asn; /* unique */
	const char *name, *short_name;
	enum hub_member_kind kind;
	enum hub_service service;
	struct country country;
	const char *url, *as_set;
	uint32_t peeringdb_id; /* 0 when unknown */
	/* Stands for `asn`, which has 32 bits, in communities that have no room for it; 0: none. */
	uint16_t alias_asn;
	struct utc_s since; /* 0 when not given */
	struct hub_contact *contacts;
	size_t contact_count;
	struct hub_bill_to bill_to;
	uint32_t first_port, port_count;       /* its ports stand together in hub.ports */
	uint32_t first_session, session_count; /* and its sessions in hub.sessions */
	struct hub_policy policy;
	const char **as_sets_ipv4, **as_sets_ipv6; /* registered AS-SETs by family; else `as_set` */
	size_t as_set_ipv4_count, as_set_ipv6_count;
	struct hub_member_rule *announce; /* to whom its own routes go */
	size_t announce_count;
	struct hub_member_rule *receive; /* what it wants to have */
	size_t receive_count;
	struct hub_samples samples;
	struct hub_flow_records flow_records;
	const char *page_password; /* of its AS number as a name on the page; NULL: none */
};

enum hub_snmp_version { HUB_SNMP_2C, HUB_SNMP_3 };
enum hub_snmp_auth { HUB_SNMP_SHA256, HUB_SNMP_SHA512, HUB_SNMP_SHA, HUB_SNMP_MD5 };
enum hub_snmp_privacy { HUB_SNMP_AES, HUB_SNMP_AES256, HUB_SNMP_DES };

/* How an exporter is asked for the counters of its interfaces. Of a secret and its file one is
 * given. */
struct hub_snmp {
	bool enabled; /* it is asked at all */
	enum hub_snmp_version version;
	const char *community, *community_file; /* version 2c */
	const char *user;                       /* version 3, always authPriv */
	enum hub_snmp_auth auth;
	enum hub_snmp_privacy privacy;
	const char *auth_password, *auth_password_file;
	const char *privacy_password, *privacy_password_file;
	struct ip address; /* IP_NONE: the exporter's */
	uint16_t port;
	uint32_t every_s, timeout_s, retries;
};

/* Who may push counters over HTTP. */
struct hub_push {
	const char *token, *token_file; /* both NULL: nobody */
};

/* What the page shows to whom comes without a name (docs/api.md, "Who sees what"). */
enum hub_visitors { HUB_VISITORS_ALL, HUB_VISITORS_PUBLIC };

struct hub_page {
	enum hub_visitors visitors;
	const char *password; /* of the name `operator`; NULL: nobody is it by HTTP */
};

/* A switch or router that may send flow datagrams. */
struct hub_exporter {
	const char *id;             /* unique */
	struct ip address;          /* source of its datagrams */
	struct ip agent;            /* agent address inside sFlow, if another; else IP_NONE */
	uint32_t sampling_override; /* 1 in N; 0: believe the exporter */
	struct hub_snmp snmp;
};

/* What samples say beside counters, what sources of counters say beside each other, and when that is an
 * alarm. */
struct hub_metering {
	uint8_t workers; /* threads that take samples in; 1: none besides the meter's own */
	uint32_t ratio_min_percent, ratio_max_percent; /* of counters: what samples should say */
	uint32_t ratio_samples;      /* a direction with fewer of them in a bin is not judged */
	uint8_t ratio_bins;          /* so many bins in a row, to raise the alarm and to end it */
	enum hub_counters *counters; /* whose counters are believed, the most trusted one first */
	size_t counters_count;
	uint32_t differ_percent; /* hundredths: how far two sources may be apart; 0: as they like */
};

struct hub_rpki_cache {
	const char *name, *host;
	uint16_t port;
	uint32_t preference; /* lower is asked first */
	uint8_t version_max; /* 0, 1 or 2 of the RTR protocol */
};

/* What validates origins besides the caches. */
struct hub_validation {
	const char **vrp_files; /* JSON as rpki-client, routinator and others write it */
	size_t vrp_file_count;
	const char **slurm_files; /* RFC 8416 */
	size_t slurm_file_count;
	uint32_t expire_s; /* a cache's data after its loss; 0: as the cache says */
};

/* Where route objects come from: bgpq4 asks an IRRd-protocol host. */
struct hub_irr {
	bool enabled;
	const char *host; /* of whois, e.g. rr.ntt.net */
	uint16_t port;
	const char *sources; /* "RIPE,APNIC,RADB"; NULL: the host's default */
	const char *bgpq4;   /* the program */
	uint32_t refresh_s, timeout_s;
	uint8_t shrink_percent; /* an answer smaller by more than this is held */
	uint8_t at_once;        /* questions at the same time */
	uint32_t prefixes_max;  /* of one member and family: larger answers are held */
	/* Files or URLs of what else registries know of origins (registry/registry_dump.h); or NULL. */
	const char *arin, *registro_br;
};

struct hub_peeringdb {
	const char *source; /* folder, file or URL of its JSON; NULL: not used */
	const char *key;    /* of the API, or NULL */
	uint32_t refresh_s;
};

/* A BMP station (RFC 7854). */
struct hub_station {
	const char *name, *host;
	uint16_t port;
	bool pre_policy, post_policy;         /* Adj-RIB-In */
	bool out_pre_policy, out_post_policy; /* RFC 8671 */
	bool loc_rib;                         /* RFC 9069 */
	uint32_t statistics_s;                /* 0: none */
};

/* MRT files (RFC 6396). */
/* Where the ledger keeps its bins. */
enum hub_store_engine { HUB_STORE_SQLITE, HUB_STORE_CLICKHOUSE };
struct hub_store {
	enum hub_store_engine engine;
	const char **urls; /* of ClickHouse servers; any of them takes everything */
	size_t url_count;
	const char *cluster; /* NULL: one server */
	const char *database;
	const char *user, *password, *password_file; /* NULL: none */
	uint32_t timeout_s;
};

/* Whether two pictures mean the same store (hub_store.c). */
bool hub_store_same(const struct hub_store *a, const struct hub_store *b);
/* A copy with texts of `arena`, for who outlives a picture. False if there is no memory. */
bool hub_store_copy(struct hub_store *out, const struct hub_store *store, struct arena *arena);

struct hub_dumps {
	const char *directory;                   /* NULL: none */
	uint32_t table_every_s, updates_every_s; /* 0: none */
	uint32_t keep_days;                      /* 0: for ever */
	bool compress;                           /* gzip */
};

/* What a blackholed route looks like on the way out. */
struct hub_blackhole {
	struct ip ipv4, ipv6; /* next hop put in; IP_NONE: unchanged */
	bool no_export;       /* NO_EXPORT is added */
	bool by_next_hop;     /* a next hop of `ipv4`, `ipv6` asks for it too */
};

/* Where invoices are paid. */
struct hub_bank {
	struct currency currency; /* "": any */
	const char *holder;       /* NULL: the hub's legal name */
	const char *bank, *account, *bic;
};

/* The letterhead of invoices, and how they are issued. */
struct hub_billing {
	const char *legal_name; /* NULL: the hub's name */
	const char **address;
	size_t address_count;
	const char *tax_name, *tax_number, *registration;
	const char *email, *phone; /* email NULL: the hub's support_email */
	enum hub_issue issue;
	uint32_t payment_days; /* an invoice is due so long after its date */
	uint32_t dispute_days; /* a dispute is to be answered within so many */
	const char **terms;
	size_t term_count;
	struct hub_bank *accounts;
	size_t account_count;
};

/* What is hoped for in a calendar year, in whole units; currency "": there is no plan. */
struct hub_revenue_plan {
	uint64_t from, to;
	struct currency currency;
};

struct hub_plan {
	struct hub_revenue_plan revenue_per_year;
};

/* What the lab plays for a member. */
struct hub_lab {
	uint32_t peak_percent; /* of the ports' speed at the top of the daily curve */
	uint32_t routes;       /* how many routes a member announces, at most */
};

/* What the meter raises an alarm at (meter/watch.h). Percentages in hundredths of a percent. */
struct hub_watch {
	uint32_t port_warning_percent, port_alarm_percent; /* of a port's speed */
	uint32_t port_bins;                                /* in a row, to begin and to end */
	uint32_t silent_bins;
	uint64_t silent_below_bps;
	uint32_t exporter_silent_s;
	uint32_t loss_percent;
	uint64_t unknown_mac_bps;
	struct hub_watch_rise {
		bool enabled;
		uint64_t floor_bps;
		uint32_t floor_pps; /* enough as well; 0: only bits count */
		uint32_t factor, hold_s, end_s, learn_s, baseline_s;
		uint32_t sources_min; /* fewer are a transfer: no blackhole is proposed */
		uint8_t ipv4_length, ipv6_length; /* of the networks looked at besides addresses */
		uint32_t blackhole_s;             /* how long a confirmed blackhole lasts */
	} rise;
};

struct hub_lookup;

struct hub {
	struct arena *arena;
	struct hub_lookup *lookup; /* behind the look-ups below; NULL in a picture made by hand */
	const char *name, *short_name;
	struct asn asn;
	struct ip router_id; /* IPv4 */
	struct country country;
	const char *city, *url, *support_email;
	uint32_t ixf_id, peeringdb_id;
	struct hub_lan *lans;
	size_t lan_count;
	struct hub_site *sites;
	size_t site_count;
	struct hub_segment *segments;
	size_t segment_count;
	struct hub_member *members;
	size_t member_count;
	struct hub_port *ports;
	size_t port_count;
	struct hub_session *sessions;
	size_t session_count;
	struct hub_exporter *exporters;
	size_t exporter_count;
	struct hub_contract *contracts;
	size_t contract_count;
	struct hub_party *parties; /* owners of segments */
	size_t party_count;
	struct hub_settlement *settlements;
	size_t settlement_count;
	struct hub_cable *cables;
	size_t cable_count;
	struct hub_risk *risks;
	size_t risk_count;
	struct hub_failure_rate *failure_rates;
	size_t failure_rate_count;
	struct hub_corridor_price *prices;
	size_t price_count;
	struct hub_demand *demands;
	size_t demand_count;
	struct hub_candidate *candidates;
	size_t candidate_count;
	struct hub_content *content;
	size_t content_count;
	struct hub_incident *incidents;
	size_t incident_count;
	struct hub_corridor corridor;
	struct hub_transit transit;
	struct hub_steering steering;
	struct hub_segment_source *segment_sources;
	size_t segment_source_count;
	struct hub_optics optics;
	struct hub_rpki_cache *rpki_caches;
	size_t rpki_cache_count;
	struct hub_policy policy; /* the default that members start from */
	struct hub_communities communities;
	struct hub_blackhole blackhole;
	struct hub_validation validation;
	struct hub_irr irr;
	struct hub_peeringdb peeringdb;
	struct hub_station *stations;
	size_t station_count;
	struct hub_dumps dumps;
	struct hub_push push;
	struct hub_page page;
	struct hub_store store;
	bool graceful_shutdown; /* we are about to leave: all routes go out with GRACEFUL_SHUTDOWN */
	/* Of the exchange; a member whose leak would pass it is closed. 0: no limit. */
	uint32_t memory_max_mb;
	struct hub_sr_policy *sr_policies;
	size_t sr_policy_count;
	struct hub_pcep pcep;
	struct hub_sr_color *sr_colors;
	size_t sr_color_count;
	struct hub_billing billing;
	struct hub_plan plan;
	struct hub_lab lab;
	struct hub_reach reach;
	struct hub_metering metering;
	struct hub_watch watch;

	/* Where the programs listen and keep things. */
	struct hub_endpoint *bgp_listen; /* default 0.0.0.0:179 and [::]:179 */
	size_t bgp_listen_count;
	struct hub_endpoint sflow, netflow, ipfix, http;
	const char *data_directory; /* default /var/lib/sarai */
	const char *control_socket; /* default /run/sarai/sarai.sock */
	const char *run_as_user;    /* NULL: stay who we are */
	uint32_t bin_length_s;      /* 300 */
};

/* Frees all that is reached from it. NULL is allowed. */
void hub_free(struct hub *hub);

/* Look-ups by what stays the same. HUB_NONE if there is none. In a picture that was read they take
 * constant time. A member is found by its AS number ("64512", "AS64512"), its name or its short
 * name; of members with the same name the first. */
uint32_t hub_member_by_asn(const struct hub *hub, struct asn asn);
uint32_t hub_member_by_name(const struct hub *hub, const char *name_or_asn);
uint32_t hub_port_by_id(const struct hub *hub, const char *id);
uint32_t hub_session_by_id(const struct hub *hub, const char *id);
uint32_t hub_session_by_address(const struct hub *hub, struct ip address);
uint32_t hub_segment_by_id(const struct hub *hub, const char *id);
uint32_t hub_router_by_name(const struct hub *hub, const char *name);
/* Does it cross the country of this code, in any case; where nobody told, is an end of it there? */
bool hub_segment_crosses(const struct hub *hub, const struct hub_segment *segment,
			 const char *code);
uint32_t hub_contract_by_id(const struct hub *hub, const char *id);
uint32_t hub_party_by_id(const struct hub *hub, const char *id);
uint32_t hub_exporter_by_id(const struct hub *hub, const char *id);
/* The port whose interface has this name at the exporter. */
uint32_t hub_port_by_interface(const struct hub *hub, uint32_t exporter, const char *name);
/* The exporter that counts a port: its own, or the only one there is; else HUB_NONE. */
uint32_t hub_port_exporter(const struct hub *hub, const struct hub_port *port);

/* Who pays by a contract, or is paid: a member, or one without an AS number (0) that stands in for a
 * party. */
const struct hub_member *hub_contract_payer(const struct hub *hub,
					    const struct hub_contract *contract);
/* Is it that member's, or that party's? One of both is HUB_NONE. */
bool hub_contract_is_of(const struct hub_contract *contract, uint32_t member, uint32_t party);

/* Does what it costs rest on bins? */
bool hub_contract_goes_by_traffic(const struct hub_contract *contract);

/* The hub in a few letters: its short name, or its name where it has none. */
const char *hub_called(const struct hub *hub);
const char *hub_member_kind_name(enum hub_member_kind kind);
/* "peering", "cache", "cloud", "transit". */
const char *hub_service_name(enum hub_service service);
