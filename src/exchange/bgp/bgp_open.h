/* The OPEN message and the capabilities in it (RFC 4271 section 4.2 and 6.2; RFC 5492, 9072, 6286,
 * 7607, 7911, 8538, 9494). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_msg.h"

enum bgp_role { /* RFC 9234 */
		BGP_ROLE_PROVIDER,
		BGP_ROLE_RS,
		BGP_ROLE_RS_CLIENT,
		BGP_ROLE_CUSTOMER,
		BGP_ROLE_PEER,
		BGP_ROLE_UNKNOWN = 254, /* one that has no meaning yet, like all from 5 on */
		BGP_ROLE_NONE = 255,    /* none was said */
};

/* What a speaker can do with path identifiers in a family (RFC 7911 section 4); a set. */
enum bgp_add_path {
	BGP_ADD_PATH_NONE,
	BGP_ADD_PATH_RECEIVE,
	BGP_ADD_PATH_SEND,
	BGP_ADD_PATH_BOTH,
};

/* What a speaker says it can do. The same struct describes what we say and what the other said.
 * What is not acted on yet is kept so that it can be shown. */
struct bgp_capabilities {
	bool multiprotocol;        /* any was announced; else IPv4 unicast goes without saying */
	bool ipv4, ipv6;           /* unicast, RFC 4760 */
	bool flow_ipv4, flow_ipv6; /* rules about traffic, RFC 8955 and 8956 */
	bool sr_ipv4, sr_ipv6;     /* SR policies, RFC 9830 */
	bool as4;                  /* RFC 6793 */
	bool refresh;              /* RFC 2918 */
	bool enhanced_refresh;     /* RFC 7313 */
	bool extended_messages;    /* RFC 8654 */
	bool extended_next_hop;    /* IPv4 unicast over an IPv6 next hop, RFC 8950 */
	bool graceful_restart;     /* RFC 4724 */
	bool restarting;           /* its R bit */
	bool restart_notified;     /* its N bit: after a NOTIFICATION too, RFC 8538 */
	uint16_t restart_time_s;   /* 0-4095 */
	bool restart_ipv4, restart_ipv6;           /* families named in it */
	bool restart_ipv4_kept, restart_ipv6_kept; /* their F bit */
	bool long_lived;                           /* RFC 9494; only beside graceful_restart */
	uint32_t stale_ipv4_s, stale_ipv6_s;       /* its times, below 2^24; 0: not this family */
	bool stale_ipv4_kept, stale_ipv6_kept;     /* its F bits */
	uint8_t add_path_ipv4, add_path_ipv6;      /* enum bgp_add_path */
	uint8_t role;                              /* enum bgp_role */
	char host_name[65];    /* FQDN capability (73), printable ASCII, "" if absent */
	uint8_t unknown_count; /* capabilities that we do not know */
};

struct bgp_open {
	struct asn asn; /* from the capability if there is one */
	uint16_t hold_time_s;
	uint32_t router_id; /* host order */
	struct bgp_capabilities capabilities;
};

/* Reads the body of an OPEN and checks what can be checked without knowing whom we expect: version,
 * AS 0 (RFC 7607), identifier 0 (RFC 6286), hold time, parameters, capabilities. A capability that
 * is malformed but of no consequence is left out; one that decides how the session is read (multi-
 * protocol, 4-octet AS) is an error. 0, or -1 and *error. */
int bgp_open_read(struct bgp_open *out, struct bgp_error *error, struct cursor body);
/* Appends the whole message. A number above 65535 stands as AS_TRANS in the fixed field; without
 * capabilities.as4 it must be smaller. */
void bgp_open_write(struct buf *to, const struct bgp_open *open);
