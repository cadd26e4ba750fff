/* Questions to a meter, as a shell puts them, and looks at the answers. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "view/view_meter.h"

/* The answer in *out, or the number of the refusal; ended by a zero octet. */
static const char *
ask_meter(struct buf *out, const struct meter *m, struct utc_s now, enum view_meter_form form,
	  const char *line)
{
	char words[120], *rest = words, *word;
	const char *list[12];
	size_t count = 0;
	struct view_meter view = {.meter = m, .now = now};
	struct view_meter_refusal refusal;
	(void)snprintf(words, sizeof(words), "%s", line);
	while ((word = strsep(&rest, " ")))
		list[count++] = word;
	buf_clear(out);
	if (view_meter_answer(out, &view, form, list, count, &refusal) < 0) {
		buf_clear(out);
		buf_printf(out, "%d", refusal.status);
	}
	buf_u8(out, 0);
	return (const char *)out->data;
}

static bool
says(const char *answer, const char *text)
{
	if (strstr(answer, text))
		return true;
	printf("# no %s in %s\n", text, answer);
	return false;
}

/* In columns: what follows the first octet of a character takes none. */
static size_t
widest(const char *text)
{
	size_t most = 0, line = 0;
	for (; *text; text++) {
		line = *text == '\n' ? 0 : line + ((*text & 0xc0) != 0x80);
		most = line > most ? line : most;
	}
	return most;
}
