/* NetFlow version 5: a header and up to 30 records of one form. */
#include "meter/netflow_state.h"

enum { RECORD = 48 };

enum flow_refusal
netflow5_open(struct netflow_reader *r)
{
	struct cursor c = r->rest;
	cursor_skip(&c, 2);
	uint16_t count = cursor_u16(&c);
	struct netflow_order order = {.message = r->rest, .has_uptime = true};
	order.uptime_ms = cursor_u32(&c);
	order.wall_s = cursor_u32(&c);
	cursor_skip(&c, 4); /* nanoseconds of it */
	r->sequence = cursor_u32(&c);
	uint16_t engine = cursor_u16(&c);
	uint16_t sampling = cursor_u16(&c);
	if (c.failed)
		return FLOW_TOO_SHORT;
	/* Two bits of mode, 14 of interval; 0 says nothing, 1 in 1 must be said. */
	r->v5_sampling = (struct sampling){sampling & 0x3fff, 1};
	if (!count || cursor_left(&c) < count * (size_t)RECORD)
		return FLOW_LENGTHS;
	struct netflow_domain *d = netflow_domain_of(r->state, 5, engine, r->now_s);
	if (!d)
		return FLOW_DOMAIN_LIMIT;
	r->domain = d;
	r->v5_left = count;
	r->message = cursor_sub(&c, count * (size_t)RECORD);
	r->rest = c;
	order.message.end = c.at;
	return netflow_order_take(r, order) ? FLOW_ACCEPTED : FLOW_REPEATED;
}

bool
netflow5_next(struct netflow_reader *r, struct flow *out)
{
	if (!r->v5_left)
		return false;
	r->v5_left--;
	const uint8_t *at = cursor_take(&r->message, RECORD);
	*out = (struct flow){.family = IP_V4, .measured = true, .sampling = r->v5_sampling};
	flow_set_ip(&out->source, IP_V4, at);
	flow_set_ip(&out->destination, IP_V4, at + 4);
	struct cursor c = cursor_of(at + 12, RECORD - 12); /* behind the next hop */
	out->input = cursor_u16(&c);
	out->output = cursor_u16(&c);
	out->packets = cursor_u32(&c);
	out->octets = cursor_u32(&c);
	cursor_skip(&c, 8); /* times */
	out->source_port = cursor_u16(&c);
	out->destination_port = cursor_u16(&c);
	cursor_skip(&c, 1);
	out->tcp_flags = cursor_u8(&c);
	out->protocol = cursor_u8(&c);
	out->tos = cursor_u8(&c);
	out->source_as = cursor_u16(&c);
	out->destination_as = cursor_u16(&c);
	r->domain->records++;
	r->records++;
	r->flows++;
	return true;
}
