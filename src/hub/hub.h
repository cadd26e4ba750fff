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

enum { HUB_NONE = UINT32_MAX };

/* Two capital letters (ISO 3166-1 alpha-2). All zero when not given. */
struct country {
	char code[3];
};

/* Where a number comes from (decision 7: numbers carry where they come from). */
enum hub_confidence { HUB_UNSTATED, HUB_SEEN, HUB_DERIVED, HUB_ESTIMATED };

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
};

/* A stretch of fibre between two sites. */
struct hub_segment {
	const char *id; /* unique, e.g. "C01" */
	const char *name;
	uint32_t a, b;    /* index into sites */
	const char *type; /* submarine, terrestrial */
	double length_km;
	enum hub_confidence length_basis; /* "estimated" in the data: HUB_ESTIMATED */
	const char *length_basis_text;
	double great_circle_km;       /* NAN when unknown */
	uint32_t fibre_pairs;         /* 0 when unknown */
	double design_tbps, lit_tbps; /* Tbit/s; NAN when unknown */
	const char *status;           /* as written, e.g. "planned (end 2026; ...)" */
	/* Carries traffic today: status begins with "in service", "landed", "said" or "under". */
	bool usable;
	const char *in_service, *operators;
	struct country *countries; /* crossed, territorial waters too */
	size_t country_count;
	const char **srlgs; /* shared risk link groups */
	size_t srlg_count;
	const char *medium, *check, *source, *confidence_text;
};

struct hub_contact {
	const char *role; /* noc, peering, billing, abuse ... */
	const char *email, *phone;
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

/* What is checked on the way in. A member has its own copy, with its overrides filled in, so a
 * check never has to look in two places. Numbers are those of reference section "the checks, in
 * order". */
struct hub_policy {
	enum { HUB_NEXT_HOP_STRICT, HUB_NEXT_HOP_SAME_AS } next_hop;
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
	uint16_t hold_time_s, connect_retry_s;
	const char *md5;                               /* TCP MD5 password (RFC 2385) or NULL */
	uint32_t max_prefixes_ipv4, max_prefixes_ipv6; /* 0: no limit */
};

struct hub_member {
	struct asn asn; /* unique */
	const char *name, *short_name;
	enum hub_member_kind kind;
	struct country country;
	const char *url, *as_set;
	uint32_t peeringdb_id; /* 0 when unknown */
	struct utc_s since;    /* 0 when not given */
	struct hub_contact *contacts;
	size_t contact_count;
	uint32_t first_port, port_count;       /* its ports stand together in hub.ports */
	uint32_t first_session, session_count; /* and its sessions in hub.sessions */
	struct hub_policy policy;
};

/* A switch or router that may send flow datagrams. */
struct hub_exporter {
	const char *id;             /* unique */
	struct ip address;          /* source of its datagrams */
	struct ip agent;            /* agent address inside sFlow, if another; else IP_NONE */
	uint32_t sampling_override; /* 1 in N; 0: believe the exporter */
};

enum hub_contract_kind { HUB_FLAT, HUB_COMMIT };

struct hub_contract {
	const char *id; /* unique */
	uint32_t member;
	enum hub_contract_kind kind;
	struct currency currency;
	struct price monthly; /* flat: a month; commit: price of one Mbit/s committed, a month */
	struct price overage; /* commit: price of one Mbit/s above, a month */
	uint64_t commit_bps;
	uint32_t tax_basis_points; /* 1800: 18 % */
	struct utc_s starts, ends; /* first second; first second after; 0: open */
	uint32_t *ports;           /* index; all ports of the member when not written */
	size_t port_count;
	uint32_t *segments; /* of the corridor, in order: where this member's transit runs */
	size_t segment_count;
};

struct hub_rpki_cache {
	const char *name, *host;
	uint16_t port;
	uint32_t preference; /* lower is asked first */
};

/* What the lab plays for a member. */
struct hub_lab {
	uint32_t peak_percent; /* of the ports' speed at the top of the daily curve */
	uint32_t routes;       /* how many routes a member announces, at most */
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
	struct hub_rpki_cache *rpki_caches;
	size_t rpki_cache_count;
	struct hub_policy policy; /* the default that members start from */
	struct hub_lab lab;

	/* Where the programs listen and keep things. */
	struct hub_endpoint *bgp_listen; /* default 0.0.0.0:179 and [::]:179 */
	size_t bgp_listen_count;
	struct hub_endpoint sflow, netflow, ipfix, http;
	const char *data_directory; /* default /var/lib/sarai */
	const char *control_socket; /* default /run/sarai/sarai.sock */
	const char *run_as_user;    /* NULL: stay who we are */
	uint32_t bin_length_s;      /* 300 */
};

void hub_free(struct hub *hub);

/* Look-ups by what stays the same. HUB_NONE if there is none. In a picture that was read they take
 * constant time. A member is found by its AS number ("64512", "AS64512"), its name or its short
 * name; of members with the same name the first. */
uint32_t hub_member_by_asn(const struct hub *hub, struct asn asn);
uint32_t hub_member_by_name(const struct hub *hub, const char *name_or_asn);
uint32_t hub_port_by_id(const struct hub *hub, const char *id);
uint32_t hub_session_by_id(const struct hub *hub, const char *id);
uint32_t hub_session_by_address(const struct hub *hub, struct ip address);
uint32_t hub_site_by_id(const struct hub *hub, const char *id);
uint32_t hub_segment_by_id(const struct hub *hub, const char *id);
uint32_t hub_contract_by_id(const struct hub *hub, const char *id);
uint32_t hub_exporter_by_address(const struct hub *hub, struct ip address);

const char *hub_member_kind_name(enum hub_member_kind kind);
