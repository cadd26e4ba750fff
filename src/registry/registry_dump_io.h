/* The dumps of whois data that the picture names (registry_dump.h): fetched or read in their time, and kept
 * in the registry's folder as arin and registro-br, registry files with records alone. */
#pragma once

#include "net/loop.h"
#include "registry/registry_dump.h"

struct registry_dumps;

struct registry_dumps_owner {
	void (*changed)(void *context);
	void (*failed)(void *context, const char *what, const char *why);
	void *context;
};

/* `folder` stays the caller's. Begins with nothing; NULL without memory. */
struct registry_dumps *registry_dumps_new(struct loop *loop, const char *folder,
					  const struct registry_dumps_owner *owner);
void registry_dumps_free(struct registry_dumps *dumps);
/* Goes over to a picture, which stays valid until the next one: what it names is read from the folder, and
 * due at once; what it does not name any more is forgotten. */
void registry_dumps_use(struct registry_dumps *dumps, const struct hub *hub);
/* Asks for all of them now; how many there are. */
int registry_dumps_refresh(struct registry_dumps *dumps);

/* How one of them stands; valid until it changes. */
const struct registry_dump *registry_dumps_at(const struct registry_dumps *dumps,
					      enum registry_dump_kind kind);
/* The records of all of them in one list, which is to be freed. 0, or -1 without memory. */
int registry_dumps_list(const struct registry_dumps *dumps, struct registry_record **out,
			size_t *count);
