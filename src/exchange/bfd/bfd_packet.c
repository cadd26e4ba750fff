/* BFD Control packets:
 *
 *	version 3 bits, diagnostic 5 | state 2, P F C A D M | multiplier | length
 *	my discriminator | your discriminator | desired min tx | required min rx | required min echo rx
 *
 * Authentication may follow; we have none. C stays clear: this program is the control plane. */
#include "exchange/bfd/bfd_packet.h"

#include <assert.h>
#include <stddef.h>

enum {
	VERSION = 1,
	FLAG_POLL = 0x20,
	FLAG_FINAL = 0x10,
	FLAG_AUTHENTICATED = 0x04,
	FLAG_DEMAND = 0x02,
	FLAG_MULTIPOINT = 0x01,
	WITH_AUTHENTICATION = 26, /* octets at least */
};

enum bfd_fault
bfd_packet_read(struct bfd_packet *out, struct cursor datagram)
{
	size_t size = cursor_left(&datagram);
	uint8_t first = cursor_u8(&datagram);
	uint8_t second = cursor_u8(&datagram);
	struct bfd_packet p = {
		.diagnostic = first & 0x1f,
		.state = second >> 6,
		.poll = second & FLAG_POLL,
		.final = second & FLAG_FINAL,
		.demand = second & FLAG_DEMAND,
	};
	p.multiplier = cursor_u8(&datagram);
	uint8_t length = cursor_u8(&datagram);
	p.discriminator = cursor_u32(&datagram);
	p.your_discriminator = cursor_u32(&datagram);
	p.transmit_us = cursor_u32(&datagram);
	p.receive_us = cursor_u32(&datagram);
	cursor_skip(&datagram, 4); /* echo, which we do not do */
	bool authenticated = second & FLAG_AUTHENTICATED;
	if (size && first >> 5 != VERSION)
		return BFD_FAULT_VERSION;
	if (datagram.failed || length < (authenticated ? WITH_AUTHENTICATION : BFD_PACKET) ||
	    length > size)
		return BFD_FAULT_LENGTH;
	if (!p.multiplier)
		return BFD_FAULT_MULTIPLIER;
	if (second & FLAG_MULTIPOINT)
		return BFD_FAULT_MULTIPOINT;
	if (!p.discriminator)
		return BFD_FAULT_DISCRIMINATOR;
	if (!p.your_discriminator && p.state > BFD_DOWN)
		return BFD_FAULT_STATE;
	if (authenticated)
		return BFD_FAULT_AUTHENTICATED;
	*out = p;
	return BFD_FAULT_NONE;
}

static void
put_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

void
bfd_packet_write(uint8_t out[BFD_PACKET], const struct bfd_packet *packet)
{
	assert(packet->multiplier && packet->discriminator && packet->state <= BFD_UP);
	out[0] = (uint8_t)(VERSION << 5 | (packet->diagnostic & 0x1f));
	out[1] = (uint8_t)(packet->state << 6 | (packet->poll ? FLAG_POLL : 0) |
			   (packet->final ? FLAG_FINAL : 0) | (packet->demand ? FLAG_DEMAND : 0));
	out[2] = packet->multiplier;
	out[3] = BFD_PACKET;
	put_u32(out + 4, packet->discriminator);
	put_u32(out + 8, packet->your_discriminator);
	put_u32(out + 12, packet->transmit_us);
	put_u32(out + 16, packet->receive_us);
	put_u32(out + 20, 0);
}

const char *
bfd_state_name(uint8_t state)
{
	static const char *const names[] = {"admin-down", "down", "init", "up"};
	assert(state <= BFD_UP);
	return names[state];
}

const char *
bfd_diagnostic_text(uint8_t diagnostic)
{
	static const char *const texts[] = {
		"no diagnostic",
		"control detection time expired",
		"echo failed",
		"neighbour signalled down",
		"forwarding plane reset",
		"path down",
		"concatenated path down",
		"administratively down",
		"reverse concatenated path down",
	};
	return diagnostic < sizeof(texts) / sizeof(texts[0]) ? texts[diagnostic] : "unknown";
}
