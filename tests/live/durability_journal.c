/* The journal under those who kill it: each order is there once and whole, in its place. */
#include <inttypes.h>
#include <unistd.h>

#include "ledger/ledger_journal_io.h"
#include "ledger/ledger_journal_post.h"
#include "live/durability.h"

enum {
	CYCLE_ORDERS =
		5, /* an invoice, a payment and a credit note, a dispute, two notes at once */
	CYCLE_ENTRIES = 6,
};

static struct ledger_journal_file *
open_journal(struct shared *shared)
{
	char reason[LEDGER_JOURNAL_REASON];
	struct opening begun = opening_begin();
	struct ledger_journal_file *file = ledger_journal_open("journal.sqlite", reason);
	if (!file)
		(void)found(shared, "not opened: %s", reason);
	else
		opening_end(shared, begun);
	return file;
}

static size_t
document_length(int64_t number)
{
	return 500 + (size_t)number * 7919 % 6000;
}

static int
post_invoice(struct ledger_order *o, int64_t number)
{
	struct currency usd = {"USD"};
	struct ledger_posting parts[] = {{"revenue:commit", {100000 + number, usd}},
					 {"tax", {18000, usd}}};
	struct buf body = {0};
	char name[32];
	(void)snprintf(name, sizeof(name), "T-%" PRId64, number);
	for (size_t i = 0; i < document_length(number); i++)
		buf_u8(&body, (uint8_t)((int64_t)i + number));
	int result = ledger_post_invoice(o, &(struct ledger_issue){
						    .name = name,
						    .holder = "64512",
						    .contract = "c",
						    .month = {DURABILITY_T0},
						    .due = {DURABILITY_T0 + 60 * 86400},
						    .total = {118000 + number, usd},
						    .parts = parts,
						    .part_count = 2,
						    .body = &body,
					    });
	buf_fini(&body);
	return result;
}

/* The order of that number, as drafts: one entry or two. */
static int
post_order(struct ledger_order *o, int64_t number)
{
	char key[2][32], invoice[32];
	int64_t step = number % CYCLE_ORDERS;
	(void)snprintf(key[0], sizeof(key[0]), "%" PRId64, number);
	(void)snprintf(key[1], sizeof(key[1]), "%" PRId64 " again", number);
	(void)snprintf(invoice, sizeof(invoice), "T-%" PRId64, number - step);
	o->key = key[0];
	switch (step) {
	case 0:
		return post_invoice(o, number);
	case 1:
		return ledger_post_payment(o, invoice, "300", (struct utc_s){DURABILITY_T0});
	case 2:
		return ledger_post_credit(o, invoice, "100.50");
	case 3:
		return ledger_post_dispute(o, invoice, "50", (struct utc_s){0});
	default:
		if (ledger_post_note(o) < 0)
			return -1;
		o->key = key[1];
		return ledger_post_note(o);
	}
}

void
write_journal(struct shared *shared, int worker, struct made_up *chance)
{
	struct ledger_journal_file *file = open_journal(shared);
	(void)worker;
	while (file) {
		struct ledger_drafts drafts = {0};
		char reason[LEDGER_JOURNAL_REASON];
		/* The clock goes back and forth. */
		struct utc_s now = {DURABILITY_T0 + (int64_t)made_up_below(chance, 200 * 86400)};
		struct ledger_order o = {.journal = ledger_journal_of(file),
					 .prefix = "T",
					 .by = "tester",
					 .reason = "as was agreed",
					 .drafts = &drafts,
					 .now = now};
		if (!o.journal) { /* after a failure it could not be read either */
			ledger_journal_close(file);
			file = open_journal(shared);
		} else if (post_order(&o, shared->acknowledged) == 0 &&
			   ledger_journal_append(file, &drafts, now, reason) == 0) {
			shared->acknowledged++;
		} else {
			shared->full++;
		}
		ledger_drafts_fini(&drafts);
	}
	(void)pause();
}

struct seen {
	struct shared *shared;
	int64_t entries;
	bool good;
};

/* Is the entry the one that stands at this place? */
static bool
look_at_entry(void *context, const struct ledger_row *row)
{
	struct seen *seen = context;
	int64_t place = seen->entries % CYCLE_ENTRIES, again = place == CYCLE_ENTRIES - 1;
	int64_t number = seen->entries / CYCLE_ENTRIES * CYCLE_ORDERS + place - again;
	char key[48];
	(void)snprintf(key, sizeof(key), "given %" PRId64 "%s", number, again ? " again" : "");
	seen->good = strcmp(row->entry.key, key) == 0 &&
		     (place || cursor_left(&row->body) == document_length(number));
	for (size_t i = 0; place == 0 && seen->good && i < cursor_left(&row->body); i++)
		seen->good = row->body.at[i] == (uint8_t)((int64_t)i + number);
	if (!seen->good)
		return found(seen->shared, "entry %" PRIu64 " is %s, not %s", row->entry.number,
			     row->entry.key, key);
	seen->entries++;
	return true;
}

bool
check_journal(struct shared *shared)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	struct seen seen = {.shared = shared, .good = true};
	struct ledger_journal_file *file = open_journal(shared);
	struct ledger_walk walk = {.from = 1,
				   .to = UINT64_MAX,
				   .bodies = true,
				   .visit = look_at_entry,
				   .context = &seen};
	struct buf faults = {0};
	if (!file)
		return false;
	if (ledger_journal_walk(file, &walk, reason) < 0)
		return found(shared, "not read: %s", reason);
	if (!seen.good)
		return false;
	int64_t rest = seen.entries % CYCLE_ENTRIES;
	if (rest == CYCLE_ENTRIES - 1)
		return found(shared, "half of an order is there");
	int64_t orders = seen.entries / CYCLE_ENTRIES * CYCLE_ORDERS + rest;
	if (orders < shared->acknowledged || orders > shared->acknowledged + 1)
		return found(shared, "%" PRId64 " orders, %" PRId64 " were acknowledged", orders,
			     shared->acknowledged);
	ledger_journal_close(file);
	if (ledger_journal_verify("journal.sqlite", (struct ledger_journal_asked){0}, NULL, &faults,
				  reason) < 0 ||
	    faults.length)
		return found(shared, "verify: %s%.*s", reason, (int)faults.length,
			     (const char *)faults.data);
	shared->acknowledged = orders;
	buf_fini(&faults);
	return true;
}
