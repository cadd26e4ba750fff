/* A hub file as a light tree. */
#include "hub/hub_node.h"

#include <string.h>

struct hub_node *
hub_node_new(struct arena *arena, enum hub_node_kind kind, struct hub_mark mark)
{
	struct hub_node *node = arena_take(arena, sizeof(*node));
	if (!node)
		return NULL;
	node->kind = kind;
	node->mark = mark;
	node->weight = 1;
	return node;
}

void
hub_node_append(struct hub_node *parent, struct hub_node *child)
{
	child->next = NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

const struct hub_node *
hub_node_get(const struct hub_node *map, const char *key)
{
	if (!map || map->kind != HUB_NODE_MAP)
		return NULL;
	for (const struct hub_node *child = map->first; child; child = child->next)
		if (strcmp(child->key, key) == 0)
			return child;
	return NULL;
}

const char *
hub_node_kind_name(enum hub_node_kind kind)
{
	static const char *const names[] = {"a value", "a list", "a mapping"};
	return names[kind];
}
