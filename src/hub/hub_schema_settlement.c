/* The rows of the hub file about owners of cables, and the agreements among them. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item party_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_party, id), .unique = HUB_BY_PARTY,
	 .min = 1, .max = 64, .help = "What segments and the journal call it; keep it."},
	{"name", HUB_TYPE_TEXT, .required = true, FIELD(hub_party, name), .min = 1, .max = 200,
	 .help = "As it is printed."},
	{"country", HUB_TYPE_COUNTRY, FIELD(hub_party, country), .help = "Where it is."},
	{"currency", HUB_TYPE_CURRENCY, FIELD(hub_party, currency),
	 .help = "In which it likes to be paid. Told on its statement; nothing is converted."},
	{"address", HUB_TYPE_TEXT, FIELD(hub_party, address), .min = 1, .max = 400,
	 .help = "Printed on its statement."},
	{"email", HUB_TYPE_TEXT, FIELD(hub_party, email), .min = 3, .max = 254,
	 .help = "Whom to write to."},
	{"tax_number", HUB_TYPE_TEXT, FIELD(hub_party, tax_number), .min = 1, .max = 60,
	 .help = "Printed on its statement."},
	{"bank", HUB_TYPE_TEXT, FIELD(hub_party, bank), .min = 1, .max = 200,
	 .help = "The bank its money goes to."},
	{"account", HUB_TYPE_TEXT, FIELD(hub_party, account), .min = 1, .max = 60,
	 .help = "The account there: an IBAN or a number."},
	{"bic", HUB_TYPE_TEXT, FIELD(hub_party, bic), .min = 1, .max = 20,
	 .help = "The bank's code."},
	{"segments", HUB_TYPE_SEGMENT, LIST(hub_party, segments, segment_count), .limit = 100000,
	 .help = "The stretches of fibre that are its own; those that nobody names are the hub's."},
};

const struct hub_table hub_schema_party = {
	"party", ROWS(party_rows), .size = sizeof(struct hub_party), .check = hub_check_party};

/* By the enums in hub_settlement.h. */
static const char *const term_words[] = {"fixed", "percent", "iru", NULL};
static const char *const by_words[] = {"km", "capacity", "equal", NULL};

static const struct hub_item term_rows[] = {
	{"segment", HUB_TYPE_SEGMENT, .required = true, FIELD(hub_settlement_term, segment),
	 .help = "Which one."},
	{"kind", HUB_TYPE_WORD, .required = true, FIELD(hub_settlement_term, kind),
	 .words = term_words,
	 .help = "fixed: an amount a month out of each contract, before all else; percent: of what "
		 "is left then; iru: nothing, for it was paid for once."},
	{"amount", HUB_TYPE_PRICE, FIELD(hub_settlement_term, amount), .help = "fixed: how much."},
	{"percent", HUB_TYPE_PERCENT, FIELD(hub_settlement_term, percent), .max = 10000,
	 .help = "percent: how much."},
};

static const struct hub_table term_table = {"term", ROWS(term_rows),
					    .size = sizeof(struct hub_settlement_term),
					    .check = hub_check_term};

static const struct hub_item due_rows[] = {
	{"from", HUB_TYPE_PARTY, FIELD(hub_due, from), .fallback_help = "the hub",
	 .help = "Who owes it."},
	{"to", HUB_TYPE_PARTY, FIELD(hub_due, to), .fallback_help = "the hub", .help = "To whom."},
	{"amount", HUB_TYPE_PRICE, .required = true, FIELD(hub_due, amount),
	 .help = "How much a month."},
	{"text", HUB_TYPE_TEXT, .required = true, FIELD(hub_due, text), .min = 1, .max = 200,
	 .help = "What for: upkeep, a lease."},
};

static const struct hub_table due_table = {"due", ROWS(due_rows), .size = sizeof(struct hub_due),
					   .check = hub_check_due};

static const struct hub_item settlement_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_settlement, id),
	 .unique = HUB_BY_SETTLEMENT, .min = 1, .max = 64, .help = "What statements call it."},
	{"currency", HUB_TYPE_CURRENCY, .required = true, FIELD(hub_settlement, currency),
	 .help = "Of its amounts. Invoices in other currencies are not its business."},
	{"by", HUB_TYPE_WORD, FIELD(hub_settlement, by), .words = by_words, .fallback = "km",
	 .help = "How the segments of a contract that have no term of their own share what is "
		 "left. km: by their length; capacity: by what is lit, or else designed; equal."},
	{"hub_percent", HUB_TYPE_PERCENT, FIELD(hub_settlement, hub_percent), .max = 10000,
	 .fallback = "0",
	 .help = "What the hub keeps of what is left after fixed amounts, besides the shares of "
		 "segments that are its own."},
	{"contracts", HUB_TYPE_CONTRACT, LIST(hub_settlement, contracts, contract_count),
	 .limit = 100000, .fallback_help = "all that have segments",
	 .help = "Whose transit it shares."},
	{"starts", HUB_TYPE_DATE, FIELD(hub_settlement, starts), .fallback_help = "always",
	 .help = "The first month, by its first day."},
	{"ends", HUB_TYPE_DATE, FIELD(hub_settlement, ends), .fallback_help = "never",
	 .help = "The first month that is no longer covered."},
	{"terms", HUB_TYPE_TABLE, LIST(hub_settlement, terms, term_count), .limit = 4096,
	 .table = &term_table, .help = "Segments for which something else was agreed."},
	{"dues", HUB_TYPE_TABLE, LIST(hub_settlement, dues, due_count), .limit = 4096,
	 .table = &due_table, .help = "What is owed every month whatever the traffic."},
};

const struct hub_table hub_schema_settlement = {
	"settlement", ROWS(settlement_rows), .size = sizeof(struct hub_settlement),
	.fill = hub_fill_settlement, .check = hub_check_settlement};
