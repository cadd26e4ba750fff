/* How the language complains; the report itself is in hub_file.h. */
#pragma once

#include "hub/hub_file.h"
#include "hub/hub_node.h"

void hub_report_init(struct hub_report *report);
/* Adds an error: the file will be refused. Beyond HUB_ERRORS_MAX it is only counted. */
void hub_complain(struct hub_report *report, struct hub_mark at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds a warning: worth saying, the file is read all the same. What was said of the file already, word
 * for word, is only counted: a slip in a column is one finding, however many rows have it. */
void hub_warn(struct hub_report *report, struct hub_mark at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* True when a further error would only be counted, so that nobody need look for the right words. */
bool hub_report_full(const struct hub_report *report);
/* Puts errors and warnings in the order of the files. */
void hub_report_sort(struct hub_report *report);

/* Text from a file, made fit to be shown: cut to a few words, control characters replaced. */
struct hub_shown {
	char text[80];
};
struct hub_shown hub_show(const char *text);

/* The best so far of many candidates: start with {.word = ...}, offer each, look at `best`. */
struct hub_nearest {
	const char *word;
	const char *best; /* NULL: none is near */
	unsigned distance;
};
void hub_nearest_offer(struct hub_nearest *n, const char *candidate);
