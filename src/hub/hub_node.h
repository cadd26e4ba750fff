/* A hub file as a light tree: what YAML events or CSV rows say, each node with its place. Nothing
 * is interpreted here; scalars are text. Nodes live in the arena of the loader and die with it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A place in a file; line and column count from 1, 0 means the file as a whole. */
struct hub_mark {
	const char *file;
	unsigned line, column;
};

enum hub_node_kind { HUB_NODE_SCALAR, HUB_NODE_LIST, HUB_NODE_MAP };

enum {
	HUB_DEPTH_MAX = 32,        /* nested lists and mappings */
	HUB_NODES_MAX = 2 << 20,   /* nodes of one file, aliases counted as what they stand for */
	HUB_ANCHORS_MAX = 1000,    /* in one file */
	HUB_FILES_MAX = 256,       /* included, CSV counted */
	HUB_INCLUDE_DEPTH_MAX = 16 /* files that include files */
};

struct hub_node {
	enum hub_node_kind kind;
	bool absent;              /* a plain scalar that is empty or "~": as if not written */
	struct hub_mark mark;     /* of the value */
	struct hub_mark key_mark; /* of the key, in a mapping */
	const char *key;          /* in a mapping; else NULL */
	const char *text;         /* of a scalar; else NULL */
	struct hub_node *first, *last, *next;
	size_t count;  /* children */
	size_t weight; /* nodes from here down, aliases counted as what they stand for */
};

/* A new node, not yet part of anything. NULL if there is no memory. */
struct hub_node *hub_node_new(struct arena *arena, enum hub_node_kind kind, struct hub_mark mark);
/* Puts `child` at the end of the children of `parent`. */
void hub_node_append(struct hub_node *parent, struct hub_node *child);
/* The first child of the mapping with this key, or NULL. `map` may be NULL or no mapping. */
const struct hub_node *hub_node_get(const struct hub_node *map, const char *key);
/* "a value", "a list" or "a mapping", for messages. */
const char *hub_node_kind_name(enum hub_node_kind kind);
