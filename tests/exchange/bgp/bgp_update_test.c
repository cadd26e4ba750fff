/* Each rule of RFC 7606 and its relatives, a case a rule: what is kept, what is discarded, what is
 * treated as withdrawn and what resets. */
#include "exchange/bgp/bgp_update.h"

#include "hex.h"
#include "tap.h"

#define OK       BGP_VERDICT_OK
#define WITHDRAW BGP_VERDICT_WITHDRAW
#define RESET    BGP_VERDICT_RESET

static struct bgp_scratch scratch;

static struct bgp_peer
modern_peer(void)
{
	return (struct bgp_peer){
		.as4 = true, .ipv4 = true, .ipv6 = true, .own_ipv4 = ip_v4(0xc0000201)};
}

/* Puts the body of an UPDATE together from its three fields. */
static void
body(struct buf *out, const char *withdrawn, const char *attrs, const char *nlri)
{
	buf_clear(out);
	buf_u16(out, 0);
	hex_put(out, withdrawn);
	buf_set_u16(out, 0, (uint16_t)(out->length - 2));
	size_t at = out->length;
	buf_u16(out, 0);
	hex_put(out, attrs);
	buf_set_u16(out, at, (uint16_t)(out->length - at - 2));
	hex_put(out, nlri);
}

/* Reads from memory of just the right size, so that a sanitizer sees every octet too far. */
static enum bgp_verdict
read_exact(struct bgp_update *out, const struct buf *octets, const struct bgp_peer *peer,
	   uint8_t **keep)
{
	*keep = malloc(octets->length ? octets->length : 1);
	if (!*keep)
		abort();
	memcpy(*keep, octets->data, octets->length);
	return bgp_update_read(out, cursor_of(*keep, octets->length), peer, &scratch);
}

struct rule {
	const char *name;
	const char *attrs; /* the list */
	enum bgp_verdict verdict;
	enum bgp_reason reason; /* of the remark that decided, or the first */
	uint8_t subcode;        /* of RESET */
	bool no_nlri;           /* nothing in the NLRI field */
};

static const struct rule RULES[] = {
	/* What GoBGP's own scenario tests send (osrg/gobgp, Apache-2.0), with what they expect. */
	{"an MP_REACH with wrong flags and four octets of nothing", "{O}{P}{N} 600e0411223344",
	 WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"an MP_UNREACH with wrong flags and four octets of nothing", "{O}{P}{N} 600f0411223344",
	 WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"an AS_PATH of four octets of nothing", "{O}60020411223344{N}", WITHDRAW,
	 BGP_REASON_PATH_SEGMENT, 0, false},
	{"an AS4_PATH with wrong flags", "{O}{P}{N} 60110411223344", WITHDRAW, BGP_REASON_FLAGS, 0,
	 false},
	{"an MP_REACH of an unknown family with wrong flags", "{O}{P}{N} 600e08010110ffffff0000",
	 WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"an MP_REACH of IPv6 with wrong flags and no prefix",
	 "{O}{P}{N} 600e15 0002011020010db800000000000000000000000100", WITHDRAW, BGP_REASON_FLAGS,
	 0, false},

	/* The frame of the list, RFC 7606 section 4. */
	{"7606 4: an attribute that overruns the list, at its end", "{O}{P}{N} c00820 fbf5",
	 WITHDRAW, BGP_REASON_LIST_OVERRUN, 0, false},
	{"7606 4: an attribute that overruns the list, at its beginning", "400180 00{P}{N}",
	 WITHDRAW, BGP_REASON_LIST_OVERRUN, 0, false},
	{"7606 4: one stray octet", "{O}{P}{N} c0", WITHDRAW, BGP_REASON_LIST_UNDERRUN, 0, false},
	{"7606 4: two stray octets", "{O}{P}{N} c008", WITHDRAW, BGP_REASON_LIST_UNDERRUN, 0,
	 false},
	{"7606 4: extended length, one octet of it", "{O}{P}{N} d00800", WITHDRAW,
	 BGP_REASON_LIST_UNDERRUN, 0, false},
	{"7606 4: extended length beyond the list", "{O}{P}{N} d0080100 00", WITHDRAW,
	 BGP_REASON_LIST_OVERRUN, 0, false},
	{"7606 5.2: an overrun and no announced prefix", "{O}{P}{N} c00820 fbf5", RESET,
	 BGP_REASON_NO_PREFIXES, 1, true},
	{"7606 3j: an MP_REACH that overruns the list cannot be read", "{O}{P}{N} 800e40 0002",
	 RESET, BGP_REASON_LIST_OVERRUN, 1, false},
	{"7606 3j: an MP_UNREACH that overruns the list cannot be read", "{O}{P}{N} 800f03 00",
	 RESET, BGP_REASON_LIST_OVERRUN, 1, false},
	{"4271 4.3: extended length for a short attribute is allowed", "50010001 00{P}{N}", OK,
	 BGP_REASON_NONE, 0, false},
	{"4271 4.3: unused flag bits are ignored", "460101 00{P}{N}", OK, BGP_REASON_NONE, 0,
	 false},

	/* Missing ones, section 3 d. */
	{"7606 3d: no attribute at all", "", WITHDRAW, BGP_REASON_MISSING, 0, false},
	{"7606 3d: ORIGIN missing", "{P}{N}", WITHDRAW, BGP_REASON_MISSING, 0, false},
	{"7606 3d: AS_PATH missing", "{O}{N}", WITHDRAW, BGP_REASON_MISSING, 0, false},
	{"7606 3d: NEXT_HOP missing with prefixes in the NLRI field", "{O}{P}", WITHDRAW,
	 BGP_REASON_MISSING, 0, false},

	/* Flags, section 3 c. */
	{"7606 3c: ORIGIN optional", "c00101 00{P}{N}", WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"7606 3c: ORIGIN not transitive", "000101 00{P}{N}", WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"7606 3c: AS_PATH optional", "{O}c00200{N}", WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"7606 3c: NEXT_HOP optional, not transitive", "{O}{P}800304c0000202", WITHDRAW,
	 BGP_REASON_FLAGS, 0, false},
	{"7606 3c: MED transitive", "{O}{P}{N}c0040400000001", WITHDRAW, BGP_REASON_FLAGS, 0,
	 false},
	{"7606 3c: MED well-known", "{O}{P}{N}40040400000001", WITHDRAW, BGP_REASON_FLAGS, 0,
	 false},
	{"7606 3c: LOCAL_PREF optional", "{O}{P}{N}c0050400000001", WITHDRAW, BGP_REASON_FLAGS, 0,
	 false},
	{"7606 3c: ATOMIC_AGGREGATE optional", "{O}{P}{N}c00600", WITHDRAW, BGP_REASON_FLAGS, 0,
	 false},
	{"7606 3c: AGGREGATOR well-known", "{O}{P}{N}4007080000fbf5c0000202", WITHDRAW,
	 BGP_REASON_FLAGS, 0, false},
	{"7606 3c: COMMUNITIES not transitive", "{O}{P}{N}800804fbf50001", WITHDRAW,
	 BGP_REASON_FLAGS, 0, false},
	{"7606 3c: EXTENDED_COMMUNITIES not transitive", "{O}{P}{N}8010080002fbf500000001",
	 WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"7606 3c: LARGE_COMMUNITIES well-known", "{O}{P}{N}40200c0000fbf50000000100000002",
	 WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"7606 3c: OTC not transitive", "{O}{P}{N}8023040000fbf5", WITHDRAW, BGP_REASON_FLAGS, 0,
	 false},
	{"7606 3c: MP_REACH transitive", "c00e1a{6}2020010db8{O}{P}", WITHDRAW, BGP_REASON_FLAGS, 0,
	 true},
	{"7606 3c: MP_UNREACH transitive, alone", "c00f0800020120 20010db8", WITHDRAW,
	 BGP_REASON_FLAGS, 0, true},
	{"4271 6.3: the Partial bit of a well-known attribute is let pass", "600101 00{P}{N}", OK,
	 BGP_REASON_NONE, 0, false},
	{"7311 3.2: AIGP transitive is discarded", "{O}{P}{N}c01a0b01000b0000000000000001", OK,
	 BGP_REASON_FLAGS, 0, false},

	/* Twice, section 3 g. */
	{"7606 3g: ORIGIN twice: the first counts", "{O}{P}{N}40010105", OK, BGP_REASON_DUPLICATE,
	 0, false},
	{"7606 3g: AS_PATH twice, the second malformed", "{O}{P}{N}40020105", OK,
	 BGP_REASON_DUPLICATE, 0, false},
	{"7606 3g: NEXT_HOP twice", "{O}{P}{N}400304ffffffff", OK, BGP_REASON_DUPLICATE, 0, false},
	{"7606 3g: COMMUNITIES twice", "{O}{P}{N}c00804fbf50001c00804fbf50002", OK,
	 BGP_REASON_DUPLICATE, 0, false},
	{"7606 3g: an unknown one twice", "{O}{P}{N}c0d50101c0d50102", OK, BGP_REASON_DUPLICATE, 0,
	 false},
	{"7606 3g: an unknown one twice, the second marked well-known", "{O}{P}{N}c0d5010140d50102",
	 OK, BGP_REASON_DUPLICATE, 0, false},
	{"7606 3g: MP_REACH twice", "800e1a{6}2020010db8 800e1a{6}2020010db8{O}{P}", RESET,
	 BGP_REASON_MP_TWICE, 1, true},
	{"7606 3g: MP_UNREACH twice", "800f03000201 800f03000201", RESET, BGP_REASON_MP_TWICE, 1,
	 true},

	/* ORIGIN, section 7.1. */
	{"7606 7.1: ORIGIN 3", "40010103{P}{N}", WITHDRAW, BGP_REASON_ORIGIN_VALUE, 0, false},
	{"7606 7.1: ORIGIN 255", "400101ff{P}{N}", WITHDRAW, BGP_REASON_ORIGIN_VALUE, 0, false},
	{"7606 7.1: ORIGIN of no octet", "400100{P}{N}", WITHDRAW, BGP_REASON_LENGTH, 0, false},
	{"7606 7.1: ORIGIN of two octets", "4001020000{P}{N}", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"4271 4.3: ORIGIN EGP and INCOMPLETE are fine", "40010102{P}{N}", OK, BGP_REASON_NONE, 0,
	 false},

	/* AS_PATH, section 7.2. */
	{"7606 7.2: an empty AS_PATH is sound", "{O}400200{N}", OK, BGP_REASON_NONE, 0, false},
	{"7606 7.2: segment type 0", "{O}40020600010000fbf5{N}", WITHDRAW, BGP_REASON_PATH_SEGMENT,
	 0, false},
	{"7606 7.2: segment type 5", "{O}40020605010000fbf5{N}", WITHDRAW, BGP_REASON_PATH_SEGMENT,
	 0, false},
	{"7606 7.2: segment of no number", "{O}4002080201 0000fbf5 0200{N}", WITHDRAW,
	 BGP_REASON_PATH_SEGMENT, 0, false},
	{"7606 7.2: one stray octet", "{O}4002070201 0000fbf5 02{N}", WITHDRAW,
	 BGP_REASON_PATH_SEGMENT, 0, false},
	{"7606 7.2: segment overruns", "{O}4002060202 0000fbf5{N}", WITHDRAW,
	 BGP_REASON_PATH_SEGMENT, 0, false},
	{"7606 7.2: segment ends within a number", "{O}4002080202 0000fbf5 0000{N}", WITHDRAW,
	 BGP_REASON_PATH_SEGMENT, 0, false},
	{"7606 7.2: 2-octet numbers from a 4-octet speaker", "{O}4002060202 fbf5fbf6{N}", WITHDRAW,
	 BGP_REASON_PATH_SEGMENT, 0, false},
	{"7607 2: AS 0 first", "{O}4002060201 00000000{N}", WITHDRAW, BGP_REASON_AS_ZERO, 0, false},
	{"7607 2: AS 0 in a set", "{O}40020c0201 0000fbf5 0101 00000000{N}", WITHDRAW,
	 BGP_REASON_AS_ZERO, 0, false},
	{"5065 5: AS_CONFED_SEQUENCE from outside", "{O}4002060301 0000fbf5{N}", WITHDRAW,
	 BGP_REASON_CONFEDERATION, 0, false},
	{"5065 5: AS_CONFED_SET from outside", "{O}40020c0201 0000fbf5 0401 0000fbf6{N}", WITHDRAW,
	 BGP_REASON_CONFEDERATION, 0, false},

	/* NEXT_HOP, section 7.3 and RFC 4271 section 6.3. */
	{"7606 7.3: NEXT_HOP of 0 octets", "{O}{P}400300", WITHDRAW, BGP_REASON_LENGTH, 0, false},
	{"7606 7.3: NEXT_HOP of 3 octets", "{O}{P}400303c00002", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.3: NEXT_HOP of 5 octets", "{O}{P}400305c000020200", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.3: NEXT_HOP of 16 octets", "{O}{P}40031020010db8000000000000000000000002",
	 WITHDRAW, BGP_REASON_LENGTH, 0, false},
	{"4271 6.3: NEXT_HOP 0.0.0.0", "{O}{P}40030400000000", WITHDRAW, BGP_REASON_NEXT_HOP, 0,
	 false},
	{"4271 6.3: NEXT_HOP 127.0.0.1", "{O}{P}4003047f000001", WITHDRAW, BGP_REASON_NEXT_HOP, 0,
	 false},
	{"4271 6.3: NEXT_HOP 224.0.0.1", "{O}{P}400304e0000001", WITHDRAW, BGP_REASON_NEXT_HOP, 0,
	 false},
	{"4271 6.3: NEXT_HOP 240.0.0.1", "{O}{P}400304f0000001", WITHDRAW, BGP_REASON_NEXT_HOP, 0,
	 false},
	{"4271 6.3: NEXT_HOP 255.255.255.255", "{O}{P}400304ffffffff", WITHDRAW,
	 BGP_REASON_NEXT_HOP, 0, false},
	{"4271 6.3: NEXT_HOP is our own address", "{O}{P}400304c0000201", WITHDRAW,
	 BGP_REASON_NEXT_HOP, 0, false},
	{"4760 3: a bad NEXT_HOP is ignored beside MP_REACH only",
	 "800e1a{6}2020010db8{O}{P}40030400000000", OK, BGP_REASON_NONE, 0, true},

	/* The rest of section 7. */
	{"7606 7.4: MED of 3 octets", "{O}{P}{N}800403000001", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.4: MED of 5 octets", "{O}{P}{N}8004050000000100", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.4: MED of 0 octets", "{O}{P}{N}800400", WITHDRAW, BGP_REASON_LENGTH, 0, false},
	{"7606 7.5: LOCAL_PREF from outside", "{O}{P}{N}40050400000064", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"7606 7.5: LOCAL_PREF of wrong length from outside", "{O}{P}{N}4005020064", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"7606 7.6: ATOMIC_AGGREGATE of one octet", "{O}{P}{N}40060100", OK, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.7: AGGREGATOR of 7 octets", "{O}{P}{N}c0070700fbf5c0000202", OK, BGP_REASON_LENGTH,
	 0, false},
	{"7606 7.7: AGGREGATOR of 6 octets from a 4-octet speaker", "{O}{P}{N}c00706fbf5c0000202",
	 OK, BGP_REASON_LENGTH, 0, false},
	{"7606 7.7: AGGREGATOR of 0 octets", "{O}{P}{N}c00700", OK, BGP_REASON_LENGTH, 0, false},
	{"7607 2: AGGREGATOR AS 0", "{O}{P}{N}c0070800000000c0000202", OK, BGP_REASON_AS_ZERO, 0,
	 false},
	{"7606 7.8: COMMUNITIES of 0 octets", "{O}{P}{N}c00800", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.8: COMMUNITIES of 5 octets", "{O}{P}{N}c00805fbf5000100", WITHDRAW,
	 BGP_REASON_LENGTH, 0, false},
	{"7606 7.9: ORIGINATOR_ID from outside", "{O}{P}{N}80090401010101", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"7606 7.9: ORIGINATOR_ID of wrong length from outside", "{O}{P}{N}800901 01", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"7606 7.10: CLUSTER_LIST from outside", "{O}{P}{N}800a0401010101", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"7606 7.10: CLUSTER_LIST of 0 octets from outside", "{O}{P}{N}800a00", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"7606 7.14: EXTENDED_COMMUNITIES of 0 octets", "{O}{P}{N}c01000", WITHDRAW,
	 BGP_REASON_LENGTH, 0, false},
	{"7606 7.14: EXTENDED_COMMUNITIES of 7 octets", "{O}{P}{N}c0100700020000000000", WITHDRAW,
	 BGP_REASON_LENGTH, 0, false},
	{"7606 7.15: IPv6 extended communities of 19 octets",
	 "{O}{P}{N}c01913 00000000000000000000000000000000000000", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.15: IPv6 extended communities of 0 octets", "{O}{P}{N}c01900", WITHDRAW,
	 BGP_REASON_LENGTH, 0, false},
	{"7606 7.16: ATTR_SET of 3 octets", "{O}{P}{N}c080030000fb", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"7606 7.16: ATTR_SET with an overrun inside", "{O}{P}{N}c080080000fbf540010500", WITHDRAW,
	 BGP_REASON_INNER, 0, false},
	{"6368: a sound ATTR_SET is passed on", "{O}{P}{N}c080080000fbf540010100", OK,
	 BGP_REASON_NONE, 0, false},
	{"8092 6: LARGE_COMMUNITIES of 0 octets", "{O}{P}{N}c02000", WITHDRAW, BGP_REASON_LENGTH, 0,
	 false},
	{"8092 6: LARGE_COMMUNITIES of 13 octets", "{O}{P}{N}c0200d00000000000000000000000000",
	 WITHDRAW, BGP_REASON_LENGTH, 0, false},
	{"9234 5: OTC of 3 octets", "{O}{P}{N}c0230300fbf5", WITHDRAW, BGP_REASON_LENGTH, 0, false},
	{"9234 5: OTC of 8 octets", "{O}{P}{N}c023080000fbf500000000", WITHDRAW, BGP_REASON_LENGTH,
	 0, false},
	{"7311 3.3: AIGP from outside", "{O}{P}{N}801a0b01000b0000000000000001", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, false},
	{"6793 6: AS4_PATH from a 4-octet speaker", "{O}{P}{N}c0110602010000fbf5", OK,
	 BGP_REASON_AS4_UNEXPECTED, 0, false},
	{"6793 6: AS4_AGGREGATOR from a 4-octet speaker", "{O}{P}{N}c012080000fbf5c0000202", OK,
	 BGP_REASON_AS4_UNEXPECTED, 0, false},

	/* Unknown ones, RFC 4271 sections 5 and 6.3. */
	{"4271 6.3: unknown and well-known", "{O}{P}{N}40d50400000000", RESET,
	 BGP_REASON_WELL_KNOWN, 2, false},
	{"4271 6.3: unknown, neither optional nor transitive", "{O}{P}{N}00d500", RESET,
	 BGP_REASON_WELL_KNOWN, 2, false},
	{"4271 5: unknown, optional, not transitive: left out", "{O}{P}{N}80d50100", OK,
	 BGP_REASON_NOT_TRANSITIVE, 0, false},
	{"4271 5: unknown, optional, transitive, empty: passed on", "{O}{P}{N}c0d500", OK,
	 BGP_REASON_NONE, 0, false},

	/* MP_REACH and MP_UNREACH, sections 5.3, 7.11, 7.12. */
	{"4760 3: the reserved octet may be anything",
	 "800e1a 0002011020010db8000000000000000000000002ff 2020010db8{O}{P}", OK, BGP_REASON_NONE,
	 0, true},
	{"7606 7.11: next hop of 15 octets",
	 "800e19 0002010f20010db80000000000000000000000 00 2020010db8{O}{P}", RESET,
	 BGP_REASON_MP_NEXT_HOP_LENGTH, 9, true},
	{"7606 7.11: next hop of 0 octets", "800e0a 00020100 00 2020010db8{O}{P}", RESET,
	 BGP_REASON_MP_NEXT_HOP_LENGTH, 9, true},
	{"7606 7.11: next hop of 4 octets for IPv6", "800e0e 00020104c0000202 00 2020010db8{O}{P}",
	 RESET, BGP_REASON_MP_NEXT_HOP_LENGTH, 9, true},
	{"7606 7.11: next hop of 255 octets", "800e0a 000201ff 00 2020010db8{O}{P}", RESET,
	 BGP_REASON_MP_NEXT_HOP_LENGTH, 9, true},
	{"7606 7.11: no reserved octet", "800e14 0002011020010db8000000000000000000000002 {O}{P}",
	 RESET, BGP_REASON_PREFIX, 9, true},
	{"7606 5.3: MP_REACH of no octet", "800e00{O}{P}", RESET, BGP_REASON_LENGTH, 9, true},
	{"7606 5.3: MP_REACH of 2 octets", "800e020002{O}{P}", RESET, BGP_REASON_LENGTH, 9, true},
	{"7606 5.3: MP_REACH of 3 octets", "800e03000201{O}{P}", RESET,
	 BGP_REASON_MP_NEXT_HOP_LENGTH, 9, true},
	{"7606 5.3: IPv6 prefix of 129 bits",
	 "800e27{6} 81 20010db8000000000000000000000000 00 {O}{P}", RESET, BGP_REASON_PREFIX, 9,
	 true},
	{"7606 5.3: IPv6 prefix cut", "800e18{6} 2020 01 {O}{P}", RESET, BGP_REASON_PREFIX, 9,
	 true},
	{"7606 5.3: MP_UNREACH of 2 octets", "800f020002", RESET, BGP_REASON_LENGTH, 9, true},
	{"7606 5.3: MP_UNREACH of no octet", "800f00", RESET, BGP_REASON_LENGTH, 9, true},
	{"7606 5.3: MP_UNREACH prefix of 200 bits", "800f05000201c820", RESET, BGP_REASON_PREFIX, 9,
	 true},
	{"7606 5.3: MP_UNREACH prefix cut", "800f0500020120 20", RESET, BGP_REASON_PREFIX, 9, true},
	{"4271 6.3: MP next hop ::",
	 "800e1a 0002011000000000000000000000000000000000 00 2020010db8{O}{P}", WITHDRAW,
	 BGP_REASON_NEXT_HOP, 0, true},
	{"4271 6.3: MP next hop ::1",
	 "800e1a 0002011000000000000000000000000000000001 00 2020010db8{O}{P}", WITHDRAW,
	 BGP_REASON_NEXT_HOP, 0, true},
	{"4271 6.3: MP next hop ff02::1",
	 "800e1a 00020110ff020000000000000000000000000001 00 2020010db8{O}{P}", WITHDRAW,
	 BGP_REASON_NEXT_HOP, 0, true},
	{"4760 6: a family that was not agreed on is not read",
	 "{O}{P}800e0e 000185 0000 0701 18c6120003 8100", OK, BGP_REASON_FAMILY, 0, true},
	{"4760 6: nor is its MP_UNREACH", "800f04 000180 ff", OK, BGP_REASON_FAMILY, 0, true},
	{"7606 3c: wrong flags and a family not agreed on: what else is there is withdrawn",
	 "600e0411223344 {O}{P}{N}", WITHDRAW, BGP_REASON_FLAGS, 0, false},
	{"8950 4: IPv4 over an IPv6 next hop that was not agreed on",
	 "800e1a 0001011020010db8000000000000000000000002 00 20c6330000{O}{P}", WITHDRAW,
	 BGP_REASON_NEXT_HOP, 0, true},
	{"4760 3: IPv4 in MP_REACH over an IPv4 next hop",
	 "800e0d 00010104c0000202 00 18c63364{O}{P}", OK, BGP_REASON_NONE, 0, true},
	{"7606 7.8: a bad COMMUNITIES withdraws what MP_REACH announces",
	 "800e1a{6}2020010db8{O}{P}c00803000000", WITHDRAW, BGP_REASON_LENGTH, 0, true},
	{"7606 3d: ORIGIN missing beside MP_REACH", "800e1a{6}2020010db8{P}", WITHDRAW,
	 BGP_REASON_MISSING, 0, true},
	{"7606 5.2: a bad ORIGIN and an MP_REACH without prefixes", "800e15{6}40010105{P}", RESET,
	 BGP_REASON_NO_PREFIXES, 1, true},
	{"7606 5.2: a bad ORIGIN beside MP_UNREACH", "800f0800020120 20010db8 40010105", RESET,
	 BGP_REASON_NO_PREFIXES, 1, true},
	{"7606 5.2: only discarded attributes and no prefix", "{O}{P}{N}40050400000064", OK,
	 BGP_REASON_INTERNAL_ONLY, 0, true},
	{"7606 3h: of several errors the strongest decides", "40010105{P}{N}800e020002", RESET,
	 BGP_REASON_LENGTH, 9, false},
};

static void
rules(void)
{
	const struct bgp_peer peer = modern_peer();
	struct buf octets = {0};
	for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
		const struct rule *rule = &RULES[i];
		struct bgp_update update;
		uint8_t *keep;
		body(&octets, "", rule->attrs, rule->no_nlri ? "" : "18cb0071");
		enum bgp_verdict verdict = read_exact(&update, &octets, &peer, &keep);
		bool reason = rule->reason == BGP_REASON_NONE && !update.remark_count;
		for (unsigned j = 0; j < update.remark_count; j++)
			reason |= update.remarks[j].reason == rule->reason;
		bool error = verdict != RESET || (update.error.code == BGP_ERR_UPDATE &&
						  update.error.subcode == rule->subcode);
		bool lists = verdict == OK || !update.announced_count;
		ok(verdict == rule->verdict && reason && error && lists, "%s", rule->name);
		if (verdict != rule->verdict || !reason || !error)
			printf("# verdict %d, error %u.%u, remarks %u, first: %s\n", verdict,
			       update.error.code, update.error.subcode, update.remark_count,
			       bgp_reason_text(update.remarks[0].reason));
		free(keep);
	}
	buf_fini(&octets);
}

/* The fields around the list. */
static void
frames(void)
{
	static const struct {
		const char *name, *hex;
		enum bgp_verdict verdict;
		uint8_t subcode;
	} cases[] = {
		{"7606 3b: withdrawn length beyond the message", "0fff0000", RESET, 1},
		{"7606 3b: attribute length beyond the message", "00000fff40", RESET, 1},
		{"7606 3b: withdrawn length leaves no room for the other", "000318c633", RESET, 1},
		{"7606 5.3: withdrawn prefix of 33 bits", "0006 21c633640000 0000", RESET, 10},
		{"7606 5.3: withdrawn prefix cut", "0003 18c633 0000", RESET, 10},
		{"7606 5.3: announced prefix of 33 bits", "0000 0018 {O}{P}{N} 21cb00710000", RESET,
		 10},
		{"7606 5.3: announced prefix of 255 bits", "0000 0018 {O}{P}{N} ffcb0071", RESET,
		 10},
		{"7606 5.3: announced prefix cut", "0000 0018 {O}{P}{N} 18cb00", RESET, 10},
		{"7606 5.3: the default route is a prefix", "0000 0018 {O}{P}{N} 00", OK, 0},
		{"4271 4.3: a host route is a prefix", "0000 0018 {O}{P}{N} 20cb007101", OK, 0},
		{"a body of no octet", "", RESET, 1},
		{"a body of three octets", "000000", RESET, 1},
	};
	const struct bgp_peer peer = modern_peer();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0};
		struct bgp_update update;
		uint8_t *keep;
		buf_reserve(&octets, 1);
		hex_put(&octets, cases[i].hex);
		enum bgp_verdict verdict = read_exact(&update, &octets, &peer, &keep);
		ok(verdict == cases[i].verdict &&
			   (verdict != RESET || update.error.subcode == cases[i].subcode),
		   "%s", cases[i].name);
		free(keep);
		buf_fini(&octets);
	}
}

/* "withdrawn; announced via next hop; ...", in order. */
static const char *
lists(struct buf *to, struct bgp_update *update)
{
	char text[PREFIX_TEXT];
	struct prefix prefix;
	uint32_t id;
	buf_clear(to);
	for (unsigned i = 0; i < update->withdrawn_count; i++) {
		while (bgp_nlri_next(&update->withdrawn[i], &prefix, &id)) {
			buf_printf(to, "-%s", prefix_format(text, prefix));
			buf_printf(to, id ? "#%u " : " ", id);
		}
	}
	for (unsigned i = 0; i < update->announced_count; i++) {
		struct bgp_nlri *list = &update->announced[i];
		while (bgp_nlri_next(list, &prefix, &id)) {
			buf_printf(to, "+%s", prefix_format(text, prefix));
			buf_printf(to, "@%s", ip_format(text, list->next_hop));
			buf_printf(to, id ? "#%u " : " ", id);
		}
	}
	if (update->end_of_rib)
		buf_printf(to, "end of IPv%d ", update->end_of_rib);
	buf_u8(to, 0);
	return (const char *)to->data;
}

static void
prefix_lists(void)
{
	static const struct {
		const char *name, *withdrawn, *attrs, *nlri, *expected;
	} cases[] = {
		{"withdrawn and announced prefixes come in that order", "18c63364 20c6336401",
		 "{O}{P}{N}", "18cb0071 00",
		 "-198.51.100.0/24 -198.51.100.1/32 +203.0.113.0/24@192.0.2.2 "
		 "+0.0.0.0/0@192.0.2.2 "},
		{"bits beyond the length are cleared (RFC 4271 4.3)", "", "{O}{P}{N}", "15cb007f",
		 "+203.0.120.0/21@192.0.2.2 "},
		{"IPv4 in the NLRI field and IPv6 in MP_REACH each have their next hop", "",
		 "800e1a{6}2020010db8{O}{P}{N}", "18cb0071",
		 "+203.0.113.0/24@192.0.2.2 +2001:db8::/32@2001:db8::2 "},
		{"MP_UNREACH withdraws", "", "800f0800020120 20010db8", "", "-2001:db8::/32 "},
		{"treated as withdrawn, all prefixes of the message go", "18c63364",
		 "800e1a{6}2020010db8 800f0800020120 20010db9 {O}{P}{N} 800400", "18cb0071",
		 "-2001:db9::/32 -198.51.100.0/24 -203.0.113.0/24 -2001:db8::/32 "},
		{"an empty UPDATE ends the IPv4 table (RFC 4724 2)", "", "", "", "end of IPv4 "},
		{"an empty MP_UNREACH ends the IPv6 table", "", "800f03000201", "", "end of IPv6 "},
		{"an empty MP_UNREACH beside a withdrawn prefix ends nothing", "18c63364",
		 "800f03000201", "", "-198.51.100.0/24 "},
		{"an empty MP_UNREACH beside an announced prefix ends nothing", "",
		 "800f03000201{O}{P}{N}", "18cb0071", "+203.0.113.0/24@192.0.2.2 "},
	};
	const struct bgp_peer peer = modern_peer();
	struct buf octets = {0}, text = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_update update;
		body(&octets, cases[i].withdrawn, cases[i].attrs, cases[i].nlri);
		bgp_update_read(&update, cursor_of(octets.data, octets.length), &peer, &scratch);
		is_str(lists(&text, &update), cases[i].expected, cases[i].name);
	}
	struct bgp_update update;
	struct bgp_peer only_six = peer;
	only_six.ipv4 = false;
	body(&octets, "18c63364", "800e1a{6}2020010db8{O}{P}{N}", "18cb0071");
	bgp_update_read(&update, cursor_of(octets.data, octets.length), &only_six, &scratch);
	is_str(lists(&text, &update), "+2001:db8::/32@2001:db8::2 ",
	       "IPv4 prefixes of a session without IPv4 are left out");
	struct bgp_peer extended = peer;
	extended.extended_next_hop = true;
	body(&octets, "",
	     "800e29 00010120 20010db8000000000000000000000002 fe800000000000000000000000000002 00 "
	     "18c63364{O}{P}",
	     "");
	bgp_update_read(&update, cursor_of(octets.data, octets.length), &extended, &scratch);
	is_int(update.announced[0].link_local.octets[0], 0xfe,
	       "RFC 2545 3: the link-local next hop is kept");
	is_str(lists(&text, &update), "+198.51.100.0/24@2001:db8::2 ",
	       "RFC 8950: IPv4 over an IPv6 next hop, when agreed on");
	buf_fini(&octets);
	buf_fini(&text);
}

/* RFC 7911 section 3: the lists of a neighbour that sends path identifiers, for one family or both. */
static void
path_identifiers(void)
{
	static const struct {
		const char *name, *withdrawn, *attrs, *nlri, *expected; /* NULL: reset */
		uint8_t subcode;
	} cases[] = {
		{"7911 3: identifiers in the classic fields", "00000007 18c63364 00000008 18c63364",
		 "{O}{P}{N}", "0000000118cb0071 ffffffff 18cb0071",
		 "-198.51.100.0/24#7 -198.51.100.0/24#8 +203.0.113.0/24@192.0.2.2#1 "
		 "+203.0.113.0/24@192.0.2.2#4294967295 ",
		 0},
		{"7911 3: identifier 0 and a default route", "", "{O}{P}{N}", "00000000 00",
		 "+0.0.0.0/0@192.0.2.2 ", 0},
		{"7911 3: in MP_REACH and MP_UNREACH", "",
		 "800e1e{6} 00000002 2020010db8 800f0c000201 00000003 2020010db9{O}{P}", "",
		 "-2001:db9::/32#3 +2001:db8::/32@2001:db8::2#2 ", 0},
		{"7606 5.3: treated as withdrawn with identifiers", "", "{O}{P}{N} 800400",
		 "00000005 18cb0071", "-203.0.113.0/24#5 ", 0},
		{"7606 5.3: an identifier without a prefix", "", "{O}{P}{N}", "00000001", NULL, 10},
		{"7606 5.3: an identifier that is cut", "", "{O}{P}{N}", "00000118cb00", NULL, 10},
		{"7606 5.3: a withdrawn identifier that is cut", "000001", "", "", NULL, 10},
		{"7606 5.3: prefixes without the identifiers that were agreed on", "", "{O}{P}{N}",
		 "18cb0071 18cb0072 18cb0073", NULL, 10},
		{"7606 5.3: the same in MP_REACH", "", "800e1a{6}2020010db8{O}{P}", "", NULL, 9},
		{"7606 5.3: the same in MP_UNREACH", "", "800f0800020120 20010db8", "", NULL, 9},
		{"4724 2: the end of a table has no identifier", "", "800f03000201", "",
		 "end of IPv6 ", 0},
	};
	struct bgp_peer peer = modern_peer();
	peer.add_path_ipv4 = peer.add_path_ipv6 = true;
	struct buf octets = {0}, text = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_update update;
		uint8_t *keep;
		body(&octets, cases[i].withdrawn, cases[i].attrs, cases[i].nlri);
		enum bgp_verdict verdict = read_exact(&update, &octets, &peer, &keep);
		if (cases[i].expected)
			is_str(lists(&text, &update), cases[i].expected, cases[i].name);
		else
			ok(verdict == RESET && update.error.subcode == cases[i].subcode, "%s",
			   cases[i].name);
		free(keep);
	}
	struct bgp_update update;
	peer.add_path_ipv4 = false;
	body(&octets, "", "800e1e{6} 00000002 2020010db8{O}{P}{N}", "18cb0071");
	bgp_update_read(&update, cursor_of(octets.data, octets.length), &peer, &scratch);
	is_str(lists(&text, &update), "+203.0.113.0/24@192.0.2.2 +2001:db8::/32@2001:db8::2#2 ",
	       "7911 4: each family is agreed on alone");
	buf_fini(&octets);
	buf_fini(&text);
}

/* What stands in struct bgp_attrs, as text. */
static const char *
attrs_text(struct buf *to, const struct bgp_attrs *a)
{
	struct buf part = {0};
	buf_clear(to);
	buf_str(to, "path ");
	bgp_as_path_text(to, a->as_path);
	buf_printf(to, " hops %u first %u origin %u%s", a->as_hops, a->first_as.number,
		   a->origin_as.number, a->has_as_set ? " set" : "");
	if (a->has_med)
		buf_printf(to, " med %u", a->med);
	if (a->has_otc)
		buf_printf(to, " otc %u", a->otc.number);
	if (cursor_left(&a->communities))
		buf_printf(to, " std %s", hex_text(&part, a->communities));
	if (cursor_left(&a->ext_communities))
		buf_printf(to, " ext %s", hex_text(&part, a->ext_communities));
	if (cursor_left(&a->large_communities))
		buf_printf(to, " large %s", hex_text(&part, a->large_communities));
	if (cursor_left(&a->others))
		buf_printf(to, " others %s", hex_text(&part, a->others));
	buf_u8(to, 0);
	buf_fini(&part);
	return (const char *)to->data;
}

static void
attributes(void)
{
	static const struct {
		const char *name, *attrs, *expected;
		bool as2;
	} cases[] = {
		{"a plain path", "{O}{P}{N}", "path 64501 64502 hops 2 first 64501 origin 64502",
		 false},
		{"an empty path", "{O}400200{N}", "path  hops 0 first 0 origin 0", false},
		{"a set counts as one hop and hides the origin (RFC 4271 9.1.2.2)",
		 "{O}4002100201 0000fbf5 0102 0000fbf60000fbf7{N}",
		 "path 64501 {64502 64503} hops 2 first 64501 origin 0 set", false},
		{"a path that begins with a set has no first AS",
		 "{O}40020c0101 0000fbf5 0201 0000fbf6{N}",
		 "path {64501} 64502 hops 2 first 0 origin 64502 set", false},
		{"MED, OTC and the three kinds of communities",
		 "{O}{P}{N} 80040400000007 c00804fbf50001 c010080002fbf500000001 "
		 "c0200c0000fbf50000000100000002 c023040000fbf5",
		 "path 64501 64502 hops 2 first 64501 origin 64502 med 7 otc 64501 std fbf50001 "
		 "ext "
		 "0002fbf500000001 large 0000fbf50000000100000002 others c023040000fbf5",
		 false},
		{"others are passed on in order of type, the unknown ones with Partial",
		 "c0fe0101 {O}{P}{N} c0070800011170c0000209 400600 c0d500",
		 "path 64501 64502 hops 2 first 64501 origin 64502 others 400600 "
		 "c0070800011170c0000209 e0d500 "
		 "e0fe0101",
		 false},
		{"the extended length of a short one becomes short", "{O}{P}{N} f0d5000101",
		 "path 64501 64502 hops 2 first 64501 origin 64502 others e0d50101", false},
		{"duplicates of large communities go (RFC 8092 5)",
		 "{O}{P}{N} c02024 000000010000000200000003 000000010000000200000003 "
		 "000000010000000200000004",
		 "path 64501 64502 hops 2 first 64501 origin 64502 large "
		 "000000010000000200000003000000010000000200000004",
		 false},
		{"6793 4.2.3: 2-octet numbers widen", "{O}4002060202 fbf5fbf6{N}",
		 "path 64501 64502 hops 2 first 64501 origin 64502", true},
		{"6793 4.2.3: AS4_PATH replaces the tail",
		 "{O}4002080203 fbf55ba05ba0{N} c0110a0202 0001117000011171",
		 "path 64501 70000 70001 hops 3 first 64501 origin 70001", true},
		{"6793 4.2.3: an AS4_PATH as long as the path replaces all",
		 "{O}4002060202 5ba05ba0{N} "
		 "c0110a0202 0001117000011171",
		 "path 70000 70001 hops 2 first 70000 origin 70001", true},
		{"6793 4.2.3: a longer AS4_PATH is ignored",
		 "{O}4002040201 5ba0{N} c0110a0202 0001117000011171",
		 "path 23456 hops 1 first 23456 origin 23456", true},
		{"6793 4.2.3: the lead may end within a set's neighbour",
		 "{O}40020e 0102fbf5fbf6 0203fbf75ba05ba0 {N} c0110a0202 0001117000011171",
		 "path {64501 64502} 64503 70000 70001 hops 4 first 0 origin 70001 set", true},
		{"6793 6: CONFED segments of AS4_PATH are dropped",
		 "{O}4002040201 5ba0{N} c0110c 0301 0000fbf5 0201 00011170",
		 "path 70000 hops 1 first 70000 origin 70000", true},
		{"6793 6: a malformed AS4_PATH is ignored",
		 "{O}4002040201 fbf5{N} c0110702010001117000",
		 "path 64501 hops 1 first 64501 origin 64501", true},
		{"7607 2: AS 0 in AS4_PATH: it is ignored",
		 "{O}4002040201 fbf5{N} c0110602 0100000000",
		 "path 64501 hops 1 first 64501 origin 64501", true},
		{"AGGREGATOR of a 2-octet speaker widens",
		 "{O}4002040201 fbf5{N} c00706fbf5c0000209",
		 "path 64501 hops 1 first 64501 origin 64501 others c007080000fbf5c0000209", true},
		{"6793 4.2.3: AS4_AGGREGATOR replaces AS_TRANS",
		 "{O}4002040201 5ba0{N} c007065ba0c0000209 c0110602 0100011170 "
		 "c0120800011170c0000209",
		 "path 70000 hops 1 first 70000 origin 70000 others c0070800011170c0000209", true},
		{"6793 4.2.3: an AGGREGATOR that is not AS_TRANS: AS4_* are ignored",
		 "{O}4002040201 5ba0{N} c00706fbf5c0000209 c0110602 0100011170 "
		 "c0120800011170c0000209",
		 "path 23456 hops 1 first 23456 origin 23456 others c007080000fbf5c0000209", true},
		{"AGGREGATOR of 8 octets from a 2-octet speaker is discarded",
		 "{O}4002040201 fbf5{N} c007080000fbf5c0000209",
		 "path 64501 hops 1 first 64501 origin 64501", true},
	};
	struct buf octets = {0}, text = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_update update;
		struct bgp_peer peer = modern_peer();
		uint8_t *keep;
		peer.as4 = !cases[i].as2;
		body(&octets, "", cases[i].attrs, "18cb0071");
		(void)read_exact(&update, &octets, &peer, &keep);
		/* Spaces in the expectation's hex are for the reader only. */
		char expected[512], got[512];
		size_t used = 0;
		const char *others = strstr(cases[i].expected, "others ");
		for (const char *c = cases[i].expected; *c; c++)
			if (*c != ' ' || !others || c <= others + 6)
				expected[used++] = *c;
		expected[used] = 0;
		snprintf(got, sizeof(got), "%s", attrs_text(&text, &update.attrs));
		is_str(got, expected, cases[i].name);
		free(keep);
	}
	buf_fini(&octets);
	buf_fini(&text);
}

static void
limits(void)
{
	const struct bgp_peer peer = modern_peer();
	struct bgp_peer old = peer;
	struct bgp_update update;
	struct buf octets = {0};
	old.as4 = false;

	/* Every unknown type at once, the highest first. */
	buf_u32(&octets, 0);
	hex_put(&octets, "{O}{P}{N}");
	for (unsigned type = 36; type < 256; type++) {
		unsigned backwards = 255 + 36 - type;
		if (backwards == BGP_ATTR_SET)
			continue;
		buf_u8(&octets, 0xc0);
		buf_u8(&octets, (uint8_t)backwards);
		buf_u8(&octets, 0);
	}
	buf_set_u16(&octets, 2, (uint16_t)(octets.length - 4));
	hex_put(&octets, "18cb0071");
	ok(bgp_update_read(&update, cursor_of(octets.data, octets.length), &peer, &scratch) == OK &&
		   cursor_left(&update.attrs.others) == 3 * 219 && update.attrs.others.at[1] == 36,
	   "and they are passed on in order");
	is_int(update.verdict, OK, "an UPDATE with every unknown attribute is taken");
	buf_clear(&octets);

	/* A 2-octet path that becomes larger than an attribute can be. */
	buf_u32(&octets, 0);
	hex_put(&octets, "{O}{N}5002");
	size_t at = octets.length;
	buf_u16(&octets, 0);
	for (unsigned i = 0; i < 120; i++) {
		buf_u8(&octets, 2);
		buf_u8(&octets, 255);
		for (unsigned j = 0; j < 255; j++)
			buf_u16(&octets, 64501);
	}
	buf_set_u16(&octets, at, (uint16_t)(octets.length - at - 2));
	buf_set_u16(&octets, 2, (uint16_t)(octets.length - 4));
	hex_put(&octets, "18cb0071");
	bgp_update_read(&update, cursor_of(octets.data, octets.length), &old, &scratch);
	is_int(update.verdict, WITHDRAW,
	       "a path that would not fit in 4-octet numbers is withdrawn");
	is_int(update.remarks[0].reason, BGP_REASON_PATH_TOO_LONG, "and said to be too long");
	buf_clear(&octets);

	/* Many large communities, half of them twice. */
	buf_u32(&octets, 0);
	hex_put(&octets, "{O}{P}{N}d020");
	at = octets.length;
	buf_u16(&octets, 0);
	for (unsigned i = 0; i < 5000; i++) {
		buf_u32(&octets, 64501);
		buf_u32(&octets, 1);
		buf_u32(&octets, i % 2500);
	}
	buf_set_u16(&octets, at, (uint16_t)(octets.length - at - 2));
	buf_set_u16(&octets, 2, (uint16_t)(octets.length - 4));
	hex_put(&octets, "18cb0071");
	bgp_update_read(&update, cursor_of(octets.data, octets.length), &peer, &scratch);
	is_int((long long)cursor_left(&update.attrs.large_communities), 2500 * 12,
	       "of 5000 large communities 2500 are left");

	/* More remarks than there is room for: what decides is among them. */
	buf_clear(&octets);
	buf_u32(&octets, 0);
	hex_put(&octets, "{O}{P}{N}");
	for (unsigned type = 40; type < 60; type++) {
		buf_u8(&octets, 0x80);
		buf_u8(&octets, (uint8_t)type);
		buf_u8(&octets, 0);
	}
	hex_put(&octets, "800400");
	buf_set_u16(&octets, 2, (uint16_t)(octets.length - 4));
	hex_put(&octets, "18cb0071");
	bgp_update_read(&update, cursor_of(octets.data, octets.length), &peer, &scratch);
	is_int(update.remark_count, BGP_REMARKS_MAX, "remarks are bounded");
	is_int(update.remarks[BGP_REMARKS_MAX - 1].action, BGP_ACTION_WITHDRAW,
	       "and the last one is what decided");
	buf_fini(&octets);
}

static void
words(void)
{
	struct buf text = {0};
	bgp_remark_text(&text, (struct bgp_remark){BGP_ATTR_AS_PATH, BGP_REASON_PATH_SEGMENT,
						   BGP_ACTION_WITHDRAW});
	buf_u8(&text, 0);
	is_str((char *)text.data, "AS_PATH: malformed segment (treated as withdrawn)",
	       "a remark names the attribute, the fault and what was done");
	buf_clear(&text);
	bgp_remark_text(&text, (struct bgp_remark){213, BGP_REASON_WELL_KNOWN, BGP_ACTION_RESET});
	buf_u8(&text, 0);
	is_str((char *)text.data, "attribute 213: unknown but marked well-known (session reset)",
	       "also when the attribute has no name");
	for (unsigned i = 0; i < BGP_REASON_COUNT; i++)
		if (!ok(bgp_reason_text(i) != NULL, "reason %u has words", i))
			break;
	buf_fini(&text);
}

int
main(void)
{
	rules();
	frames();
	prefix_lists();
	path_identifiers();
	attributes();
	limits();
	words();
	return done_testing();
}
