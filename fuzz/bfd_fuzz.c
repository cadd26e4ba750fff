/* A BFD neighbour that says anything at any time. The input is a list of steps: an octet that says how
 * many milliseconds pass, one that says how long the datagram is, and the datagram. Whatever comes, up and
 * down alternate, and the session neither spins nor falls silent. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bfd/bfd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
note(bool *up, enum bfd_event event)
{
	if (event == BFD_EVENT_NONE)
		return;
	assert(*up != (event == BFD_EVENT_UP));
	*up = event == BFD_EVENT_UP;
}

static void
speak(struct bfd *b, struct mono_us now)
{
	struct bfd_packet packet, again;
	uint8_t octets[BFD_PACKET];
	unsigned count = 0;
	while (bfd_output(b, &packet, now)) {
		bfd_packet_write(octets, &packet);
		enum bfd_fault fault = bfd_packet_read(&again, cursor_of(octets, sizeof(octets)));
		/* We may be up only with somebody whose discriminator we know. */
		assert(fault == BFD_FAULT_NONE && again.state == b->state);
		assert(++count <= 2);
	}
	assert(bfd_deadline(b).us > now.us);
}

static void
hear(struct bfd *b, bool *up, struct cursor datagram, struct mono_us now)
{
	struct bfd_packet packet;
	size_t length = cursor_left(&datagram);
	uint8_t *exact = malloc(length + 1);
	if (!exact)
		return;
	cursor_copy(&datagram, exact, length);
	if (bfd_packet_read(&packet, cursor_of(exact, length)) == BFD_FAULT_NONE)
		note(up, bfd_input(b, &packet, now));
	free(exact);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bfd_config config = {300000, 300000, 3}, other = {50000, 1500000, 1};
	struct cursor in = cursor_of(data, size);
	struct mono_us now = {1000000};
	struct bfd b;
	bool up = false;
	bfd_init(&b, &config, 1, 1, now);
	speak(&b, now);
	while (cursor_left(&in)) {
		now = mono_add_ms(now, 4 * cursor_u8(&in));
		size_t length = cursor_u8(&in);
		if (length == 255)
			bfd_configure(&b, &other, now);
		if (length > cursor_left(&in))
			length = cursor_left(&in);
		hear(&b, &up, cursor_sub(&in, length), now);
		note(&up, bfd_tick(&b, now));
		assert(up == (b.state == BFD_UP));
		speak(&b, now);
	}
	return 0;
}
