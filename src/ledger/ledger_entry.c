/* An entry of the journal as text, and its digest.
 *
 * Each line is a name, and after a blank the value, if there is one. All lines are always there and
 * in this order, so that an entry has exactly one text. */
#include "ledger/ledger_entry.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[LEDGER_ENTRY_KINDS] = {
	[LEDGER_ENTRY_INVOICE] = "invoice",   [LEDGER_ENTRY_CREDIT] = "credit",
	[LEDGER_ENTRY_PAYMENT] = "payment",   [LEDGER_ENTRY_SETTLEMENT] = "settlement",
	[LEDGER_ENTRY_TRANSFER] = "transfer", [LEDGER_ENTRY_DISPUTE] = "dispute",
	[LEDGER_ENTRY_SERIES] = "series",     [LEDGER_ENTRY_NOTE] = "note",
	[LEDGER_ENTRY_RECEIVED] = "received", [LEDGER_ENTRY_ADJUSTMENT] = "adjustment",
	[LEDGER_ENTRY_WAYS] = "ways",
};

static const char first_line[] = "sarai entry 1\n";

const char *
ledger_entry_kind_name(enum ledger_entry_kind kind)
{
	return kind_names[kind];
}

struct ledger_hash
ledger_hash_of(const void *bytes, size_t length)
{
	struct sha256_ctx context;
	struct ledger_hash hash;
	sha256_init(&context);
	sha256_update(&context, length, bytes);
	sha256_digest(&context, sizeof(hash.octets), hash.octets);
	return hash;
}

char *
ledger_hash_format(char out[LEDGER_HASH_TEXT], struct ledger_hash hash)
{
	for (size_t i = 0; i < LEDGER_HASH_OCTETS; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", hash.octets[i]);
	return out;
}

int
ledger_hash_parse(struct ledger_hash *out, const char *text)
{
	struct ledger_hash hash;
	if (strlen(text) != 2 * LEDGER_HASH_OCTETS ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * LEDGER_HASH_OCTETS)
		return -1;
	for (size_t i = 0; i < LEDGER_HASH_OCTETS; i++) {
		char pair[3] = {text[2 * i], text[2 * i + 1], 0};
		hash.octets[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	*out = hash;
	return 0;
}

bool
ledger_entry_text_fits(const char *text)
{
	size_t length = strlen(text);
	if (length > LEDGER_FIELD_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	/* A blank at either end could not be seen. */
	return !length || (text[0] != ' ' && text[length - 1] != ' ');
}

/* --- writing --- */

static void
put(struct buf *out, const char *name, const char *value)
{
	buf_str(out, name);
	if (*value) {
		buf_u8(out, ' ');
		buf_str(out, value);
	}
	buf_u8(out, '\n');
}

static void
put_time(struct buf *out, const char *name, struct utc_s t)
{
	char text[CLOCK_TEXT];
	put(out, name, t.s ? utc_format(text, t) : "");
}

static void
put_money(struct buf *out, const char *name, struct money m)
{
	char text[64] = "";
	if (m.currency.code[0])
		(void)snprintf(text, sizeof(text), "%s %" PRId64, m.currency.code, m.minor);
	put(out, name, text);
}

static bool
account_fits(const char *account)
{
	return *account && ledger_entry_text_fits(account) && !strchr(account, ' ');
}

static bool
amount_fits(struct money m)
{
	return m.minor <= LEDGER_AMOUNT_MAX && m.minor >= -LEDGER_AMOUNT_MAX;
}

static bool
texts_fit(const struct ledger_entry *e)
{
	const char *const texts[] = {e->key,      e->document, e->subject, e->holder,
				     e->contract, e->action,   e->by,      e->reason};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!ledger_entry_text_fits(texts[i]))
			return false;
	for (size_t i = 0; i < e->posting_count; i++)
		if (!account_fits(e->postings[i].account) || !amount_fits(e->postings[i].amount))
			return false;
	return *e->key && amount_fits(e->amount) && e->posting_count <= LEDGER_POSTINGS_MAX;
}

int
ledger_entry_encode(const struct ledger_entry *e, struct buf *out)
{
	char hash[LEDGER_HASH_TEXT];
	if (!texts_fit(e)) {
		errno = EINVAL;
		return -1;
	}
	buf_str(out, first_line);
	buf_printf(out, "number %" PRIu64 "\n", e->number);
	put(out, "previous", ledger_hash_format(hash, e->previous));
	put_time(out, "time", e->time);
	put(out, "kind", kind_names[e->kind]);
	put(out, "key", e->key);
	put(out, "document", e->document);
	put(out, "subject", e->subject);
	put(out, "holder", e->holder);
	put(out, "contract", e->contract);
	put_time(out, "month", e->month);
	put_time(out, "date", e->date);
	put_money(out, "amount", e->amount);
	put(out, "action", e->action);
	put(out, "by", e->by);
	put(out, "reason", e->reason);
	buf_printf(out, "body %" PRIu64 " %s\n", e->body_length, ledger_hash_format(hash, e->body));
	for (size_t i = 0; i < e->posting_count; i++)
		buf_printf(out, "posting %s %s %" PRId64 "\n", e->postings[i].account,
			   e->postings[i].amount.currency.code, e->postings[i].amount.minor);
	if (out->failed) {
		errno = ENOMEM;
		return -1;
	}
	return 0;
}

/* --- reading --- */

struct reader {
	struct cursor c;
	struct arena *arena;
	bool bad, no_memory;
};

/* The next line without its newline, a copy; NULL at the end or when it is none. */
static char *
line(struct reader *r)
{
	size_t left = cursor_left(&r->c);
	const uint8_t *end = left ? memchr(r->c.at, '\n', left) : NULL;
	if (!end || r->bad || r->no_memory) {
		r->bad = true;
		return NULL;
	}
	size_t length = (size_t)(end - r->c.at);
	const uint8_t *start = cursor_take(&r->c, length + 1);
	char *text = memchr(start, 0, length) ? NULL : arena_copy(r->arena, start, length);
	if (!text)
		r->bad = true;
	return text;
}

/* The value of the line `name`. "" when there is none, or the line is another. */
static char *
value(struct reader *r, const char *name)
{
	static char nothing[1];
	char *text = line(r);
	size_t length = strlen(name);
	if (!text || strncmp(text, name, length) != 0 || (text[length] && text[length] != ' ')) {
		r->bad = true;
		return nothing;
	}
	return text[length] ? text + length + 1 : nothing;
}

static uint64_t
number(struct reader *r, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	errno = 0;
	unsigned long long n = strtoull(text, NULL, 10);
	if (!digits || text[digits] || errno)
		r->bad = true;
	return n;
}

static struct ledger_hash
hash_value(struct reader *r, const char *text)
{
	struct ledger_hash hash = {{0}};
	if (ledger_hash_parse(&hash, text) < 0)
		r->bad = true;
	return hash;
}

static struct utc_s
time_value(struct reader *r, const char *name)
{
	struct utc_s t = {0};
	const char *text = value(r, name);
	if (*text && utc_parse(&t, text) < 0)
		r->bad = true;
	return t;
}

/* "USD -1250" */
static struct money
money_value(struct reader *r, const char *text)
{
	struct money m = {0};
	char code[4] = {0};
	if (!*text)
		return m;
	if (strlen(text) > 4)
		memcpy(code, text, 3);
	char *end = NULL;
	errno = 0;
	m.minor = strlen(text) > 4 ? strtoll(text + 4, &end, 10) : 0;
	if (!end || *end || errno || currency_parse(&m.currency, code) < 0)
		r->bad = true;
	return m;
}

static enum ledger_entry_kind
kind_value(struct reader *r)
{
	const char *text = value(r, "kind");
	for (int i = 0; i < LEDGER_ENTRY_KINDS; i++)
		if (strcmp(text, kind_names[i]) == 0)
			return (enum ledger_entry_kind)i;
	r->bad = true;
	return LEDGER_ENTRY_NOTE;
}

static void
read_body(struct reader *r, struct ledger_entry *e)
{
	char *text = value(r, "body");
	char *hash = strchr(text, ' ');
	if (!hash) {
		r->bad = true;
		return;
	}
	*hash++ = '\0';
	e->body_length = number(r, text);
	e->body = hash_value(r, hash);
}

static void
read_postings(struct reader *r, struct ledger_entry *e)
{
	size_t count = 0;
	for (const uint8_t *at = r->c.at; at < r->c.end; at++)
		count += *at == '\n';
	if (r->bad || count > LEDGER_POSTINGS_MAX) {
		r->bad = true;
		return;
	}
	struct ledger_posting *postings = arena_take(r->arena, (count + 1) * sizeof(*postings));
	if (!postings) {
		r->no_memory = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char *text = value(r, "posting");
		char *rest = strchr(text, ' ');
		if (!rest) {
			r->bad = true;
			return;
		}
		*rest++ = '\0';
		postings[i] = (struct ledger_posting){text, money_value(r, rest)};
	}
	e->postings = postings;
	e->posting_count = count;
}

/* There is one text only: what was read has to give it again. */
static int
check_form(const struct ledger_entry *e, struct cursor text)
{
	struct buf again = {0};
	int result = -1;
	if (ledger_entry_encode(e, &again) < 0) {
		errno = errno == ENOMEM ? ENOMEM : EBADMSG;
	} else if (again.length != cursor_left(&text) ||
		   memcmp(again.data, text.at, again.length) != 0) {
		errno = EBADMSG;
	} else {
		result = 0;
	}
	buf_fini(&again);
	return result;
}

int
ledger_entry_decode(struct ledger_entry *out, struct arena *arena, struct cursor text)
{
	struct reader r = {.c = text, .arena = arena};
	const uint8_t *head = cursor_take(&r.c, sizeof(first_line) - 1);
	if (cursor_left(&text) > LEDGER_ENTRY_MAX || !head ||
	    memcmp(head, first_line, sizeof(first_line) - 1) != 0) {
		errno = EBADMSG;
		return -1;
	}
	struct ledger_entry e = {.number = number(&r, value(&r, "number"))};
	e.previous = hash_value(&r, value(&r, "previous"));
	e.time = time_value(&r, "time");
	e.kind = kind_value(&r);
	e.key = value(&r, "key");
	e.document = value(&r, "document");
	e.subject = value(&r, "subject");
	e.holder = value(&r, "holder");
	e.contract = value(&r, "contract");
	e.month = time_value(&r, "month");
	e.date = time_value(&r, "date");
	e.amount = money_value(&r, value(&r, "amount"));
	e.action = value(&r, "action");
	e.by = value(&r, "by");
	e.reason = value(&r, "reason");
	read_body(&r, &e);
	read_postings(&r, &e);
	if (r.bad || r.no_memory) {
		errno = r.no_memory ? ENOMEM : EBADMSG;
		return -1;
	}
	if (check_form(&e, text) < 0)
		return -1;
	*out = e;
	return 0;
}

bool
ledger_entry_balances(const struct ledger_entry *e, struct currency *currency)
{
	for (size_t i = 0; i < e->posting_count; i++) {
		struct currency c = e->postings[i].amount.currency;
		__int128 sum = 0;
		bool seen = false;
		for (size_t j = 0; j < e->posting_count; j++) {
			bool same = strcmp(e->postings[j].amount.currency.code, c.code) == 0;
			seen |= same && j < i;
			sum += same ? e->postings[j].amount.minor : 0;
		}
		if (!seen && sum != 0) {
			*currency = c;
			return false;
		}
	}
	return true;
}
