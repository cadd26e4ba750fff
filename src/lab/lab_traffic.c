/* The model of the lab's traffic. */
#include "lab/lab_traffic.h"

#include <math.h>
#include <stdlib.h>

#include "lab/lab_random.h"

enum { FIT_ROUNDS = 20, DAY_S = 86400, NOISE_STEP_S = 300 };

/* How much of its speed a port of this kind sends into the exchange, and takes out of it. */
static void
appetite(double *in, double *out, const struct hub *hub, uint32_t port)
{
	static const struct {
		double in, out;
	} kinds[] = {
		[HUB_CARRIER] = {0.55, 0.45},
		[HUB_CONTENT] = {0.95, 0.06},
		[HUB_CLOUD] = {0.60, 0.25},
		[HUB_ACCESS] = {0.12, 0.95},
		[HUB_TRANSIT_CUSTOMER] = {0.20, 0.85},
	};
	const struct hub_member *member = &hub->members[hub->ports[port].member];
	double size = 0.45 + 0.55 * lab_random_of(member->asn.number, port);
	double speed = (double)hub->ports[port].speed_bps;
	*in = kinds[member->kind].in * size * speed;
	*out = kinds[member->kind].out * size * speed;
}

/* Scales rows and columns in turn until the sums are near what is wanted (iterative proportional
 * fitting). */
static void
fit(struct lab_traffic *traffic, const double *in, const double *out, size_t ports, double *sums)
{
	for (int round = 0; round < FIT_ROUNDS; round++) {
		bool rows = round % 2 == 0;
		const double *wanted = rows ? in : out;
		for (size_t i = 0; i < ports; i++)
			sums[i] = 0;
		for (size_t i = 0; i < traffic->count; i++)
			sums[rows ? traffic->pairs[i].from : traffic->pairs[i].to] +=
				traffic->pairs[i].peak_bps;
		for (size_t i = 0; i < traffic->count; i++) {
			uint32_t port = rows ? traffic->pairs[i].from : traffic->pairs[i].to;
			if (sums[port] > 0)
				traffic->pairs[i].peak_bps *= wanted[port] / sums[port];
		}
	}
}

/* Makes the busiest port, in its busier direction, as busy as the hub file says. */
static void
scale(struct lab_traffic *traffic, const struct hub *hub, double *sums)
{
	double busiest = 0;
	for (int direction = 0; direction < 2; direction++) {
		for (size_t i = 0; i < hub->port_count; i++)
			sums[i] = 0;
		for (size_t i = 0; i < traffic->count; i++)
			sums[direction ? traffic->pairs[i].from : traffic->pairs[i].to] +=
				traffic->pairs[i].peak_bps;
		for (size_t i = 0; i < hub->port_count; i++)
			if (hub->ports[i].speed_bps)
				busiest = fmax(busiest, sums[i] / (double)hub->ports[i].speed_bps);
	}
	double factor = busiest > 0 ? hub->lab.peak_percent / 100.0 / busiest : 0;
	for (size_t i = 0; i < traffic->count; i++)
		traffic->pairs[i].peak_bps *= factor;
}

/* Local time of the sun, from the first port's site that says where it is. */
static double
offset_of(const struct hub *hub)
{
	for (size_t i = 0; i < hub->port_count; i++) {
		uint32_t site = hub->ports[i].site;
		if (site != HUB_NONE && !isnan(hub->sites[site].longitude))
			return hub->sites[site].longitude / 360 * DAY_S;
	}
	return 0;
}

static void
make_pairs(struct lab_traffic *traffic, const struct hub *hub)
{
	for (uint32_t from = 0; from < hub->port_count; from++) {
		for (uint32_t to = 0; to < hub->port_count; to++) {
			const struct hub_port *a = &hub->ports[from], *b = &hub->ports[to];
			if (a->member == b->member)
				continue;
			uint64_t key = (uint64_t)hub->members[a->member].asn.number << 32 |
				       hub->members[b->member].asn.number;
			/* Few pairs are large (Zipf's law again). */
			double rank = 1 + floor(lab_random_of(key, from ^ to << 8) * 12);
			bool near = a->site == b->site;
			traffic->pairs[traffic->count++] = (struct lab_pair){
				.from = from,
				.to = to,
				.peak_bps = 1e6 / rank * (near ? 1 : 0.4),
				.ipv6_share = 0.15 + 0.4 * lab_random_of(key, 3),
				.mean_octets = 500 + 600 * lab_random_of(key, 4),
			};
		}
	}
}

struct lab_traffic *
lab_traffic_new(const struct hub *hub, struct utc_s now)
{
	struct lab_traffic *traffic = calloc(1, sizeof(*traffic));
	double *sums = calloc(hub->port_count * 3 + 1, sizeof(*sums));
	if (traffic)
		traffic->pairs =
			calloc(hub->port_count * hub->port_count + 1, sizeof(*traffic->pairs));
	if (!traffic || !sums || !traffic->pairs) {
		free(sums);
		lab_traffic_free(traffic);
		return NULL;
	}
	double *in = sums + hub->port_count, *out = in + hub->port_count;
	for (uint32_t i = 0; i < hub->port_count; i++)
		appetite(&in[i], &out[i], hub, i);
	traffic->utc_offset_s = offset_of(hub);
	traffic->epoch = now;
	make_pairs(traffic, hub);
	fit(traffic, in, out, hub->port_count, sums);
	scale(traffic, hub, sums);
	free(sums);
	return traffic;
}

void
lab_traffic_free(struct lab_traffic *traffic)
{
	if (!traffic)
		return;
	free(traffic->pairs);
	free(traffic);
}

/* Lowest at five in the morning, a plateau by day, the top at nine in the evening. */
static double
of_day(double hour)
{
	static const double hourly[25] = {0.62, 0.50, 0.41, 0.35, 0.32, 0.31, 0.34, 0.41, 0.50,
					  0.57, 0.61, 0.64, 0.66, 0.66, 0.66, 0.67, 0.70, 0.76,
					  0.84, 0.92, 0.98, 1.00, 0.93, 0.77, 0.62};
	double before = floor(hour);
	int i = (int)before % 24;
	return hourly[i] + (hourly[i + 1] - hourly[i]) * (hour - before);
}

double
lab_traffic_level(const struct lab_traffic *traffic, struct utc_s t)
{
	double local = (double)t.s + traffic->utc_offset_s;
	double day = floor(local / DAY_S);
	double hour = (local - day * DAY_S) / 3600;
	int weekday = (int)fmod(day + 4, 7); /* 1970-01-01 was a Thursday; 0: Sunday */
	double week = weekday == 0 || weekday == 6 ? 1.06 : 1.0;
	double growth = 1 + 0.002 * (double)(t.s - traffic->epoch.s) / DAY_S;
	return of_day(hour) * week * fmax(growth, 0.2);
}

double
lab_traffic_rate(const struct lab_traffic *traffic, size_t pair, double level, struct utc_s t)
{
	int64_t step = t.s / NOISE_STEP_S;
	double share = (double)(t.s % NOISE_STEP_S) / NOISE_STEP_S;
	uint64_t key = (uint64_t)traffic->pairs[pair].from << 20 | traffic->pairs[pair].to;
	double a = lab_random_of(key, (uint64_t)step), b = lab_random_of(key, (uint64_t)step + 1);
	double noise = 1 + 0.24 * (a + (b - a) * share - 0.5);
	return traffic->pairs[pair].peak_bps * level * noise;
}
