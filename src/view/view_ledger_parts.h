/* The parts of view_ledger; used by its files only. */
#pragma once

#include "base/json.h"
#include "view/view_ledger.h"
#include "view/view_text.h"

enum { VIEW_MONTH = 24, VIEW_EXACT = 40 };

/* "2026-11"; returns `out`. */
char *view_month(char out[VIEW_MONTH], int year, int month);
/* "1250.5 Mbit/s", to the bit; returns `out`. */
char *view_exact_rate(char out[VIEW_EXACT], uint64_t bps);
/* "counter", "estimated", "missing" */
const char *view_bin_state(enum traffic_state state);
/* "flat", "commit" */
const char *view_contract_kind(enum hub_contract_kind kind);
/* A chart of block characters, `rows` lines high, of the larger of in and out: the highest bin of
 * each column; the line where `mark_bps` lies is marked. */
void view_chart(struct buf *out, const struct ledger_series *series, unsigned rows,
		uint64_t mark_bps, const char *mark);

/* --- view_ledger_text.c --- */
void view_ledger_text_invoices(struct buf *out, int year, int month,
			       const struct ledger_invoice *invoices, size_t count);
void view_ledger_text_bill(struct buf *out, const struct ledger_invoice *invoice);
void view_ledger_text_curve(struct buf *out, const struct hub *hub,
			    const struct ledger_curve *curve);
