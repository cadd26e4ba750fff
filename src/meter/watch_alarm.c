/* The book of alarms. */
#include "meter/watch_alarm.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

int
watch_alarms_init(struct watch_alarms *book)
{
	*book = (struct watch_alarms){0};
	book->on = calloc(WATCH_ALARMS_MAX, sizeof(*book->on));
	book->over = calloc(WATCH_OVER_MAX, sizeof(*book->over));
	if (book->on && book->over)
		return 0;
	watch_alarms_fini(book);
	return -1;
}

void
watch_alarms_fini(struct watch_alarms *book)
{
	free(book->on);
	free(book->over);
	*book = (struct watch_alarms){0};
}

static bool
same(const struct watch_alarm *a, const struct watch_alarm *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == WATCH_RISE ? prefix_equal(a->target, b->target)
				     : strcmp(a->subject, b->subject) == 0;
}

struct watch_alarm *
watch_alarms_find(const struct watch_alarms *book, const struct watch_alarm *like)
{
	for (size_t i = 0; i < book->on_count; i++)
		if (same(&book->on[i], like))
			return &book->on[i];
	return NULL;
}

bool
watch_alarms_room(const struct watch_alarms *book, enum watch_kind kind)
{
	size_t rises = 0;
	for (size_t i = 0; kind == WATCH_RISE && i < book->on_count; i++)
		rises += book->on[i].kind == WATCH_RISE;
	return book->on_count < WATCH_ALARMS_MAX && rises < WATCH_RISES_MAX;
}

struct watch_alarm *
watch_alarms_raise(struct watch_alarms *book, const struct watch_alarm *as)
{
	struct watch_alarm *alarm = watch_alarms_find(book, as);
	bool changed = !alarm || alarm->severity != as->severity;
	if (!alarm && !watch_alarms_room(book, as->kind)) {
		book->unlisted++;
		return NULL;
	}
	uint32_t id = alarm ? alarm->id : ++book->last_id;
	uint32_t proposal = alarm ? alarm->proposal : 0;
	struct utc_s since = alarm ? alarm->since : as->since, known = {0};
	if (alarm && alarm->severity >= as->severity)
		known = alarm->acknowledged;
	if (!alarm)
		alarm = &book->on[book->on_count++];
	*alarm = *as;
	alarm->id = id;
	alarm->proposal = proposal;
	alarm->since = since;
	alarm->acknowledged = known;
	alarm->until = (struct utc_s){0};
	if (changed)
		log_warn("alarm %u, %s, %s: %s", id, watch_severity_name(as->severity), as->subject,
			 as->text);
	return alarm;
}

void
watch_alarms_recall(struct watch_alarms *book, const struct watch_alarm *alarm)
{
	if (alarm->until.s)
		book->over[book->over_count++ % WATCH_OVER_MAX] = *alarm;
	else if (book->on_count < WATCH_ALARMS_MAX && !watch_alarms_find(book, alarm))
		book->on[book->on_count++] = *alarm;
}

int
watch_alarms_acknowledge(struct watch_alarms *book, uint32_t id, struct utc_s now)
{
	for (size_t i = 0; i < book->on_count; i++) {
		if (book->on[i].id != id)
			continue;
		book->on[i].acknowledged = now;
		log_info("alarm %u, %s: acknowledged by the operator", id, book->on[i].subject);
		return 0;
	}
	return -1;
}

void
watch_alarms_end(struct watch_alarms *book, struct watch_alarm *alarm, struct utc_s now)
{
	assert(alarm >= book->on && alarm < book->on + book->on_count);
	alarm->until = now;
	log_info("alarm %u, %s: over", alarm->id, alarm->subject);
	book->over[book->over_count++ % WATCH_OVER_MAX] = *alarm;
	*alarm = book->on[--book->on_count];
}

const struct watch_alarm *
watch_alarms_over(const struct watch_alarms *book, size_t index)
{
	if (index >= book->over_count || index >= WATCH_OVER_MAX)
		return NULL;
	return &book->over[(book->over_count - 1 - index) % WATCH_OVER_MAX];
}

size_t
watch_alarms_size(const struct watch_alarms *book)
{
	(void)book;
	return (WATCH_ALARMS_MAX + WATCH_OVER_MAX) * sizeof(struct watch_alarm);
}

const char *
watch_kind_name(enum watch_kind kind)
{
	static const char *const names[WATCH_KINDS] = {
		[WATCH_PORT_FULL] = "port-full",
		[WATCH_MEMBER_SILENT] = "member-silent",
		[WATCH_EXPORTER_SILENT] = "exporter-silent",
		[WATCH_LOSS] = "loss",
		[WATCH_UNKNOWN_MAC] = "unknown-mac",
		[WATCH_RATIO] = "flow-counter-ratio",
		[WATCH_SOURCES] = "counters-differ",
		[WATCH_INTERFACE] = "interface-clash",
		[WATCH_RISE] = "sudden-rise",
	};
	assert(kind < WATCH_KINDS);
	return names[kind];
}

const char *
watch_severity_name(enum watch_severity severity)
{
	return severity == WATCH_ALARM ? "alarm" : "warning";
}

const char *
watch_rate_text(char out[WATCH_RATE_TEXT], uint64_t bps)
{
	static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
	double value = (double)bps;
	size_t unit = 0;
	while (value >= 999.95 && unit < 4) {
		value /= 1000;
		unit++;
	}
	(void)snprintf(out, WATCH_RATE_TEXT, "%.*f %s", unit ? 1 : 0, value, units[unit]);
	return out;
}
