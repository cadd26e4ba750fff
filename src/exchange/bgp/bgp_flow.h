/* Rules about traffic in messages: lists of them in UPDATEs, and what is said of their families (RFC 8955 section 4, RFC
 * 8956). What a rule itself says is for exchange/flowspec. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_msg.h"

/* A list in an UPDATE. */
struct bgp_flow {
	enum ip_family family; /* IP_NONE: there is none */
	struct cursor rules;   /* for bgp_flow_next; each rule ends within it */
};

/* Takes the next rule, without its length of one octet or two. False at the end, and where a rule does not end within
 * the list: then list->failed. */
bool bgp_flow_next(struct cursor *rule, struct cursor *list);
/* Does each rule end within the list? */
bool bgp_flow_sound(struct cursor list);

/* Writes an UPDATE of at most `max` octets:
 *	bgp_flow_begin(&w, &out, IP_V4, attrs, max);
 *	while (... && bgp_flow_add(&w, rule)) ...;
 *	bgp_flow_end(&w);
 * `attrs` is what bgp_attrs_encode made for a route without a next hop; empty, the rules are withdrawn. It stays valid
 * until the end. */
struct bgp_flow_writer {
	struct buf *to;
	struct cursor attrs;
	size_t start, room;
};
void bgp_flow_begin(struct bgp_flow_writer *w, struct buf *to, enum ip_family family,
		    struct cursor attrs, uint16_t max);
/* `rule` with its length before it. False: it does not fit any more, and nothing was added. */
bool bgp_flow_add(struct bgp_flow_writer *w, struct cursor rule);
void bgp_flow_end(struct bgp_flow_writer *w);

/* End-of-RIB of the family's rules, and ROUTE-REFRESH about them. */
void bgp_flow_end_of_rib_write(struct buf *to, enum ip_family family);
void bgp_flow_refresh_write(struct buf *to, enum ip_family family, enum bgp_refresh_kind kind);
