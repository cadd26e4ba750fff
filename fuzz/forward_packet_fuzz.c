/* Any bytes are a frame or not, a packet or not; nothing is found beyond where it ends. */
#include <stdlib.h>

#include "meter/forward_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct forward_packet packet = forward_packet_read(cursor_of(data, size));
	if (packet.link_length > size || (!packet.link_length && packet.protocol) ||
	    (packet.source_port && size < packet.link_length + 24u))
		abort();
	packet = forward_packet_read_ip(cursor_of(data, size));
	if (packet.link_length || (packet.protocol && size < 20) ||
	    (packet.source_port && size < 24))
		abort();
	return 0;
}
