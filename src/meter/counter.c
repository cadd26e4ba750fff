/* Counters to octets. For each port the last reading, and a ring of bins:
 *
 *	ring[(start / length) % COUNTER_BINS] = { start, closed?, late?, sums[port] }        */
#include "meter/counter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/uptime.h"

__extension__ typedef unsigned __int128 wide;

struct last {
	bool known;
	bool wide; /* has been beyond 32 bits: it does not wrap there */
	uint32_t exporter, if_index;
	uint32_t uptime_ms;
	int64_t at_s;
	uint64_t in_octets, out_octets;
};

struct ring_bin {
	int64_t start_s;
	bool closed, late;
	struct counter_sum *sums; /* a port each */
};

struct counters {
	int64_t length_s;
	size_t port_count;
	struct last *last;
	struct ring_bin ring[COUNTER_BINS];
};

struct counters *
counters_new(uint32_t bin_length_s)
{
	assert(bin_length_s > 0);
	struct counters *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->length_s = bin_length_s;
	for (int i = 0; i < COUNTER_BINS; i++)
		c->ring[i].start_s = -1;
	return c;
}

void
counters_free(struct counters *c)
{
	if (!c)
		return;
	for (int i = 0; i < COUNTER_BINS; i++)
		free(c->ring[i].sums);
	free(c->last);
	free(c);
}

/* Grows *array from `had` to `count` zeroed items. */
static int
grow(void **array, size_t size, size_t had, size_t count)
{
	void *grown = realloc(*array, count * size);
	if (!grown)
		return -1;
	memset((char *)grown + had * size, 0, (count - had) * size);
	*array = grown;
	return 0;
}

int
counters_reserve(struct counters *c, size_t count)
{
	size_t had = c->port_count;
	if (count <= had)
		return 0;
	void *last = c->last;
	if (grow(&last, sizeof(*c->last), had, count) < 0)
		return -1;
	c->last = last;
	for (int i = 0; i < COUNTER_BINS; i++) {
		void *sums = c->ring[i].sums;
		if (grow(&sums, sizeof(struct counter_sum), had, count) < 0)
			return -1;
		c->ring[i].sums = sums;
	}
	c->port_count = count;
	return 0;
}

/* The bin that holds the second, begun anew if the ring has an older one there. */
static struct ring_bin *
bin_at(struct counters *c, int64_t second)
{
	int64_t number = second / c->length_s;
	struct ring_bin *bin = &c->ring[number % COUNTER_BINS];
	if (bin->start_s != number * c->length_s) {
		memset(bin->sums, 0, c->port_count * sizeof(*bin->sums));
		bin->start_s = number * c->length_s;
		bin->closed = bin->late = false;
	}
	return bin;
}

static uint64_t
share(uint64_t octets, int64_t part_s, int64_t all_s)
{
	return (uint64_t)((wide)octets * (uint64_t)part_s / (uint64_t)all_s);
}

static void
add(struct ring_bin *bin, uint32_t port, struct counter_sum sum)
{
	struct counter_sum *to = &bin->sums[port];
	to->in += sum.in;
	to->out += sum.out;
	to->covered_s += sum.covered_s;
	bin->late |= bin->closed;
}

/* Spreads octets counted in [from, until) over the bins by time. */
static void
spread(struct counters *c, uint32_t port, int64_t from_s, int64_t until_s, struct counter_sum all)
{
	int64_t elapsed = until_s - from_s;
	if (elapsed == 0) {
		add(bin_at(c, until_s), port, all);
		return;
	}
	for (int64_t at = from_s; at < until_s;) {
		struct ring_bin *bin = bin_at(c, at);
		int64_t end =
			bin->start_s + c->length_s < until_s ? bin->start_s + c->length_s : until_s;
		struct counter_sum part = {
			.in = share(all.in, end - from_s, elapsed) -
			      share(all.in, at - from_s, elapsed),
			.out = share(all.out, end - from_s, elapsed) -
			       share(all.out, at - from_s, elapsed),
			.covered_s = elapsed > c->length_s ? 0 : (uint32_t)(end - at),
		};
		add(bin, port, part);
		at = end;
	}
}

/* The difference of two readings of one counter; false when it went back and was not a 32-bit
 * counter that wrapped (RFC 2863 section 3.1.6). */
static bool
difference(uint64_t *out, uint64_t before, uint64_t now, bool may_wrap)
{
	*out = now - before;
	if (now >= before)
		return true;
	if (!may_wrap)
		return false;
	*out = (uint64_t)UINT32_MAX + 1 - before + now;
	return true;
}

enum counter_result
counters_take(struct counters *c, uint32_t port, struct counter_reading reading, struct utc_s now)
{
	assert(port < c->port_count && now.s >= 0);
	struct last *last = &c->last[port], before = *last;
	if (before.exporter != reading.exporter || before.if_index != reading.if_index)
		before = (struct last){0}; /* the port has moved to another interface */
	int64_t elapsed = now.s - before.at_s;
	enum uptime_step step = uptime_step(before.uptime_ms, reading.uptime_ms, elapsed);
	/* What lies between it and the newer one is counted already. */
	if (before.known && step == UPTIME_OVERTAKEN)
		return COUNTER_OVERTAKEN;
	bool restarted = step == UPTIME_RESTARTED;
	*last = (struct last){
		.known = true,
		.wide = (before.wide && !restarted) || reading.in_octets > UINT32_MAX ||
			reading.out_octets > UINT32_MAX,
		.exporter = reading.exporter,
		.if_index = reading.if_index,
		.uptime_ms = reading.uptime_ms,
		.at_s = now.s,
		.in_octets = reading.in_octets,
		.out_octets = reading.out_octets,
	};
	if (!before.known)
		return COUNTER_FIRST;
	if (elapsed < 0)
		return COUNTER_RESET; /* our own clock was set back */
	if (elapsed > COUNTER_GAP_BINS * c->length_s)
		return COUNTER_TOO_LATE;
	/* What a restart lost is not known, unless there was nothing before it. */
	bool from_nothing = !before.in_octets && !before.out_octets;
	struct counter_sum sum = {0};
	if ((restarted && !from_nothing) ||
	    !difference(&sum.in, before.in_octets, reading.in_octets, !before.wide) ||
	    !difference(&sum.out, before.out_octets, reading.out_octets, !before.wide))
		return COUNTER_RESET;
	/* A quarter more than the line, and two seconds for clocks that read whole seconds. */
	wide possible = (wide)reading.speed_bps / 8 * (uint64_t)(elapsed + 2) * 5 / 4;
	if (reading.speed_bps && (sum.in > possible || sum.out > possible))
		return COUNTER_JUMP;
	spread(c, port, before.at_s, now.s, sum);
	return COUNTER_COUNTED;
}

static const struct ring_bin *
bin_of(const struct counters *c, struct utc_s start)
{
	const struct ring_bin *bin = &c->ring[start.s / c->length_s % COUNTER_BINS];
	return bin->start_s == start.s ? bin : NULL;
}

struct counter_sum
counters_of(const struct counters *c, uint32_t port, struct utc_s start)
{
	const struct ring_bin *bin = bin_of(c, start);
	return bin && port < c->port_count ? bin->sums[port] : (struct counter_sum){0};
}

void
counters_close(struct counters *c, struct utc_s start)
{
	if (!c->port_count)
		return;
	struct ring_bin *bin = bin_at(c, start.s);
	memset(bin->sums, 0, c->port_count * sizeof(*bin->sums));
	bin->closed = true;
	bin->late = false;
}

bool
counters_late(const struct counters *c, struct utc_s *start)
{
	bool found = false;
	for (int i = 0; i < COUNTER_BINS; i++) {
		if (!c->ring[i].late || (found && c->ring[i].start_s > start->s))
			continue;
		start->s = c->ring[i].start_s;
		found = true;
	}
	return found;
}
