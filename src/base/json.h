/* The one JSON writer (RFC 8259), streaming into a buffer. Commas are its business, nesting is the
 * caller's. Text that is not valid UTF-8 is written with U+FFFD in place of the bad octets;
 * integers are exact. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/money.h"

struct json {
	struct buf *out; /* not owned; may be drained by the caller between calls */
	unsigned depth;
	bool first; /* nothing written yet at this depth */
};

struct json json_to(struct buf *out);

/* `key` is NULL inside an array and at the top. */
void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

/* NULL text is written as null. */
void json_str(struct json *j, const char *key, const char *text);
void json_i64(struct json *j, const char *key, int64_t value);
void json_u64(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* Up to 12 significant digits; null for NaN and infinities, which JSON does not have. */
void json_double(struct json *j, const char *key, double value);
/* A decimal with a fixed number of places, e.g. 86.3. */
void json_fixed(struct json *j, const char *key, double value, int places);
void json_ip(struct json *j, const char *key, struct ip ip);
void json_prefix(struct json *j, const char *key, struct prefix p);
/* RFC 3339 text; null when t.s is 0. */
void json_utc(struct json *j, const char *key, struct utc_s t);
/* {"amount":"12.50","currency":"USD"}: a string, because a double would lose cents. */
void json_money(struct json *j, const char *key, struct money m);
/* A value that is JSON already. */
void json_raw(struct json *j, const char *key, const char *json, size_t length);
