/* What writing, reading, sorting and comparing ways share; used by hub/ways*.c only. */
#pragma once

#include "base/json.h"
#include "base/json_read.h"
#include "hub/ways.h"

/* --- ways.c --- */

void ways_segment_write(struct json *j, const struct ways_segment *segment);
void ways_port_write(struct json *j, const struct ways *ways, const struct ways_port *port);
void ways_exit_write(struct json *j, const struct ways *ways, const struct ways_exit *exit);
void ways_way_write(struct json *j, const struct ways *ways, const struct ways_way *way);
void ways_promise_write(struct json *j, const struct ways_promise *promise);

/* The id of an index. */
typedef const char *ways_id_at(const struct ways *ways, uint32_t index);
ways_id_at ways_segment_id, ways_exit_id, ways_port_id;
/* The place of an id in an order; `order` NULL: the rows are in order themselves. UINT32_MAX: it is not there. */
uint32_t ways_find(const struct ways *ways, const uint32_t *order, size_t count, ways_id_at *id,
		   const char *wanted);
int ways_compare(const struct ways_way *way, const char *site, struct asn asn, uint32_t exit);

/* --- ways_read.c --- */

struct ways_reader {
	struct arena *arena;
	const char *error; /* the first */
	struct ways *out;
	/* Indices of segments and exits by their ids, in the order of ids; NULL: they are in order. */
	uint32_t *by_segment, *by_exit;
};

void ways_wrong(struct ways_reader *r, const char *error);
/* Room for one more than `count`; NULL without memory, and it is wrong. */
void *ways_take(struct ways_reader *r, size_t count, size_t size);
uint32_t ways_number(struct ways_reader *r, const struct json_value *value);
/* Times and words. */
void ways_read_head(struct ways_reader *r, const struct json_value *root);
/* The rows of each table; what they name is looked up in r->out. Each in its order, but for segments and exits. */
struct ways_segment *ways_read_segments(struct ways_reader *r, const struct json_value *root,
					size_t *count);
struct ways_port *ways_read_ports(struct ways_reader *r, const struct json_value *root,
				  size_t *count);
struct ways_exit *ways_read_exits(struct ways_reader *r, const struct json_value *root,
				  size_t *count);
struct ways_way *ways_read_ways(struct ways_reader *r, const struct json_value *root,
				size_t *count);
struct ways_promise *ways_read_promises(struct ways_reader *r, const struct json_value *root,
					size_t *count);
/* Indices in the order of ids, by merging; one that is there twice is wrong. NULL then. */
uint32_t *ways_order(struct ways_reader *r, size_t count, ways_id_at *id);
