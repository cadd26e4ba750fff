/* Reading what rooms answered, where a value that is not there is as good as none; used by what joins
 * answers (web_overview.c, web_incidents.c, web_month.c). */
#pragma once

#include <stdbool.h>

#include "base/json.h"
#include "base/json_read.h"

/* "" when there is no such text. */
const char *web_text(const struct json_value *object, const char *key);
/* 0 when there is no such number. */
double web_number(const struct json_value *object, const char *key);
/* The items of the array `key`, to be walked by ->next. */
const struct json_value *web_items(const struct json_value *object, const char *key);
/* Writes the value as it stands, or null. */
void web_pass_on(struct json *j, const char *key, const struct json_value *value);
/* Writes it if it is a number, else null. */
void web_pass_number(struct json *j, const char *key, const struct json_value *value);
