/* Rows into the meter, one by one: a bad one is refused, the others are taken. */
#include "meter/counter_push.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "meter/counter_csv.h"
#include "meter/counter_json.h"
#include "meter/meter_counters.h"

enum { FIRST_WORDS = 3 }; /* counters push csv */

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

static struct cursor
cursor_of_text(const char *text)
{
	return cursor_of((const uint8_t *)text, strlen(text));
}

static int
read_form(struct form *form, size_t *first, const char *const *words, size_t count,
	  char why[COUNTER_REASON])
{
	bool push = count > FIRST_WORDS && strcmp(words[1], "push") == 0;
	bool snmp = count > FIRST_WORDS && strcmp(words[1], "snmp") == 0;
	bool csv = (push || snmp) && strcmp(words[2], "csv") == 0;
	bool json = (push || snmp) && strcmp(words[2], "json") == 0;
	if (!csv && !json) {
		(void)snprintf(why, COUNTER_REASON,
			       "expected: counters push csv HEADER ROW..., or json ROW...");
		return -1;
	}
	*form = (struct form){.source = push ? TRAFFIC_BY_PUSH : TRAFFIC_BY_SNMP, .csv = csv};
	*first = FIRST_WORDS + csv;
	return csv ? counter_csv_header(&form->columns, cursor_of_text(words[FIRST_WORDS]), why)
		   : 0;
}

/* NULL and what came of it, or why the row is refused; that may stand in `why`. */
static const char *
take_row(struct meter *m, const struct form *form, const char *row, struct utc_s now,
	 enum counter_result *result, char why[COUNTER_REASON])
{
	struct counter_report report;
	counter_report_init(&report, form->source);
	if (form->csv) {
		if (counter_csv_row(&report, &form->columns, cursor_of_text(row), why) < 0)
			return why;
	} else {
		struct arena *arena = arena_new();
		if (!arena)
			return "no memory";
		int read = counter_json_row(&report, cursor_of_text(row), arena, why);
		arena_free(arena);
		if (read < 0)
			return why;
	}
	return meter_counters(m, &report, now, result);
}

int
counter_push(struct meter *m, const char *const *words, size_t count, struct utc_s now,
	     struct buf *out, char why[COUNTER_REASON])
{
	struct form form;
	size_t first, results[COUNTER_RESULTS] = {0};
	if (read_form(&form, &first, words, count, why) < 0)
		return -1;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "rows", count - first);
	json_array(&j, "refused");
	for (size_t i = first; i < count; i++) {
		char detail[COUNTER_REASON];
		enum counter_result result = COUNTER_FIRST;
		const char *refusal = take_row(m, &form, words[i], now, &result, detail);
		if (!refusal) {
			results[result]++;
			continue;
		}
		json_object(&j, NULL);
		json_u64(&j, "row", i - first + 1);
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
