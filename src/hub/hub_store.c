/* The ledger's store as the hub file names it: comparing and copying. */
#include <string.h>

#include "base/arena.h"
#include "hub/hub.h"

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool
hub_store_same(const struct hub_store *a, const struct hub_store *b)
{
	bool same = a->engine == b->engine && a->url_count == b->url_count &&
		    a->timeout_s == b->timeout_s && same_text(a->cluster, b->cluster) &&
		    same_text(a->database, b->database) && same_text(a->user, b->user) &&
		    same_text(a->password, b->password) &&
		    same_text(a->password_file, b->password_file);
	for (size_t i = 0; same && i < a->url_count; i++)
		same = same_text(a->urls[i], b->urls[i]);
	return same;
}

/* NULL stays NULL; *good becomes false without memory. */
static const char *
copy(struct arena *arena, const char *text, bool *good)
{
	const char *kept = text ? arena_copy(arena, text, strlen(text)) : NULL;
	*good &= kept || !text;
	return kept;
}

bool
hub_store_copy(struct hub_store *out, const struct hub_store *store, struct arena *arena)
{
	const char **urls = arena_take(arena, (store->url_count + 1) * sizeof(*urls));
	bool good = urls != NULL;
	for (size_t i = 0; good && i < store->url_count; i++)
		urls[i] = copy(arena, store->urls[i], &good);
	if (!good)
		return false;
	*out = *store;
	out->urls = urls;
	out->cluster = copy(arena, store->cluster, &good);
	out->database = copy(arena, store->database, &good);
	out->user = copy(arena, store->user, &good);
	out->password = copy(arena, store->password, &good);
	out->password_file = copy(arena, store->password_file, &good);
	return good;
}
