/* Traffic over time, by one thing. */
#include "view/view_ledger_traffic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "view/view_ledger_parts.h"
#include "view/view_meter_by.h"

enum { TEXT_ROWS = 40 };

/* --- adding up --- */

static void
add_way(struct ledger_sums *sums, const struct view_by_row *row, bool out)
{
	uint64_t octets = out ? row->octets_out : row->octets_in;
	uint64_t flow = out ? row->flow_out : row->flow_in;
	uint64_t samples = out ? 0 : row->samples;
	if (octets || flow || samples)
		ledger_sums_add(sums, &(struct ledger_sum){
					      .upper = row->key,
					      .lower = out,
					      .octets = octets,
					      .packets = flow,
					      .samples = samples,
				      });
}

/* The sums of one key, which stand side by side. */
struct stretch {
	uint64_t octets;
	size_t from, to;
};

static int
largest_first(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;
	if (x->octets != y->octets)
		return x->octets > y->octets ? -1 : 1;
	return x->from < y->from ? -1 : 1;
}

/* Keys of sums that are sorted. */
static size_t
find_stretches(struct stretch *out, const struct ledger_sums *sums)
{
	size_t count = 0;
	for (size_t i = 0; i < sums->count; i++) {
		const struct ledger_sum *sum = &sums->items[i];
		if (!i || sum[-1].upper != sum->upper)
			out[count++] = (struct stretch){.from = i};
		out[count - 1].octets += sum->octets;
		out[count - 1].to = i + 1;
	}
	return count;
}

/* Both ways of a network stay, or go to the rest of its member. */
static int
join_smaller(struct view_history *view)
{
	struct ledger_sums kept = {0}, *sums = &view->sums;
	struct stretch *stretches = calloc(sums->count, sizeof(*stretches));
	if (!stretches)
		return -1;
	ledger_sums_sort(sums);
	size_t count = find_stretches(stretches, sums);
	qsort(stretches, count, sizeof(*stretches), largest_first);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = stretches[i].from; k < stretches[i].to; k++) {
			struct ledger_sum sum = sums->items[k];
			if (i >= count / 2)
				sum.upper = view_by_rest_of(sum.upper);
			ledger_sums_add(&kept, &sum);
		}
	}
	free(stretches);
	ledger_sums_fini(sums);
	*sums = kept;
	return kept.failed ? -1 : 0;
}

int
view_history_add(struct view_history *view, const struct traffic_batch *part,
		 const struct ledger_traffic_told *told)
{
	struct view_by by;
	struct arena *arena = arena_new();
	int result = arena ? view_meter_by(&by, view->span.what, view->hub, part, view->span.member,
					   arena)
			   : -1;
	if (view->series.step_s) {
		if (result == 0)
			view_steps_add(&view->series, &by, part->start, told);
		arena_free(arena);
		return result;
	}
	for (size_t i = 0; result == 0 && i < by.count; i++) {
		add_way(&view->sums, &by.rows[i], false);
		add_way(&view->sums, &by.rows[i], true);
	}
	arena_free(arena);
	if (view->span.what == TRAFFIC_WHAT_MEMBER_AS && view->sums.count > view->room &&
	    !view->sums.failed && join_smaller(view) < 0)
		return -1;
	if (told) {
		view->covered_s += told->covered_s;
		view->entered += told->entered;
		view->not_attributed += told->not_attributed;
		view->simulated |= told->simulated;
	}
	return result < 0 || view->sums.failed ? -1 : 0;
}

void
view_history_fini(struct view_history *view)
{
	ledger_sums_fini(&view->sums);
	view_steps_fini(&view->series);
}

/* Rows from the sums: of one key joined, the largest first. */
static int
make_rows(struct view_by *by, const struct view_history *view, struct arena *arena)
{
	by->rows = arena_take(arena, (view->sums.count + 1) * sizeof(*by->rows));
	if (!by->rows)
		return -1;
	for (size_t i = 0; i < view->sums.count; i++) {
		const struct ledger_sum *sum = &view->sums.items[i];
		struct view_by_row *row = &by->rows[by->count++];
		*row = (struct view_by_row){
			.key = sum->upper,
			.samples = sum->samples,
			.rest = view->span.what == TRAFFIC_WHAT_MEMBER_AS &&
				view_by_rest_of(sum->upper) == sum->upper,
		};
		*(sum->lower ? &row->flow_out : &row->flow_in) = sum->packets;
		*(sum->lower ? &row->octets_out : &row->octets_in) = sum->octets;
	}
	view_by_settle(by);
	return 0;
}

/* Rows of the whole time, whose keys are places among `ports`; memory from `arena`. */
static int
rows_of(struct view_by *by, struct traffic_batch *whole, const struct view_history *view,
	struct arena *arena)
{
	*by = (struct view_by){.what = view->span.what, .hub = view->hub, .batch = whole};
	by->two_ways = ledger_traffic_kind(by->what) != LEDGER_PAIRS;
	whole->covered_s = (uint32_t)view->covered_s;
	return make_rows(by, view, arena);
}

int
view_history_series(struct view_history *view, const struct traffic_batch *ports)
{
	struct traffic_batch whole = *ports;
	struct view_by by;
	struct arena *arena = arena_new();
	int result = arena ? rows_of(&by, &whole, view, arena) : -1;
	if (result == 0)
		result = view_steps_begin(&view->series, &view->span, &by, view->limit);
	arena_free(arena);
	return result;
}

/* --- showing --- */

/* What old sums of this kind were folded into; NULL: all are as they were counted. */
static const struct ledger_fold *
folded(const struct view_history *view, struct utc_s now)
{
	enum ledger_sum_kind kind = ledger_traffic_kind(view->span.what);
	bool old = kind && view->span.from.s < ledger_folded_before(kind, now).s;
	return old ? &ledger_folds[kind - 1] : NULL;
}

static double
lost_percent(const struct view_history *view)
{
	return view->entered ? 100 * (double)view->not_attributed / (double)view->entered : 0;
}

static void
json_history(struct buf *out, const struct view_history *view, const struct view_by *by,
	     struct utc_s now)
{
	struct json json = json_to(out), *j = &json;
	const struct ledger_fold *fold = folded(view, now);
	json_object(j, NULL);
	json_str(j, "by", traffic_what_name(by->what));
	json_utc(j, "from", view->span.from);
	json_utc(j, "to", view->span.to);
	if (view->span.member == HUB_NONE)
		json_null(j, "member");
	else
		json_u64(j, "member", view->hub->members[view->span.member].asn.number);
	json_u64(j, "covered_s", view->covered_s);
	json_bool(j, "simulated", view->simulated);
	json_u64(j, "entered_octets", view->entered);
	json_u64(j, "not_attributed_octets", view->not_attributed);
	if (view->entered)
		json_fixed(j, "not_attributed_percent", lost_percent(view), 2);
	else
		json_null(j, "not_attributed_percent");
	json_u64(j, "filed_by_s", fold ? fold->folded_s : 0);
	view_by_json(j, by, view->limit ? view->limit : SIZE_MAX);
	if (view->series.step_s)
		view_steps_json(j, &view->series, now);
	json_object_end(j);
	buf_str(out, "\n");
}

static void
text_history(struct buf *out, const struct view_history *view, const struct view_by *by,
	     struct utc_s now)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT], text[VIEW_RATE_TEXT], line[300];
	const struct ledger_fold *fold = folded(view, now);
	buf_printf(out, "%s to %s, %" PRIu64 ".%" PRIu64 " hours measured%s\n",
		   utc_format(from, view->span.from), utc_format(to, view->span.to),
		   view->covered_s / 3600, view->covered_s % 3600 / 360,
		   view->simulated ? " (simulated)" : "");
	if (view->span.member != HUB_NONE) {
		(void)snprintf(line, sizeof(line), "of %.200s",
			       view->hub->members[view->span.member].name);
		view_wrapped(out, line, 0, 0);
	}
	if (!by->count) {
		buf_str(out, "nothing was measured of it\n");
		return;
	}
	view_by_text(out, by, view->limit ? view->limit : TEXT_ROWS);
	if (view->series.step_s)
		view_steps_text(out, &view->series, now);
	buf_str(out, "\n");
	(void)snprintf(line, sizeof(line),
		       "Of the whole hub, %s could not be attributed, %.2f %% of what entered.",
		       view_octets(text, view->not_attributed), lost_percent(view));
	view_wrapped(out, line, 0, 0);
	if (!fold)
		return;
	(void)snprintf(line, sizeof(line),
		       "%s older than %d days are sums of %s, and count where it begins.",
		       fold->kind == LEDGER_PAIRS ? "Pairs" : "Networks",
		       (int)(fold->fine_s / 86400), fold->folded_s == 3600 ? "an hour" : "a day");
	view_wrapped(out, line, 0, 0);
}

int
view_history_show(struct buf *out, const struct view_history *view, enum view_ledger_form form,
		  const struct traffic_batch *ports, struct utc_s now)
{
	struct traffic_batch whole = *ports;
	struct view_by by;
	struct arena *arena = arena_new();
	int result = arena ? rows_of(&by, &whole, view, arena) : -1;
	if (result == 0) {
		if (form == VIEW_LEDGER_JSON)
			json_history(out, view, &by, now);
		else if (form == VIEW_LEDGER_CSV && view->series.step_s)
			view_steps_csv(out, &view->series, &by, now);
		else if (form == VIEW_LEDGER_CSV)
			view_by_csv(out, &by, view->limit ? view->limit : SIZE_MAX);
		else
			text_history(out, view, &by, now);
	}
	arena_free(arena);
	return result;
}
