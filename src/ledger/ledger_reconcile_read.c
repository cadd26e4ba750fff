/* The other party's bins, out of its CSV (RFC 4180, and what spreadsheets make of it). */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_other_value.h"
#include "ledger/ledger_reconcile.h"

enum { FIELDS_MAX = 64, FIELD_MAX = 128, LENGTH_MAX = 86400 };

/* What a column is about. */
enum column { OTHER, START, LENGTH, IN, OUT, STATE };
/* In which unit its numbers are: octets, or bit/s by a power of ten. */
enum unit { OCTETS, RATE };

struct head {
	enum column column;
	enum unit unit;
	uint64_t scale; /* of a rate */
};

struct csv {
	struct cursor c;
	char between;        /* fields */
	size_t line, inside; /* of the file, and ends of lines within quotes since */
	char fields[FIELDS_MAX][FIELD_MAX];
	size_t count;
	struct head heads[FIELDS_MAX];
	size_t head_count;
	const struct zone *zone;
	char *complaint;
};

__attribute__((format(printf, 2, 3))) static int
complain(struct csv *csv, const char *format, ...)
{
	int used = snprintf(csv->complaint, LEDGER_RECONCILE_COMPLAINT, "line %zu: ", csv->line);
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(csv->complaint + used, LEDGER_RECONCILE_COMPLAINT - (size_t)used, format,
			arguments);
	va_end(arguments);
	return -1;
}

/* --- lines and fields --- */

/* Takes the next octet if it is `wanted`. */
static bool
take(struct cursor *c, char wanted)
{
	if (!cursor_left(c) || *c->at != (uint8_t)wanted)
		return false;
	(void)cursor_u8(c);
	return true;
}

/* One field up to what ends it, without blanks at its ends. -1 and a complaint when a quote is not
 * closed. */
static int
read_field(struct csv *csv, char out[FIELD_MAX])
{
	size_t used = 0;
	bool quoted = take(&csv->c, '"');
	for (;;) {
		if (!cursor_left(&csv->c)) {
			if (quoted)
				return complain(csv, "a quote is not closed");
			break;
		}
		char next = (char)*csv->c.at;
		if (!quoted && (next == csv->between || next == '\n' || next == '\r'))
			break;
		(void)cursor_u8(&csv->c);
		if (quoted && next == '"') {
			if (!take(&csv->c, '"'))
				quoted = false;
			else if (used + 1 < FIELD_MAX)
				out[used++] = '"';
			continue;
		}
		if (next == '\n')
			csv->inside++;
		if (next == '\0')
			return complain(csv, "it holds a zero octet: this is no text");
		if (used + 1 < FIELD_MAX && !(used == 0 && next == ' '))
			out[used++] = next;
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return 0;
}

/* The next line that is not empty. 1; 0 at the end; -1 and a complaint. */
static int
read_line(struct csv *csv)
{
	while (cursor_left(&csv->c)) {
		csv->line += 1 + csv->inside;
		csv->inside = 0;
		csv->count = 0;
		do {
			if (csv->count == FIELDS_MAX)
				return complain(csv, "more than %d columns", FIELDS_MAX);
			if (read_field(csv, csv->fields[csv->count++]) < 0)
				return -1;
		} while (take(&csv->c, csv->between));
		bool returned = take(&csv->c, '\r');
		if (!take(&csv->c, '\n') && !returned && cursor_left(&csv->c))
			return complain(csv, "something stands after a closed quote");
		if (csv->count > 1 || csv->fields[0][0])
			return 1;
	}
	return 0;
}

/* The separator is the one that the first line has most of. */
static char
separator(struct cursor c)
{
	static const char candidates[] = {',', ';', '\t'};
	size_t counts[sizeof(candidates)] = {0}, best = 0;
	while (cursor_left(&c) && *c.at != '\n' && *c.at != '\r') {
		char next = (char)cursor_u8(&c);
		for (size_t i = 0; i < sizeof(candidates); i++)
			counts[i] += next == candidates[i];
	}
	for (size_t i = 1; i < sizeof(candidates); i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

/* --- the head --- */

/* Small letters and digits only: "In (Mbit/s)" is "inmbits". */
static void
plain(char out[FIELD_MAX], const char *text)
{
	size_t used = 0;
	for (; *text; text++)
		if (isalnum((unsigned char)*text))
			out[used++] = (char)tolower((unsigned char)*text);
	out[used] = '\0';
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* What is left of a name when its direction is taken off either end; NULL: it has none. */
static bool
take_direction(char rest[FIELD_MAX], const char *word, const char *const *names)
{
	for (; *names; names++) {
		size_t length = strlen(*names), all = strlen(word);
		if (all < length)
			continue;
		if (strncmp(word, *names, length) == 0) {
			memcpy(rest, word + length, all - length + 1);
			return true;
		}
		if (strcmp(word + all - length, *names) == 0) {
			memcpy(rest, word, all - length);
			rest[all - length] = '\0';
			return true;
		}
	}
	return false;
}

static bool
take_unit(struct head *head, const char *rest)
{
	static const char *const octets[] = {"", "octets", "bytes", "traffic", NULL};
	static const struct {
		const char *name;
		uint64_t scale;
	} rates[] = {{"bps", 1},           {"bits", 1},          {"bit", 1},
		     {"bitss", 1},         {"bitspersecond", 1}, {"kbps", 1000},
		     {"kbits", 1000},      {"mbps", 1000000},    {"mbits", 1000000},
		     {"gbps", 1000000000}, {"gbits", 1000000000}};
	head->unit = OCTETS;
	head->scale = 1;
	if (is_one_of(rest, octets))
		return true;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (strcmp(rest, rates[i].name) == 0) {
			head->unit = RATE;
			head->scale = rates[i].scale;
			return true;
		}
	return false;
}

static struct head
head_of(const char *text)
{
	static const char *const starts[] = {"start", "starttime", "time",          "timestamp",
					     "date",  "datetime",  "begin",         "from",
					     "utc",   "bin",       "intervalstart", NULL};
	static const char *const lengths[] = {"lengths",   "length",   "seconds",   "duration",
					      "durations", "interval", "intervals", NULL};
	static const char *const in[] = {"ingress", "inbound", "input", "rx", "in", NULL};
	static const char *const out[] = {"egress", "outbound", "output", "tx", "out", NULL};
	char word[FIELD_MAX], rest[FIELD_MAX];
	struct head head = {OTHER, OCTETS, 1};
	plain(word, text);
	if (is_one_of(word, starts))
		head.column = START;
	else if (is_one_of(word, lengths))
		head.column = LENGTH;
	else if (strcmp(word, "state") == 0)
		head.column = STATE;
	else if (take_direction(rest, word, out) && take_unit(&head, rest))
		head.column = OUT;
	else if (take_direction(rest, word, in) && take_unit(&head, rest))
		head.column = IN;
	return head;
}

/* Of two columns of one meaning octets go before rates; other doubles are an error. */
static int
settle_twice(struct csv *csv, enum column column, const char *name)
{
	size_t found = SIZE_MAX;
	for (size_t i = 0; i < csv->head_count; i++) {
		struct head *head = &csv->heads[i];
		if (head->column != column)
			continue;
		if (found == SIZE_MAX) {
			found = i;
			continue;
		}
		struct head *first = &csv->heads[found];
		if (first->unit == head->unit)
			return complain(csv, "two columns are about %s", name);
		if (first->unit == OCTETS) {
			head->column = OTHER;
		} else {
			first->column = OTHER;
			found = i;
		}
	}
	if (found == SIZE_MAX && column != LENGTH && column != STATE)
		return complain(csv,
				"no column is about %s; known are start or time, in and out with "
				"_octets, _bytes, _bps, _mbps, and length_s",
				name);
	return 0;
}

static int
read_head(struct csv *csv)
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf}; /* that spreadsheets put in front */
	if (cursor_left(&csv->c) >= sizeof(mark) && memcmp(csv->c.at, mark, sizeof(mark)) == 0)
		cursor_skip(&csv->c, sizeof(mark));
	csv->between = separator(csv->c);
	int got = read_line(csv);
	if (got <= 0) {
		csv->line = 1;
		return got < 0 ? -1 : complain(csv, "the file is empty");
	}
	csv->head_count = csv->count;
	for (size_t i = 0; i < csv->count; i++)
		csv->heads[i] = head_of(csv->fields[i]);
	return settle_twice(csv, START, "the start") < 0 ||
			       settle_twice(csv, IN, "what came in") < 0 ||
			       settle_twice(csv, OUT, "what went out") < 0 ||
			       settle_twice(csv, LENGTH, "the length") < 0 ||
			       settle_twice(csv, STATE, "the state") < 0
		       ? -1
		       : 0;
}

/* --- records --- */

/* One line as it stands: a rate is made octets when the length is known. */
struct record {
	struct ledger_other_bin bin;
	struct utc_s again; /* the other moment that it may begin at; or the same */
	bool in_rate, out_rate;
	size_t line;
};

static const char *
field(const struct csv *csv, enum column column, struct head *head)
{
	for (size_t i = 0; i < csv->head_count && i < csv->count; i++)
		if (csv->heads[i].column == column) {
			*head = csv->heads[i];
			return csv->fields[i];
		}
	return "";
}

/* 1: a record; 0: a line that has none; -1 and a complaint. */
static int
read_record(struct csv *csv, struct record *out)
{
	struct head head = {OTHER, OCTETS, 1};
	/* With other separators than a comma some countries write 12,5. */
	char point = csv->between == ',' ? '.' : ',';
	struct utc_s moments[2];
	*out = (struct record){.line = csv->line};
	if (csv->count > csv->head_count)
		return complain(csv, "it has %zu fields, the head %zu", csv->count,
				csv->head_count);
	const char *start = field(csv, START, &head);
	if (!ledger_other_time(moments, start, csv->zone))
		return complain(csv, "found \"%.40s\", expected a time", start);
	out->bin.start = moments[0];
	out->again = moments[1];
	if (strcmp(field(csv, STATE, &head), "missing") == 0)
		return 0;
	const char *length = field(csv, LENGTH, &head);
	uint64_t length_s = 0;
	if (*length && (!ledger_other_amount(&length_s, length, '.', 1) || length_s < 1 ||
			length_s > LENGTH_MAX))
		return complain(csv, "found \"%.40s\", expected a length from 1 to %d seconds",
				length, LENGTH_MAX);
	out->bin.length_s = (uint32_t)length_s;
	const char *in = field(csv, IN, &head);
	out->in_rate = head.unit == RATE;
	bool no_in = ledger_other_none(in),
	     good = no_in || ledger_other_amount(&out->bin.in, in, point, head.scale);
	const char *sent = field(csv, OUT, &head);
	out->out_rate = head.unit == RATE;
	if (no_in && ledger_other_none(sent))
		return 0;
	if (no_in || !good || !ledger_other_amount(&out->bin.out, sent, point, head.scale))
		return complain(csv, "found \"%.30s\" and \"%.30s\", expected two amounts", in,
				sent);
	return 1;
}

/* Of the hour that comes twice when clocks go back, what stands where the file has come past it already
 * is the second. Files go up in time, or down. */
static void
tell_hours_apart(struct record *records, size_t count)
{
	if (!count)
		return;
	bool down = records[count - 1].bin.start.s < records[0].bin.start.s;
	int64_t last = INT64_MIN;
	for (size_t i = 0; i < count; i++) {
		struct record *record = &records[down ? count - 1 - i : i];
		if (record->bin.start.s <= last)
			record->bin.start = record->again;
		last = record->bin.start.s;
	}
}

static int
by_start(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	return (x->bin.start.s > y->bin.start.s) - (x->bin.start.s < y->bin.start.s);
}

static bool
to_octets(uint64_t *value, uint32_t length_s)
{
	unsigned __int128 octets = (unsigned __int128)*value * length_s / 8;
	*value = (uint64_t)octets;
	return octets <= UINT64_MAX;
}

/* Lengths that were not given are the shortest distance between two records; then none may overlap
 * the next. */
static int
finish(struct csv *csv, struct record *records, size_t count)
{
	int64_t shortest = 0;
	tell_hours_apart(records, count);
	if (count)
		qsort(records, count, sizeof(*records), by_start);
	for (size_t i = 1; i < count; i++) {
		int64_t apart = records[i].bin.start.s - records[i - 1].bin.start.s;
		csv->line = records[i].line;
		if (apart == 0)
			return complain(csv, "it is about the same time as line %zu",
					records[i - 1].line);
		if (!shortest || apart < shortest)
			shortest = apart;
	}
	for (size_t i = 0; i < count; i++) {
		struct ledger_other_bin *bin = &records[i].bin;
		csv->line = records[i].line;
		if (!bin->length_s && (shortest < 1 || shortest > LENGTH_MAX))
			return complain(csv,
					"how long it is cannot be told: a column length_s would");
		if (!bin->length_s)
			bin->length_s = (uint32_t)shortest;
		if (i + 1 < count && bin->start.s + bin->length_s > records[i + 1].bin.start.s)
			return complain(csv, "it reaches into line %zu", records[i + 1].line);
		if ((records[i].in_rate && !to_octets(&bin->in, bin->length_s)) ||
		    (records[i].out_rate && !to_octets(&bin->out, bin->length_s)))
			return complain(csv, "its octets do not fit 64 bits");
	}
	return 0;
}

/* All lines after the head. */
static int
read_records(struct csv *csv, struct record **records, size_t *count)
{
	size_t capacity = 0;
	int got;
	while ((got = read_line(csv)) > 0) {
		if (*count == LEDGER_RECONCILE_RECORDS_MAX)
			return complain(csv, "more than %d records", LEDGER_RECONCILE_RECORDS_MAX);
		if (*count == capacity) {
			capacity = capacity ? capacity * 2 : 1024;
			struct record *more = realloc(*records, capacity * sizeof(*more));
			if (!more)
				return complain(csv, "no memory");
			*records = more;
		}
		int is_record = read_record(csv, &(*records)[*count]);
		if (is_record < 0)
			return -1;
		*count += (size_t)is_record;
	}
	return got < 0 ? -1 : finish(csv, *records, *count);
}

int
ledger_reconcile_read(struct ledger_other_bins *out, struct arena *arena, struct cursor csv,
		      const struct zone *zone, char complaint[LEDGER_RECONCILE_COMPLAINT])
{
	struct csv *state = calloc(1, sizeof(*state));
	struct record *records = NULL;
	size_t count = 0;
	int result = -1;
	(void)snprintf(complaint, LEDGER_RECONCILE_COMPLAINT, "no memory");
	if (!state)
		return -1;
	state->c = csv;
	state->zone = zone;
	state->complaint = complaint;
	if (read_head(state) < 0 || read_records(state, &records, &count) < 0)
		goto out;
	struct ledger_other_bin *items = arena_take(arena, (count + 1) * sizeof(*items));
	if (!items)
		goto out;
	for (size_t i = 0; i < count; i++)
		items[i] = records[i].bin;
	*out = (struct ledger_other_bins){items, count};
	result = 0;
out:
	free(records);
	free(state);
	return result;
}
