/* Alarms, proposals and talkers as text and JSON. */
#include "view/view_watch.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "view/view_text.h"

enum {
	OVER_TEXT = 10,    /* alarms that are over, in text */
	TARGET_WIDTH = 24, /* an IPv4 address or network, and short ones of IPv6 */
};

/* What an answer is made from, and whether addresses may be in it. */
struct shown {
	const struct view_watch *view;
	bool addresses;
};

static const char *
member_name(const struct view_watch *view, struct asn asn)
{
	uint32_t index = asn.number ? hub_member_by_asn(view->hub, asn) : HUB_NONE;
	return index == HUB_NONE ? NULL : view->hub->members[index].name;
}

/* --- alarms --- */

static const char *
value_text(char out[WATCH_RATE_TEXT], enum watch_unit unit, uint64_t value)
{
	switch (unit) {
	case WATCH_BPS:
		return watch_rate_text(out, value);
	case WATCH_SECONDS:
		(void)snprintf(out, WATCH_RATE_TEXT, "%llu s", (unsigned long long)value);
		return out;
	case WATCH_PORTS:
		(void)snprintf(out, WATCH_RATE_TEXT, "%llu", (unsigned long long)value);
		return out;
	case WATCH_PPM:
		(void)snprintf(out, WATCH_RATE_TEXT, "%.1f %%", (double)value / 1e4);
		return out;
	default:
		(void)snprintf(out, WATCH_RATE_TEXT, "%.2f %%", (double)value / 100);
		return out;
	}
}

static const char *
unit_name(enum watch_unit unit)
{
	static const char *const names[] = {
		[WATCH_PERCENT_100] = "percent", [WATCH_BPS] = "bit/s",   [WATCH_SECONDS] = "s",
		[WATCH_PPM] = "percent",         [WATCH_PORTS] = "ports",
	};
	return names[unit];
}

static void
value_json(struct json *j, const char *key, enum watch_unit unit, uint64_t value)
{
	if (unit == WATCH_PERCENT_100)
		json_fixed(j, key, (double)value / 100, 2);
	else if (unit == WATCH_PPM)
		json_fixed(j, key, (double)value / 1e4, 2);
	else
		json_u64(j, key, value);
}

static void
target_json(struct json *j, const struct shown *shown, struct prefix target)
{
	if (shown->addresses && target.ip.family != IP_NONE)
		json_prefix(j, "target", target);
	else
		json_null(j, "target");
}

static void
member_json(struct json *j, const struct shown *shown, struct asn asn)
{
	if (asn.number)
		json_u64(j, "asn", asn.number);
	else
		json_null(j, "asn");
	json_str(j, "member", member_name(shown->view, asn));
}

static void
alarm_json(struct json *j, const struct shown *shown, const struct watch_alarm *a)
{
	bool counted = a->kind == WATCH_PORT_FULL || a->kind == WATCH_MEMBER_SILENT;
	json_object(j, NULL);
	json_u64(j, "id", a->id);
	json_str(j, "kind", watch_kind_name(a->kind));
	json_str(j, "severity", watch_severity_name(a->severity));
	json_str(j, "subject", a->subject);
	member_json(j, shown, a->member);
	target_json(j, shown, a->target);
	json_utc(j, "since", a->since);
	json_utc(j, "until", a->until);
	json_utc(j, "acknowledged", a->acknowledged);
	value_json(j, "value", a->unit, a->value);
	value_json(j, "threshold", a->unit, a->threshold);
	json_str(j, "unit", unit_name(a->unit));
	json_str(j, "by", !counted ? NULL : a->by_counters ? "counters" : "flows");
	if (a->proposal)
		json_u64(j, "proposal", a->proposal);
	else
		json_null(j, "proposal");
	json_str(j, "text", a->text);
	json_object_end(j);
}

static void
alarms_json(struct buf *out, const struct shown *shown)
{
	const struct watch_alarms *book = watch_alarms_of(shown->view->watch);
	struct watch_state state = watch_state(shown->view->watch);
	struct json j = json_to(out);
	const struct watch_alarm *over;
	json_object(&j, NULL);
	json_array(&j, "alarms");
	for (size_t i = 0; i < book->on_count; i++)
		alarm_json(&j, shown, &book->on[i]);
	json_array_end(&j);
	json_array(&j, "over");
	for (size_t i = 0; (over = watch_alarms_over(book, i)) != NULL; i++)
		alarm_json(&j, shown, over);
	json_array_end(&j);
	json_u64(&j, "unlisted", book->unlisted);
	json_utc(&j, "learns_until", state.learns_until);
	json_bool(&j, "sessions_known", state.sessions_known);
	json_u64(&j, "memory", state.memory);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
alarm_text(struct buf *out, const struct shown *shown, const struct watch_alarm *a)
{
	char since[CLOCK_TEXT], until[CLOCK_TEXT], target[PREFIX_TEXT] = "";
	char value[WATCH_RATE_TEXT], threshold[WATCH_RATE_TEXT];
	if (shown->addresses && a->target.ip.family != IP_NONE)
		(void)prefix_format(target, a->target);
	buf_printf(out, "%-5u %-8s %-19s %s%s%s\n", a->id,
		   a->until.s ? "over" : watch_severity_name(a->severity), watch_kind_name(a->kind),
		   a->subject, target[0] ? " " : "", target);
	buf_printf(out, "      since %s", utc_format(since, a->since));
	if (a->until.s)
		buf_printf(out, " until %s", utc_format(until, a->until));
	else if (a->acknowledged.s)
		buf_printf(out, ", acknowledged %s", utc_format(until, a->acknowledged));
	buf_printf(out, ", %s of %s\n", value_text(value, a->unit, a->value),
		   value_text(threshold, a->unit, a->threshold));
	buf_str(out, "      ");
	view_wrapped(out, a->text, 6, 6);
}

static void
alarms_text(struct buf *out, const struct shown *shown)
{
	const struct watch_alarms *book = watch_alarms_of(shown->view->watch);
	struct watch_state state = watch_state(shown->view->watch);
	const struct watch_alarm *over;
	char when[CLOCK_TEXT];
	for (size_t i = 0; i < book->on_count; i++)
		alarm_text(out, shown, &book->on[i]);
	if (!book->on_count)
		buf_str(out, "no alarms\n");
	for (size_t i = 0; i < OVER_TEXT && (over = watch_alarms_over(book, i)) != NULL; i++)
		alarm_text(out, shown, over);
	if (book->unlisted)
		buf_printf(out, "%llu more that there was no room for\n",
			   (unsigned long long)book->unlisted);
	if (shown->view->now.s < state.learns_until.s)
		buf_printf(out, "sudden rises are looked for from %s on\n",
			   utc_format(when, state.learns_until));
	if (!state.sessions_known)
		buf_str(out, "silent members are not looked for: the exchange has not said which "
			     "sessions are up\n");
}

/* --- proposals --- */

static void
proposals_json(struct buf *out, const struct shown *shown)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "proposals");
	for (size_t i = 0; i < watch_proposal_count(shown->view->watch); i++) {
		const struct watch_proposal *p = watch_proposal(shown->view->watch, i);
		json_object(&j, NULL);
		json_u64(&j, "number", p->number);
		json_str(&j, "state", watch_proposal_state_name(p->state));
		target_json(&j, shown, p->target);
		member_json(&j, shown, p->member);
		json_u64(&j, "alarm", p->alarm);
		json_utc(&j, "since", p->since);
		json_utc(&j, "changed", p->changed);
		json_utc(&j, "ends", p->ends);
		json_u64(&j, "bps", p->bps);
		json_u64(&j, "pps", p->pps);
		json_u64(&j, "usual_bps", p->usual_bps);
		json_u64(&j, "sources", p->sources);
		json_str(&j, "text", p->text);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
proposals_text(struct buf *out, const struct shown *shown)
{
	size_t count = watch_proposal_count(shown->view->watch);
	for (size_t i = 0; i < count; i++) {
		const struct watch_proposal *p = watch_proposal(shown->view->watch, i);
		char target[PREFIX_TEXT] = "(address not shown)", now[WATCH_RATE_TEXT];
		char usual[WATCH_RATE_TEXT], when[CLOCK_TEXT];
		const char *name = member_name(shown->view, p->member);
		if (shown->addresses)
			(void)prefix_format(target, p->target);
		buf_printf(out, "%-5u %-9s blackhole %s\n", p->number,
			   watch_proposal_state_name(p->state), target);
		buf_printf(out, "      for AS%u %.60s\n", p->member.number, name ? name : "");
		buf_printf(out, "      since %s: %s, usually %s; alarm %u\n",
			   utc_format(when, p->since), watch_rate_text(now, p->bps),
			   watch_rate_text(usual, p->usual_bps), p->alarm);
		if (p->ends.s)
			buf_printf(out, "      until %s\n", utc_format(when, p->ends));
		if (p->text[0]) {
			buf_str(out, "      ");
			view_wrapped(out, p->text, 6, 6);
		}
	}
	if (!count)
		buf_str(out, "no proposals\n");
}

/* --- talkers --- */

static void
talkers_json(struct buf *out, const struct shown *shown)
{
	struct watch_talker list[WATCH_TALKERS];
	size_t count = watch_talkers(shown->view->watch, list, WATCH_TALKERS);
	struct watch_state state = watch_state(shown->view->watch);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "talkers");
	for (size_t i = 0; i < count; i++) {
		json_object(&j, NULL);
		target_json(&j, shown, list[i].target);
		member_json(&j, shown, list[i].member);
		json_u64(&j, "bps", list[i].bps);
		json_u64(&j, "pps", list[i].pps);
		json_u64(&j, "usual_bps", list[i].usual_bps);
		json_u64(&j, "sources", list[i].sources);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_u64(&j, "one_flow_in", state.every);
	json_u64(&j, "window_s", WATCH_WINDOW_S);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
talkers_text(struct buf *out, const struct shown *shown)
{
	struct watch_talker list[WATCH_TALKERS];
	size_t count = watch_talkers(shown->view->watch, list, WATCH_TALKERS);
	buf_str(out, "destination              member                        now       usually\n");
	for (size_t i = 0; i < count; i++) {
		char target[IP_TEXT] = "(not shown)", rate[WATCH_RATE_TEXT];
		const char *name = member_name(shown->view, list[i].member);
		if (shown->addresses)
			(void)ip_format(target, list[i].target.ip);
		/* Whole, for it is to be copied: one that is too long has a line to itself. */
		if (strlen(target) > TARGET_WIDTH)
			buf_printf(out, "%s\n%*s", target, TARGET_WIDTH, "");
		else
			view_cell(out, target, TARGET_WIDTH);
		buf_str(out, " ");
		view_cell(out, name ? name : "-", 20);
		view_cell(out, watch_rate_text(rate, list[i].bps), -14);
		view_cell(out, watch_rate_text(rate, list[i].usual_bps), -14);
		view_end_line(out);
	}
}

/* --- which --- */

static const struct {
	const char *word;
	void (*text)(struct buf *out, const struct shown *shown);
	void (*json)(struct buf *out, const struct shown *shown);
} answers[] = {
	{"alarms", alarms_text, alarms_json},
	{"proposals", proposals_text, proposals_json},
	{"talkers", talkers_text, talkers_json},
};

int
view_watch_answer(struct buf *out, const struct view_watch *view, enum view_form form,
		  const char *const *words, size_t count, struct view_complaint *complaint)
{
	bool without = count == 3 && strcmp(words[2], "without-addresses") == 0;
	struct shown shown = {view, !without};
	if (form == VIEW_CSV)
		return view_complain(complaint, 400,
				     "this has no CSV; it has text, and JSON with -j");
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (count < 2 || strcmp(words[1], answers[i].word) != 0 || (count != 2 && !without))
			continue;
		(form == VIEW_JSON ? answers[i].json : answers[i].text)(out, &shown);
		return out->failed ? view_complain(complaint, 500, "out of memory") : 0;
	}
	return view_complain(complaint, 400,
			     "expected one of: show alarms, show proposals, show talkers; and "
			     "without-addresses");
}

void
view_watch_metrics(struct buf *out, const struct watch *watch)
{
	const struct watch_alarms *book = watch_alarms_of(watch);
	struct watch_state state = watch_state(watch);
	unsigned on[WATCH_KINDS][2] = {{0}};
	size_t open = 0;
	for (size_t i = 0; i < book->on_count; i++)
		on[book->on[i].kind][book->on[i].severity]++;
	for (size_t i = 0; i < watch_proposal_count(watch); i++)
		open += watch_proposal(watch, i)->state == WATCH_PROPOSED;
	buf_str(out, "# HELP sarai_meter_alarms Alarms that are on.\n"
		     "# TYPE sarai_meter_alarms gauge\n");
	for (int kind = 0; kind < WATCH_KINDS; kind++)
		for (int severity = 0; severity < 2; severity++)
			buf_printf(out, "sarai_meter_alarms{kind=\"%s\",severity=\"%s\"} %u\n",
				   watch_kind_name((enum watch_kind)kind),
				   watch_severity_name((enum watch_severity)severity),
				   on[kind][severity]);
	buf_printf(out,
		   "# HELP sarai_meter_alarms_begun_total Alarms that ever began.\n"
		   "# TYPE sarai_meter_alarms_begun_total counter\n"
		   "sarai_meter_alarms_begun_total %u\n"
		   "# HELP sarai_meter_proposals Blackholes that wait for an operator's word.\n"
		   "# TYPE sarai_meter_proposals gauge\n"
		   "sarai_meter_proposals %zu\n"
		   "# HELP sarai_meter_watch_bytes Memory of what is watched.\n"
		   "# TYPE sarai_meter_watch_bytes gauge\n"
		   "sarai_meter_watch_bytes %zu\n",
		   book->last_id, open, state.memory);
}
