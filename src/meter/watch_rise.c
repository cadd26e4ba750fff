/* Sudden rises. At the end of each window every destination that is followed is held against what it is
 * used to. Which is meant, the address or its network, the octets say: where one address has half of
 * what is new in its network, or a few that are above their own limits have a quarter, it is they, else
 * the network as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meter/watch_parts.h"

enum {
	FALLS_SLOWER = 48,  /* a habit is lost so many times slower than it is got */
	HELD_SLOWER = 8,    /* and got so many times slower while it looks like a rise */
	HELD_FACTOR = 2,    /* as what has grown so many times does */
	SAMPLES_LEAST = 20, /* fewer say little: +-44 % */
	FEW = 8,            /* addresses of a network are told apart */
};

static int
table_init(struct watch_table *t, size_t count, uint64_t seed)
{
	if (watch_hitters_init(&t->hitters, count, seed) < 0)
		return -1;
	t->habits = calloc(count, sizeof(*t->habits));
	return t->habits ? 0 : -1;
}

static void
table_fini(struct watch_table *t)
{
	watch_hitters_fini(&t->hitters);
	free(t->habits);
	t->habits = NULL;
}

int
watch_rise_init(struct watch *w, uint64_t seed)
{
	if (table_init(&w->addresses, WATCH_ADDRESSES, seed) < 0 ||
	    table_init(&w->networks, WATCH_NETWORKS, seed) < 0)
		return -1;
	return 0;
}

void
watch_rise_fini(struct watch *w)
{
	table_fini(&w->addresses);
	table_fini(&w->networks);
}

/* --- what flows were --- */

static void
take_table(struct watch_table *t, const struct watch_hitters *from)
{
	for (size_t i = 0; i < from->count; i++) {
		bool fresh;
		const struct watch_cell *cell = &from->cells[i];
		if (!watch_hitters_used(from, i))
			continue;
		size_t at = watch_hitters_place(&t->hitters, &cell->prefix, &fresh);
		struct watch_cell *sum = &t->hitters.cells[at];
		if (fresh)
			t->habits[at] = (struct watch_habit){0};
		sum->port = cell->port;
		sum->samples += cell->samples;
		sum->octets += cell->octets;
		sum->inherited += cell->inherited;
		sum->packets += cell->packets;
		sum->sources |= cell->sources;
	}
}

/* --- habits --- */

/* One step of a mean that is `share` of the way to `value`. */
static uint64_t
toward(uint64_t mean, uint64_t value, double share)
{
	double next = (double)mean + ((double)value - (double)mean) * share;
	return next < 0 ? 0 : (uint64_t)(next + 0.5);
}

static uint64_t
learn(const struct watch *w, uint64_t usual, uint64_t now, double seconds, bool held)
{
	double time = w->hub->watch.rise.baseline_s;
	double share = seconds / (now < usual ? time * FALLS_SLOWER : time);
	if (w->window.s < w->learns_until.s && share < seconds / w->learnt_s)
		share = seconds / w->learnt_s;
	if (held)
		share /= HELD_SLOWER;
	return toward(usual, now, share > 1 ? 1 : share);
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Fills in what the window says. True when it is more than it should be. */
static bool
measure(const struct watch *w, struct watch_table *t, size_t at, double seconds)
{
	const struct hub_watch_rise *rise = &w->hub->watch.rise;
	const struct watch_cell *cell = &t->hitters.cells[at];
	struct watch_habit *habit = &t->habits[at];
	/* What it has for sure: others' octets may be in the sum, and their packets in proportion. */
	uint64_t own = cell->octets > cell->inherited ? cell->octets - cell->inherited : 0;
	habit->now_bps = (uint64_t)((double)own * 8 / seconds);
	habit->now_pps = (uint64_t)((double)cell->packets / seconds);
	habit->samples = cell->samples;
	habit->sources = watch_sources_count(cell->sources);
	uint64_t limit_bps = larger(rise->floor_bps, habit->bps * rise->factor);
	uint64_t limit_pps =
		rise->floor_pps ? larger(rise->floor_pps, habit->pps * rise->factor) : UINT64_MAX;
	if (!habit->alarm) {
		habit->limit_bps = limit_bps;
		habit->limit_pps = limit_pps;
	}
	return cell->samples >= SAMPLES_LEAST && w->window.s >= w->learns_until.s &&
	       (habit->now_bps >= limit_bps || habit->now_pps >= limit_pps);
}

/* --- which --- */

static struct prefix
network_of(const struct watch *w, struct ip ip)
{
	const struct hub_watch_rise *rise = &w->hub->watch.rise;
	return prefix_of(ip, ip.family == IP_V4 ? rise->ipv4_length : rise->ipv6_length);
}

/* How much more than usual, in what it is above its limit in. */
static uint64_t
growth(const struct watch_habit *habit, bool packets)
{
	uint64_t now = packets ? habit->now_pps : habit->now_bps;
	uint64_t usual = packets ? habit->pps : habit->bps;
	return now > usual ? now - usual : 0;
}

static bool
by_packets(const struct watch_habit *habit)
{
	return habit->now_bps < habit->limit_bps;
}

/* Whether the network as a whole has grown with its address: else traffic moved from one address of it
 * to another. */
static bool
network_grew(const struct watch_habit *network, const struct watch_habit *address)
{
	bool packets = by_packets(address);
	return growth(network, packets) >= growth(address, packets) / 2;
}

/* Adds up by network what its addresses are. */
static void
look_inside(struct watch *w)
{
	const struct watch_table *t = &w->addresses;
	memset(w->inside, 0, sizeof(w->inside));
	for (size_t i = 0; i < t->hitters.count; i++) {
		const struct watch_habit *habit = &t->habits[i];
		if (!watch_hitters_used(&t->hitters, i))
			continue;
		struct prefix network = network_of(w, t->hitters.cells[i].prefix.ip);
		size_t at = watch_hitters_find(&w->networks.hitters, &network);
		if (at == SIZE_MAX)
			continue;
		struct watch_inside *in = &w->inside[at];
		uint64_t bps = growth(habit, false), pps = growth(habit, true);
		in->most_bps = larger(in->most_bps, bps);
		in->most_pps = larger(in->most_pps, pps);
		if (!habit->over_since && !habit->alarm)
			continue;
		in->over++;
		in->over_bps += bps;
		in->over_pps += pps;
	}
}

/* Whether one address has half of what is new in the network, or a few that are above their own limits
 * a quarter: the rest may well be others' that grow with them by chance. */
static bool
few_addresses(const struct watch *w, size_t network)
{
	const struct watch_habit *habit = &w->networks.habits[network];
	const struct watch_inside *in = &w->inside[network];
	bool packets = by_packets(habit);
	uint64_t grown = growth(habit, packets);
	return (packets ? in->most_pps : in->most_bps) >= grown / 2 ||
	       (in->over && in->over <= FEW &&
		(packets ? in->over_pps : in->over_bps) >= grown / 4);
}

static bool
is_meant(const struct watch *w, const struct watch_table *t, size_t at)
{
	if (t == &w->networks)
		return !few_addresses(w, at);
	const struct prefix *address = &t->hitters.cells[at].prefix;
	struct prefix network = network_of(w, address->ip);
	size_t in = watch_hitters_find(&w->networks.hitters, &network);
	if (in == SIZE_MAX)
		return true;
	const struct watch_habit *habit = &w->networks.habits[in];
	/* A network that is above its own limit will be told in its addresses' place. */
	bool told = habit->alarm || (habit->over_since && !few_addresses(w, in));
	return !told && network_grew(habit, &t->habits[at]);
}

/* --- alarms --- */

struct manner {
	bool network, many; /* not one address; many sources */
};

static void
say(char out[WATCH_TEXT], const struct watch_habit *habit, const struct hub_member *member,
    struct manner manner)
{
	char now[WATCH_RATE_TEXT], usual[WATCH_RATE_TEXT];
	(void)snprintf(
		out, WATCH_TEXT,
		"%s and %llu packets/s to one %s of %.80s, usually %s, from %s%u sources: %s",
		watch_rate_text(now, habit->now_bps), (unsigned long long)habit->now_pps,
		manner.network ? "network" : "address", member ? member->name : "nobody we know",
		watch_rate_text(usual, habit->bps), habit->sources > 200 ? "more than " : "",
		habit->sources > 200 ? 200 : habit->sources,
		!manner.many ? "looks like a transfer; ask the member if it is wanted"
		: member     ? "looks like an attack; ask the member, then `propose confirm` or "
			       "`propose dismiss`"
			     : "looks like an attack; find out whose it is");
}

static void
propose(struct watch *w, const struct watch_alarm *alarm, const struct watch_habit *habit)
{
	struct watch_proposal as = {
		.alarm = alarm->id,
		.target = alarm->target,
		.member = alarm->member,
		.since = alarm->since,
		.changed = w->window,
		.bps = habit->now_bps,
		.pps = habit->now_pps,
		.usual_bps = habit->bps,
		.sources = habit->sources,
	};
	const struct watch_proposal *p = watch_propose(w, &as);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, alarm);
	if (p && on)
		on->proposal = p->number;
}

static void
raise_alarm(struct watch *w, struct watch_table *t, size_t at)
{
	const struct watch_cell *cell = &t->hitters.cells[at];
	struct watch_habit *habit = &t->habits[at];
	const struct hub_member *member = watch_member_of(w, cell->port);
	struct watch_alarm as = {
		.kind = WATCH_RISE,
		.severity = WATCH_WARNING,
		.target = cell->prefix,
		.since = {habit->over_since},
		.unit = WATCH_BPS,
		.value = habit->now_bps,
		.threshold = habit->limit_bps,
	};
	if (habit->unlisted && !watch_alarms_room(&w->alarms, WATCH_RISE))
		return;
	/* Many sources once are many for good: what is seen of them goes up and down by chance. */
	const struct watch_alarm *before = watch_alarms_find(&w->alarms, &as);
	bool many = habit->sources >= w->hub->watch.rise.sources_min ||
		    (before && before->severity == WATCH_ALARM);
	if (many)
		as.severity = WATCH_ALARM;
	if (member)
		as.member = member->asn;
	(void)snprintf(as.subject, sizeof(as.subject), "AS%u", as.member.number);
	say(as.text, habit, member, (struct manner){t == &w->networks, many});
	const struct watch_alarm *alarm = watch_alarms_raise(&w->alarms, &as);
	habit->alarm = alarm != NULL;
	habit->unlisted = !alarm;
	if (alarm && many && member && !alarm->proposal)
		propose(w, alarm, habit);
}

static void
end_alarm(struct watch *w, const struct prefix *target, struct utc_s now)
{
	struct watch_alarm like = {.kind = WATCH_RISE, .target = *target};
	struct watch_alarm *alarm = watch_alarms_find(&w->alarms, &like);
	if (!alarm)
		return;
	watch_propose_lapse(w, alarm->id, now);
	watch_alarms_end(&w->alarms, alarm, now);
}

/* The alarm that is on goes on, or has been below long enough. */
static void
go_on(struct watch *w, struct watch_table *t, size_t at, struct utc_s now)
{
	struct watch_habit *habit = &t->habits[at];
	bool below = habit->now_bps < habit->limit_bps / 2 && habit->now_pps < habit->limit_pps / 2;
	if (!below)
		habit->below_since = 0;
	else if (!habit->below_since)
		habit->below_since = w->window.s;
	if (!below && habit->samples >= SAMPLES_LEAST)
		raise_alarm(w, t, at);
	if (!below || now.s - habit->below_since < w->hub->watch.rise.end_s)
		return;
	habit->alarm = false;
	habit->over_since = habit->below_since = 0;
	end_alarm(w, &t->hitters.cells[at].prefix, now);
}

/* --- windows --- */

static void
judge(struct watch *w, struct watch_table *t, size_t at, struct utc_s now)
{
	struct watch_habit *habit = &t->habits[at];
	if (habit->alarm) {
		go_on(w, t, at, now);
		return;
	}
	if (now.s - habit->over_since >= w->hub->watch.rise.hold_s && is_meant(w, t, at))
		raise_alarm(w, t, at);
}

/* What grows without haste is not followed as if it were ordinary: else an attack that takes an hour to
 * come would be what the address is used to. */
static bool
looks_like_rise(const struct watch *w, const struct watch_habit *habit)
{
	const struct hub_watch_rise *rise = &w->hub->watch.rise;
	if (habit->alarm || habit->over_since)
		return true;
	return w->window.s >= w->learns_until.s &&
	       ((habit->now_bps >= rise->floor_bps && habit->now_bps / HELD_FACTOR >= habit->bps) ||
		(rise->floor_pps && habit->now_pps >= rise->floor_pps &&
		 habit->now_pps / HELD_FACTOR >= habit->pps));
}

static void
restart(struct watch *w, struct watch_table *t, double seconds)
{
	for (size_t i = 0; i < t->hitters.count; i++) {
		struct watch_cell *cell = &t->hitters.cells[i];
		struct watch_habit *habit = &t->habits[i];
		if (!watch_hitters_used(&t->hitters, i))
			continue;
		bool held = looks_like_rise(w, habit);
		if (seconds > 0) {
			habit->bps = learn(w, habit->bps, habit->now_bps, seconds, held);
			habit->pps = learn(w, habit->pps, habit->now_pps, seconds, held);
		}
		/* One that an alarm is about stays, whoever else comes. */
		cell->weight = habit->alarm ? UINT64_MAX / 4 : habit->bps / 8 * WATCH_WINDOW_S;
		cell->octets = cell->packets = cell->inherited = cell->sources = 0;
		cell->samples = 0;
	}
}

static void
note_talkers(struct watch *w)
{
	const struct watch_table *t = &w->addresses;
	w->talker_count = 0;
	for (size_t i = 0; i < t->hitters.count; i++) {
		const struct watch_habit *habit = &t->habits[i];
		size_t at = w->talker_count;
		if (!watch_hitters_used(&t->hitters, i) || !habit->now_bps)
			continue;
		while (at && w->talkers[at - 1].bps < habit->now_bps)
			at--;
		if (at == WATCH_TALKERS)
			continue;
		if (w->talker_count < WATCH_TALKERS)
			w->talker_count++;
		memmove(&w->talkers[at + 1], &w->talkers[at],
			(w->talker_count - 1 - at) * sizeof(w->talkers[0]));
		const struct watch_cell *cell = &t->hitters.cells[i];
		const struct hub_member *member = watch_member_of(w, cell->port);
		w->talkers[at] = (struct watch_talker){
			.target = cell->prefix,
			.member = member ? member->asn : (struct asn){0},
			.bps = habit->now_bps,
			.pps = habit->now_pps,
			.usual_bps = habit->bps,
			.sources = habit->sources,
		};
	}
}

static void
measure_all(struct watch *w, struct watch_table *t, double seconds)
{
	for (size_t i = 0; i < t->hitters.count; i++) {
		struct watch_habit *habit = &t->habits[i];
		if (!watch_hitters_used(&t->hitters, i))
			continue;
		bool over = measure(w, t, i, seconds);
		if (over && !habit->over_since)
			habit->over_since = w->window.s;
		if (!over && !habit->alarm) {
			habit->over_since = 0;
			habit->unlisted = false;
		}
	}
}

static void
judge_all(struct watch *w, struct watch_table *t, struct utc_s now)
{
	for (size_t i = 0; i < t->hitters.count; i++)
		if (watch_hitters_used(&t->hitters, i) &&
		    (t->habits[i].alarm || t->habits[i].over_since))
			judge(w, t, i, now);
}

/* Windows are WATCH_WINDOW_S long, but for the last one of learning, which ends with it: an attack that
 * begins right then would else be learned as well, and be missed if it is not much larger than that. */
static bool
window_is_due(const struct watch *w, struct utc_s now)
{
	int64_t elapsed = now.s - w->window.s;
	bool learnt = w->window.s < w->learns_until.s && now.s >= w->learns_until.s;
	return learnt || elapsed < 0 || elapsed >= WATCH_WINDOW_S;
}

/* Ends the window when its time has come. */
static void
end_window_when_due(struct watch *w, struct utc_s now)
{
	if (!window_is_due(w, now))
		return;
	int64_t elapsed = now.s - w->window.s;
	/* Nothing at all came: no flow was heard of, which says nothing of any address. */
	bool gap = elapsed < 0 || elapsed > WATCH_GAP_S || !w->looked;
	double seconds = gap ? 0 : (double)elapsed;
	if (!gap) {
		w->learnt_s += seconds;
		w->every = (uint32_t)(w->looked / (uint64_t)elapsed / WATCH_LOOKS) + 1;
		measure_all(w, &w->addresses, seconds);
		measure_all(w, &w->networks, seconds);
		note_talkers(w);
		look_inside(w);
		/* Addresses first: a network is meant where none of its addresses is. */
		judge_all(w, &w->addresses, now);
		judge_all(w, &w->networks, now);
	}
	restart(w, &w->addresses, seconds);
	restart(w, &w->networks, seconds);
	w->looked = 0;
	w->window = now;
	/* Exporters may well be set up long after the hub: there was nothing to learn yet. */
	if (w->learnt_s <= 0)
		w->learns_until = (struct utc_s){now.s + w->hub->watch.rise.learn_s};
}

void
watch_take(struct watch *w, struct watch_intake *intake, struct utc_s now)
{
	if (intake->looks) {
		take_table(&w->addresses, &intake->addresses);
		take_table(&w->networks, &intake->networks);
	}
	w->looked += intake->looked;
	/* Falls slowly, so that a burst that lasts does not begin anew every second. */
	intake->every = intake->every / 2 > w->every ? intake->every / 2 : w->every;
	size_t copies = intake->copy_count;
	uint64_t lost = intake->copies_lost;
	watch_intake_clear(intake);
	intake->copy_count = copies;
	intake->copies_lost = lost;
	end_window_when_due(w, now);
}
