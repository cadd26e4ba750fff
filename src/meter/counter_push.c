/* Rows into the meter, one by one: a bad one is refused, the others are taken. */
#include "meter/counter_push.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "meter/counter_csv.h"
#include "meter/counter_json.h"
#include "meter/meter_counters.h"
#include "net/push.h"

const char *
counter_result_word(enum counter_result result)
{
	static const char *const words[COUNTER_RESULTS] = {
		[COUNTER_FIRST] = "first",           [COUNTER_COUNTED] = "counted",
		[COUNTER_RESET] = "reset",           [COUNTER_JUMP] = "too_much",
		[COUNTER_TOO_LATE] = "too_late",     [COUNTER_OVERTAKEN] = "overtaken",
		[COUNTER_TOO_NARROW] = "too_narrow", [COUNTER_OTHER_SOURCE] = "other_source",
		[COUNTER_NO_OCTETS] = "no_octets",
	};
	return words[result];
}

/* How the rows of a request are to be read. */
struct form {
	enum traffic_source source;
	bool csv;
	struct counter_csv columns;
};

/* The next line without its newline; what is left must not be empty. */
static struct cursor
take_line(struct cursor *rows)
{
	size_t left = cursor_left(rows);
	const uint8_t *newline = memchr(rows->at, '\n', left);
	struct cursor line = cursor_sub(rows, newline ? (size_t)(newline - rows->at) : left);
	if (newline)
		cursor_skip(rows, 1);
	return line;
}

static size_t
count_lines(struct cursor rows)
{
	size_t count = 0;
	for (; cursor_left(&rows); count++)
		(void)take_line(&rows);
	return count;
}

/* Takes the header off the rows. */
static int
read_form(struct form *form, struct cursor *rows, const struct counter_push *in,
	  char why[COUNTER_REASON])
{
	bool whole = in->count == PUSH_WORDS && cursor_left(rows) > 0;
	bool push = whole && strcmp(in->words[1], "push") == 0;
	bool snmp = whole && strcmp(in->words[1], "snmp") == 0;
	bool csv = (push || snmp) && strcmp(in->words[2], "csv") == 0;
	bool json = (push || snmp) && strcmp(in->words[2], "json") == 0;
	if (!csv && !json) {
		(void)snprintf(why, COUNTER_REASON,
			       "expected: counters push csv or json, and rows with it");
		return -1;
	}
	*form = (struct form){.source = push ? TRAFFIC_BY_PUSH : TRAFFIC_BY_SNMP, .csv = csv};
	if (csv && counter_csv_header(&form->columns, take_line(rows), why) < 0)
		return -1;
	if (count_lines(*rows) <= PUSH_ROWS)
		return 0;
	(void)snprintf(why, COUNTER_REASON, "more than %d rows at once", PUSH_ROWS);
	return -1;
}

/* NULL and what came of it, or why the row is refused; that may stand in `why`. */
static const char *
take_row(struct meter *m, const struct form *form, struct cursor row, struct utc_s now,
	 enum counter_result *result, char why[COUNTER_REASON])
{
	struct counter_report report;
	counter_report_init(&report, form->source);
	if (form->csv) {
		if (counter_csv_row(&report, &form->columns, row, why) < 0)
			return why;
	} else {
		struct arena *arena = arena_new();
		if (!arena)
			return "no memory";
		int read = counter_json_row(&report, row, arena, why);
		arena_free(arena);
		if (read < 0)
			return why;
	}
	return meter_counters(m, &report, now, result);
}

int
counter_push(struct buf *out, struct meter *m, const struct counter_push *push, struct utc_s now,
	     char why[COUNTER_REASON])
{
	struct form form;
	struct cursor rows = push->rows;
	size_t results[COUNTER_RESULTS] = {0};
	if (read_form(&form, &rows, push, why) < 0)
		return -1;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "rows", count_lines(rows));
	json_array(&j, "refused");
	for (size_t row = 1; cursor_left(&rows); row++) {
		char detail[COUNTER_REASON];
		enum counter_result result = COUNTER_FIRST;
		const char *refusal = take_row(m, &form, take_line(&rows), now, &result, detail);
		if (!refusal) {
			results[result]++;
			continue;
		}
		json_object(&j, NULL);
		json_u64(&j, "row", row);
		json_str(&j, "reason", refusal);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object(&j, "results");
	for (int i = 0; i < COUNTER_RESULTS; i++)
		json_u64(&j, counter_result_word((enum counter_result)i), results[i]);
	json_object_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
	return 0;
}
