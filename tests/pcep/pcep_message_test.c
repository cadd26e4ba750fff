/* Messages: those of FRR are understood, what is written is read again, and each fault is told from
 * the others. */
#include "pcep/pcep_message.h"

#include "pcep_bytes.h"
#include "tap.h"

static struct pcep_item item;

/* The items of a message's body: how many, and whether all of it was read. */
static unsigned
items(struct buf *octets, const char *hex, uint8_t type, bool *whole)
{
	unsigned count = 0;
	buf_clear(octets);
	put_hex(octets, hex);
	struct cursor list = cursor_of(octets->data, octets->length);
	struct pcep_item one;
	while (pcep_item_next(&one, &list, type)) {
		item = one;
		count++;
	}
	*whole = !list.failed;
	return count;
}

/* The same without the header of the message. */
static unsigned
whole_items(struct buf *octets, const char *hex, bool *whole)
{
	char rest[2048];
	unsigned digits = 0;
	while (digits < 8)
		digits += *hex++ != ' ';
	snprintf(rest, sizeof(rest), "%s", hex);
	bool request = strncmp(hex - 8, "2003", 4) == 0;
	return items(octets, rest, request ? PCEP_REQUEST : PCEP_REPORT, whole);
}

static void
from_frr(void)
{
	struct buf octets = {0};
	struct buf text = {0};
	struct pcep_open open;
	struct pcep_header header;
	bool whole;
	put_hex(&octets, FRR_OPEN);
	struct cursor c = cursor_of(octets.data, octets.length);
	ok(pcep_header_read(&header, c) && header.type == PCEP_OPEN && header.length == 40,
	   "FRR's Open has a header");
	cursor_skip(&c, PCEP_HEADER);
	ok(pcep_open_read(&open, c) == 0 && open.keepalive_s == 5 && open.dead_s == 20 &&
		   open.stateful && open.update && open.initiate && open.sr && !open.srv6 &&
		   open.sid_depth == 8 && !open.policies,
	   "and says what FRR can");
	ok(whole_items(&octets, FRR_REPORT, &whole) == 1 && whole && !item.fault.type &&
		   item.plsp_id == 1 && item.sync && !item.delegate && item.oper == PCEP_GOING_UP &&
		   item.setup_type == PCEP_SETUP_SR && item.ero.count == 2,
	   "a report of a path is read");
	is_str(item.name, "EXP-exp", "with its name");
	ok(item.has_identifiers && ip_v4_number(item.to) == 0x0a000009 &&
		   ip_v4_number(item.from) == 0x0a63000b,
	   "and its ends");
	ok(whole_items(&octets, FRR_SYNCED, &whole) == 1 && whole && !item.fault.type &&
		   !item.plsp_id && !item.sync,
	   "so is the end of all reports");
	ok(whole_items(&octets, FRR_REQUEST, &whole) == 1 && whole && !item.fault.type &&
		   item.request_id == 1 && item.has_ends && item.setup_type == PCEP_SETUP_SR,
	   "and a request");
	ok(whole_items(&octets, FRR_DELEGATES, &whole) == 1 && item.delegate && item.plsp_id == 2,
	   "and a delegation");
	pcep_route_text(&text, &item.ero);
	buf_u8(&text, 0);
	is_str((const char *)text.data, "16002 (10.0.0.2), 16009 (10.0.0.9)",
	       "with labels and nodes");
	buf_fini(&octets);
	buf_fini(&text);
}

#define RP    "0212000c 00000000 00000001 "
#define RP_SR "02120014 00000000 00000001 001c0004 00000001 "
#define ENDS  "0412000c 0a000001 0a000009 "
#define SRP   "21120014 00000000 00000005 001c0004 00000001 "
#define LSP   "20120010 00001001 00110002 61620000 "
#define ERO   "0712000c 2408000903e81000 "

static void
faults(void)
{
	static const struct {
		const char *name, *hex;
		uint8_t type; /* of the message */
		uint8_t fault, value;
		bool broken; /* its end is not known */
	} cases[] = {
		{"a request", RP_SR ENDS, PCEP_REQUEST, 0, 0, false},
		{"a request without RP", ENDS, PCEP_REQUEST, PCEP_ERR_MISSING, PCEP_ERR_MISSING_RP,
		 false},
		{"one without ends", RP_SR, PCEP_REQUEST, PCEP_ERR_MISSING,
		 PCEP_ERR_MISSING_END_POINTS, false},
		{"ends of a type that is none", RP_SR "0472000c 0a000001 0a000009", PCEP_REQUEST,
		 PCEP_ERR_NOT_SUPPORTED, PCEP_ERR_OBJECT_TYPE, false},
		{"ends that are too short", RP_SR "04120008 0a000001", PCEP_REQUEST,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"request 0", "0212000c 00000000 00000000" ENDS, PCEP_REQUEST,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"an unknown object that must be heeded", RP_SR ENDS "c8120008 00000000",
		 PCEP_REQUEST, PCEP_ERR_UNKNOWN_OBJECT, PCEP_ERR_OBJECT_CLASS, false},
		{"an unknown object that need not", RP_SR ENDS "c8100008 00000000", PCEP_REQUEST, 0,
		 0, false},
		{"requests that are to be worked out together",
		 RP_SR ENDS "0b12000c 00000000 00000001", PCEP_REQUEST, PCEP_ERR_NOT_SUPPORTED,
		 PCEP_ERR_OBJECT_CLASS, false},
		{"another path setup type", "02120014 00000000 00000001 001c0004 00000009" ENDS,
		 PCEP_REQUEST, PCEP_ERR_SETUP_TYPE, PCEP_ERR_SETUP_TYPE_UNSUPPORTED, false},
		{"a bandwidth that is no number", RP_SR ENDS "05120008 7fc00000", PCEP_REQUEST,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"a bandwidth below nothing", RP_SR ENDS "05120008 c0000000", PCEP_REQUEST,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"an object longer than the message", RP_SR "0412001c 0a000001 0a000009",
		 PCEP_REQUEST, 0, 0, true},
		{"an object shorter than its header", RP_SR "04120000 0a000001 0a000009",
		 PCEP_REQUEST, 0, 0, true},
		{"an object of an odd length", RP_SR "0412000b 0a000001 0a000009", PCEP_REQUEST, 0,
		 0, true},
		{"a report", SRP LSP ERO, PCEP_REPORT, 0, 0, false},
		{"a report without LSP", SRP ERO, PCEP_REPORT, PCEP_ERR_MISSING,
		 PCEP_ERR_MISSING_LSP, false},
		{"a report without ERO", SRP LSP, PCEP_REPORT, PCEP_ERR_MISSING,
		 PCEP_ERR_MISSING_ERO, false},
		{"a report of a path that is gone needs none",
		 SRP "20120010 00001004 00110002 61620000", PCEP_REPORT, 0, 0, false},
		{"an SRP that is too short", "21120008 00000000" LSP ERO, PCEP_REPORT,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"a TLV longer than its object", SRP "20120010 00001001 001100ff 61620000" ERO,
		 PCEP_REPORT, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"a hop without SID and NAI", SRP LSP "07120008 2404000c", PCEP_REPORT,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_NO_SID_ERO, false},
		{"a label below 16", SRP LSP "0712000c 24080009 00003000", PCEP_REPORT,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_LABEL, false},
		{"the explicit null is a label", SRP LSP "0712000c 24080009 00000000", PCEP_REPORT,
		 0, 0, false},
		{"an NAI type that is none", SRP LSP "07120010 240cf001 03e81000 0a000001",
		 PCEP_REPORT, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_NAI_TYPE, false},
		{"a hop shorter than its NAI", SRP LSP "0712000c 24081001 03e81000", PCEP_REPORT,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"hops of segment routing and others",
		 SRP LSP "07120014 2408000903e81000 01080a000001 2000", PCEP_REPORT,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MIXED_ERO, false},
		{"a subobject of length 0", SRP LSP "0712000c 2400000903e81000", PCEP_REPORT,
		 PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"a subobject longer than the ERO", SRP LSP "0712000c 2410000903e81000",
		 PCEP_REPORT, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED, false},
		{"an RRO with plain hops is no complaint", SRP LSP ERO "0812000c 01080a000001 2000",
		 PCEP_REPORT, 0, 0, false},
	};
	struct buf octets = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool whole;
		item.fault = (struct pcep_fault){0};
		unsigned count = items(&octets, cases[i].hex, cases[i].type, &whole);
		bool good = whole != cases[i].broken && (cases[i].broken || count == 1) &&
			    (cases[i].broken || (item.fault.type == cases[i].fault &&
						 item.fault.value == cases[i].value));
		ok(good, "%s: error %u, %u", cases[i].name, cases[i].fault, cases[i].value);
		if (!good)
			printf("# %u items, %s, error %u, %u\n", count, whole ? "whole" : "broken",
			       item.fault.type, item.fault.value);
	}
	bool whole;
	ok(items(&octets, RP_SR ENDS RP_SR ENDS, PCEP_REQUEST, &whole) == 2 && whole,
	   "a message may have two requests");
	ok(items(&octets, SRP LSP ERO SRP LSP ERO LSP ERO, PCEP_REPORT, &whole) == 3 && whole,
	   "and three reports");
	ok(items(&octets, RP ENDS, PCEP_REQUEST, &whole) == 1 && !item.setup_type,
	   "who says no path setup type means RSVP");
	buf_fini(&octets);
}

static void
conditions(void)
{
	struct buf octets = {0};
	bool whole;
	ok(items(&octets,
		 RP_SR ENDS
		 "05120008 4d3ebc20 0612000c 0000030c 461c4000 0a12000c 01080a000007 2000 "
		 "11120010 00000000 81080a000008 2000",
		 PCEP_REQUEST, &whole) == 1 &&
		   !item.fault.type,
	   "a request with conditions is read");
	ok(item.has_bandwidth && item.bandwidth_bps == 1600000000, "bandwidth: 200 MB/s");
	ok(item.metric_count == 1 && item.metrics[0].bound && item.metrics[0].wanted &&
		   item.metrics[0].type == PCEP_METRIC_DELAY && item.metrics[0].value == 10000.0f,
	   "a bound of the delay");
	ok(item.include.count == 1 && ip_v4_number(item.include.stops[0].prefix.ip) == 0x0a000007,
	   "an address to lead over");
	ok(item.exclude.count == 1 && !item.exclude.stops[0].must &&
		   ip_v4_number(item.exclude.stops[0].prefix.ip) == 0x0a000008,
	   "one to lead around");
	ok(items(&octets,
		 SRP LSP ERO
		 "28100034 00000000 0006 0001 0a000001 001f0008 00000064 0a000009 003a0003 "
		 "61626300 003b0004 000000c8 00380002 78790000",
		 PCEP_REPORT, &whole) == 1 &&
		   item.policy.there && !item.policy.draft && item.policy.color == 100 &&
		   item.policy.preference == 200 &&
		   ip_v4_number(item.policy.endpoint) == 0x0a000009,
	   "an association says which SR policy it is (RFC 9862)");
	is_str(item.policy.name, "abc", "and the name of its candidate path");
	buf_fini(&octets);
}

static void
written(void)
{
	struct buf out = {0};
	struct pcep_open open = {.keepalive_s = 30,
				 .dead_s = 120,
				 .session_id = 7,
				 .stateful = true,
				 .update = true,
				 .initiate = true,
				 .sr = true,
				 .srv6 = true,
				 .sid_depth = 10,
				 .policies = true},
			 again;
	struct pcep_header header;
	pcep_open_write(&out, &open);
	struct cursor c = cursor_of(out.data, out.length);
	ok(pcep_header_read(&header, c) && header.length == out.length, "an Open is written");
	cursor_skip(&c, PCEP_HEADER);
	ok(pcep_open_read(&again, c) == 0 && memcmp(&open, &again, sizeof(open)) == 0,
	   "and read as it was");
	struct pcep_error_read error;
	buf_clear(&out);
	pcep_error_write(&out, (struct pcep_fault){PCEP_ERR_SESSION, PCEP_ERR_SESSION_NEGOTIABLE},
			 0, 9, &open);
	c = cursor_of(out.data, out.length);
	cursor_skip(&c, PCEP_HEADER);
	ok(pcep_error_read(&error, c) == 0 && error.fault.type == 1 && error.fault.value == 4 &&
		   error.has_open && error.open.keepalive_s == 30 && error.has_srp &&
		   error.srp_id == 9,
	   "an error with an Open is read as it was");
	struct pcep_route route = {
		.count = 3,
		.hops = {{.has_sid = true, .label = true, .entry = sr_entry(16001)},
			 {.has_sid = true,
			  .label = true,
			  .entry = sr_entry(24001) | 0x2ff,
			  .nai = PCEP_NAI_IPV4_LINK,
			  .local = ip_v4(1),
			  .remote = ip_v4(2)},
			 {.loose = true, .nai = PCEP_NAI_IPV4_NODE, .local = ip_v4(3)}}};
	struct pcep_route read;
	buf_clear(&out);
	pcep_route_write(&out, &route);
	ok(pcep_route_read(&read, cursor_of(out.data, out.length), false) == 0 &&
		   memcmp(&read, &route, sizeof(route.hops[0]) * 3) == 0,
	   "a route of labels, links and nodes is read as it was");
	struct pcep_route six = {.count = 1,
				 .hops = {{.srv6 = true,
					   .has_sid = true,
					   .behavior = 1,
					   .sid = {.family = IP_V6, .octets = {0xfc, [15] = 1}}}}};
	buf_clear(&out);
	pcep_route_write(&out, &six);
	ok(pcep_route_read(&read, cursor_of(out.data, out.length), false) == 0 &&
		   pcep_route_equal(&read, &six) && read.hops[0].srv6,
	   "one of SRv6, too");
	pcep_route_write(&out, &route);
	ok(pcep_route_read(&read, cursor_of(out.data, out.length), false) == PCEP_ERR_MIXED_ERO,
	   "but not both in one");
	buf_fini(&out);
}

int
main(void)
{
	from_frr();
	faults();
	conditions();
	written();
	return done_testing();
}
