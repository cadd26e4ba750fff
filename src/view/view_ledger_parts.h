/* The parts of view_ledger; used by its files only. */
#pragma once

#include "base/json.h"
#include "view/view_ledger.h"
#include "view/view_text.h"

enum { VIEW_PAYER = 300, VIEW_MONTH = 24, VIEW_EXACT = 40, VIEW_DATE = 64, VIEW_DAY = 10 };

/* "2026-11"; returns `out`. */
char *view_month(char out[VIEW_MONTH], int year, int month);
/* "1250.5 Mbit/s", to the bit; returns `out`. */
char *view_exact_rate(char out[VIEW_EXACT], uint64_t bps);
/* "counter", "estimated", "missing" */
const char *view_bin_state(enum traffic_state state);
/* "flat", "commit" */
const char *view_contract_kind(enum hub_contract_kind kind);

/* --- view_invoice_json.c --- */
/* A rate that is known only when there were bins; else null. */
void view_rate_json(struct json *j, const char *key, bool known, uint64_t bps);
/* "Poplar Networks, AS64512"; of a party its id. Returns `out`. */
char *view_payer(char out[VIEW_PAYER], const struct ledger_invoice *invoice);
/* "asn", and of a party (its id; NULL: a member) "party". */
void view_payer_json(struct json *j, const struct hub_member *payer, const char *party);
/* What list and bill have in common. */
void view_invoice_summary(struct json *j, const struct ledger_invoice *invoice);
void view_invoice_json(struct json *j, const struct ledger_invoice *invoice);
void view_bins_json(struct json *j, const struct ledger_bin_counts *bins);
void view_points_json(struct json *j, const char *key, const struct ledger_series *series);
/* "2026-11-01", in the contract's zone, with the time unless it is midnight; returns `out`. */
char *view_invoice_date(char out[VIEW_DATE], const struct ledger_invoice *invoice, struct utc_s at);
/* The moment that an invoice bears as its date: when it was issued, else the end of its period, or of
 * what is billed so far. */
struct utc_s view_invoice_made(const struct ledger_invoice *invoice);
/* That as its date; of one that was issued the day alone. Returns `out`. */
char *view_invoice_dated(char out[VIEW_DATE], const struct ledger_invoice *invoice);
/* Where it is paid; NULL: the hub does not say. */
const struct hub_bank *view_invoice_account(const struct ledger_invoice *invoice);
const char *view_billing_email(const struct hub_member *member);

/* --- view_invoice_csv.c --- */
void view_invoice_csv_head(struct buf *out);
void view_invoice_csv(struct buf *out, const struct ledger_invoice *invoice);
void view_invoices_csv(struct buf *out, const struct ledger_invoice *invoices, size_t count);
void view_series_csv(struct buf *out, const struct ledger_series *series);

/* --- view_invoice_svg.c --- */
/* The drawing of the curve, with its legend. */
void view_invoice_svg(struct buf *out, const struct ledger_invoice *invoice);

/* --- view_ledger_text.c --- */
void view_ledger_text_invoices(struct buf *out, int year, int month,
			       const struct ledger_invoice *invoices, size_t count);
void view_ledger_text_bill(struct buf *out, const struct ledger_invoice *invoice);
void view_ledger_text_curve(struct buf *out, const struct hub *hub,
			    const struct ledger_curve *curve);
