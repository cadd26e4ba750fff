/* The exchange that is being imported, in the terms of the hub file, before it is written: the one
 * form in which all sources say what they know. All of it lives in the arena of the import. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "hub/hub_node.h"

struct import;
struct import_yaml;

/* A place. */
struct import_site {
	const char *id;
	const char *name, *city, *country; /* or NULL */
	const char *key;                   /* what the source calls it by */
	struct import_site *next;
};

/* A peering LAN that the source names. Its prefixes become pools; see import_lan.c. */
struct import_lan {
	const char *name; /* text of people; an id is made of it */
	const char *key;  /* what ports call it by */
	struct import_lan *next;
};

/* A prefix of a LAN that the source names. */
struct import_pool {
	struct prefix prefix;
	const char *key; /* of its LAN; NULL: the source does not say */
	struct hub_mark at;
	bool guessed; /* worked out from addresses */
	unsigned lan; /* worked out: index into import_place.lans */
	struct import_pool *next;
};

struct import_mac {
	struct mac mac;
	struct hub_mark at;
	struct import_mac *next;
};

struct import_port {
	const struct import_site *site;
	const char *switch_name, *lan_key;
	uint64_t speed_mbps; /* 0: the source does not say */
	struct import_mac *macs, *last_mac;
	struct ip ipv4, ipv6;
	struct hub_mark at;
	const char *id; /* made */
	unsigned lan;   /* worked out; index */
	bool placed;    /* `lan` is right */
	struct import_port *next;
};

struct import_session {
	struct import_port *port;
	struct ip address;
	struct hub_mark at;
	bool disabled;
	const char *md5;
	struct import_yaml *items; /* further items; a mapping without a parent, or NULL */
	struct import_session *next;
};

struct import_text {
	const char *text;
	struct import_text *next;
};

/* A list of texts without repetition, in the order of their coming. */
struct import_texts {
	struct import_text *first, *last;
	size_t count;
};

struct import_contact {
	const char *role, *email, *phone;
	struct import_contact *next;
};

struct import_member {
	struct asn asn;
	const char *name, *url, *country, *since;
	const char *kind;                 /* NULL: the source does not say */
	uint32_t peeringdb_id, alias_asn; /* 0: none */
	struct import_contact *contacts, *last_contact;
	struct import_texts as_sets[2]; /* IPv4, IPv6 */
	struct import_yaml *policy;     /* a mapping without a parent, or NULL */
	struct import_port *ports, *last_port;
	struct import_session *sessions, *last_session;
	void *source; /* of the reader of the source */
	struct hub_mark at;
	struct import_member *next;
};

struct import_hub {
	const char *name, *short_name, *country, *city, *url, *support_email;
	struct asn asn;
	struct ip router_id;
	uint32_t ixf_id, peeringdb_id;
	const char *origin; /* "arouteserver's general.yml and clients.yml" */
	struct import_site *sites, *last_site;
	struct import_lan *lans, *last_lan;
	struct import_pool *pools, *last_pool;
	struct import_yaml *sections; /* policy, communities ...: a mapping without a parent */
	struct import_member *members, *last_member;
	size_t member_count;
	void *by_asn; /* look-up of members */
};

enum { IMPORT_IPV4, IMPORT_IPV6 };

/* The member with this AS number; a new one when there is none. *made says which. */
struct import_member *import_member_get(struct import *im, struct asn asn, struct hub_mark at,
					bool *made);
/* NULL when there is none. */
struct import_member *import_member_find(const struct import *im, struct asn asn);
struct import_port *import_port_add(struct import *im, struct import_member *member,
				    struct hub_mark at);
struct import_session *import_session_add(struct import *im, struct import_member *member,
					  struct import_port *port, struct ip address,
					  struct hub_mark at);
void import_contact_add(struct import *im, struct import_member *member, const char *role,
			const char *email, const char *phone);
/* Adds a name of an AS-SET, if it can be one; several may stand in one text, with blanks or commas
 * between them. `family` is IMPORT_IPV4 or IMPORT_IPV6. */
void import_as_set_add(struct import *im, struct import_member *member, unsigned family,
		       const char *text, struct hub_mark at);
/* The addresses and MAC addresses of a port as text; what is none is noted and left out. */
void import_port_address(struct import *im, struct import_port *port, const char *text,
			 enum ip_family family, struct hub_mark at);
void import_port_mac(struct import *im, struct import_port *port, const char *text,
		     struct hub_mark at);
/* Both give the one with this key, or a new one; NULL: there are too many. */
struct import_site *import_site_get(struct import *im, const char *key, const char *name,
				    const char *city, const char *country);
struct import_lan *import_lan_add(struct import *im, const char *key, const char *name);
/* NULL: it is there already, overlaps with another, which is noted, or there are too many. */
struct import_pool *import_pool_add(struct import *im, const char *key, struct prefix prefix,
				    struct hub_mark at);
/* A country that is one, else NULL and a note. */
const char *import_country(struct import *im, const char *text, struct hub_mark at);
/* An id of the hub file made of text: small letters, digits and dashes; "x" when nothing is left. */
const char *import_slug(struct import *im, const char *text);

/* --- import_tidy.c --- */
/* Leaves out what a hub file would refuse (the same address or MAC address twice, the hub itself as
 * a member), with notes. False, and complained, when the hub's own numbers are missing. */
bool import_tidy(struct import *im);
/* Leaves out sessions whose address was left out. */
void import_tidy_sessions(struct import *im);

/* --- import_lan.c --- */
struct import_place {
	struct {
		const char *name;
		struct prefix prefixes[2]; /* IP_NONE: none */
		bool guessed[2];
	} lans[64];
	unsigned count;
};
/* Finds a LAN for every port, working out prefixes that the source does not say. */
void import_lans(struct import *im, struct import_place *out);

/* --- import_write.c --- */
/* The hub file of im->hub. */
struct import_yaml *import_write(struct import *im, const struct import_place *lans);
