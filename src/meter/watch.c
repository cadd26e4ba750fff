/* The watch as a whole: its picture, and what is no bin's and no flow's. */
#include "meter/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meter/watch_parts.h"

struct watch *
watch_new(const struct hub *hub, const struct roster *roster, uint64_t seed, struct utc_s now)
{
	struct watch *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->hub = hub;
	w->roster = roster;
	w->window = w->started = now;
	w->learns_until = (struct utc_s){now.s + hub->watch.rise.learn_s};
	w->every = 1;
	if (watch_alarms_init(&w->alarms) == 0 && watch_rise_init(w, seed) == 0)
		return w;
	watch_free(w);
	return NULL;
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	watch_alarms_fini(&w->alarms);
	watch_rise_fini(w);
	watch_pasts_fini(&w->ports);
	free(w);
}

static bool
has_exporter(const struct hub *hub, const char *id)
{
	for (size_t i = 0; i < hub->exporter_count; i++)
		if (strcmp(hub->exporters[i].id, id) == 0)
			return true;
	return false;
}

/* Whether what an alarm is about is still in the picture. */
static bool
is_there(const struct watch *w, const struct watch_alarm *alarm)
{
	switch (alarm->kind) {
	case WATCH_PORT_FULL:
	case WATCH_MEMBER_SILENT:
	case WATCH_RATIO:
	case WATCH_SOURCES:
	case WATCH_INTERFACE:
		return hub_port_by_id(w->hub, alarm->subject) != HUB_NONE;
	case WATCH_EXPORTER_SILENT:
		return has_exporter(w->hub, alarm->subject);
	default:
		return true; /* these end by themselves */
	}
}

void
watch_apply(struct watch *w, const struct hub *hub, const struct roster *roster, struct utc_s now)
{
	w->hub = hub;
	w->roster = roster;
	for (size_t i = 0; i < w->alarms.on_count;)
		if (is_there(w, &w->alarms.on[i]))
			i++;
		else
			watch_alarms_end(&w->alarms, &w->alarms.on[i], now);
}

const struct hub_member *
watch_member_of(const struct watch *w, uint32_t port)
{
	if (port >= w->roster->port_count || w->roster->ports[port].hub_port == HUB_NONE)
		return NULL;
	return &w->hub->members[w->hub->ports[w->roster->ports[port].hub_port].member];
}

void
watch_exporter(struct watch *w, const char *id, struct utc_s last_heard, struct utc_s now)
{
	struct watch_alarm as = {.kind = WATCH_EXPORTER_SILENT, .severity = WATCH_ALARM};
	(void)snprintf(as.subject, sizeof(as.subject), "%s", id);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	/* What another run said stands until it is heard, or may be as it likes. */
	if (on && !last_heard.s && w->hub->watch.exporter_silent_s)
		return;
	/* One that was not heard yet may have been set up before it sends. */
	int64_t silent = last_heard.s ? now.s - last_heard.s : 0;
	if (silent < (int64_t)w->hub->watch.exporter_silent_s || !w->hub->watch.exporter_silent_s) {
		if (on)
			watch_alarms_end(&w->alarms, on, now);
		return;
	}
	as.since = last_heard;
	as.unit = WATCH_SECONDS;
	as.value = (uint64_t)silent;
	as.threshold = w->hub->watch.exporter_silent_s;
	(void)snprintf(as.text, sizeof(as.text),
		       "exporter %.64s was heard and is silent now: see whether it runs, whether "
		       "its datagrams still come here, and whether its address has changed",
		       id);
	(void)watch_alarms_raise(&w->alarms, &as);
}

void
watch_ratio(struct watch *w, const char *port, const struct watch_ratio *ratio, struct utc_s now)
{
	struct watch_alarm as = {
		.kind = WATCH_RATIO,
		.severity = WATCH_WARNING,
		.since = now,
		.unit = WATCH_PPM,
		.value = ratio->ppm,
		.threshold = ratio->ppm < ratio->low_ppm ? ratio->low_ppm : ratio->high_ppm,
	};
	(void)snprintf(as.subject, sizeof(as.subject), "%s", port);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	if (!ratio->out) {
		if (on)
			watch_alarms_end(&w->alarms, on, now);
		return;
	}
	(void)snprintf(
		as.text, sizeof(as.text),
		"port %.64s: flows are %.1f %% of what its counters say, expected %.1f to "
		"%.1f %%: see its sampling rate, and MAC addresses of it that we do not know",
		port, (double)ratio->ppm / 1e4, (double)ratio->low_ppm / 1e4,
		(double)ratio->high_ppm / 1e4);
	(void)watch_alarms_raise(&w->alarms, &as);
}

static const char *
source_name(enum traffic_source source)
{
	static const char *const names[] = {
		[TRAFFIC_BY_NONE] = "nobody",
		[TRAFFIC_BY_SFLOW] = "sFlow",
		[TRAFFIC_BY_SNMP] = "SNMP",
		[TRAFFIC_BY_PUSH] = "a push",
	};
	return names[source];
}

void
watch_sources(struct watch *w, const char *port, const struct watch_sources *sources,
	      struct utc_s now)
{
	const struct counter_difference *d = sources->difference;
	struct watch_alarm as = {
		.kind = WATCH_SOURCES,
		.severity = WATCH_ALARM,
		.since = now,
		.unit = WATCH_PPM,
		.value = d->ppm,
		.threshold = sources->limit_ppm,
		.by_counters = true,
	};
	char own[WATCH_RATE_TEXT], other[WATCH_RATE_TEXT];
	(void)snprintf(as.subject, sizeof(as.subject), "%s", port);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	if (!sources->out) {
		if (on)
			watch_alarms_end(&w->alarms, on, now);
		return;
	}
	(void)snprintf(
		as.text, sizeof(as.text),
		"port %.64s: its counters are %s by %s, which bills rest on, and %s by %s, on "
		"the way %s: one of them is another interface's, or wrong",
		port, watch_rate_text(own, d->own_bps), source_name(d->own),
		watch_rate_text(other, d->other_bps), source_name(d->other),
		d->outgoing ? "out" : "in");
	(void)watch_alarms_raise(&w->alarms, &as);
}

void
watch_interface(struct watch *w, const char *port, uint32_t if_index, bool clash, struct utc_s now)
{
	struct watch_alarm as = {
		.kind = WATCH_INTERFACE,
		.severity = WATCH_ALARM,
		.since = now,
		.unit = WATCH_PORTS,
		.value = 2,
		.threshold = 1,
	};
	(void)snprintf(as.subject, sizeof(as.subject), "%s", port);
	struct watch_alarm *on = watch_alarms_find(&w->alarms, &as);
	if (!clash) {
		if (on)
			watch_alarms_end(&w->alarms, on, now);
		return;
	}
	(void)snprintf(
		as.text, sizeof(as.text),
		"port %.64s: its interface is told with ifIndex %u, which is another port's as "
		"well: flows and sFlow counters of that number are not counted for it; see the "
		"names of interfaces in the hub file",
		port, if_index);
	(void)watch_alarms_raise(&w->alarms, &as);
}

void
watch_sessions(struct watch *w, const struct watch_session *sessions, size_t count, struct utc_s at)
{
	for (size_t i = 0; i < w->ports.count; i++)
		w->ports.list[i].session_since = (struct utc_s){0};
	for (size_t i = 0; i < count; i++) {
		struct watch_past *past = watch_past_of(&w->ports, sessions[i].port);
		if (past && (!past->session_since.s || sessions[i].since.s < past->session_since.s))
			past->session_since = sessions[i].since;
	}
	w->sessions_at = at;
}

/* --- to look at --- */

bool
watch_is_on(const struct watch *w, enum watch_kind kind, const char *subject)
{
	struct watch_alarm like = {.kind = kind};
	(void)snprintf(like.subject, sizeof(like.subject), "%s", subject);
	return watch_alarms_find(&w->alarms, &like) != NULL;
}

int
watch_acknowledge(struct watch *w, uint32_t id, struct utc_s now)
{
	return watch_alarms_acknowledge(&w->alarms, id, now);
}

const struct watch_alarms *
watch_alarms_of(const struct watch *w)
{
	return &w->alarms;
}

size_t
watch_talkers(const struct watch *w, struct watch_talker *out, size_t max)
{
	size_t count = w->talker_count < max ? w->talker_count : max;
	memcpy(out, w->talkers, count * sizeof(*out));
	return count;
}

struct watch_state
watch_state(const struct watch *w)
{
	return (struct watch_state){
		.learns_until = w->learns_until,
		.every = w->every,
		.replaced = w->addresses.hitters.replaced + w->networks.hitters.replaced,
		.memory = sizeof(*w) + watch_alarms_size(&w->alarms) +
			  watch_hitters_size(&w->addresses.hitters) +
			  watch_hitters_size(&w->networks.hitters) +
			  (WATCH_ADDRESSES + WATCH_NETWORKS) * sizeof(struct watch_habit) +
			  w->ports.room * sizeof(*w->ports.list) +
			  w->ports.slot_count * sizeof(*w->ports.slots),
		.sessions_known = w->sessions_at.s != 0,
	};
}
