/* BFD Control packets: which are dropped, and why; what we write reads back. */
#include "exchange/bfd/bfd_packet.h"

#include <stdlib.h>

#include "tap.h"

static size_t
from_hex(uint8_t *out, const char *hex)
{
	size_t length = 0;
	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		char pair[3] = {hex[0], hex[1], 0};
		out[length++] = (uint8_t)strtoul(pair, NULL, 16);
		hex++;
	}
	return length;
}

static void
faults(void)
{
	static const struct {
		const char *name, *hex;
		enum bfd_fault fault;
	} cases[] = {
		{"a sound packet", "20 c0 03 18 00000001 00000002 000493e0 000493e0 00000000",
		 BFD_FAULT_NONE},
		{"octets after it do not matter",
		 "20 c0 03 18 00000001 00000002 000493e0 000493e0 00000000 aabb", BFD_FAULT_NONE},
		{"6.8.6: version 0", "00 c0 03 18 00000001 00000002 000493e0 000493e0 00000000",
		 BFD_FAULT_VERSION},
		{"6.8.6: version 2", "40 c0 03 18 00000001 00000002 000493e0 000493e0 00000000",
		 BFD_FAULT_VERSION},
		{"6.8.6: a length below 24",
		 "20 c0 03 17 00000001 00000002 000493e0 000493e0 00000000", BFD_FAULT_LENGTH},
		{"6.8.6: a length beyond the datagram",
		 "20 c0 03 19 00000001 00000002 000493e0 000493e0 00000000", BFD_FAULT_LENGTH},
		{"6.8.6: a datagram that is cut",
		 "20 c0 03 18 00000001 00000002 000493e0 000493e0 000000", BFD_FAULT_LENGTH},
		{"an empty datagram", "", BFD_FAULT_LENGTH},
		{"one octet", "20", BFD_FAULT_LENGTH},
		{"6.8.6: multiplier 0", "20 c0 00 18 00000001 00000002 000493e0 000493e0 00000000",
		 BFD_FAULT_MULTIPLIER},
		{"6.8.6: multipoint", "20 c1 03 18 00000001 00000002 000493e0 000493e0 00000000",
		 BFD_FAULT_MULTIPOINT},
		{"6.8.6: no discriminator",
		 "20 c0 03 18 00000000 00000002 000493e0 000493e0 00000000",
		 BFD_FAULT_DISCRIMINATOR},
		{"6.8.6: up without ours",
		 "20 c0 03 18 00000001 00000000 000493e0 000493e0 00000000", BFD_FAULT_STATE},
		{"6.8.6: init without ours",
		 "20 80 03 18 00000001 00000000 000493e0 000493e0 00000000", BFD_FAULT_STATE},
		{"6.8.6: down without ours",
		 "20 40 03 18 00000001 00000000 000493e0 000493e0 00000000", BFD_FAULT_NONE},
		{"6.8.6: down on purpose without ours",
		 "27 00 03 18 00000001 00000000 000493e0 000493e0 00000000", BFD_FAULT_NONE},
		{"6.8.6: authentication, which we have not",
		 "20 c4 03 1a 00000001 00000002 000493e0 000493e0 00000000 0102",
		 BFD_FAULT_AUTHENTICATED},
		{"6.8.6: authentication that has no room",
		 "20 c4 03 18 00000001 00000002 000493e0 000493e0 00000000", BFD_FAULT_LENGTH},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t octets[64];
		struct bfd_packet packet;
		size_t length = from_hex(octets, cases[i].hex);
		uint8_t *exact = malloc(length ? length : 1);
		if (!exact)
			abort();
		memcpy(exact, octets, length);
		is_int(bfd_packet_read(&packet, cursor_of(exact, length)), cases[i].fault,
		       cases[i].name);
		free(exact);
	}
}

static void
fields(void)
{
	uint8_t octets[64], ours[BFD_PACKET];
	struct bfd_packet p;
	size_t length =
		from_hex(octets, "23 72 05 18 01020304 05060708 000f4240 0007a120 0000c350");
	ok(bfd_packet_read(&p, cursor_of(octets, length)) == BFD_FAULT_NONE &&
		   p.diagnostic == BFD_DIAGNOSTIC_NEIGHBOUR && p.state == BFD_DOWN && p.poll &&
		   p.final && p.demand && p.multiplier == 5 && p.discriminator == 0x01020304 &&
		   p.your_discriminator == 0x05060708 && p.transmit_us == 1000000 &&
		   p.receive_us == 500000,
	   "4.1: every field is where it belongs");
	bfd_packet_write(ours, &p);
	octets[23] = octets[22] = 0; /* echo: we do none */
	ok(memcmp(ours, octets, BFD_PACKET) == 0, "and what we write is the same");
	is_str(bfd_state_name(BFD_ADMIN_DOWN), "admin-down", "states have names");
	is_str(bfd_diagnostic_text(BFD_DIAGNOSTIC_EXPIRED), "control detection time expired",
	       "and diagnostics words");
	is_str(bfd_diagnostic_text(31), "unknown", "as far as there are any");
}

int
main(void)
{
	faults();
	fields();
	return done_testing();
}
