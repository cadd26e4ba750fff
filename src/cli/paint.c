/* Colour for a terminal: what is well is green, what is not is red, what is between is yellow. The
 * rooms write plain text; the words that carry a state are the same everywhere. */
#include <string.h>

#include "cli/cli_parts.h"

static const struct {
	const char *word, *colour;
} states[] = {
	{"up", "32"},       {"established", "32"}, {"accepted", "32"},  {"down", "31"},
	{"idle", "31"},     {"filtered", "31"},    {"refused", "31"},   {"missing", "31"},
	{"disabled", "31"}, {"starting", "33"},    {"connect", "33"},   {"active", "33"},
	{"opensent", "33"}, {"openconfirm", "33"}, {"estimated", "33"}, {"simulated", "33"},
	{"FAILS", "31"},    {"ok", "32"},          {"tagged", "33"},    {"stale", "33"},
};

static const char *
colour_of(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strlen(states[i].word) == length && memcmp(states[i].word, word, length) == 0)
			return states[i].colour;
	return NULL;
}

void
paint_line(struct buf *out, const char *line, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t end = i;
		while (end < length && line[end] != ' ')
			end++;
		const char *colour = colour_of(line + i, end - i);
		if (colour)
			buf_printf(out, "\033[%sm%.*s\033[0m", colour, (int)(end - i), line + i);
		else
			buf_put(out, line + i, end - i);
		for (i = end; i < length && line[i] == ' '; i++)
			buf_u8(out, ' ');
	}
}
