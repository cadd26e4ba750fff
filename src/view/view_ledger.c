/* What the ledger shows: as JSON and CSV, and the state of the room. */
#include "view/view_ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"

char *
view_month(char out[VIEW_MONTH], int year, int month)
{
	(void)snprintf(out, VIEW_MONTH, "%04d-%02d", year, month);
	return out;
}

const char *
view_bin_state(enum traffic_state state)
{
	static const char *const names[] = {"missing", "counter", "estimated"};
	return names[state];
}

const char *
view_contract_kind(enum hub_contract_kind kind)
{
	return kind == HUB_FLAT ? "flat" : kind == HUB_COMMIT ? "commit" : "items";
}

/* --- answers --- */

static void
json_invoices(struct buf *out, int year, int month, const struct ledger_invoice *invoices,
	      size_t count)
{
	char text[VIEW_MONTH];
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_str(j, "month", view_month(text, year, month));
	json_array(j, "invoices");
	for (size_t i = 0; i < count; i++) {
		json_object(j, NULL);
		view_invoice_summary(j, &invoices[i]);
		json_str(j, "contract", invoices[i].contract->id);
		view_payer_json(j, invoices[i].member, invoices[i].party);
		json_str(j, "member", invoices[i].member->name);
		json_bool(j, "purchase", invoices[i].contract->purchase);
		json_str(j, "document", invoices[i].id);
		if (invoices[i].id)
			json_bool(j, "differs", invoices[i].differs);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

void
view_ledger_invoices(struct buf *out, enum view_ledger_form form, int year, int month,
		     const struct ledger_invoice *invoices, size_t count)
{
	if (form == VIEW_LEDGER_JSON)
		json_invoices(out, year, month, invoices, count);
	else if (form == VIEW_LEDGER_CSV)
		view_invoices_csv(out, invoices, count);
	else
		view_ledger_text_invoices(out, year, month, invoices, count);
}

void
view_ledger_bill_head(struct buf *out, enum view_ledger_form form)
{
	if (form == VIEW_LEDGER_CSV)
		view_invoice_csv_head(out);
}

void
view_ledger_bill(struct buf *out, enum view_ledger_form form, const struct ledger_invoice *invoice)
{
	if (form == VIEW_LEDGER_JSON) {
		struct json j = json_to(out);
		view_invoice_json(&j, invoice);
		buf_str(out, "\n");
	} else if (form == VIEW_LEDGER_CSV) {
		view_invoice_csv(out, invoice);
	} else {
		view_ledger_text_bill(out, invoice);
	}
}

void
view_ledger_bills_begin(struct view_ledger_bills *bills, struct buf *out, int year, int month)
{
	char text[VIEW_MONTH];
	bills->count = 0;
	if (bills->form == VIEW_LEDGER_JSON)
		buf_printf(out, "{\"month\":\"%s\",\"bills\":[", view_month(text, year, month));
	else
		view_ledger_bill_head(out, bills->form);
}

void
view_ledger_bills_next(struct view_ledger_bills *bills, struct buf *out)
{
	bool first = bills->count++ == 0;
	if (!first && bills->form == VIEW_LEDGER_JSON)
		buf_str(out, ",");
	/* A form feed: each on paper of its own. */
	if (!first && bills->form == VIEW_LEDGER_TEXT)
		buf_str(out, "\f\n");
}

void
view_ledger_bills_end(struct view_ledger_bills *bills, struct buf *out)
{
	if (bills->form == VIEW_LEDGER_JSON)
		buf_str(out, "]}\n");
	else if (bills->form == VIEW_LEDGER_TEXT && !bills->count)
		buf_str(out, "no contract is in force in that month\n");
}

static void
json_curve(struct buf *out, const struct hub *hub, const struct ledger_curve *curve)
{
	bool known = curve->p95.count > 0;
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_u64(j, "asn", curve->member ? curve->member->asn.number : hub->asn.number);
	json_str(j, "name", curve->member ? curve->member->name : hub->name);
	json_utc(j, "from", curve->from);
	json_utc(j, "to", curve->to);
	json_u64(j, "bin_s", curve->series.length_s);
	view_rate_json(j, "p95_in_bps", known, curve->p95.in_bps);
	view_rate_json(j, "p95_out_bps", known, curve->p95.out_bps);
	view_rate_json(j, "peak_bps", known, curve->p95.peak_bps);
	view_rate_json(j, "commit_bps", curve->commit_bps > 0, curve->commit_bps);
	json_bool(j, "simulated", curve->bins.simulated > 0);
	view_bins_json(j, &curve->bins);
	view_points_json(j, "points", &curve->series);
	json_object_end(j);
	buf_str(out, "\n");
}

void
view_ledger_curve(struct buf *out, enum view_ledger_form form, const struct hub *hub,
		  const struct ledger_curve *curve)
{
	if (form == VIEW_LEDGER_JSON)
		json_curve(out, hub, curve);
	else if (form == VIEW_LEDGER_CSV)
		view_series_csv(out, &curve->series);
	else
		view_ledger_text_curve(out, hub, curve);
}

/* --- the room --- */

static bool
is_well(const struct view_ledger_state *state)
{
	return !state->store_trouble && !(state->spool_trouble && state->spool_trouble[0]);
}

static const char *
trouble_of(const struct view_ledger_state *state)
{
	if (state->store_trouble)
		return state->store_trouble;
	return is_well(state) ? NULL : state->spool_trouble;
}

static void
json_state(struct buf *out, const struct view_ledger_state *state)
{
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_str(j, "trouble", trouble_of(state));
	json_bool(j, "open", !state->store_trouble);
	json_u64(j, "batches", state->totals.batches);
	json_u64(j, "ports", state->totals.ports);
	json_u64(j, "octets_on_disk", state->totals.bytes);
	json_utc(j, "oldest", state->totals.oldest);
	json_utc(j, "newest", state->totals.newest_end);
	json_object(j, "spool");
	json_u64(j, "waiting", state->waiting);
	json_u64(j, "taken", state->taken);
	json_u64(j, "known", state->known);
	json_u64(j, "refused", state->refused);
	json_object_end(j);
	json_object(j, "journal");
	json_str(j, "trouble", state->journal_trouble);
	json_u64(j, "entries", state->journal_entries);
	json_object_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

static void
text_state(struct buf *out, const struct view_ledger_state *state)
{
	char text[CLOCK_TEXT], other[64];
	view_field(out, "ledger", is_well(state) ? "all is well" : trouble_of(state));
	if (!state->store_trouble) {
		(void)snprintf(other, sizeof(other), "%" PRIu64 " of %" PRIu64 " ports, %.1f MB",
			       state->totals.batches, state->totals.ports,
			       (double)state->totals.bytes / 1e6);
		view_field(out, "batches", other);
		if (state->totals.batches) {
			view_field(out, "oldest bin", utc_format(text, state->totals.oldest));
			view_field(out, "newest ends", utc_format(text, state->totals.newest_end));
		}
	}
	(void)snprintf(other, sizeof(other),
		       "%" PRIu64 " waiting, %" PRIu64 " taken, %" PRIu64 " known, %" PRIu64
		       " refused",
		       state->waiting, state->taken, state->known, state->refused);
	view_field(out, "spool", other);
	(void)snprintf(other, sizeof(other), "%" PRIu64 " entries", state->journal_entries);
	view_field(out, "journal", state->journal_trouble ? state->journal_trouble : other);
}

void
view_ledger_state(struct buf *out, enum view_ledger_form form,
		  const struct view_ledger_state *state)
{
	if (form == VIEW_LEDGER_JSON)
		json_state(out, state);
	else
		text_state(out, state);
}

static void
metric(struct buf *out, const char *name, const char *kind, const char *help, uint64_t value)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name, kind,
		   name, value);
}

void
view_ledger_metrics(struct buf *out, const struct view_ledger_state *state)
{
	metric(out, "sarai_ledger_trouble", "gauge", "1 when bins are not stored as they come.",
	       !is_well(state));
	metric(out, "sarai_ledger_batches", "gauge", "Batches in the store.",
	       state->totals.batches);
	metric(out, "sarai_ledger_store_bytes", "gauge", "Octets of the store's file.",
	       state->totals.bytes);
	metric(out, "sarai_ledger_newest_timestamp_seconds", "gauge", "End of the newest bin.",
	       (uint64_t)state->totals.newest_end.s);
	metric(out, "sarai_ledger_spool_files", "gauge", "Batches waiting in the spool.",
	       state->waiting);
	metric(out, "sarai_ledger_taken_total", "counter", "Batches taken in since the start.",
	       state->taken);
	metric(out, "sarai_ledger_replayed_total", "counter",
	       "Batches that were known already, since the start.", state->known);
	metric(out, "sarai_ledger_refused_total", "counter",
	       "Files moved aside as damaged, since the start.", state->refused);
	metric(out, "sarai_ledger_journal_trouble", "gauge", "1 when the journal is not open.",
	       state->journal_trouble != NULL);
	metric(out, "sarai_ledger_journal_entries", "gauge", "Entries of the journal.",
	       state->journal_entries);
}
