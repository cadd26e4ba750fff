/* What the watch leaves to the one after it.
 *
 *	last alarm u32, last proposal u32
 *	alarms (count u32; each: kind, severity, unit, by_counters u8, id, member u32, since, until,
 *	acknowledged, value, threshold u64, subject, text)    those that are over first, the oldest first
 *	ports (count u32; each: id, over[2], under, silent, bins u32, by_counters u8, usual[2],
 *	usual_samples[2] u64)
 *
 * Text is a length (u16) and octets. What has an IP address is left out: rises, proposals, and what
 * addresses are used to. Their numbers are not given again, so that an operator's word about proposal 3
 * is never taken for another 3. */
#include <string.h>

#include "meter/watch_parts.h"

enum {
	/* The least octets that one takes. */
	ALARM_LEAST = 4 + 2 * 4 + 5 * 8 + 2 * 2,
	PORT_LEAST = 2 + 5 * 4 + 1 + 4 * 8,
};

static void
put_alarm(struct buf *out, const struct watch_alarm *a)
{
	buf_u8(out, (uint8_t)a->kind);
	buf_u8(out, (uint8_t)a->severity);
	buf_u8(out, (uint8_t)a->unit);
	buf_u8(out, a->by_counters);
	buf_u32(out, a->id);
	buf_u32(out, a->member.number);
	buf_u64(out, (uint64_t)a->since.s);
	buf_u64(out, (uint64_t)a->until.s);
	buf_u64(out, (uint64_t)a->acknowledged.s);
	buf_u64(out, a->value);
	buf_u64(out, a->threshold);
	buf_text(out, a->subject);
	buf_text(out, a->text);
}

static void
put_alarms(struct buf *out, const struct watch_alarms *book)
{
	size_t at = out->length;
	uint32_t count = 0;
	buf_u32(out, 0);
	for (size_t i = WATCH_OVER_MAX; i-- > 0;) {
		const struct watch_alarm *over = watch_alarms_over(book, i);
		if (!over || over->kind == WATCH_RISE)
			continue;
		put_alarm(out, over);
		count++;
	}
	for (size_t i = 0; i < book->on_count; i++) {
		if (book->on[i].kind == WATCH_RISE)
			continue;
		put_alarm(out, &book->on[i]);
		count++;
	}
	if (!out->failed)
		buf_set_u32(out, at, count);
}

void
watch_keep(const struct watch *w, struct buf *out)
{
	buf_u32(out, w->alarms.last_id);
	buf_u32(out, w->last_proposal);
	put_alarms(out, &w->alarms);
	buf_u32(out, (uint32_t)w->ports.count);
	for (size_t i = 0; i < w->ports.count; i++) {
		const struct watch_past *p = &w->ports.list[i];
		buf_text(out, p->id);
		buf_u32(out, p->over[0]);
		buf_u32(out, p->over[1]);
		buf_u32(out, p->under);
		buf_u32(out, p->silent);
		buf_u32(out, p->bins);
		buf_u8(out, p->by_counters);
		for (int way = 0; way < 2; way++) {
			buf_u64(out, p->usual[way]);
			buf_u64(out, p->usual_samples[way]);
		}
	}
}

static void
take_text(char *out, size_t size, struct cursor *c)
{
	struct cursor text = cursor_sub(c, cursor_u16(c));
	size_t length = cursor_left(&text);
	if (text.failed || length >= size || (length && memchr(text.at, 0, length))) {
		cursor_fail(c);
		return;
	}
	cursor_copy(&text, (uint8_t *)out, length);
	out[length] = '\0';
}

static struct utc_s
take_time(struct cursor *c)
{
	struct utc_s time = {(int64_t)cursor_u64(c)};
	if (time.s < 0)
		cursor_fail(c);
	return time;
}

static struct watch_alarm
take_alarm(struct cursor *c)
{
	uint8_t kind = cursor_u8(c), severity = cursor_u8(c), unit = cursor_u8(c);
	struct watch_alarm a = {.by_counters = cursor_u8(c) != 0};
	a.id = cursor_u32(c);
	a.member.number = cursor_u32(c);
	a.since = take_time(c);
	a.until = take_time(c);
	a.acknowledged = take_time(c);
	a.value = cursor_u64(c);
	a.threshold = cursor_u64(c);
	take_text(a.subject, sizeof(a.subject), c);
	take_text(a.text, sizeof(a.text), c);
	if (kind >= WATCH_RISE || severity > WATCH_ALARM || unit > WATCH_PORTS)
		cursor_fail(c);
	a.kind = (enum watch_kind)kind;
	a.severity = (enum watch_severity)severity;
	a.unit = (enum watch_unit)unit;
	return a;
}

static void
take_port(struct watch *w, struct cursor *c)
{
	char id[WATCH_SUBJECT];
	struct watch_past p = {0};
	take_text(id, sizeof(id), c);
	p.over[0] = cursor_u32(c);
	p.over[1] = cursor_u32(c);
	p.under = cursor_u32(c);
	p.silent = cursor_u32(c);
	p.bins = cursor_u32(c);
	p.by_counters = cursor_u8(c) != 0;
	for (int way = 0; way < 2; way++) {
		p.usual[way] = cursor_u64(c);
		p.usual_samples[way] = cursor_u64(c);
	}
	struct watch_past *past = w && !c->failed ? watch_past_of(&w->ports, id) : NULL;
	if (!past)
		return;
	p.id = past->id;
	p.session_since = past->session_since;
	*past = p;
}

void
watch_recall(struct watch *w, struct cursor *c, struct utc_s now)
{
	uint32_t last_id = cursor_u32(c), last_proposal = cursor_u32(c);
	uint32_t count = cursor_u32(c);
	if (count > cursor_left(c) / ALARM_LEAST)
		cursor_fail(c);
	for (uint32_t i = 0; i < count && !c->failed; i++) {
		struct watch_alarm a = take_alarm(c);
		if (w && !c->failed)
			watch_alarms_recall(&w->alarms, &a);
	}
	count = cursor_u32(c);
	if (count > cursor_left(c) / PORT_LEAST)
		cursor_fail(c);
	for (uint32_t i = 0; i < count && !c->failed; i++)
		take_port(w, c);
	if (!w || c->failed)
		return;
	w->alarms.last_id = last_id;
	w->last_proposal = last_proposal;
	/* The hub file may have been changed meanwhile. */
	watch_apply(w, w->hub, w->roster, now);
}
