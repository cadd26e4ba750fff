/* Segment routing policies (RFC 9256): a candidate path toward (color, endpoint), as lists of
 * segments. The noun that BGP (RFC 9830), PCEP and the hub file share. A plain value: copying it
 * copies all of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"

enum {
	SR_LABEL_MAX = 0xfffff, /* 20 bits */
	SR_LISTS_MAX = 16,      /* of a candidate path */
	SR_SEGMENTS_MAX = 256,  /* of all its lists together */
	SR_BINDINGS_MAX = 4,    /* SRv6 binding SIDs */
	SR_NAME_MAX = 255,      /* octets of a name */
	SR_PREFERENCE = 100,    /* where none is said (RFC 9256 section 2.7) */
	SR_PRIORITY = 128,      /* likewise (section 2.12) */
	SR_TEXT_MAX = 160,      /* octets that sr_segment_text writes, with the zero */
};

/* What an SRv6 SID does, and how its bits divide (RFC 8986, RFC 9252). */
struct sr_behavior {
	uint16_t code; /* 0xffff: not said */
	uint8_t block_bits, node_bits, function_bits, argument_bits;
};

/* A segment, by the letters of RFC 9256 section 4. */
struct sr_segment {
	char type;    /* 'A' to 'K' */
	bool verify;  /* V flag: the headend is to verify it */
	bool has_sid; /* always of A and B; the others may leave it to the headend */
	bool has_behavior;
	bool has_algorithm; /* C, D, I, J, K */
	uint8_t algorithm;
	uint32_t entry;       /* MPLS: label, TC, S and TTL as in a label stack */
	struct ip sid;        /* SRv6 */
	struct ip local;      /* node (C, D, E, G, I, J) or interface (F, H, K); else IP_NONE */
	struct ip remote;     /* F, G, H, J, K */
	uint32_t local_index; /* interface: E, G, J */
	uint32_t remote_index;
	struct sr_behavior behavior;
};

struct sr_list {
	uint32_t weight;
	uint16_t first, count; /* in `segments` */
};

/* What names a candidate path among those of a headend that came by BGP (RFC 9830 section 2.1). */
struct sr_key {
	uint32_t distinguisher, color;
	struct ip endpoint;
};

/* What becomes of unlabelled packets (RFC 9830 section 2.4.5). */
enum sr_enlp { SR_ENLP_NONE, SR_ENLP_IPV4, SR_ENLP_IPV6, SR_ENLP_BOTH, SR_ENLP_NEITHER };

struct sr_policy {
	struct sr_key key;
	uint32_t preference;
	uint8_t priority;
	uint8_t enlp; /* enum sr_enlp, or a number without a meaning yet */
	/* The binding SID: its flags as in RFC 9830 section 2.4.2, and one of the two, or none of
	 * them: the headend may choose. */
	bool has_binding;
	bool binding_only; /* S flag: it counts only with that binding SID */
	bool drop_invalid; /* I flag: what is bound to it is dropped while it has no way */
	bool has_binding_label;
	uint32_t binding_entry; /* as in a label stack */
	struct ip binding;      /* an SRv6 SID in the older form */
	uint8_t srv6_count;
	struct sr_binding {
		bool only, drop, has_behavior;
		struct ip sid; /* all zero: the headend chooses */
		struct sr_behavior behavior;
	} srv6[SR_BINDINGS_MAX];
	char name[SR_NAME_MAX + 1]; /* of the policy; "" if there is none */
	char path_name[SR_NAME_MAX + 1];
	uint16_t unknown; /* segments of types that we do not know, left out */
	uint16_t segment_count;
	uint8_t list_count;
	struct sr_list lists[SR_LISTS_MAX];
	struct sr_segment segments[SR_SEGMENTS_MAX];
};

/* A policy with the values that go without saying, and no list. */
void sr_policy_init(struct sr_policy *policy, struct sr_key key);
bool sr_key_equal(const struct sr_key *a, const struct sr_key *b);
/* Begins a list; false if there are as many as there may be. */
bool sr_policy_add_list(struct sr_policy *policy, uint32_t weight);
/* Adds to the list begun last. False if there is none, or no room. */
bool sr_policy_add(struct sr_policy *policy, const struct sr_segment *segment);

static inline uint32_t
sr_label(uint32_t entry)
{
	return entry >> 12;
}

static inline uint32_t
sr_entry(uint32_t label)
{
	return label << 12;
}

/* Does this type carry an SRv6 SID (B, I, J, K), and not an MPLS label? */
bool sr_segment_is_srv6(char type);

/* A segment as text, which is read back as the same (flags and behaviors aside):
 *	16001					A
 *	2001:db8::1				B
 *	node 192.0.2.1 [sid 16001]		C; of an IPv6 address D, with "srv6" I
 *	interface 192.0.2.1 7			E
 *	interface 2001:db8::1 7 2001:db8::2 9	G; with "srv6" J
 *	link 192.0.2.1 192.0.2.2		F; of IPv6 addresses H, with "srv6" K
 * and `algorithm N`, `sid S` behind. Returns `out`. */
char *sr_segment_text(char out[SR_TEXT_MAX], const struct sr_segment *segment);
/* 0, or -1: not in that form. */
int sr_segment_parse(struct sr_segment *out, const char *text);
/* The list, with commas between segments. */
void sr_list_text(struct buf *to, const struct sr_policy *policy, const struct sr_list *list);
