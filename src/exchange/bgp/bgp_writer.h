/* Writing UPDATEs (RFC 4271 section 4.3; RFC 4760, 6793, 7606 section 5.1, 7911, 8654, 8950). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_msg.h"

/* What was agreed with the neighbours that an UPDATE is for. */
struct bgp_form {
	uint16_t max;    /* octets of a message: BGP_MAX or BGP_MAX_EXTENDED */
	bool add_path;   /* prefixes go out with path identifiers (of this family) */
	uint8_t longest; /* prefix that comes; 0: any of the family */
};

/* As every speaker understands it. */
static const struct bgp_form BGP_FORM_PLAIN = {.max = BGP_MAX};

/* What all prefixes of an UPDATE share. `attrs` is the outcome of bgp_attrs_encode. */
struct bgp_route_attrs {
	const uint8_t *attrs;
	size_t length;
	struct ip next_hop;
	struct ip link_local; /* or IP_NONE */
};

/* Writes UPDATEs of at most form.max octets, as many as the prefixes need:
 *	bgp_announce_begin(&w, &out, IP_V6, form, &route);
 *	or bgp_withdraw_begin(&w, &out, IP_V6, form);
 *	while (...) bgp_writer_add(&w, prefix, path_id);
 *	bgp_writer_end(&w);
 * IPv4 with an IPv4 next hop stands in the classic fields; all else in MP_REACH, as the first
 * attribute (RFC 7606 section 5.1). The route's attributes must stay valid until the end. */
struct bgp_writer {
	struct buf *to;
	enum ip_family family;
	struct bgp_form form;
	bool announce, multiprotocol;
	const struct bgp_route_attrs *route;
	size_t start;      /* of the current message in `to`; SIZE_MAX: none is open */
	size_t list;       /* where its prefixes begin */
	size_t room;       /* octets left for prefixes */
	uint32_t messages; /* finished so far */
};

/* True when the attributes leave room for one prefix, of form.longest. */
bool bgp_announce_fits(enum ip_family family, struct bgp_form form,
		       const struct bgp_route_attrs *route);
/* 0, or -1 if the attributes leave no room for even one prefix: such a route cannot be sent and is
 * to be withdrawn (RFC 8654 section 4); nothing was written and the writer must not be used. */
int bgp_announce_begin(struct bgp_writer *w, struct buf *to, enum ip_family family,
		       struct bgp_form form, const struct bgp_route_attrs *route);
void bgp_withdraw_begin(struct bgp_writer *w, struct buf *to, enum ip_family family,
			struct bgp_form form);
/* `prefix` is of the writer's family; `path_id` counts only where the form has identifiers. */
void bgp_writer_add(struct bgp_writer *w, struct prefix prefix, uint32_t path_id);
/* Finishes the last message; returns how many were written in all. */
uint32_t bgp_writer_end(struct bgp_writer *w);

/* End-of-RIB, RFC 4724 section 2. */
void bgp_end_of_rib_write(struct buf *to, enum ip_family family);

/* Appends the UPDATE `message` (whole, as written above in that form) as a speaker of 2-octet AS
 * numbers needs it (RFC 6793 section 4.2.2): AS_TRANS for large numbers, and AS4_PATH and
 * AS4_AGGREGATOR beside. Where that does not fit form.max octets it becomes several messages, or
 * withdrawals. Returns how many were written. */
uint32_t bgp_update_to_as2(struct buf *to, struct cursor message, struct bgp_form form);
