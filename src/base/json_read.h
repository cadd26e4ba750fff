/* Reading JSON (RFC 8259) that came from outside: into a tree in an arena, which points into the
 * text. The writer is base/json.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_TEXT,
	JSON_ARRAY,
	JSON_OBJECT
};

enum { JSON_READ_DEPTH_MAX = 64 };

struct json_value {
	enum json_type type;
	const char *key;  /* of a member of an object, its escapes undone; else NULL */
	const char *text; /* JSON_TEXT: its escapes undone, with a zero after it; else NULL */
	double number;    /* JSON_NUMBER: the nearest double */
	/* As it stands in the source, which has to be kept as long as this is read. */
	const char *raw;
	size_t raw_length;
	/* The items of an array, the members of an object, in their order; NULL at the end. */
	const struct json_value *first, *next;
};

/* Reads exactly one value with nothing but white space around it; arrays and objects may stand
 * JSON_READ_DEPTH_MAX deep. U+0000 and halves of surrogate pairs become U+FFFD. NULL: it is not
 * JSON, or there is no memory. */
const struct json_value *json_read(struct arena *arena, const char *bytes, size_t length);
/* The same; where it is not JSON, *stop says how many octets were read until that was noticed. */
const struct json_value *json_read_until(struct arena *arena, const char *bytes, size_t length,
					 size_t *stop);

/* The rest takes NULL for a value that is not there, so that a path can be followed without asking
 * at each step. */

/* The member of an object; NULL when there is none, or `value` is no object. The first one counts.
 */
const struct json_value *json_read_get(const struct json_value *value, const char *key);
/* The first item of an array or member of an object, then ->next; NULL for anything else. */
const struct json_value *json_read_first(const struct json_value *value);
/* Its text; NULL for anything but text. */
const char *json_read_text(const struct json_value *value);
/* True and *out for a number; false, and *out untouched, for anything else. */
bool json_read_number(double *out, const struct json_value *value);
bool json_read_is_true(const struct json_value *value);
/* Not there, or null. */
bool json_read_is_null(const struct json_value *value);
