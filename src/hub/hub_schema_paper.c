/* The rows of what stands on invoices and is not about prices: letterhead, bank accounts, whom to
 * bill; and what the hub's founders hope to earn. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item bank_rows[] = {
	{"currency", HUB_TYPE_CURRENCY, FIELD(hub_bank, currency), .fallback_help = "any",
	 .help = "Invoices in this currency are paid here."},
	{"holder", HUB_TYPE_TEXT, FIELD(hub_bank, holder), .min = 1, .max = 200,
	 .fallback_help = "the hub's legal name", .help = "Whose account it is."},
	{"bank", HUB_TYPE_TEXT, .required = true, FIELD(hub_bank, bank), .min = 1, .max = 200,
	 .help = "The bank."},
	{"account", HUB_TYPE_TEXT, .required = true, FIELD(hub_bank, account), .min = 1, .max = 64,
	 .help = "Its IBAN or number."},
	{"bic", HUB_TYPE_TEXT, FIELD(hub_bank, bic), .min = 8, .max = 11,
	 .help = "Of the bank (ISO 9362)."},
};

static const struct hub_table bank_table = {"bank account", ROWS(bank_rows),
					    .size = sizeof(struct hub_bank)};

/* By enum hub_issue. */
static const char *const issue_words[] = {"by-hand", "automatic", NULL};

static const struct hub_item billing_rows[] = {
	{"issue", HUB_TYPE_WORD, FIELD(hub_billing, issue), .words = issue_words,
	 .fallback = "by-hand",
	 .help = "by-hand: an invoice is issued by `sarai ledger issue`; automatic: when it is "
		 "final, unless more than a twentieth of its bins are missing."},
	{"legal_name", HUB_TYPE_TEXT, FIELD(hub_billing, legal_name), .min = 1, .max = 200,
	 .fallback_help = "the hub's name", .help = "Who writes the invoice."},
	{"address", HUB_TYPE_TEXT, LIST(hub_billing, address, address_count), .min = 1, .max = 200,
	 .limit = 8, .help = "Its lines, as they stand on a letter, in any script."},
	{"tax_name", HUB_TYPE_TEXT, FIELD(hub_billing, tax_name), .min = 1, .max = 40,
	 .fallback = "Tax number", .help = "What tax_number is called: VAT, NTN, BIN."},
	{"tax_number", HUB_TYPE_TEXT, FIELD(hub_billing, tax_number), .min = 1, .max = 64,
	 .help = "Of who writes the invoice."},
	{"registration", HUB_TYPE_TEXT, FIELD(hub_billing, registration), .min = 1, .max = 200,
	 .help = "Where and under which number the company is registered."},
	{"email", HUB_TYPE_TEXT, FIELD(hub_billing, email), .min = 3, .max = 254,
	 .fallback_help = "the hub's support_email", .help = "For questions about invoices."},
	{"phone", HUB_TYPE_TEXT, FIELD(hub_billing, phone), .min = 3, .max = 40,
	 .help = "Likewise."},
	{"payment_days", HUB_TYPE_COUNT, FIELD(hub_billing, payment_days), .max = 365,
	 .fallback = "30", .help = "An invoice is due so many days after its date."},
	{"dispute_days", HUB_TYPE_COUNT, FIELD(hub_billing, dispute_days), .max = 3650,
	 .fallback = "14", .help = "Within so many days a dispute is to be answered."},
	{"terms", HUB_TYPE_TEXT, LIST(hub_billing, terms, term_count), .min = 1, .max = 400,
	 .limit = 8, .help = "Further sentences below the invoice."},
	{"accounts", HUB_TYPE_TABLE, LIST(hub_billing, accounts, account_count),
	 .table = &bank_table, .limit = 16, .help = "Where it is paid."},
};

const struct hub_table hub_schema_billing = {"set of billing values", ROWS(billing_rows),
					     .size = sizeof(struct hub_billing)};

static const struct hub_item bill_to_rows[] = {
	{"name", HUB_TYPE_TEXT, FIELD(hub_bill_to, name), .min = 1, .max = 200,
	 .fallback_help = "the member's name", .help = "Its legal name, in its own script."},
	{"address", HUB_TYPE_TEXT, LIST(hub_bill_to, address, address_count), .min = 1, .max = 200,
	 .limit = 8, .help = "Its lines."},
	{"tax_number", HUB_TYPE_TEXT, FIELD(hub_bill_to, tax_number), .min = 1, .max = 64,
	 .help = "Of the member."},
	{"reference", HUB_TYPE_TEXT, FIELD(hub_bill_to, reference), .min = 1, .max = 100,
	 .help = "What it wants to read on its invoices: an order number."},
};

const struct hub_table hub_schema_bill_to = {"addressee", ROWS(bill_to_rows),
					     .size = sizeof(struct hub_bill_to)};

static const struct hub_item revenue_rows[] = {
	{"from", HUB_TYPE_AMOUNT, FIELD(hub_revenue_plan, from),
	 .help = "The least, in whole units of the currency."},
	{"to", HUB_TYPE_AMOUNT, FIELD(hub_revenue_plan, to), .help = "The most."},
	{"currency", HUB_TYPE_CURRENCY, FIELD(hub_revenue_plan, currency),
	 .help = "Only what is billed in this currency counts towards it."},
};

static const struct hub_table revenue_table = {"revenue plan", ROWS(revenue_rows),
					       .size = sizeof(struct hub_revenue_plan),
					       .check = hub_check_revenue_plan};

static const struct hub_item plan_rows[] = {
	{"revenue_per_year", HUB_TYPE_TABLE, FIELD(hub_plan, revenue_per_year),
	 .table = &revenue_table, .help = "What is hoped for in a calendar year."},
};

const struct hub_table hub_schema_plan = {"plan", ROWS(plan_rows), .size = sizeof(struct hub_plan)};
