/* The proof of the way in text, CSV and for bills. */
#include "view/view_proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_proof_parts.h"
#include "view/view_text.h"

enum { NAMED_MAX = 12, LINE = 600, ROWS_MAX = 40 };

char *
view_proof_percent(char out[VIEW_PROOF_PERCENT], uint32_t hundredths)
{
	(void)snprintf(out, VIEW_PROOF_PERCENT, "%" PRIu32 ".%02" PRIu32, hundredths / 100,
		       hundredths % 100);
	return out;
}

struct view_proof_parts
view_proof_parts_of(const struct ledger_way *way)
{
	struct view_proof_parts p = {.octets = way->in + way->out};
	const uint64_t known = p.octets - way->unknown;
	const uint64_t grounds[3] = {known - way->estimated, way->estimated, way->unknown};
	const uint64_t promise[3] = {way->kept.octets, way->broken.octets, way->unknown};
	ledger_way_percents(p.grounds, grounds, 3);
	ledger_way_percents(p.promise, promise, 3);
	p.kept_estimated = ledger_way_percent(way->kept.estimated, p.octets);
	/* A part of what is printed beside it. */
	if (p.kept_estimated > p.promise[0])
		p.kept_estimated = p.promise[0];
	return p;
}

/* --- sentences --- */

/* "IR and RU", "CN, IR and RU" */
static void
put_names(struct buf *out, const struct ways_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		buf_printf(out, "%s%s",
			   !i                      ? ""
			   : i + 1 == names->count ? " and "
						   : ", ",
			   names->items[i]);
}

static void
put_grounds(struct buf *out, const struct ledger_way *way, const struct view_proof_parts *p)
{
	char octets[VIEW_RATE_TEXT], a[VIEW_PROOF_PERCENT], b[VIEW_PROOF_PERCENT],
		c[VIEW_PROOF_PERCENT];
	if (!(way->in + way->out)) {
		buf_str(out, "Nothing was counted in or out in that time");
		return;
	}
	buf_printf(out,
		   "Of %s in and out, the way of %s %% is known as measured, of %s %% by "
		   "estimate, of %s %% not at all",
		   view_octets(octets, way->in + way->out), view_proof_percent(a, p->grounds[0]),
		   view_proof_percent(b, p->grounds[1]), view_proof_percent(c, p->grounds[2]));
}

static void
put_promise(struct buf *out, const struct ledger_way *way, const struct view_proof_parts *p)
{
	char a[VIEW_PROOF_PERCENT], b[VIEW_PROOF_PERCENT], c[VIEW_PROOF_PERCENT],
		d[VIEW_PROOF_PERCENT];
	buf_str(out, "avoided ");
	put_names(out, &way->promised);
	buf_printf(out, ": %s %%, of which %s %% by estimate; crossed: %s %%; not known: %s %%",
		   view_proof_percent(a, p->promise[0]), view_proof_percent(b, p->kept_estimated),
		   view_proof_percent(c, p->promise[1]), view_proof_percent(d, p->promise[2]));
}

static void
put_list(struct buf *out, const struct ledger_way *way, int list, const char *title)
{
	char percent[VIEW_PROOF_PERCENT];
	uint64_t whole = way->in + way->out;
	buf_printf(out, "%s", title);
	for (size_t i = 0; i < way->list_counts[list] && i < NAMED_MAX; i++)
		buf_printf(out, "%s %s %s %%", i ? "," : "", way->lists[list][i].name,
			   view_proof_percent(
				   percent,
				   ledger_way_percent(way->lists[list][i].amount.octets, whole)));
	if (way->list_counts[list] > NAMED_MAX)
		buf_printf(out, ", and %zu more", way->list_counts[list] - NAMED_MAX);
}

static void
put_mean(struct buf *out, const struct ledger_way *way)
{
	buf_printf(out,
		   "In the mean %" PRIu64 ".%" PRIu64 " km and %" PRIu64 ".%03" PRIu64
		   " ms one way, of what is known",
		   way->length_m / 1000, way->length_m % 1000 / 100, way->latency_us / 1000,
		   way->latency_us % 1000);
}

static void
put_entries(struct buf *out, const struct ledger_way *way)
{
	if (!way->entries)
		buf_str(out, "The corridor said nothing of its ways in that time");
	else if (way->first_entry == way->last_entry)
		buf_printf(out,
			   "By entry %" PRIu64 " of the journal of ways and the bins of the ports",
			   way->last_entry);
	else
		buf_printf(out,
			   "By entries %" PRIu64 " to %" PRIu64
			   " of the journal of ways and the bins of the ports",
			   way->first_entry, way->last_entry);
}

/* The n-th sentence; nothing: it has none. */
static void
put_line(struct buf *out, const struct ledger_way *way, const struct view_proof_parts *p, int n)
{
	if (n == 0)
		put_grounds(out, way, p);
	else if (n == 1 && way->promised.count && way->in + way->out)
		put_promise(out, way, p);
	else if (n == 2 && way->list_counts[WAYS_COUNTRIES])
		put_list(out, way, WAYS_COUNTRIES, "Countries crossed:");
	else if (n == 3 && way->list_counts[WAYS_CABLES])
		put_list(out, way, WAYS_CABLES, "Cables:");
	else if (n == 4 && way->in + way->out > way->unknown)
		put_mean(out, way);
	else if (n == 5)
		put_entries(out, way);
}

size_t
view_proof_lines(const char *const **out, struct arena *arena, const struct ledger_way *way)
{
	struct view_proof_parts parts = view_proof_parts_of(way);
	const char **lines = arena_take(arena, VIEW_PROOF_LINES * sizeof(*lines));
	size_t count = 0;
	for (int n = 0; lines && n < VIEW_PROOF_LINES; n++) {
		struct buf line = {0};
		put_line(&line, way, &parts, n);
		if (line.length)
			lines[count] = arena_copy(arena, line.data, line.length);
		bool failed = line.failed || (line.length && !lines[count]);
		count += line.length != 0;
		buf_fini(&line);
		if (failed)
			return 0;
	}
	*out = lines;
	return lines ? count : 0;
}

/* --- text --- */

static void
text_row(struct buf *out, const struct ledger_way_row *row, uint32_t percent)
{
	char text[VIEW_PROOF_PERCENT], octets[VIEW_RATE_TEXT];
	struct buf way = {0};
	for (size_t i = 0; i < row->path.segments.count; i++)
		buf_printf(&way, "%s%s", i ? " " : "", row->path.segments.items[i]);
	if (!row->path.segments.count)
		buf_str(&way, row->path.basis == LEDGER_WAY_UNKNOWN ? "not known" : "at the site");
	if (row->path.basis == LEDGER_WAY_CONTRACT)
		buf_str(&way, " (by contract)");
	else if (row->path.estimated)
		buf_str(&way, " (estimated)");
	buf_u8(&way, 0);
	buf_printf(out, "  %7s %%  ", view_proof_percent(text, percent));
	view_cell(out, view_octets(octets, row->amount.octets), -10);
	buf_str(out, "  ");
	view_wrapped(out, way.failed ? "" : (const char *)way.data, 24, 24);
	buf_fini(&way);
}

static void
text_rows(struct buf *out, const struct ledger_way *way)
{
	uint64_t *octets = calloc(way->row_count + 1, sizeof(*octets));
	uint32_t *percents = calloc(way->row_count + 1, sizeof(*percents));
	out->failed |= !octets || !percents;
	for (size_t i = 0; i < way->row_count && octets; i++)
		octets[i] = way->rows[i].amount.octets;
	if (octets && percents)
		ledger_way_percents(percents, octets, way->row_count);
	for (size_t i = 0; i < way->row_count && i < ROWS_MAX && percents; i++)
		text_row(out, &way->rows[i], percents[i]);
	if (way->row_count > ROWS_MAX)
		buf_printf(out, "  and %zu more ways: they are in JSON and CSV\n",
			   way->row_count - ROWS_MAX);
	free(octets);
	free(percents);
}

static void
text_way(struct buf *out, const struct view_proof *v)
{
	const char *const *lines = NULL;
	char dates[2 * CLOCK_TEXT + 8], from[CLOCK_TEXT], to[CLOCK_TEXT];
	struct arena *arena = arena_new();
	size_t count = arena ? view_proof_lines(&lines, arena, v->way) : 0;
	out->failed |= !count;
	buf_printf(out, "%s, AS%" PRIu32 "%s%s\n", v->member, v->asn, v->contract ? ", " : "",
		   v->contract ? v->contract : "");
	(void)snprintf(dates, sizeof(dates), "%s to %s", utc_format(from, v->way->from),
		       utc_format(to, v->way->to));
	view_field(out, "period", dates);
	if (v->document)
		view_field(out, "invoice", v->document);
	for (size_t i = 0; i < count; i++)
		view_field(out, i ? "" : "way", lines[i]);
	view_field(out, "PROOF", v->fault);
	buf_str(out, "\n");
	text_rows(out, v->way);
	arena_free(arena);
}

/* --- CSV --- */

static void
csv_row(struct buf *out, const struct view_proof *v, const char *kind, const char *name,
	const struct ledger_way_amount *amount)
{
	buf_printf(out, "%" PRIu32 ",", v->asn);
	view_csv_field(out, v->contract ? v->contract : "");
	buf_printf(out, ",%s,", kind);
	view_csv_field(out, name);
	buf_printf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\r\n", amount->octets,
		   amount->estimated, v->way->in + v->way->out);
}

static void
csv_way(struct buf *out, const struct view_proof *v)
{
	const struct ledger_way *way = v->way;
	uint64_t known = way->in + way->out - way->unknown;
	csv_row(out, v, "ground", "measured",
		&(struct ledger_way_amount){known - way->estimated, 0});
	csv_row(out, v, "ground", "estimated",
		&(struct ledger_way_amount){way->estimated, way->estimated});
	csv_row(out, v, "ground", "unknown", &(struct ledger_way_amount){way->unknown, 0});
	if (way->promised.count) {
		csv_row(out, v, "promise", "avoided", &way->kept);
		csv_row(out, v, "promise", "crossed", &way->broken);
	}
	for (int list = 0; list < LEDGER_WAY_LISTS; list++)
		for (size_t i = 0; i < way->list_counts[list]; i++)
			csv_row(out, v, ledger_way_list_name(list), way->lists[list][i].name,
				&way->lists[list][i].amount);
	for (size_t i = 0; i < way->row_count; i++) {
		struct buf name = {0};
		const struct ledger_way_path *path = &way->rows[i].path;
		buf_str(&name, ledger_way_basis_name(path->basis));
		for (size_t k = 0; k < path->segments.count; k++)
			buf_printf(&name, " %s", path->segments.items[k]);
		buf_u8(&name, 0);
		if (!name.failed)
			csv_row(out, v, "way", (const char *)name.data, &way->rows[i].amount);
		out->failed |= name.failed;
		buf_fini(&name);
	}
}

/* --- several --- */

void
view_proofs_begin(struct view_proofs *ways, struct buf *out, enum view_form form,
		  struct utc_s month)
{
	char text[CLOCK_TEXT];
	*ways = (struct view_proofs){.form = form, .out = out, .j = json_to(out)};
	if (month.s)
		utc_format(text, month)[7] = '\0';
	if (form == VIEW_CSV)
		buf_str(out, "asn,contract,kind,name,octets,estimated,of_octets\r\n");
	if (form != VIEW_JSON)
		return;
	json_object(&ways->j, NULL);
	json_str(&ways->j, "month", month.s ? text : NULL);
	json_array(&ways->j, "proofs");
}

void
view_proofs_add(struct view_proofs *ways, const struct view_proof *v)
{
	if (ways->form == VIEW_CSV) {
		csv_way(ways->out, v);
	} else if (ways->form == VIEW_TEXT) {
		buf_str(ways->out, ways->count ? "\n" : "");
		text_way(ways->out, v);
	} else {
		json_object(&ways->j, NULL);
		json_u64(&ways->j, "asn", v->asn);
		json_str(&ways->j, "member", v->member);
		json_str(&ways->j, "contract", v->contract);
		json_str(&ways->j, "document", v->document);
		json_str(&ways->j, "fault", v->fault);
		view_proof_json(&ways->j, v->way);
		json_object_end(&ways->j);
	}
	ways->count++;
}

void
view_proofs_end(struct view_proofs *ways)
{
	if (ways->form == VIEW_TEXT && !ways->count)
		buf_str(ways->out, "no traffic of that member in that time\n");
	if (ways->form != VIEW_JSON)
		return;
	json_array_end(&ways->j);
	json_object_end(&ways->j);
	buf_str(ways->out, "\n");
}
