/* Reading what rooms answered. */
#include "web/web_value.h"

const char *
web_text(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text ? text : "";
}

double
web_number(const struct json_value *object, const char *key)
{
	double number = 0;
	(void)json_read_number(&number, json_read_get(object, key));
	return number;
}

const struct json_value *
web_items(const struct json_value *object, const char *key)
{
	const struct json_value *array = json_read_get(object, key);
	return array && array->type == JSON_ARRAY ? array->first : NULL;
}

void
web_pass_on(struct json *j, const char *key, const struct json_value *value)
{
	if (value)
		json_raw(j, key, value->raw, value->raw_length);
	else
		json_null(j, key);
}

void
web_pass_number(struct json *j, const char *key, const struct json_value *value)
{
	web_pass_on(j, key, value && value->type == JSON_NUMBER ? value : NULL);
}
