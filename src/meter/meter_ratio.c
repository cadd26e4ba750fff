/* Ports whose samples and counters do not agree: a wrong sampling rate, interfaces that are not
 * sampled, a counter of another one. Shares of such a port are not to be believed. */
#include <string.h>

#include "hub/traffic_normal.h"
#include "meter/meter_state.h"

/* How far a ratio is outside of the band, in hundredths of a percent. */
static uint32_t
distance(const struct hub_metering *band, uint32_t per_10000)
{
	uint32_t low = band->ratio_min_percent * 100, high = band->ratio_max_percent * 100;
	return per_10000 < low ? low - per_10000 : per_10000 > high ? per_10000 - high : 0;
}

/* The way that is further off, of those with enough samples. False when none has. */
static bool
worse_way(struct traffic_ratio *out, const struct hub_metering *band,
	  const struct traffic_batch *batch, const struct traffic_port *p)
{
	bool found = false;
	for (int way = 0; way < 2; way++) {
		struct traffic_ratio r;
		if (!traffic_ratio(&r, batch, p, way) || r.samples < band->ratio_samples)
			continue;
		if (!found || distance(band, r.per_10000) > distance(band, out->per_10000))
			*out = r;
		found = true;
	}
	return found;
}

/* An alarm begins when so many bins in a row are outside, and ends when so many are inside; those that
 * do not tell change nothing. */
static void
judge(struct meter *m, struct meter_ratio *past, const struct traffic_batch *batch,
      const struct traffic_port *p)
{
	const struct hub_metering *band = &m->hub->metering;
	struct traffic_ratio r;
	if (!worse_way(&r, band, batch, p))
		return;
	bool outside = distance(band, r.per_10000) != 0;
	if (outside == past->alarm)
		past->bins = 0;
	else if (++past->bins >= band->ratio_bins) {
		past->alarm = outside;
		past->bins = 0;
	}
	watch_ratio(m->watch, p->port,
		    &(struct watch_ratio){
			    .ppm = (uint64_t)r.per_10000 * 100,
			    .low_ppm = (uint64_t)band->ratio_min_percent * 10000,
			    .high_ppm = (uint64_t)band->ratio_max_percent * 10000,
			    .out = past->alarm,
		    },
		    (struct utc_s){batch->start.s + batch->length_s});
}

void
meter_judge_ratios(struct meter *m, const struct traffic_batch *batch)
{
	size_t at = 0;
	if (!m->watching || !m->hub->metering.ratio_bins)
		return;
	/* The ports of a batch are some of the roster's, in the same order. */
	for (uint32_t i = 0; i < m->roster.port_count && at < batch->port_count; i++) {
		if (strcmp(m->roster.ports[i].id, batch->ports[at].port) != 0)
			continue;
		if (m->roster.ports[i].hub_port != HUB_NONE)
			judge(m, &m->ratios[i], batch, &batch->ports[at]);
		at++;
	}
}
