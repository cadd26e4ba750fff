/* The datagrams of two switches: IPFIX (RFC 7011) with the sampling rate of RFC 5477, NetFlow 9 (RFC 3954).
 * Written here once more, so that nothing of the meter is tested by itself. */
#include "scenario/year.h"

enum { FLOWS = 256, RATES = 257, FIELDS = 8 };

static const struct {
	uint16_t element, length;
} fields[FIELDS] = {
	{56, 6}, {80, 6}, /* MACs: source, destination */
	{10, 4}, {14, 4}, /* interfaces: in, out */
	{1, 8},  {2, 8},  /* octets, packets */
	{8, 4},  {12, 4}, /* addresses: source, destination */
};

static size_t
open_set(struct buf *out, uint16_t id)
{
	size_t at = out->length;
	buf_u16(out, id);
	buf_u16(out, 0);
	return at;
}

static void
close_set(struct buf *out, size_t at)
{
	while ((out->length - at) % 4)
		buf_u8(out, 0);
	buf_set_u16(out, at + 2, (uint16_t)(out->length - at));
}

static void
write_templates(struct buf *out, bool ipfix)
{
	size_t at = open_set(out, ipfix ? 2 : 0);
	buf_u16(out, FLOWS);
	buf_u16(out, FIELDS);
	for (int i = 0; i < FIELDS; i++) {
		buf_u16(out, fields[i].element);
		buf_u16(out, fields[i].length);
	}
	close_set(out, at);
	/* One scope, the observation domain or the system, and the rate. */
	at = open_set(out, ipfix ? 3 : 1);
	buf_u16(out, RATES);
	buf_u16(out, ipfix ? 2 : 4); /* fields in all; octets of scopes */
	buf_u16(out, ipfix ? 1 : 4); /* scopes; octets of options */
	buf_u16(out, ipfix ? 149 : 1);
	buf_u16(out, 4);
	buf_u16(out, 34);
	buf_u16(out, 4);
	close_set(out, at);
	at = open_set(out, RATES);
	buf_u32(out, 0);
	buf_u32(out, YEAR_RATE);
	close_set(out, at);
}

static void
write_frames(struct buf *out, const struct year_world *w, const struct year_frame *frames)
{
	size_t at = open_set(out, FLOWS);
	for (int i = 0; i < YEAR_FRAMES; i++) {
		struct mac source = year_mac(frames[i].from), destination = year_mac(frames[i].to);
		buf_put(out, source.octets, sizeof(source.octets));
		buf_put(out, destination.octets, sizeof(destination.octets));
		buf_u32(out, w->ports[frames[i].from].if_index);
		buf_u32(out, w->ports[frames[i].to].if_index);
		buf_u64(out, frames[i].octets);
		buf_u64(out, 1);
		buf_u32(out, 0xc6120001 | frames[i].from << 8);
		buf_u32(out, 0xc6120001 | frames[i].to << 8);
	}
	close_set(out, at);
}

void
year_flows_write(struct buf *out, struct year_world *w, unsigned host, int64_t at_s,
		 const struct year_frame *frames)
{
	struct year_switch *s = &w->switches[host];
	bool ipfix = host == YEAR_IPFIX;
	buf_u16(out, ipfix ? 10 : 9);
	buf_u16(out,
		frames ? YEAR_FRAMES : 3); /* version 9: what is in it; IPFIX: its length, below */
	if (!ipfix)
		buf_u32(out, (uint32_t)((at_s - s->started_s) * 1000));
	buf_u32(out, (uint32_t)at_s);
	buf_u32(out, ipfix ? s->records : s->sequence);
	buf_u32(out, 7); /* domain */
	if (frames)
		write_frames(out, w, frames);
	else
		write_templates(out, ipfix);
	if (ipfix)
		buf_set_u16(out, 2, (uint16_t)out->length);
	s->records += frames ? YEAR_FRAMES : 1;
	s->sequence++;
}
