/* The steering's plan, orders and journal as text, JSON and CSV. */
#include "view/view_corridor_steer.h"

#include <stdio.h>

#include "view/view_corridor_parts.h"
#include "view/view_exchange_parts.h"

enum { MILLION = 1000000, NUMBER = 32, WAY_COLUMN = 55 };

static const char *
note_of(const struct steer_choice *choice)
{
	if (choice->flags & STEER_CLOSED)
		return "closed";
	if (choice->flags & STEER_FULL)
		return "full";
	return choice->flags & STEER_BACKUP ? "backup" : "";
}

/* Segments of a way with spaces between. */
static void
put_way(struct buf *out, const struct steer_plan *plan, const struct steer_choice *choice)
{
	for (uint32_t i = 0; i < choice->step_count; i++)
		buf_printf(out, "%s%s", i ? " " : "",
			   plan->segments[plan->steps[choice->first_step + i]]);
}

/* --- orders and the journal --- */

static const char *
deed_word(enum corridor_deed deed)
{
	static const char *const words[CORRIDOR_DEEDS] = {
		"ordered", "restored", "run out", "filled", "eased", "filled", "eased"};
	return words[deed];
}

/* Of what it tells. */
static const char *
subject_word(const struct corridor_event *event)
{
	bool port = event->deed == CORRIDOR_PORT_FILLED || event->deed == CORRIDOR_PORT_EASED;
	return port ? "port" : corridor_kind_word(event->order.kind);
}

static void
order_json(struct json *j, const struct corridor_order *order, const char *kind)
{
	json_str(j, "state", corridor_live_word(order->live));
	json_str(j, "voice", order->voice == CORRIDOR_MACHINE ? "machine" : "operator");
	json_str(j, "kind", kind);
	json_str(j, "id", order->id);
	json_utc(j, "from", order->from);
	json_utc(j, "until", order->until);
	json_str(j, "who", order->who);
	json_str(j, "why", *order->why ? order->why : NULL);
}

void
view_corridor_orders_json(struct json *j, const struct view_corridor_steering *view)
{
	size_t count;
	const struct corridor_order *orders = corridor_state_orders(view->state, &count);
	json_array(j, "orders");
	for (size_t i = 0; i < count; i++) {
		json_object(j, NULL);
		order_json(j, &orders[i], corridor_kind_word(orders[i].kind));
		json_bool(j, "in_force", corridor_order_in_force(&orders[i], view->now));
		json_utc(j, "given", orders[i].given);
		json_object_end(j);
	}
	json_array_end(j);
}

void
view_corridor_orders_text(struct buf *out, const struct view_corridor_steering *view)
{
	size_t count;
	const struct corridor_order *orders = corridor_state_orders(view->state, &count);
	for (size_t i = 0; i < count; i++) {
		char from[CLOCK_TEXT], until[CLOCK_TEXT];
		const struct corridor_order *o = &orders[i];
		buf_printf(out, "%-8s %s %s from %s", corridor_live_word(o->live),
			   corridor_kind_word(o->kind), o->id, utc_format(from, o->from));
		if (o->until.s)
			buf_printf(out, " until %s", utc_format(until, o->until));
		buf_printf(out, ", by %s%s%s\n", o->who, *o->why ? ": " : "", o->why);
	}
	if (count == 0)
		buf_str(out, "nothing is cut, drained or worked on\n");
}

void
view_corridor_events(struct buf *out, const struct view_corridor_steering *view,
		     enum view_corridor_form form)
{
	size_t count;
	const struct corridor_event *events = corridor_state_events(view->state, &count);
	struct json j = json_to(out);
	if (form == VIEW_CORRIDOR_JSON) {
		json_object(&j, NULL);
		json_array(&j, "events");
	} else if (form == VIEW_CORRIDOR_CSV) {
		buf_str(out, "number,at,deed,state,kind,id,who,why\n");
	} else if (count == 0) {
		buf_str(out, "nothing has been ordered\n");
	}
	for (size_t i = 0; i < count; i++) {
		const struct corridor_event *e = &events[i];
		char at[CLOCK_TEXT];
		if (form == VIEW_CORRIDOR_JSON) {
			json_object(&j, NULL);
			json_u64(&j, "number", e->number);
			json_utc(&j, "at", e->at);
			json_str(&j, "deed", deed_word(e->deed));
			order_json(&j, &e->order, subject_word(e));
			json_object_end(&j);
			continue;
		}
		bool csv = form == VIEW_CORRIDOR_CSV;
		buf_printf(out, csv ? "%llu,%s,%s,%s,%s," : "%5llu  %s  %-8s  %-7s  %s ",
			   (unsigned long long)e->number, utc_format(at, e->at), deed_word(e->deed),
			   corridor_live_word(e->order.live), subject_word(e));
		if (csv) {
			view_csv_field(out, e->order.id);
			buf_u8(out, ',');
			view_csv_field(out, e->order.who);
			buf_u8(out, ',');
			view_csv_field(out, e->order.why);
			buf_u8(out, '\n');
		} else {
			buf_printf(out, "%s, by %s%s%s\n", e->order.id, e->order.who,
				   *e->order.why ? ": " : "", e->order.why);
		}
	}
	if (form == VIEW_CORRIDOR_JSON) {
		json_array_end(&j);
		json_object_end(&j);
		buf_str(out, "\n");
	}
}

/* --- the plan --- */

static void
plan_json(struct json *j, const struct steer_plan *plan)
{
	json_array(j, "ingresses");
	for (size_t i = 0; plan && i < plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &plan->ingresses[i];
		json_object(j, NULL);
		json_str(j, "site", plan->sites[ingress->site]);
		json_u64(j, "member_asn", ingress->member.number);
		json_array(j, "exits");
		for (uint32_t k = 0; k < ingress->choice_count; k++)
			view_steer_choice(j, plan, &plan->choices[ingress->first_choice + k]);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
steer_json(struct buf *out, const struct view_corridor_steering *view)
{
	const struct steer_plan *plan = view->plan;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "number", plan ? plan->number : 0);
	json_str(&j, "why", plan ? plan->why : NULL);
	json_utc(&j, "made", (struct utc_s){plan ? (int64_t)(plan->made_us / MILLION) : 0});
	json_utc(&j, "good_until", plan ? plan->good_until : (struct utc_s){0});
	json_str(&j, "not_renewed", view->stale);
	json_u64(&j, "moved", view->last.moved);
	json_u64(&j, "forced", view->last.forced);
	json_u64(&j, "turned", view->last.turned);
	json_u64(&j, "waiting", view->last.waiting);
	json_u64(&j, "refused", view->last.refused);
	json_u64(&j, "placed", view->last.placed);
	json_u64(&j, "took_us", view->took_us);
	view_corridor_orders_json(&j, view);
	view_sense_json(&j, view);
	view_steer_room_json(&j, view);
	plan_json(&j, plan);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
choice_csv(struct buf *out, const struct steer_plan *plan, const struct steer_ingress *ingress,
	   const struct steer_choice *choice)
{
	view_csv_field(out, plan->sites[ingress->site]);
	buf_printf(out, ",%u,", ingress->member.number);
	view_csv_field(out, plan->exits[choice->exit].session);
	buf_printf(out, ",%u,%u,%llu,%s,", choice->metric, choice->latency_us,
		   (unsigned long long)choice->price, note_of(choice));
	put_way(out, plan, choice);
	buf_u8(out, '\n');
}

static void
choice_text(struct buf *out, const struct steer_plan *plan, const char *site, const char *who,
	    const struct steer_choice *choice)
{
	char number[NUMBER];
	struct buf way = {0};
	view_cell(out, site, 9);
	view_cell(out, who, 12);
	view_cell(out, plan->exits[choice->exit].session, 15);
	(void)snprintf(number, sizeof(number), "%u.%03u ms", choice->latency_us / 1000,
		       choice->latency_us % 1000);
	view_cell(out, choice->flags & STEER_CLOSED ? "" : number, -11);
	buf_u8(out, ' ');
	view_cell(out, note_of(choice), 7);
	put_way(&way, plan, choice);
	buf_u8(&way, 0);
	if (choice->step_count && !way.failed)
		view_wrapped(out, (const char *)way.data, WAY_COLUMN, WAY_COLUMN);
	else
		view_end_line(out);
	buf_fini(&way);
}

static void
plan_rows(struct buf *out, const struct steer_plan *plan, bool csv)
{
	buf_str(out, csv ? "from,member_asn,exit,metric,latency_us,price_microusd,note,way\n"
			 : "from     member      exit               latency         way\n");
	for (size_t i = 0; i < plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &plan->ingresses[i];
		const struct steer_choice *choices = &plan->choices[ingress->first_choice];
		char text[VIEW_STEER_WHO];
		const char *who = view_steer_who(text, plan, i);
		for (uint32_t k = 0; k < ingress->choice_count; k++)
			if (csv)
				choice_csv(out, plan, ingress, &choices[k]);
			else if (who)
				choice_text(out, plan, plan->sites[ingress->site], who,
					    &choices[k]);
	}
}

/* What is known of a plan that was written. */
static void
written_text(struct buf *out, const struct view_corridor_steering *view)
{
	char until[CLOCK_TEXT];
	const struct steer_plan *plan = view->plan;
	buf_printf(out, "plan %llu, good until %s%s%s\n", (unsigned long long)plan->number,
		   utc_format(until, plan->good_until), view->stale ? ", not renewed: " : "",
		   view->stale ? view->stale : "");
	view_field(out, "because", plan->why);
	buf_printf(out, "moved       %u ways, %u at once, %u first upstreams, in %llu.%03llu ms\n",
		   view->last.moved, view->last.forced, view->last.turned,
		   (unsigned long long)view->took_us / 1000,
		   (unsigned long long)view->took_us % 1000);
	if (view->last.placed)
		buf_printf(out, "placed      %u together, so that all find room\n",
			   view->last.placed);
	buf_printf(out, "waiting     %u, and %u after too many moves\n", view->last.waiting,
		   view->last.refused);
}

static void
steer_text(struct buf *out, const struct view_corridor_steering *view)
{
	const struct steer_plan *plan = view->plan;
	view_corridor_orders_text(out, view);
	view_sense_text(out, view);
	if (!plan) {
		buf_printf(out, "no plan: %s\n",
			   view->stale ? view->stale
				       : "the hub's own AS has no sessions where segments end");
		return;
	}
	buf_str(out, "\n");
	if (plan->number)
		written_text(out, view);
	view_steer_room_text(out, view);
	if (plan->number)
		buf_u8(out, '\n');
	plan_rows(out, plan, false);
}

void
view_corridor_steer(struct buf *out, const struct view_corridor_steering *view,
		    enum view_corridor_form form)
{
	static const struct steer_plan none;
	if (form == VIEW_CORRIDOR_JSON)
		steer_json(out, view);
	else if (form == VIEW_CORRIDOR_CSV)
		plan_rows(out, view->plan ? view->plan : &none, true);
	else
		steer_text(out, view);
}
