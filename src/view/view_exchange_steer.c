/* The plan as text, JSON and CSV: a line for each ingress and exit. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "exchange/exchange_steer.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { MILLION = 1000000 };

/* Sessions that go by the ingress. */
static unsigned
sessions_of(const struct exchange *x, const struct steer_ingress *ingress)
{
	unsigned count = 0;
	for (unsigned slot = 0; slot < exchange_slots(x); slot++)
		count += exchange_steer_row(x, slot) == ingress;
	return count;
}

/* --- JSON --- */

static void
alarm_json(struct json *j, const struct exchange *x)
{
	char text[EXCHANGE_STEER_ALARM];
	json_str(j, "alarm", exchange_steer_alarm(x, text) ? text : NULL);
}

static void
as_json(struct buf *out, const struct exchange *x, const struct exchange_steering *s)
{
	struct json j = json_to(out);
	const struct steer_plan *plan = s->plan;
	json_object(&j, NULL);
	json_str(&j, "state", exchange_steer_state_name(s->state));
	json_u64(&j, "number", plan ? plan->number : 0);
	json_str(&j, "why", plan ? plan->why : NULL);
	json_u64(&j, "moved_ipv4", s->moved[0]);
	json_u64(&j, "moved_ipv6", s->moved[1]);
	json_u64(&j, "changes", s->changes);
	alarm_json(&j, x);
	if (plan) {
		json_utc(&j, "made", (struct utc_s){(int64_t)(plan->made_us / MILLION)});
		json_utc(&j, "good_until", plan->good_until);
		json_utc(&j, "since", s->since);
	}
	json_array(&j, "ingresses");
	for (size_t i = 0; plan && i < plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &plan->ingresses[i];
		json_object(&j, NULL);
		json_str(&j, "site", plan->sites[ingress->site]);
		json_u64(&j, "member_asn", ingress->member.number);
		json_u64(&j, "sessions", sessions_of(x, ingress));
		json_array(&j, "exits");
		for (uint32_t k = 0; k < ingress->choice_count; k++)
			view_steer_choice(&j, plan, &plan->choices[ingress->first_choice + k]);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- text, CSV --- */

static const char *
note_of(const struct steer_choice *choice)
{
	if (choice->flags & STEER_CLOSED)
		return "closed";
	if (choice->flags & STEER_FULL)
		return "full";
	return choice->flags & STEER_BACKUP ? "backup" : "";
}

static void
choice_text(struct buf *out, const struct steer_plan *plan, const char *site, const char *who,
	    const struct steer_choice *choice)
{
	char number[32];
	view_cell(out, site, 10);
	buf_u8(out, ' ');
	view_cell(out, who, 12);
	buf_u8(out, ' ');
	view_cell(out, plan->exits[choice->exit].session, 16);
	buf_u8(out, ' ');
	(void)snprintf(number, sizeof(number), "%u", choice->metric);
	view_cell(out, number, -10);
	(void)snprintf(number, sizeof(number), "%u.%03u ms", choice->latency_us / 1000,
		       choice->latency_us % 1000);
	view_cell(out, number, -14);
	buf_u8(out, ' ');
	view_cell(out, note_of(choice), 8);
	view_end_line(out);
}

static void
as_text(struct buf *out, const struct exchange *x, const struct exchange_steering *s)
{
	char until[CLOCK_TEXT], since[CLOCK_TEXT], alarm[EXCHANGE_STEER_ALARM];
	const struct steer_plan *plan = s->plan;
	if (!plan) {
		buf_str(out, "no plan of the corridor: plain BGP\n");
		return;
	}
	buf_printf(out, "plan          %llu, good until %s\n", (unsigned long long)plan->number,
		   utc_format(until, plan->good_until));
	buf_printf(out, "state         %s since %s\n", exchange_steer_state_name(s->state),
		   utc_format(since, s->since));
	view_field(out, "because", plan->why);
	if (exchange_steer_alarm(x, alarm))
		view_field(out, "alarm", alarm);
	const struct exchange_steer_change *change = exchange_steer_change_at(x, 0);
	if (change) {
		buf_printf(out, "moved         %u IPv4 and %u IPv6 prefixes last time\n",
			   s->moved[0], s->moved[1]);
		view_steer_times(out, change, 14);
	}
	buf_u8(out, '\n');
	buf_str(out, "from       member       exit                 metric       latency\n");
	for (size_t i = 0; i < plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &plan->ingresses[i];
		char text[VIEW_STEER_WHO];
		const char *who = view_steer_who(text, plan, i);
		for (uint32_t k = 0; who && k < ingress->choice_count; k++)
			choice_text(out, plan, plan->sites[ingress->site], who,
				    &plan->choices[ingress->first_choice + k]);
	}
}

static void
as_csv(struct buf *out, const struct steer_plan *plan)
{
	buf_str(out, "site,member_asn,exit,metric,latency_us,price_microusd,note\n");
	for (size_t i = 0; plan && i < plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &plan->ingresses[i];
		for (uint32_t k = 0; k < ingress->choice_count; k++) {
			const struct steer_choice *choice =
				&plan->choices[ingress->first_choice + k];
			view_csv_field(out, plan->sites[ingress->site]);
			buf_printf(out, ",%u,", ingress->member.number);
			view_csv_field(out, plan->exits[choice->exit].session);
			buf_printf(out, ",%u,%u,%llu,%s\n", choice->metric, choice->latency_us,
				   (unsigned long long)choice->price, note_of(choice));
		}
	}
}

static void
show_plan(struct buf *out, const struct exchange *x, enum view_form form)
{
	struct exchange_steering s = exchange_steering_of(x);
	if (form == VIEW_JSON)
		as_json(out, x, &s);
	else if (form == VIEW_CSV)
		as_csv(out, s.plan);
	else
		as_text(out, x, &s);
}

int
view_steer(struct buf *out, struct exchange *x, enum view_form form, const char *const *words,
	   size_t count, struct view_exchange_rest **rest, struct view_complaint *complaint)
{
	uint32_t member = HUB_NONE;
	if (count == 2) {
		show_plan(out, x, form);
	} else if (count == 3 && strcmp(words[2], "changes") == 0) {
		view_steer_changes(out, x, form);
	} else if (count == 3 && strcmp(words[2], "exits") == 0) {
		return view_steer_exits(rest, form) < 0
			       ? view_complain(complaint, 500, "out of memory")
			       : 0;
	} else if (count == 3 || (count == 5 && strcmp(words[3], "for") == 0)) {
		if (count == 5 && view_find_member(x, words[4], &member, complaint) < 0)
			return -1;
		return view_steer_why(out, x, form, words[2], member, complaint);
	} else {
		return view_complain(
			complaint, 400,
			"expected: show steer [exits | changes | PREFIX [for MEMBER]]");
	}
	return 0;
}
