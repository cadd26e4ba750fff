/* Writing sFlow version 5 (sflow.org, July 2004, section 5). */
#include "scenario/sflow_build.h"

#include <string.h>

static void
put_ip(struct buf *to, struct ip ip)
{
	buf_u32(to, ip.family == IP_V4 ? 1 : 2);
	buf_put(to, ip.octets, ip.family == IP_V4 ? 4 : 16);
}

static void
set_u32(struct buf *to, size_t at, uint32_t value)
{
	buf_set_u16(to, at, (uint16_t)(value >> 16));
	buf_set_u16(to, at + 2, (uint16_t)value);
}

/* A length that is filled in by close_length. */
static size_t
open_length(struct buf *to)
{
	buf_u32(to, 0);
	return to->length;
}

static void
close_length(struct buf *to, size_t start)
{
	set_u32(to, start - 4, (uint32_t)(to->length - start));
}

void
sflow_begin(struct sflow_datagram *d, struct ip agent, uint32_t sequence, uint32_t uptime_ms)
{
	*d = (struct sflow_datagram){0};
	buf_u32(&d->octets, 5);
	put_ip(&d->octets, agent);
	buf_u32(&d->octets, 0); /* sub_agent_id */
	buf_u32(&d->octets, sequence);
	buf_u32(&d->octets, uptime_ms);
	d->count_at = d->octets.length;
	buf_u32(&d->octets, 0);
}

void
sflow_end(struct sflow_datagram *d)
{
	set_u32(&d->octets, d->count_at, d->count);
}

/* Ethernet and IP headers; what follows in the frame was not sampled. */
static void
put_header(struct buf *to, const struct sflow_sight *seen)
{
	bool v4 = seen->from.family == IP_V4;
	size_t start = open_length(to);
	buf_put(to, seen->destination.octets, 6);
	buf_put(to, seen->source.octets, 6);
	buf_u16(to, v4 ? 0x0800 : 0x86dd);
	if (v4) {
		buf_u16(to, 0x4500);
		buf_u16(to, SFLOW_FRAME - 18);
		buf_u32(to, 0);
		buf_u32(to, 0x40110000); /* time to live, UDP, checksum */
		buf_put(to, seen->from.octets, 4);
		buf_put(to, seen->to.octets, 4);
	} else {
		buf_u32(to, 0x60000000);
		buf_u16(to, SFLOW_FRAME - 58);
		buf_u16(to, 0x1140);
		buf_put(to, seen->from.octets, 16);
		buf_put(to, seen->to.octets, 16);
	}
	close_length(to, start);
	while (to->length % 4)
		buf_u8(to, 0);
}

void
sflow_add_frame(struct sflow_datagram *d, const struct sflow_sight *seen)
{
	struct buf *to = &d->octets;
	buf_u32(to, 1); /* flow sample */
	size_t sample = open_length(to);
	buf_u32(to, seen->sequence);
	buf_u32(to, seen->at);
	buf_u32(to, seen->rate);
	buf_u32(to, seen->pool);
	buf_u32(to, 0);
	buf_u32(to, seen->input);
	buf_u32(to, seen->output);
	buf_u32(to, 1);
	buf_u32(to, 1); /* raw packet header */
	size_t record = open_length(to);
	buf_u32(to, 1);
	buf_u32(to, SFLOW_FRAME);
	buf_u32(to, 4); /* the frame's check sequence is stripped, and counted */
	put_header(to, seen);
	close_length(to, record);
	close_length(to, sample);
	d->count++;
}

void
sflow_add_counters(struct sflow_datagram *d, const struct sflow_counted *counted)
{
	struct buf *to = &d->octets;
	buf_u32(to, 2); /* counters sample */
	size_t sample = open_length(to);
	buf_u32(to, counted->sequence);
	buf_u32(to, counted->if_index);
	buf_u32(to, 1);
	buf_u32(to, 1); /* generic interface counters */
	size_t record = open_length(to);
	buf_u32(to, counted->if_index);
	buf_u32(to, 6);
	buf_u64(to, counted->speed_bps);
	buf_u32(to, 1);
	buf_u32(to, 3);
	buf_u64(to, counted->in_octets);
	for (int i = 0; i < 6; i++)
		buf_u32(to, 0);
	buf_u64(to, counted->out_octets);
	for (int i = 0; i < 6; i++)
		buf_u32(to, 0);
	close_length(to, record);
	close_length(to, sample);
	d->count++;
}
