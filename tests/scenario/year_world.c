/* The world of a year: what goes over each port in each minute, and what happens to the telling of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab_sflow.h"
#include "scenario/year.h"

enum {
	MINUTE_S = 60,
	DAY_S = 86400,
	FRAMES_A_MINUTE = 2, /* that a switch samples */
	RATE = 1 << 20,      /* one frame in so many */
	LATE_S = 3,          /* of a datagram that was overtaken */
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
	OF_COLLECTOR,
	OF_FRAME,
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
		p->host = i % YEAR_SWITCHES;
		p->narrow = i == YEAR_PORTS - 1;
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

/* One of each kind; the text after id and member. */
static const char *const contracts[YEAR_MEMBERS] = {
	"'kind': 'flat', 'currency': 'USD', 'monthly': '9800', 'tax_percent': '18', 'starts': "
	"'2026-01-17'",
	"'kind': 'commit', 'currency': 'USD', 'monthly': '0.32', 'overage': '0.45', 'commit': "
	"'400M', 'tax_percent': "
	"'19.5'",
	"'kind': 'items', 'currency': 'PKR', 'time_zone': 'Asia/Karachi', 'tax_percent': '16', "
	"'items': [{'kind': "
	"'tiers', 'tiers': [{'up_to': '1G', 'price': '250'}, {'up_to': '10G', 'price': '190.5'}, "
	"{'price': '120'}]}, "
	"{'kind': 'port', 'price': '1200', 'per': 'gigabit'}]",
	"'kind': 'items', 'currency': 'EUR', 'time_zone': 'Europe/Berlin', 'percentile': "
	"{'direction': "
	"'each-bin-larger'}, 'items': [{'kind': 'slabs', 'tiers': [{'up_to': '500M', 'price': "
	"'0.9'}, {'up_to': '5G', "
	"'price': '0.61'}, {'price': '0.335'}]}, {'kind': 'minimum', 'price': '700', 'of': "
	"'invoice'}]",
	"'kind': 'items', 'currency': 'USD', 'percentile': {'direction': 'sum', 'ports': "
	"'sum-after'}, 'items': [{'kind': "
	"'transit', 'price': '0.27', 'commit': '2G', 'overage': '0.31'}], 'price_change': 'apart'",
	"'kind': 'items', 'currency': 'KWD', 'percentile': {'missing': 'zero'}, 'items': [{'kind': "
	"'volume', 'price': "
	"'0.65', 'unit': 'TB', 'direction': 'sum', 'included': 5}, {'kind': 'cloud', 'price': "
	"'75.5', 'count': 2}]",
	"'kind': 'items', 'currency': 'JPY', 'percentile': {'method': 'top-days', 'top_days': 5, "
	"'peak_bin': 5}, 'items': "
	"[{'kind': 'commit', 'price': '33.3', 'commit': '100M', 'id': 'use'}, {'kind': 'once', "
	"'price': '90000', "
	"'starts': '2026-03-05'}, {'kind': 'credit', 'of': 'use', 'percent': '10', 'every_month': "
	"true, 'starts': "
	"'2026-04-01', 'ends': '2026-09-16'}]",
	"'kind': 'items', 'currency': 'KZT', 'time_zone': 'Asia/Almaty', 'tax_percent': '12', "
	"'items': [{'kind': 'commit', "
	"'price': '210', 'commit': '300M', 'ends': '2026-08-10'}, {'kind': 'commit', 'price': "
	"'195', 'commit': '500M', "
	"'starts': '2026-08-10'}, {'kind': 'burst', 'by': 'rate', 'above_percent': '150', 'price': "
	"'99'}]",
	"'kind': 'items', 'currency': 'USD', 'percentile': {'method': 'daily-mean'}, 'items': "
	"[{'kind': 'transit', 'price': "
	"'0.4'}, {'kind': 'iru', 'price': '1200000', 'months': 180, 'payment': 'instalments', "
	"'starts': '2026-02-10', "
	"'upkeep': '36000', 'share_percent': '12.5'}, {'kind': 'maximum', 'price': '25000', 'of': "
	"'usage'}]",
	"'kind': 'commit', 'currency': 'USD', 'monthly': '0.5', 'commit': '1G', 'starts': "
	"'2026-05-11', 'ends': "
	"'2026-11-20', 'percentile': {'valid_days': true, 'round_up': '1M', 'rank': '90'}",
};

static void
put_contracts(struct buf *out)
{
	buf_str(out, "],\n\"contracts\": [");
	for (unsigned m = 0; m < YEAR_MEMBERS; m++) {
		buf_printf(out, "%s{\"id\": \"c%u\", \"member\": %u, ", m ? ",\n" : "", m,
			   64601 + m);
		for (const char *at = contracts[m]; *at; at++)
			buf_u8(out, *at == '\'' ? '"' : (uint8_t)*at);
		buf_str(out, "}");
	}
	buf_str(out, "]}\n");
}

void
year_hub_text(const struct year_world *w, struct buf *out)
{
	buf_str(out, "{\"hub\": {\"name\": \"Year Hub\", \"short_name\": \"YH\", \"asn\": 64500, "
		     "\"router_id\": "
		     "\"192.0.2.1\", \"country\": \"PK\"},\n"
		     "\"lans\": [{\"name\": \"peering\", \"ipv4\": "
		     "\"203.0.113.0/24\"}],\n\"exporters\": [");
	for (unsigned s = 0; s < YEAR_SWITCHES; s++)
		buf_printf(out, "%s{\"id\": \"sw%u\", \"address\": \"198.51.100.%u\"}",
			   s ? ", " : "", s, s + 1);
	buf_str(out, "],\n\"members\": [");
	for (unsigned m = 0; m < YEAR_MEMBERS; m++) {
		buf_printf(out,
			   "%s{\"asn\": %u, \"name\": \"Member %u\", \"kind\": \"carrier\", "
			   "\"ports\": [",
			   m ? ",\n" : "", 64601 + m, m);
		for (unsigned i = m; i < YEAR_PORTS; i += YEAR_MEMBERS)
			buf_printf(out,
				   "%s{\"id\": \"%s\", \"speed\": \"%lluM\", \"ipv4\": "
				   "\"203.0.113.%u\", "
				   "\"exporter\": \"sw%u\", \"if_index\": %u, \"macs\": "
				   "[\"00:00:5e:00:53:%02x\"]}",
				   i == m ? "" : ", ", w->ports[i].id,
				   (unsigned long long)(w->ports[i].speed_bps / 1000000), 10 + i,
				   w->ports[i].host, w->ports[i].if_index, i + 1);
		buf_str(out, "]}");
	}
	put_contracts(out);
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

/* One datagram of a switch, and what it says in the words of the reckoning: counters, or frames. */
struct told {
	struct lab_sflow datagram;
	unsigned host;
	bool counts;
	int64_t uptime_s;
	struct year_port ports[YEAR_PORTS]; /* their counters as they are told */
	struct {
		unsigned from, to;
		uint64_t octets;
	} frames[FRAMES_A_MINUTE];
};

static void
add_frames(struct year_world *w, struct told *t, int64_t at_s)
{
	struct year_switch *s = &w->switches[t->host];
	for (unsigned i = 0; i < FRAMES_A_MINUTE; i++) {
		uint64_t drawn = year_chance(w->seed, OF_FRAME, t->host, i, (uint64_t)at_s);
		/* It comes in where this switch counts. */
		unsigned from =
			(unsigned)(drawn % (YEAR_PORTS / YEAR_SWITCHES)) * YEAR_SWITCHES + t->host;
		unsigned to = (unsigned)(drawn / 64 % (YEAR_PORTS - 1));
		to += to >= from;
		uint16_t octets = (uint16_t)(64 + drawn / 65536 % 1400);
		s->pool += RATE;
		lab_sflow_add_frame(
			&t->datagram,
			&(struct lab_sflow_frame){
				.sequence = ++s->frame_sequence,
				.rate = RATE,
				.pool = s->pool,
				.input = w->ports[from].if_index,
				.output = w->ports[to].if_index,
				.source_mac = year_mac(from),
				.destination_mac = year_mac(to),
				.source = {.family = IP_V4, .octets = {198, 18, (uint8_t)from, 1}},
				.destination = {.family = IP_V4,
						.octets = {198, 18, (uint8_t)to, 1}},
				.octets = octets,
				.source_port = 443,
				.destination_port = 50000,
			});
		t->frames[i].from = from;
		t->frames[i].to = to;
		t->frames[i].octets = (uint64_t)octets * RATE;
	}
}

static void
add_counters(struct year_world *w, struct told *t)
{
	struct year_switch *s = &w->switches[t->host];
	for (unsigned i = t->host; i < YEAR_PORTS; i += YEAR_SWITCHES)
		lab_sflow_add_counters(&t->datagram, &(struct lab_sflow_counters){
							     .sequence = ++s->counter_sequence,
							     .if_index = w->ports[i].if_index,
							     .speed_bps = w->ports[i].speed_bps,
							     .in_octets = w->ports[i].in,
							     .out_octets = w->ports[i].out,
						     });
	memcpy(t->ports, w->ports, sizeof(t->ports));
}

static void
make_datagram(struct year_world *w, struct told *t, int64_t at_s)
{
	struct year_switch *s = &w->switches[t->host];
	t->uptime_s = at_s - s->started_s;
	lab_sflow_begin(&t->datagram, &(struct lab_sflow_header){
					      .agent = year_switch_address(t->host),
					      .sequence = ++s->sequence,
					      .uptime_ms = (uint32_t)(t->uptime_s * 1000),
				      });
	if (t->counts)
		add_counters(w, t);
	else
		add_frames(w, t, at_s);
	lab_sflow_end(&t->datagram);
}

static void
deliver(struct year_world *w, const struct told *t, int64_t at_s)
{
	w->arrive(w->context, t->host, &t->datagram.out, at_s);
	w->count.datagrams++;
	year_reference_heard(w->reference, t->host, at_s);
	for (unsigned i = t->host; t->counts && i < YEAR_PORTS; i += YEAR_SWITCHES)
		year_reference_reading(w->reference, i,
				       (struct year_reading){at_s, t->uptime_s, t->ports[i].in,
							     t->ports[i].out,
							     t->ports[i].speed_bps});
	for (unsigned i = 0; !t->counts && i < FRAMES_A_MINUTE; i++)
		year_reference_frame(w->reference, t->frames[i].from, t->frames[i].to,
				     t->frames[i].octets, at_s);
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
	struct year_switch *s = &w->switches[host];
	*s = (struct year_switch){.started_s = at_s, .silent_until_s = at_s + 120};
	for (unsigned i = host; i < YEAR_PORTS; i += YEAR_SWITCHES)
		w->ports[i].in = w->ports[i].out = 0;
	w->count.restarts++;
}

/* What befalls a datagram on its way. True: it is still under way, and the next one overtakes it. */
static bool
send(struct year_world *w, const struct told *t, int64_t at_s)
{
	unsigned what = t->host * 2 + t->counts;
	if (befalls(w, OF_LOSS, what, at_s, 400)) {
		w->count.lost++;
		return false;
	}
	if (t->counts && befalls(w, OF_LATE, what, at_s, 2500)) {
		w->count.late++;
		return true;
	}
	deliver(w, t, at_s);
	if (befalls(w, OF_TWICE, what, at_s, 5000)) {
		w->count.twice++;
		w->arrive(w->context, t->host, &t->datagram.out, at_s);
	}
	return false;
}

/* A switch's minute: its counters, and a second later the frames it has sampled. */
static void
tell(struct year_world *w, unsigned host, int64_t at_s)
{
	enum { A_DAY = 1440, A_MONTH = 30 * A_DAY };
	struct year_switch *s = &w->switches[host];
	struct told counters = {.host = host, .counts = true}, frames = {.host = host};
	if (befalls(w, OF_RESTART, host, at_s, 2 * A_MONTH))
		restart_switch(w, host, at_s);
	if (befalls(w, OF_SILENCE, host, at_s, 10 * A_DAY)) {
		s->silent_until_s =
			at_s + 300 +
			(int64_t)(year_chance(w->seed, OF_LENGTH, host, (uint64_t)at_s, 0) %
				  (3 * 3600));
		w->count.silences++;
	}
	if (at_s < s->silent_until_s)
		return;
	make_datagram(w, &counters, at_s);
	make_datagram(w, &frames, at_s + 1);
	bool overtaken = send(w, &counters, at_s);
	(void)send(w, &frames, at_s + 1);
	if (overtaken)
		deliver(w, &counters, at_s + LATE_S);
	buf_fini(&counters.datagram.out);
	buf_fini(&frames.datagram.out);
}

void
year_play(struct year_world *w)
{
	enum { A_MONTH = 30 * 1440 };
	static const int64_t offset_s[YEAR_SWITCHES] = {7, 31}; /* in the minute */
	for (int64_t t = w->from_s; t < w->to_s; t += MINUTE_S) {
		flow_on(w, t);
		if (befalls(w, OF_COLLECTOR, 0, t, A_MONTH)) {
			w->restart(w->context, t);
			w->count.collector_restarts++;
		}
		for (unsigned s = 0; s < YEAR_SWITCHES; s++)
			tell(w, s, t + offset_s[s]);
	}
}
