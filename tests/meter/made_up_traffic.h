/* Made-up sFlow of four switches, second by second, from a seed: frames between members and from
 * strangers, on the way in and out, counters, datagrams that are lost or come again. */
#pragma once

#include "base/hash.h"
#include "exchange.h"
#include "meter/meter.h"

enum { MADE_UP_SWITCHES = 4, MADE_UP_MEMBERS = 12, MADE_UP_START = 1700000100 };

struct made_up {
	uint64_t state;
	uint32_t datagram[MADE_UP_SWITCHES], sample[MADE_UP_SWITCHES];
	uint64_t in[MADE_UP_MEMBERS], out[MADE_UP_MEMBERS]; /* octets that really passed */
};

typedef void made_up_sink(void *context, unsigned number, struct ip source, struct cursor datagram);

static inline uint64_t
made_up_below(struct made_up *m, uint64_t limit)
{
	return hash_u64(m->state += 0x9e3779b97f4a7c15u) % limit;
}

/* Twelve members on four switches; the third samples on the way out only. */
static inline struct hub *
made_up_hub(void)
{
	struct hub *hub = exchange_new(MADE_UP_MEMBERS);
	for (uint32_t i = 0; i < MADE_UP_SWITCHES; i++)
		hub->exporters[i] =
			(struct hub_exporter){.id = arena_printf(hub->arena, "sw%u", i + 1),
					      .address = ip_v4(0xc0000201 + i)};
	hub->exporter_count = MADE_UP_SWITCHES;
	for (uint32_t i = 0; i < MADE_UP_MEMBERS; i++)
		hub->ports[i].exporter = i % MADE_UP_SWITCHES;
	return hub;
}

static inline void
made_up_frame(struct made_up *m, struct buf *b, unsigned number)
{
	static const char *const sources[] = {"39.32.1.1", "203.0.113.9", "2001:db8:1::1"};
	static const char *const destinations[] = {"203.0.113.7", "39.32.7.7", "2a05:2180::1"};
	size_t family = made_up_below(m, 3);
	uint32_t from =
		(uint32_t)made_up_below(m, MADE_UP_MEMBERS / MADE_UP_SWITCHES) * MADE_UP_SWITCHES +
		number;
	uint32_t to = (uint32_t)made_up_below(m, MADE_UP_MEMBERS + 1);
	bool out = number == 2;
	struct frame f = {
		.from = out                    ? to
			: made_up_below(m, 20) ? from
					       : 77,
		.to = out ? from : to,
		.vlan = 100,
		.length = (uint16_t)(64 + made_up_below(m, 1400)),
		.rate = 1000,
		.input = 5,
		.output = 9,
		.source = out ? 9 : 5,
		.source_ip = sources[family],
		.destination_ip = destinations[family],
	};
	sflow_flow_sample(b, ++m->sample[number], &f);
}

static inline void
made_up_counters(struct made_up *m, struct buf *b, unsigned number)
{
	for (uint32_t i = number; i < MADE_UP_MEMBERS; i += MADE_UP_SWITCHES)
		sflow_counter_sample(b, ++m->sample[number], 1000 + i, m->in[i], m->out[i]);
}

/* What one switch sends in second `s`: nothing, or a datagram or two. */
static inline void
made_up_send(struct made_up *m, unsigned number, int64_t s, made_up_sink *sink, void *context)
{
	struct buf b = {0};
	struct ip source = ip_v4(0xc0000201 + number);
	/* Where samples are taken on the way in is known before those on the way out come. */
	if (number == 2 && s < 170)
		return;
	bool counters = s % 20 == (int64_t)number;
	for (unsigned n = 0; n < 2; n++) {
		if (n && !counters)
			break;
		buf_clear(&b);
		m->datagram[number]++;
		uint32_t samples =
			n ? MADE_UP_MEMBERS / MADE_UP_SWITCHES : (uint32_t)made_up_below(m, 5);
		sflow_header(&b,
			     (struct sflow_numbers){0, m->datagram[number],
						    (uint32_t)(10000000 + s * 1000)},
			     samples);
		if (n)
			made_up_counters(m, &b, number);
		for (uint32_t i = 0; !n && i < samples; i++)
			made_up_frame(m, &b, number);
		if (made_up_below(m, 30) == 0)
			continue; /* lost on the way */
		sink(context, number, source, cursor_of(b.data, b.length));
		if (made_up_below(m, 50) == 0)
			sink(context, number, source, cursor_of(b.data, b.length));
	}
	if (made_up_below(m, 200) == 0)
		sink(context, number, ip_v4(0x0a000001 + number), cursor_of(b.data, b.length));
	buf_fini(&b);
}

/* One second of all of them. */
static inline void
made_up_second(struct made_up *m, int64_t s, made_up_sink *sink, void *context)
{
	for (uint32_t i = 0; i < MADE_UP_MEMBERS; i++) {
		m->in[i] += made_up_below(m, 1000000000);
		m->out[i] += made_up_below(m, 1000000000);
	}
	for (unsigned number = 0; number < MADE_UP_SWITCHES; number++)
		made_up_send(m, number, s, sink, context);
}
