/* What the lines about members share. */
#pragma once

#include "scenario/scenario.h"

/* By the id of its session, or its AS number for the first. NULL if there is none. */
struct member *exchange_member(struct scenario *s, const char *word);
/* Takes "P ..." or "N routes from P". False, and broken, if there is none. */
bool exchange_take_prefixes(struct scenario *s, struct prefix **out, size_t *count);
/* Lets everything move until nothing does: octets, turns of the hub, members' reactions. */
void exchange_settle(struct scenario *s);

/* Lines about what lies outside the hub file, and the process. */
bool source_step(struct scenario *s);
void source_finish(struct scenario *s);
/* What is in force; NULL: nothing. */
const struct rpki_table *source_rpki(const struct scenario *s);
const struct registry *source_registry(const struct scenario *s);

/* A line that expects something of this member, the words before taken already. */
bool exchange_expect_of(struct scenario *s, struct member *m);
/* One that begins otherwise. */
bool exchange_expect(struct scenario *s);
