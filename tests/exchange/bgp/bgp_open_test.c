/* OPEN: what is refused with which code, what is read from capabilities, and that what we write
 * reads back. */
#include "exchange/bgp/bgp_open.h"

#include "hex.h"
#include "tap.h"

/* Version 4, AS 64501, hold time 90, identifier 192.0.2.2. */
#define FIXED "04 fbf5 005a c0000202 "

static void
errors(void)
{
	static const struct {
		const char *name, *hex, *expected; /* "code.subcode data", NULL: accepted */
	} cases[] = {
		{"5492 3: no parameter", FIXED "00", NULL},
		{"4271 6.2: version 3; the data names ours", "03 fbf5 005a c0000202 00",
		 "2.1 0004"},
		{"4271 6.2: version 5", "05 fbf5 005a c0000202 00", "2.1 0004"},
		{"7607 2: AS 0", "04 0000 005a c0000202 00", "2.2 "},
		{"7607 2: AS 0 in the capability", FIXED "08 0206 4104 00000000", "2.2 "},
		{"6793: the two AS numbers differ", FIXED "08 0206 4104 0000fbf6", "2.2 "},
		{"6793: AS_TRANS and a large number", "04 5ba0 005a c0000202 08 0206 4104 00011170",
		 NULL},
		{"6793: AS_TRANS and a small number", "04 5ba0 005a c0000202 08 0206 4104 0000fbf5",
		 NULL},
		{"6793: capability given twice, differently",
		 FIXED "0e 020c 4104 0000fbf5 4104 0000fbf6", "2.2 "},
		{"6793 4.1: AS4 capability of 2 octets", FIXED "06 0204 4102 fbf5", "2.0 "},
		{"6286 2.1: identifier 0", "04 fbf5 005a 00000000 00", "2.3 "},
		{"6286 2.1: identifier 224.0.0.1 is a number like any", "04 fbf5 005a e0000001 00",
		 NULL},
		{"4271 6.2: hold time 0", "04 fbf5 0000 c0000202 00", NULL},
		{"4271 6.2: hold time 1", "04 fbf5 0001 c0000202 00", "2.6 "},
		{"4271 6.2: hold time 2", "04 fbf5 0002 c0000202 00", "2.6 "},
		{"4271 6.2: hold time 3", "04 fbf5 0003 c0000202 00", NULL},
		{"4271 6.2: parameter 1, authentication", FIXED "04 0102 aaaa", "2.4 "},
		{"4271 6.2: parameter 3", FIXED "02 0300", "2.4 "},
		{"4271 6.2: parameter overruns", FIXED "04 02ff 0200", "2.0 "},
		{"4271 6.2: parameters longer than the message", FIXED "10 0202 0200", "2.0 "},
		{"4271 6.2: parameters shorter than the message", FIXED "04 0202 0200 00", "2.0 "},
		{"4271 6.2: one stray octet of a parameter", FIXED "05 0202 0200 02", "2.0 "},
		{"4271 6.2: no octet for the length", FIXED "", "2.0 "},
		{"5492 4: a capability overruns its parameter", FIXED "04 0202 6409", "2.0 "},
		{"5492 4: a capability of one octet", FIXED "03 0201 02", "2.0 "},
		{"5492 4: an empty parameter", FIXED "02 0200", NULL},
		{"5492 4: the same capability thirty times", FIXED "0a 0208 0200 0200 0200 0200",
		 NULL},
		{"4760 8: multiprotocol of 3 octets", FIXED "07 0205 0103 000100", "2.0 "},
		{"4724 3: graceful restart of 1 octet is ignored", FIXED "05 0203 4001 00", NULL},
		{"4724 3: graceful restart cut in a family is ignored",
		 FIXED "09 0207 4005 0000000101", NULL},
		{"9234 4.1: a role of 2 octets is ignored", FIXED "06 0204 0902 0001", NULL},
		{"9234 4.2: the same role twice", FIXED "08 0206 090103 090103", NULL},
		{"9234 4.2: two roles", FIXED "08 0206 090103 090100", "2.11 "},
		{"9072 2: extended lengths", FIXED "ff ff 000b 02 0008 4104 0000fbf5 0200", NULL},
		{"9072 2: the length before the marker does not matter",
		 FIXED "01 ff 000b 02 0008 4104 0000fbf5 0200", NULL},
		{"9072 2: extended lengths overrun", FIXED "ff ff ffff 02 0008 4104 0000fbf5 0200",
		 "2.0 "},
		{"9072 2: the inner length overruns", FIXED "ff ff 000b 02 0009 4104 0000fbf5 0200",
		 "2.0 "},
		{"9072 2: only the marker", FIXED "ff ff", "2.0 "},
		{"9072 2: the marker and half a length", FIXED "ff ff 00", "2.0 "},
		{"4271 6.2: too short for its fixed part", "04 fbf5", "2.0 "},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0}, data = {0};
		struct bgp_open open;
		struct bgp_error error;
		char got[64];
		hex_put(&octets, cases[i].hex);
		uint8_t *exact = malloc(octets.length);
		memcpy(exact, octets.data, octets.length);
		bool refused = bgp_open_read(&open, &error, cursor_of(exact, octets.length)) < 0;
		if (refused)
			snprintf(got, sizeof(got), "%u.%u %s", error.code, error.subcode,
				 hex_text(&data, error.data));
		is_str(refused ? got : NULL, cases[i].expected, cases[i].name);
		free(exact);
		buf_fini(&octets);
		buf_fini(&data);
	}
}

static struct bgp_open
open_of(const char *hex)
{
	struct buf octets = {0};
	struct bgp_open open = {0};
	struct bgp_error error;
	hex_put(&octets, hex);
	ok(bgp_open_read(&open, &error, cursor_of(octets.data, octets.length)) == 0,
	   "an OPEN is read");
	buf_fini(&octets);
	return open;
}

static void
capabilities(void)
{
	struct bgp_open open = open_of(FIXED "00");
	ok(open.capabilities.ipv4 && !open.capabilities.ipv6 && !open.capabilities.multiprotocol,
	   "4760 8: without a word of families it is IPv4");
	is_int(open.asn.number, 64501, "the number of the fixed field counts");

	open = open_of("04 5ba0 005a c0000202 0e 020c 4104 00011170 0104 00020001");
	ok(!open.capabilities.ipv4 && open.capabilities.ipv6, "4760 8: only IPv6");
	is_int(open.asn.number, 70000, "6793: the large number counts");

	open = open_of(FIXED "4b 0249 4104 0000fbf5 0200 0600 4600 0506 000100010002 "
			     "400a 8078 00010180 00020100 4508 00010103 00020102 0901 02 "
			     "490a 05 726f757465 03 6e6574 6300 8000 4104 0000fbf5 0104 00010001");
	const struct bgp_capabilities *c = &open.capabilities;
	ok(c->as4 && c->refresh && c->extended_messages && c->enhanced_refresh &&
		   c->extended_next_hop,
	   "the flags are read");
	ok(c->graceful_restart && c->restarting && c->restart_time_s == 120 && c->restart_ipv4 &&
		   c->restart_ipv6 && c->restart_ipv4_kept && !c->restart_ipv6_kept,
	   "4724 3: graceful restart");
	ok(!c->restart_notified && !c->long_lived, "and nothing more of it than was said");
	ok(c->add_path_ipv4 == BGP_ADD_PATH_BOTH && c->add_path_ipv6 == BGP_ADD_PATH_SEND,
	   "7911 4: ADD-PATH");
	is_int(c->role, BGP_ROLE_RS_CLIENT, "9234 4.1: role");
	is_str(c->host_name, "route", "the host name");
	is_int(c->unknown_count, 2, "unknown ones are counted");

	open = open_of(FIXED "18 0216 4002 c05a 4710 00010180 000e10 00020100 093a80 0c 0d");
	is_int(open.capabilities.long_lived, 0,
	       "9494 3.1: a length that is no multiple of 7 makes it absent");
	open = open_of(FIXED "16 0214 4002 c05a 470e 00010180 000e10 00020100 093a80");
	ok(c->graceful_restart && c->restarting && c->restart_notified && c->restart_time_s == 90 &&
		   !c->restart_ipv4,
	   "8538 2: the N bit; 4724 3: a helper names no family");
	ok(c->long_lived && c->stale_ipv4_s == 3600 && c->stale_ipv4_kept &&
		   c->stale_ipv6_s == 604800 && !c->stale_ipv6_kept,
	   "9494 3.1: long-lived graceful restart");
	open = open_of(FIXED "0b 0209 4707 00010180 000e10");
	ok(!c->long_lived && !c->stale_ipv4_s && !c->stale_ipv4_kept,
	   "9494 4.1: without graceful restart it counts for nothing");
	open = open_of(FIXED "12 0210 4006 8078 00010180 4006 003c 00020100");
	ok(c->restart_time_s == 60 && !c->restarting && !c->restart_ipv4 && !c->restart_ipv4_kept &&
		   c->restart_ipv6,
	   "4724 3: of two graceful restarts the last counts");
	open = open_of(FIXED "18 0216 4002 005a 4707 00010180 000e10 4707 00020100 000e10");
	ok(!c->stale_ipv4_s && !c->stale_ipv4_kept && c->stale_ipv6_s == 3600,
	   "9494 3.1: of two long-lived ones the last counts");

	open = open_of(FIXED "0a 0208 4906 04 41 1b 20 ff 00");
	is_str(open.capabilities.host_name, "A???", "a host name is made printable");
	open = open_of(FIXED "05 0203 4901 ff");
	is_str(open.capabilities.host_name, "", "a host name that overruns is absent");
	open = open_of(FIXED "08 0206 4504 00010104");
	is_int(open.capabilities.add_path_ipv4, 0, "7911 4: ADD-PATH value 4 is ignored");
	open = open_of(FIXED "05 0203 0901 ff");
	ok(open.capabilities.role != BGP_ROLE_NONE,
	   "9234 4.1: role 255 is a role, if no known one");
}

static void
round_trip(void)
{
	const struct bgp_open ours = {
		.asn = {70000},
		.hold_time_s = 90,
		.router_id = 0xc0000201,
		.capabilities = {.multiprotocol = true,
				 .ipv4 = true,
				 .ipv6 = true,
				 .as4 = true,
				 .refresh = true,
				 .enhanced_refresh = true,
				 .extended_messages = true,
				 .extended_next_hop = true,
				 .graceful_restart = true,
				 .restarting = true,
				 .restart_notified = true,
				 .restart_time_s = 120,
				 .restart_ipv6 = true,
				 .restart_ipv6_kept = true,
				 .long_lived = true,
				 .stale_ipv4_s = 86400,
				 .stale_ipv6_s = 0xffffff,
				 .stale_ipv6_kept = true,
				 .add_path_ipv4 = 2,
				 .role = BGP_ROLE_RS,
				 .host_name = "rs1.khi"},
	};
	struct buf octets = {0};
	struct bgp_header header;
	struct bgp_error error;
	struct bgp_open back;
	bgp_open_write(&octets, &ours);
	struct cursor c = cursor_of(octets.data, octets.length);
	ok(bgp_header_read(&header, &error, c, BGP_MAX) == 0 && header.length == octets.length &&
		   header.type == BGP_OPEN,
	   "what we write has a sound header");
	cursor_skip(&c, BGP_HEADER);
	ok(bgp_open_read(&back, &error, c) == 0, "and is read");
	ok(back.asn.number == ours.asn.number && back.hold_time_s == ours.hold_time_s &&
		   back.router_id == ours.router_id,
	   "with the same fixed part");
	struct buf again = {0};
	bgp_open_write(&again, &back);
	ok(again.length == octets.length && memcmp(again.data, octets.data, again.length) == 0,
	   "and the same capabilities");
	buf_clear(&octets);
	const struct bgp_open bare = {.asn = {64501},
				      .hold_time_s = 90,
				      .router_id = 1,
				      .capabilities.role = BGP_ROLE_NONE};
	bgp_open_write(&octets, &bare);
	is_int((long long)octets.length, 29, "without capabilities there is no parameter");
	buf_fini(&octets);
	buf_fini(&again);
}

int
main(void)
{
	errors();
	capabilities();
	round_trip();
	return done_testing();
}
