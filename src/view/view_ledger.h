/* What the ledger shows: invoices, one bill, curves, its own state. Pure; page, API and shell get
 * the same numbers. Money and octets are printed from integers; the same invoice gives the same
 * bytes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "ledger/ledger_desk.h"
#include "ledger/ledger_invoice.h"

/* As enum control_form. */
enum view_ledger_form { VIEW_LEDGER_TEXT, VIEW_LEDGER_JSON, VIEW_LEDGER_CSV };

/* The invoices of a month; their series may be NULL. */
void view_ledger_invoices(struct buf *out, enum view_ledger_form form, int year, int month,
			  const struct ledger_invoice *invoices, size_t count);

/* Reads the JSON of an invoice back (a document of the journal), to be shown as it was issued; all is
 * in `arena`, and its series is NULL. Of `hub` its zones are taken. 0; or -1 with errno EBADMSG when
 * it is no invoice, ENOMEM. */
int view_invoice_read(struct ledger_invoice *out, struct arena *arena, const struct hub *hub,
		      const void *json, size_t length);

/* The first moment of the last day for payment, in the contract's zone: so many days after the day
 * that the invoice bears as its date. */
struct utc_s view_invoice_due(const struct ledger_invoice *invoice);

/* One invoice with its lines; JSON has the curve too, when `invoice->series` is there. As CSV the rows
 * without their head. */
void view_ledger_bill(struct buf *out, enum view_ledger_form form,
		      const struct ledger_invoice *invoice);
/* What stands once above the rows of CSV; nothing in other forms. */
void view_ledger_bill_head(struct buf *out, enum view_ledger_form form);
/* Several in one answer: {"month":..., "bills":[...]}, or one after the other. Call begin, then next
 * and view_ledger_bill for each, then end; out may be drained in between. */
struct view_ledger_bills {
	enum view_ledger_form form;
	size_t count;
};
void view_ledger_bills_begin(struct view_ledger_bills *bills, struct buf *out, int year, int month);
void view_ledger_bills_next(struct view_ledger_bills *bills, struct buf *out);
void view_ledger_bills_end(struct view_ledger_bills *bills, struct buf *out);

/* {"hub":..., "member":...} as they stand in a bill: for documents that name them by number only. `holder`: an AS number or a party's id;
 * NULL, or one that is gone: the hub alone. */
void view_invoice_parties(struct buf *out, const struct hub *hub, const char *holder);
struct json;
/* The "curve" of a bill, as its last member. */
void view_invoice_curve(struct json *j, const struct ledger_series *series);
/* The bins that an invoice rests on, as CSV. */
void view_ledger_bins_csv(struct buf *out, const struct ledger_invoice *invoice);
/* A page of its own for screen and A4 paper: no script, nothing from outside. */
void view_ledger_html(struct buf *out, const struct ledger_invoice *invoice);

/* `hub` gives the name when the curve is the whole hub's. */
void view_ledger_curve(struct buf *out, enum view_ledger_form form, const struct hub *hub,
		       const struct ledger_curve *curve);

/* How the ledger is. */
struct view_ledger_state {
	const char *store_trouble;   /* why the store is not open; NULL: it is */
	const char *spool_trouble;   /* "" or NULL: none */
	const char *journal_trouble; /* why the journal is not open; NULL: it is */
	uint64_t journal_entries;
	uint64_t waiting, taken, known, refused;
	struct ledger_store_totals totals;
};
void view_ledger_state(struct buf *out, enum view_ledger_form form,
		       const struct view_ledger_state *state);
/* The same for Prometheus (text format 0.0.4). */
void view_ledger_metrics(struct buf *out, const struct view_ledger_state *state);
