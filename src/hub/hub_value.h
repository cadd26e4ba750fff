/* The types of the hub file: how each is read from a scalar and written as one. */
#pragma once

#include "hub/hub_read.h"

enum hub_outcome {
	HUB_VALUE_GOOD,
	HUB_VALUE_BAD,  /* not of this type: the caller says what was found and expected */
	HUB_VALUE_TOLD, /* wrong, and already said */
};

struct hub_codec {
	const char *name; /* "a speed such as 10G" */
	size_t size;      /* octets of a value; 0: as many as the field has */
	/* Writes the value that means "not given"; NULL: zeros. */
	void (*none)(void *out);
	enum hub_outcome (*read)(struct hub_reader *r, const struct hub_item *item,
				 const struct hub_node *node, void *out);
	void (*write)(const struct hub *hub, const struct hub_item *item, const void *value,
		      struct buf *out);
};

extern const struct hub_codec *const hub_codecs[HUB_TYPE_TYPES];

/* Octets of one value of the item. */
size_t hub_value_size(const struct hub_item *item);
void hub_value_none(const struct hub_item *item, void *out);
bool hub_value_is_none(const struct hub_item *item, const void *value);
/* Reads one scalar of the item, complaining about what is wrong. */
void hub_value_read(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
		    void *out);
/* Writes a number with the fewest places that read back as the same. */
void hub_write_decimal(double number, struct buf *out);
/* What the item takes, with its limits: "a whole number from 1 to 4094". */
void hub_value_expected(const struct hub_item *item, struct buf *out);
