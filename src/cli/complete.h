/* What a word of the user's own may be: names of the corridor, topics of the calculator. Pure: who asks
 * the hub is shell_io.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/* Which names a place in a command has; bits. */
enum complete_kind {
	COMPLETE_SITES = 1,
	COMPLETE_SEGMENTS = 2,
	COMPLETE_CABLES = 4,
	COMPLETE_RISKS = 8,
	COMPLETE_COUNTRIES = 16,
	COMPLETE_CORRIDOR = 31, /* all of these */
	COMPLETE_TOPICS = 32,
	COMPLETE_INPUTS = 64, /* of the topic before */
	COMPLETE_LIST = 128,  /* several, with commas */
};

/* Of a place as the usage calls it: "SITE,..", "A"; 0: words that nobody knows beforehand. */
unsigned complete_kinds(const char *place);

struct complete_name {
	const char *id;   /* what is typed */
	const char *name; /* NULL: no other */
};

struct complete_names {
	struct arena *arena;
	struct complete_name *all; /* those that begin so, each once */
	size_t count, room;
	size_t common; /* octets that their ids have in common; letters count as capitals */
	bool by_name;  /* one is there for its name, not its id */
};

/* Names out of an answer as JSON: that of `corridor export` or, for topics and inputs, of `corridor reckon`;
 * `topic` is that of the inputs. `start` is how they begin, by id or by name. 0, or -1 without memory or where the
 * answer is none. */
int complete_names_of(struct complete_names *out, struct arena *arena, unsigned kinds,
		      const char *json, size_t length, const char *topic, const char *start);

/* The names, in 80 columns: with what else they are called, where there are few. */
void complete_show(struct buf *out, const struct complete_names *names);
