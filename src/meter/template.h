/* Templates of NetFlow version 9 (RFC 3954 section 5.2) and IPFIX (RFC 7011 section 3.4), compiled
 * when they arrive: only what we have a use for is left, each with the octets to skip before it.
 *
 *	template says   8(4) 12(4) 5(1) 56(6) 80(6) 1(8) ...
 *	kept is         skip 0 source  skip 0 destination  skip 1 source MAC ...
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "meter/flow.h"

/* What a field means to us. */
enum field {
	FIELD_NONE, /* read over; stands in the list only when its length varies */
	FIELD_OCTETS,
	FIELD_PACKETS,
	FIELD_OCTETS_LAYER2,
	FIELD_OCTETS_TOTAL,
	FIELD_OCTETS_LAYER2_TOTAL,
	FIELD_PACKETS_TOTAL,
	FIELD_OCTETS_INITIATOR,
	FIELD_PACKETS_INITIATOR,
	FIELD_OCTETS_REVERSE, /* of the way back */
	FIELD_PACKETS_REVERSE,
	FIELD_OCTETS_TOTAL_REVERSE,
	FIELD_PACKETS_TOTAL_REVERSE,
	FIELD_END_REASON,
	FIELD_OCTETS_OUT,
	FIELD_PACKETS_OUT,
	FIELD_SOURCE_IPV4,
	FIELD_DESTINATION_IPV4,
	FIELD_SOURCE_IPV6,
	FIELD_DESTINATION_IPV6,
	FIELD_SOURCE_MAC,
	FIELD_DESTINATION_MAC,
	FIELD_SOURCE_MAC_OUT,
	FIELD_DESTINATION_MAC_OUT,
	FIELD_VLAN,
	FIELD_VLAN_OUT,
	FIELD_DOT1Q_VLAN,
	FIELD_DOT1Q_VLAN_OUT,
	FIELD_INPUT,
	FIELD_OUTPUT,
	FIELD_INPUT_PHYSICAL,
	FIELD_OUTPUT_PHYSICAL,
	FIELD_DIRECTION,
	FIELD_IP_VERSION,
	FIELD_ETHERNET_TYPE,
	FIELD_PROTOCOL,
	FIELD_TOS,
	FIELD_TCP_FLAGS,
	FIELD_SOURCE_PORT,
	FIELD_DESTINATION_PORT,
	FIELD_ICMP, /* type and code; or apart: */
	FIELD_ICMP_TYPE,
	FIELD_ICMP_CODE,
	FIELD_SOURCE_AS,
	FIELD_DESTINATION_AS,
	FIELD_NEXT_AS,
	FIELD_PREVIOUS_AS,
	FIELD_FRAME,  /* the first octets of a frame, */
	FIELD_PACKET, /* or from its IP header on */
	FIELD_FRAME_SIZE,
	FIELD_PACKET_SIZE,
	FIELD_SECTION_OFFSET, /* where in the frame its octets begin */
	FIELD_SECTION_SIZE,   /* how many of them there are */
	FIELD_SAMPLING_INTERVAL,
	FIELD_SAMPLER,
	FIELD_PACKET_INTERVAL,
	FIELD_PACKET_SPACE,
	FIELD_SAMPLING_SIZE,
	FIELD_SAMPLING_POPULATION,
	FIELD_SAMPLING_PROBABILITY,
	FIELD_SCOPE_INTERFACE,
	FIELD_INTERFACE_NAME, /* text, in options */
	FIELD_INTERFACE_TEXT, /* what else it is called */
	FIELD_COUNT,          /* how many there are; at most 64 */
};

enum { TEMPLATE_VARIABLE = 65535 }; /* RFC 7011 section 7 */

struct template_field {
	uint16_t skip;   /* octets before it */
	uint16_t length; /* or TEMPLATE_VARIABLE */
	uint16_t offset; /* in the record, where no length varies */
	uint8_t meaning; /* enum field */
};

/* What a template was made of, so that it can be kept over a restart: the definition as it came,
 * from the first field on. */
struct template_source {
	uint32_t fields, scopes;
	uint32_t length; /* octets */
};

struct template
{
	uint64_t key;        /* version, domain and id */
	int64_t used_s;      /* when it last came or was used, UTC */
	uint64_t has;        /* set of 1 << enum field: what the hot fields of its records say */
	uint64_t cold;       /* and the others */
	uint32_t octets;     /* of memory that it takes */
	uint32_t min_length; /* of a record; the exact length unless `varies` */
	/* Fields, and how many of them, the first ones, are read of every record: what is seldom asked for
	 * stands behind them, where no length varies. */
	uint16_t field_count, hot_count;
	uint16_t tail; /* octets after the last field kept */
	bool options, varies;
	struct template_source source;
	struct template_field fields[]; /* field_count; the definition's octets behind them */
};

/* Its octets as the exporter sent them; they live as long as the template. */
static inline const uint8_t *
template_definition(const struct template *t)
{
	return (const uint8_t *)&t->fields[t->field_count];
}

/* The templates of one exporter. */
struct templates;

enum {
	TEMPLATES_MAX = 4096,       /* an exporter */
	TEMPLATES_OCTETS = 8 << 20, /* of memory for them, likewise */
	TEMPLATE_FIELDS_MAX = 1024,
	TEMPLATE_IDLE_S = 1800, /* after this it may make room for another (RFC 7011 section 8.4) */
};

/* NULL if there is no memory. */
struct templates *templates_new(void);
void templates_free(struct templates *t);
size_t templates_count(const struct templates *t);
/* Octets of memory held, and at most. */
size_t templates_size(const struct templates *t);
size_t templates_bound(void);

static inline uint64_t
template_key(uint16_t version, uint32_t domain, uint16_t id)
{
	return (uint64_t)version << 48 | (uint64_t)domain << 16 | id;
}

/* NULL if it is not known. Valid until the next templates_take or templates_withdraw. */
struct template *templates_find(const struct templates *t, uint64_t key);

/* How a definition is laid out in the set. */
struct template_header {
	uint64_t key;
	uint32_t fields; /* all of them */
	uint32_t scopes; /* how many of them, the first ones, are scopes */
	bool options;
	bool scope_types; /* version 9: scopes are numbered by RFC 3954 section 6.1, not as fields
			   */
	bool enterprise;  /* IPFIX: the high bit of a field says that a number follows */
};

/* Reads the field specifiers that follow the header and keeps the template, in place of an older
 * one of the same key. One that says the same is only refreshed. */
enum flow_refusal templates_take(struct templates *t, struct template_header h,
				 struct cursor *fields, int64_t now_s);
/* The next one from place *at on, which moves behind it (0 at first); NULL at the end. */
const struct template *templates_next(const struct templates *t, size_t *at);
/* Forgets one. */
void templates_withdraw(struct templates *t, uint64_t key);
/* Forgets all of a domain (RFC 7011 section 8.1), either the data templates or the options ones. */
void templates_withdraw_all(struct templates *t, uint16_t version, uint32_t domain, bool options);
