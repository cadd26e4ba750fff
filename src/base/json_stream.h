/* Reading JSON (RFC 8259) of any size in pieces as they come, in memory that the longest text bounds. The reader
 * into a tree is base/json_read.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	JSON_STREAM_DEPTH_MAX = 64,
	JSON_STREAM_TOKEN_MAX = 1 << 20, /* octets of one text or number */
	JSON_STREAM_ERROR = 160,
};

enum json_stream_kind {
	JSON_STREAM_OBJECT,
	JSON_STREAM_OBJECT_END,
	JSON_STREAM_ARRAY,
	JSON_STREAM_ARRAY_END,
	JSON_STREAM_KEY,
	JSON_STREAM_TEXT,
	JSON_STREAM_NUMBER,
	JSON_STREAM_TRUE,
	JSON_STREAM_FALSE,
	JSON_STREAM_NULL,
};

struct json_stream_item {
	enum json_stream_kind kind;
	unsigned depth; /* of what it stands in; 0: the outermost value */
	/* KEY and TEXT: between the quotes, escapes as they stand; NUMBER: its text. Valid in the call only. */
	const char *text;
	size_t length;
};

/* Zeroed but for `item` and `context` it is ready. */
struct json_stream {
	/* Called for each item. False: what was read is not as wanted; then call json_stream_fail before. */
	bool (*item)(void *context, const struct json_stream_item *item);
	void *context;
	char error[JSON_STREAM_ERROR]; /* "" if there was none; "line 3, column 14: ..." */

	/* Private. */
	struct buf kept;  /* what is not a whole token yet */
	uint64_t nesting; /* a bit for each level: it is an object */
	unsigned depth;
	uint8_t expect;
	uint64_t line, column; /* of the next octet, from 0 */
};

/* Takes the next octets. 0, or -1 with the error set; then nothing more is taken. */
int json_stream_feed(struct json_stream *s, const void *octets, size_t length);
/* That was all: 0 if it was one whole value. */
int json_stream_end(struct json_stream *s);
/* Sets the error, with the place of the item that is being read. Returns false. */
bool json_stream_fail(struct json_stream *s, const char *what);
void json_stream_fini(struct json_stream *s);
