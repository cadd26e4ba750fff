/* What a cut does, as text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_whatif.h"

/* "M07 + M10"; returns `out`, shortened if need be. */
static char *
cut_text(char out[VIEW_RATE_TEXT * 2], const struct view_whatif *a,
	 const struct corridor_named *names, size_t count)
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < count && used < 2 * VIEW_RATE_TEXT; i++) {
		int more = snprintf(out + used, 2 * VIEW_RATE_TEXT - used, "%s%s", i ? " + " : "",
				    corridor_named_id(a->plan, names[i]));
		used += more > 0 ? (size_t)more : 0;
	}
	return out;
}

/* "RED_SEA (Red Sea), IR (Iran)" */
static void
names_text(struct buf *out, const struct view_whatif *a)
{
	const struct view_whatif_question *q = a->question;
	for (size_t i = 0; i < q->count; i++) {
		const char *name = corridor_named_name(a->plan, q->names[i]);
		buf_printf(out, "%s%s", i ? ", " : "", corridor_named_id(a->plan, q->names[i]));
		if (name)
			buf_printf(out, " (%s)", name);
	}
}

static const char *
plural(uint32_t count)
{
	return count == 1 ? "" : "s";
}

static const char *
demand_name(const struct view_whatif *a, uint32_t demand)
{
	const struct hub_demand *d = &a->plan->hub->demands[demand];
	return d->name ? d->name : d->id;
}

/* "19.6 Tbit/s" of a range's number in Gbit/s. */
static char *
gbps_text(char out[VIEW_RATE_TEXT], double gbps)
{
	return view_rate(out, (uint64_t)(gbps * 1e9 + 0.5));
}

/* "414 Gbit/s to 1.35 Tbit/s", "400 to 800 Gbit/s"; returns `out`. */
static char *
between_text(char out[VIEW_RANGE_TEXT], double low, double high)
{
	char least[VIEW_RATE_TEXT], most[VIEW_RATE_TEXT];
	(void)snprintf(least, sizeof(least), "0");
	if (low > 0)
		gbps_text(least, low);
	gbps_text(most, high);
	const char *unit = strchr(least, ' '), *other = strchr(most, ' ');
	int digits =
		(int)(unit && strcmp(unit, other) == 0 ? unit - least : (ptrdiff_t)strlen(least));
	(void)snprintf(out, VIEW_RANGE_TEXT, "%.*s to %s", digits, least, most);
	return out;
}

/* A line with the terms behind it; takes the buffer. */
static void
head_text(struct buf *out, const struct view_whatif *a, struct buf *line)
{
	view_terms_text(line, &a->question->terms);
	buf_u8(line, '\0');
	out->failed |= line->failed;
	if (!line->failed)
		view_wrapped(out, (const char *)line->data, 0, 2);
	buf_fini(line);
}

static void
foot_text(struct buf *out, const struct view_whatif *a)
{
	struct corridor_range asked, unserved;
	char most[VIEW_RATE_TEXT], of[VIEW_RATE_TEXT], now[VIEW_RATE_TEXT];
	size_t without = view_whatif_unmeasured(a);
	if (a->plan->hub->demand_count == 0) {
		buf_str(out, "\nThe hub file lists no demands: nobody can lose anything.\n");
		return;
	}
	corridor_whatif_base(&asked, &unserved, a->whatif);
	if (unserved.high > 0) {
		struct buf line = {0};
		buf_printf(&line,
			   "Even without a cut up to %s are not served: that is if all ask for as "
			   "much as they may (%s) and segments carry as little; as told %s %s.",
			   gbps_text(most, unserved.high), gbps_text(of, asked.high),
			   unserved.value > 0 ? gbps_text(now, unserved.value) : "all is",
			   unserved.value > 0 ? "are not" : "served");
		buf_u8(&line, '\0');
		out->failed |= line.failed;
		buf_str(out, "\n");
		if (!line.failed)
			view_wrapped(out, (const char *)line.data, 0, 0);
		buf_fini(&line);
	}
	if (without)
		buf_printf(out, "\n%zu of %zu demands have no rate and are left out.\n", without,
			   a->plan->hub->demand_count);
}

/* Can demands begin or end inside what is cut? */
static bool
has_inside(const struct view_whatif *a)
{
	return a->question->kind == CORRIDOR_A_COUNTRY || a->question->kind == CORRIDOR_A_SITE;
}

struct column {
	const char *head;
	int width;
};

static const struct column columns[] = {{"cut (Gbit/s)", 25}, {"lost", -8},   {"up to", -9},
					{"est.", -6},         {"parted", -7}, {"slower", -7},
					{"ms more", -8},      {"a year", -9}};
static const struct column inside_columns[] = {
	{"cut (Gbit/s)", 13}, {"passing", -9}, {"up to", -9},   {"lost", -8},  {"up to", -9},
	{"parted", -7},       {"slower", -7},  {"ms more", -8}, {"a year", -9}};

static void
row_text(struct buf *out, const struct view_whatif *a, const struct corridor_consequence *c)
{
	char cut[2 * VIEW_RATE_TEXT], cell[VIEW_RATE_TEXT];
	bool inside = has_inside(a);
	view_cell(out, cut_text(cut, a, c->cut, c->names),
		  (inside ? inside_columns : columns)->width);
	if (inside) {
		view_cell(out, view_fact_number(cell, c->passing.value), -9);
		view_cell(out, view_fact_number(cell, c->passing.high), -9);
	}
	view_cell(out, view_fact_number(cell, c->lost.value), -8);
	view_cell(out, view_fact_number(cell, c->lost.high), -9);
	(void)snprintf(cell, sizeof(cell), "%.0f %%", 100 * corridor_grounds_share(&c->lost));
	if (!inside)
		view_cell(out, c->lost_bps ? cell : "", -6);
	(void)snprintf(cell, sizeof(cell), "%u", c->parted);
	view_cell(out, cell, -7);
	(void)snprintf(cell, sizeof(cell), "%u", c->slower);
	view_cell(out, cell, -7);
	(void)snprintf(cell, sizeof(cell), "%+.1f", c->worst_ms.value);
	view_cell(out, c->slower ? cell : "", -8);
	view_cell(out, isnan(c->gbit_hours_year) ? "?" : view_number(cell, c->gbit_hours_year), -9);
	view_end_line(out);
}

static void
heads_text(struct buf *out, const struct view_whatif *a)
{
	bool inside = has_inside(a);
	const struct column *some = inside ? inside_columns : columns;
	size_t count = inside ? sizeof(inside_columns) / sizeof(inside_columns[0])
			      : sizeof(columns) / sizeof(columns[0]);
	for (size_t i = 0; i < count; i++)
		view_cell(out, some[i].head, some[i].width);
	view_end_line(out);
}

static void
all_text(struct buf *out, const struct view_whatif *a)
{
	const struct view_whatif_question *q = a->question;
	struct buf head = {0};
	buf_printf(&head, "What every %s does, by %s, the worst first",
		   q->pairs ? "pair of cuts" : "cut", corridor_kind_word(q->kind));
	head_text(out, a, &head);
	buf_printf(out, "%zu cuts, %zu of them do no harm\n\n", a->all.count, a->all.harmless);
	heads_text(out, a);
	for (size_t i = 0; i < view_whatif_shown(a); i++)
		row_text(out, a, &a->all.all[i]);
	if (view_whatif_shown(a)) {
		buf_str(out, "\n");
		if (has_inside(a))
			view_wrapped(
				out,
				"passing: what those lose that neither begin nor end in what is "
				"cut, by which the rows are ordered.",
				0, 0);
		view_wrapped(
			out,
			has_inside(a)
				? "lost: Gbit/s, as told; up to: with demands and capacities at "
				  "their bounds; parted: demands without a way; ms more: round "
				  "trip of the one that is slowed down most; a year: Gbit/s hours "
				  "that are to be expected to be lost in one, ? where nobody knows "
				  "how often."
				: "lost: Gbit/s, as told; up to: with demands and capacities at "
				  "their bounds; est.: the part of what is lost that rests on "
				  "estimates of demands; parted: demands without a way; ms more: "
				  "round trip of the one that is slowed down most; a year: Gbit/s "
				  "hours that are to be expected to be lost in one, ? where nobody "
				  "knows how often.",
			0, 0);
	}
	foot_text(out, a);
}

static void
outage_text(struct buf *out, const struct corridor_consequence *c, bool several)
{
	char hours[VIEW_RATE_TEXT], once[VIEW_RATE_TEXT], year[VIEW_RATE_TEXT];
	char range[VIEW_RANGE_TEXT];
	if (isnan(c->outage.down)) {
		view_field(out, "how often", "not known");
		return;
	}
	view_field_printf(out, "how long", "%s hours%s: %s Gbit/s hours are lost each time",
			  view_number(hours, c->outage.hours),
			  several ? ", if it is by chance at once" : "",
			  view_number(once, c->gbit_hours));
	view_field_printf(out, "how often",
			  "%.3g %% of the time (%.3g to %.3g): %s Gbit/s hours a year (%s)",
			  100 * c->outage.down, 100 * c->outage.down_low, 100 * c->outage.down_high,
			  view_number(year, c->gbit_hours_year),
			  view_fact_range(range, c->gbit_hours_year_low, c->gbit_hours_year_high));
}

static void
lost_text(struct buf *out, const struct corridor_consequence *c)
{
	char rate[VIEW_RATE_TEXT], other[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	if (c->lost_bps)
		view_field_printf(out, "lost", "%s by %u demand%s (%s, %.0f %% of it by estimate)",
				  view_rate(rate, c->lost_bps), c->reduced, plural(c->reduced),
				  between_text(range, c->lost.low, c->lost.high),
				  100 * corridor_grounds_share(&c->lost));
	else if (c->lost.high > 0)
		view_field_printf(out, "lost",
				  "nothing as told; up to %s with demands and capacities at their "
				  "bounds",
				  gbps_text(rate, c->lost.high));
	else
		view_field(out, "lost", "nothing");
	if (c->lost.high > c->passing.high && c->passing.high > 0)
		view_field_printf(out, "passing",
				  "%s of that by demands neither from nor to what is cut (%s)",
				  c->passing.value > 0 ? gbps_text(rate, c->passing.value)
						       : "nothing",
				  between_text(range, c->passing.low, c->passing.high));
	else if (c->lost.high > c->passing.high)
		view_field(out, "passing", "nothing of that: all of it is from or to what is cut");
	if (c->parted)
		view_field_printf(out, "parted", "%u demand%s without any way: %s", c->parted,
				  plural(c->parted), view_rate(other, c->parted_bps));
	if (c->gained_bps)
		view_field_printf(out, "gained", "%s by others, who have more room",
				  view_rate(rate, c->gained_bps));
	if (c->unserved.high > 0)
		view_field_printf(out, "not served", "%s of what is asked, then (%s)",
				  c->unserved.value > 0 ? gbps_text(rate, c->unserved.value)
							: "none",
				  between_text(range, c->unserved.low, c->unserved.high));
}

static void
loss_text(struct buf *out, const struct view_whatif *a)
{
	const struct corridor_consequence *c = &a->one;
	lost_text(out, c);
	if (c->slower) {
		struct corridor_whatif_demand worst = corridor_whatif_demand(a->whatif, c->worst);
		view_field_printf(
			out, "slower",
			"%u demand%s: %+.1f ms there and back in the middle (%.1f to %.1f), %+.1f "
			"the worst (%.1f to %.1f: %s; %.0f %% of the kilometres by estimate)",
			c->slower, plural(c->slower), c->median_ms.value, c->median_ms.low,
			c->median_ms.high, c->worst_ms.value, c->worst_ms.low, c->worst_ms.high,
			demand_name(a, c->worst), 100 * worst.delay.estimated);
	} else {
		view_field(out, "slower", "nobody");
	}
	if (c->faster)
		view_field_printf(out, "faster",
				  "%u demand%s: contract or protection had bound them to a longer "
				  "way",
				  c->faster, plural(c->faster));
	if (c->fullest != HUB_NONE)
		view_field_printf(out, "fullest", "%s, %.1f %%%s",
				  a->plan->hub->segments[c->fullest].id, 100 * c->utilisation,
				  a->plan->segments[c->fullest].assumed
					  ? " of a capacity that is assumed"
					  : "");
	if (c->used)
		view_field_printf(out, "rests on",
				  "%u segment%s in use then, %u with a capacity that nobody told",
				  c->used, plural(c->used), c->assumed);
}

static void
mend_text(struct buf *out, const struct view_whatif *a)
{
	const struct view_whatif_question *q = a->question;
	struct buf line = {0};
	char until[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	for (size_t i = 0; i < q->count; i++)
		buf_printf(&line, "%s%s", i ? ", then " : "",
			   corridor_named_id(a->plan, q->names[a->order[i]]));
	if (a->until_mended.high > 0)
		buf_printf(&line,
			   ": %s Gbit/s hours are lost until all is mended, one after the other "
			   "(%s)",
			   view_number(until, a->until_mended.value),
			   view_fact_range(range, a->until_mended.low, a->until_mended.high));
	else
		buf_str(&line, ", or any other way: nothing can be lost");
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_field(out, "mend", (const char *)line.data);
	buf_fini(&line);
}

static bool
is_concerned(struct corridor_whatif_demand d)
{
	bool without = isnan(d.before_ms) && isnan(d.after_ms);
	return d.before_bps != d.after_bps || (!without && d.before_ms != d.after_ms);
}

static void
demand_text(struct buf *out, const struct view_whatif *a, uint32_t demand)
{
	struct corridor_whatif_demand d = corridor_whatif_demand(a->whatif, demand);
	char rate[VIEW_RATE_TEXT], cell[VIEW_RATE_TEXT];
	view_demand_cell(out, &a->plan->hub->demands[demand], 24);
	view_cell(out, view_rate(rate, d.asked_bps), -12);
	view_cell(out, view_rate(rate, d.before_bps), -12);
	view_cell(out, view_rate(rate, d.after_bps), -12);
	view_cell(out, d.lost_gbps.high > 0 ? gbps_text(rate, d.lost_gbps.high) : "", -12);
	(void)snprintf(cell, sizeof(cell), "%+.1f", d.after_ms - d.before_ms);
	view_cell(out, isnan(d.after_ms) ? "no way" : cell, -8);
	view_end_line(out);
}

static void
demands_text(struct buf *out, const struct view_whatif *a)
{
	uint32_t rows = 0, more = 0;
	for (uint32_t i = 0; i < a->plan->hub->demand_count; i++) {
		struct corridor_whatif_demand d = corridor_whatif_demand(a->whatif, i);
		more += !is_concerned(d) && d.lost_gbps.high > 0;
		if (!is_concerned(d))
			continue;
		if (!rows++)
			buf_str(out,
				"\ndemand                      asks for      before       after "
				"loses up to      ms\n");
		demand_text(out, a, i);
	}
	if (more)
		buf_printf(out, "%s%u %sdemand%s may lose at the bounds: see --csv or --json\n",
			   rows ? "" : "\n", more, rows ? "other " : "", plural(more));
}

static void
one_text(struct buf *out, const struct view_whatif *a)
{
	const struct view_whatif_question *q = a->question;
	struct buf head = {0};
	buf_str(&head, "What a cut of ");
	names_text(&head, a);
	buf_printf(&head, " does (%u segment%s)", a->one.closed, plural(a->one.closed));
	head_text(out, a, &head);
	buf_str(out, "\n");
	loss_text(out, a);
	outage_text(out, &a->one, q->count > 1);
	if (a->mendable && q->count > 1)
		mend_text(out, a);
	demands_text(out, a);
	if (q->lease_days)
		view_whatif_lease_text(out, a);
	foot_text(out, a);
}

void
view_whatif_text(struct buf *out, const struct view_whatif *a)
{
	if (a->question->count)
		one_text(out, a);
	else
		all_text(out, a);
}
