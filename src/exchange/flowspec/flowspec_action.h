/* What is to be done with traffic that a rule matches: extended communities beside it (RFC 8955 section 7, RFC 8956
 * section 6). Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "exchange/bgp/bgp_attrs.h"

/* A set of bits 1 << enum hub_flow_action (hub/hub.h). */
struct flowspec_actions {
	uint32_t kinds;
	bool unknown;       /* asks for something that we do not know, and others may do */
	bool contradictory; /* two rates or marks that differ, or a rate that is no number */
	bool has_octets, has_packets;
	double octets_per_s, packets_per_s; /* 0: everything is dropped */
	bool goes_on; /* what matches is held against later rules, too (T bit of section 7.3) */
	uint8_t dscp; /* of HUB_FLOW_MARK */
};

void flowspec_actions_read(struct flowspec_actions *out, const struct bgp_attrs *attrs);

/* Appends "limit to 1000000 octets/s, mark with DSCP 10"; "accept" when nothing is asked for. */
void flowspec_actions_text(struct buf *to, const struct flowspec_actions *actions);
/* The object "action". */
void flowspec_actions_json(struct json *j, const struct flowspec_actions *actions);
