/* Reading path attributes as they stand in an archive; used inside monitor only. */
#pragma once

#include "exchange/bgp/bgp_msg.h"
#include "exchange/monitor/mrt.h"

/* Prefixes in MP_REACH or MP_UNREACH. */
struct mrt_mp {
	enum ip_family family; /* IP_NONE: not there, or of another family */
	bool multicast;
	bool foreign; /* of another family */
	struct cursor prefixes;
};

/* What a list is read into: the attributes and what stands beside them. */
struct mrt_attr_list {
	struct mrt_attrs attrs;
	struct mrt_mp reach, unreach;
	uint8_t path[2 * BGP_MAX_EXTENDED]; /* of a merged path */
};

/* How the list is written. */
struct mrt_attr_form {
	bool as4;         /* 4-octet AS numbers */
	bool abbreviated; /* MP_REACH holds only the next hop (RFC 6396 section 4.3.4) */
};

/* MRT_TAKEN, MRT_BAD_ATTRIBUTE or MRT_BAD_PATH. Cursors in *out point into `list` and *out. */
enum mrt_verdict mrt_attrs_read(struct mrt_attr_list *out, struct cursor list,
				struct mrt_attr_form form);
