/* Members of an object, as the fields of a report. Numbers are read from their digits: a double would
 * lose the last octets of a large counter. */
#include "meter/counter_json.h"

#include <stdio.h>
#include <string.h>

#include "base/json_read.h"

static int
take_member(struct counter_report *out, const struct json_value *v, char why[COUNTER_REASON])
{
	int field = counter_field_by_name(v->key, strlen(v->key));
	if (field < 0) {
		(void)snprintf(why, COUNTER_REASON, "\"%.40s\" is none of the names", v->key);
		return -1;
	}
	if (v->type == JSON_NULL)
		return 0;
	if (v->type == JSON_NUMBER)
		return counter_report_set(out, field, v->raw, v->raw_length, why);
	if (v->type == JSON_TEXT)
		return counter_report_set(out, field, v->text, strlen(v->text), why);
	(void)snprintf(why, COUNTER_REASON, "%s: neither a number nor text", v->key);
	return -1;
}

int
counter_json_row(struct counter_report *out, struct cursor object, struct arena *arena,
		 char why[COUNTER_REASON])
{
	size_t length = cursor_left(&object);
	char *text = arena_take(arena, length + 1);
	if (!text) {
		(void)snprintf(why, COUNTER_REASON, "no memory");
		return -1;
	}
	cursor_copy(&object, text, length);
	const struct json_value *value = json_read(arena, text, length);
	if (!value || value->type != JSON_OBJECT) {
		(void)snprintf(why, COUNTER_REASON, "no JSON object");
		return -1;
	}
	for (const struct json_value *v = json_read_first(value); v; v = v->next)
		if (take_member(out, v, why) < 0)
			return -1;
	return 0;
}
