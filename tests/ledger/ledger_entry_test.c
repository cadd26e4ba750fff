/* An entry's text: one form, octet for octet. */
#include "ledger/ledger_entry.h"

#include <errno.h>

#include "base/buf.h"
#include "tap.h"

static const struct ledger_posting postings[] = {
	{"receivable:64512", {119500, {"USD"}}},
	{"revenue:commit", {-100000, {"USD"}}},
	{"tax", {-19500, {"USD"}}},
};

static struct ledger_entry
sample(void)
{
	return (struct ledger_entry){
		.number = 17,
		.previous = {{0xab, 0xcd}},
		.time = {1793491200},
		.kind = LEDGER_ENTRY_INVOICE,
		.key = "issue KTX-202610-64512-poplar-2026",
		.document = "KTX-I000017",
		.subject = "KTX-202610-64512-poplar-2026",
		.holder = "64512",
		.contract = "poplar-2026",
		.month = {1790812800},
		.date = {1796083200},
		.amount = {119500, {"USD"}},
		.action = "",
		.by = "root",
		.reason = "",
		.body_length = 3,
		.body = {{0xba}},
		.postings = postings,
		.posting_count = 3,
	};
}

/* As docs/journal.md has it. */
static const char text_of_sample[] =
	"sarai entry 1\n"
	"number 17\n"
	"previous abcd000000000000000000000000000000000000000000000000000000000000\n"
	"time 2026-11-01T00:00:00Z\n"
	"kind invoice\n"
	"key issue KTX-202610-64512-poplar-2026\n"
	"document KTX-I000017\n"
	"subject KTX-202610-64512-poplar-2026\n"
	"holder 64512\n"
	"contract poplar-2026\n"
	"month 2026-10-01T00:00:00Z\n"
	"date 2026-12-01T00:00:00Z\n"
	"amount USD 119500\n"
	"action\n"
	"by root\n"
	"reason\n"
	"body 3 ba00000000000000000000000000000000000000000000000000000000000000\n"
	"posting receivable:64512 USD 119500\n"
	"posting revenue:commit USD -100000\n"
	"posting tax USD -19500\n";

static struct arena *arena;

static int
decode(struct ledger_entry *out, const char *text, size_t length)
{
	return ledger_entry_decode(out, arena, cursor_of(text, length));
}

static void
test_form(void)
{
	struct buf out = {0};
	struct ledger_entry e = sample(), back;
	is_int(ledger_entry_encode(&e, &out), 0, "an entry is written");
	buf_u8(&out, 0);
	is_str((char *)out.data, text_of_sample, "in the form that the manual tells");
	is_int(decode(&back, text_of_sample, sizeof(text_of_sample) - 1), 0, "and read again");
	ok(back.number == 17 && back.posting_count == 3 && back.amount.minor == 119500 &&
		   back.date.s == e.date.s && strcmp(back.postings[2].account, "tax") == 0,
	   "with all that is in it");
	buf_fini(&out);

	struct ledger_entry nothing = {.number = 1,
				       .kind = LEDGER_ENTRY_NOTE,
				       .key = "k",
				       .document = "",
				       .subject = "",
				       .holder = "",
				       .contract = "",
				       .action = "",
				       .by = "",
				       .reason = ""};
	is_int(ledger_entry_encode(&nothing, &out), 0, "an entry with nothing in it is written");
	is_int(decode(&back, (char *)out.data, out.length), 0, "and read again");
	buf_fini(&out);
}

static void
test_misfits(void)
{
	struct buf out = {0};
	struct ledger_entry e = sample();
	e.reason = "two\nlines";
	ok(ledger_entry_encode(&e, &out) < 0 && errno == EINVAL && out.length == 0,
	   "a text with a line feed does not get in");
	e = sample();
	e.reason = "seen by nobody ";
	ok(ledger_entry_encode(&e, &out) < 0, "nor one that ends with a blank");
	e = sample();
	e.key = "";
	ok(ledger_entry_encode(&e, &out) < 0, "nor an entry without key");
	struct ledger_posting odd = {"two words", {0, {"USD"}}};
	e = sample();
	e.postings = &odd;
	e.posting_count = 1;
	ok(ledger_entry_encode(&e, &out) < 0, "nor an account of two words");
	odd = (struct ledger_posting){"cash", {LEDGER_AMOUNT_MAX + 1, {"USD"}}};
	ok(ledger_entry_encode(&e, &out) < 0, "nor an amount beyond the limit");
	buf_fini(&out);
	static const char *const others[] = {"number 017",         "number +17",
					     "amount USD 0119500", "amount usd 119500",
					     "kind bill",          "body 3"};
	static const char *const lines[] = {"number 17",         "number 17",
					    "amount USD 119500", "amount USD 119500",
					    "kind invoice",      "body 3 ba"};
	bool refused = true;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[2048];
		const char *at = strstr(text_of_sample, lines[i]);
		(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - text_of_sample),
			       text_of_sample, others[i], at + strlen(lines[i]));
		struct ledger_entry back;
		refused &= decode(&back, text, strlen(text)) < 0 && errno == EBADMSG;
	}
	ok(refused, "a number or word in another form is no entry: it has one text only");
}

static void
test_every_octet(void)
{
	size_t length = sizeof(text_of_sample) - 1;
	struct ledger_hash good = ledger_hash_of(text_of_sample, length);
	bool cut = true, told = true, survived = true;
	for (size_t i = 0; i < length; i++) {
		struct ledger_entry back;
		cut &= decode(&back, text_of_sample, i) < 0 ||
		       strncmp(text_of_sample + i, "posting", 7) == 0;
		for (int bit = 0; bit < 8; bit++) {
			char text[sizeof(text_of_sample)];
			memcpy(text, text_of_sample, sizeof(text));
			text[i] = (char)(text[i] ^ 1 << bit);
			struct ledger_hash hash = ledger_hash_of(text, length);
			told &= memcmp(&hash, &good, sizeof(hash)) != 0;
			if (decode(&back, text, length) == 0) {
				struct buf again = {0};
				survived &= ledger_entry_encode(&back, &again) == 0 &&
					    again.length == length &&
					    memcmp(again.data, text, length) == 0;
				buf_fini(&again);
			}
		}
	}
	ok(cut, "a text that was cut is no entry, but between two postings");
	ok(told, "each bit of it changes the digest");
	ok(survived, "what reads as an entry all the same is written as it was read");
}

static void
test_balance(void)
{
	struct currency currency;
	struct ledger_entry e = sample();
	ok(ledger_entry_balances(&e, &currency), "postings that add up to zero balance");
	struct ledger_posting odd[] = {{"cash", {5, {"USD"}}},
				       {"tax", {-5, {"USD"}}},
				       {"cash", {7, {"EUR"}}},
				       {"tax", {-7, {"CHF"}}}};
	e.postings = odd;
	e.posting_count = 4;
	ok(!ledger_entry_balances(&e, &currency) && strcmp(currency.code, "EUR") == 0,
	   "each currency has to, by itself");
}

static void
test_hash(void)
{
	char text[LEDGER_HASH_TEXT];
	struct ledger_hash hash;
	/* FIPS 180-4, the example of one block. */
	is_str(ledger_hash_format(text, ledger_hash_of("abc", 3)),
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	       "SHA-256 of abc");
	ok(ledger_hash_parse(&hash, text) == 0 && hash.octets[0] == 0xba, "its text is read");
	ok(ledger_hash_parse(&hash, "ba78") < 0, "a short one is refused");
}

int
main(void)
{
	arena = arena_new();
	test_form();
	test_misfits();
	test_every_octet();
	test_balance();
	test_hash();
	arena_free(arena);
	return done_testing();
}
