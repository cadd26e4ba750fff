/* Asking an IRRd-protocol host through bgpq4: what it is called with, and what its answers mean.
 * Pure; registry_child_io.h runs it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/ip.h"
#include "hub/hub.h"
#include "hub/registry.h"

enum { BGPQ4_ARGUMENTS = 16, BGPQ4_TEXT = 512 };

enum bgpq4_question { BGPQ4_PREFIXES, BGPQ4_ORIGINS };

/* A command line; strings point into it or into the picture. */
struct bgpq4_command {
	const char *arguments[BGPQ4_ARGUMENTS]; /* ends with NULL */
	char host[BGPQ4_TEXT], source[REGISTRY_NAME];
};

/* True if bgpq4 can be called with what the picture says; else why not. Each becomes one argument,
 * and no shell sees it; but bgpq4 reads colons and dashes its own way. */
bool bgpq4_possible(const struct hub_irr *irr, const char **why);

/* The command for a set, whose name is as registry_name makes it. bgpq4_possible holds. */
void bgpq4_command(struct bgpq4_command *out, const struct hub_irr *irr, const char *set,
		   enum ip_family family, enum bgpq4_question question);

/* Prefixes: a line each, "192.0.2.0/24", all of the family; a line that is anything else spoils all
 * of it, and so does a last line without its end. The list is to be freed. 0, -1 when spoilt, -2
 * without memory. */
int bgpq4_read_prefixes(struct prefix **out, size_t *count, enum ip_family family, const char *text,
			size_t length);
/* Origins: {"o":[64501,64502]}. Likewise. */
int bgpq4_read_origins(struct asn **out, size_t *count, const char *text, size_t length);

/* What bgpq4 wrote to its error output: the line that says that the host did not answer a part of
 * the question, so that the rest is not the whole; bgpq4 1.9 ends with status 0 all the same.
 * Written as bgpq4_remark does. False: there is no such line; remarks about single members of a set
 * do no harm. */
bool bgpq4_complaint(char *out, size_t size, const char *text, size_t length);
/* The beginning of a text from outside, in one line of plain characters, without the word that it
 * is an error. */
void bgpq4_remark(char *out, size_t size, const char *text, size_t length);
