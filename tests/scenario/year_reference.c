/* The plain reckoning: a line of arithmetic for each rule of docs/billing.md and docs/metering.md, second by second
 * where that is the obvious way. */
#include <stdlib.h>
#include <string.h>

#include "scenario/year.h"

__extension__ typedef unsigned __int128 wide;

enum {
	BRIDGED_BINS = 12, /* a longer silence between two readings is a gap */
	HELD_S = 60,       /* data wait so long for their templates */
	HELD_MAX = 64,
};

struct port_bin {
	uint64_t in, out, flow_in, flow_out;
	uint32_t covered_s;
};

struct year_reference {
	int64_t from_s;
	size_t bins;
	struct {
		bool known, wide, wraps;
		struct year_reading last;
		struct port_bin *bins;
	} ports[YEAR_PORTS];
	bool *heard[YEAR_SWITCHES];
	struct {
		bool templates;
		uint64_t records;
		/* What came before them. */
		struct {
			int64_t at_s;
			struct year_frame frames[YEAR_FRAMES];
		} held[HELD_MAX];
		int held_count;
	} switches[YEAR_SWITCHES];
};

struct year_reference *
year_reference_new(int64_t from_s, int64_t to_s)
{
	struct year_reference *r = calloc(1, sizeof(*r));
	if (!r)
		abort();
	r->from_s = from_s;
	r->bins = (size_t)((to_s - from_s) / YEAR_BIN_S);
	for (int i = 0; i < YEAR_PORTS; i++)
		if (!(r->ports[i].bins = calloc(r->bins, sizeof(*r->ports[i].bins))))
			abort();
	for (int i = 0; i < YEAR_SWITCHES; i++)
		if (!(r->heard[i] = calloc(r->bins, sizeof(bool))))
			abort();
	return r;
}

void
year_reference_free(struct year_reference *r)
{
	for (int i = 0; i < YEAR_PORTS; i++)
		free(r->ports[i].bins);
	for (int i = 0; i < YEAR_SWITCHES; i++)
		free(r->heard[i]);
	free(r);
}

/* The bin that holds a second; NULL outside of the year. */
static struct port_bin *
bin_of(struct year_reference *r, unsigned port, int64_t second)
{
	int64_t bin = (second - r->from_s) / YEAR_BIN_S;
	return second >= r->from_s && (size_t)bin < r->bins ? &r->ports[port].bins[bin] : NULL;
}

void
year_reference_heard(struct year_reference *r, unsigned host, int64_t at_s)
{
	int64_t bin = (at_s - r->from_s) / YEAR_BIN_S;
	if (at_s >= r->from_s && (size_t)bin < r->bins)
		r->heard[host][bin] = true;
}

/* What had come by the end of so many seconds, if it came evenly. */
static uint64_t
by_second(uint64_t octets, int64_t second, int64_t seconds)
{
	if (octets <= UINT64_MAX / (uint64_t)seconds) /* the same, quicker */
		return octets * (uint64_t)second / (uint64_t)seconds;
	return (uint64_t)((wide)octets * (uint64_t)second / (uint64_t)seconds);
}

void
year_reference_reading(struct year_reference *r, unsigned port, struct year_reading now)
{
	const uint64_t wrap = (uint64_t)1 << 32;
	struct year_reading before = r->ports[port].last;
	bool known = r->ports[port].known;
	if (known && now.uptime_s < before.uptime_s && before.uptime_s - now.uptime_s <= 60)
		return; /* an older one that came late */
	bool restarted = known && now.uptime_s < before.uptime_s;
	bool was_wide = r->ports[port].wide && !restarted;
	r->ports[port].last = now;
	r->ports[port].known = true;
	r->ports[port].wide = was_wide || now.in >= wrap || now.out >= wrap;
	if (known && !restarted && !was_wide && (now.in < before.in || now.out < before.out))
		r->ports[port].wraps = true;
	if (r->ports[port].wide)
		r->ports[port].wraps = false;
	int64_t seconds = now.at_s - before.at_s;
	/* It may have gone round twice. */
	if (known && r->ports[port].wraps && (wide)now.speed_bps / 8 * (uint64_t)seconds >= wrap)
		return;
	if (!known || restarted || seconds > BRIDGED_BINS * YEAR_BIN_S)
		return;
	uint64_t in = now.in - before.in, out = now.out - before.out;
	if (now.in < before.in)
		in = wrap - before.in + now.in;
	if (now.out < before.out)
		out = wrap - before.out + now.out;
	uint64_t in_so_far = 0, out_so_far = 0;
	for (int64_t s = 0; s < seconds; s++) {
		struct port_bin *bin = bin_of(r, port, before.at_s + s);
		uint64_t in_then = by_second(in, s + 1, seconds);
		uint64_t out_then = by_second(out, s + 1, seconds);
		if (bin) {
			bin->in += in_then - in_so_far;
			bin->out += out_then - out_so_far;
			bin->covered_s += seconds <= YEAR_BIN_S;
		}
		in_so_far = in_then;
		out_so_far = out_then;
	}
}

void
year_reference_frames(struct year_reference *r, const struct year_frame *frames, int64_t at_s)
{
	for (int i = 0; i < YEAR_FRAMES; i++) {
		struct port_bin *in = bin_of(r, frames[i].from, at_s);
		struct port_bin *out = bin_of(r, frames[i].to, at_s);
		if (!in || !out)
			continue;
		in->flow_in += (uint64_t)frames[i].octets * YEAR_RATE;
		out->flow_out += (uint64_t)frames[i].octets * YEAR_RATE;
	}
}

void
year_reference_flows(struct year_reference *r, unsigned host, const struct year_frame *frames,
		     int64_t at_s)
{
	if (r->switches[host].templates) {
		year_reference_heard(r, host, at_s);
		year_reference_frames(r, frames, at_s);
		r->switches[host].records += YEAR_FRAMES;
		return;
	}
	int at = r->switches[host].held_count;
	if (at == HELD_MAX) { /* the oldest is too old, whatever comes */
		memmove(&r->switches[host].held[0], &r->switches[host].held[1],
			(HELD_MAX - 1) * sizeof(r->switches[host].held[0]));
		at--;
	}
	r->switches[host].held[at].at_s = at_s;
	memcpy(r->switches[host].held[at].frames, frames,
	       sizeof(r->switches[host].held[at].frames));
	r->switches[host].held_count = at + 1;
}

void
year_reference_templates(struct year_reference *r, unsigned host, int64_t at_s)
{
	r->switches[host].templates = true;
	r->switches[host].records++; /* the sampling rate is one */
	year_reference_heard(r, host, at_s);
	int count = r->switches[host].held_count;
	r->switches[host].held_count = 0;
	for (int i = 0; i < count; i++)
		if (at_s - r->switches[host].held[i].at_s <= HELD_S)
			year_reference_flows(r, host, r->switches[host].held[i].frames, at_s);
}

void
year_reference_forget(struct year_reference *r)
{
	for (int i = 0; i < YEAR_PORTS; i++)
		r->ports[i].known = r->ports[i].wide = r->ports[i].wraps = false;
	for (int i = 0; i < YEAR_SWITCHES; i++)
		r->switches[i].templates = false;
	year_reference_die(r);
}

void
year_reference_die(struct year_reference *r)
{
	for (int i = 0; i < YEAR_SWITCHES; i++)
		r->switches[i].held_count = 0;
}

uint64_t
year_reference_records(const struct year_reference *r, unsigned host)
{
	return r->switches[host].records;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

struct year_bin
year_reference_bin(const struct year_reference *r, const struct year_port *port, unsigned number,
		   size_t at)
{
	const struct port_bin *bin = &r->ports[number].bins[at];
	if (bin->covered_s == YEAR_BIN_S)
		return (struct year_bin){bin->in, bin->out, YEAR_COUNTER};
	bool anything = bin->covered_s || bin->in || bin->out || bin->flow_in || bin->flow_out;
	if (!anything && !r->heard[port->host][at])
		return (struct year_bin){0, 0, YEAR_MISSING};
	return (struct year_bin){larger(bin->in, bin->flow_in), larger(bin->out, bin->flow_out),
				 YEAR_ESTIMATED};
}
