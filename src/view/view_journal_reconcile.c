/* What the journal shows of two parties' bins. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_journal.h"
#include "view/view_journal_table.h"
#include "view/view_text.h"

enum { ROWS_IN_TEXT = 20 };

#define COLUMNS(c) (c), sizeof(c) / sizeof((c)[0])

static const struct view_column pair_columns[] = {
	{"start", "start", 20, false},       {"length_s", NULL, 0, true},
	{"our_in", "our in", -14, true},     {"our_out", NULL, 0, true},
	{"their_in", "their in", -14, true}, {"their_out", NULL, 0, true},
	{NULL, "our out", -14, false},       {NULL, "their out", -14, false},
	{"verdict", NULL, 0, false},
};

static const char *
verdict(const struct ledger_pair *p)
{
	if (p->ours && p->theirs)
		return p->differs ? "differs" : "agrees";
	return p->ours ? "only ours" : p->theirs ? "only theirs" : "neither";
}

static const char *
octets(char out[24], bool known, uint64_t value)
{
	out[0] = '\0';
	if (known)
		(void)snprintf(out, 24, "%" PRIu64, value);
	return out;
}

static void
pair_row(struct view_table *t, const struct ledger_reconciliation *r, const struct ledger_pair *p)
{
	char start[CLOCK_TEXT], length[16], text[4][24];
	(void)snprintf(length, sizeof(length), "%" PRIu32, r->length_s);
	const char *const values[] = {
		utc_format(start, p->start),
		length,
		octets(text[0], p->ours, p->our_in),
		octets(text[1], p->ours, p->our_out),
		octets(text[2], p->theirs, p->their_in),
		octets(text[3], p->theirs, p->their_out),
		text[1],
		text[3],
		verdict(p),
	};
	view_table_row(t, values);
}

static void
put_sentence(struct buf *out, struct json *j, const char *text)
{
	if (j)
		json_str(j, NULL, text);
	else
		view_wrapped(out, text, 0, 2);
}

/* What could be behind it, in sentences: to `out`, or as an array of JSON. */
static void
suggestions(struct buf *out, struct json *j, const struct ledger_reconciliation *r)
{
	const struct ledger_resemblance *look = &r->looks_like;
	char text[240];
	if (r->phase_s) {
		(void)snprintf(text, sizeof(text),
			       "their intervals begin %d s %s ours; that was taken off",
			       r->phase_s < 0 ? -r->phase_s : r->phase_s,
			       r->phase_s < 0 ? "before" : "after");
		put_sentence(out, j, text);
	}
	if (!look->known)
		return;
	if (look->shift_s) {
		(void)snprintf(
			text, sizeof(text),
			"their times look %d s (%g h) %s than ours: another clock or zone, or "
			"the end of an interval instead of its start",
			look->shift_s < 0 ? -look->shift_s : look->shift_s,
			(look->shift_s < 0 ? -look->shift_s : look->shift_s) / 3600.0,
			look->shift_s < 0 ? "earlier" : "later");
		put_sentence(out, j, text);
	}
	if (look->swapped)
		put_sentence(
			out, j,
			"their in looks like our out, and their out like our in: they are seen "
			"from their side");
	if (look->factor > 1.1 || look->factor < 0.9) {
		bool bits = look->factor == 8, eighth = look->factor == 0.125;
		(void)snprintf(text, sizeof(text), "their numbers are about %g times ours%s",
			       look->factor,
			       bits     ? ": bits, where octets were expected"
			       : eighth ? ": octets, where bits were expected"
					: ": another unit");
		put_sentence(out, j, text);
	}
}

static void
field_rate(struct buf *out, const char *label, const struct ledger_invoice *ours,
	   const struct ledger_invoice *theirs)
{
	char a[VIEW_RATE_TEXT], b[VIEW_RATE_TEXT] = "-", text[80];
	if (theirs)
		(void)view_rate(b, theirs->p95.billed_bps);
	(void)snprintf(text, sizeof(text), "ours %s, theirs %s", view_rate(a, ours->p95.billed_bps),
		       b);
	view_field(out, label, text);
}

static void
text_summary(struct buf *out, const struct view_journal_reconciled *v)
{
	const struct ledger_reconciliation *r = v->reconciliation;
	char text[160], a[VIEW_RATE_TEXT], b[VIEW_RATE_TEXT], m[MONEY_TEXT], n[MONEY_TEXT] = "-";
	buf_printf(out, "RECONCILIATION of %s, %s, %04d-%02d\n", v->ours->contract->id,
		   v->ours->member->name, v->ours->period.year, v->ours->period.month);
	(void)snprintf(text, sizeof(text),
		       "%zu of %" PRIu32
		       " s; %zu on both sides, %zu only ours, %zu only theirs, %zu "
		       "on neither",
		       r->count, r->length_s, r->both, r->only_ours, r->only_theirs, r->neither);
	view_field(out, "intervals", text);
	(void)snprintf(text, sizeof(text), "%zu by more than %g %%", r->differing,
		       v->tolerance_bp / 100.0);
	view_field(out, "different", text);
	(void)snprintf(text, sizeof(text), "ours %s, theirs %s", view_octets(a, r->our_in),
		       view_octets(b, r->their_in));
	view_field(out, "in", text);
	(void)snprintf(text, sizeof(text), "ours %s, theirs %s", view_octets(a, r->our_out),
		       view_octets(b, r->their_out));
	view_field(out, "out", text);
	field_rate(out, "billed rate", v->ours, v->theirs);
	if (v->theirs)
		(void)money_format(n, v->theirs->charge.total);
	(void)snprintf(text, sizeof(text), "ours %s, by theirs %s",
		       money_format(m, v->ours->charge.total), n);
	view_field(out, "bill", text);
	if (v->kept)
		view_field(out, "kept as", v->kept);
	suggestions(out, NULL, r);
}

static void
json_side(struct json *j, const char *key, uint64_t in, uint64_t out,
	  const struct ledger_invoice *invoice)
{
	json_object(j, key);
	json_u64(j, "in_octets", in);
	json_u64(j, "out_octets", out);
	if (invoice) {
		json_u64(j, "billed_bps", invoice->p95.billed_bps);
		json_money(j, "total", invoice->charge.total);
	}
	json_object_end(j);
}

static void
json_summary(struct json *j, const struct view_journal_reconciled *v)
{
	const struct ledger_reconciliation *r = v->reconciliation;
	const struct ledger_resemblance *look = &r->looks_like;
	char month[16];
	(void)snprintf(month, sizeof(month), "%04d-%02d", v->ours->period.year,
		       v->ours->period.month);
	json_str(j, "contract", v->ours->contract->id);
	json_str(j, "month", month);
	json_u64(j, "length_s", r->length_s);
	json_u64(j, "records", v->records);
	json_u64(j, "intervals", r->count);
	json_u64(j, "both", r->both);
	json_u64(j, "only_ours", r->only_ours);
	json_u64(j, "only_theirs", r->only_theirs);
	json_u64(j, "neither", r->neither);
	json_u64(j, "tolerance_basis_points", v->tolerance_bp);
	json_u64(j, "differing", r->differing);
	json_side(j, "ours", r->our_in, r->our_out, v->ours);
	json_side(j, "theirs", r->their_in, r->their_out, v->theirs);
	json_str(j, "kept", v->kept);
	json_object(j, "looks_like");
	json_bool(j, "known", look->known);
	json_i64(j, "phase_s", r->phase_s);
	json_i64(j, "shift_s", look->shift_s);
	json_bool(j, "swapped", look->swapped);
	json_double(j, "factor", look->factor);
	json_fixed(j, "correlation", look->as_is, 4);
	json_fixed(j, "correlation_so", look->as_shown, 4);
	json_object_end(j);
	json_array(j, "suggestions");
	suggestions(NULL, j, r);
	json_array_end(j);
}

void
view_journal_reconcile(struct buf *out, enum view_form form,
		       const struct view_journal_reconciled *v)
{
	const struct ledger_reconciliation *r = v->reconciliation;
	struct view_table t;
	size_t left = 0;
	view_table_begin(&t, out, form);
	if (form == VIEW_JSON)
		json_summary(&t.json, v);
	if (form == VIEW_TEXT)
		text_summary(out, v);
	if (form == VIEW_TEXT && r->count > r->both - r->differing + r->neither)
		buf_str(out, "\n");
	/* CSV has all intervals; the others those that do not agree. */
	view_table_rows(&t, "differences", COLUMNS(pair_columns));
	for (size_t i = 0; i < r->count; i++) {
		const struct ledger_pair *p = &r->pairs[i];
		bool odd = p->differs || p->ours != p->theirs;
		if (form != VIEW_CSV && !odd)
			continue;
		if (form == VIEW_TEXT && t.rows == ROWS_IN_TEXT)
			left++;
		else
			pair_row(&t, r, p);
	}
	view_table_rows_end(&t, NULL);
	view_table_end(&t);
	if (left)
		buf_printf(out, "and %zu more: --csv has all\n", left);
}
