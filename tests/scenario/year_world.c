/* The world of a year: what goes over each port in each minute, and what happens to the telling of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "lab/lab_sflow.h"
#include "scenario/year.h"

enum {
	MINUTE_S = 60,
	DAY_S = 86400,
	SFLOW_PORTS = 14,   /* of the first two switches; the others have two each */
	LATE_S = 3,         /* of a datagram that was overtaken */
	OVER_S = 2 * DAY_S, /* after its end a month is billed */
};

/* What is drawn by year_chance. */
enum {
	OF_SPEED,
	OF_USE,
	OF_NOISE,
	OF_LOSS,
	OF_LATE,
	OF_TWICE,
	OF_RESTART,
	OF_SILENCE,
	OF_LENGTH,
	OF_STOP,
	OF_KILL,
	OF_FRAME,
	OF_POLL,
};

uint64_t
year_chance(uint64_t seed, uint64_t what, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t x = seed, part[] = {what, a, b, c};
	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++) {
		x ^= part[i] + 0x9e3779b97f4a7c15u + (x << 6) + (x >> 2);
		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
		x = (x ^ x >> 27) * 0x94d049bb133111ebu;
		x ^= x >> 31;
	}
	return x;
}

struct mac
year_mac(unsigned port)
{
	return (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x53, (uint8_t)(port + 1)}};
}

struct ip
year_switch_address(unsigned host)
{
	return (struct ip){.family = IP_V4, .octets = {198, 51, 100, (uint8_t)(host + 1)}};
}

void
year_world_init(struct year_world *w, uint64_t seed, int64_t from_s, int64_t to_s)
{
	static const uint64_t speeds[] = {1000000000, 10000000000, 100000000000};
	*w = (struct year_world){.seed = seed, .from_s = from_s, .to_s = to_s};
	for (unsigned i = 0; i < YEAR_PORTS; i++) {
		struct year_port *p = &w->ports[i];
		(void)snprintf(p->id, sizeof(p->id), "p%u", i);
		p->asn = 64601 + i % YEAR_MEMBERS; /* the first few have two ports */
		p->if_index = 100 + i;
		p->host = i < SFLOW_PORTS ? i % 2 : YEAR_IPFIX + i % 2;
		p->narrow = i == SFLOW_PORTS - 1;
		p->speed_bps =
			p->narrow ? 100000000 : speeds[year_chance(seed, OF_SPEED, i, 0, 0) % 3];
		p->usual_in_bps =
			p->speed_bps / 100 * (5 + year_chance(seed, OF_USE, i, 0, 0) % 60);
		p->usual_out_bps =
			p->speed_bps / 100 * (5 + year_chance(seed, OF_USE, i, 1, 0) % 60);
	}
	for (unsigned s = 0; s < YEAR_SWITCHES; s++)
		w->switches[s].started_s = from_s - 10 * DAY_S;
}

/* Octets of a minute: a day that rises to the evening, a calmer week-end, and noise. Now and then an hour at four times
 * the usual, as attacks and releases of films are. */
static uint64_t
octets_of(const struct year_world *w, unsigned port, bool out, int64_t at_s)
{
	const struct year_port *p = &w->ports[port];
	uint64_t usual = out ? p->usual_out_bps : p->usual_in_bps;
	int64_t second = at_s % DAY_S, from_peak = llabs(second - 20 * 3600);
	if (from_peak > DAY_S / 2)
		from_peak = DAY_S - from_peak;
	uint64_t percent = 120 - 80 * (uint64_t)from_peak / (DAY_S / 2);
	if (at_s / DAY_S % 7 >= 2 && at_s / DAY_S % 7 <= 3)
		percent = percent * 3 / 4;
	uint64_t noise = 900 + year_chance(w->seed, OF_NOISE, port, out, (uint64_t)at_s) % 201;
	if (year_chance(w->seed, OF_NOISE, port, out, (uint64_t)at_s / 3600 + 1) % 97 == 0)
		percent *= 4;
	uint64_t bps = usual / 100 * percent / 1000 * noise;
	if (bps > p->speed_bps)
		bps = p->speed_bps;
	return bps / 8 * MINUTE_S;
}

static void
flow_on(struct year_world *w, int64_t at_s)
{
	for (unsigned i = 0; i < YEAR_PORTS; i++) {
		struct year_port *p = &w->ports[i];
		p->in += octets_of(w, i, false, at_s);
		p->out += octets_of(w, i, true, at_s);
		if (p->narrow) {
			p->in &= UINT32_MAX;
			p->out &= UINT32_MAX;
		}
	}
}

/* One datagram of a switch, and what it says in the words of the reckoning. */
struct told {
	struct buf octets;
	unsigned host;
	enum { COUNTERS, FRAMES, TEMPLATES } what;
	int64_t uptime_s;
	struct year_port ports[YEAR_PORTS]; /* their counters as they are told */
	struct year_frame frames[YEAR_FRAMES];
};

/* A port of the switch: the first, the second ... */
static unsigned
port_of(const struct year_world *w, unsigned host, uint64_t which)
{
	unsigned ports[YEAR_PORTS], count = 0;
	for (unsigned i = 0; i < YEAR_PORTS; i++)
		if (w->ports[i].host == host)
			ports[count++] = i;
	return ports[which % count];
}

/* What is sampled; each comes in where this switch counts. */
static void
draw_frames(const struct year_world *w, struct told *t, int64_t at_s)
{
	for (unsigned i = 0; i < YEAR_FRAMES; i++) {
		uint64_t drawn = year_chance(w->seed, OF_FRAME, t->host, i, (uint64_t)at_s);
		unsigned from = port_of(w, t->host, drawn % 64);
		unsigned to = (unsigned)(drawn / 64 % (YEAR_PORTS - 1));
		to += to >= from;
		t->frames[i] = (struct year_frame){from, to, (uint16_t)(64 + drawn / 65536 % 1400)};
	}
}

static void
add_frame(struct lab_sflow *datagram, struct year_world *w, struct year_switch *s,
	  const struct year_frame *frame)
{
	s->pool += YEAR_RATE;
	lab_sflow_add_frame(
		datagram,
		&(struct lab_sflow_frame){
			.sequence = ++s->frame_sequence,
			.rate = YEAR_RATE,
			.pool = s->pool,
			.input = w->ports[frame->from].if_index,
			.output = w->ports[frame->to].if_index,
			.source_mac = year_mac(frame->from),
			.destination_mac = year_mac(frame->to),
			.source = {.family = IP_V4, .octets = {198, 18, (uint8_t)frame->from, 1}},
			.destination = {.family = IP_V4,
					.octets = {198, 18, (uint8_t)frame->to, 1}},
			.octets = frame->octets,
			.source_port = 443,
			.destination_port = 50000,
		});
}

static void
write_sflow(struct year_world *w, struct told *t)
{
	struct year_switch *s = &w->switches[t->host];
	struct lab_sflow datagram = {0};
	lab_sflow_begin(&datagram, &(struct lab_sflow_header){
					   .agent = year_switch_address(t->host),
					   .sequence = ++s->sequence,
					   .uptime_ms = (uint32_t)(t->uptime_s * 1000),
				   });
	for (unsigned i = 0; t->what == FRAMES && i < YEAR_FRAMES; i++)
		add_frame(&datagram, w, s, &t->frames[i]);
	for (unsigned i = 0; t->what == COUNTERS && i < YEAR_PORTS; i++)
		if (w->ports[i].host == t->host)
			lab_sflow_add_counters(&datagram,
					       &(struct lab_sflow_counters){
						       .sequence = ++s->counter_sequence,
						       .if_index = w->ports[i].if_index,
						       .speed_bps = w->ports[i].speed_bps,
						       .in_octets = w->ports[i].in,
						       .out_octets = w->ports[i].out,
					       });
	lab_sflow_end(&datagram);
	t->octets = datagram.out;
}

static void
make_datagram(struct year_world *w, struct told *t, int64_t at_s)
{
	t->uptime_s = at_s - w->switches[t->host].started_s;
	if (t->what == COUNTERS)
		memcpy(t->ports, w->ports, sizeof(t->ports));
	if (t->what == FRAMES)
		draw_frames(w, t, at_s);
	if (t->host < YEAR_IPFIX)
		write_sflow(w, t);
	else
		year_flows_write(&t->octets, w, t->host, at_s,
				 t->what == TEMPLATES ? NULL : t->frames);
}

static void
reckon(struct year_world *w, const struct told *t, int64_t at_s)
{
	if (t->what == TEMPLATES) {
		year_reference_templates(w->reference, t->host, at_s);
	} else if (t->host >= YEAR_IPFIX) {
		year_reference_flows(w->reference, t->host, t->frames, at_s);
	} else {
		year_reference_heard(w->reference, t->host, at_s);
		if (t->what == FRAMES)
			year_reference_frames(w->reference, t->frames, at_s);
	}
	for (unsigned i = 0; t->what == COUNTERS && i < YEAR_PORTS; i++)
		if (t->ports[i].host == t->host)
			year_reference_reading(
				w->reference, i,
				(struct year_reading){at_s, t->uptime_s, t->ports[i].in,
						      t->ports[i].out, t->ports[i].speed_bps});
}

static bool
arrive(struct year_world *w, const struct told *t, int64_t at_s)
{
	return w->collector.arrive(w->collector.context, t->host, &t->octets, at_s);
}

static void
deliver(struct year_world *w, const struct told *t, int64_t at_s)
{
	w->count.datagrams++;
	if (arrive(w, t, at_s))
		reckon(w, t, at_s);
}

/* Once in so many minutes, on average. */
static bool
befalls(const struct year_world *w, unsigned what, unsigned host, int64_t at_s, uint64_t minutes)
{
	return year_chance(w->seed, what, host, (uint64_t)at_s, 7) % minutes == 0;
}

static void
restart_switch(struct year_world *w, unsigned host, int64_t at_s)
{
	w->switches[host] = (struct year_switch){.started_s = at_s, .silent_until_s = at_s + 120};
	for (unsigned i = 0; i < YEAR_PORTS; i++)
		if (w->ports[i].host == host)
			w->ports[i].in = w->ports[i].out = 0;
	w->count.restarts++;
}

/* What befalls a datagram on its way. True: it is still under way, and the next one overtakes it. */
static bool
send(struct year_world *w, const struct told *t, bool may_be_late, int64_t at_s)
{
	unsigned what = t->host * 2 + may_be_late;
	if (befalls(w, OF_LOSS, what, at_s, 400)) {
		w->count.lost++;
		return false;
	}
	if (may_be_late && befalls(w, OF_LATE, what, at_s, 2500)) {
		w->count.late++;
		return true;
	}
	deliver(w, t, at_s);
	if (befalls(w, OF_TWICE, what, at_s, 5000)) {
		w->count.twice++;
		(void)arrive(w, t, at_s);
	}
	return false;
}

/* Two datagrams of a minute, a second apart: a switch of sFlow tells its counters and the frames it has
 * sampled, the others frames each time. */
static void
tell(struct year_world *w, unsigned host, int64_t at_s)
{
	struct told first = {.host = host, .what = host < YEAR_IPFIX ? COUNTERS : FRAMES};
	struct told second = {.host = host, .what = FRAMES};
	make_datagram(w, &first, at_s);
	make_datagram(w, &second, at_s + 1);
	bool overtaken = send(w, &first, true, at_s);
	(void)send(w, &second, false, at_s + 1);
	if (overtaken)
		deliver(w, &first, at_s + LATE_S);
	buf_fini(&first.octets);
	buf_fini(&second.octets);
}

/* The templates come again every quarter of an hour: until then those who do not know them wait. */
static void
tell_templates(struct year_world *w, unsigned host, int64_t at_s)
{
	struct told templates = {.host = host, .what = TEMPLATES};
	make_datagram(w, &templates, at_s);
	(void)send(w, &templates, false, at_s);
	buf_fini(&templates.octets);
}

/* The switch that speaks IPFIX is asked for its counters. */
static void
poll_counters(struct year_world *w, unsigned host, int64_t at_s)
{
	for (unsigned i = 0; i < YEAR_PORTS; i++) {
		const struct year_port *p = &w->ports[i];
		struct year_reading reading = {at_s, at_s - w->switches[host].started_s, p->in,
					       p->out, p->speed_bps};
		if (p->host == host && !befalls(w, OF_POLL, i, at_s, 400) &&
		    w->collector.poll(w->collector.context, i, &reading))
			year_reference_reading(w->reference, i, reading);
	}
}

/* Whether the switch is there in this minute. */
static bool
is_up(struct year_world *w, unsigned host, int64_t at_s)
{
	enum { A_DAY = 1440, A_MONTH = 30 * A_DAY };
	struct year_switch *s = &w->switches[host];
	if (befalls(w, OF_RESTART, host, at_s, 2 * A_MONTH))
		restart_switch(w, host, at_s);
	if (befalls(w, OF_SILENCE, host, at_s, 10 * A_DAY)) {
		uint64_t length = year_chance(w->seed, OF_LENGTH, host, (uint64_t)at_s, 0);
		s->silent_until_s = at_s + 300 + (int64_t)(length % (3 * 3600));
		w->count.silences++;
	}
	return at_s >= s->silent_until_s;
}

/* What becomes of the collector in this minute. */
static void
collector_minute(struct year_world *w, int64_t at_s)
{
	enum { A_MONTH = 30 * 1440 };
	struct utc_date day = utc_to_date((struct utc_s){at_s - OVER_S});
	if (day.day == 1 && (at_s - OVER_S) % DAY_S == 0 && at_s - OVER_S > w->from_s) {
		struct utc_date before = utc_to_date((struct utc_s){at_s - OVER_S - 1});
		w->collector.month(w->collector.context, before.year, before.month, at_s);
	}
	if (befalls(w, OF_STOP, 0, at_s, A_MONTH)) {
		w->collector.restart(w->collector.context, at_s);
		w->count.stops++;
	} else if (befalls(w, OF_KILL, 0, at_s, A_MONTH / 4)) {
		w->collector.kill(w->collector.context, at_s);
		w->count.kills++;
	}
}

void
year_play(struct year_world *w)
{
	enum { POLLED_S = 11, TEMPLATES_S = 14, QUARTER_S = 15 * MINUTE_S };
	static const int64_t offset_s[YEAR_SWITCHES] = {7, 31, 41, 45}; /* in the minute */
	for (int64_t t = w->from_s; t < w->to_s; t += MINUTE_S) {
		flow_on(w, t);
		collector_minute(w, t);
		bool up[YEAR_SWITCHES];
		for (unsigned s = 0; s < YEAR_SWITCHES; s++)
			up[s] = is_up(w, s, t);
		for (unsigned s = 0; s < YEAR_SWITCHES; s++) {
			if (up[s])
				tell(w, s, t + offset_s[s]);
			if (s == 0 && up[YEAR_IPFIX] && t % YEAR_BIN_S == 0)
				poll_counters(w, YEAR_IPFIX, t + POLLED_S);
		}
		/* Not in the first minute, so that data wait for them. */
		for (unsigned s = YEAR_IPFIX; s < YEAR_SWITCHES; s++)
			if (up[s] && (t - w->from_s) % QUARTER_S == 3 * MINUTE_S)
				tell_templates(w, s,
					       t + offset_s[s] + TEMPLATES_S -
						       (s == YEAR_IPFIX) * 5);
	}
}
