/* What something that is laid changes, as text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_added.h"
#include "view/view_corridor_change.h"
#include "view/view_country.h"

enum { LABEL = 26, COUNTRIES = 20 };

/* Less of all traffic than this is not told by country, unless it is one that is looked at. */
static const double share_told = 0.0005;

static char *
gbps_text(char out[VIEW_RATE_TEXT], double gbps)
{
	return view_rate(out, (uint64_t)(gbps * 1e9 + 0.5));
}

/* Takes the buffer. */
static void
wrapped(struct buf *out, struct buf *line, size_t indent)
{
	buf_u8(line, '\0');
	out->failed |= line->failed;
	if (!line->failed)
		view_wrapped(out, (const char *)line->data, 0, indent);
	buf_fini(line);
}

static void
head_text(struct buf *out, const struct view_added *b)
{
	const struct view_added_question *q = b->question;
	struct buf line = {0};
	double km = 0;
	size_t there = 0;
	for (size_t i = 0; i < q->segment_count; i++) {
		km += b->plan->segments[q->segments[i]].length_km.value;
		there += b->plan->segments[q->segments[i]].there;
	}
	buf_str(&line, "What ");
	for (size_t i = 0; i < q->count; i++) {
		buf_printf(&line, "%s%s", i ? ", " : "", q->ids[i]);
		if (q->names[i] && *q->names[i])
			buf_printf(&line, " (%s)", q->names[i]);
	}
	buf_printf(&line, " change%s (%zu segment%s, %.0f km)", q->count == 1 ? "s" : "",
		   q->segment_count, q->segment_count == 1 ? "" : "s", km);
	if (there == q->segment_count)
		buf_str(&line, ": in use already, so without is as if it were not");
	view_terms_text(&line, &q->terms);
	wrapped(out, &line, 2);
}

/* --- pairs --- */

static void
look_text(struct buf *out, const char *label, const struct corridor_added_look *look)
{
	char text[VIEW_RATE_TEXT];
	view_cell(out, label, LABEL);
	if (!look->linked) {
		view_cell(out, "no way", -12);
		view_end_line(out);
		return;
	}
	(void)snprintf(text, sizeof(text), "%.0f", look->km.value);
	view_cell(out, text, -12);
	(void)snprintf(text, sizeof(text), "%.1f", look->ms.value);
	view_cell(out, text, -9);
	view_cell(out, gbps_text(text, look->room_gbps.value), -14);
	(void)snprintf(text, sizeof(text), "%.4f %%", 100 * look->connected.value);
	view_cell(out, text, -13);
	buf_str(out, look->over ? "  *" : "");
	view_end_line(out);
}

static void
pair_text(struct buf *out, const struct view_added *b, const struct corridor_added_pair *pair)
{
	const struct hub_site *a = &b->plan->hub->sites[pair->ends.a];
	const struct hub_site *z = &b->plan->hub->sites[pair->ends.b];
	if (!pair->avoiding) {
		struct buf line = {0};
		buf_printf(&line, "%s (%s) to %s (%s)", a->name ? a->name : a->id, a->id,
			   z->name ? z->name : z->id, z->id);
		wrapped(out, &line, 2);
	}
	look_text(out, pair->avoiding ? "  avoiding, without" : "  without",
		  &pair->sides[CORRIDOR_ADDED_WITHOUT]);
	look_text(out, pair->avoiding ? "  avoiding, with" : "  with",
		  &pair->sides[CORRIDOR_ADDED_WITH]);
}

static void
pairs_text(struct buf *out, const struct view_added *b)
{
	const struct view_added_question *q = b->question;
	bool over = false;
	double km = 0, estimated_km = 0;
	if (!b->added.pair_count)
		return;
	buf_str(out, "\nshortest way                        km       ms          room    "
		     "connected\n");
	for (size_t i = 0; i < b->added.pair_count; i++) {
		pair_text(out, b, &b->added.pairs[i]);
		const struct corridor_added_look *with =
			&b->added.pairs[i].sides[CORRIDOR_ADDED_WITH];
		over |= with->over;
		km += with->linked ? with->km.value : 0;
		estimated_km += with->linked ? with->km.value * with->estimated : 0;
	}
	struct buf line = {0};
	if (q->avoid_count) {
		buf_str(&line, "avoiding: ");
		for (size_t i = 0; i < q->avoid_count; i++)
			buf_printf(&line, "%s%s", i ? ", " : "",
				   view_country_name(view_added_country(b, q->avoid[i])));
		buf_str(&line, ". ");
	}
	buf_str(&line, "room: if nobody else took any. connected: over whatever way there is.");
	if (km > 0)
		buf_printf(&line, " %.0f %% of the kilometres by estimate; ranges: see --json.",
			   100 * estimated_km / km);
	if (over)
		buf_str(&line, " * goes over what is laid.");
	buf_str(out, "\n");
	wrapped(out, &line, 0);
}

/* --- countries --- */

static bool
is_looked_at(const struct view_added *b, const struct corridor_added_country *c)
{
	for (size_t i = 0; i < b->question->avoid_count; i++)
		if (b->question->avoid[i] == c->name)
			return true;
	return false;
}

static double
share_of(const struct view_added *b, const struct corridor_added_country *c, int side)
{
	double served = b->added.served_gbps[side];
	return served > 0 ? c->gbps[side] / served : 0;
}

static double
turn_of(const struct view_added *b, const struct corridor_added_country *c)
{
	return fabs(share_of(b, c, CORRIDOR_ADDED_WITH) - share_of(b, c, CORRIDOR_ADDED_WITHOUT));
}

static bool
goes_before(const struct view_added *b, const struct corridor_added_country *x,
	    const struct corridor_added_country *y)
{
	bool looked = is_looked_at(b, x);
	if (looked != is_looked_at(b, y))
		return looked;
	if (turn_of(b, x) != turn_of(b, y))
		return turn_of(b, x) > turn_of(b, y);
	return x->name < y->name;
}

/* The next to be told behind `last` (NULL: the first): those that are looked at, then those of which most changes. */
static const struct corridor_added_country *
next_told(const struct view_added *b, const struct corridor_added_country *last)
{
	const struct corridor_added_country *best = NULL;
	for (size_t i = 0; i < b->added.country_count; i++) {
		const struct corridor_added_country *c = &b->added.countries[i];
		if (!is_looked_at(b, c) && turn_of(b, c) < share_told)
			continue;
		if ((!last || goes_before(b, last, c)) && (!best || goes_before(b, c, best)))
			best = c;
	}
	return best;
}

static void
country_text(struct buf *out, const struct view_added *b, const struct corridor_added_country *c)
{
	char text[VIEW_RATE_TEXT];
	view_cell(out, view_country_name(view_added_country(b, c->name)), LABEL);
	for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
		double served = b->added.served_gbps[side];
		view_cell(out, gbps_text(text, c->gbps[side]), -14);
		(void)snprintf(text, sizeof(text), "%.1f %%",
			       served > 0 ? 100 * c->gbps[side] / served : 0);
		view_cell(out, text, -9);
	}
	view_end_line(out);
}

static void
countries_text(struct buf *out, const struct view_added *b)
{
	const struct corridor_added_country *c = next_told(b, NULL);
	if (c)
		buf_str(out, "\ntraffic that crosses             without    share"
			     "          with    share\n");
	for (size_t rows = 0; c && rows < COUNTRIES; c = next_told(b, c), rows++)
		country_text(out, b, c);
}

/* --- money --- */

/* "$5.784 million (0.05127 to 36.03)" */
static void
money_field(struct buf *out, const char *label, struct corridor_range usd, const char *what)
{
	char value[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT];
	view_field_printf(out, label, "$%s million a year (%s to %s)%s",
			  view_number(value, usd.value / 1e6), view_number(low, usd.low / 1e6),
			  view_number(high, usd.high / 1e6), what);
}

static void
money_text(struct buf *out, const struct view_added *b)
{
	const struct corridor_added *added = &b->added;
	const struct corridor_range *without = &added->revenue[CORRIDOR_ADDED_WITHOUT].total_usd;
	char text[VIEW_RATE_TEXT], all[VIEW_RATE_TEXT], before[VIEW_RATE_TEXT];
	if (!b->plan->hub->demand_count)
		return;
	buf_str(out, "\n");
	view_field_printf(out, "carries", "%s of the %s that are served (%s without)",
			  gbps_text(text, added->laid_gbps),
			  gbps_text(all, added->served_gbps[CORRIDOR_ADDED_WITH]),
			  gbps_text(before, added->served_gbps[CORRIDOR_ADDED_WITHOUT]));
	money_field(out, "takes in", added->takes_usd,
		    ", at its prices, of what then goes the cheapest way over it");
	money_field(out, "toll", added->worth.usd_a_year,
		    " may be asked on top until other ways are cheaper");
	struct buf line = {0};
	buf_printf(&line, "; $%s million without", view_number(text, without->value / 1e6));
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		money_field(out, "all pay", added->revenue[CORRIDOR_ADDED_WITH].total_usd,
			    (const char *)line.data);
	buf_fini(&line);
}

void
view_added_text(struct buf *out, const struct view_added *b)
{
	head_text(out, b);
	pairs_text(out, b);
	view_change_text(out, b->plan, &b->added.change);
	countries_text(out, b);
	money_text(out, b);
}
