/* What a closed bin says of ports, exporters and strangers. A bin that was listened to for less than half
 * of its time says nothing, so neither a start nor a gap looks like silence. */
#include <stdio.h>
#include <string.h>

#include "meter/watch_parts.h"

enum {
	SETTLED_BINS = 12, /* before so many nothing is "usual" */
	USUAL_TIMES = 50,  /* a port that has had less than so many times "none" has none to lose */
	USUAL_SAMPLES = 30, /* by chance there are none of so many once in 10^13 bins */
	LEAST_LOST = 10,    /* records */
	END_BELOW = 500,    /* hundredths of a percent under the beginning */
	CALM_BINS = 2,      /* in a row, until loss and strangers are over */
	PERCENT_100 = 10000,
};

enum { IN, OUT, WAYS };

/* What a port did in a bin. */
struct deed {
	uint64_t bps[WAYS], samples[WAYS];
	bool by_counters;
};

static uint64_t
rate(uint64_t octets, uint32_t seconds)
{
	return seconds ? (uint64_t)((double)octets * 8 / seconds + 0.5) : 0;
}

/* False where the bin does not tell. */
static bool
deed_of(struct deed *out, const struct traffic_batch *batch, const struct traffic_port *p)
{
	*out = (struct deed){.samples = {p->samples_in, p->samples_out}};
	if (p->state == TRAFFIC_MISSING)
		return false;
	out->by_counters = p->counter_covered_s && p->counter_covered_s * 2 >= batch->length_s;
	if (out->by_counters) {
		out->bps[IN] = rate(p->counter_in, p->counter_covered_s);
		out->bps[OUT] = rate(p->counter_out, p->counter_covered_s);
		return true;
	}
	out->bps[IN] = rate(p->flow_in, batch->covered_s);
	out->bps[OUT] = rate(p->flow_out, batch->covered_s);
	return batch->covered_s * 2 >= batch->length_s;
}

static const char *
source_text(const struct deed *deed)
{
	return deed->by_counters ? "counters" : "flows";
}

/* --- full ports --- */

static void
end(struct watch *w, struct watch_alarm *on, struct utc_s now)
{
	if (on)
		watch_alarms_end(&w->alarms, on, now);
}

static void
say_full(struct watch_alarm *as, const struct hub_member *member, const struct hub_port *port,
	 const struct deed *deed)
{
	char speed[WATCH_RATE_TEXT];
	(void)snprintf(as->text, sizeof(as->text),
		       "port %.64s of %.80s: %llu %% of %s in use on the way %s, by %s: %s",
		       port->id, member->name, (unsigned long long)(as->value / 100),
		       watch_rate_text(speed, port->speed_bps),
		       deed->bps[IN] > deed->bps[OUT] ? "in" : "out", source_text(deed),
		       as->severity == WATCH_ALARM
			       ? "a larger port is needed now, or traffic must go elsewhere"
			       : "have the member order more before it is full");
}

static void
judge_full(struct watch *w, struct watch_past *past, const struct hub_port *port,
	   const struct deed *deed, struct utc_s now)
{
	const struct hub_watch *limits = &w->hub->watch;
	const uint32_t percent[2] = {limits->port_warning_percent, limits->port_alarm_percent};
	uint64_t most = deed->bps[IN] > deed->bps[OUT] ? deed->bps[IN] : deed->bps[OUT];
	uint64_t use = (uint64_t)((double)most * PERCENT_100 / (double)port->speed_bps);
	struct watch_alarm as = {.kind = WATCH_PORT_FULL, .since = now, .unit = WATCH_PERCENT_100};
	(void)snprintf(as.subject, sizeof(as.subject), "%s", port->id);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	/* What is on ends a little below where it began, so that it does not come and go. */
	unsigned level = on && on->severity == WATCH_ALARM;
	uint32_t stays = percent[level] > END_BELOW ? percent[level] - END_BELOW : 0;
	for (int i = 0; i < 2; i++)
		past->over[i] = use >= percent[i] ? past->over[i] + 1 : 0;
	past->under = on && use < stays ? past->under + 1 : 0;
	bool lower = past->under >= limits->port_bins;
	bool alarm = past->over[1] >= limits->port_bins || (level && !lower);
	bool warning = past->over[0] >= limits->port_bins || (on && !lower);
	if (!alarm && !warning) {
		end(w, on, now);
		return;
	}
	const struct hub_member *member = &w->hub->members[port->member];
	as.severity = alarm ? WATCH_ALARM : WATCH_WARNING;
	as.member = member->asn;
	as.value = use;
	as.threshold = percent[alarm];
	as.by_counters = deed->by_counters;
	say_full(&as, member, port, deed);
	(void)watch_alarms_raise(&w->alarms, &as);
}

/* --- silent members --- */

static uint64_t
mean(uint64_t usual, uint64_t now, uint32_t bins)
{
	uint64_t weight = bins < SETTLED_BINS ? bins + 1 : SETTLED_BINS;
	return usual + now / weight - usual / weight;
}

/* Had this port traffic that way, enough to miss it? */
static bool
is_missed(const struct watch *w, const struct watch_past *past, const struct deed *deed, int way)
{
	return past->bins >= SETTLED_BINS &&
	       past->usual[way] >= USUAL_TIMES * w->hub->watch.silent_below_bps &&
	       (deed->by_counters || past->usual_samples[way] >= USUAL_SAMPLES) &&
	       deed->bps[way] < w->hub->watch.silent_below_bps;
}

static void
raise_silent(struct watch *w, const struct watch_past *past, const struct hub_port *port,
	     const struct deed *deed, struct watch_alarm *as)
{
	const struct hub_member *member = &w->hub->members[port->member];
	char usual[WATCH_RATE_TEXT];
	bool in = is_missed(w, past, deed, IN), out = is_missed(w, past, deed, OUT);
	int way = in ? IN : OUT;
	as->severity = in && out ? WATCH_ALARM : WATCH_WARNING;
	as->member = member->asn;
	as->unit = WATCH_BPS;
	as->value = deed->bps[way];
	as->threshold = w->hub->watch.silent_below_bps;
	as->by_counters = deed->by_counters;
	(void)snprintf(as->text, sizeof(as->text),
		       "port %.64s of %.80s: its session is up, but nothing %s, by %s, usually %s: "
		       "the way of its traffic is broken though BGP is not; call it, see its port "
		       "and MAC addresses, or take it down",
		       port->id, member->name,
		       in && out ? "comes from it or goes to it"
		       : in      ? "comes from it"
				 : "goes to it",
		       source_text(deed), watch_rate_text(usual, past->usual[way]));
	(void)watch_alarms_raise(&w->alarms, as);
}

static void
judge_silent(struct watch *w, struct watch_past *past, const struct hub_port *port,
	     const struct deed *deed, const struct traffic_batch *batch)
{
	struct utc_s now = {batch->start.s + batch->length_s};
	struct watch_alarm as = {.kind = WATCH_MEMBER_SILENT};
	(void)snprintf(as.subject, sizeof(as.subject), "%s", port->id);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	bool known = w->sessions_at.s && now.s - w->sessions_at.s <= WATCH_GAP_S;
	bool up = known && past->session_since.s && past->session_since.s <= batch->start.s;
	if (past->by_counters != deed->by_counters) { /* the two are not to be compared */
		past->bins = 0;
		past->by_counters = deed->by_counters;
	}
	bool silent = up && (is_missed(w, past, deed, IN) || is_missed(w, past, deed, OUT));
	past->silent = silent ? past->silent + 1 : 0;
	if (!silent)
		end(w, on, now);
	/* While it is silent what is usual stays what it was; without a session nothing is. */
	if (silent && past->silent >= w->hub->watch.silent_bins) {
		as.since = (struct utc_s){now.s - (int64_t)past->silent * batch->length_s};
		raise_silent(w, past, port, deed, &as);
	}
	if (silent || (known && !up))
		return;
	for (int way = IN; way < WAYS; way++) {
		past->usual[way] = mean(past->usual[way], deed->bps[way], past->bins);
		past->usual_samples[way] =
			mean(past->usual_samples[way], deed->samples[way], past->bins);
	}
	past->bins++;
}

/* --- loss --- */

static void
judge_loss(struct watch *w, const char *who, uint64_t received, uint64_t lost, struct utc_s now)
{
	struct watch_alarm as = {.kind = WATCH_LOSS, .severity = WATCH_ALARM, .since = now};
	uint64_t sent = received + lost, limit = w->hub->watch.loss_percent;
	uint64_t share = sent ? (uint64_t)((double)lost * PERCENT_100 / (double)sent) : 0;
	(void)snprintf(as.subject, sizeof(as.subject), "%s", who);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	if (lost < LEAST_LOST || share < limit || !lost) {
		if (on && (share >= limit / 2 || ++on->calm < CALM_BINS))
			return;
		end(w, on, now);
		return;
	}
	as.unit = WATCH_PERCENT_100;
	as.value = share;
	as.threshold = limit;
	bool here = strcmp(who, "meter") == 0;
	(void)snprintf(as.text, sizeof(as.text), "%llu of %llu %s lost in a bin, %.2f %%: %s",
		       (unsigned long long)lost, (unsigned long long)sent,
		       here ? "datagrams that came to the meter's sockets were" : "records were",
		       (double)share / 100,
		       here ? "the meter is too slow or its buffer too small; see `show exporters` "
			      "and net.core.rmem_max"
			    : "see the way from the exporter to the meter, and its sampling rate");
	(void)watch_alarms_raise(&w->alarms, &as);
}

static void
judge_exporters(struct watch *w, const struct traffic_batch *batch, struct utc_s now)
{
	uint64_t datagrams = 0;
	for (size_t i = 0; i < batch->exporter_count; i++) {
		const struct traffic_exporter *e = &batch->exporters[i];
		datagrams += e->datagrams;
		judge_loss(w, e->exporter, e->records, e->lost_records, now);
	}
	judge_loss(w, "meter", datagrams, batch->kernel_drops, now);
}

/* --- strangers --- */

void
watch_unknown_mac(struct watch *w, struct mac mac, const char *exporter, uint64_t octets,
		  const struct traffic_batch *batch)
{
	char text[MAC_TEXT], bps_text[WATCH_RATE_TEXT];
	uint64_t bps = rate(octets, batch->covered_s);
	struct watch_alarm as = {
		.kind = WATCH_UNKNOWN_MAC,
		.severity = WATCH_WARNING,
		.since = batch->start,
		.unit = WATCH_BPS,
		.value = bps,
		.threshold = w->hub->watch.unknown_mac_bps,
	};
	if (!bps || bps < as.threshold || batch->covered_s * 2 < batch->length_s)
		return;
	(void)mac_format(text, mac);
	(void)snprintf(as.subject, sizeof(as.subject), "%s at %.64s", text, exporter);
	(void)snprintf(as.text, sizeof(as.text),
		       "MAC address %s at exporter %.64s is nobody's and has %s: whoever it is has "
		       "changed its router, or does not belong here; add it to its port's `macs`",
		       text, exporter, watch_rate_text(bps_text, bps));
	(void)watch_alarms_raise(&w->alarms, &as);
}

/* Those that were not told of in this bin, nor in the ones before it. */
static void
end_strangers(struct watch *w, struct utc_s now)
{
	for (size_t i = 0; i < w->alarms.on_count;) {
		struct watch_alarm *on = &w->alarms.on[i];
		if (on->kind != WATCH_UNKNOWN_MAC || on->calm++ < CALM_BINS)
			i++;
		else
			watch_alarms_end(&w->alarms, on, now);
	}
}

/* --- the bin --- */

void
watch_bin(struct watch *w, const struct traffic_batch *batch)
{
	struct utc_s now = {batch->start.s + batch->length_s};
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		uint32_t index = hub_port_by_id(w->hub, p->port);
		struct watch_past *past = watch_past_of(&w->ports, p->port);
		struct deed deed;
		if (index == HUB_NONE || !past || !deed_of(&deed, batch, p))
			continue;
		const struct hub_port *port = &w->hub->ports[index];
		if (port->speed_bps && w->hub->watch.port_bins)
			judge_full(w, past, port, &deed, now);
		if (batch->covered_s * 2 >= batch->length_s)
			judge_silent(w, past, port, &deed, batch);
	}
	if (batch->covered_s * 2 < batch->length_s)
		return;
	judge_exporters(w, batch, now);
	end_strangers(w, now);
}
