/* A rule about traffic, as it stands in UPDATEs: components in order of their type, each of which must match
 * (RFC 8955 section 4, RFC 8956 section 3). Rules are kept and passed on in one form only, so that equal rules are
 * equal octets and no receiver meets an encoding that nobody tests: values in as few octets as they need, reserved bits
 * and those beyond a prefix cleared. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "base/json.h"

enum flowspec_type {
	FLOWSPEC_DESTINATION = 1,
	FLOWSPEC_SOURCE = 2,
	FLOWSPEC_PROTOCOL = 3, /* IPv6: of the upper layer */
	FLOWSPEC_PORT = 4,     /* either one */
	FLOWSPEC_DESTINATION_PORT = 5,
	FLOWSPEC_SOURCE_PORT = 6,
	FLOWSPEC_ICMP_TYPE = 7,
	FLOWSPEC_ICMP_CODE = 8,
	FLOWSPEC_TCP_FLAGS = 9,
	FLOWSPEC_PACKET_LENGTH = 10,
	FLOWSPEC_DSCP = 11,
	FLOWSPEC_FRAGMENT = 12,
	FLOWSPEC_FLOW_LABEL = 13, /* IPv6 only */
	FLOWSPEC_TYPES = 14,
};

/* What is wrong with the octets of a rule. */
enum flowspec_fault {
	FLOWSPEC_SOUND,
	FLOWSPEC_EMPTY,    /* no component: it would match all traffic */
	FLOWSPEC_TOO_LONG, /* for us: more than FLOWSPEC_RULE_MAX */
	FLOWSPEC_CUT,      /* it ends within a component */
	FLOWSPEC_ORDER,    /* components not in order of type, or one of them twice */
	FLOWSPEC_TYPE,     /* unknown component */
	FLOWSPEC_PREFIX,   /* no such length or offset */
	FLOWSPEC_VALUE,    /* larger than the component can be */
	FLOWSPEC_FAULTS,
};

/* Octets of a rule that is kept; what a router could hold is far less. */
enum { FLOWSPEC_RULE_MAX = 1024 };

/* "components out of order"; static text. */
const char *flowspec_fault_text(enum flowspec_fault fault);

/* A sound rule in its one form; the octets are somebody else's. */
struct flowspec_rule {
	enum ip_family family;
	uint16_t length;
	const uint8_t *octets;
};

/* Reads one rule, without the length before it. *out is valid only when it is sound, and points into `storage`. */
enum flowspec_fault flowspec_rule_read(struct flowspec_rule *out,
				       uint8_t storage[FLOWSPEC_RULE_MAX], enum ip_family family,
				       struct cursor octets);

/* What is checked of a rule. */
struct flowspec_facts {
	uint32_t types; /* bit n: it has a component of type n */
	/* IP_NONE when there is none, or its pattern does not begin with the first bit (RFC 8956 section 3.1). */
	struct prefix destination;
};
void flowspec_rule_facts(struct flowspec_facts *out, const struct flowspec_rule *rule);

/* The order in which receivers apply rules (RFC 8955 section 5.1, RFC 8956 section 4): less than 0 when `a` goes
 * before `b`, 0 when they are the same; IPv4 before IPv6. */
int flowspec_rule_compare(const struct flowspec_rule *a, const struct flowspec_rule *b);

/* Appends "dst 192.0.2.0/24; proto = 17; dport = 53": the words that members know from BIRD. */
void flowspec_rule_text(struct buf *to, const struct flowspec_rule *rule);
/* The object `key`: {"destination":"192.0.2.0/24","protocol":[[{"op":"=","value":17}]]}: of each list one element must
 * match, whose conditions must all hold. */
void flowspec_rule_json(struct json *j, const char *key, const struct flowspec_rule *rule);

/* Appends a rule as it stands in a list of them: its length in one octet or two, then itself. */
void flowspec_rule_put(struct buf *to, const struct flowspec_rule *rule);
