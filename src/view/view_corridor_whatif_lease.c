/* What to lease after a cut, as JSON, CSV and text. */
#include "view/view_corridor_whatif.h"

/* Columns of the text that segments of a way may take. */
enum { WAY_COLUMN = 52 };

static const struct hub_segment *
segment_of(const struct view_whatif *a, uint32_t segment)
{
	return &a->plan->hub->segments[segment];
}

static void
way_json(struct json *j, const struct view_whatif *a, const struct corridor_leased_way *way)
{
	json_object(j, NULL);
	json_str(j, "demand", a->plan->hub->demands[way->demand].id);
	json_u64(j, "bps", way->bps);
	view_number_json(j, "usd_mbps_month", way->usd_mbps_month);
	view_grounds_json(j, "usd", &way->usd);
	json_array(j, "segments");
	for (uint32_t i = 0; i < way->count; i++)
		json_str(j, NULL, segment_of(a, a->leases.segments[way->first + i])->id);
	json_array_end(j);
	json_object_end(j);
}

static void
segment_json(struct json *j, const struct view_whatif *a,
	     const struct corridor_leased_segment *leased)
{
	json_object(j, NULL);
	json_str(j, "id", segment_of(a, leased->segment)->id);
	json_str(j, "name", segment_of(a, leased->segment)->name);
	json_u64(j, "there_bps", leased->there_bps);
	json_u64(j, "back_bps", leased->back_bps);
	view_grounds_json(j, "usd", &leased->usd);
	json_object_end(j);
}

void
view_whatif_lease_json(struct json *j, const struct view_whatif *a)
{
	const struct corridor_leases *l = &a->leases;
	json_object(j, "lease");
	json_u64(j, "days", a->question->lease_days);
	json_bool(j, "optimal", l->optimal);
	json_u64(j, "stops_bps", l->stops_bps);
	json_u64(j, "fixed_bps", l->fixed_bps);
	json_u64(j, "back_bps", l->back_bps);
	view_grounds_json(j, "usd", &l->usd);
	json_array(j, "ways");
	for (size_t i = 0; i < l->way_count; i++)
		way_json(j, a, &l->ways[i]);
	json_array_end(j);
	json_array(j, "segments");
	for (size_t i = 0; i < l->leased_count; i++)
		segment_json(j, a, &l->leased[i]);
	json_array_end(j);
	json_object_end(j);
}

/* "S1 S2 S3", of which the caller is to see to `failed` and the end. */
static struct buf
segments_of(const struct view_whatif *a, const struct corridor_leased_way *way)
{
	struct buf text = {0};
	for (uint32_t i = 0; i < way->count; i++)
		buf_printf(&text, "%s%s", i ? " " : "",
			   segment_of(a, a->leases.segments[way->first + i])->id);
	buf_u8(&text, '\0');
	return text;
}

static void
segments_csv(struct buf *out, const struct view_whatif *a, const struct corridor_leased_way *way)
{
	struct buf text = segments_of(a, way);
	if (!text.failed)
		view_csv_field(out, (const char *)text.data);
	out->failed |= text.failed;
	buf_fini(&text);
}

void
view_whatif_lease_csv(struct buf *out, const struct view_whatif *a)
{
	buf_str(out, "demand,bps,usd_mbps_month,usd,usd_low,usd_high,estimated,segments\r\n");
	for (size_t i = 0; i < a->leases.way_count; i++) {
		const struct corridor_leased_way *way = &a->leases.ways[i];
		view_csv_field(out, a->plan->hub->demands[way->demand].id);
		buf_printf(out, ",%llu", (unsigned long long)way->bps);
		view_number_csv(out, way->usd_mbps_month);
		view_number_csv(out, way->usd.value);
		view_number_csv(out, way->usd.low);
		view_number_csv(out, way->usd.high);
		view_number_csv(out, corridor_grounds_share(&way->usd));
		buf_str(out, ",");
		segments_csv(out, a, way);
		buf_str(out, "\r\n");
	}
}

static void
way_text(struct buf *out, const struct view_whatif *a, const struct corridor_leased_way *way)
{
	char cell[VIEW_RATE_TEXT];
	struct buf segments = segments_of(a, way);
	view_demand_cell(out, &a->plan->hub->demands[way->demand], 18);
	view_cell(out, view_rate(cell, way->bps), -12);
	view_cell(out, view_fact_number(cell, way->usd_mbps_month), -8);
	view_cell(out, view_fact_number(cell, way->usd.value), -12);
	buf_str(out, "  ");
	if (!segments.failed)
		view_wrapped(out, (const char *)segments.data, WAY_COLUMN, WAY_COLUMN);
	out->failed |= segments.failed;
	buf_fini(&segments);
}

static void
sums_text(struct buf *out, const struct view_whatif *a)
{
	const struct corridor_leases *l = &a->leases;
	char stops[VIEW_RATE_TEXT], back[VIEW_RATE_TEXT], usd[VIEW_RATE_TEXT];
	char range[VIEW_RANGE_TEXT];
	buf_str(out, "\n");
	if (!l->stops_bps) {
		view_field(out, "lease", "nothing: nothing crosses what is cut");
		return;
	}
	view_field_printf(
		out, "lease",
		"%s of %s that stop come back for %s US dollars in %u days (%s; %.0f %% by "
		"estimate), over room that others leave%s",
		l->back_bps ? view_rate(back, l->back_bps) : "none", view_rate(stops, l->stops_bps),
		view_fact_number(usd, l->usd.value), (unsigned)a->question->lease_days,
		view_fact_range(range, l->usd.low, l->usd.high),
		100 * corridor_grounds_share(&l->usd),
		l->optimal ? "" : "; without CLP filled, not the least money");
	if (l->fixed_bps)
		view_field_printf(out, "bound", "%s of that by contracts that allow no other way",
				  view_rate(back, l->fixed_bps));
}

void
view_whatif_lease_text(struct buf *out, const struct view_whatif *a)
{
	const struct corridor_leases *l = &a->leases;
	sums_text(out, a);
	if (!l->way_count)
		return;
	buf_str(out,
		"\ndemand                    rate  $/Mbps           $  over (cheapest first)\n");
	for (size_t i = 0; i < l->way_count; i++)
		way_text(out, a, &l->ways[i]);
}
