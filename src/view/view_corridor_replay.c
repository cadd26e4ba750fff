/* What did happen beside what the model says of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_replay.h"
#include "view/view_corridor_way.h"

/* "2025-01-02"; "not known". Returns `out`. */
static char *
day_text(char out[VIEW_RATE_TEXT], struct utc_s day)
{
	struct utc_date d = utc_to_date(day);
	if (day.s)
		(void)snprintf(out, VIEW_RATE_TEXT, "%04d-%02d-%02d", d.year, d.month, d.day);
	else
		(void)snprintf(out, VIEW_RATE_TEXT, "not known");
	return out;
}

/* Of what is served of those concerned, in percent; NAN where nobody is. */
static double
percent_of(uint64_t part, const struct corridor_replay *r)
{
	return r->concerned_bps ? 100 * (double)part / (double)r->concerned_bps : NAN;
}

static const char *
unit_of(const struct corridor_replay_compared *c)
{
	return c->percent ? "percent" : "gbps";
}

/* Of what a percentage is one; "" of none. */
static const char *
whole_of(const struct corridor_replay_compared *c)
{
	return !c->percent ? "" : c->country ? "country" : "sites";
}

/* --- JSON --- */

static void
compared_json(struct json *j, const struct corridor_replay_compared *c)
{
	json_object(j, "compared");
	json_str(j, "verdict", corridor_replay_verdict_word(c->verdict));
	json_str(j, "because", corridor_replay_because_text(c->because));
	json_str(j, "in", isnan(c->told) ? NULL : unit_of(c));
	json_str(j, "of", isnan(c->told) || !c->percent ? NULL : whole_of(c));
	view_number_json(j, "told", c->told);
	view_number_json(j, "low", c->low);
	view_number_json(j, "high", c->high);
	json_object_end(j);
}

static void
one_json(struct json *j, const struct corridor_replay *r)
{
	const struct hub_incident *told = r->incident;
	json_object(j, NULL);
	json_str(j, "id", told->id);
	json_str(j, "name", told->name);
	json_utc(j, "start", told->start);
	json_utc(j, "end", told->end);
	json_u64(j, "segments", r->named);
	json_u64(j, "closed", r->closed);
	json_object(j, "model");
	json_u64(j, "carried_bps", r->carried_bps);
	view_range_json(j, "carried_gbps", r->carried, 3);
	view_number_json(j, "carried_percent", percent_of(r->carried_bps, r));
	json_u64(j, "lost_bps", r->after.lost_bps);
	view_grounds_json(j, "lost_gbps", &r->after.lost);
	json_u64(j, "parted", r->after.parted);
	json_u64(j, "slower", r->after.slower);
	json_double(j, "median_ms", r->after.median_ms.value);
	json_double(j, "worst_ms", r->after.worst_ms.value);
	json_str(j, "why", corridor_replay_why_text(r->why));
	json_object_end(j);
	json_object(j, "told");
	view_number_json(j, "lost_gbps", told->lost_gbps);
	view_number_json(j, "lost_percent", told->lost_percent);
	json_str(j, "effect", told->effect);
	json_str(j, "source", told->basis.source);
	json_object_end(j);
	compared_json(j, &r->compared);
	json_array(j, "doubts");
	for (unsigned i = 0; i < CORRIDOR_REPLAY_DOUBTS; i++)
		if (r->doubts >> i & 1)
			json_str(j, NULL,
				 corridor_replay_doubt_text((enum corridor_replay_doubt)(1u << i)));
	json_array_end(j);
	json_object_end(j);
}

/* --- CSV --- */

static void
one_csv(struct buf *out, const struct corridor_replay *r)
{
	const struct hub_incident *told = r->incident;
	char day[VIEW_RATE_TEXT];
	view_csv_field(out, told->id);
	buf_str(out, ",");
	view_csv_field(out, told->name ? told->name : "");
	buf_printf(out, ",%s,%u,%u", told->start.s ? day_text(day, told->start) : "", r->named,
		   r->closed);
	view_number_csv(out, (double)r->carried_bps / 1e9);
	view_number_csv(out, percent_of(r->carried_bps, r));
	view_number_csv(out, (double)r->after.lost_bps / 1e9);
	buf_printf(out, ",%u,%u", r->after.parted, r->after.slower);
	view_number_csv(out, r->after.median_ms.value);
	view_number_csv(out, r->after.worst_ms.value);
	view_number_csv(out, told->lost_gbps);
	view_number_csv(out, told->lost_percent);
	buf_printf(out, ",%u,", r->doubts);
	view_csv_field(out, told->effect ? told->effect : "");
	buf_str(out, ",");
	view_csv_field(out, corridor_replay_why_text(r->why));
	buf_printf(out, ",%s,", corridor_replay_verdict_word(r->compared.verdict));
	view_csv_field(out, corridor_replay_because_text(r->compared.because));
	buf_printf(out, ",%s", isnan(r->compared.told) ? "" : unit_of(&r->compared));
	view_number_csv(out, r->compared.told);
	view_number_csv(out, r->compared.low);
	view_number_csv(out, r->compared.high);
	buf_printf(out, ",%s", isnan(r->compared.told) ? "" : whole_of(&r->compared));
	buf_str(out, "\r\n");
}

/* --- text --- */

/* "1 Tbit/s", "99 %", "1 Tbit/s, 99 %", "?"; returns `out`. */
static char *
told_text(char out[VIEW_RATE_TEXT * 2], const struct hub_incident *told)
{
	char rate[VIEW_RATE_TEXT];
	bool some = !isnan(told->lost_gbps), share = !isnan(told->lost_percent);
	if (some)
		view_rate(rate, (uint64_t)(told->lost_gbps * 1e9 + 0.5));
	if (some && share)
		(void)snprintf(out, 2 * VIEW_RATE_TEXT, "%s, %.3g %%", rate, told->lost_percent);
	else if (share)
		(void)snprintf(out, 2 * VIEW_RATE_TEXT, "%.3g %%", told->lost_percent);
	else
		(void)snprintf(out, 2 * VIEW_RATE_TEXT, "%s", some ? rate : "?");
	return out;
}

static void
head_text(struct buf *out)
{
	view_cell(out, "id", 6);
	view_cell(out, "day", 11);
	view_cell(out, "what", 19);
	view_cell(out, "stops at once", -18);
	view_cell(out, "lost for good", -14);
	view_cell(out, "told", -12);
	view_end_line(out);
}

/* "0 to 17", "100"; returns `out`. */
static const char *
percents_text(char out[VIEW_RATE_TEXT], const struct corridor_replay_compared *c)
{
	char high[VIEW_RATE_TEXT];
	(void)snprintf(high, sizeof(high), "%.0f", c->high);
	(void)snprintf(out, VIEW_RATE_TEXT, "%.0f", c->low);
	if (strcmp(out, high) != 0)
		(void)snprintf(out, VIEW_RATE_TEXT, "%.0f to %.0f", c->low, c->high);
	return out;
}

/* "miss: told 75 %, by the model 0 to 17 % of all between the same sites: more was told than stops by the model" */
static const char *
compared_text(struct buf *line, const struct corridor_replay_compared *c)
{
	char rate[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT], range[VIEW_RATE_TEXT];
	buf_str(line, corridor_replay_verdict_word(c->verdict));
	if (!isnan(c->told) && c->percent)
		buf_printf(line, ": told %.3g %%, by the model %s %% of all %s", c->told,
			   percents_text(range, c),
			   c->country ? "from and to the country" : "between the same sites");
	else if (!isnan(c->told))
		buf_printf(line, ": told %s, by the model %s to %s",
			   view_rate(rate, (uint64_t)(c->told * 1e9 + 0.5)),
			   c->low > 0 ? view_rate(low, (uint64_t)(c->low * 1e9 + 0.5)) : "0",
			   view_rate(high, (uint64_t)(c->high * 1e9 + 0.5)));
	if (c->because != CORRIDOR_REPLAY_NOT_PLAYED)
		buf_printf(line, ": %s", corridor_replay_because_text(c->because));
	buf_u8(line, '\0');
	return line->failed ? "" : (const char *)line->data;
}

static void
row_text(struct buf *out, const struct corridor_replay *r)
{
	const struct hub_incident *told = r->incident;
	char day[VIEW_RATE_TEXT], rate[VIEW_RATE_TEXT], cell[2 * VIEW_RATE_TEXT];
	view_cell(out, told->id, 6);
	view_cell(out, day_text(day, told->start), 11);
	view_cell(out, told->name ? told->name : "", 19);
	buf_str(out, " ");
	if (r->carried_bps)
		(void)snprintf(cell, sizeof(cell), "%s %.0f %%", view_rate(rate, r->carried_bps),
			       percent_of(r->carried_bps, r));
	else
		(void)snprintf(cell, sizeof(cell), "-");
	view_cell(out, cell, -17);
	view_cell(out, r->carried_bps ? view_rate(rate, r->after.lost_bps) : "-", -14);
	view_cell(out, told_text(cell, told), -12);
	view_end_line(out);
	struct buf line = {0};
	buf_printf(&line, "      %s; ", corridor_replay_why_text(r->why));
	view_wrapped(out, compared_text(&line, &r->compared), 0, 6);
	out->failed |= line.failed;
	buf_fini(&line);
}

static void
model_text(struct buf *out, const struct corridor_replay *r)
{
	char carried[VIEW_RATE_TEXT], lost[VIEW_RATE_TEXT];
	if (!r->carried_bps) {
		view_field(out, "model", "nothing stops");
		return;
	}
	view_field_printf(
		out, "model",
		"%s stops at once, %.0f %% of that of the demands concerned; when all is "
		"moved that has another way %s is lost, %u demands have no way left, %u are "
		"slower (%+.1f ms in the middle, %+.1f the worst)",
		view_rate(carried, r->carried_bps), percent_of(r->carried_bps, r),
		view_rate(lost, r->after.lost_bps), r->after.parted, r->after.slower,
		r->after.median_ms.value, r->after.worst_ms.value);
}

static void
one_text(struct buf *out, const struct corridor_replay *r)
{
	const struct hub_incident *told = r->incident;
	char day[VIEW_RATE_TEXT], end[VIEW_RATE_TEXT], loss[2 * VIEW_RATE_TEXT];
	buf_printf(out, "%s %s\n\n", told->id, told->name ? told->name : "");
	view_field_printf(out, "from", "%s to %s", day_text(day, told->start),
			  day_text(end, told->end));
	view_field_printf(out, "cut", "%u segment%s, %u of them with traffic on that day", r->named,
			  r->named == 1 ? "" : "s", r->closed);
	model_text(out, r);
	view_field_printf(out, "told", "%s lost; %s",
			  strcmp(told_text(loss, told), "?") == 0 ? "no number" : loss,
			  told->effect ? told->effect : "no more");
	view_field(out, "why", corridor_replay_why_text(r->why));
	struct buf line = {0};
	view_field(out, "compared", compared_text(&line, &r->compared));
	out->failed |= line.failed;
	buf_fini(&line);
	for (unsigned i = 0; i < CORRIDOR_REPLAY_DOUBTS; i++)
		if (r->doubts >> i & 1)
			view_field(
				out, "but",
				corridor_replay_doubt_text((enum corridor_replay_doubt)(1u << i)));
	if (r->carried_bps)
		view_field_printf(out, "rests on",
				  "demands of today, taken back by their growth; of what is lost "
				  "%.0f %% rests on estimates",
				  100 * corridor_grounds_share(&r->after.lost));
	view_field(out, "sources", told->basis.source);
}

/* --- words --- */

static int
find_one(size_t *out, const struct hub *hub, const char *id, struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < hub->incident_count; i++) {
		if (strcasecmp(hub->incidents[i].id, id) == 0) {
			*out = i;
			return 0;
		}
	}
	corridor_complain(complaint, 404, "no incident has the id \"%.40s\"", id);
	return -1;
}

/* How many of each verdict. */
struct tally {
	size_t of[CORRIDOR_REPLAY_NONE + 1];
};

/* Plays incidents `first` up to `last`. */
static int
play_all(struct tally *tally, struct buf *out, struct json *j, const struct view_corridor *view,
	 enum view_corridor_form form, size_t first, size_t last)
{
	bool one = form == VIEW_CORRIDOR_TEXT && last - first == 1;
	for (size_t i = first; i < last; i++) {
		struct corridor_replay replay;
		if (corridor_replay(&replay, view->plans, i) < 0)
			return -1;
		tally->of[replay.compared.verdict]++;
		if (form == VIEW_CORRIDOR_JSON)
			one_json(j, &replay);
		else if (form == VIEW_CORRIDOR_CSV)
			one_csv(out, &replay);
		else
			(one ? one_text : row_text)(out, &replay);
	}
	return 0;
}

int
view_corridor_replay(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	size_t first = 0, last = view->hub->incident_count;
	if (count > 1) {
		corridor_complain(complaint, 400, "expected the id of one incident, or nothing");
		return -1;
	}
	if (view_list_wanted(last, "incidents", complaint) < 0)
		return -1;
	if (count && find_one(&first, view->hub, words[0], complaint) < 0)
		return -1;
	last = count ? first + 1 : last;
	struct json j = json_to(out);
	if (form == VIEW_CORRIDOR_JSON) {
		json_object(&j, NULL);
		json_array(&j, "incidents");
	} else if (form == VIEW_CORRIDOR_CSV)
		buf_str(out,
			"id,name,start,segments,closed,carried_gbps,carried_percent,"
			"lost_gbps,parted,slower,median_ms,worst_ms,told_gbps,told_percent,"
			"doubts,effect,why,verdict,because,compared_in,compared_told,compared_low,"
			"compared_high,compared_of\r\n");
	else if (last - first != 1)
		head_text(out);
	struct tally tally = {{0}};
	if (play_all(&tally, out, &j, view, form, first, last) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	if (form == VIEW_CORRIDOR_JSON) {
		json_array_end(&j);
		json_object(&j, "compared");
		json_u64(&j, "hit", tally.of[CORRIDOR_REPLAY_HIT]);
		json_u64(&j, "miss", tally.of[CORRIDOR_REPLAY_MISS]);
		json_u64(&j, "not_comparable", tally.of[CORRIDOR_REPLAY_NONE]);
		json_object_end(&j);
		json_object_end(&j);
		buf_str(out, "\n");
	} else if (form == VIEW_CORRIDOR_TEXT && last - first != 1) {
		buf_printf(out, "\n%zu incidents: %zu hit, %zu missed, %zu not comparable\n", last,
			   tally.of[CORRIDOR_REPLAY_HIT], tally.of[CORRIDOR_REPLAY_MISS],
			   tally.of[CORRIDOR_REPLAY_NONE]);
		buf_str(out, "With an id: what was told of it, and why the model may differ.\n");
	}
	return 0;
}
