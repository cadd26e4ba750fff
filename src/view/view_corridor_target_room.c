/* What of a revenue target the corridor has room for, what is full then, and what would give it
 * room. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_target.h"

enum { NAME_COLUMNS = 20, NUMBER_COLUMNS = 11, SHOWN_FULL = 8, SHOWN_GAINS = 5 };

/* --- finding --- */

static int
find_row(struct view_target *t, size_t price)
{
	double needs[] = {t->least_musd, t->most_musd};
	for (size_t k = 0; k < 2; k++) {
		struct corridor_target target = view_target_at(t, price, needs[k]);
		struct corridor_carry carry;
		double times = corridor_target_gbps(&target) / t->passing_gbps;
		if (k == 1 && t->most_musd == t->least_musd)
			t->carried[price][1] = t->carried[price][0];
		else if (corridor_carry_of(&carry, t->arena, &t->carry, times) < 0)
			return -1;
		else
			t->carried[price][k] = carry.carried_gbps;
	}
	return 0;
}

static int
find_gains(struct view_target *t)
{
	struct corridor_target target = view_target_at(t, t->first, t->least_musd);
	double times = corridor_target_gbps(&target) / t->passing_gbps;
	if (corridor_carry_of(&t->needed, t->arena, &t->carry, times) < 0)
		return -1;
	return corridor_carry_gains(&t->gains, &t->gain_count, t->arena, &t->carry, times,
				    &t->needed);
}

int
view_target_room(struct view_target *t)
{
	double all = corridor_carry_all(&t->carry);
	if (!(t->passing_gbps > 0))
		return 0;
	if (corridor_carry_corners(&t->most, t->arena, &t->carry, all) < 0)
		return -1;
	for (size_t i = 0; i < t->price_count; i++)
		if (find_row(t, i) < 0)
			return -1;
	return find_gains(t);
}

/* --- what it means --- */

/* Filling may fit in more of a little less: the most of all that was tried. */
static struct corridor_range
room_gbps(const struct view_target *t)
{
	struct corridor_range room = corridor_carry_range(&t->most);
	for (size_t i = 0; i < t->price_count; i++)
		room.value = fmax(room.value, fmax(t->carried[i][0], t->carried[i][1]));
	room.high = fmax(room.high, room.value);
	return room;
}

double
view_target_years_until_full(const struct view_target *t)
{
	double growth = t->view->hub->corridor.growth_percent / 100;
	double room = room_gbps(t).value;
	if (room <= t->passing_gbps)
		return 0;
	return growth > 0 && t->passing_gbps > 0 ? log(room / t->passing_gbps) / log1p(growth)
						 : NAN;
}

struct corridor_range
view_target_full_usd(const struct view_target *t)
{
	struct corridor_range room = room_gbps(t), price = t->ceiling_usd;
	if (t->ceiling == VIEW_TARGET_PRICES)
		return (struct corridor_range){NAN, NAN, NAN};
	return (struct corridor_range){corridor_money_a_year(room.value, price.value),
				       corridor_money_a_year(room.low, price.low),
				       corridor_money_a_year(room.high, price.high)};
}

/* --- JSON, text --- */

void
view_target_room_json(struct json *j, const struct view_target *t)
{
	const struct hub *hub = t->view->hub;
	view_range_json(j, "room_gbps", room_gbps(t), 3);
	view_number_json(j, "years_until_full", view_target_years_until_full(t));
	if (t->ceiling < VIEW_TARGET_PRICES) {
		view_range_json(j, "ceiling_usd", t->ceiling_usd, 6);
		view_range_json(j, "full_usd_a_year", view_target_full_usd(t), 2);
	}
	json_object(j, "build");
	json_double(j, "price_usd", t->price_count ? t->prices[t->first] : NAN);
	json_array(j, "full");
	for (size_t i = 0; i < t->needed.full_count; i++)
		json_str(j, NULL, hub->segments[t->needed.full[i]].id);
	json_array_end(j);
	json_array(j, "candidates");
	for (size_t i = 0; i < t->gain_count; i++) {
		json_object(j, NULL);
		json_str(j, "id", hub->candidates[t->gains[i].candidate].id);
		json_double(j, "capex_musd", hub->candidates[t->gains[i].candidate].capex_musd);
		json_fixed(j, "gbps", t->gains[i].gbps, 3);
		view_number_json(j, "gbps_per_musd", t->gains[i].gbps_per_musd);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
full_text(struct buf *out, const struct view_target *t)
{
	const struct corridor_carry *needed = &t->needed;
	struct buf line = {0};
	for (size_t i = 0; i < needed->full_count && i < SHOWN_FULL; i++)
		buf_printf(&line, "%s%s", i ? ", " : "",
			   t->view->hub->segments[needed->full[i]].id);
	if (needed->full_count > SHOWN_FULL)
		buf_printf(&line, " and %zu more", needed->full_count - SHOWN_FULL);
	if (line.length)
		view_field_printf(out, "full", "%.*s", (int)line.length, (const char *)line.data);
	buf_fini(&line);
}

void
view_target_room_text(struct buf *out, const struct view_target *t)
{
	char value[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	struct corridor_range room = room_gbps(t), usd = view_target_full_usd(t);
	double years = view_target_years_until_full(t);
	if (!(t->passing_gbps > 0))
		return;
	view_field_printf(out, "room for", "%s Tbit/s of such traffic, all other first (%s)",
			  view_fact_number(value, room.value / 1000),
			  view_fact_range(range, room.low / 1000, room.high / 1000));
	if (years > 0)
		view_field_printf(out, "full in", "%s years", view_fact_number(value, years));
	if (t->ceiling == VIEW_TARGET_PRICES)
		return;
	view_field_printf(out, "ceiling", "$%s a Mbit/s a month in the mean (%s)",
			  view_fact_number(value, t->ceiling_usd.value),
			  view_fact_range(range, t->ceiling_usd.low, t->ceiling_usd.high));
	view_field_printf(out, "full, earns", "$%s million a year at the ceiling (%s)",
			  view_fact_number(value, usd.value / 1e6),
			  view_fact_range(range, usd.low / 1e6, usd.high / 1e6));
}

void
view_target_gains_text(struct buf *out, const struct view_target *t)
{
	static const char *const names[] = {"M$", "Tbit/s", "Gbit/s/M$"};
	const struct hub *hub = t->view->hub;
	if (!(t->passing_gbps > 0))
		return;
	struct corridor_target target = view_target_at(t, t->first, t->least_musd);
	if (t->carried[t->first][0] >= corridor_target_gbps(&target) * (1 - 1e-6))
		return;
	char price[VIEW_RATE_TEXT];
	buf_printf(out, "\nto build first, for $%.6g million at $%s\n\n", t->least_musd,
		   view_fact_number(price, t->prices[t->first]));
	full_text(out, t);
	if (!t->gain_count) {
		view_field_printf(out, "build", "%s",
				  "none of the candidates gives room for more: what is full "
				  "would have to be widened");
		return;
	}
	buf_str(out, "\n");
	view_cell(out, "candidate", NAME_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < t->gain_count && i < SHOWN_GAINS; i++) {
		const struct hub_candidate *c = &hub->candidates[t->gains[i].candidate];
		view_cell(out, c->id, NAME_COLUMNS);
		view_fact_cell(out, c->capex_musd, NUMBER_COLUMNS);
		view_fact_cell(out, t->gains[i].gbps / 1000, NUMBER_COLUMNS);
		view_fact_cell(out, t->gains[i].gbps_per_musd, NUMBER_COLUMNS);
		view_end_line(out);
	}
}
