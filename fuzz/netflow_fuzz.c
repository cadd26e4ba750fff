/* A series of NetFlow and IPFIX datagrams of one exporter: templates of one are used by the next. In
 * the input each has its length before it (two octets); time goes on by a second a datagram. */
#include <stdlib.h>

#include "meter/netflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netflow_state *state = netflow_state_new(NULL);
	struct cursor in = cursor_of(data, size);
	struct utc_s now = {1700000000};
	if (!state)
		return 0;
	while (cursor_left(&in) > 2) {
		uint16_t length = cursor_u16(&in);
		size_t left = cursor_left(&in);
		struct cursor datagram = cursor_sub(&in, length < left ? length : left);
		struct netflow_reader r;
		struct flow flow;
		size_t flows = 0;
		now.s++;
		if (netflow_open(&r, state, datagram, now) != FLOW_ACCEPTED)
			continue;
		while (netflow_next(&r, &flow)) {
			netflow_transport(&flow);
			flows++;
		}
		netflow_done(&r);
		/* A record has at least one octet, here or where it was held. */
		if (flows > size + NETFLOW_HELD_OCTETS)
			abort();
	}
	struct netflow_totals t = netflow_totals(state);
	if (t.templates > TEMPLATES_MAX || t.domains > NETFLOW_DOMAINS_MAX ||
	    t.held_sets > NETFLOW_HELD_SETS)
		abort();
	netflow_state_free(state);
	return 0;
}
